package confirm

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
)

// Movable is a store whose orders can move.
type Movable interface {
	Store
	Mover
}

// Move brings orders from one store into another and proves that they arrived. Nothing may work on them meanwhile. What it
// finds there already, from a move that broke off, it leaves alone; the store that they come from is not changed.
type Move struct {
	From, To         Movable
	FromSeal, ToSeal Seal // of frozen bodies: one that ToSeal cannot open is sealed again
}

// Moved is how many orders of a merchant there were.
type Moved struct {
	Orders int // all of them
	Before int // of these: were there already
}

// Merchant moves the orders of one merchant, done ones included, and its epoch. ErrExists where an order has a record there
// that differs; none is overwritten.
func (m Move) Merchant(ctx context.Context, merchant string) (Moved, error) {
	before, err := m.there(ctx, merchant)
	if err != nil {
		return Moved{}, err
	}
	var done Moved
	want := make(map[string]digest)
	err = m.From.Dump(ctx, merchant, func(s Snapshot) error {
		if s.Body, err = m.sealed(s.Key, s.Body); err != nil {
			return fmt.Errorf("order %s: %w", s.Order, err)
		}
		d, err := m.digest(s)
		if err != nil {
			return err
		}
		want[s.Order] = d
		done.Orders++
		if have, ok := before[s.Order]; ok {
			if have != d {
				return fmt.Errorf("order %s: %w", s.Order, ErrExists)
			}
			done.Before++
			return nil
		}
		if err := m.To.Load(ctx, s); err != nil {
			return fmt.Errorf("order %s: %w", s.Order, err)
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	if err := m.prove(ctx, merchant, want); err != nil {
		return done, err
	}
	return done, m.epoch(ctx, merchant)
}

// prove reads back what was written.
func (m Move) prove(ctx context.Context, merchant string, want map[string]digest) error {
	after, err := m.there(ctx, merchant)
	if err != nil {
		return err
	}
	for order, d := range want {
		have, ok := after[order]
		if !ok { // unless its life ended meanwhile
			if _, err := m.From.Get(ctx, Key{merchant, order}); errors.Is(err, ErrNotFound) {
				continue
			}
			return fmt.Errorf("order %s: it did not arrive", order)
		}
		if have != d {
			return fmt.Errorf("order %s: it arrived changed", order)
		}
	}
	return nil
}

// epoch makes the older of two epochs that of the store.
func (m Move) epoch(ctx context.Context, merchant string) error {
	from, err := m.From.Epoch(ctx, merchant)
	if err != nil {
		return err
	}
	to, err := m.To.Epoch(ctx, merchant)
	if err != nil || to.ID == from.ID || !to.New && to.Began.Before(from.Began) {
		return err
	}
	return m.To.Adopt(ctx, merchant, from)
}

// sealed is a body as the other store is to have it.
func (m Move) sealed(k Key, body []byte) ([]byte, error) {
	if len(body) == 0 || (body[0] == sealPlain) == (len(m.ToSeal.keys) == 0) {
		if _, err := m.ToSeal.open(k, body); len(body) == 0 || err == nil {
			return body, nil
		}
	}
	plain, err := m.FromSeal.open(k, body)
	if err != nil {
		if plain, err = m.ToSeal.open(k, body); err != nil {
			return nil, err
		}
	}
	return m.ToSeal.close(k, plain), nil
}

// digest stands for a snapshot, with its body in clear: sealing the same twice gives different bytes.
type digest [sha256.Size]byte

func (m Move) digest(s Snapshot) (d digest, err error) {
	if len(s.Body) > 0 {
		if s.Body, err = m.ToSeal.open(s.Key, s.Body); err != nil {
			return d, fmt.Errorf("order %s: %w", s.Order, err)
		}
	}
	s.First, s.Due, s.AckedAt, s.Lapses = s.First.UTC(), s.Due.UTC(), s.AckedAt.UTC(), s.Lapses.UTC()
	if len(s.Open) == 0 {
		s.Open = nil
	}
	if len(s.Closed) == 0 {
		s.Closed = nil
	}
	raw, err := json.Marshal(s)
	return sha256.Sum256(raw), err
}

// there are the orders that the store has which they move to.
func (m Move) there(ctx context.Context, merchant string) (map[string]digest, error) {
	all := make(map[string]digest)
	err := m.To.Dump(ctx, merchant, func(s Snapshot) error {
		d, err := m.digest(s)
		all[s.Order] = d
		return err
	})
	return all, err
}
