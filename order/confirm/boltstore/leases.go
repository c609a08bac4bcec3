package boltstore

import (
	"context"
	"errors"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

func isNotFound(err error) bool { return errors.Is(err, confirm.ErrNotFound) }

// Claim takes the lease.
func (s *Store) Claim(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) (confirm.Record, time.Duration, error) {
	var r confirm.Record
	var age time.Duration
	err := s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		switch {
		case err != nil:
			return err
		case e.State == confirm.Parked:
			return confirm.ErrParked
		case e.Done():
			return confirm.ErrDone
		case e.leased(sh.now) && e.owner != attempt:
			return confirm.ErrBusy
		case !e.leased(sh.now):
			e.owner = attempt
			e.Token++
			e.lease(sh.now, lease)
		}
		r, age = e.Record, sh.now.Sub(e.First)
		return sh.save(e)
	})
	if err != nil {
		return confirm.Record{}, 0, err
	}
	return r, age, nil
}

// lease makes the lease end after d; the order is due then. Part of a millisecond counts as one.
func (e *entry) lease(now time.Time, d time.Duration) {
	e.LeaseUntil = after(now, d)
	e.Due = e.LeaseUntil
}

// after is a time in whole milliseconds, not before now.
func after(now time.Time, d time.Duration) time.Time {
	return now.Add((max(d, 0) + time.Millisecond - 1).Truncate(time.Millisecond))
}

// Renew extends the lease from now.
func (s *Store) Renew(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) error {
	return s.held(ctx, k, attempt, func(sh *shelf, e *entry) { e.lease(sh.now, lease) })
}

// Fail ends the lease and counts the attempt.
func (s *Store) Fail(ctx context.Context, k confirm.Key, attempt string, w confirm.Why, delay time.Duration) error {
	return s.held(ctx, k, attempt, func(sh *shelf, e *entry) {
		e.rest(after(sh.now, delay))
		e.Attempts++
		e.say(w)
	})
}

// Yield ends the lease without a fault.
func (s *Store) Yield(ctx context.Context, k confirm.Key, attempt string) error {
	return s.held(ctx, k, attempt, func(sh *shelf, e *entry) { e.rest(sh.now) })
}

// held changes a record whose lease is the attempt's.
func (s *Store) held(ctx context.Context, k confirm.Key, attempt string, do func(*shelf, *entry)) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		if err != nil {
			return err
		}
		if !e.holds(attempt) {
			return confirm.ErrStale
		}
		do(sh, e)
		return sh.save(e)
	})
}

// holds reports whether the lease, run out or not, is the attempt's.
func (e *entry) holds(attempt string) bool { return attempt != "" && e.owner == attempt }
