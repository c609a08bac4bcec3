package rulestest_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// subject loads a rulebook.
func subject(t testing.TB, dir string) rulestest.Subject {
	t.Helper()
	r := new(diag.Report)
	b := rulebook.LoadFS(os.DirFS(dir), rulebook.Options{Shipped: configs.FS()}, r)
	if b == nil {
		t.Fatalf("%s: %s", dir, short(t, r))
	}
	s, err := b.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shop is the rulebook of most tests here.
func shop(t testing.TB) rulestest.Subject { return subject(t, filepath.Join("testdata", "shop")) }

func short(t testing.TB, r *diag.Report) string {
	t.Helper()
	var s strings.Builder
	if err := r.Short(&s); err != nil {
		t.Fatal(err)
	}
	return s.String()
}

// withFile is the shop's folder and one more test file, t.test.yaml.
func withFile(text string) fs.FS {
	m := maps.Clone(shopFiles())
	m["t.test.yaml"] = &fstest.MapFile{Data: []byte(text)}
	return m
}

var shopFiles = sync.OnceValue(func() fstest.MapFS {
	m := fstest.MapFS{}
	for _, name := range []string{"shipping.yaml", "tax.yaml", "orders/visby.json", "orders/broken.json", "orders/wrong-line.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", "shop", filepath.FromSlash(name)))
		if err != nil {
			panic(err)
		}
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
})

// head begins a test file whose only case has a name.
const head = "version: 1\nnow: 2026-11-23 10:00\ncases:\n  - name: it\n"

// oneCase makes a test file of the rest of a case, whose lines are indented here.
func oneCase(body string) string {
	var s strings.Builder
	s.WriteString(head)
	for line := range strings.SplitSeq(body, "\n") {
		s.WriteString("    " + line + "\n")
	}
	return s.String()
}

func run(t testing.TB, s rulestest.Subject, text string) (*rulestest.Result, *diag.Report) {
	t.Helper()
	r := new(diag.Report)
	return rulestest.Run(withFile(text), "t.test.yaml", s, r), r
}

func textOf(t testing.TB, results ...*rulestest.Result) string {
	t.Helper()
	var s strings.Builder
	if err := rulestest.Text(&s, results); err != nil {
		t.Fatal(err)
	}
	return s.String()
}
