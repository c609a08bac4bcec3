package rulebook_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

const examples = "../../configs/examples"

// TestExamples runs the tests of every shipped rulebook.
func TestExamples(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(filepath.Join(examples, "*", rulebook.ShippingFile))
	if err != nil || len(dirs) < 2 {
		t.Fatalf("%d examples, %v", len(dirs), err)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			runAll(t, os.DirFS(dir), subject(t, os.DirFS(dir)))
		})
	}
}

// use is what the tests of a rulebook have touched.
type use struct {
	places  map[string]bool // file:line:col of rows and rates that decided
	taken   map[string]bool // options that were offered
	refused map[string]bool // options that were not
	visited map[string]bool // countries and regions asked about
}

func (u *use) see(q *rules.Query, tr *rules.Trace) {
	u.visited[q.Destination.Country] = true
	if r := q.Destination.Region; r != "" {
		u.visited[q.Destination.Country+"-"+r] = true
	}
	for _, o := range tr.Options {
		if o.Taken {
			u.taken[o.ID] = true
		} else {
			u.refused[o.ID] = true
		}
		u.steps(o.Steps)
	}
	u.steps(tr.Goods)
}

func (u *use) steps(steps []rules.Step) {
	for _, s := range steps {
		u.places[fmt.Sprintf("%s:%d:%d", s.File, s.Line, s.Col)] = true
	}
}

// TestExamplesTestEveryRow: a shipped rulebook is a model of how to test one. Its tests use every price, every
// supplement, every limit, offer every option and refuse it, and ask about every tax rate and destination.
func TestExamplesTestEveryRow(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"german", "british", "dutch", "canadian"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(examples, name)
			fsys := os.DirFS(dir)
			r := new(diag.Report)
			b := loadDir(dir, r)
			if b == nil {
				t.Fatal(rendered(t, r))
			}
			s, err := b.Subject(rules.Options{})
			if err != nil {
				t.Fatal(err)
			}
			u := &use{places: map[string]bool{}, taken: map[string]bool{}, refused: map[string]bool{}, visited: map[string]bool{}}
			s.Traced = u.see
			runAll(t, fsys, s)
			for _, row := range b.Shipping.Rows() {
				if at := fmt.Sprintf("%s:%d:%d", row.Place.File, row.Place.Line, row.Place.Col); !u.places[at] {
					t.Errorf("%s: %s of %s is used by no test", at, row.Kind, row.Option)
				}
			}
			for _, id := range b.Shipping.OptionIDs() {
				if !u.taken[id] || !u.refused[id] {
					t.Errorf("option %s: offered in a test: %v, refused in a test: %v", id, u.taken[id], u.refused[id])
				}
			}
			taxUse(t, fsys, u)
		})
	}
}

// taxUse tells rates of tax.yaml that decided in no test, and destinations that no test asks about.
func taxUse(t *testing.T, fsys fs.FS, u *use) {
	t.Helper()
	text, err := fs.ReadFile(fsys, rulebook.TaxFile)
	if err != nil {
		t.Fatal(err)
	}
	root := diag.Parse(rulebook.TaxFile, text, new(diag.Report))
	for _, key := range []string{"rates", "areas"} {
		leaves(root.Get(key), func(n *diag.Node) {
			if at := fmt.Sprintf("%s:%d:%d", n.Place.File, n.Place.Line, n.Place.Col); n.Text != "none" && !u.places[at] {
				t.Errorf("%s: `%s` under %s is used by no test", at, n.Text, key)
			}
		})
	}
	for _, key := range root.Get("destinations").Keys {
		hit := func(place string) bool { return place == key.Text }
		switch key.Text {
		case "*", "EU":
			hit = func(place string) bool {
				return root.Get("destinations").Get(place) == nil && (key.Text == "*") != member(t, place)
			}
		}
		if !slices.ContainsFunc(keys(u.visited), hit) {
			t.Errorf("%s:%d: no test asks about the destination %s", rulebook.TaxFile, key.Place.Line, key.Text)
		}
	}
}

// leaves visits the scalars under a node.
func leaves(n *diag.Node, visit func(*diag.Node)) {
	if n == nil {
		return
	}
	if n.Kind == diag.Scalar {
		visit(n)
		return
	}
	for _, v := range append(slices.Clone(n.Values), n.Items...) {
		leaves(v, visit)
	}
}

func keys(set map[string]bool) []string {
	var all []string
	for k := range set {
		all = append(all, k)
	}
	return all
}

// member reports whether a country is a member of the EU by the shipped data.
func member(t *testing.T, country string) bool {
	t.Helper()
	text, err := fs.ReadFile(configs.FS(), "vat-rates.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c := diag.Parse("vat-rates.yaml", text, new(diag.Report)).Get("countries").Get(strings.ToUpper(country))
	return c != nil && c.Get("eu").Text == "yes"
}
