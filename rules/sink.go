package rules

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// EventType says what an Event tells.
type EventType string

// The events that a sink is handed.
const (
	OrderConfirmed EventType = "order.confirmed"      // a buyer has completed an order
	FraudAccepted  EventType = "order.fraud_accepted" // an order that was handed over as pending may be delivered
	FraudRejected  EventType = "order.fraud_rejected" // it may not; also for an order that never was pending and was stopped
)

// Event is a confirmed order, or a later decision about one, on its way to the merchant. It may come more than once:
// always with the same ID and, unless the store of the service was lost, with the same Body.
type Event struct {
	ID       string // constant for this event of this order, at most 64 characters of A-Z a-z 0-9 _; what was taken is known by it
	Type     EventType
	Merchant string
	OrderID  string
	Attempt  int64     // which attempt this is, for diagnosis only
	At       time.Time // of this attempt, for signatures
	Body     []byte    // JSON in UTF-8; read-only and not to be kept
}

// Taken is what a sink answers after its durable commit. All members are optional.
type Taken struct {
	Receipt    string // the sink's own reference, for diagnosis; at most 255 bytes are kept
	Reference1 string // merchant_reference1 to be set at the provider, at most 255 characters: shown as order number
	Reference2 string
}

// OrderSink answers: take this confirmed order. It returns without an error only after a durable commit, keeps each
// Event.ID once (insert or ignore), and returns when ctx ends. It is called concurrently. Any error means that the event
// comes again; ErrSinkGone means that it is set aside until a person looks; a *Later says when.
type OrderSink interface {
	Take(ctx context.Context, e *Event) (Taken, error)
}

// ErrSinkGone is a sink that says it will never take events again, such as HTTP 410.
var ErrSinkGone = errors.New("the sink is gone")

// Later is a sink that asks to be left alone for a time. After is kept between 1 s and 1 h.
type Later struct {
	After time.Duration
	Cause error
}

// Error tells the cause and the time.
func (l *Later) Error() string { return fmt.Sprintf("%v; not before %v", l.Cause, l.After) }

// Unwrap returns the cause.
func (l *Later) Unwrap() error { return l.Cause }
