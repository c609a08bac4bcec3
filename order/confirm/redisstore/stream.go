package redisstore

import (
	"context"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/rules"
)

// Stream appends the event of a confirmed order to the merchant's stream and records that it was handed over, in one step.
// The entry has the fields webhook-id, type, order_id, body and attempt.
func (s *Store) Stream(ctx context.Context, k confirm.Key, sha string, e *rules.Event) error {
	_, err := s.worded(ctx, "stream", streamKeys(k), append([]any{k.Order, sha}, entry(e)...))
	return err
}

// StreamWork appends the event of a later decision and closes the work, in one step.
func (s *Store) StreamWork(ctx context.Context, k confirm.Key, w confirm.Work, e *rules.Event) error {
	_, err := s.worded(ctx, "stream_work", streamKeys(k), append([]any{k.Order, string(w)}, entry(e)...))
	return err
}

func entry(e *rules.Event) []any { return []any{e.ID, string(e.Type), e.Body, e.Attempt} }
