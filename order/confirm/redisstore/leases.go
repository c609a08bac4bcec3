package redisstore

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// Claim takes the lease.
func (s *Store) Claim(
	ctx context.Context, k confirm.Key, attempt string, lease time.Duration,
) (confirm.Record, time.Duration, error) {
	t, err := s.told(ctx, "claim", k, attempt, millis(lease))
	if err != nil {
		return confirm.Record{}, 0, err
	}
	return t.record, t.now.Sub(t.record.First), nil
}

// Renew extends the lease.
func (s *Store) Renew(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) error {
	_, err := s.order(ctx, "renew", k, attempt, millis(lease))
	return err
}

// Fail ends the lease with a fault.
func (s *Store) Fail(ctx context.Context, k confirm.Key, attempt string, w confirm.Why, delay time.Duration) error {
	_, err := s.order(ctx, "fail", k, attempt, w.Reason, millis(delay), w.Fault, flag(w.Known))
	return err
}

// Yield ends the lease without one.
func (s *Store) Yield(ctx context.Context, k confirm.Key, attempt string) error {
	_, err := s.order(ctx, "yield", k, attempt)
	return err
}
