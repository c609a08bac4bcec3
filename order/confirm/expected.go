package confirm

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kvitto/kvitto/order/management"
)

// maxExpected is how many orders of a merchant are remembered from their validation.
const maxExpected = 10_000

// expected are orders that were seen at their validation: where no push follows, the provider is asked. It is best effort and
// in memory, since most of them are given up by the buyer.
type expected struct {
	mu  sync.Mutex
	ids map[string]time.Time // when to ask
}

// Expect remembers an order whose validation was approved. It never blocks.
func (m *Machine) Expect(k Key) {
	t, err := m.tenant(k.Merchant)
	if err != nil {
		return // not one of ours
	}
	after := t.current.Load().Expect
	if after <= 0 {
		return
	}
	t.expected.mu.Lock()
	defer t.expected.mu.Unlock()
	if t.expected.ids == nil {
		t.expected.ids = map[string]time.Time{}
	}
	if _, ok := t.expected.ids[k.Order]; ok || len(t.expected.ids) < maxExpected {
		t.expected.ids[k.Order] = m.o.Now().Add(after)
	}
}

// take removes and returns the ids whose time has come, at most a batch.
func (e *expected) take(now time.Time) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var due []string
	for id, at := range e.ids {
		if !now.Before(at) && len(due) < dueBatch {
			due = append(due, id)
			delete(e.ids, id)
		}
	}
	return due
}

// askExpected enqueues orders that the provider shows and of which nobody has told us.
func (m *Machine) askExpected(ctx context.Context, t *tenant) {
	for _, id := range t.expected.take(m.o.Now()) {
		k := Key{t.id, id}
		if _, err := m.o.Store.Get(ctx, k); !errors.Is(err, ErrNotFound) {
			continue // known, or the store is down: the provider's pushes are left
		}
		if _, err := m.askOnce(ctx, t, k); err == nil {
			_, _ = m.enqueue(ctx, t, k, Nudge{}, ByExpected) // a store that is down was told by enqueue itself
		}
	}
}

func (m *Machine) askOnce(ctx context.Context, t *tenant, k Key) (*management.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	o, err := t.current.Load().Provider.Order(ctx, k.Order)
	if err != nil {
		return nil, err
	}
	return o, checkOrder(o, k)
}
