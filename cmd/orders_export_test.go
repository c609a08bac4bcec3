package cmd

import (
	"context"
	"io"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// Audit is an audit in tests.
type Audit struct{ a *audit }

// OpenAudit opens one.
func OpenAudit(file string, at time.Time) (*Audit, error) {
	a, err := openAudit(file, "test", at)
	return &Audit{a}, err
}

// Through makes it write through w from now on.
func (a *Audit) Through(w func(io.WriteCloser) io.WriteCloser) { a.a.out = w(a.a.out) }

// Write appends a change.
func (a *Audit) Write(c confirm.Change) error { return a.a.write(c) }

// Close closes the file.
func (a *Audit) Close() error { return a.a.close() }

// Observed is what the log, the metrics and the audit make of a change.
func Observed(log zerolog.Logger, a *Audit, required bool, c confirm.Change) error {
	o := &orderLog{log: log, metrics: newOrderMetrics(noRegistry{}, nil), required: required}
	if a != nil {
		o.audit = a.a
	}
	return o.observe(c)
}

// Audited reports whether a step is in the audit.
func Audited(s confirm.Step) bool { return audited(confirm.Change{Step: s}) }

// noRegistry registers nothing.
type noRegistry struct{}

func (noRegistry) Register(prometheus.Collector) error  { return nil }
func (noRegistry) MustRegister(...prometheus.Collector) {}
func (noRegistry) Unregister(prometheus.Collector) bool { return true }

// LookAtSettings looks at the settings of a store again and again until it has answered; the function ends that.
func LookAtSettings(s *redisstore.Store, log zerolog.Logger, again time.Duration, merchants ...string) (end func(), err error) {
	x := settingsOf(s, log)
	x.again = again
	err = x.look(context.Background(), merchants)
	x.start(func() []string { return merchants })
	return x.stop, err
}
