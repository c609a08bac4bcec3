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
	mu     sync.Mutex
	ids    map[string]time.Time // when to ask
	latest map[string]struct{}  // whose validation was approved here
	before map[string]struct{}  // the same, the filling before
}

// maxValidated is how many orders, at least, are remembered for having been validated here.
const maxValidated = 4096

// Expect remembers an order whose validation was approved: it comes before those that anybody may have made up, and where no
// push comes it is asked for. It never blocks.
func (m *Machine) Expect(k Key) {
	t, err := m.owner(k)
	if err != nil {
		return // not one of ours
	}
	t.expected.approve(k.Order)
	after := t.current.Load().Expect
	if after <= 0 {
		return
	}
	t.expected.remember(k.Order, m.o.Now().Add(after))
}

// approve remembers that an order was validated here.
func (e *expected) approve(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.latest) >= maxValidated {
		e.before, e.latest = e.latest, nil
	}
	if e.latest == nil {
		e.latest = map[string]struct{}{}
	}
	e.latest[id] = struct{}{}
}

func (e *expected) validated(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, now := e.latest[id]
	_, before := e.before[id]
	return now || before
}

// remember has an order asked for at a time, unless there is no room for it.
func (e *expected) remember(id string, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ids == nil {
		e.ids = map[string]time.Time{}
	}
	if _, ok := e.ids[id]; ok || len(e.ids) < maxExpected {
		e.ids[id] = at
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

// expecting asks for what is expected until ctx ends. It has a loop of its own: a provider that does not answer must not keep
// the recovery waiting.
func (m *Machine) expecting(ctx context.Context, t *tenant) {
	for sleep(ctx, m.o.Jitter(m.o.Poll), nil) {
		for _, id := range t.expected.take(m.o.Now()) {
			if !m.askExpected(ctx, t, Key{t.id, id}) {
				t.expected.remember(id, m.o.Now().Add(expectedAgain))
			}
		}
	}
}

// expectedAgain is when an expected order is asked for again where nobody answered.
const expectedAgain = time.Minute

// askExpected enqueues an order that the provider shows and of which nobody has told us. It reports whether somebody knew.
func (m *Machine) askExpected(ctx context.Context, t *tenant, k Key) bool {
	switch rec, err := m.o.Store.Get(ctx, k); {
	case err == nil && !rec.Trusted(): // another replica had its push
		_, _, err := m.o.Store.Enqueue(ctx, k, Nudge{Vouched: true})
		return err == nil
	case err == nil:
		return true
	case !errors.Is(err, ErrNotFound):
		return false
	}
	pass, ok := t.pace.enter()
	if !ok {
		return false
	}
	x := t.current.Load()
	err := askOnce(ctx, x, k)
	unknown := errors.Is(err, management.ErrNotFound)
	t.pace.leave(pass, err == nil || unknown)
	if err != nil {
		m.pause(t, x, reasonOf(err), err)
		return unknown // the buyer gave up
	}
	_, err = m.enqueue(ctx, t, k, Nudge{}, ByExpected)
	return err == nil
}

func askOnce(ctx context.Context, x *Merchant, k Key) error {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	o, err := x.Provider.Order(ctx, k.Order)
	if err != nil {
		return err
	}
	return checkOrder(o, k)
}
