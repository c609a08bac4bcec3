package shipping_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// shopHead is the beginning of the shop that most tests use; options are appended.
const shopHead = `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv, en]
item_weight_if_missing: 0 g
zones:
  sweden: {SE: all}
  gotland: {SE: [620 to 624]}
  mainland: {SE: all, except: gotland}
  denmark: {DK: all}
  finland: {FI: all}
classes:
  bulky: {tags: [bulky]}
  letter: {tags: [letter]}
  fragile: {tags: [fragile]}
calendars: {xmas: {closed: [2026-12-24, 2026-12-25, 2026-12-31]}}
`

// shopWith appends to shopHead, without its item_weight_if_missing where the rest has one.
func shopWith(rest string) string {
	if strings.Contains(rest, "item_weight_if_missing: ") {
		return strings.Replace(shopHead, "item_weight_if_missing: 0 g\n", "", 1) + rest
	}
	return shopHead + rest
}

// oneOption is a shop with a single option a that has these further keys.
func oneOption(keys string) string {
	return shopHead + "options:\n  - id: a\n    name: A\n" + indent(keys, "    ")
}

func indent(text, by string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		b.WriteString(by + line)
	}
	return b.String()
}

// files makes a rulebook folder of pairs of name and text.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

func render(t testing.TB, r *diag.Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Render(&b, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// load compiles shipping.yaml and the side files behind it; faults fail the test.
func load(t testing.TB, yaml string, side ...string) *shipping.Table {
	t.Helper()
	var r diag.Report
	fsys := files(append([]string{"shipping.yaml", yaml}, side...)...)
	plugins := func(name string) bool { return name == "postnord" }
	table := shipping.Load(fsys, "shipping.yaml", shipping.Options{Plugins: plugins, EU: []string{"SE", "DK", "FI", "DE"}}, &r)
	if table == nil {
		t.Fatalf("shipping.yaml does not load:\n%s\n%s", render(t, &r), yaml)
	}
	return table
}

// item is goods on a line: pieces × price each, grams each.
type item struct {
	n, grams int64
	price    order.Amount
	tags     string // parted by spaces
	size     [3]int64
	kind     order.LineType
}

// ask is a question in short.
type ask struct {
	to       string // "SE 621 57"; empty: "SE 113 51"
	currency string // empty: SEK
	lang     string // empty: sv
	now      string // empty: 2026-11-23 10:00, a Monday, in Stockholm
	items    []item // empty: one piece of 1 kg at 400.00
	customer string
	facts    rules.Facts
	trace    *rules.Trace
}

func (a ask) query(t testing.TB) *rules.Query {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.ParseInLocation("2006-01-02 15:04", or(a.now, "2026-11-23 10:00"), loc)
	if err != nil {
		t.Fatal(err)
	}
	country, code, _ := strings.Cut(or(a.to, "SE 113 51"), " ")
	country, region, _ := strings.Cut(country, "-")
	o := &order.Order{PurchaseCurrency: or(a.currency, "SEK"), Locale: or(a.lang, "sv")}
	if a.customer != "" {
		o.Customer = &order.Customer{Type: a.customer}
	}
	if a.items == nil {
		a.items = []item{{n: 1, grams: 1000, price: 40000}}
	}
	for i, it := range a.items {
		o.Lines = append(o.Lines, it.line(i))
	}
	return &rules.Query{
		Callback: rules.AddressUpdate, Now: now, Order: o, Lines: o.Lines, Currency: o.PurchaseCurrency, Language: o.Locale,
		Destination: rules.Destination{Country: country, Region: region, Postcode: code}, Facts: a.facts, Trace: a.trace,
	}
}

func (it item) line(i int) order.Line {
	n := max(it.n, 1)
	l := order.Line{Type: it.kind, Reference: fmt.Sprintf("SKU-%d", i), Name: "x", Quantity: n, UnitPrice: it.price,
		TotalAmount: it.price * order.Amount(n)}
	l.ShippingAttributes = &order.ShippingAttributes{Weight: it.grams, Tags: strings.Fields(it.tags)}
	if it.size != [3]int64{} {
		l.ShippingAttributes.Dimensions = &order.Dimensions{Height: it.size[0], Width: it.size[1], Length: it.size[2]}
	}
	return l
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// offer asks and fails the test on an error.
func offer(t testing.TB, table *shipping.Table, a ask) rules.Offers {
	t.Helper()
	out, err := table.Offer(context.Background(), a.query(t))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// short writes offers as "a 4900, b 0"; "-" for none.
func short(out rules.Offers) string {
	parts := make([]string, 0, len(out.Options))
	for _, o := range out.Options {
		parts = append(parts, fmt.Sprintf("%s %d", o.ID, o.Price))
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, ", ")
}
