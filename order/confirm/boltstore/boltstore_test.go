package boltstore_test

import (
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
	"github.com/kvitto/kvitto/order/confirm/storetest"
)

func TestMain(m *testing.M) {
	if child() {
		return
	}
	goleak.VerifyTestMain(m)
}

// clock stands still until it is moved.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.ms.Store(1_764_000_000_000)
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// closing closes a store with its test.
func closing(t testing.TB, s *boltstore.Store) *boltstore.Store {
	t.Helper()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// at opens a store in a file with a clock that stands still.
func at(t testing.TB, path string) *boltstore.Store {
	t.Helper()
	return closing(t, boltstore.Open(path, boltstore.Options{Now: newClock().now, Retry: time.Millisecond}))
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "kvitto.db") }

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLaws(t *testing.T) {
	c := newClock()
	storetest.Run(t, storetest.Subject{
		Open: func() confirm.Store {
			return closing(t, boltstore.OpenUnsynced(file(t), boltstore.Options{Now: c.now}))
		},
		Advance: c.advance,
	})
}
