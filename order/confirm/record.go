package confirm

import (
	"errors"
	"time"
)

// Key names an order: the merchant's id of the configuration and the provider's order id, already checked and clean.
type Key struct{ Merchant, Order string }

// maxID is the most characters of an order id.
const maxID = 64

// errID is an order id that the provider cannot have given. It goes nowhere, not into a message either.
var errID = errors.New("the order id is none: want letters, digits and hyphens, a letter or digit first, 64 at most")

// check refuses what must not get into keys of a store or paths of a URL: an order id matches
// ^[A-Za-z0-9][A-Za-z0-9-]{0,63}$.
func (k Key) check() error {
	if k.Order == "" || len(k.Order) > maxID || k.Order[0] == '-' {
		return errID
	}
	for _, c := range []byte(k.Order) {
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return errID
		}
	}
	return nil
}

// State of an order. Facts grow: PENDING < HANDED < ACKED. PARKED keeps the one before it.
type State string

// The states.
const (
	Pending State = "PENDING" // wants work; with a SHA the body is frozen
	Handed  State = "HANDED"  // the sink has it
	Acked   State = "ACKED"   // the provider knows that; done where no work is open
	Parked  State = "PARKED"  // waits for a person
)

// Work is what may be left to do once an order is acknowledged.
type Work string

// The kinds of work.
const (
	References Work = "references" // set merchant_reference1 and 2 as the sink's answer says
	Capture    Work = "capture"    // capture in full
	Fraud      Work = "fraud"      // the order was pending when it was handed over: tell the sink what was decided
	Stop       Work = "stop"       // the provider says stop: tell the sink once the order says so too
)

// AllWork lists the kinds of work in the order in which they are done.
func AllWork() []Work { return []Work{References, Capture, Fraud, Stop} }

// Record is what a store knows of an order: no personal data. Times are the store's clock, in whole milliseconds.
type Record struct {
	Key
	State      State
	Prev       State     // of PARKED: the state before, which Release restores
	Reason     string    // class of the last fault since it got further, or why it is parked; one word of ours
	Fault      string    // what the provider last said, in words of ours; see Why
	Token      int64     // grows with every claim; for diagnosis
	Attempts   int64     // that failed
	Releases   int64     // how often a person gave it back
	Seen       time.Time // when it first came
	First      time.Time // from when its age counts: Seen, or the last Release, or the work that a done order got
	Due        time.Time // zero where nothing is due
	LeaseUntil time.Time // zero where nobody works on it
	AckedAt    time.Time
	Known      bool   // the provider has shown this order once
	Vouched    bool   // whoever named it is trusted with more than a push is, see Nudge
	SHA        string // of the frozen body, hex SHA-256; "" before it is frozen
	Revision   int    // of the frozen body: 2 where the store had lost its data, else 1; 0 before
	Receipt    string
	Reference1 string
	Reference2 string
	Open       []Work // left to do, in the order of AllWork
	Closed     []Work // that nothing opens again: it is done, or was refused
	Refused    []Work // of Closed: what was not done, since the order does not allow it
}

// Done reports whether nothing is left to do.
func (r *Record) Done() bool { return r.State == Acked && len(r.Open) == 0 }

// Trusted reports whether an order comes before those that anybody may have made up.
func (r *Record) Trusted() bool { return r.Known || r.Vouched }

// Unknown reports an order that the provider was asked about, has never shown, and that nobody vouches for: a made-up id, as a
// rule. What could not be asked about is none.
func (r *Record) Unknown() bool { return !r.Trusted() && r.Reason == string(ReasonUnknown) }

// Faults of stores. Any other error means that the store did not answer: the operation may or may not have happened, and
// may be repeated.
var (
	ErrNotFound = errors.New("no record of this order")
	ErrBusy     = errors.New("somebody else is working on this order")      // Claim, Discard
	ErrStale    = errors.New("the lease is somebody else's by now")         // Renew, Prepare, Fail, Yield, Forget
	ErrShown    = errors.New("the provider has shown this order")           // Discard
	ErrConflict = errors.New("the order was handed over with another body") // Handed
	ErrParked   = errors.New("the order is parked")                         // Claim
	ErrDone     = errors.New("nothing is left to do")                       // Claim, Park
	ErrDown     = errors.New("the store cannot be reached")                 // any: wrapped around the cause
)

// Prepared is a frozen body with what was decided when it was made.
type Prepared struct {
	SHA      string // of the body in clear, hex SHA-256
	Body     []byte // as the machine gave it, sealed or not: stores do not look into it
	Revision int
	Work     []Work // to be opened with the body: Capture, Fraud
}

// Receipt is what a sink said.
type Receipt struct{ Text, Reference1, Reference2 string }

// Nudge says why an order is enqueued.
type Nudge struct {
	Work    []Work // to be opened, but for what is open or closed already; an order without a record gets it too
	Hurry   bool   // a record that waits is due at once, unless it is leased, parked or done
	Vouched bool   // marks the record so, for good: its validation was here, the shop or a person named it, or it was signed
}

// Why is why an attempt failed or an order is parked.
type Why struct {
	Reason string // one word of ours
	Fault  string // what the provider said: status, code, correlation id, no personal data; at most MaxFault bytes
	Known  bool   // marks the record so: the provider showed the order before this happened
}

// MaxFault is the longest Why.Fault, in bytes.
const MaxFault = 300

// Outcome is how work ended.
type Outcome string

// The outcomes of Finish.
const (
	Did     Outcome = "did"
	Refuse  Outcome = "refused" // the order does not allow it: it is closed all the same
	Dropped Outcome = "dropped" // nobody asks for it any more: it is neither open nor closed, and may be opened again
)

// Due are orders that are due, the longest due first.
type Due struct {
	Trusted []string // see Record.Trusted
	Others  []string
}

// Epoch names the data of a store: it is made with the first use and is gone only if the data is.
type Epoch struct {
	ID    string
	Began time.Time // by the store's clock
	New   bool      // this call made it: a first start, or the data was lost
}

// Stats of a merchant's open orders.
type Stats struct {
	States map[State]int64 // open orders by state, all of Pending, Handed, Acked (with work left) and Parked
	Oldest time.Duration   // age of the oldest order that is not acknowledged, parked ones included, Unknown ones not; 0 where there is none

	Unknown       int64         // those of States that are Record.Unknown and not acknowledged
	OldestUnknown time.Duration // age of the oldest of these; 0 where there is none
}

// Page is a place in a list: at most Limit records (1 to 1000) after the record of After, in a fixed order.
type Page struct {
	State State  // "" for all that are due or parked
	Shown string // Yes: only those that the provider has shown; No: only the others; "" for all
	Why   string // only those with this Reason; "" for all
	After string // order id, "" for the start
	Limit int
}

// What Page.Shown may be.
const (
	Yes = "yes"
	No  = "no"
)

// Wants reports whether a record belongs on a page, by all but its place.
func (p *Page) Wants(r *Record) bool {
	return (p.State == "" || p.State == r.State) && (p.Why == "" || p.Why == r.Reason) && (p.Shown == "" || (p.Shown == Yes) == r.Known)
}
