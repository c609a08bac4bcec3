package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// Merchants lists the merchants that have anything in the file, by id.
func (s *Store) Merchants(ctx context.Context) ([]string, error) {
	var all []string
	err := s.look(ctx, "", func(sh *shelf) error {
		all = nil
		return sh.tx.Bucket([]byte("merchants")).ForEachBucket(func(name []byte) error {
			all = append(all, string(name))
			return nil
		})
	})
	return all, err
}

// Dump shows every record of a merchant, as of one moment; the file may be written meanwhile.
func (s *Store) Dump(ctx context.Context, merchant string, show func(confirm.Snapshot) error) error {
	return s.look(ctx, merchant, func(sh *shelf) error {
		for _, bucket := range []string{openBucket, doneBucket} {
			err := sh.each(bucket, "", func(e *entry) error {
				if err := ctx.Err(); err != nil {
					return down(err)
				}
				if !e.lapses.IsZero() && !sh.now.Before(e.lapses) {
					return nil
				}
				snap, err := sh.snapshot(e)
				if err != nil {
					return err
				}
				return show(snap)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// snapshot is what travels of a record. A lease does not.
func (sh *shelf) snapshot(e *entry) (confirm.Snapshot, error) {
	body, err := sh.body(e.Order)
	snap := confirm.Snapshot{Record: e.Record, Body: bytes.Clone(body), Lapses: e.lapses}
	snap.LeaseUntil = time.Time{}
	return snap, err
}

// Load makes a record as it was; the life of its body begins anew.
func (s *Store) Load(ctx context.Context, snap confirm.Snapshot) error {
	return s.change(ctx, snap.Merchant, func(sh *shelf) error {
		e, err := sh.find(snap.Order)
		if err == nil {
			return sh.compare(e, snap)
		}
		if !isNotFound(err) || !snap.Lapses.IsZero() && !sh.now.Before(snap.Lapses) {
			return ignoreNotFound(err)
		}
		e = &entry{Record: snap.Record, lapses: snap.Lapses}
		e.LeaseUntil = time.Time{}
		if err := sh.save(e); err != nil || snap.Body == nil {
			return err
		}
		return sh.freeze(snap.Order, snap.Body)
	})
}

func ignoreNotFound(err error) error {
	if isNotFound(err) {
		return nil
	}
	return err
}

// compare holds a stored record against one that is to be loaded.
func (sh *shelf) compare(e *entry, snap confirm.Snapshot) error {
	have, err := sh.snapshot(e)
	if err != nil {
		return err
	}
	mine, theirs := entry{Record: have.Record, lapses: have.Lapses}, entry{Record: snap.Record, lapses: snap.Lapses}
	if !bytes.Equal(encode(&mine), encode(&theirs)) || !bytes.Equal(have.Body, snap.Body) {
		return confirm.ErrExists
	}
	return nil
}

// Adopt makes e the epoch of the merchant.
func (s *Store) Adopt(ctx context.Context, merchant string, e confirm.Epoch) error {
	if e.ID == "" {
		return fmt.Errorf("merchant %s: an epoch without an id", merchant)
	}
	return s.change(ctx, merchant, func(sh *shelf) error {
		have, err := sh.epoch()
		if err != nil || have.ID == e.ID && have.Began.Equal(e.Began) {
			return err
		}
		return sh.setEpoch(e)
	})
}
