package boltstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// busy makes a store with two merchants, done orders and a frozen body.
func busy(t testing.TB) *boltstore.Store {
	t.Helper()
	s := at(t, file(t))
	for _, m := range []string{"shop", "other"} {
		ok(t, s.Acked(t.Context(), confirm.Key{Merchant: m, Order: "done"}))
		_, err := s.Epoch(t.Context(), m)
		ok(t, err)
	}
	ok(t, put(t, s, "a"))
	_, _, err := s.Claim(t.Context(), somewhere, "x", time.Minute)
	ok(t, err)
	_, err = s.Prepare(t.Context(), somewhere, "x", confirm.Prepared{SHA: "s", Body: []byte("body"), Revision: 1})
	ok(t, err)
	return s
}

// all dumps every record of a store.
func all(t testing.TB, s *boltstore.Store) (snaps []confirm.Snapshot) {
	t.Helper()
	merchants, err := s.Merchants(t.Context())
	ok(t, err)
	for _, m := range merchants {
		ok(t, s.Dump(t.Context(), m, func(snap confirm.Snapshot) error { snaps = append(snaps, snap); return nil }))
	}
	return snaps
}

func TestBackupIsRestored(t *testing.T) {
	t.Parallel()
	s := busy(t)
	var out bytes.Buffer
	n, err := s.Backup(t.Context(), &out)
	ok(t, err)
	if n != int64(out.Len()) || n == 0 {
		t.Errorf("%d bytes told, %d written", n, out.Len())
	}
	ok(t, put(t, s, "later"))
	path := filepath.Join(t.TempDir(), "var", "kvitto.db")
	c, err := boltstore.Restore(t.Context(), path, &out, false, time.Second)
	ok(t, err)
	if want := (boltstore.Contents{Merchants: 2, Open: 1, Done: 2}); c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
	want := slices.DeleteFunc(all(t, s), func(s confirm.Snapshot) bool { return s.Order == "later" })
	if d := cmp.Diff(all(t, at(t, path)), want); d != "" {
		t.Errorf("got - / want +:\n%s", d)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", st.Mode(), err)
	}
}

