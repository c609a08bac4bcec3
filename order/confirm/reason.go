package confirm

import (
	"context"
	"errors"
	"time"

	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// Reason is why an attempt failed or an order is parked: one word, for records, logs and metrics. It holds nothing from
// outside.
type Reason string

// The reasons.
const (
	ReasonUnknown      Reason = "unknown_order"    // the provider does not show the order, yet
	ReasonUnauthorized Reason = "unauthorized"     // the provider refuses our credentials
	ReasonRateLimited  Reason = "rate_limited"     // the provider asks to come later
	ReasonUnavailable  Reason = "unavailable"      // the provider does not answer, or with 5xx
	ReasonAnswer       Reason = "unusable_answer"  // the provider's answer cannot be used
	ReasonRefused      Reason = "refused"          // the provider refuses the call for this order
	ReasonOver         Reason = "over_already"     // the order was captured, cancelled or closed before we acknowledged it: perhaps by another party
	ReasonSink         Reason = "sink_failed"      // the sink did not take the order
	ReasonSinkGone     Reason = "sink_gone"        // the sink will never take it
	ReasonStore        Reason = "store_down"       // the store did not answer
	ReasonSealed       Reason = "sealed"           // the frozen body cannot be opened
	ReasonConflict     Reason = "conflict"         // handed over with another body
	ReasonStale        Reason = "stale"            // too old for an order that nobody has seen
	ReasonHorizon      Reason = "horizon"          // tried for too long
	ReasonLease        Reason = "lease"            // no time was left for the next step
	ReasonPendingFraud Reason = "fraud_pending"    // the provider has not decided
	ReasonUnconfirmed  Reason = "stop_unconfirmed" // told to stop, and the order does not say so
	ReasonPerson       Reason = "by_hand"          // a person parked it
	ReasonInternal     Reason = "internal"         // our own fault
)

// Bounds of waits.
const (
	pauseUnauthorized = time.Minute
	pauseBreaker      = 5 * time.Second
	leastLater        = time.Second
	mostLater         = time.Hour
)

// errLease is a step for which the lease leaves no time.
var errLease = errors.New("the lease leaves no time for this step")

// errPendingFraud is an order on which the provider has not decided.
var errPendingFraud = errors.New("the provider has not decided")

// errUnconfirmed is a stop that the order does not confirm.
var errUnconfirmed = errors.New("the order does not say what the notification said")

// sinkError is what a sink returned.
type sinkError struct{ cause error }

func (e *sinkError) Error() string { return "sink: " + e.cause.Error() }
func (e *sinkError) Unwrap() error { return e.cause }

// parking is a fault that needs a person, and what led to it.
type parking struct {
	reason Reason
	cause  error // nil: nothing but the reason
}

func (e *parking) Error() string {
	if e.cause == nil {
		return "parked: " + string(e.reason)
	}
	return "parked: " + string(e.reason) + ": " + e.cause.Error()
}

func (e *parking) Unwrap() error { return e.cause }

// said is what the provider said with a fault: status, code and correlation id in words of ours, nothing that may name a
// person; "" where the fault is none of the provider's.
func said(err error) string {
	var e *management.Error
	if !errors.As(err, &e) {
		return ""
	}
	return bounded(e.Error(), MaxFault)
}

// reasonOf sorts a fault.
func reasonOf(err error) Reason {
	var p *parking
	var s *sinkError
	switch {
	case errors.As(err, &p):
		return p.reason
	case errors.As(err, &s) && errors.Is(err, rules.ErrSinkGone):
		return ReasonSinkGone
	case errors.As(err, &s):
		return ReasonSink
	case errors.Is(err, ErrDown), errors.Is(err, errNeedsStore):
		return ReasonStore
	case errors.Is(err, ErrConflict):
		return ReasonConflict
	case errors.Is(err, errSealed):
		return ReasonSealed
	case errors.Is(err, errLease), errors.Is(err, ErrStale):
		return ReasonLease
	case errors.Is(err, errPendingFraud):
		return ReasonPendingFraud
	case errors.Is(err, errUnconfirmed):
		return ReasonUnconfirmed
	default:
		return providerReason(err)
	}
}

func providerReason(err error) Reason {
	switch {
	case errors.Is(err, management.ErrNotFound):
		return ReasonUnknown
	case errors.Is(err, management.ErrUnauthorized):
		return ReasonUnauthorized
	case errors.Is(err, management.ErrRateLimited):
		return ReasonRateLimited
	case errors.Is(err, management.ErrNotAllowed), errors.Is(err, management.ErrRefused):
		return ReasonRefused
	case errors.Is(err, management.ErrAnswer):
		return ReasonAnswer
	case errors.Is(err, management.ErrUnavailable), errors.Is(err, management.ErrBreaker), errors.Is(err, context.DeadlineExceeded):
		return ReasonUnavailable
	default:
		return ReasonInternal
	}
}

// pauseOf is how long no order of the merchant is to be tried at the provider; 0 is not at all.
func pauseOf(err error) time.Duration {
	var e *management.Error
	switch {
	case errors.Is(err, management.ErrUnauthorized):
		return pauseUnauthorized
	case errors.Is(err, management.ErrRateLimited) && errors.As(err, &e):
		return min(max(e.RetryAfter, leastLater), mostLater)
	case errors.Is(err, management.ErrBreaker):
		return pauseBreaker
	default:
		return 0
	}
}

// later is how long the sink or the provider asks us to wait; 0 where neither does.
func later(err error) time.Duration {
	var l *rules.Later
	var e *management.Error
	switch {
	case errors.As(err, &l):
		return min(max(l.After, leastLater), mostLater)
	case errors.As(err, &e) && e.RetryAfter > 0:
		return min(max(e.RetryAfter, leastLater), mostLater)
	default:
		return 0
	}
}
