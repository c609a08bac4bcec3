package lint_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// words are conditions whose limits the questions below stand on both sides of.
func words() []string {
	return []string{"max_weight: 1 kg", "max_weight: 3 kg", "min_weight: 2 kg", "max_items: 1", "max_items: 3", "min_items: 2", "max_total: 100.00", "min_total: 100.00",
		"min_total: [300.00, 30.00 EUR]", "max_item_weight: 1 kg", "max_item_length: 50 cm", "max_item_size: 60 x 20 x 20 cm", "max_item_girth: 120 cm", "class: bulky",
		"only_class: bulky", "no_class: bulky", "class: small", "only_class: [bulky, small]", "customer: person", "customer: organization", "group: gold", "coupon: FREE",
		"tag: vip", "currency: EUR", "currency: SEK", "language: sv", "language: [nb, en]", "from: 2026-12-01", "until: 2026-11-30", "days: mon to fri", "days: [sat, sun]",
		"time: \"08:00 to 20:00\"", "to: gotland", "to: sweden", "to: [gotland, denmark]", "not_to: gotland", "not_to: sweden"}
}

// condition draws up to n words that differ.
func condition(rt *rapid.T, n int) string {
	var parts []string
	for range rapid.IntRange(0, n).Draw(rt, "words") {
		w := rapid.SampledFrom(words()).Draw(rt, "word")
		key, _, _ := strings.Cut(w, ":")
		if !slices.ContainsFunc(parts, func(p string) bool { return strings.HasPrefix(p, key+":") }) {
			parts = append(parts, w)
		}
	}
	return strings.Join(parts, ", ")
}

// randomOption is a shop with one option of a few rows, one row a line.
func randomOption(rt *rapid.T) string {
	gates, from := "", ""
	if w := condition(rt, 2); w != "" && rapid.Bool().Draw(rt, "when") {
		gates += "    when: {" + w + "}\n"
	}
	if w := condition(rt, 1); w != "" && rapid.Bool().Draw(rt, "unless") {
		gates += "    unless: {" + w + "}\n"
	}
	if rapid.IntRange(0, 4).Draw(rt, "apart") == 0 {
		gates += "    price_per: " + rapid.SampledFrom([]string{"class", "line", "item"}).Draw(rt, "per") + "\n"
	}
	for range rapid.IntRange(1, 5).Draw(rt, "rows") {
		w := condition(rt, 2)
		if w != "" {
			w += ", "
		}
		price := rapid.SampledFrom([]string{"1.00", "1.00", "[1.00, 1.00 EUR]", "1.00 EUR", "\"-\"", "{2026-12-01: 1.00}", "5% of goods"}).Draw(rt, "price")
		from += "      - {" + w + "price: " + price + "}\n"
	}
	return shopHead + zones + "options:\n  - id: a\n    name: A\n" + gates + "    price:\n" + from
}

// ask draws an order.
func ask(rt *rapid.T, loc *time.Location) *rules.Query {
	pick := func(what string, values ...string) string { return rapid.SampledFrom(values).Draw(rt, what) }
	now, err := time.ParseInLocation("2006-01-02 15:04", pick("day", "2026-11-28", "2026-11-30", "2026-12-01", "2026-12-05")+" "+pick("time", "07:59", "08:00", "20:00"), loc)
	if err != nil {
		rt.Fatal(err)
	}
	country, code, _ := strings.Cut(pick("to", "SE 11122", "SE 62100", "SE", "DK 2100", "DK", "NO 0150", "SE 97000"), " ")
	o := &order.Order{PurchaseCurrency: pick("currency", "SEK", "EUR", "USD"), Locale: pick("language", "sv", "en", "nb", "de"), Customer: &order.Customer{Type: pick("customer", "person", "organization")}}
	for i := range rapid.IntRange(1, 3).Draw(rt, "lines") {
		l := order.Line{Reference: fmt.Sprint(i), Quantity: rapid.Int64Range(1, 3).Draw(rt, "n"), UnitPrice: order.Amount(rapid.SampledFrom([]int64{100, 2999, 5000, 10000, 30000}).Draw(rt, "price"))}
		l.TotalAmount = l.UnitPrice * order.Amount(l.Quantity)
		side := rapid.SampledFrom([]int64{0, 100, 250, 500, 600}).Draw(rt, "side")
		l.ShippingAttributes = &order.ShippingAttributes{Weight: rapid.SampledFrom([]int64{0, 400, 1000, 1900, 2500}).Draw(rt, "grams"), Tags: strings.Fields(pick("tags", "", "bulky", "small", "bulky small")),
			Dimensions: &order.Dimensions{Length: side, Width: rapid.SampledFrom([]int64{50, 200, 210}).Draw(rt, "width"), Height: 10}}
		o.Lines = append(o.Lines, l)
	}
	q := &rules.Query{Callback: rules.AddressUpdate, Now: now, Order: o, Lines: o.Lines, Currency: o.PurchaseCurrency, Language: o.Locale,
		Destination: rules.Destination{Country: country, Postcode: code}, Trace: &rules.Trace{}}
	q.Facts = rules.Facts{Group: pick("group", "", "gold"), Coupons: strings.Fields(pick("coupon", "", "free", "X")), Tags: strings.Fields(pick("tag", "", "vip"))}
	return q
}