// TestBackupOfARunningStore holds that a backup is of one moment, while others write.
func TestBackupOfARunningStore(t *testing.T) {
	t.Parallel()
	s := closing(t, boltstore.OpenUnsynced(file(t), boltstore.Options{Now: newClock().now}))
	ok(t, put(t, s, "o0"))
	stop, done := make(chan struct{}), make(chan error)
	go func() {
		for n := 1; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if _, _, err := s.Enqueue(context.Background(), confirm.Key{Merchant: "shop", Order: fmt.Sprintf("o%d", n)}, confirm.Nudge{}); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 5 {
		path := filepath.Join(t.TempDir(), "backup.db")
		c, err := s.BackupTo(t.Context(), path, false)
		ok(t, err)
		copied := at(t, path)
		for n := range c.Open { // orders were made one after the other: none is missing between
			if _, err := copied.Get(t.Context(), confirm.Key{Merchant: "shop", Order: fmt.Sprintf("o%d", n)}); err != nil {
				t.Fatalf("o%d of %d: %v", n, c.Open, err)
			}
		}
	}
	close(stop)
	ok(t, <-done)
}

func TestBackupReplacesNothingUnasked(t *testing.T) {
	t.Parallel()
	s := busy(t)
	path := filepath.Join(t.TempDir(), "backup.db")
	ok(t, os.WriteFile(path, []byte("mine"), 0o600))
	if _, err := s.BackupTo(t.Context(), path, false); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if got := string(read(t, path)); got != "mine" {
		t.Errorf("the file holds %.20q", got)
	}
	_, err := s.BackupTo(t.Context(), path, true)
	ok(t, err)
	_, err = boltstore.Inspect(t.Context(), path)
	ok(t, err)
	if _, err := s.BackupTo(t.Context(), s.Path(), true); err == nil || !strings.Contains(err.Error(), "this is the store itself") {
		t.Errorf("error %v", err)
	}
	empty(t, filepath.Dir(path), "backup.db")
}

// empty holds that a folder has only the named files.
func empty(t testing.TB, dir string, but ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	ok(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, but) {
		t.Errorf("%s holds %q, want %q", dir, names, but)
	}
}

func TestRestoreReplacesNothingUnasked(t *testing.T) {
	t.Parallel()
	var backup bytes.Buffer
	_, err := busy(t).Backup(t.Context(), &backup)
	ok(t, err)
	path := file(t)
	filled(t, path, "precious")
	before := read(t, path)
	restore := func(replace bool) error {
		_, err := boltstore.Restore(t.Context(), path, bytes.NewReader(backup.Bytes()), replace, time.Millisecond)
		return err
	}
	if err := restore(false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v", err)
	}
	running := at(t, path)
	ok(t, put(t, running, "precious"))
	if err := restore(true); !errors.Is(err, boltstore.ErrLocked) {
		t.Errorf("error %v", err)
	}
	ok(t, running.Close())
	if !bytes.Equal(read(t, path), before) {
		t.Error("the store was changed")
	}
	empty(t, filepath.Dir(path), "kvitto.db")
	ok(t, restore(true))
	s := at(t, path)
	if _, err := s.Get(t.Context(), confirm.Key{Merchant: "shop", Order: "precious"}); !errors.Is(err, confirm.ErrNotFound) {
		t.Errorf("error %v", err)
	}
}

// TestRestoreTakesOnlyStores holds that what is no whole store replaces nothing, whatever was asked for.
func TestRestoreTakesOnlyStores(t *testing.T) {
	t.Parallel()
	var backup bytes.Buffer
	_, err := busy(t).Backup(t.Context(), &backup)
	ok(t, err)
	torn := bytes.Clone(backup.Bytes())
	for i := 3 * 4096; i < len(torn); i++ {
		torn[i] ^= 0xff
	}
	path := file(t)
	filled(t, path)
	for name, in := range map[string]io.Reader{
		"nothing":     strings.NewReader(""),
		"a text":      strings.NewReader(strings.Repeat("id;name\n", 5000)),
		"cut short":   bytes.NewReader(backup.Bytes()[:backup.Len()-1]),
		"overwritten": bytes.NewReader(torn),
	} {
		if _, err := boltstore.Restore(t.Context(), path, in, true, time.Second); !errors.Is(err, boltstore.ErrDamaged) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	broken := io.MultiReader(bytes.NewReader(backup.Bytes()[:100]), &failing{})
	if _, err := boltstore.Restore(t.Context(), path, broken, true, time.Second); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error %v", err)
	}
	if _, err := at(t, path).Get(t.Context(), somewhere); err != nil {
		t.Errorf("the store was replaced: %v", err)
	}
	empty(t, filepath.Dir(path), "kvitto.db")
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, io.ErrNoProgress }

// TestRestoreOverADamagedStore holds that a file that nobody can open can be replaced.
func TestRestoreOverADamagedStore(t *testing.T) {
	t.Parallel()
	var backup bytes.Buffer
	_, err := busy(t).Backup(t.Context(), &backup)
	ok(t, err)
	path := file(t)
	ok(t, os.WriteFile(path, []byte("hello"), 0o600))
	service := at(t, path)
	fault(t, put(t, service, "b"), boltstore.ErrDamaged, path)
	_, err = boltstore.Restore(t.Context(), path, &backup, true, time.Second)
	ok(t, err)
	eventually(t, func() bool { return put(t, service, "b") == nil })
	if _, err := service.Get(t.Context(), somewhere); err != nil {
		t.Error(err)
	}
}

func TestBackupEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := busy(t)
	ctx, cancel := context.WithCancel(t.Context())
	path := filepath.Join(t.TempDir(), "backup.db")
	cancel()
	if _, err := s.BackupTo(ctx, path, false); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	empty(t, filepath.Dir(path))
}
