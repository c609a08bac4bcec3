package cmd

import (
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/order/confirm"
)

// orderLog tells the log, the metrics and the audit what happens to orders.
type orderLog struct {
	log      zerolog.Logger
	metrics  *orderMetrics
	audit    *audit // nil: none is kept
	required bool   // what is not in the audit is not done
}

// observe implements confirm.Options.Observe. With a required audit, a trigger that could not be written down is refused.
func (o *orderLog) observe(c confirm.Change) error {
	o.metrics.count(c)
	o.line(c)
	if o.audit == nil || !audited(c) {
		return nil
	}
	err := o.audit.write(c)
	if err == nil {
		return nil
	}
	o.metrics.auditLost()
	o.log.Error().Str("merchant", c.Merchant).Str("order_id", c.Order).Err(err).Msg("a change of an order is not in the audit")
	if !o.required {
		return nil
	}
	return err
}

// audited reports whether a step changed a record, or the trust in all of them. A trigger of an order that was taken up
// already changes nothing.
func audited(c confirm.Change) bool {
	switch c.Step {
	case confirm.StepEnqueued:
		return c.From == ""
	case confirm.StepFailed, confirm.StepPaused, confirm.StepNoConsents, confirm.StepStoreDown, confirm.StepStoreUp:
		return false
	default:
		return true
	}
}

func (o *orderLog) line(c confirm.Change) {
	o.log.WithLevel(levelOf(c)).Str("merchant", c.Merchant).Str("step", string(c.Step)).Func(func(e *zerolog.Event) {
		fieldsOf(e, c)
	}).Err(c.Err).Msg(messageOf(c))
}

// fieldsOf adds what a change has.
func fieldsOf(e *zerolog.Event, c confirm.Change) {
	for _, f := range []struct{ key, value string }{
		{"order_id", c.Order}, {"state", string(c.To)}, {"reason", string(c.Reason)}, {"work", string(c.Work)}, {"by", c.By},
	} {
		if f.value != "" {
			e.Str(f.key, f.value)
		}
	}
	if c.Token > 0 {
		e.Int64("attempt", c.Token)
	}
	if c.Revision > 1 {
		e.Int("body_revision", c.Revision)
	}
	if c.Wait > 0 {
		e.Str("again_in", c.Wait.Round(time.Millisecond).String())
	}
}

func levelOf(c confirm.Change) zerolog.Level {
	switch c.Step {
	case confirm.StepEnqueued, confirm.StepPrepared:
		return zerolog.DebugLevel
	case confirm.StepFailed, confirm.StepNoConsents, confirm.StepForgotten:
		return zerolog.WarnLevel
	case confirm.StepParked, confirm.StepPaused, confirm.StepStoreDown:
		return zerolog.ErrorLevel
	case confirm.StepStoreLost:
		if c.First {
			return zerolog.WarnLevel
		}
		return zerolog.ErrorLevel
	default:
		return zerolog.InfoLevel
	}
}

func messageOf(c confirm.Change) string {
	switch c.Step {
	case confirm.StepEnqueued:
		return "an order is said to be complete"
	case confirm.StepPrepared:
		return "the body is frozen"
	case confirm.StepHanded:
		return "the merchant has the order"
	case confirm.StepAcked:
		return "the order is acknowledged"
	case confirm.StepFinished:
		return "work on the order is done"
	case confirm.StepParked:
		return "the order is parked and waits for a person: kvitto orders show, then release"
	case confirm.StepReleased:
		return "the order is released"
	case confirm.StepForgotten:
		return "the provider never showed this order: it is forgotten"
	case confirm.StepFailed:
		return "an attempt failed"
	case confirm.StepPaused:
		return "the provider is left alone for a while"
	case confirm.StepNoConsents:
		return "the checkout order could not be read: the order goes on without consents"
	case confirm.StepStoreDown:
		return "the store of orders does not answer"
	case confirm.StepStoreUp:
		return "the store of orders answers again"
	case confirm.StepStoreLost:
		return lostMessage(c)
	default:
		return string(c.Step)
	}
}

func lostMessage(c confirm.Change) string {
	if c.First {
		return "the store of orders is new: if this is not the first start, its data was lost, see kvitto orders reconcile"
	}
	return "the store of orders lost its data: take the provider's list of orders that are not acknowledged to kvitto orders reconcile"
}
