package sink_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

func spool(t testing.TB, dir string) *sink.Spool {
	t.Helper()
	s, err := sink.NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// files are the names in a folder with their contents, that of folders being "/".
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		out[entry.Name()] = "/"
		if entry.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[entry.Name()] = string(data)
	}
	return out
}

func wantFiles(t testing.TB, dir string, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, files(t, dir)); d != "" {
		t.Error(d)
	}
}

// TestSpool: an event is one file with its bytes, for nobody but this user; what comes again is known by its name, also when
// it was moved to done, and never overwrites what is there.
func TestSpool(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "var", "orders")
	s := spool(t, dir)
	again := event()
	again.Attempt, again.Body = 2, []byte(`{"revision":2}`)
	for _, e := range []*rules.Event{event(), event(), again} {
		taken, err := s.Take(t.Context(), e)
		if d := cmp.Diff(rules.Taken{Receipt: id + ".json"}, taken); d != "" || err != nil {
			t.Error(d, err)
		}
		wantFiles(t, dir, map[string]string{id + ".json": body, "done": "/"})
	}
	for path, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, "done"): 0o700, filepath.Join(dir, id+".json"): 0o600} {
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	if err := os.Rename(filepath.Join(dir, id+".json"), filepath.Join(dir, "done", id+".json")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(t.Context(), again); err != nil {
		t.Error(err)
	}
	wantFiles(t, dir, map[string]string{"done": "/"})
	wantFiles(t, filepath.Join(dir, "done"), map[string]string{id + ".json": body})
	// What its reader has deleted is not known any more: the reader remembers it, as the manual says.
	if err := os.Remove(filepath.Join(dir, "done", id+".json")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(t.Context(), again); err != nil {
		t.Error(err)
	}
	wantFiles(t, dir, map[string]string{id + ".json": `{"revision":2}`, "done": "/"})
}

// TestSpoolStart: what a crash left half written is swept; nothing else is touched.
func TestSpoolStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"." + id + ".json.123.tmp", ".probe.9.tmp", "evt_other.json", "note.tmp", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	spool(t, dir)
	wantFiles(t, dir, map[string]string{"evt_other.json": "x", "note.tmp": "x", ".hidden": "x", "done": "/"})
}

// TestBadSpools: a folder in which nothing can be written is told at the start.
func TestBadSpools(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(dir, "full")
	if err := os.MkdirAll(filepath.Join(full, ".x.tmp", "y"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"none": "", "a file": file, "below a file": filepath.Join(file, "x"), "a folder that looks half written": full} {
		if s, err := sink.NewSpool(dir); s != nil || err == nil || !strings.HasPrefix(err.Error(), "spool: ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestSpoolRefuses: an event without a name for its file, one that is too late, and a name that is something else.
func TestSpoolRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := spool(t, dir)
	for name, edit := range badEvents() {
		e := event()
		edit(e)
		if _, err := s.Take(t.Context(), e); !errors.Is(err, sink.ErrEvent) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Take(ended, event()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantFiles(t, dir, map[string]string{"done": "/"})
	if err := os.Mkdir(filepath.Join(dir, id+".json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(t.Context(), event()); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("got %v", err)
	}
}

// TestSpoolFaults: at whichever step the disk fails, that is an error and no half file is left; the next attempt is whole.
// TestFullDisk has a real one.
func TestSpoolFaults(t *testing.T) {
	t.Parallel()
	for _, step := range steps() {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := spool(t, dir)
			fault := error(syscall.ENOSPC)
			s.Before(func(name string) error {
				if name == step {
					return fault
				}
				return nil
			})
			if _, err := s.Take(t.Context(), event()); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("got %v", err)
			}
			want := map[string]string{"done": "/"}
			if published(step) {
				want[id+".json"] = body
			}
			wantFiles(t, dir, want)
			fault = nil
			if _, err := s.Take(t.Context(), event()); err != nil {
				t.Error(err)
			}
			wantFiles(t, dir, map[string]string{"done": "/", id + ".json": body})
		})
	}
}

// steps are those of a file, in order.
func steps() []string { return []string{"create", "write", "sync", "publish", "remove", "sync_dir"} }

// published reports whether the file has its name at this step.
func published(step string) bool { return step == "remove" || step == "sync_dir" }

// TestSpoolWithoutLinks: on a file system without hard links the file is renamed, and still never overwritten.
func TestSpoolWithoutLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := spool(t, dir)
	s.Link(func(string, string) error { return &os.LinkError{Op: "link", Err: errors.ErrUnsupported} })
	if _, err := s.Take(t.Context(), event()); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, map[string]string{id + ".json": body, "done": "/"})
	other := event()
	other.ID = "evt_late"
	s.Before(func(step string) error { // somebody else was faster, after this one had looked
		if step == "publish" {
			return os.WriteFile(filepath.Join(dir, "evt_late.json"), []byte("first"), 0o600)
		}
		return nil
	})
	if _, err := s.Take(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, map[string]string{id + ".json": body, "evt_late.json": "first", "done": "/"})
}

// TestSpoolRace: of many attempts at once, with bodies that differ, one makes the file, and all of them are told that it is
// there.
func TestSpoolRace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := spool(t, dir), spool(t, dir)
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Go(func() {
			e := event()
			e.ID = fmt.Sprintf("evt_%d", n%4)
			e.Body = fmt.Appendf(nil, "%s from %d", e.ID, n)
			s := one
			if n%2 == 1 {
				s = two
			}
			if _, err := s.Take(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := files(t, dir)
	for n := range 4 {
		name := fmt.Sprintf("evt_%d", n)
		if !strings.HasPrefix(got[name+".json"], name+" from ") {
			t.Errorf("%s: got %q", name, got[name+".json"])
		}
	}
	if len(got) != 5 {
		t.Errorf("got %v", got)
	}
}

// TestHungDisk: a disk that hangs holds no caller longer than ctx, and holds eight writers at most.
func TestHungDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := spool(t, dir)
	hung, free := make(chan struct{}, 64), make(chan struct{})
	s.Before(func(step string) error {
		if step == "sync" {
			hung <- struct{}{}
			<-free
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			e := event()
			e.ID = fmt.Sprintf("evt_%d", n)
			if _, err := s.Take(ctx, e); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	for range 8 {
		<-hung
	}
	cancel()
	wg.Wait()
	if n := len(hung); n != 0 {
		t.Errorf("%d more writers", n)
	}
	close(free)
	// What was begun is finished, and what was not is written now: an event that comes again finds its file.
	for n := range 20 {
		e := event()
		e.ID = fmt.Sprintf("evt_%d", n)
		if _, err := s.Take(t.Context(), e); err != nil {
			t.Error(err)
		}
	}
	s = spool(t, dir)
	if got := files(t, dir); len(got) != 21 {
		t.Errorf("%d files, want 20 and a folder", len(got))
	}
}
