package boltstore

import (
	"context"
	"encoding/binary"
	"errors"

	"go.etcd.io/bbolt"

	"github.com/kvitto/kvitto/order/confirm"
)

// OpenUnsynced is Open of a file that is not synced, for tests that make thousands of changes.
func OpenUnsynced(path string, o Options) *Store {
	s := newStore(path, o)
	s.noSync = true
	s.working.Go(s.opening)
	return s
}

// DB is the database of an open store.
func (s *Store) DB() *bbolt.DB { return s.db }

// ErrSpoiled is the fault of a change that CommitTogether spoils.
var ErrSpoiled = errors.New("spoiled")

// CommitTogether makes one batch of a change for each order, of which one fails after it has written and one is cancelled.
func (s *Store) CommitTogether(merchant string, orders []string, spoiled, cancelled string) map[string]error {
	batch := make([]*op, 0, len(orders))
	for _, order := range orders {
		ctx, cancel := context.WithCancel(context.Background())
		if order == cancelled {
			cancel()
		}
		defer cancel()
		batch = append(batch, &op{ctx: ctx, merchant: merchant, done: make(chan struct{}), do: func(sh *shelf) error {
			e, err := sh.ensure(confirm.Key{Merchant: merchant, Order: order})
			if err == nil {
				err = sh.save(e)
			}
			if order == spoiled {
				err = ErrSpoiled
			}
			return err
		}})
	}
	s.commit(batch)
	answers := map[string]error{}
	for i, o := range batch {
		<-o.done
		answers[orders[i]] = o.answer
	}
	return answers
}

// Recode decodes a stored record and encodes it again.
func Recode(raw []byte) ([]byte, error) {
	var e entry
	if err := decode(raw, &e); err != nil {
		return nil, err
	}
	return encode(&e), nil
}

// Encoded is a record as it is stored.
func Encoded(r confirm.Record) []byte { return encode(&entry{Record: r, owner: "attempt"}) }

// Decoded is the record that is stored.
func Decoded(raw []byte) (confirm.Record, error) {
	var e entry
	err := decode(raw, &e)
	return e.Record, err
}

// EncodedFirst is a record as the first layout stored it.
func EncodedFirst(r confirm.Record) []byte {
	flags := byte(0)
	if r.Known {
		flags = flagKnown
	}
	b := []byte{layoutFirst, stateCode(r.State), stateCode(r.Prev), setCode(r.Open), setCode(r.Closed), flags}
	for _, n := range []int64{r.Token, r.Attempts, int64(r.Revision), millis(r.First), millis(r.Due), millis(r.LeaseUntil), millis(r.AckedAt), 0} {
		b = binary.AppendVarint(b, n)
	}
	for _, s := range []string{r.Reason, r.SHA, r.Receipt, r.Reference1, r.Reference2, ""} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

// Schema is the number of the layout.
const Schema = schema
