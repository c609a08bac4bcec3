package diag_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/rules/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden parses the first file of each story and compares what is told. A story may name the keys that are known at
// the top, `fields: a b c`, in its comment.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(t, a)
			if *update {
				a.Files = append(a.Files[:1:1], got...)
				if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			for i, f := range got {
				if i+1 >= len(a.Files) {
					t.Fatalf("%s is not in the golden file; run with -update", f.Name)
				}
				if diff := cmp.Diff(string(a.Files[i+1].Data), string(f.Data)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, diff)
				}
			}
		})
	}
}

func tell(t *testing.T, a *txtar.Archive) []txtar.File {
	t.Helper()
	var r diag.Report
	in := a.Files[0]
	data := strings.NewReplacer("<TAB>", "\t", "<CR>", "\r", "<ESC>", "\x1b", "<LS>", "\u2028").Replace(string(in.Data))
	root := diag.Parse(in.Name, []byte(data), &r)
	for line := range strings.Lines(string(a.Comment)) {
		if known, ok := strings.CutPrefix(line, "fields: "); ok && root != nil {
			checkItems(root, strings.Fields(known), &r)
		}
	}
	var short, full bytes.Buffer
	if err := r.Short(&short); err != nil {
		t.Fatal(err)
	}
	if err := r.Render(&full, false); err != nil {
		t.Fatal(err)
	}
	return []txtar.File{{Name: "short", Data: short.Bytes()}, {Name: "rendered", Data: full.Bytes()}}
}

// checkItems asks Fields about a map, or about each map of a list.
func checkItems(n *diag.Node, known []string, r *diag.Report) {
	if n.Kind == diag.List {
		for _, item := range n.Items {
			diag.Fields(item, "an option", known, r)
		}
		return
	}
	diag.Fields(n, "an option", known, r)
}
