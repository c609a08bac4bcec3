package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// keySamples are ways to write each key of an option.
func keySamples() [][]string {
	return [][]string{
		{"description: \"D {delivery}\"\ndelivery: {days: 1 to 3, cutoff: \"14:00\", ships: mon to fri, calendar: xmas}", "delivery: {days: 2}", "promo: {en: P}"},
		{"to: sweden", "to: [gotland, denmark]", "not_to: gotland", "not_to: [mainland, finland]"},
		{"when: {max_weight: 3 kg}", "when: [{class: bulky}, {to: gotland}]", "when: {min_total: 100.00, customer: person}"},
		{"unless: {no_class: letter}", "unless: [{to: mainland}, {language: en}]", "unless: {days: mon to fri, time: \"08:00 to 14:00\"}"},
		{"from: 2026-11-24", "until: 2026-11-24", "off: yes", "off: no"},
		{"price_per: class", "price_per: line\ncombine: highest", "price_per: item\ncombine: lowest", "price_per: item"},
		{"surcharges: [{to: gotland, add: 20.00}, {class: bulky, each: 1 item, add: 5.00}]", "surcharges: [{over: 1 kg, each: 500 g, add: 1.00}]", "surcharges: [{unknown: x, add: 1.00}]",
			"surcharges: [{add: 3% of goods}]"},
		{"min_price: 10.00", "max_price: [30.00, 3.00 EUR]", "min_price: {2026-11-24: 5.00}\nmax_price: 100.00"},
		{"free_from: 300.00", "free_from: {total: [300.00, 30.00 EUR], keep_surcharges: yes}", "free_from: {to: mainland}", "free_from: {2026-01-01: 1.00}"},
		{"round: {to: 1.00, mode: up}", "round: {to: [1.00, 0.10 EUR]}", "round: {to: 5.00, mode: down}"},
		{"volumetric: 280 kg/m3", "item_weight_if_missing: 2 kg", "volumetric: 5000 cm3/kg\nitem_weight_if_missing: 5 kg"},
		{"pickup_points: {csv: stores.csv}", "pickup_points: {plugin: postnord, nearest: 2, if_unavailable: {csv: stores.csv}}", "pickup_points: {plugin: postnord}",
			"pickup_points: {plugin: bring, if_unavailable: offer anyway}"},
		{"one_of: g", "one_of: h", "hides: [o0, o2]", "hides: o1"},
		{"carrier: X\nmethod: Home", "product: {name: P, id: p}", "tax_class: books\ntms_reference: t", "x-mine: {a: b}"},
	}
}

func priceSamples() []string {
	return []string{
		"price: 49.00", "price: [49.00, 4.90 EUR]", "price: 8% of goods", "price: {2026-11-24: 1.00, 2026-01-01: [2.00, 0.20 EUR]}",
		"price: [{max_weight: 1 kg, price: 10.00}, {to: gotland, price: \"-\"}, {to: mainland, price: 5% of goods}, {price: 20.00}]",
		"price: [{to: gotland, price: 10.00}, {to: mainland, price: 20.00}, {max_items: 2, price: 3.00 EUR}]",
		"price:\n  table: |\n    max_weight | gotland | mainland | sweden EUR\n    1 kg | 10.00 | - | 1.00\n    2 kg | 20.00 | 5% of goods | -\n    any | 30.00 | 15.00 | 3.00",
		"price:\n  table: |\n    class | max_items | price\n    bulky, letter | 2 | 10.00\n    any | any | 20.00 EUR\n    any | 5 | 30.00",
		"price: {csv: rates.csv}", "price: {2026-01-01: {csv: rates.csv}, 2026-11-24: [{price: 9.00}]}",
	}
}

func randomShop(rt *rapid.T) string {
	var b strings.Builder
	b.WriteString(shopHead)
	b.WriteString(rapid.SampledFrom([]string{"", "sort: price\n", "max_options: 2\n", "preselect: o1\n", "prices: exclude tax\n", "order_value: {after_discounts: no, ignore: []}\n",
		"defaults: {carrier: D, free_from: 70.00 EUR}\n", "no_option: {error: address_error}\n"}).Draw(rt, "top"))
	b.WriteString("options:\n")
	for i := range 3 {
		keys := rapid.SampledFrom(priceSamples()).Draw(rt, "price") + "\n"
		for _, samples := range keySamples() {
			if rapid.IntRange(0, 2).Draw(rt, "has") == 0 {
				keys += rapid.SampledFrom(samples).Draw(rt, "key") + "\n"
			}
		}
		fmt.Fprintf(&b, "  - id: o%d\n    name: {sv: N, en: M}\n%s", i, indent(keys, "    "))
	}
	return b.String()
}

