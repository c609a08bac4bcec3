package cmd

import (
	"errors"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
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

// audited reports whether a step changed a record, or the trust in all of them. Of the triggers of an order only the one that
// made its record did.
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
	err := c.Err
	if undecided(c) {
		err = nil // the message says it
	}
	o.log.WithLevel(levelOf(c)).Str("merchant", c.Merchant).Str("step", string(c.Step)).Func(func(e *zerolog.Event) {
		fieldsOf(e, c)
		providerFields(e, c.Err)
	}).Err(err).Msg(messageOf(c))
}

// providerFields adds what the provider's support asks for. The provider's own sentences may name a person: they are not logged.
func providerFields(e *zerolog.Event, err error) {
	var said *management.Error
	if !errors.As(err, &said) {
		return
	}
	if said.Status > 0 {
		e.Int("provider_status", said.Status)
	}
	if said.Code != "" {
		e.Str("error_code", said.Code)
	}
	if said.CorrelationID != "" {
		e.Str("correlation_id", said.CorrelationID)
	}
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

// undecided reports an attempt that found what it waits for not there yet: no fault.
func undecided(c confirm.Change) bool {
	return c.Step == confirm.StepFailed && (c.Reason == confirm.ReasonPendingFraud || c.Reason == confirm.ReasonUnconfirmed)
}

func levelOf(c confirm.Change) zerolog.Level {
	switch c.Step {
	case confirm.StepEnqueued, confirm.StepPrepared:
		return zerolog.DebugLevel
	case confirm.StepFailed, confirm.StepNoConsents, confirm.StepForgotten:
		if undecided(c) || c.Step == confirm.StepForgotten && c.By != "" { // a person forgets on purpose
			return zerolog.InfoLevel
		}
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
		return forgottenMessage(c)
	case confirm.StepRetried:
		return "a person wants the order tried now"
	case confirm.StepFailed:
		return failedMessage(c)
	case confirm.StepNoConsents:
		return "the checkout order could not be read: the order goes on without consents"
	default:
		return merchantMessage(c)
	}
}

// merchantMessage is messageOf of what is not about one order.
func merchantMessage(c confirm.Change) string {
	switch c.Step {
	case confirm.StepPaused:
		return "the provider is left alone for a while"
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

func forgottenMessage(c confirm.Change) string {
	if c.By != "" {
		return "a person dropped this order, which the provider never showed"
	}
	return "the provider never showed this order: it is forgotten"
}

func failedMessage(c confirm.Change) string {
	switch c.Reason {
	case confirm.ReasonPendingFraud:
		return "the provider has not decided about fraud yet: it is asked again"
	case confirm.ReasonUnconfirmed:
		return "a notification said stop, and the order does not say so yet: it is looked at again"
	default:
		return "an attempt failed"
	}
}

func lostMessage(c confirm.Change) string {
	if c.First {
		return "the store of orders is new: if this is not the first start, its data was lost, see kvitto orders reconcile"
	}
	return "the store of orders lost its data: take the provider's list of orders that are not acknowledged to kvitto orders reconcile"
}
