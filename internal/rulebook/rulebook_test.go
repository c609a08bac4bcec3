package rulebook_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// folder makes a copy of the README's rulebook.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../configs/examples/first")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// loadDir reads a folder as the program does.
func loadDir(dir string, r *diag.Report) *rulebook.Rulebook {
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return nil
	}
	defer closeDir()
	return rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
}

func load(t *testing.T, dir string) (*rulebook.Rulebook, string) {
	t.Helper()
	r := new(diag.Report)
	b := loadDir(dir, r)
	var s strings.Builder
	if err := r.Short(&s); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings() {
		if f.Help != "" {
			s.WriteString("help: " + f.Help + "\n")
		}
	}
	return b, s.String()
}

// write replaces a file of a folder.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestRevision: it names what was read, whatever the folder is called, and changes with every byte of it.
func TestRevision(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	a, told := load(t, dir)
	if a == nil {
		t.Fatal(told)
	}
	if d := cmp.Diff([]string{"shipping.yaml", "tax.yaml"}, a.Files); d != "" {
		t.Error(d)
	}
	same, _ := load(t, folder(t))
	if same.Revision != a.Revision || len(a.Revision) != 12 {
		t.Errorf("revisions %q and %q", a.Revision, same.Revision)
	}
	text, err := os.ReadFile(filepath.Join(dir, "tax.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "tax.yaml", string(text)+"# a comment\n")
	other, _ := load(t, dir)
	if other.Revision == a.Revision {
		t.Error("a changed file has the same revision")
	}
}

// TestSubject: tests know the tables' currency, languages, home, zone and options.
func TestSubject(t *testing.T) {
	t.Parallel()
	b, told := load(t, folder(t))
	if b == nil {
		t.Fatal(told)
	}
	s, err := b.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Engine.Revision() != b.Revision || s.Tax == nil || s.Currency != "SEK" || s.Home != "SE" ||
		s.Location.String() != "Europe/Stockholm" || !cmp.Equal(s.Languages, []string{"sv", "en"}) || !cmp.Equal(s.Options, []string{"ombud"}) {
		t.Errorf("got %+v", s)
	}
}

// TestNoRulebook: what is not a rulebook is told at once, with a place that exists.
func TestNoRulebook(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func(t *testing.T, dir string)
		want string
	}{
		{"tax.yaml has another name", func(t *testing.T, dir string) {
			if err := os.Rename(filepath.Join(dir, "tax.yaml"), filepath.Join(dir, "taxes.yaml")); err != nil {
				t.Fatal(err)
			}
		}, "tax.yaml:1:1: there is no file \"tax.yaml\" [E010]\nhelp: did you mean \"taxes.yaml\"?\n"},
		{"shipping.yaml is a folder", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "shipping.yaml")); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Join(dir, "shipping.yaml"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, "shipping.yaml:1:1: \"shipping.yaml\" is a folder [E011]\nhelp: name an ordinary file\n"},
		{"tax.yaml is a link out of the folder", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "tax.yaml")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(t.TempDir(), "tax.yaml"), filepath.Join(dir, "tax.yaml")); err != nil {
				t.Skip(err)
			}
		}, "tax.yaml:1:1: \"tax.yaml\" leads out of the folder [E012]\nhelp: put the file itself into the folder; a link must not lead out of it\n"},
		{"an error in one of them", func(t *testing.T, dir string) { write(t, dir, "tax.yaml", "version: 2\n") },
			"tax.yaml:1:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			tt.make(t, dir)
			b, told := load(t, dir)
			if b != nil || !strings.HasPrefix(told, tt.want) {
				t.Errorf("got %v, %q\nwant %q", b, told, tt.want)
			}
		})
	}
	if b, told := load(t, filepath.Join(t.TempDir(), "nowhere")); b != nil || !strings.Contains(told, "[E010]") {
		t.Errorf("got %v, %q", b, told)
	}
}
