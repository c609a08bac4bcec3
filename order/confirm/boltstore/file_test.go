package boltstore_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

var somewhere = confirm.Key{Merchant: "shop", Order: "a"}

// put enqueues an order and says what came of it.
func put(t testing.TB, s *boltstore.Store, order string) error {
	t.Helper()
	_, _, err := s.Enqueue(t.Context(), confirm.Key{Merchant: "shop", Order: order}, confirm.Nudge{})
	return err
}

// filled makes a store with an order and closes it.
func filled(t testing.TB, path string, orders ...string) {
	t.Helper()
	s := boltstore.Open(path, boltstore.Options{Now: newClock().now})
	for _, o := range append(orders, "a") {
		ok(t, put(t, s, o))
	}
	ok(t, s.Close())
}

// fault holds that a call fails with ErrDown for a cause, and that the text names the file.
func fault(t testing.TB, err, cause error, path string) {
	t.Helper()
	if !errors.Is(err, confirm.ErrDown) || !errors.Is(err, cause) || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v, want ErrDown with %q and the name %s", err, cause, path)
	}
}

func TestFileIsMadeForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "var", "lib", "kvitto.db")
	ok(t, put(t, at(t, path), "a"))
	for name, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		st, err := os.Stat(name)
		ok(t, err)
		if got := st.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", name, got, want)
		}
	}
}

func TestRecordsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	path := file(t)
	filled(t, path, "b")
	s := at(t, path)
	if _, err := s.Get(t.Context(), somewhere); err != nil {
		t.Error(err)
	}
	d, err := s.Due(t.Context(), "shop", 10)
	ok(t, err)
	if len(d.Others) != 2 {
		t.Errorf("due: %q", d)
	}
}

func TestEpochOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	path := file(t)
	s := boltstore.Open(path, boltstore.Options{Now: newClock().now})
	first, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	ok(t, s.Close())
	again, err := at(t, path).Epoch(t.Context(), "shop")
	ok(t, err)
	if first.New = false; again != first {
		t.Errorf("got %+v, want %+v", again, first)
	}
}

func TestLockedFileIsWaitedFor(t *testing.T) {
	t.Parallel()
	path := file(t)
	holder := boltstore.Open(path, boltstore.Options{Now: newClock().now})
	ok(t, put(t, holder, "a"))
	s := at(t, path)
	_, err := s.Get(t.Context(), somewhere)
	fault(t, err, boltstore.ErrLocked, path)
	fault(t, put(t, s, "b"), boltstore.ErrLocked, path)
	_, err = s.Epoch(t.Context(), "shop")
	fault(t, err, boltstore.ErrLocked, path)
	ok(t, holder.Close())
	eventually(t, func() bool { return put(t, s, "b") == nil })
	if _, err := s.Get(t.Context(), somewhere); err != nil {
		t.Error(err)
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, done func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 10_000 {
		if done() {
			return
		}
		<-tick.C
	}
	t.Fatal("it did not happen")
}

func TestOpenNowNamesTheLock(t *testing.T) {
	t.Parallel()
	path := file(t)
	ok(t, put(t, at(t, path), "a"))
	_, err := boltstore.OpenNow(path, time.Millisecond, boltstore.Options{Now: newClock().now})
	if want := "another process holds the lock of " + path; err == nil || err.Error() != want || !errors.Is(err, boltstore.ErrLocked) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestOpenNowMakesNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "var", "kvitto.db")
	_, err := boltstore.OpenNow(path, time.Millisecond, boltstore.Options{Now: newClock().now})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
}

func TestClosedStoreRefuses(t *testing.T) {
	t.Parallel()
	s := boltstore.Open(file(t), boltstore.Options{Now: newClock().now})
	ok(t, put(t, s, "a"))
	ok(t, s.Close())
	ok(t, s.Close())
	_, err := s.Get(t.Context(), somewhere)
	for _, err := range []error{err, put(t, s, "b")} {
		if !errors.Is(err, confirm.ErrDown) || !errors.Is(err, boltstore.ErrClosed) {
			t.Errorf("error %v", err)
		}
	}
}

func TestClosingWhileTheFileIsLocked(t *testing.T) {
	t.Parallel()
	path := file(t)
	ok(t, put(t, at(t, path), "a"))
	s := boltstore.Open(path, boltstore.Options{Now: newClock().now, Retry: time.Hour})
	if err := put(t, s, "b"); !errors.Is(err, boltstore.ErrLocked) {
		t.Errorf("error %v", err)
	}
	ok(t, s.Close())
}

