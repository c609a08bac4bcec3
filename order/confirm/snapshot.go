package confirm

import (
	"context"
	"errors"
	"time"
)

// Life is how long a record is kept after the last of its work is done: longer than the provider pushes and we try.
const Life = 14 * 24 * time.Hour

// BodyLife is how long a frozen body is kept at most, since it may hold personal data: an hour longer than the provider
// pushes. Prepare renews nothing; after it the next body is the first again.
const BodyLife = 49 * time.Hour

// ErrExists is an order that the store has another record of.
var ErrExists = errors.New("the store has another record of this order")

// Snapshot is all that a store knows of an order at one moment, for moving it to another store. Leases do not travel:
// LeaseUntil is zero, and Due is the time at which the order is to be worked on.
type Snapshot struct {
	Record
	Body   []byte    // the frozen body as it was given to Prepare; nil where there is none
	Lapses time.Time // end of the record's life; zero unless it is done
}

// Mover is a store whose orders can move into another store, whatever its kind. It is for commands: nothing may work on the
// orders meanwhile.
type Mover interface {
	// Dump shows every record of a merchant, done ones included, in no order; an error of show ends it and is returned.
	// show must not call the store.
	Dump(ctx context.Context, merchant string, show func(Snapshot) error) error
	// Load makes the record, with its body, indexes and end of life, as it was. ErrExists where there is a record that
	// differs; one that is the same stays, so that a move which broke off can be run again. A snapshot past its end of life
	// is left out.
	Load(ctx context.Context, s Snapshot) error
	// Adopt makes e the epoch of the merchant, since the data is the same data. New is ignored.
	Adopt(ctx context.Context, merchant string, e Epoch) error
}
