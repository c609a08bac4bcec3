package redisstore

import (
	"context"

	"github.com/kvitto/kvitto/order/confirm"
)

// Park sets an order aside.
func (s *Store) Park(ctx context.Context, k confirm.Key, w confirm.Why) error {
	_, err := s.order(ctx, "park", k, w.Reason, w.Fault, flag(w.Known))
	return err
}

// Release brings it back.
func (s *Store) Release(ctx context.Context, k confirm.Key) error {
	_, err := s.order(ctx, "release", k)
	return err
}

// Forget drops the record of an order that nobody has seen.
func (s *Store) Forget(ctx context.Context, k confirm.Key, attempt string) error {
	_, err := s.order(ctx, "forget", k, attempt)
	return err
}

// Discard drops it for a person.
func (s *Store) Discard(ctx context.Context, k confirm.Key) error {
	_, err := s.order(ctx, "discard", k)
	return err
}
