package tax_test

import (
	"context"
	"os"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// FuzzTax loads arbitrary tax files: no panic, every fault has a place, and what is accepted answers every query: with a
// rate the checkout can carry for each line it may move, or with a rejection.
func FuzzTax(f *testing.F) {
	nordic, err := os.ReadFile("../../configs/examples/nordic/tax.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(nordic), "SE", "", "11351", "SEK", "", int64(0), int64(1))
	f.Add(header+"destinations: {EU: charge, NO: {charge_below_item_value: 3000 NOK}, '*': none}\nareas: {fi-aland: {standard: 1%}}", "FI", "", "22100",
		"EUR", "ATU12345678", int64(1_800_000_000), int64(3))
	f.Add("version: 1\nmode: vat\nhome: US\nrates: {US: {standard: 1}, US-CA: {standard: 2%}}\ndestinations: {US: charge, US-CA: {charge_up_to_order_value: 3 USD}}\n",
		"US", "CA", "94103", "USD", "", int64(-1), int64(0))
	f.Add(header+"destinations: {SE: charge}\nzones: {a: {SE: [11*]}}\nareas: {a: {food: {2024-01-01: reduced_1}}}\nshipping_tax: {SE: food, '*': none}\n",
		"SE", "", "11351", "SEK", "", int64(1), int64(-1))
	f.Fuzz(func(t *testing.T, text, country, region, postcode, currency, vat string, unix, quantity int64) {
		table, r := load(text, nil)
		for _, finding := range r.Findings() {
			if finding.File == "" || finding.Line < 1 || finding.Col < 1 || finding.Message == "" {
				t.Errorf("no place: %+v", finding)
			}
		}
		if (table == nil) != r.Failed() {
			t.Fatalf("a table %v, failed %v", table != nil, r.Failed())
		}
		if table == nil {
			return
		}
		lines := []order.Line{goods(299900, "food"), goods(1), goods(300000, "book"), {Type: order.Discount, TotalAmount: -5}}
		lines[1].Quantity = quantity
		q := query(country, at(t, "2026-01-01 00:00"), currency, lines...)
		q.Now = q.Now.AddDate(0, 0, int(unix%20000))
		q.Destination.Country, q.Destination.Region, q.Destination.Postcode = country, region, postcode
		q.Order.Customer = &order.Customer{Type: "organization", VATID: vat}
		g, err := table.Goods(context.Background(), q)
		if err != nil || len(g.Rates) != len(lines) {
			t.Fatalf("got %+v %v", g, err)
		}
		for i, rate := range g.Rates {
			if rate.Rate < 0 || rate.Rate > order.MaxRate || g.Reject == nil && rate.Apply != (i < 3) {
				t.Errorf("line %d: %+v", i, rate)
			}
		}
		for _, class := range append(table.Classes(), "", "standard", "split") {
			freight, err := table.Freight(context.Background(), q, class)
			if err != nil || freight.Rate < 0 || freight.Rate > order.MaxRate || freight.Mode > pricing.FreightLargest {
				t.Errorf("freight of %q: %+v %v", class, freight, err)
			}
		}
	})
}
