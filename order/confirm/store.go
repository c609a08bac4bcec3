package confirm

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// Store keeps records. Every operation is atomic and idempotent under repetition by the same caller, because a client
// repeats what timed out. Time is the store's own clock, never the caller's. A Store is safe for concurrent use. Its
// errors are the sentinels of this package or wrap ErrDown.
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
	// changes as n says; one that is not done, not parked and, by mishap, not due either becomes due.
	Enqueue(ctx context.Context, k Key, n Nudge) (Record, error)
	// Due lists orders of a merchant that are due by now, the longest due first, at most limit.
	Due(ctx context.Context, merchant string, limit int) ([]string, error)
}

// Leases say who works on an order. attempt is a random id of the caller's for one attempt.
type Leases interface {
	// Claim takes the lease: the record as it is now and its age since First. The same attempt asking again gets the
	// same answer. The order becomes due again when the lease ends. Else ErrBusy, ErrParked, ErrDone or ErrNotFound.
	Claim(ctx context.Context, k Key, attempt string, lease time.Duration) (Record, time.Duration, error)
	// Renew extends the lease from now; ErrStale where it is not the attempt's any more.
	Renew(ctx context.Context, k Key, attempt string, lease time.Duration) error
	// Fail ends the lease: the attempt counts as failed for a reason and the order is due after delay. ErrStale as above.
	Fail(ctx context.Context, k Key, attempt, reason string, delay time.Duration) error
	// Yield ends the lease without a fault, due at once: the caller is stopping. ErrStale as above.
	Yield(ctx context.Context, k Key, attempt string) error
}

// Facts are accepted from anybody, since they are true whoever reports them; but for Prepare and Forget, which are the
// lease holder's.
type Facts interface {
	// Prepare freezes a body: the first one wins, and what it returns is the one to use. It marks the record Known and
	// opens p.Work where p is the first. A record that is HANDED or further returns the SHA it has and no body.
	// ErrStale where p would be the first and the lease is somebody else's.
	Prepare(ctx context.Context, k Key, attempt string, p Prepared) (Prepared, error)
	// Handed records that the sink has taken the body with this SHA, and opens References where r names one. It makes a
	// record where there is none. ErrConflict where another SHA was handed over before; a PENDING record takes any SHA.
	Handed(ctx context.Context, k Key, sha string, r Receipt) error
	// Acked records the acknowledgement, ends the lease where no work is open and else leaves the order due now, and
	// drops the frozen body. It makes a record where there is none. A record without open work lives 14 days more.
	Acked(ctx context.Context, k Key) error
	// Finish closes work of an ACKED record; with the last one the record is done as for Acked.
	Finish(ctx context.Context, k Key, w Work) error
}

// Shelf is for what a person or nobody must look after.
type Shelf interface {
	// Park sets an order that is not done aside for a reason, whoever holds its lease, and ends the lease.
	Park(ctx context.Context, k Key, reason string) error
	// Release brings a parked order back to the state before, due now, First reset to now and Attempts to 0.
	Release(ctx context.Context, k Key) error
	// Forget drops the record of an order that the provider never showed: ErrStale where the lease is somebody
	// else's or the record is Known.
	Forget(ctx context.Context, k Key, attempt string) error
}

// Reading looks without changing anything, but for Epoch, which makes one where there is none.
type Reading interface {
	Get(ctx context.Context, k Key) (Record, error)
	List(ctx context.Context, merchant string, p Page) ([]Record, error)
	Stats(ctx context.Context, merchant string) (Stats, error)
	Epoch(ctx context.Context, merchant string) (Epoch, error)
}

// Streamer is a store that can be the sink too: it puts the event into its own stream and the record to HANDED in one
// step, so that no duplicate arises. sha is that of the body. ErrConflict as for Handed; a record that is HANDED with this
// SHA already gets no second entry.
type Streamer interface {
	Stream(ctx context.Context, k Key, sha string, e *rules.Event) error
}
