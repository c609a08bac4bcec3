package cmd

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// statsTime bounds what a scrape asks the store, for all merchants together.
const statsTime = 500 * time.Millisecond

// statsAtOnce is how many merchants a scrape asks for at the same time.
const statsAtOnce = 8

// orderMetrics are those of confirmed orders. What is counted comes from the machine; what is gauged is asked from the store
// when it is scraped. It is safe for concurrent use.
type orderMetrics struct {
	steps *prometheus.CounterVec
	taken *prometheus.GaugeVec
	lost  prometheus.Counter
	redis *redisstore.Store // nil: the store is another
	descs map[string]*prometheus.Desc

	mu        sync.RWMutex
	store     confirm.Reading
	merchants []watched
}

// watched is a merchant whose orders are gauged.
type watched struct {
	id     string
	stream bool // the store is the sink
	paused func() string
	down   func() bool // the store refused what the machine asked
}

func watch(id string, stream bool, m *confirm.Machine) watched {
	return watched{id: id, stream: stream, paused: func() string { return string(m.Paused(id)) }, down: func() bool { return m.StoreDown(id) }}
}

// Names of the gauges, behind kvitto_orders_.
const (
	gaugeOpen         = "open"
	gaugeOldest       = "oldest_seconds"
	gaugeUnknown      = "unknown"
	gaugeUnknownAge   = "unknown_oldest_seconds"
	gaugePaused       = "paused"
	gaugeUp           = "store_up"
	gaugeUnreplicated = "unreplicated"
	gaugeLength       = "stream_length"
	gaugeGap          = "stream_lost"
)

func newOrderMetrics(r prometheus.Registerer, store confirm.Store) *orderMetrics {
	m := &orderMetrics{
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "kvitto", Name: "order_steps_total",
			Help: "What happened to confirmed orders, by step and reason. A handed with reason repeated may be a repeat of the same body; one with reason revised may have another body than before, because the store had lost its data."},
			[]string{"merchant", "step", "reason"}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "kvitto", Name: "audit_lost_total",
			Help: "Changes of orders that could not be written to the audit."}),
		taken: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "kvitto", Name: "orders_taken_over",
			Help: "1 where confirmed orders of a merchant in mode full are taken over, 0 where its pushes are refused because what the configuration says of that cannot be used."},
			[]string{"merchant"}),
		descs: map[string]*prometheus.Desc{},
	}
	m.redis, _ = store.(*redisstore.Store)
	m.describe(gaugeOpen, "Orders that are not done, by state.", "state")
	m.describe(gaugeOldest, "Age of the oldest order that is not acknowledged, parked ones included. Ids that the provider does not know do not count. Warn at 1 h, page at 24 h: pushes end after 48 h.")
	m.describe(gaugeUnknown, "Open ids that the provider was asked for, does not know and has never shown, and that only a push or a notification named: made up, as a rule. They count in open too.")
	m.describe(gaugeUnknownAge, "Age of the oldest of these.")
	m.describe(gaugePaused, "1 while no order of the merchant is tried at the provider.", "reason")
	m.describe(gaugeUp, "1 where the store of orders answered the scrape and did what it was last asked; 0 too where it reads but takes no writes.")
	if m.redis != nil {
		m.describe(gaugeUnreplicated, "Replicas of the merchant's Redis that had not confirmed a write within 100 ms.")
		m.describe(gaugeLength, "Entries of the stream that orders are handed over in.")
		m.describe(gaugeGap, "Entries that were removed from the stream before a consumer group was done with them, at least.")
	}
	r.MustRegister(m.steps, m.lost, m.taken, m)
	return m
}

func (m *orderMetrics) describe(name, help string, labels ...string) {
	m.descs[name] = prometheus.NewDesc("kvitto_orders_"+name, help, append([]string{"merchant"}, labels...), nil)
}

// watch makes merchants those that are gauged.
func (m *orderMetrics) watch(store confirm.Reading, merchants []watched) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.store, m.merchants = store, merchants
	for i := range merchants { // a counter that begins at 1 has not increased
		m.steps.WithLabelValues(merchants[i].id, string(confirm.StepStoreLost), "")
	}
}

// forget drops what was counted of a merchant that is gone.
func (m *orderMetrics) forget(merchant string) {
	m.steps.DeletePartialMatch(prometheus.Labels{"merchant": merchant})
}

// notMeant drops the gauge of a merchant that is in mode full no longer.
func (m *orderMetrics) notMeant(merchant string) { m.taken.DeleteLabelValues(merchant) }

// takenOver gauges whether orders of a merchant that is in mode full are taken over.
func (m *orderMetrics) takenOver(merchant string, taken bool) {
	m.taken.WithLabelValues(merchant).Set(asGauge(taken))
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
	for _, d := range m.descs {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m *orderMetrics) Collect(ch chan<- prometheus.Metric) {
	m.mu.RLock()
	store, merchants := m.store, m.merchants
	m.mu.RUnlock()
	ctx, cancel := context.WithTimeout(context.Background(), statsTime)
	defer cancel()
	var all sync.WaitGroup
	slots := make(chan struct{}, statsAtOnce)
	for i := range merchants {
		slots <- struct{}{}
		all.Go(func() {
			m.collect(ctx, store, &merchants[i], ch)
			<-slots
		})
	}
	all.Wait()
}

// collect gauges one merchant.
func (m *orderMetrics) collect(ctx context.Context, store confirm.Reading, w *watched, ch chan<- prometheus.Metric) {
	gauge := func(name string, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(m.descs[name], prometheus.GaugeValue, value, append([]string{w.id}, labels...)...)
	}
	if why := w.paused(); why != "" {
		gauge(gaugePaused, 1, why)
	}
	s, err := store.Stats(ctx, w.id)
	gauge(gaugeUp, asGauge(err == nil && !w.down()))
	if err != nil {
		return
	}
	for _, state := range []confirm.State{confirm.Pending, confirm.Handed, confirm.Acked, confirm.Parked} {
		gauge(gaugeOpen, float64(s.States[state]), string(state)) // none is 0: what is missing is no alarm
	}
	gauge(gaugeOldest, s.Oldest.Seconds())
	gauge(gaugeUnknown, float64(s.Unknown))
	gauge(gaugeUnknownAge, s.OldestUnknown.Seconds())
	if m.redis == nil {
		return
	}
	if n, err := m.redis.Unreplicated(ctx, w.id); err == nil {
		gauge(gaugeUnreplicated, float64(n))
	}
	if !w.stream {
		return
	}
	if gap, err := m.redis.StreamGap(ctx, w.id); err == nil {
		gauge(gaugeLength, float64(gap.Length))
		gauge(gaugeGap, float64(gap.Lost))
	}
}
