package boltstore

import (
	"context"
	"slices"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// Enqueue makes a record where there is none and returns it as it is now.
func (s *Store) Enqueue(ctx context.Context, k confirm.Key, n confirm.Nudge) (r confirm.Record, made bool, err error) {
	err = s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.ensure(k)
		if err != nil {
			return err
		}
		made = e.was.bucket == ""
		e.Vouched = e.Vouched || n.Vouched
		e.open(sh.now, n.Work)
		if e.State != confirm.Parked && !e.Done() && (e.Due.IsZero() || n.Hurry && !e.leased(sh.now) && e.Due.After(sh.now)) {
			e.Due = sh.now
		}
		r = e.Record
		return sh.save(e)
	})
	if err != nil { // r may be written yet, see change
		return confirm.Record{}, false, err
	}
	return r, made, nil
}

// Due lists orders that are due by now, the longest due first.
func (s *Store) Due(ctx context.Context, merchant string, limit int) (confirm.Due, error) {
	var d confirm.Due
	err := s.look(ctx, merchant, func(sh *shelf) (err error) {
		if d.Trusted, err = sh.due(dueBucket, limit); err == nil {
			d.Others, err = sh.due(otherBucket, limit)
		}
		return err
	})
	return d, err
}

// due lists what is due of a queue.
func (sh *shelf) due(queue string, limit int) (ids []string, err error) {
	index, err := sh.within(queue)
	if err != nil || index == nil {
		return nil, err
	}
	c := index.Cursor()
	for key, _ := c.First(); key != nil && len(ids) < limit; key, _ = c.Next() {
		at, order, err := unindexed(key)
		if err != nil {
			return nil, err
		}
		if at.After(sh.now) {
			break
		}
		ids = append(ids, order)
	}
	return ids, nil
}

// ensure finds a record or makes one, which is not saved yet.
func (sh *shelf) ensure(k confirm.Key) (*entry, error) {
	e, err := sh.find(k.Order)
	if !isNotFound(err) {
		return e, err
	}
	return &entry{Record: confirm.Record{Key: k, State: confirm.Pending, Seen: sh.now, First: sh.now, Due: sh.now}}, nil
}

// leased reports whether somebody's lease lasts.
func (e *entry) leased(now time.Time) bool { return now.Before(e.LeaseUntil) }

// open opens work that is neither open nor closed; a done record begins anew with it.
func (e *entry) open(now time.Time, work []confirm.Work) {
	done := e.Done()
	for _, w := range confirm.AllWork() {
		if slices.Contains(work, w) && !slices.Contains(e.Closed, w) {
			e.Open = with(e.Open, w)
		}
	}
	if done && !e.Done() {
		e.First, e.Due, e.Attempts, e.lapses = now, now, 0, time.Time{}
	}
}

// with adds work to a set, in the order of AllWork.
func with(set []confirm.Work, w confirm.Work) []confirm.Work {
	if slices.Contains(set, w) {
		return set
	}
	all := confirm.AllWork()
	set = append(slices.Clip(set), w)
	slices.SortFunc(set, func(a, b confirm.Work) int { return slices.Index(all, a) - slices.Index(all, b) })
	return set
}

// rest ends the lease; the order is due at a time, or not at all.
func (e *entry) rest(due time.Time) { e.owner, e.LeaseUntil, e.Due = "", time.Time{}, due }

// retire begins the end of a record's life where nothing is left to do.
func (e *entry) retire(now time.Time) {
	if e.Done() && e.lapses.IsZero() {
		e.rest(time.Time{})
		e.lapses = now.Add(confirm.Life)
	}
}