// TestUnusableFiles holds that a file that cannot be used is named, and left as it is.
func TestUnusableFiles(t *testing.T) {
	t.Parallel()
	whole := file(t)
	filled(t, whole)
	stored, err := os.ReadFile(whole)
	ok(t, err)
	stored = stored[:used(t, whole)]
	foreign := file(t)
	plain(t, foreign, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("pictures")); return err })
	newer := file(t)
	plain(t, newer, func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("meta"))
		ok(t, err)
		return b.Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, boltstore.Schema+1))
	})
	for name, test := range map[string]struct {
		contents []byte
		cause    error
		text     string
	}{
		"a text":                 {bytes.Repeat([]byte("id;name\n"), 4096), boltstore.ErrDamaged, "not a store of orders"},
		"a short text":           {[]byte("hello"), boltstore.ErrDamaged, "not a store of orders"},
		"both heads overwritten": {append(make([]byte, 8192), stored[8192:]...), boltstore.ErrDamaged, "left as it is"},
		"cut short":              {stored[:len(stored)-4096], boltstore.ErrDamaged, "a page cannot be read"},
		"cut within the heads":   {stored[:5000], boltstore.ErrDamaged, ""},
		"pages overwritten":      {append(bytes.Clone(stored[:8192]), make([]byte, len(stored)-8192)...), boltstore.ErrDamaged, ""},
		"another program's":      {read(t, foreign), boltstore.ErrDamaged, `it holds "pictures"`},
		"a newer version's":      {read(t, newer), boltstore.ErrSchema, "it has schema 3, this version knows up to 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := file(t)
			ok(t, os.WriteFile(path, test.contents, 0o600))
			err := put(t, at(t, path), "b")
			fault(t, err, test.cause, path)
			if !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %v, want %q", err, test.text)
			}
			if !bytes.Equal(read(t, path), test.contents) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestFolderInPlaceOfTheFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	if err := put(t, at(t, path), "a"); !errors.Is(err, confirm.ErrDown) || !strings.Contains(err.Error(), path+": not a file") {
		t.Errorf("error %v", err)
	}
}

// TestRepairedFileIsOpened holds that a service need not be restarted once the file can be used.
func TestRepairedFileIsOpened(t *testing.T) {
	t.Parallel()
	path := file(t)
	ok(t, os.WriteFile(path, []byte("hello"), 0o600))
	s := at(t, path)
	fault(t, put(t, s, "a"), boltstore.ErrDamaged, path)
	ok(t, os.Remove(path))
	eventually(t, func() bool { return put(t, s, "a") == nil })
}

// TestFileOfTheFirstSchema holds that a file of an earlier version is taken over: its orders are due as they were, in the one
// queue that there was, each goes into its own when it changes, and the earlier version refuses the file from then on.
func TestFileOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	path := file(t)
	filled(t, path, "b")
	plain(t, path, func(tx *bbolt.Tx) error {
		shop := tx.Bucket([]byte("merchants")).Bucket([]byte("shop"))
		due, err := shop.CreateBucketIfNotExists([]byte("due"))
		if err != nil {
			return err
		}
		err = shop.Bucket([]byte("others")).ForEach(func(k, v []byte) error { return due.Put(k, v) })
		if err != nil {
			return err
		}
		if err := shop.DeleteBucket([]byte("others")); err != nil {
			return err
		}
		open := shop.Bucket([]byte("open"))
		err = open.ForEach(func(k, raw []byte) error {
			r, err := boltstore.Decoded(raw)
			if err != nil {
				return err
			}
			return open.Put(k, boltstore.EncodedFirst(r))
		})
		if err != nil {
			return err
		}
		return tx.Bucket([]byte("meta")).Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, 1))
	})
	s := at(t, path)
	d, err := s.Due(t.Context(), "shop", 10)
	ok(t, err)
	if len(d.Trusted) != 2 || len(d.Others) != 0 {
		t.Errorf("due: %q", d)
	}
	for _, id := range d.Trusted {
		k := confirm.Key{Merchant: "shop", Order: id}
		if _, _, err := s.Claim(t.Context(), k, "x", time.Minute); err != nil {
			t.Error(err)
		}
		if err := s.Yield(t.Context(), k, "x"); err != nil {
			t.Error(err)
		}
	}
	d, err = s.Due(t.Context(), "shop", 10)
	ok(t, err)
	if len(d.Trusted) != 0 || len(d.Others) != 2 {
		t.Errorf("due after a change: %q", d)
	}
	ok(t, s.Close())
	plain(t, path, func(tx *bbolt.Tx) error {
		if n := binary.BigEndian.Uint64(tx.Bucket([]byte("meta")).Get([]byte("schema"))); n != boltstore.Schema {
			t.Errorf("schema %d", n)
		}
		return nil
	})
}

// TestDamagedRecord holds that one bad record keeps only its own order from being worked on.
func TestDamagedRecord(t *testing.T) {
	t.Parallel()
	path := file(t)
	filled(t, path, "b")
	plain(t, path, func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("merchants")).Bucket([]byte("shop")).Bucket([]byte("open")).Put([]byte("a"), []byte("\x07junk.."))
	})
	s := at(t, path)
	fault(t, put(t, s, "a"), boltstore.ErrDamaged, path)
	_, err := s.Get(t.Context(), somewhere)
	fault(t, err, boltstore.ErrDamaged, path)
	if !strings.Contains(err.Error(), "merchant shop, order a: unknown layout 7") {
		t.Errorf("error %v", err)
	}
	ok(t, put(t, s, "b"))
	d, err := s.Due(t.Context(), "shop", 10)
	ok(t, err)
	if len(d.Others) != 2 {
		t.Errorf("due: %q", d)
	}
}

// plain changes a file by bbolt itself.
func plain(t testing.TB, path string, change func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	ok(t, err)
	ok(t, db.Update(change))
	ok(t, db.Close())
}

// used is how many bytes of a file bbolt counts as used.
func used(t testing.TB, path string) (n int64) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	ok(t, err)
	ok(t, db.View(func(tx *bbolt.Tx) error { n = tx.Size(); return nil }))
	ok(t, db.Close())
	return n
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	ok(t, err)
	return raw
}
