package cmd

import (
	"errors"
	"time"

	"github.com/kvitto/kvitto/order/rest"
)

// told is why a command failed, for --format json: on standard output, as {"error": …}. What is not known is left out.
type told struct {
	Message       string   `json:"message"`
	Status        int      `json:"status,omitempty"`         // of the provider's answer
	Code          string   `json:"error_code,omitempty"`     // the provider's
	Messages      []string `json:"messages,omitempty"`       // the provider's
	CorrelationID string   `json:"correlation_id,omitempty"` // for the provider's support
	RetryAfter    int64    `json:"retry_after_seconds,omitempty"`
	Unsure        bool     `json:"may_be_done,omitempty"`     // the provider may have done it all the same
	Key           string   `json:"idempotency_key,omitempty"` // to repeat it with, where that is so
}

func toldOf(err error) *told {
	t := &told{Message: err.Error()}
	if errors.Is(err, errFindings) {
		t.Message = "the configuration has faults: they are on standard error"
	}
	var e *rest.Error
	if errors.As(err, &e) {
		t.Status, t.Code, t.Messages, t.CorrelationID = e.Status, e.Code, e.Messages, e.CorrelationID
		t.RetryAfter = int64((e.RetryAfter + time.Second - 1) / time.Second)
	}
	return t
}

// toldInJSON is an error that is on standard output already.
type toldInJSON struct{ error }

func (t toldInJSON) Unwrap() error { return t.error }

// failed prints an error on standard output where a machine reads that, once; the person at the terminal is told besides.
func (p *Program) failed(format string, err error, t func(error) *told) error {
	var already toldInJSON
	if err == nil || format != "json" || errors.As(err, &already) {
		return err
	}
	if printed := p.encodeJSON(map[string]*told{"error": t(err)}); printed != nil {
		return errors.Join(err, printed)
	}
	return toldInJSON{err}
}
