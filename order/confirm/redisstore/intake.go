package redisstore

import (
	"context"

	"github.com/kvitto/kvitto/order/confirm"
)

// Enqueue makes or changes a record.
func (s *Store) Enqueue(ctx context.Context, k confirm.Key, n confirm.Nudge) (confirm.Record, error) {
	t, err := s.told(ctx, "enqueue", k, append([]any{flag(n.Hurry)}, works(n.Work)...)...)
	return t.record, err
}

// Due lists what is due.
func (s *Store) Due(ctx context.Context, merchant string, limit int) ([]string, error) {
	v, err := s.run(ctx, "due", []string{prefix(merchant) + "due"}, max(limit, 0))
	if err != nil {
		return nil, err
	}
	return texts("due", v)
}

// told runs a script that tells of the record.
func (s *Store) told(ctx context.Context, name string, k confirm.Key, args ...any) (told, error) {
	words, err := s.order(ctx, name, k, args...)
	if err != nil {
		return told{}, err
	}
	t, err := decode(k, words)
	if err != nil {
		return told{}, unusable(name, err)
	}
	return t, nil
}
