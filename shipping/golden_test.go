package shipping_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestFindings loads broken rulebooks and compares what is told, word for word.
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
			a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "findings" && *update })
			want := ""
			fsys := fstest.MapFS{}
			for _, f := range a.Files {
				if f.Name == "findings" {
					want = string(f.Data)
					continue
				}
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			var r diag.Report
			table := shipping.Load(fsys, "shipping.yaml", shipping.Options{}, &r)
			got := render(t, &r)
			if (table == nil) != r.Failed() {
				t.Errorf("table is nil: %v, with errors: %v", table == nil, r.Failed())
			}
			if *update {
				a.Files = append(a.Files, txtar.File{Name: "findings", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCodesAreProven demands a story for each code of this package.
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
	for _, c := range shipping.Codes() {
		if !strings.Contains(all.String(), "["+c.Code+"]") {
			t.Errorf("no golden file shows %s (%s)", c.Code, c.Meaning)
		}
	}
}
