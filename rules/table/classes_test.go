package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"pgregory.net/rapid"
)

// yaml parses a whole file.
func yaml(t testing.TB, data string, r *diag.Report) *diag.Node {
	t.Helper()
	root := diag.Parse("t.yaml", []byte(data), r)
	if root == nil {
		t.Fatalf("%q does not parse: %v", data, r.Findings())
	}
	return root
}

func classes(t testing.TB, data string) *table.Classes {
	t.Helper()
	var r diag.Report
	c := table.CompileClasses(yaml(t, data, &r), &r)
	if r.Failed() {
		t.Fatalf("classes: %s", told(&r))
	}
	return c
}

func TestClassesOf(t *testing.T) {
	t.Parallel()
	c := classes(t, `
letter: {tags: [letter, card], sku: CARD-*}
bulky: {tags: bulky, sku: ["*-XL", SOFA-1]}
sofas: {category: [Home > Sofas]}
odd: {sku: "A*B*C"}
`)
	tests := []struct {
		name  string
		line  order.Line
		extra []string
		want  string
	}{
		{"nothing", order.Line{}, nil, ""},
		{"tag", tagged("bulky"), nil, "bulky"},
		{"two tags", tagged("bulky", "card"), nil, "letter bulky"},
		{"tag from facts", order.Line{}, []string{"letter"}, "letter"},
		{"tags differ in case", tagged("Bulky"), nil, ""},
		{"whole reference", order.Line{Reference: "SOFA-1"}, nil, "bulky"},
		{"not a longer reference", order.Line{Reference: "SOFA-12"}, nil, ""},
		{"beginning", order.Line{Reference: "CARD-"}, nil, "letter"},
		{"beginning and end", order.Line{Reference: "CARD-7-XL"}, nil, "letter bulky"},
		{"three parts", order.Line{Reference: "AxxByyC"}, nil, "odd"},
		{"parts touch", order.Line{Reference: "ABC"}, nil, "odd"},
		{"parts may not overlap", order.Line{Reference: "AC"}, nil, ""},
		{"category", path("Home > Sofas"), nil, "sofas"},
		{"category below", path("Home>Sofas > Corner"), nil, "sofas"},
		{"category beside", path("Home > Sofas2"), nil, ""},
		{"category above", path("Home"), nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set := c.Of(&tt.line, tt.extra)
			var names []string
			for i, name := range c.Names() {
				if set.Has(table.ClassID(i)) {
					names = append(names, name)
				}
			}
			if got := strings.Join(names, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			first, _, _ := strings.Cut(tt.want, " ")
			if got := c.Name(set.First()); got != first {
				t.Errorf("the first class is %q, want %q", got, first)
			}
		})
	}
}

func tagged(tags ...string) order.Line {
	return order.Line{ShippingAttributes: &order.ShippingAttributes{Tags: tags}}
}

func path(p string) order.Line {
	return order.Line{ProductIdentifiers: &order.ProductIdentifiers{CategoryPath: p}}
}

func TestClassFaults(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range table.MaxClasses + 1 {
		fmt.Fprintf(&many, "c%d: {tags: [t]}\n", i)
	}
	tests := []struct{ name, in, want string }{
		{"no goods", "a: {}", "1:1-2 E208 the class `a` holds no goods [give it tags, sku or category]"},
		{"unknown key", "a: {tag: [x], sku: y}", "1:5-8 E004 unknown key `tag` in the class `a`; did you mean `tags`? [allowed are tags, sku, category]"},
		{"a list", "a: [x]", "1:4-7 E005 the class `a` is a map; found a list [write it as `name: value` lines, or as {name: value}]"},
		{"the same tag twice", "a: {tags: [x, x]}", "1:15-16 E116 `x` stands twice [keep one of them]"},
		{"too many", many.String(), "65:1-4 E207 there are more than 64 classes [put goods that are treated alike into one class]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			if c := table.CompileClasses(yaml(t, tt.in, &r), &r); c == nil {
				t.Error("no classes at all")
			}
			if got := told(&r); got != tt.want {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestNoClasses(t *testing.T) {
	t.Parallel()
	var r diag.Report
	c := table.CompileClasses(nil, &r)
	if got := c.Of(&order.Line{Reference: "x"}, []string{"y"}); got != 0 || len(c.Names()) != 0 || r.Failed() {
		t.Errorf("classes %v of a file without any: %v", c.Names(), got)
	}
	var none *table.Classes
	if _, ok := none.ID("x"); ok || none.Of(&order.Line{}, nil) != 0 {
		t.Error("a nil *Classes holds something")
	}
}

// TestSKUPatterns compares the matcher with a plain recursive one.
func TestSKUPatterns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune("aab*")), 1, 8, -1).Draw(t, "pattern")
		ref := rapid.StringOfN(rapid.SampledFrom([]rune("aab")), 0, 10, -1).Draw(t, "ref")
		var r diag.Report
		n := &diag.Node{Kind: diag.Map, Keys: []*diag.Node{{Text: "c"}}, Values: []*diag.Node{{
			Kind: diag.Map, Keys: []*diag.Node{{Text: "sku"}}, Values: []*diag.Node{{Text: pattern}}}}}
		c := table.CompileClasses(n, &r)
		got := c.Of(&order.Line{Reference: ref}, nil) != 0
		if want := globs(pattern, ref); got != want {
			t.Fatalf("%q against %q: got %v, want %v", pattern, ref, got, want)
		}
	})
}

func globs(pattern, s string) bool {
	if pattern == "" {
		return s == ""
	}
	if pattern[0] == '*' {
		return globs(pattern[1:], s) || s != "" && globs(pattern, s[1:])
	}
	return s != "" && s[0] == pattern[0] && globs(pattern[1:], s[1:])
}

func TestSamples(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte("letter: {sku: [CARD-*, STAMP], tags: [letter]}\nsofa: {category: Home > Sofas, tags: [bulky, letter]}\n"), &r)
	got := table.CompileClasses(n, &r).Samples()
	want := []table.Sample{{Tag: "bulky", Set: 2}, {Tag: "letter", Set: 3}, {SKU: "CARD-", Set: 1}, {SKU: "STAMP", Set: 1},
		{Category: "Home > Sofas", Set: 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
