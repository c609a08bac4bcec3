package callbacks

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kvitto/kvitto/rules"
)

// An outcome is how a request ended; it is a label of a metric and a field of the log line.
type outcome string

const (
	outcomePriced      outcome = "priced"      // 200 with a cart
	outcomeApproved    outcome = "approved"    // 200 to validation, by a rule
	outcomeRejected    outcome = "rejected"    // 400, by a rule
	outcomeRedirected  outcome = "redirected"  // 303, by a rule
	outcomeIgnored     outcome = "ignored"     // 200 to an event that asks for nothing
	outcomeTaken       outcome = "taken"       // recorded: the order is to be taken over
	outcomeDone        outcome = "done"        // the order was taken over before, or is now
	outcomeParked      outcome = "parked"      // the order waits for a person
	outcomeRefused     outcome = "refused"     // the sender's fault
	outcomeShed        outcome = "shed"        // no room
	outcomeUnavailable outcome = "unavailable" // nothing here that could take it
	outcomeGate        outcome = "gate"        // our answer was wrong and did not leave
	outcomeFault       outcome = "fault"       // we failed
	outcomeDeadline    outcome = "deadline"    // we were late
	outcomePanic       outcome = "panic"       // something panicked
	outcomeGone        outcome = "gone"        // the client left
	outcomeNotFound    outcome = "not_found"   // the uniform 404
)

// noMerchant is the label of whatever did not open a merchant, so that a stranger cannot make series.
const noMerchant = "none"

type metrics struct {
	requests  *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	refusals  *prometheus.CounterVec
	gate      *prometheus.CounterVec
	fallbacks *prometheus.CounterVec
	flagged   *prometheus.CounterVec
	tokens    *prometheus.CounterVec
	lost      *prometheus.CounterVec
	wire      *prometheus.CounterVec
	unweighed *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer, l *limits) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kvitto_callback_" + name, Help: help}, labels)
	}
	m := &metrics{
		requests: counter("requests_total", "Callbacks answered, by how they ended.", "merchant", "callback", "outcome"),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kvitto_callback_duration_seconds",
			Help:    "Time from the request's headers to the end of the answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
		}, []string{"callback"}),
		refusals:  counter("refusals_total", "Requests that were not taken, by class.", "callback", "class"),
		gate:      counter("gate_failures_total", "Answers of ours that did not pass the gate.", "merchant", "callback"),
		fallbacks: counter("fallbacks_total", "Callbacks that no rule decided.", "merchant", "callback", "answer"),
		flagged:   counter("order_sums_total", "Orders with other sums than their lines.", "merchant", "callback"),
		tokens:    counter("tokens_total", "Tokens that were given, by their age.", "merchant", "age"),
		lost:      counter("lost_answers_total", "Answers that could not be written.", "callback"),
		unweighed: counter("carts_without_weight_total", "Carts to price with goods whose weight neither the order nor a list of products says.", "merchant"),
		wire:      counter("server_errors_total", "Errors of the HTTP server below the callbacks.", "kind"),
	}
	all := []prometheus.Collector{
		m.requests, m.duration, m.refusals, m.gate, m.fallbacks, m.flagged, m.tokens, m.lost, m.wire, m.unweighed,
		gauge("in_flight_requests", "Requests at work.", func() float64 { return float64(l.now().requests) }),
		gauge("in_flight_bytes", "Bytes of bodies in flight.", func() float64 { return float64(l.now().bytes) }),
	}
	for _, c := range all {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("callbacks: metrics: %w", err)
		}
	}
	return m, nil
}

func gauge(name, help string, read func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "kvitto_callback_" + name, Help: help}, read)
}

// count tells how an exchange ended.
func (m *metrics) count(x *exchange, took time.Duration) {
	merchant, cb := x.merchant(), callbackLabel(x.callback)
	m.requests.WithLabelValues(merchant, cb, string(x.outcome)).Inc()
	m.duration.WithLabelValues(cb).Observe(took.Seconds())
	if x.class != "" && (x.outcome == outcomeRefused || x.outcome == outcomeShed) {
		m.refusals.WithLabelValues(cb, string(x.class)).Inc()
	}
	if x.outcome == outcomeGate {
		m.gate.WithLabelValues(merchant, cb).Inc()
	}
	if x.fallback != "" {
		m.fallbacks.WithLabelValues(merchant, cb, x.fallback).Inc()
	}
	if x.flagged != "" {
		m.flagged.WithLabelValues(merchant, cb).Inc()
	}
	if x.weightless {
		m.unweighed.WithLabelValues(merchant).Inc()
	}
	if x.lost {
		m.lost.WithLabelValues(cb).Inc()
	}
}

// token counts a token that was given.
func (m *metrics) token(t *tenant, age tokenAge) {
	merchant := noMerchant
	if t != nil {
		merchant = t.ID
	}
	m.tokens.WithLabelValues(merchant, string(age)).Inc()
}

// forget drops the series of a merchant that is no more.
func (m *metrics) forget(merchant string) {
	l := prometheus.Labels{"merchant": merchant}
	for _, v := range []*prometheus.CounterVec{m.requests, m.gate, m.fallbacks, m.flagged, m.tokens, m.unweighed} {
		v.DeletePartialMatch(l)
	}
}

func (x *exchange) merchant() string {
	if x.tenant == nil {
		return noMerchant
	}
	return x.tenant.ID
}

// callbackLabel names a route; "" is none of them.
func callbackLabel(cb rules.Callback) string {
	if cb == "" {
		return "none"
	}
	return string(cb)
}

func rankOf(cb rules.Callback) rank {
	switch cb {
	case rules.Validation:
		return rankValidation
	case rules.AddressUpdate, rules.CountryChange, rules.ShippingOptionUpdate:
		return rankCart
	default:
		return rankNotice
	}
}
