package redisstore

import (
	"context"
	"strconv"

	"github.com/kvitto/kvitto/order/confirm"
)

// Prepare freezes a body.
func (s *Store) Prepare(
	ctx context.Context, k confirm.Key, attempt string, p confirm.Prepared,
) (confirm.Prepared, error) {
	args := append([]any{attempt, p.SHA, p.Body, number(p.Revision)}, works(p.Work)...)
	words, err := s.order(ctx, "prepare", k, args...)
	if err != nil {
		return confirm.Prepared{}, err
	}
	if len(words) == 0 {
		return p, nil
	}
	if len(words) < 3 {
		return confirm.Prepared{}, odd("prepare", words)
	}
	out := confirm.Prepared{SHA: words[1]}
	if out.Revision, err = strconv.Atoi(words[2]); err != nil {
		return confirm.Prepared{}, odd("prepare", words[2])
	}
	if len(words) == 4 {
		out.Body = []byte(words[3])
	}
	return out, nil
}

// Handed records that the sink has the body.
func (s *Store) Handed(ctx context.Context, k confirm.Key, sha string, r confirm.Receipt) error {
	_, err := s.order(ctx, "handed", k, sha, r.Text, r.Reference1, r.Reference2)
	return err
}

// Acked records the acknowledgement.
func (s *Store) Acked(ctx context.Context, k confirm.Key) error {
	_, err := s.order(ctx, "acked", k)
	return err
}

// Finish closes work.
func (s *Store) Finish(ctx context.Context, k confirm.Key, w confirm.Work, o confirm.Outcome) error {
	_, err := s.order(ctx, "finish", k, string(w), string(o))
	return err
}
