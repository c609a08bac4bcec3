package publication_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/publication"
)

const book = "rules/nordic"

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// alone is a library without replicas, which tells what a person should know.
func alone(dir string) (*publication.Library, *[]publication.Event) {
	var told []publication.Event
	l := publication.NewLibrary(publication.Options{Dir: dir, Now: at(monday), Tell: func(e publication.Event) { told = append(told, e) }})
	return l, &told
}

func synced(t *testing.T, l *publication.Library) bool {
	t.Helper()
	changed, err := l.Sync(t.Context(), []string{book})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func publish(t *testing.T, l *publication.Library, e publication.Entry, archive []byte) publication.Entry {
	t.Helper()
	e.Rulebook, e.By, e.At = book, "anna", monday
	e, err := l.Publish(t.Context(), e, archive, l.History(book).Newest().ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestDirSurvivesCrashes: whatever step a process dies at, the next one knows either nothing of the publication or all of it.
func TestDirSurvivesCrashes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, _ := alone(dir)
	first := publish(t, l, publication.Entry{}, packed(t, map[string]string{"shipping.yaml": "a: 1\n"}))
	second := publish(t, l, publication.Entry{Start: days(3)}, packed(t, map[string]string{"shipping.yaml": "a: 2\n"}))
	home := filepath.Join(dir, only(t, dir))
	entry := filepath.Join(home, "00000002.json")
	whole, err := os.ReadFile(entry)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		entry []byte
		rest  string // what else lies there
		known int64
		told  string
	}{
		"files written, entry not":    {nil, "", 1, ""},
		"entry half in its new name":  {nil, ".new-123", 1, ""},
		"written":                     {whole, "", 2, ""},
		"cut off by a broken disk":    {whole[:len(whole)/2], "", 1, "00000002.json: this is no publication"},
		"of another number":           {[]byte(strings.Replace(string(whole), `"number":2`, `"number":3`, 1)), "", 1, "it is publication 3"},
		"of another rulebook":         {[]byte(strings.Replace(string(whole), book, "rules/other", 1)), "", 1, `publication 2 is one of "rules/other"`},
		"of a Kvitto that comes":      {[]byte(strings.Replace(string(whole), `"schema":1`, `"schema":2`, 1)), "", 1, "newer version of Kvitto"},
		"a file that nobody knows of": {whole, "notes.txt", 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.Remove(entry); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			if tt.entry != nil {
				put(t, entry, tt.entry)
			}
			if tt.rest != "" {
				put(t, filepath.Join(home, tt.rest), whole[:20])
			}
			next, told := alone(dir)
			synced(t, next)
			if got := next.History(book).Newest().Number; got != tt.known {
				t.Errorf("the newest is %d, want %d", got, tt.known)
			}
			if tt.told == "" && len(*told) > 0 || tt.told != "" && (len(*told) != 1 || !strings.Contains((*told)[0].Err.Error(), tt.told)) {
				t.Errorf("told %v, want %q", *told, tt.told)
			}
			if e, ok := next.History(book).InForce(monday); !ok || e.ID != first.ID {
				t.Errorf("%+v serves", e)
			}
		})
	}
	put(t, entry, whole)
	next, _ := alone(dir)
	synced(t, next)
	if d := cmp.Diff(publication.History{first, second}, next.History(book)); d != "" {
		t.Error(d)
	}
}

func only(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 1 || !strings.HasPrefix(list[0].Name(), "rules-nordic-") {
		t.Fatalf("%v, %v", list, err)
	}
	return list[0].Name()
}

func put(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedFiles: files that are not those that were published are not served, links neither.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, _ := alone(dir)
	archive := packed(t, map[string]string{"shipping.yaml": "a: 1\n"})
	e := publish(t, l, publication.Entry{}, archive)
	file := filepath.Join(dir, only(t, dir), "00000001-"+e.ID+".zip")
	if got, err := l.Archive(t.Context(), &e); err != nil || string(got) != string(archive) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	damaged := append([]byte(nil), archive...)
	damaged[50] ^= 1
	for name, spoil := range map[string]func(){
		"a bit":     func() { put(t, file, damaged) },
		"shorter":   func() { put(t, file, archive[:10]) },
		"gone":      func() { _ = os.Remove(file) },
		"elsewhere": func() { _ = os.Remove(file); _ = os.Symlink("/dev/zero", file) },
	} {
		spoil()
		if _, err := l.Archive(t.Context(), &e); !errors.Is(err, publication.ErrNoArchive) {
			t.Errorf("%s: %v", name, err)
		}
		_ = os.Remove(file)
	}
}

// TestTwoProcesses share a folder: each sees what the other published, and only one of two that publish at once does.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, _ := alone(dir)
	b, _ := alone(dir)
	first := publish(t, a, publication.Entry{}, packed(t, map[string]string{"shipping.yaml": "a: 1\n"}))
	if !synced(t, b) || synced(t, b) || b.History(book).Newest().ID != first.ID {
		t.Errorf("the other knows %+v", b.History(book))
	}
	done := make(chan error, 2)
	for _, l := range []*publication.Library{a, b} {
		go func() {
			_, err := l.Publish(context.Background(), publication.Entry{Rulebook: book, By: "bo", At: monday, Folder: true}, nil, first.ID)
			done <- err
		}()
	}
	one, two := <-done, <-done
	if (one == nil) == (two == nil) || !errors.Is(errors.Join(one, two), publication.ErrConflict) {
		t.Errorf("%v and %v; want one, and a conflict", one, two)
	}
}

// TestEntriesAreChecked: what no service has made is not published.
func TestEntriesAreChecked(t *testing.T) {
	t.Parallel()
	archive := packed(t, map[string]string{"shipping.yaml": "a: 1\n"})
	l, _ := alone(t.TempDir())
	for name, e := range map[string]publication.Entry{
		"nobody":          {Rulebook: book, At: monday},
		"no time":         {Rulebook: book, By: "anna"},
		"a long reason":   {Rulebook: book, By: "anna", At: monday, Why: strings.Repeat("å", publication.MaxWhy+1)},
		"a long name":     {Rulebook: strings.Repeat("r", publication.MaxBook+1), By: "anna", At: monday},
		"again, but what": {Rulebook: book, By: "anna", At: monday, Again: 1},
	} {
		if _, err := l.Publish(t.Context(), e, archive, ""); err == nil {
			t.Errorf("%s: published", name)
		}
	}
	if _, err := l.Publish(t.Context(), publication.Entry{Rulebook: book, By: "anna", At: monday}, nil, ""); err == nil {
		t.Error("published without files")
	}
}

// FuzzDecode: what is read is an entry that is written as it was read.
func FuzzDecode(f *testing.F) {
	l, _ := alone(f.TempDir())
	e, err := l.Publish(context.Background(), publication.Entry{Rulebook: book, By: "anna", At: monday, Start: days(3), Why: "höst"}, packed(f, map[string]string{"a.csv": "1"}), "")
	if err != nil {
		f.Fatal(err)
	}
	raw, err := publication.Encode(&e)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"schema":1,"number":-1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := publication.Decode(raw, book)
		if err != nil {
			return
		}
		if e.Number < 1 || e.Rulebook != book || e.By == "" {
			t.Fatalf("%+v", e)
		}
		again, err := publication.Encode(&e)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := publication.Decode(again, book); err != nil || !cmp.Equal(e, twice) {
			t.Fatalf("%v: %+v, then %+v", err, e, twice)
		}
	})
}
