package boltstore

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// body is the frozen body of an order; nil where there is none, or its life is over.
func (sh *shelf) body(order string) ([]byte, error) {
	ends, body, err := sh.storedBody(order)
	if err != nil || !sh.now.Before(ends) {
		return nil, err
	}
	return body, nil
}

// storedBody is the frozen body of an order, whether its life is over or not, and when it ends. The body is the file's.
func (sh *shelf) storedBody(order string) (time.Time, []byte, error) {
	raw := sh.raw(bodyBucket, order)
	if raw == nil {
		return time.Time{}, nil, nil
	}
	if len(raw) < 8 {
		return time.Time{}, nil, fmt.Errorf("%w (merchant %s, order %s: its body is cut short)", ErrDamaged, sh.merchant, order)
	}
	return moment(int64(binary.BigEndian.Uint64(raw))), raw[8:], nil
}

// freeze stores a body; its life begins.
func (sh *shelf) freeze(order string, body []byte) error {
	if err := sh.dropBody(order); err != nil {
		return err
	}
	ends := sh.now.Add(confirm.BodyLife)
	raw := append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(body)), uint64(ends.UnixMilli())), body...)
	if err := sh.put(bodyBucket, []byte(order), raw); err != nil {
		return err
	}
	return sh.index(spoilBucket, order, time.Time{}, ends)
}

// dropBody removes the frozen body of an order, if any.
func (sh *shelf) dropBody(order string) error {
	ends, body, err := sh.storedBody(order)
	if err != nil || body == nil {
		return err
	}
	if err := sh.index(spoilBucket, order, ends, time.Time{}); err != nil {
		return err
	}
	return sh.remove(bodyBucket, []byte(order))
}

// sweep drops records and bodies whose lives are over, at most limit of each.
func (sh *shelf) sweep(limit int) error {
	err := sh.ended(lapseBucket, limit, func(order string) error {
		e, err := sh.decoded(doneBucket, order, sh.raw(doneBucket, order))
		if err != nil { // nobody will ask for it: it must not be in the way of others
			return sh.remove(doneBucket, []byte(order))
		}
		return sh.drop(e)
	})
	if err != nil {
		return err
	}
	return sh.ended(spoilBucket, limit, sh.dropBody)
}

// ended calls drop with orders whose time in an index has come, at most limit, and takes them out of the index.
func (sh *shelf) ended(bucket string, limit int, drop func(order string) error) error {
	index, err := sh.within(bucket)
	if err != nil {
		return err
	}
	for range limit {
		key, _ := index.Cursor().First()
		if key == nil {
			return nil
		}
		at, order, err := unindexed(key)
		if err != nil || sh.now.Before(at) {
			return err
		}
		if err := drop(order); err != nil {
			return err
		}
		if err := index.Delete(indexed(at, order)); err != nil {
			return err
		}
	}
	return nil
}
