package boltstore

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/order/confirm"
)

// Get reads a record.
func (s *Store) Get(ctx context.Context, k confirm.Key) (confirm.Record, error) {
	var r confirm.Record
	err := s.look(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		if err == nil {
			r = e.Record
		}
		return err
	})
	return r, err
}

// List shows a page of the orders that are not done, by order id.
func (s *Store) List(ctx context.Context, merchant string, p confirm.Page) ([]confirm.Record, error) {
	var records []confirm.Record
	limit := min(max(p.Limit, 1), 1000)
	err := s.look(ctx, merchant, func(sh *shelf) error {
		return sh.each(openBucket, p.After, func(e *entry) error {
			if p.Wants(&e.Record) {
				records = append(records, e.Record)
			}
			if len(records) == limit {
				return errEnough
			}
			return nil
		})
	})
	return records, err
}

// Stats counts the orders that are not done.
func (s *Store) Stats(ctx context.Context, merchant string) (confirm.Stats, error) {
	stats := confirm.Stats{States: make(map[confirm.State]int64, 4)}
	err := s.look(ctx, merchant, func(sh *shelf) error {
		return sh.each(openBucket, "", func(e *entry) error {
			stats.States[e.State]++
			switch {
			case *e.level() == confirm.Acked:
			case e.Unknown():
				stats.Unknown++
				stats.OldestUnknown = max(stats.OldestUnknown, sh.now.Sub(e.First))
			default:
				stats.Oldest = max(stats.Oldest, sh.now.Sub(e.First))
			}
			return nil
		})
	})
	return stats, err
}

// errEnough ends a walk.
var errEnough = errors.New("enough")

// each walks through the records of a bucket after an order id, by id, until an error; errEnough is none.
func (sh *shelf) each(bucket, after string, do func(*entry) error) error {
	b, err := sh.within(bucket)
	if err != nil || b == nil {
		return err
	}
	c := b.Cursor()
	key, raw := c.Seek([]byte(after))
	if after != "" && string(key) == after {
		key, raw = c.Next()
	}
	for ; key != nil; key, raw = c.Next() {
		e, err := sh.decoded(bucket, string(key), raw)
		if err != nil {
			return err
		}
		if err := do(e); err != nil {
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		}
	}
	return nil
}

// Epoch names the data of the merchant, and makes the name where there is none.
func (s *Store) Epoch(ctx context.Context, merchant string) (confirm.Epoch, error) {
	var e confirm.Epoch
	known := func(sh *shelf) (err error) {
		e, err = sh.epoch()
		return err
	}
	if err := s.look(ctx, merchant, known); err != nil || e.ID != "" {
		return e, err
	}
	err := s.change(ctx, merchant, func(sh *shelf) error {
		if err := known(sh); err != nil || e.ID != "" {
			return err
		}
		e = confirm.Epoch{ID: rand.Text(), Began: sh.now, New: true}
		return sh.setEpoch(e)
	})
	if err != nil { // e may be written yet, see change
		return confirm.Epoch{}, err
	}
	return e, nil
}

// epoch is zero where there is none.
func (sh *shelf) epoch() (confirm.Epoch, error) {
	if sh.bucket == nil {
		return confirm.Epoch{}, nil
	}
	raw := sh.bucket.Get([]byte(epochKey))
	if raw == nil {
		return confirm.Epoch{}, nil
	}
	if len(raw) < 9 {
		return confirm.Epoch{}, fmt.Errorf("%w (merchant %s: its epoch is cut short)", ErrDamaged, sh.merchant)
	}
	return confirm.Epoch{ID: string(raw[8:]), Began: moment(int64(binary.BigEndian.Uint64(raw)))}, nil
}

func (sh *shelf) setEpoch(e confirm.Epoch) error {
	if _, err := sh.within(openBucket); err != nil { // makes the merchant's bucket
		return err
	}
	sh.dirty = true
	raw := append(binary.BigEndian.AppendUint64(nil, uint64(max(e.Began.UnixMilli(), 0))), e.ID...)
	return sh.bucket.Put([]byte(epochKey), raw)
}
