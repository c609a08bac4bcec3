package boltstore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/kvitto/kvitto/order/confirm"
)

// Bounds of one transaction.
const (
	mostOps  = 256
	mostEnds = 8 // records of a merchant that are dropped at the end of their life
)

// op is a change that waits for the writer. do may run more than once, and has changed nothing where it returns an error
// that is an answer.
type op struct {
	ctx      context.Context
	merchant string
	do       func(*shelf) error
	answer   error
	done     chan struct{}
}

// change runs do in a transaction that is on the disk when change returns. Changes that wait at the same time share it. After
// an error do may still run, so the caller must not look at what it sets.
func (s *Store) change(ctx context.Context, merchant string, do func(*shelf) error) error {
	if _, err := s.opened(ctx); err != nil {
		return err
	}
	o := &op{ctx: ctx, merchant: merchant, do: do, done: make(chan struct{})}
	select {
	case s.ops <- o:
	case <-ctx.Done():
		return down(ctx.Err())
	case <-s.closing:
		return down(ErrClosed)
	}
	select {
	case <-o.done:
		return o.answer
	case <-ctx.Done(): // it may happen yet
		return down(ctx.Err())
	}
}

// writing is the only writer: it takes what waits, and while that is synced the next ones gather. So a lone change waits
// for nobody.
func (s *Store) writing() {
	batch := make([]*op, 0, mostOps)
	for {
		select {
		case o := <-s.ops:
			batch = s.gather(append(batch[:0], o))
			s.commit(batch)
			clear(batch)
		case <-s.closing:
			return
		}
	}
}

func (s *Store) gather(batch []*op) []*op {
	for len(batch) < mostOps {
		select {
		case o := <-s.ops:
			batch = append(batch, o)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction; where one of them cannot be done, each in its own.
func (s *Store) commit(batch []*op) {
	err := guarded(s.path, func() error { return s.transact(batch) })
	if err != nil && len(batch) > 1 {
		for i := range batch {
			s.commit(batch[i : i+1])
		}
		return
	}
	for _, o := range batch {
		if err != nil {
			o.answer = down(fmt.Errorf("%s: %w", s.path, err))
		}
		close(o.done)
	}
}

// transact fails as a whole, or not at all.
func (s *Store) transact(batch []*op) error {
	tx, err := s.db.Begin(true)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // says only that it is over
	now, dirty := s.clock(), false
	var merchants []string
	for _, o := range batch {
		if o.answer = o.ctx.Err(); o.answer != nil {
			o.answer = down(o.answer)
			continue
		}
		sh := shelfOf(tx, o.merchant, now)
		if o.answer = o.do(sh); o.answer != nil && !isAnswer(o.answer) {
			return o.answer
		}
		if sh.dirty && !slices.Contains(merchants, o.merchant) {
			merchants = append(merchants, o.merchant)
		}
		dirty = dirty || sh.dirty
	}
	if !dirty {
		return nil
	}
	for _, m := range merchants {
		if err := shelfOf(tx, m, now).sweep(mostEnds); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// isAnswer tells what the store has to say from what keeps it from answering.
func isAnswer(err error) bool {
	for _, a := range []error{confirm.ErrNotFound, confirm.ErrBusy, confirm.ErrStale, confirm.ErrConflict, confirm.ErrParked,
		confirm.ErrDone, confirm.ErrExists} {
		if errors.Is(err, a) {
			return true
		}
	}
	return false
}

// look runs do in a reading transaction, beside the writer.
func (s *Store) look(ctx context.Context, merchant string, do func(*shelf) error) error {
	db, err := s.opened(ctx)
	if err != nil {
		return err
	}
	var answer error // of do
	err = guarded(s.path, func() error {
		return db.View(func(tx *bbolt.Tx) error {
			answer = do(shelfOf(tx, merchant, s.clock()))
			return nil
		})
	})
	switch {
	case err != nil:
		return down(fmt.Errorf("%s: %w", s.path, err))
	case answer != nil && errors.Is(answer, ErrDamaged):
		return down(fmt.Errorf("%s: %w", s.path, answer))
	default:
		return answer
	}
}
