package confirm

import (
	"context"
	"time"
)

const (
	dueBatch  = 64
	epochSeen = 10 * time.Second // how often the store is asked whether it still is the one it was
)

// recover works on what is due until ctx ends: what a push found no room for, what failed, what a dead replica left.
func (m *Machine) recover(ctx context.Context, t *tenant) {
	var checked time.Time
	for {
		if now := m.o.Now(); checked.IsZero() || now.Sub(checked).Abs() >= epochSeen {
			if m.checkEpoch(ctx, t) {
				checked = now
			}
		}
		m.storeRead(t, m.drain(ctx, t))
		if !sleep(ctx, m.o.Jitter(m.o.Poll), t.seats.wake) {
			return
		}
	}
}

// sleep ends after d, or once it is woken; it reports false where ctx ended first.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-wake:
	}
	return true
}

// drain launches what is due, the longest due first, at the pace of the workers.
func (m *Machine) drain(ctx context.Context, t *tenant) error {
	for refused := t.refused.Load(); ; {
		more, err := m.drainBatch(ctx, t, refused)
		if err != nil || !more {
			return err
		}
	}
}

// drainBatch launches a batch, trusted orders first, and reports whether another one should follow: after a full one, only while
// the orders can be claimed, so that neither a store that only reads nor an index that is wrong makes it spin. What was due when
// the batch was read may have been tried and put off since: the batch is not trusted for long.
func (m *Machine) drainBatch(ctx context.Context, t *tenant, refused int64) (more bool, err error) {
	b := &batch{m: m, t: t, refused: refused, since: m.mark(t), read: m.o.Now()}
	d, err := m.o.Store.Due(ctx, t.id, dueBatch)
	if err != nil {
		return false, err
	}
	if whole, more := b.run(ctx, d.Trusted, false); !whole {
		return more, nil
	}
	if whole, more := b.run(ctx, d.Others, true); !whole {
		return more, nil
	}
	full := len(d.Trusted) == dueBatch || len(d.Others) == dueBatch
	return b.launched && full && t.refused.Load() == refused, nil
}

// batch is what was due at one moment.
type batch struct {
	m        *Machine
	t        *tenant
	refused  int64
	since    int64
	read     time.Time
	launched bool
}

// run launches orders at the pace of the workers. Where it breaks off, more says whether to look again at once.
func (b *batch) run(ctx context.Context, ids []string, stranger bool) (whole, more bool) {
	m, t := b.m, b.t
	for _, id := range ids {
		switch t.seats.wait(ctx, stranger, m.o.Poll) {
		case ended:
			return false, false
		case called:
			return false, true
		}
		pass, ok := t.pace.enter()
		old := m.o.Now().Sub(b.read).Abs() > m.o.Poll
		if !ok || old || t.refused.Load() > b.refused+int64(m.o.Workers) {
			t.pace.leave(pass, false)
			t.seats.give(stranger)
			return false, ok && old
		}
		b.launched = m.launch(t, Key{t.id, id}, pass, reason{since: b.since, stranger: stranger}) || b.launched
	}
	return true, false
}

// checkEpoch tells when the store's data is gone. It reports whether the store answered.
func (m *Machine) checkEpoch(ctx context.Context, t *tenant) bool {
	e, err := m.o.Store.Epoch(ctx, t.id)
	if err != nil {
		return false
	}
	before := t.epoch.Swap(&e)
	if e.New || before != nil && before.ID != e.ID {
		m.mention(Change{Key: Key{Merchant: t.id}, Step: StepStoreLost, First: before == nil})
	}
	return true
}

// revision of a body that is frozen now: an order that is older than the store's data may have been handed over before, with
// another body.
func (t *tenant) revision(created time.Time) int {
	if e := t.epoch.Load(); e != nil && !created.IsZero() && created.Before(e.Began) {
		return 2
	}
	return 1
}
