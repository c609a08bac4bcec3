package tax_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

func TestFreight(t *testing.T) {
	t.Parallel()
	const tail = "destinations: {SE: charge, DE: charge, NO: {charge_below_item_value: 3000.00 NOK}, FI: charge, FR: none, EU: charge, US: home_rate}\n" +
		"rates: {SE: {food: {2024-01-01: reduced_1, 2026-04-01: reduced_2}}}\n"
	fixed := func(r order.Rate) pricing.FreightTax { return pricing.FreightTax{Mode: pricing.FreightFixed, Rate: r} }
	follow := func(m pricing.FreightMode, r order.Rate) pricing.FreightTax {
		return pricing.FreightTax{Mode: m, Rate: r}
	}
	tests := []struct {
		name, word, to, class string
		price                 order.Amount
		want                  pricing.FreightTax
	}{
		{"missing is split", "", "SE", "", 100, follow(pricing.FreightSplit, 2500)},
		{"split", "shipping_tax: split", "DE", "", 100, follow(pricing.FreightSplit, 1900)},
		{"highest", "shipping_tax: highest", "DE", "", 100, follow(pricing.FreightHighest, 1900)},
		{"largest", "shipping_tax: largest", "SE", "", 100, follow(pricing.FreightLargest, 2500)},
		{"standard", "shipping_tax: standard", "SE", "", 100, fixed(2500)},
		{"a class", "shipping_tax: food", "SE", "", 100, fixed(600)},
		{"none", "shipping_tax: none", "SE", "", 100, fixed(0)},
		{"an option's class", "shipping_tax: split", "SE", "food", 100, fixed(600)},
		{"an option's word", "shipping_tax: none", "SE", "standard", 100, fixed(2500)},
		{"by country", "shipping_tax: {SE: standard, EU: highest, '*': none}", "SE", "", 100, fixed(2500)},
		{"by union", "shipping_tax: {SE: standard, EU: highest, '*': none}", "DE", "", 100, follow(pricing.FreightHighest, 1900)},
		{"by star", "shipping_tax: {SE: standard, EU: highest, '*': none}", "US-CA", "", 100, fixed(0)},
		{"by region", "shipping_tax: {US: none, US-CA: standard}", "US-CA", "", 100, fixed(2500)},
		{"without a star", "shipping_tax: {DE: none}", "SE", "", 100, follow(pricing.FreightSplit, 2500)},
		{"destination none", "shipping_tax: standard", "FR", "", 100, fixed(0)},
		{"area outside", "shipping_tax: standard", "FI 22100", "food", 100, fixed(0)},
		{"not served", "shipping_tax: standard", "JP", "", 100, fixed(0)},
		{"an item is charged", "shipping_tax: standard", "NO", "", 299999, fixed(2500)},
		{"no item is charged", "shipping_tax: standard", "NO", "", 300000, fixed(0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := sound(t, header+tail+tt.word+"\n")
			got, err := table.Freight(context.Background(), query(tt.to, at(t, "2026-11-23 10:00"), "NOK", goods(tt.price, "food")), tt.class)
			if err != nil || !cmp.Equal(got, tt.want) {
				t.Errorf("got %+v %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func TestFreightWithoutGoods(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {NO: {charge_below_item_value: 3000.00 NOK}}\nshipping_tax: standard\n")
	got, err := table.Freight(context.Background(), query("NO", at(t, "2026-11-23 10:00"), "NOK"), "")
	if err != nil || got.Rate != 2500 {
		t.Errorf("got %+v %v", got, err)
	}
}

func TestFreightUnknownClass(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {SE: charge}\n")
	_, err := table.Freight(context.Background(), query("SE", at(t, "2026-11-23 10:00"), "SEK", goods(1)), "fodo")
	if !errors.Is(err, rules.ErrTaxClass) || err.Error() != `tax.yaml: there is no tax class "fodo"` {
		t.Errorf("got %v", err)
	}
}

// TestFreightLooksAtSentPrices re-rates the goods first, as the engine does: with keep net the price falls below the
// limit, and the freight must not change its mind.
func TestFreightLooksAtSentPrices(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"keep: net\ndestinations: {NO: {charge_below_item_value: 3000.00 NOK}}\nshipping_tax: standard\n")
	q := query("NO", at(t, "2026-11-23 10:00"), "NOK", goods(300000))
	g, err := table.Goods(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if q.Lines, err = pricing.Rerate(q.Lines, g.Rates, g.Keep); err != nil || q.Lines[0].TotalAmount != 240000 {
		t.Fatalf("got %+v %v", q.Lines, err)
	}
	if got, err := table.Freight(context.Background(), q, ""); err != nil || got.Rate != 0 {
		t.Errorf("got %+v %v", got, err)
	}
}
