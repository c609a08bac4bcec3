package checks_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// stockholm is the time zone of the shop under test.
func stockholm(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// shipping is what a shop's shipping.yaml says: two zones, two classes, SEK, Swedish and English.
func shipping(t testing.TB) checks.Options {
	t.Helper()
	r := new(diag.Report)
	root := diag.Parse("shipping.yaml", []byte("zones:\n  sweden: {SE: all}\n  gotland: {SE: [620 to 624]}\n"+
		"classes:\n  wine: {tags: [wine]}\n  bulky: {tags: [bulky]}\n"), r)
	classes := table.CompileClasses(root.Get("classes"), r)
	scope := table.Scope{Currency: "SEK", Location: stockholm(t), Languages: []string{"sv", "en"}, Classes: classes,
		Zones: table.CompileZones(table.ZonesSource{Zones: root.Get("zones")}, r)}
	if r.Failed() {
		t.Fatal(render(t, r))
	}
	return checks.Options{Scope: scope, Cart: table.CartRules{AfterDiscounts: true, Classes: classes}}
}

func render(t testing.TB, r *diag.Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Render(&b, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func compile(t testing.TB, text string, r *diag.Report) *checks.Table {
	t.Helper()
	return checks.Load(fstest.MapFS{"checks.yaml": {Data: []byte(text)}}, "checks.yaml", shipping(t), r)
}

// load compiles a list of checks; faults fail the test.
func load(t testing.TB, list string) *checks.Table {
	t.Helper()
	r := new(diag.Report)
	tb := compile(t, "version: 1\nchecks:\n"+list, r)
	if tb == nil {
		t.Fatal(render(t, r))
	}
	return tb
}

// one is a file of one check with these keys, which rejects.
func one(keys string) string {
	return "  - {id: c, " + keys + ", reject: {error: address_error, text: {sv: Nej, en: No}}}\n"
}

// noon is a Monday.
func noon(t testing.TB) time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, stockholm(t)) }

// buyer is an order of one thing to Stockholm, with everything filled in.
func buyer() *order.Order {
	return &order.Order{PurchaseCurrency: "SEK", Locale: "sv-SE",
		ShippingAddress: &order.Address{GivenName: "Canary", Email: "canary@example.com", StreetAddress: "Storgatan 1",
			PostalCode: "113 51", City: "Stockholm", Phone: "070 123 45 67", Country: "SE"},
		Customer: &order.Customer{Type: "person", DateOfBirth: "1990-05-01"},
		Lines: []order.Line{{Type: order.Physical, Reference: "WINE", Name: "Wine", Quantity: 1, UnitPrice: 10000, TotalAmount: 10000,
			ShippingAttributes: &order.ShippingAttributes{Weight: 1000, Tags: []string{"wine"}}}}}
}

// query is the question about an order.
func query(t testing.TB, o *order.Order, cb rules.Callback) *rules.Query {
	t.Helper()
	q := &rules.Query{Callback: cb, Now: noon(t), Order: o, Lines: o.Lines, Currency: o.PurchaseCurrency, Language: "sv",
		Destination: rules.Destination{Country: "SE"}}
	if a := o.ShippingAddress; a != nil && a.Country != "" {
		q.Destination = rules.Destination{Country: a.Country, Region: a.Region, Postcode: a.PostalCode}
	}
	return q
}

// decide asks and fails the test on an error.
func decide(t testing.TB, tb *checks.Table, q *rules.Query) rules.Decision {
	t.Helper()
	d, err := tb.Validate(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
