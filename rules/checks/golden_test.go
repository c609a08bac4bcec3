package checks_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestFindings loads broken files and compares what is told, word for word.
func TestFindings(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r := new(diag.Report)
			tb := compile(t, string(a.Files[0].Data), r)
			if (tb == nil) != r.Failed() {
				t.Errorf("table is nil: %v, with errors: %v", tb == nil, r.Failed())
			}
			got := render(t, r)
			if *update {
				a.Files = append(a.Files[:1:1], txtar.File{Name: "findings", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) != 2 {
				t.Fatal("no findings yet; run with -update")
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCodesAreProven demands a story for each code of this package, and codes in order.
func TestCodesAreProven(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	codes := checks.Codes()
	for _, c := range codes {
		if !strings.Contains(all.String(), "["+c.Code+"]") {
			t.Errorf("no golden file shows %s (%s)", c.Code, c.Meaning)
		}
	}
	if !slices.IsSortedFunc(codes, func(a, b diag.CodeInfo) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("codes are not in order")
	}
}

// TestNoFile: a folder or a missing file is told with a place.
func TestNoFile(t *testing.T) {
	t.Parallel()
	r := new(diag.Report)
	if tb := checks.Load(os.DirFS(t.TempDir()), "checks.yaml", shipping(t), r); tb != nil || len(r.Findings()) != 1 || r.Findings()[0].Code != diag.CodeNoFile {
		t.Errorf("got %v, %+v", tb, r.Findings())
	}
}

// TestTooMany: the thousand and first check is refused.
func TestTooMany(t *testing.T) {
	t.Parallel()
	r := new(diag.Report)
	text := "version: 1\nchecks:\n" + strings.Repeat("  - {missing: phone}\n", checks.MaxChecks+1)
	if tb := compile(t, text, r); tb != nil || r.Findings()[0].Code != diag.CodeTooLarge || r.Findings()[0].Line != checks.MaxChecks+3 {
		t.Errorf("got %v, %+v", tb, r.Findings()[0])
	}
}
