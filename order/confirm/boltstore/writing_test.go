package boltstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// commits is the number of transactions that the file has seen.
func commits(t testing.TB, s *boltstore.Store) (n int) {
	t.Helper()
	ok(t, s.DB().View(func(tx *bbolt.Tx) error { n = tx.ID(); return nil }))
	return n
}

func TestBatchIsOneCommit(t *testing.T) {
	t.Parallel()
	s := at(t, file(t))
	ok(t, put(t, s, "first"))
	before := commits(t, s)
	for order, err := range s.CommitTogether("shop", []string{"a", "b", "c"}, "", "") {
		if err != nil {
			t.Errorf("%s: %v", order, err)
		}
	}
	if n := commits(t, s) - before; n != 1 {
		t.Errorf("%d commits", n)
	}
}

// TestBatchWithFaults holds that a change that cannot be done, or that nobody waits for, is not done, and harms no other.
func TestBatchWithFaults(t *testing.T) {
	t.Parallel()
	s := at(t, file(t))
	ok(t, put(t, s, "first"))
	answers := s.CommitTogether("shop", []string{"a", "bad", "b", "late", "c"}, "bad", "late")
	for order, want := range map[string]error{"a": nil, "b": nil, "c": nil, "bad": boltstore.ErrSpoiled, "late": context.Canceled} {
		if got := answers[order]; !errors.Is(got, want) || (want != nil) != errors.Is(got, confirm.ErrDown) {
			t.Errorf("%s: got %v, want %v", order, got, want)
		}
	}
	d, err := s.Due(t.Context(), "shop", 10)
	ok(t, err)
	ids := slices.Sorted(slices.Values(d.Others))
	if !slices.Equal(ids, []string{"a", "b", "c", "first"}) {
		t.Errorf("due: %q", ids)
	}
}

// TestRepeatedCallsCostNoSync holds that what changes nothing writes nothing.
func TestRepeatedCallsCostNoSync(t *testing.T) {
	t.Parallel()
	s := at(t, file(t))
	ctx := t.Context()
	ok(t, put(t, s, "a"))
	_, _, err := s.Claim(ctx, somewhere, "x", 1e9)
	ok(t, err)
	ok(t, s.Handed(ctx, somewhere, "s1", confirm.Receipt{}))
	_, err = s.Epoch(ctx, "shop")
	ok(t, err)
	before := commits(t, s)
	for range 3 {
		ok(t, put(t, s, "a"))
		ok(t, s.Handed(ctx, somewhere, "s1", confirm.Receipt{}))
		_, _, err := s.Claim(ctx, somewhere, "x", 1e9)
		ok(t, err)
		if _, _, err = s.Claim(ctx, somewhere, "y", 1e9); !errors.Is(err, confirm.ErrBusy) {
			t.Error(err)
		}
		if err := s.Renew(ctx, somewhere, "y", 1e9); !errors.Is(err, confirm.ErrStale) {
			t.Error(err)
		}
		_, err = s.Epoch(ctx, "shop")
		ok(t, err)
	}
	if n := commits(t, s) - before; n != 0 {
		t.Errorf("%d commits", n)
	}
}

// TestEndedRecordsAreDropped holds that records and bodies whose lives are over leave the file, in small steps.
func TestEndedRecordsAreDropped(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := closing(t, boltstore.OpenUnsynced(file(t), boltstore.Options{Now: c.now}))
	for i := range 100 {
		ok(t, s.Acked(t.Context(), confirm.Key{Merchant: "shop", Order: fmt.Sprintf("o%d", i)}))
	}
	k := confirm.Key{Merchant: "shop", Order: "body"}
	ok(t, put(t, s, "body"))
	_, _, err := s.Claim(t.Context(), k, "x", 1e9)
	ok(t, err)
	_, err = s.Prepare(t.Context(), k, "x", confirm.Prepared{SHA: "s", Body: []byte("personal data")})
	ok(t, err)
	if n := keys(t, s, "done"); n != 100 {
		t.Fatalf("%d done records", n)
	}
	c.advance(confirm.Life)
	ok(t, put(t, s, "new0"))
	if n := keys(t, s, "done"); n == 0 || n == 100 {
		t.Errorf("%d done records are left after one change, want a small step", n)
	}
	for i := range 20 {
		ok(t, put(t, s, fmt.Sprintf("new%d", i+1)))
	}
	for _, bucket := range []string{"done", "lapse", "body", "spoil"} {
		if n := keys(t, s, bucket); n != 0 {
			t.Errorf("%d keys are left in %s", n, bucket)
		}
	}
	if _, err := s.Get(t.Context(), k); err != nil {
		t.Errorf("the open record is gone too: %v", err)
	}
}

// keys counts what is in a bucket of the merchant.
func keys(t testing.TB, s *boltstore.Store, bucket string) (n int) {
	t.Helper()
	ok(t, s.DB().View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("merchants")).Bucket([]byte("shop")).Bucket([]byte(bucket)).ForEach(func(_, _ []byte) error {
			n++
			return nil
		})
	}))
	return n
}
