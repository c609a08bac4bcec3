package confirm

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// Store keeps records. Every operation is atomic and idempotent under repetition by the same caller, because a client
// repeats what timed out: the second time changes nothing. Time is the store's own clock, never the caller's. A method
// that is not said to make a record answers ErrNotFound where there is none, and one that ended its life is none. A
// refused call changes nothing. A Store is safe for concurrent use. Its errors are the sentinels of this package or wrap
// ErrDown. storetest holds these laws as tests.
type Store interface {
	Intake
	Leases
	Facts
	Shelf
	Reading
}

// Intake takes orders in.
type Intake interface {
	// Enqueue makes a record where there is none (PENDING, due now) and returns it as it is now. An existing one
	// changes as n says; one that is not done, not parked and, by mishap, not due either becomes due. A done record that
	// gets work begins anew: First now, Attempts 0, due now, without an end of life. made says that this call made the record,
	// also where the caller has to ask the store again for the answer.
	Enqueue(ctx context.Context, k Key, n Nudge) (r Record, made bool, err error)
	// Due lists orders of a merchant that are due by now, the longest due first, at most limit of each kind: made-up ids, however
	// many, do not stand before what is trusted.
	Due(ctx context.Context, merchant string, limit int) (Due, error)
}

// Leases say who works on an order. attempt is a random id of the caller's for one attempt. A lease that has run out
// stays its attempt's until another claims the order; one that was ended, by Fail, Yield, Park or with the last work, is
// nobody's, so that ending it twice answers ErrStale.
type Leases interface {
	// Claim takes the lease, due or not: the record as it is now, with the Token one higher, and its age since First. The
	// same attempt asking again while its lease lasts gets the same lease and Token; after that it is a new claim. The order
	// becomes due again when the lease ends. Else ErrBusy, ErrParked, ErrDone or ErrNotFound.
	Claim(ctx context.Context, k Key, attempt string, lease time.Duration) (Record, time.Duration, error)
	// Renew makes the lease, and the next due time, end that long from now; ErrStale where it is not the attempt's any more.
	Renew(ctx context.Context, k Key, attempt string, lease time.Duration) error
	// Fail ends the lease: the attempt counts as failed for a reason and the order is due after delay. ErrStale as above.
	Fail(ctx context.Context, k Key, attempt string, w Why, delay time.Duration) error
	// Yield ends the lease without a fault, due at once: the caller is stopping. ErrStale as above.
	Yield(ctx context.Context, k Key, attempt string) error
}

// Facts are accepted from anybody, since they are true whoever reports them; but for Prepare and Forget, which are the
// lease holder's. What brings an order further makes its last fault history: where Prepare freezes, Handed or Acked change the
// state or Finish leaves nothing to do, Reason and Fault of a record that is not parked become "".
type Facts interface {
	// Prepare freezes a body: the first one wins, and what it returns is the one to use (SHA, Body and Revision). It marks
	// the record Known and opens p.Work, but for what is closed, where p is the first. A record that is HANDED or further,
	// parked or not, returns the SHA and Revision it has and no body. ErrStale where p would be the first and the lease is
	// not the attempt's. A frozen body is dropped with Acked, else after BodyLife; then the next p is the first.
	Prepare(ctx context.Context, k Key, attempt string, p Prepared) (Prepared, error)
	// Handed records that the sink has taken the body with this SHA, and opens References, unless closed, where r names
	// one. It makes a record, due now, where there is none, and marks it Known. ErrConflict where the record is HANDED or
	// further with another SHA; a PENDING record takes any, and an ACKED one without a SHA takes what was missed. The first
	// receipt stays. Lease and due time stay. A parked record stays parked and learns the fact as its Prev.
	Handed(ctx context.Context, k Key, sha string, r Receipt) error
	// Acked records the acknowledgement, ends the lease where no work is open and else leaves the order due now with its
	// lease, and drops the frozen body. It makes a record where there is none, and marks it Known. A record without open
	// work lives 14 days more (Life). A parked record stays parked and learns the fact as its Prev.
	Acked(ctx context.Context, k Key) error
	// Finish ends work, whether it was open or not, so that nothing opens it again, but for what is Dropped: that is not open
	// any more, and no more than that. With the last one of an ACKED record that is done as for Acked. A record that was done
	// already keeps its end of life. The first outcome of closed work stays.
	Finish(ctx context.Context, k Key, w Work, o Outcome) error
}

// Shelf is for what a person or nobody must look after.
type Shelf interface {
	// Park sets an order aside for a reason, whoever holds its lease, and ends the lease. A parked one stays as it is; a
	// done one is ErrDone.
	Park(ctx context.Context, k Key, w Why) error
	// Release brings a parked order back to the state before, due now, First reset to now, Attempts to 0 and Releases one
	// higher; where nothing is left to do by now, it is done as for Acked. An order that is not parked stays as it is.
	Release(ctx context.Context, k Key) error
	// Forget drops the record of an order that the provider never showed: ErrStale where the lease is not the attempt's
	// or the record is Known. Where there is none, all is well.
	Forget(ctx context.Context, k Key, attempt string) error
	// Discard is Forget by a person, parked or not: ErrShown where the record is Known, ErrBusy while somebody has its lease.
	Discard(ctx context.Context, k Key) error
}

// Reading looks without changing anything, but for Epoch, which makes one where there is none.
type Reading interface {
	Get(ctx context.Context, k Key) (Record, error)
	// List shows a page of the orders that are not done. Walking through all pages shows each once.
	List(ctx context.Context, merchant string, p Page) ([]Record, error)
	// Stats counts the same orders.
	Stats(ctx context.Context, merchant string) (Stats, error)
	Epoch(ctx context.Context, merchant string) (Epoch, error)
}

// Streamer is a store that can be the sink too: the event goes into its own stream and the fact into the record in one
// step, so that no duplicate arises.
type Streamer interface {
	// Stream is Handed with the event of the confirmed order: sha is that of its body. A record that is HANDED with this SHA
	// or further gets no second entry. ErrConflict as for Handed.
	Stream(ctx context.Context, k Key, sha string, e *rules.Event) error
	// StreamWork is Finish with the event of a later decision: work that is not open any more gets no second entry.
	StreamWork(ctx context.Context, k Key, w Work, e *rules.Event) error
}
