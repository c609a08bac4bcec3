package cmd

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// serviceMetrics are those of the service itself; the callbacks have their own.
type serviceMetrics struct {
	revisions *prometheus.GaugeVec
	ok        *prometheus.GaugeVec
	at        *prometheus.GaugeVec
	fallbacks *prometheus.CounterVec
	config    prometheus.Gauge
	force     *prometheus.GaugeVec
	newest    *prometheus.GaugeVec
	polled    prometheus.Gauge
}

func newServiceMetrics(r prometheus.Registerer) *serviceMetrics {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "kvitto", Name: name, Help: help}, labels)
	}
	m := &serviceMetrics{
		revisions: gauge("rules_revision", "1 for the revision of the tables in use.", "merchant", "revision"),
		ok:        gauge("rules_reload_success", "1 where the last load of the tables was taken over, 0 where the last good ones stay.", "merchant"),
		at:        gauge("rules_reload_timestamp_seconds", "When tables were last loaded, taken over or not.", "merchant"),
		fallbacks: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "kvitto", Name: "plugin_fallbacks_total",
			Help: "Plug-in calls that were cut off, failed or refused by the breaker, by what served instead."},
			[]string{"merchant", "plugin", "hook", "served"}),
		config: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "kvitto", Name: "config_reload_success",
			Help: "1 where the configuration file was last read without a fault."}),
	}
	m.force = gauge("publication_in_force", "Number of the publication whose tables are in use, 0 where the folder is.", "merchant")
	m.newest = gauge("publication_newest", "Number of the newest publication that this process knows, waiting ones too.", "rulebook")
	m.polled = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "kvitto", Name: "publication_poll_timestamp_seconds",
		Help: "When all that replicas share was last seen, at first the start of the process; 0 where nothing can be published."})
	m.config.Set(1)
	build := gauge("build_info", "1, with the version of the program.", "version", "revision")
	version, revision := buildVersion()
	build.WithLabelValues(version, revision).Set(1)
	r.MustRegister(m.revisions, m.ok, m.at, m.fallbacks, m.config, m.force, m.newest, m.polled, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *serviceMetrics) reloaded(merchant string, ok bool, at time.Time) {
	m.ok.WithLabelValues(merchant).Set(asGauge(ok))
	m.at.WithLabelValues(merchant).Set(float64(at.Unix()))
}

func (m *serviceMetrics) configRead(ok bool) { m.config.Set(asGauge(ok)) }

func asGauge(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

// revision makes rev the only one of the merchant.
func (m *serviceMetrics) revision(merchant, rev string) {
	m.revisions.DeletePartialMatch(prometheus.Labels{"merchant": merchant})
	m.revisions.WithLabelValues(merchant, rev).Set(1)
}

func (m *serviceMetrics) inForce(merchant string, number int64) {
	m.force.WithLabelValues(merchant).Set(float64(number))
}

func (m *serviceMetrics) fallback(merchant, plugin, hook, served string) {
	m.fallbacks.WithLabelValues(merchant, plugin, hook, served).Inc()
}

func (m *serviceMetrics) forget(merchant string) {
	for _, g := range []*prometheus.GaugeVec{m.revisions, m.ok, m.at, m.force} {
		g.DeletePartialMatch(prometheus.Labels{"merchant": merchant})
	}
}