// TestNoFalseAlarm asks the engine itself: a row that is told as unused decides no order, an option that is told as never
// offered is not offered.
func TestNoFalseAlarm(t *testing.T) {
	t.Parallel()
	alarms := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		shop := randomOption(rt)
		b, r := check(t, map[string]string{"shipping.yaml": shop})
		if b == nil {
			return // words that contradict each other in one map, and the like
		}
		lines, thin := map[int]bool{}, map[int]bool{}
		for _, f := range r.Findings() {
			lines[f.Line] = lines[f.Line] || f.Code == "W310"
			thin[f.Line] = thin[f.Line] || f.Code == "W310" && strings.Contains(f.Message, "postcode is not known")
			alarms[f.Code]++
		}
		for range 40 {
			q := ask(rt, b.Shipping.Location())
			out, err := b.Shipping.Offer(context.Background(), q)
			if err != nil {
				rt.Fatal(err)
			}
			unused := lines
			if d := &q.Destination; !b.Shipping.Zones().Locate(d.Country, d.Region, d.Postcode).Known {
				unused = maps.Clone(lines)
				maps.DeleteFunc(unused, func(line int, _ bool) bool { return thin[line] })
			}
			refuteRows(rt, shop, unused, q)
			if len(out.Options) > 0 && slices.Contains(told(r), "W311 9:9 the option `a` can never be offered") {
				rt.Fatalf("offered: %+v\n%s", q, shop)
			}
		}
	})
	if alarms["W310"] == 0 {
		t.Error("no random table was told W310")
	}
}

// refuteRows fails where a row decided that lint says is never used.
func refuteRows(rt *rapid.T, shop string, lines map[int]bool, q *rules.Query) {
	for _, o := range q.Trace.Options {
		for _, s := range o.Steps {
			if strings.Contains(s.Text, "price row ") && lines[s.Line] {
				rt.Fatalf("row on line %d decides (%s) for %+v to %+v\n%s", s.Line, s.Text, q.Lines, q.Destination, shop)
			}
		}
	}
}

// TestNothingMissed is the other half: a row that no order of a systematic set reaches is told, for words that do not depend
// on each other.
func TestNothingMissed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var rows []string
		n := rapid.IntRange(2, 4).Draw(rt, "rows")
		for range n {
			var w []string
			for _, choices := range [][]string{{"", "max_items: 1", "max_items: 2", "min_items: 2"}, {"", "max_total: 100.00", "min_total: 100.01", "min_total: 50.00"}, {"", "customer: person", "customer: organization"}} {
				if c := rapid.SampledFrom(choices).Draw(rt, "word"); c != "" {
					w = append(w, c)
				}
			}
			rows = append(rows, "      - {"+strings.Join(append(w, "price: 1.00"), ", ")+"}\n")
		}
		shop := shopHead + "options:\n  - id: a\n    name: A\n    price:\n" + strings.Join(rows, "")
		b, r := check(t, map[string]string{"shipping.yaml": shop})
		if b == nil {
			rt.Fatal(told(r))
		}
		const firstRow = 10
		used := systematic(rt, b, firstRow, n)
		for i := range n {
			alarm := slices.ContainsFunc(told(r), func(s string) bool { return strings.HasPrefix(s, fmt.Sprintf("W310 %d:", firstRow+i)) })
			if alarm == used[i] {
				rt.Fatalf("row %d used %v, alarm %v\n%s", i+1, used[i], alarm, shop)
			}
		}
	})
}

// systematic asks on every side of every limit.
func systematic(rt *rapid.T, b *rulebook.Rulebook, firstRow, n int) []bool {
	used := make([]bool, n)
	for pieces := range int64(4) {
		for _, total := range []order.Amount{0, 4999, 5000, 10000, 10001} {
			for _, customer := range []string{"person", "organization"} {
				o := &order.Order{PurchaseCurrency: "SEK", Customer: &order.Customer{Type: customer}, Lines: []order.Line{{Quantity: pieces, TotalAmount: total}}}
				q := &rules.Query{Now: today(), Order: o, Lines: o.Lines, Currency: "SEK", Destination: rules.Destination{Country: "SE"}, Trace: &rules.Trace{}}
				if _, err := b.Shipping.Offer(context.Background(), q); err != nil {
					rt.Fatal(err)
				}
				for _, s := range q.Trace.Options[0].Steps {
					if s.HasAmount {
						used[s.Line-firstRow] = true
					}
				}
			}
		}
	}
	return used
}
