package cmd

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kvitto/kvitto/order/confirm"
)

// statsTime bounds what a scrape asks the store.
const statsTime = 500 * time.Millisecond

// orderMetrics are those of confirmed orders. What is counted comes from the machine; what is gauged is asked from the store
// when it is scraped.
type orderMetrics struct {
	steps   *prometheus.CounterVec
	lost    prometheus.Counter
	machine func() (m *confirm.Machine, merchants []string) // set once there is one
	orders  *prometheus.Desc
	oldest  *prometheus.Desc
	paused  *prometheus.Desc
	up      *prometheus.Desc
}

func newOrderMetrics(r prometheus.Registerer, machine func() (*confirm.Machine, []string)) *orderMetrics {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("kvitto_orders_"+name, help, labels, nil)
	}
	m := &orderMetrics{
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "kvitto", Name: "order_steps_total",
			Help: "What happened to confirmed orders, by step and reason. A handed with reason repeated may be a repeat of the same body; one with reason revised may have another body than before, because the store had lost its data."},
			[]string{"merchant", "step", "reason"}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "kvitto", Name: "audit_lost_total",
			Help: "Changes of orders that could not be written to the audit."}),
		machine: machine,
		orders:  desc("open", "Orders that are not done, by state.", "merchant", "state"),
		oldest:  desc("oldest_seconds", "Age of the oldest order that is not acknowledged, parked ones included. Warn at 1 h, page at 24 h: pushes end after 48 h.", "merchant"),
		paused:  desc("paused", "1 while no order of the merchant is tried at the provider.", "merchant", "reason"),
		up:      desc("store_up", "1 where the store of orders answered the scrape.", "merchant"),
	}
	r.MustRegister(m.steps, m.lost, m)
	return m
}

func (m *orderMetrics) count(c confirm.Change) {
	reason := string(c.Reason)
	if c.Step == confirm.StepHanded {
		switch {
		case c.Revision > 1:
			reason = "revised"
		case c.Repeated:
			reason = "repeated"
		}
	}
	m.steps.WithLabelValues(c.Merchant, string(c.Step), reason).Inc()
}

func (m *orderMetrics) auditLost() { m.lost.Inc() }

// Describe implements prometheus.Collector.
func (m *orderMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- m.orders
	ch <- m.oldest
	ch <- m.paused
	ch <- m.up
}

// Collect implements prometheus.Collector.
func (m *orderMetrics) Collect(ch chan<- prometheus.Metric) {
	machine, merchants := m.machine()
	if machine == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), statsTime)
	defer cancel()
	for _, id := range merchants {
		if why := machine.Paused(id); why != "" {
			ch <- prometheus.MustNewConstMetric(m.paused, prometheus.GaugeValue, 1, id, string(why))
		}
		s, err := machine.Store().Stats(ctx, id)
		ch <- prometheus.MustNewConstMetric(m.up, prometheus.GaugeValue, asGauge(err == nil), id)
		if err != nil {
			continue
		}
		for state, n := range s.States {
			ch <- prometheus.MustNewConstMetric(m.orders, prometheus.GaugeValue, float64(n), id, string(state))
		}
		ch <- prometheus.MustNewConstMetric(m.oldest, prometheus.GaugeValue, s.Oldest.Seconds(), id)
	}
}
