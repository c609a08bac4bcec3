package confirm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// inlineWait is how long a push waits for an order that is taken over without the store.
const inlineWait = 900 * time.Millisecond

// errNeedsStore is an order with work after its acknowledgement, which only a store remembers.
var errNeedsStore = errors.New("what is left to do with this order needs the store")

// inline are the orders of a merchant that are taken over without the store: one attempt each.
type inline struct {
	mu      sync.Mutex
	running map[string]chan struct{} // closed at the end
	done    map[string]time.Time     // acknowledged, and when
}

const maxInlineDone = 1000 // ids that are remembered, so that a burst of duplicates is handed over once

// takeInline reads, hands over and acknowledges an order while the store is down. The work goes on where ctx ends first: ErrDown
// then, and the next push comes again.
func (m *Machine) takeInline(ctx context.Context, t *tenant, k Key, stranger bool) (Record, error) {
	done, known := m.inlineRun(t, k, stranger)
	if !known {
		return Record{}, fmt.Errorf("%w: and no room to take the order over without it", ErrDown)
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
	t.inline.mu.Lock()
	defer t.inline.mu.Unlock()
	if _, ok := t.inline.done[k.Order]; ok {
		return Record{Key: k, State: Acked}, nil
	}
	return Record{}, fmt.Errorf("%w: the order was not taken over without it in time", ErrDown)
}

// inlineRun starts the work on an order, or finds it running or done; ok is false where there is no room.
func (m *Machine) inlineRun(t *tenant, k Key, stranger bool) (done <-chan struct{}, ok bool) {
	t.inline.mu.Lock()
	defer t.inline.mu.Unlock()
	if c := t.inline.running[k.Order]; c != nil {
		return c, true
	}
	c := make(chan struct{})
	if _, ok := t.inline.done[k.Order]; ok {
		close(c)
		return c, true
	}
	if !m.inlineLaunch(t, k, c, stranger) {
		return nil, false // or an attempt has it in hand
	}
	if t.inline.running == nil {
		t.inline.running, t.inline.done = map[string]chan struct{}{}, map[string]time.Time{}
	}
	t.inline.running[k.Order] = c
	return c, true
}

func (m *Machine) inlineLaunch(t *tenant, k Key, c chan struct{}, stranger bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, running := m.running[k]; m.stopped || running {
		return false
	}
	if !t.seats.take(stranger) {
		return false
	}
	pass, ok := t.pace.enter()
	if !ok { // the provider is left alone
		t.seats.give(stranger)
		return false
	}
	m.running[k] = &job{stranger: stranger}
	m.working.Go(func() {
		err := m.inlineAttempt(t, k, pass)
		m.mu.Lock()
		m.ended(t, k)
		m.mu.Unlock()
		t.inline.mu.Lock()
		defer t.inline.mu.Unlock()
		delete(t.inline.running, k.Order)
		if err == nil {
			t.inline.remember(k.Order, m.o.Now())
		}
		close(c)
	})
	return true
}

// written tells the store of an order that was acknowledged without it, before a late duplicate makes a record and has it handed
// over again.
func (m *Machine) written(ctx context.Context, t *tenant, k Key) {
	t.inline.mu.Lock()
	_, done := t.inline.done[k.Order]
	t.inline.mu.Unlock()
	if done && m.o.Store.Acked(ctx, k) == nil {
		t.inline.mu.Lock()
		delete(t.inline.done, k.Order)
		t.inline.mu.Unlock()
	}
}

// remember forgets the oldest ids where there are too many.
func (l *inline) remember(id string, at time.Time) {
	l.done[id] = at
	if len(l.done) <= maxInlineDone {
		return
	}
	oldest := id
	for other, t := range l.done {
		if t.Before(l.done[oldest]) {
			oldest = other
		}
	}
	delete(l.done, oldest)
}

// inlineAttempt hands an order over and acknowledges it. There is no lease and no frozen body: another replica may do the
// same, with the same event id.
func (m *Machine) inlineAttempt(t *tenant, k Key, pass ticket) error {
	a := &attempt{m: m, t: t, x: t.current.Load(), k: k, rec: Record{State: Pending}, id: newAttempt(), storeless: true}
	defer func() { t.pace.leave(pass, a.talked) }()
	a.holds(m.o.Now())
	err := a.guard(m.base, a.workInline)
	if err != nil {
		why := reasonOf(err)
		m.pause(t, a.x, why, err)
		a.tell(Change{Step: StepFailed, From: a.rec.State, To: a.rec.State, Reason: why, Err: err})
	}
	return err
}

func (a *attempt) workInline(ctx context.Context) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	a.rec.Seen = a.m.o.Now()
	switch {
	case a.stale(o):
		return &parking{reason: ReasonStale}
	case len(a.workOf(o)) > 0:
		return errNeedsStore
	}
	revision := a.t.revision(o.CreatedAt)
	body, err := confirmedBody(a.x, o, a.consents(ctx), revision)
	if err != nil {
		return err
	}
	taken, err := a.ask(ctx, event(a.k, rules.OrderConfirmed, 0, a.m.o.Now(), body))
	if err != nil {
		return err
	}
	a.tell(Change{Step: StepHanded, From: Pending, To: Handed, SHA: shaOf(body), Revision: revision,
		Receipt: clipBytes(taken.Receipt), Repeated: true})
	a.rec.State = Handed
	if err := a.referencesInline(ctx, taken); err != nil {
		return err
	}
	return a.acknowledge(ctx, receipt{a.k})
}

// referencesInline sets references before the acknowledgement: afterwards nobody would remember them.
func (a *attempt) referencesInline(ctx context.Context, taken rules.Taken) error {
	r := management.References{Reference1: clip(taken.Reference1), Reference2: clip(taken.Reference2)}
	if r == (management.References{}) {
		return nil
	}
	_, err := call(ctx, a, ackTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.x.Provider.SetReferences(ctx, a.k.Order, r, a.key("references"))
	})
	if errors.Is(err, management.ErrNotAllowed) {
		return nil
	}
	return err
}
