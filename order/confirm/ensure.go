package confirm

import (
	"context"
	"errors"
	"time"
)

// ensurePoll is how often Ensure looks whether the order has got further.
const ensurePoll = 100 * time.Millisecond

// Ensure takes an order over like Push, now, and waits until it is acknowledged or parked, or ctx ends; the record is where
// it stands then. An order that is not done by that time goes on behind the answer. With the store down and Merchant.Inline it
// is taken over at once, as by Push, but for the wait.
func (m *Machine) Ensure(ctx context.Context, k Key) (Record, error) {
	t, err := m.owner(k)
	if err != nil {
		return Record{}, err
	}
	m.written(ctx, t, k) // as for a push
	rec, err := m.enqueue(ctx, t, k, Nudge{Hurry: true}, ByEnsure)
	if errors.Is(err, ErrDown) && t.current.Load().Inline {
		return m.takeInline(ctx, t, k, false)
	}
	if err != nil {
		return rec, err
	}
	for rec.State != Acked && rec.State != Parked && sleep(ctx, ensurePoll, nil) {
		next, err := m.o.Store.Get(ctx, k)
		switch {
		case errors.Is(err, ErrNotFound): // forgotten, or lost
			return rec, nil
		case err != nil && ctx.Err() == nil:
			return rec, err
		case err == nil:
			rec = next
		}
	}
	return rec, nil
}