func randomAsk(rt *rapid.T, trace *rules.Trace) ask {
	a := ask{
		to:       rapid.SampledFrom([]string{"SE 113 51", "SE 621 57", "SE", "SE 1", "DK 2100", "FI", "NO 0150"}).Draw(rt, "to"),
		currency: rapid.SampledFrom([]string{"SEK", "EUR", "USD"}).Draw(rt, "currency"),
		lang:     rapid.SampledFrom([]string{"sv", "en", "de"}).Draw(rt, "lang"),
		now:      rapid.SampledFrom([]string{"2026-11-23 13:59", "2026-11-24 14:00", "2026-12-30 10:00"}).Draw(rt, "now"),
		customer: rapid.SampledFrom([]string{"", "person"}).Draw(rt, "customer"),
		items:    []item{}, trace: trace,
	}
	for range rapid.IntRange(0, 4).Draw(rt, "lines") {
		a.items = append(a.items, item{
			n: rapid.Int64Range(1, 4).Draw(rt, "n"), grams: rapid.Int64Range(0, 1500).Draw(rt, "grams"),
			price: order.Amount(rapid.Int64Range(0, 30000).Draw(rt, "price")), tags: rapid.SampledFrom([]string{"", "bulky", "letter bulky"}).Draw(rt, "tags"),
			kind: rapid.SampledFrom([]order.LineType{"", "", order.Digital, order.Discount, order.GiftCard}).Draw(rt, "kind"),
		})
	}
	if rapid.Bool().Draw(rt, "points") {
		a.facts.Pickup = map[string][]rules.PickupPoint{"postnord": {{ID: "1", Name: "A"}, {ID: "2", Name: "B"}}}
	}
	return a
}

// TestRandomShops puts keys together at random: what loads answers every question, the same with and without a trace,
// and what does not load has a fault with a place.
func TestRandomShops(t *testing.T) {
	t.Parallel()
	loaded := 0
	rapid.Check(t, func(rt *rapid.T) {
		yaml := randomShop(rt)
		fsys := files("shipping.yaml", yaml, "stores.csv", storesCSV, "rates.csv", "max_weight,mainland,gotland EUR\n1 kg,1.00,2.00\n3 kg,-,4.00\n")
		var r diag.Report
		table := shipping.Load(fsys, "shipping.yaml", shipping.Options{Plugins: func(n string) bool { return n == "postnord" }}, &r)
		if table == nil {
			for _, f := range r.Findings() {
				if f.Line < 1 || f.Col < 1 || f.File == "" {
					rt.Fatalf("a fault without a place: %+v", f)
				}
			}
			return
		}
		loaded++
		for range 6 {
			a := randomAsk(rt, nil)
			plain, traced := a.query(t), a.query(t)
			traced.Trace = &rules.Trace{}
			judge(t, table, plain)
			judge(t, table, traced)
			one, err1 := table.Offer(t.Context(), plain)
			two, err2 := table.Offer(t.Context(), traced)
			if (err1 == nil) != (err2 == nil) || short(one) != short(two) {
				rt.Fatalf("%+v: %s, %v; with a trace %s, %v\n%s", a, short(one), err1, short(two), err2, yaml)
			}
			if len(plain.Lines) > 0 && len(two.Options) > 0 {
				taken(rt, yaml, traced.Trace, two)
			}
		}
	})
	if loaded == 0 {
		t.Error("no random shop loads")
	}
}

// taken compares the options that the trace calls taken with those that are offered, and the sum of each story with the
// price.
func taken(rt *rapid.T, yaml string, tr *rules.Trace, out rules.Offers) {
	price := map[string]order.Amount{}
	for _, o := range out.Options {
		id, _, _ := strings.Cut(o.ID, ":")
		price[id] = o.Price
	}
	sections := strings.Split(yaml, "\n  - id: ")[1:]
	for i, o := range tr.Options[len(tr.Options)-3:] { // the query was asked several times
		want, ok := price[o.ID]
		if ok != o.Taken {
			rt.Fatalf("%s: taken %v, offered %v", o.ID, o.Taken, ok)
		}
		sum := order.Amount(0)
		for _, s := range o.Steps {
			sum += s.Amount
		}
		if ok && sum != want && !strings.Contains(sections[i], "price_per") {
			rt.Fatalf("%s: the story adds up to %d, the price is %d: %+v\n%s", o.ID, sum, want, o.Steps, sections[i])
		}
	}
}
