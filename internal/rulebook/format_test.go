package rulebook_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// flatTax is the tax.yaml of archives that have none of their own.
const flatTax = `version: 1
mode: vat
home: SE
data: vat-rates.yaml
destinations: {"*": home_rate}
`

// archive makes a file system of a txtar archive.
func archive(t *testing.T, file string) fs.FS {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"tax.yaml": {Data: []byte(flatTax)}}
	for _, f := range a.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// TestFormat goes through the words of format v1: each archive is a rulebook with tests of its own, which say what a
// word means by what it costs.
func TestFormat(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/format/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			fsys := archive(t, file)
			runAll(t, fsys, subject(t, fsys))
		})
	}
}

// subject loads a rulebook; findings that are errors fail the test.
func subject(t *testing.T, fsys fs.FS) rulestest.Subject {
	t.Helper()
	r := new(diag.Report)
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
	if b == nil {
		t.Fatal(rendered(t, r))
	}
	s, err := b.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runAll runs all test files of a rulebook and fails with each check that does not hold.
func runAll(t *testing.T, fsys fs.FS, s rulestest.Subject) {
	t.Helper()
	names, err := rulestest.Files(fsys)
	if err != nil || len(names) == 0 {
		t.Fatal("no tests", err)
	}
	for _, name := range names {
		r := new(diag.Report)
		result := rulestest.Run(fsys, name, s, r)
		if len(r.Findings()) > 0 {
			t.Error(rendered(t, r))
		}
		if result == nil {
			continue
		}
		for _, c := range result.Cases {
			for _, f := range c.Failures {
				t.Errorf("%s:%d %s: %s", c.File, c.Line, c.Name, f)
			}
		}
	}
}

func rendered(t *testing.T, r *diag.Report) string {
	t.Helper()
	var s strings.Builder
	if err := r.Render(&s, false); err != nil {
		t.Fatal(err)
	}
	return s.String()
}
