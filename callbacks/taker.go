package callbacks

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Taker takes confirmed orders of one merchant over. It is called concurrently, with order ids that are clean, and returns
// soon after its context has ended. The text of its errors goes to the log, so it holds no text of an order.
type Taker interface {
	// Push returns once the order is recorded, or done where the merchant wants that without a store; with an error neither
	// is so. It does not wait for the provider where there is a record.
	Push(ctx context.Context, orderID string) (Standing, error)
	// Notify records that a decision about an order has been made. What was decided is read from the provider later: an
	// event alone is no proof.
	Notify(ctx context.Context, orderID string, e FraudEvent) error
	// Ensure records the order as Push does and returns when it is acknowledged or parked, or when ctx ends: then too it
	// says without an error where the order stands, as long as that is recorded.
	Ensure(ctx context.Context, orderID string) (Standing, error)
}

// Errors of a Taker. Any other error is a failure of ours; the provider is asked to come again then too.
var (
	ErrStoreDown = errors.New("the store of orders cannot be reached") // nothing is recorded
	ErrShed      = errors.New("too many orders wait to be taken over") // nothing is recorded
)

// State says how far an order has come.
type State string

// The states of an order.
const (
	Pending State = "PENDING" // recorded
	Handed  State = "HANDED"  // the merchant's sink has it
	Acked   State = "ACKED"   // the provider knows that
	Parked  State = "PARKED"  // waits for a person
)

// Standing is where an order stands.
type Standing struct {
	State      State
	Done       bool   // nothing is left to do: references are set, captures made, decisions about fraud told
	Reference1 string // merchant_reference1 as the sink gave it; "" where it gave none, or has not yet
	Reference2 string
	Receipt    string // the sink's own, for diagnosis
}

// FraudEvent is what a notification tells, in the contract's words.
type FraudEvent string

// The events that are acted on.
const (
	FraudRiskAccepted FraudEvent = "FRAUD_RISK_ACCEPTED"
	FraudRiskRejected FraudEvent = "FRAUD_RISK_REJECTED"
	FraudRiskStopped  FraudEvent = "FRAUD_RISK_STOPPED" // stop the delivery; also of an order that never was pending
)

// known reports whether the event is one of the fraud decisions of the contract.
func (e FraudEvent) known() bool {
	switch e {
	case FraudRiskAccepted, FraudRiskRejected, FraudRiskStopped:
		return true
	default:
		return false
	}
}

// WebhookVerifier checks the signature of a signed webhook. The text of its errors goes to the log and holds no text of the
// request.
type WebhookVerifier interface {
	Verify(h http.Header, body []byte, now time.Time) error
}
