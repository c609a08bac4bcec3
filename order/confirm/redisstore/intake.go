package redisstore

import (
	"context"
	"crypto/rand"

	"github.com/kvitto/kvitto/order/confirm"
)

// Enqueue makes or changes a record.
func (s *Store) Enqueue(ctx context.Context, k confirm.Key, n confirm.Nudge) (confirm.Record, bool, error) {
	word := rand.Text()
	t, err := s.told(ctx, "enqueue", k, append([]any{flag(n.Hurry), flag(n.Vouched), word}, works(n.Work)...)...)
	return t.record, t.made == word, err
}

// Due lists what is due.
func (s *Store) Due(ctx context.Context, merchant string, limit int) (confirm.Due, error) {
	v, err := s.run(ctx, "due", dueKeys(merchant), max(limit, 0))
	if err != nil {
		return confirm.Due{}, err
	}
	both, ok := v.([]any)
	if !ok || len(both) != 2 {
		return confirm.Due{}, odd("due", v)
	}
	var d confirm.Due
	if d.Trusted, err = texts("due", both[0]); err == nil {
		d.Others, err = texts("due", both[1])
	}
	return d, err
}

func dueKeys(merchant string) []string {
	return []string{prefix(merchant) + "due", othersKey(merchant)}
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
