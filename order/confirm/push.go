package confirm

import (
	"context"
	"errors"
	"slices"

	"github.com/kvitto/kvitto/internal/failpoint"
)

// Triggers, for Change.By.
const (
	ByPush         = "push"
	ByWebhook      = "webhook"
	ByNotification = "notification"
	ByEnsure       = "ensure"
	ByExpected     = "expected"
	ByReconcile    = "reconcile"
)

// Push records that an order is said to be complete and begins to work on it behind the answer. The record it returns is
// where the order stands. An error that is ErrDown means that nothing was recorded; with Merchant.Inline the order is then
// taken over at once, and the record says ACKED where that was done in time.
func (m *Machine) Push(ctx context.Context, k Key, by string) (Record, error) {
	return m.push(ctx, k, Nudge{}, by)
}

func (m *Machine) push(ctx context.Context, k Key, n Nudge, by string) (Record, error) {
	t, err := m.owner(k)
	if err != nil {
		return Record{}, err
	}
	m.written(ctx, t, k) // where that fails, so does enqueue
	rec, err := m.enqueue(ctx, t, k, n, by)
	if errors.Is(err, ErrDown) && t.current.Load().Inline {
		ctx, cancel := context.WithTimeout(ctx, inlineWait)
		defer cancel()
		return m.takeInline(ctx, t, k, !t.vouches(k, by))
	}
	return rec, err
}

// vouches reports whether a trigger says more than that somebody knows a token: the order's validation was approved here, or
// the shop, a person, a signature or the provider itself names it.
func (t *tenant) vouches(k Key, by string) bool {
	return by != ByPush && by != ByNotification || t.expected.validated(k.Order)
}

// Notify records that the provider is said to have decided on an order. Nothing is believed before the order was read.
func (m *Machine) Notify(ctx context.Context, k Key, stop bool) (Record, error) {
	t, err := m.owner(k)
	if err != nil {
		return Record{}, err
	}
	n := Nudge{Hurry: true}
	if stop {
		n.Work = []Work{Stop}
	}
	return m.enqueue(ctx, t, k, n, ByNotification)
}

// enqueue records an order and tries to work on it at once.
func (m *Machine) enqueue(ctx context.Context, t *tenant, k Key, n Nudge, by string) (Record, error) {
	why := reason{since: m.mark(t), hurry: n.Hurry}
	n.Vouched = t.vouches(k, by)
	rec, made, err := m.o.Store.Enqueue(ctx, k, n)
	m.storeWrote(t, err)
	if err != nil {
		return rec, err
	}
	failpoint.At(failpoint.AfterEnqueue)
	c := Change{Key: k, Step: StepEnqueued, To: rec.State, Token: rec.Token, By: by}
	if !made {
		c.From = rec.State
	}
	if err := m.tell(c); err != nil {
		return rec, err
	}
	if rec.State != Parked && !rec.Done() && (rec.Attempts == 0 || n.Hurry) {
		why.stranger = !rec.Trusted()
		m.try(t, k, why)
	}
	return rec, nil
}

// open reports whether work is left to do in a record.
func (r *Record) open(w Work) bool { return slices.Contains(r.Open, w) }
