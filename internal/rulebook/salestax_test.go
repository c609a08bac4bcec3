package rulebook_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// TestTaxClassWithSalesTax tells a word of VAT in an option, as E413.
func TestTaxClassWithSalesTax(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"shipping.yaml": {Data: []byte("version: 1\ncurrency: USD\ntime_zone: America/Chicago\nlanguages: [en]\nprices: exclude tax\n" +
			"options: [{id: a, name: A, price: 1.00, tax_class: none}]\n")},
		"tax.yaml": {Data: []byte("version: 1\nmode: sales_tax\ncollect_in: [US-TX]\nrates: {US-TX: 6.25%}\nshipping_tax: {US-TX: all}\n")},
	}
	r := new(diag.Report)
	book := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
	var got []string
	for _, f := range r.Findings() {
		got = append(got, fmt.Sprintf("%s %s", f.Place, f.Code))
	}
	if book != nil || strings.Join(got, "\n") != "shipping.yaml:6:52 E413" {
		t.Errorf("got %q", got)
	}
}

// TestProviderLineWithSalesTax refuses a merchant whose tax would not follow the option.
func TestProviderLineWithSalesTax(t *testing.T) {
	t.Parallel()
	r := new(diag.Report)
	book := rulebook.LoadFS(os.DirFS(examples+"/us"), rulebook.Options{Shipped: configs.FS()}, r)
	if book == nil {
		t.Fatal(r.Findings())
	}
	if _, err := book.Engine(rules.Options{Policy: pricing.ShippingPolicy{Provider: true}}); err == nil || !strings.Contains(err.Error(), "shipping_line") {
		t.Errorf("got %v", err)
	}
	if e, err := book.Engine(rules.Options{}); err != nil || e == nil {
		t.Errorf("got %v", err)
	}
}

// TestUSTestsEveryRow: the tests of the US rulebook use every price, every row of the rate file, every rate of a state, every
// word about freight, every exemption and every fee on each of its dates; they offer and refuse every option.
func TestUSTestsEveryRow(t *testing.T) {
	t.Parallel()
	fsys := os.DirFS(examples + "/us")
	r := new(diag.Report)
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
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
	used := func(place diag.Place, what string) {
		if at := fmt.Sprintf("%s:%d:%d", place.File, place.Line, place.Col); !u.places[at] {
			t.Errorf("%s: %s is used by no test", at, what)
		}
	}
	for _, row := range b.Shipping.Rows() {
		used(row.Place, row.Kind+" of "+row.Option)
	}
	for _, id := range b.Shipping.OptionIDs() {
		if !u.taken[id] || !u.refused[id] {
			t.Errorf("option %s: offered in a test: %v, refused in a test: %v", id, u.taken[id], u.refused[id])
		}
	}
	text, err := fs.ReadFile(fsys, rulebook.TaxFile)
	if err != nil {
		t.Fatal(err)
	}
	root := diag.Parse(rulebook.TaxFile, text, new(diag.Report))
	for _, key := range []string{"collect_in", "rates", "shipping_tax"} {
		leaves(root.Get(key), func(n *diag.Node) { used(n.Place, n.Text+" under "+key) })
	}
	for _, x := range root.Get("exempt").Items {
		used(x.Place, "an exemption")
	}
	for _, x := range root.Get("fees").Items {
		leaves(x.Get("amount"), func(n *diag.Node) { used(n.Place, n.Text+" of a fee") })
	}
	rates, err := fs.ReadFile(fsys, "tax/us-rates.csv")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range strings.Split(strings.TrimSpace(string(rates)), "\n") {
		if i > 0 {
			used(diag.Place{File: "tax/us-rates.csv", Line: i + 1, Col: 1}, row)
		}
	}
}
