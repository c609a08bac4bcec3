package boltstore

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kvitto/kvitto/order/confirm"
)

// The buckets of a merchant.
const (
	openBucket  = "open"
	doneBucket  = "done"
	dueBucket   = "due"
	otherBucket = "others"
	lapseBucket = "lapse"
	bodyBucket  = "body"
	spoilBucket = "spoil"
	epochKey    = "epoch"
)

// shelf is a merchant's part of the file within a transaction.
type shelf struct {
	tx       *bbolt.Tx
	merchant string
	bucket   *bbolt.Bucket // nil where the merchant has no records yet
	now      time.Time
	dirty    bool // something was written
}

// entry is a record as it is stored.
type entry struct {
	confirm.Record
	owner  string    // the attempt that has the lease
	lapses time.Time // end of its life; zero unless it is done
	was    place     // where it stands in the file
	raw    []byte    // what stands there; valid while nothing else is done in the transaction
}

// place is where a record stands in the file: its bucket and its keys in the indexes.
type place struct {
	bucket     string // "": nowhere yet
	queue      string // the bucket of its due time
	due, lapse time.Time
}

// queue is the bucket of a record's due time. Records of the first layout were all in one.
func (e *entry) queue(layout byte) string {
	if layout == layoutFirst || e.Trusted() {
		return dueBucket
	}
	return otherBucket
}

func shelfOf(tx *bbolt.Tx, merchant string, now time.Time) *shelf {
	sh := &shelf{tx: tx, merchant: merchant, now: now}
	if merchants := tx.Bucket([]byte("merchants")); merchants != nil {
		sh.bucket = merchants.Bucket([]byte(merchant))
	}
	return sh
}

// within is a bucket of the merchant; in a transaction that writes it is made where there is none.
func (sh *shelf) within(name string) (*bbolt.Bucket, error) {
	if sh.bucket != nil {
		if b := sh.bucket.Bucket([]byte(name)); b != nil || !sh.tx.Writable() {
			return b, nil
		}
	}
	if !sh.tx.Writable() {
		return nil, nil
	}
	if sh.bucket == nil {
		merchants, err := sh.tx.CreateBucketIfNotExists([]byte("merchants"))
		if err != nil {
			return nil, err
		}
		if sh.bucket, err = merchants.CreateBucketIfNotExists([]byte(sh.merchant)); err != nil {
			return nil, err
		}
	}
	return sh.bucket.CreateBucketIfNotExists([]byte(name))
}

// raw reads a value of the merchant; nil where there is none.
func (sh *shelf) raw(bucket, name string) []byte {
	if sh.bucket == nil {
		return nil
	}
	b := sh.bucket.Bucket([]byte(bucket))
	if b == nil {
		return nil
	}
	return b.Get([]byte(name))
}

// find reads a record: confirm.ErrNotFound where there is none or its life is over.
func (sh *shelf) find(order string) (*entry, error) {
	from := openBucket
	raw := sh.raw(openBucket, order)
	if raw == nil {
		from, raw = doneBucket, sh.raw(doneBucket, order)
	}
	if raw == nil {
		return nil, confirm.ErrNotFound
	}
	e, err := sh.decoded(from, order, raw)
	if err != nil {
		return nil, err
	}
	if !e.lapses.IsZero() && !sh.now.Before(e.lapses) {
		if sh.tx.Writable() {
			if err := sh.drop(e); err != nil {
				return nil, err
			}
		}
		return nil, confirm.ErrNotFound
	}
	return e, nil
}

func (sh *shelf) decoded(from, order string, raw []byte) (*entry, error) {
	e := &entry{Record: confirm.Record{Key: confirm.Key{Merchant: sh.merchant, Order: order}}}
	if err := decode(raw, e); err != nil {
		return nil, fmt.Errorf("%w (merchant %s, order %s: %w)", ErrDamaged, sh.merchant, order, err)
	}
	e.was, e.raw = place{bucket: from, queue: e.queue(raw[0]), due: e.Due, lapse: e.lapses}, raw
	return e, nil
}

// save writes a record and its places in the indexes, unless all is as it was.
func (sh *shelf) save(e *entry) error {
	coded := encode(e)
	if bytes.Equal(coded, e.raw) {
		return nil
	}
	to := place{bucket: openBucket, queue: e.queue(layout), due: e.Due, lapse: e.lapses}
	if e.Done() {
		to.bucket = doneBucket
	}
	if e.was.bucket != "" && e.was.bucket != to.bucket {
		if err := sh.remove(e.was.bucket, []byte(e.Order)); err != nil {
			return err
		}
	}
	if err := sh.put(to.bucket, []byte(e.Order), coded); err != nil {
		return err
	}
	if err := sh.requeue(e.Order, e.was, to); err != nil {
		return err
	}
	if err := sh.index(lapseBucket, e.Order, e.was.lapse, to.lapse); err != nil {
		return err
	}
	e.was, e.raw = to, coded
	return nil
}

// requeue moves a due time.
func (sh *shelf) requeue(order string, from, to place) error {
	if from.queue == to.queue {
		return sh.index(to.queue, order, from.due, to.due)
	}
	if err := sh.index(from.queue, order, from.due, time.Time{}); err != nil {
		return err
	}
	return sh.index(to.queue, order, time.Time{}, to.due)
}

// drop removes all that is kept of a record.
func (sh *shelf) drop(e *entry) error {
	if err := sh.index(e.was.queue, e.Order, e.was.due, time.Time{}); err != nil {
		return err
	}
	if err := sh.index(lapseBucket, e.Order, e.was.lapse, time.Time{}); err != nil {
		return err
	}
	if err := sh.dropBody(e.Order); err != nil {
		return err
	}
	return sh.remove(e.was.bucket, []byte(e.Order))
}

func (sh *shelf) put(bucket string, key, value []byte) error {
	b, err := sh.within(bucket)
	if err != nil {
		return err
	}
	sh.dirty = true
	return b.Put(key, value)
}

func (sh *shelf) remove(bucket string, key []byte) error {
	b, err := sh.within(bucket)
	if err != nil {
		return err
	}
	sh.dirty = true
	return b.Delete(key)
}

// index moves an order in an index of times; a zero time is no place.
func (sh *shelf) index(bucket, order string, from, to time.Time) error {
	if from.Equal(to) {
		return nil
	}
	if !from.IsZero() {
		if err := sh.remove(bucket, indexed(from, order)); err != nil {
			return err
		}
	}
	if to.IsZero() {
		return nil
	}
	return sh.put(bucket, indexed(to, order), []byte{})
}

// indexed is the key of an order at a time. Times before 1970 come first, as one.
func indexed(at time.Time, order string) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(order)), uint64(max(at.UnixMilli(), 0))), order...)
}

// unindexed takes a key of an index apart; nil is no order.
func unindexed(key []byte) (time.Time, string, error) {
	if key == nil {
		return time.Time{}, "", nil
	}
	if len(key) < 9 {
		return time.Time{}, "", fmt.Errorf("%w (an index has the key %x)", ErrDamaged, key)
	}
	return moment(int64(binary.BigEndian.Uint64(key))), string(key[8:]), nil
}
