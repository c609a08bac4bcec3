package confirm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// Provider is what the machine asks of Order Management; *management.Client is one. No call repeats itself.
type Provider interface {
	Order(ctx context.Context, id string) (*management.Order, error)
	Acknowledge(ctx context.Context, id, key string) error
	SetReferences(ctx context.Context, id string, r management.References, key string) error
	Capture(ctx context.Context, id string, r management.CaptureRequest, key string) (string, error)
}

// Checkout reads the checkout order, which holds consents that Order Management does not show; the answer is the JSON as
// it came.
type Checkout interface {
	Read(ctx context.Context, id string) ([]byte, error)
}

// Payload says what the body of an event holds.
type Payload struct {
	Thin        bool // ids, amounts and statuses; the merchant fetches the rest
	PersonalIDs bool // national identification number and date of birth too
}

// Merchant is one whose orders are taken over.
type Merchant struct {
	ID       string          // mandatory
	Provider Provider        // mandatory
	Checkout Checkout        // nil: consents are not looked for
	Sink     rules.OrderSink // mandatory, but for Stream
	Stream   bool            // the store is the sink; it must be a Streamer
	Payload  Payload
	Inline   bool                         // with the store down: take the order over within the push, see redis_down
	Capture  func(*management.Order) bool // which orders are captured in full at once; nil: none
	Expect   time.Duration                // how long after its validation an order without a push is asked for; 0: never
}

func (m *Merchant) check(s Store) error {
	_, streams := s.(Streamer)
	switch {
	case m.ID == "":
		return errors.New("confirm: a merchant without ID")
	case m.Provider == nil:
		return fmt.Errorf("confirm: merchant %q: Provider is missing", m.ID)
	case m.Stream && !streams:
		return fmt.Errorf("confirm: merchant %q: this store has no stream", m.ID)
	case m.Stream == (m.Sink != nil):
		return fmt.Errorf("confirm: merchant %q: either Sink or Stream is needed", m.ID)
	case m.Stream && m.Inline:
		return fmt.Errorf("confirm: merchant %q: a stream cannot take orders while its store is down", m.ID)
	default:
		return nil
	}
}

// sameAccess reports whether both talk to the provider by the same client.
func sameAccess(a, b *Merchant) bool {
	return reflect.TypeOf(a.Provider) == reflect.TypeOf(b.Provider) && reflect.TypeOf(a.Provider).Comparable() && a.Provider == b.Provider
}
