package rulestest_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden runs tell over the first file of each story in a folder and compares what it says.
func golden(t *testing.T, dir string, tell func(t *testing.T, in []byte) []txtar.File) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
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
			got := tell(t, a.Files[0].Data)
			if *update {
				a.Files = append(a.Files[:1:1], got...)
				if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(got) != len(a.Files)-1 {
				t.Fatalf("%d files are told, the golden file has %d; run with -update", len(got), len(a.Files)-1)
			}
			for i, f := range got {
				if d := cmp.Diff(string(a.Files[i+1].Data), string(f.Data)); d != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, d)
				}
			}
		})
	}
}

// TestGoldenRuns: what a person reads about tests that fail, and about test files with faults.
func TestGoldenRuns(t *testing.T) {
	t.Parallel()
	s := shop(t)
	golden(t, "golden", func(t *testing.T, in []byte) []txtar.File {
		fsys, r := withFile(string(in)), new(diag.Report)
		for _, name := range []string{"shipping.yaml", "tax.yaml"} { // as after loading the rulebook
			if _, ok := diag.ReadFile(fsys, name, diag.MaxYAML, diag.Place{}, r); !ok {
				t.Fatal("no " + name)
			}
		}
		res := rulestest.Run(fsys, "t.test.yaml", s, r)
		var text, js, found bytes.Buffer
		if res != nil {
			if err := rulestest.Text(&text, []*rulestest.Result{res}); err != nil {
				t.Fatal(err)
			}
			if err := rulestest.JSON(&js, []*rulestest.Result{res}); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Render(&found, false); err != nil {
			t.Fatal(err)
		}
		return filled([]txtar.File{{Name: "findings", Data: found.Bytes()}, {Name: "text", Data: text.Bytes()}, {Name: "json", Data: js.Bytes()}})
	})
}

// filled leaves out what is empty.
func filled(files []txtar.File) (out []txtar.File) {
	for _, f := range files {
		if len(f.Data) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// TestGoldenExplanations: the first file holds flags, one a line.
func TestGoldenExplanations(t *testing.T) {
	t.Parallel()
	s := shop(t)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	golden(t, "explain", func(t *testing.T, in []byte) []txtar.File {
		r := new(diag.Report)
		x := rulestest.Explain(s, asked(t, string(in)), now, r)
		var text, js, found bytes.Buffer
		if x != nil {
			x.Revision = "revision"
			if err := x.Text(&text); err != nil {
				t.Fatal(err)
			}
			if err := x.JSON(&js); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Render(&found, false); err != nil {
			t.Fatal(err)
		}
		return filled([]txtar.File{{Name: "findings", Data: found.Bytes()}, {Name: "text", Data: text.Bytes()}, {Name: "json", Data: js.Bytes()}})
	})
}

// asked reads a question: `flag value`, one a line.
func asked(t *testing.T, text string) (a rulestest.Asked) {
	t.Helper()
	single := map[string]*string{"to": &a.To, "cart": &a.Cart, "currency": &a.Currency, "language": &a.Language, "now": &a.Now,
		"customer": &a.Customer, "vat-id": &a.VATID, "group": &a.Group, "choose": &a.Choose}
	many := map[string]*[]string{"coupon": &a.Coupons, "tag": &a.Tags, "order-tag": &a.OrderTags}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case single[key] != nil:
			*single[key] = value
		case many[key] != nil:
			*many[key] = append(*many[key], value)
		case key == "order":
			body, err := os.ReadFile(filepath.Join("testdata", "shop", filepath.FromSlash(value)))
			if err != nil {
				t.Fatal(err)
			}
			a.Order = body
		default:
			t.Fatalf("unknown flag %q", key)
		}
	}
	return a
}
