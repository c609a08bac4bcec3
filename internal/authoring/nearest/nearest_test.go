package nearest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/nearest"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// explain asks a question and looks for what is near.
func explain(t testing.TB, b *authoring.Book, a rulestest.Asked) *rulestest.Explanation {
	t.Helper()
	s, err := b.Rules.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := new(diag.Report)
	x := rulestest.Explain(s, a, samplebook.Monday(), r)
	if x == nil || len(x.Faults) > 0 {
		t.Fatalf("%+v: %v", a, r.Findings())
	}
	if err := nearest.Find(t.Context(), b, x); err != nil {
		t.Fatal(err)
	}
	return x
}

// told are the changes in words, as --changes tells them.
func told(t testing.TB, x *rulestest.Explanation) []string {
	t.Helper()
	x.All = true
	var s strings.Builder
	if err := x.Text(&s); err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(s.String(), "Nearest change\n")
	if !found {
		return nil
	}
	text, _, _ = strings.Cut(text, "\n\n")
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		list = append(list, strings.Join(strings.Fields(line), " "))
	}
	return list
}

const steps = `
  - id: heavy
    name: Heavy
    to: sweden
    when: {min_items: 2}
    price: 100.00
    surcharges: [{over: 10 kg, each: 1 kg, add: 4.00}, {over: 3 items, each: 2 items, add: 1.00}]
    round: {to: 10.00, mode: up}
`

const dated = `
  - id: dated
    name: Dated
    to: sweden
    price: {2026-01-01: 39.00, 2026-06-01: 49.00, 2027-01-01: 59.00}
  - id: night
    name: Night
    to: sweden
    when: {days: fri, time: "20:00 to 23:00"}
    price: 9.00
`

const sized = `
  - id: locker
    name: Locker
    to: sweden
    when: {max_item_size: 60 x 40 x 20 cm}
    price: 29.00
`

const share = `
  - id: share
    name: Share
    to: sweden
    price: [{max_total: 500.00, price: 8% of goods}, {price: 10% of goods}]
`

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		more  string // options
		asked rulestest.Asked
		only  string // the option whose changes are compared
		want  []string
	}{
		{"free freight hides the tiers", "", rulestest.Asked{To: "SE 621 57", Cart: "4 kg, 700.00"}, "parcel", []string{
			"parcel at 598.99 SEK it would cost 79.00, 79.00 more", "over 20 kg it would not be offered",
			"over 5 kg and below 599.00 SEK it would cost 119.00, 119.00 more"}},
		{"below the limit", "", rulestest.Asked{To: "SE 621 57", Cart: "6 kg, 70.00"}, "parcel", []string{
			"parcel at 599.00 SEK it would cost 0.00, 119.00 less", "up to 5 kg it would cost 79.00, 40.00 less", "over 20 kg it would not be offered",
			"in SE 10–61 and 625–999 it would cost 99.00, 20.00 less"}},
		{"at the edges", "", rulestest.Asked{To: "SE 625 00", Cart: "5 kg, 599.00"}, "parcel", []string{
			"parcel at 598.99 SEK it would cost 59.00, 59.00 more", "over 20 kg it would not be offered",
			"over 5 kg and below 599.00 SEK it would cost 99.00, 99.00 more"}},
		{"another currency", "", rulestest.Asked{To: "DK 2100", Cart: "5 kg, 400.00", Currency: "DKK"}, "parcel", []string{
			"parcel at 499.00 DKK it would cost 0.00, 69.00 less", "over 5 kg it would cost 119.00, 50.00 more",
			"in DK 39* its tax would be 0 % instead of 25 %"}}, // Greenland
		{"several lines give way one after the other", "", rulestest.Asked{To: "SE 11351", Cart: "4 kg, 700.00, 3 items"}, "parcel", []string{
			"parcel at 598.99 SEK it would cost 59.00, 59.00 more", "over 20 kg it would not be offered",
			"over 5 kg and below 599.00 SEK it would cost 99.00, 99.00 more"}},
		{"nothing that could change", "", rulestest.Asked{To: "SE 11351", Cart: "4 kg, 700.00"}, "pallet", nil},
		{"each started unit, rounded", steps, rulestest.Asked{To: "SE 11351", Cart: "12.5 kg, 100.00, 2 items"}, "heavy", []string{
			"heavy up to 12 kg it would cost 110.00, 10.00 less", "over 15 kg it would cost 130.00, 10.00 more",
			"as 1 piece of the same value and weight it would not be offered", "as 20 pieces of the same value and weight it would cost 130.00, 10.00 more"}},
		{"pieces", steps, rulestest.Asked{To: "SE 11351", Cart: "12 kg, 100.00, 4 items"}, "heavy", []string{
			"heavy over 12 kg it would cost 120.00, 10.00 more", // up to 10 kg would be 101.00, rounded to the same
			"as 1 piece of the same value and weight it would not be offered", "as 8 pieces of the same value and weight it would cost 120.00, 10.00 more"}},
		{"what would bring it", steps, rulestest.Asked{To: "SE 11351", Cart: "1 kg, 100.00"}, "heavy", []string{
			"heavy as 2 pieces of the same value and weight it would be offered, for 100.00"}},
		{"dates", dated, rulestest.Asked{To: "SE 11351", Cart: "1 kg, 100.00"}, "dated", []string{
			"dated from 2027-01-01 it would cost 59.00, 10.00 more", "before 2026-06-01 it cost 39.00, 10.00 less"}},
		{"hours of a day", dated, rulestest.Asked{To: "SE 11351", Cart: "1 kg, 100.00"}, "night", []string{
			"night from Fri 2026-11-27 20:00 it would be offered, for 9.00", "before Fri 2026-11-20 23:00 it was offered, for 9.00"}},
		{"too long", sized, rulestest.Asked{To: "SE 11351", Cart: "1 kg, 100.00, 70 x 30 x 10 cm"}, "locker", []string{
			"locker with a longest side of up to 60 cm it would be offered, for 29.00"}},
		{"a share of the goods changes with its row only", share, rulestest.Asked{To: "SE 11351", Cart: "1 kg, 100.00"}, "share", []string{
			"share at 500.01 SEK it would cost 50.00, 42.00 more"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := samplebook.Load(t, strings.TrimRight(samplebook.Shop, "\n")+tt.more, samplebook.VAT, nil)
			x := explain(t, b, tt.asked)
			x.Changes = slices.DeleteFunc(x.Changes, func(c rulestest.Change) bool { return c.Option != tt.only })
			if diff := cmp.Diff(tt.want, told(t, x)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFindElsewhere: a change of VAT is told, a refused order too, and a recorded order with several lines keeps what it is.
func TestFindElsewhere(t *testing.T) {
	t.Parallel()
	vat := strings.Replace(samplebook.VAT, "data: vat-rates.yaml", "rates: {SE: {standard: {2020-01-01: 25%, 2027-01-01: 20%}}, DK: {standard: 25%}}", 1)
	b := samplebook.Load(t, samplebook.Shop, vat, nil)
	x := explain(t, b, rulestest.Asked{To: "SE 11351", Cart: "1 kg, 100.00"})
	if list := told(t, x); !slices.Contains(list, "from 2027-01-01 its tax would be 20 % instead of 25 %") {
		t.Errorf("got %q", list)
	}
	x = explain(t, b, rulestest.Asked{To: "NO 0150", Cart: "1 kg, 100.00"})
	if x.Refusal == nil || len(x.Changes) > 0 {
		t.Errorf("in a country without options: %+v, %+v", x.Refusal, x.Changes)
	}
	const line = `{"name":"a","quantity":%d,"unit_price":%d,"total_amount":%d,"tax_rate":2500,"total_tax_amount":%d,"shipping_attributes":{"weight":1000}}`
	body := fmt.Sprintf(`{"purchase_currency":"SEK","order_amount":35000,"order_tax_amount":7000,"order_lines":[`+line+`,`+line+`],
		"shipping_address":{"country":"se","postal_code":"11351"}}`, 3, 10000, 30000, 6000, 1, 5000, 5000, 1000)
	x = explain(t, b, rulestest.Asked{Order: []byte(body)})
	want := []string{"parcel at 599.00 SEK it would cost 0.00, 59.00 less", "over 5 kg it would cost 99.00, 40.00 more", "in SE 620–624 it would cost 79.00, 20.00 more"}
	got := slices.DeleteFunc(told(t, x), func(s string) bool { return strings.Contains(s, "tax") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFindNothingNearer: every gram and every minor unit between an order and what is told about it answers as the order does, and
// the first one beyond answers as told.
func TestFindNothingNearer(t *testing.T) {
	t.Parallel()
	b := samplebook.Load(t, tiny, samplebook.VAT, nil)
	rapid.Check(t, func(rt *rapid.T) {
		grams, total := rapid.Int64Range(1, 60).Draw(rt, "grams"), rapid.Int64Range(1, 60).Draw(rt, "total")
		pieces := rapid.Int64Range(1, min(3, grams)).Draw(rt, "pieces")
		ask := func(grams, total int64) *rulestest.Explanation {
			return asked(t, b, rulestest.Asked{To: "SE 11351", Cart: fmt.Sprintf("%d g, 0.%02d, %d items", grams, total, pieces)})
		}
		x := ask(grams, total)
		if err := nearest.Find(t.Context(), b, x); err != nil {
			rt.Fatal(err)
		}
		for _, id := range []string{"a", "b", "c"} {
			for _, up := range []bool{false, true} {
				check(rt, x, id, rulestest.ByWeight, up, grams, func(g int64) *rulestest.Explanation { return ask(g, total) }, pieces)
				check(rt, x, id, rulestest.ByValue, up, total, func(v int64) *rulestest.Explanation { return ask(grams, v) }, 1)
			}
		}
	})
}

const tiny = `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv]
prices: include tax
item_weight_if_missing: 300 g
zones: {sweden: {SE: all}}
options:
  - {id: a, name: A, to: sweden, price: [{max_weight: 7 g, price: 1.00}, {min_weight: 12 g, max_weight: 31 g, price: 2.00}, {min_weight: 50 g, price: 1.00}], free_from: 0.45}
  - {id: b, name: B, to: sweden, when: {min_total: 0.10, max_total: 0.40}, price: 3.00, surcharges: [{over: 10 g, each: 4 g, add: 0.50}]}
  - {id: c, name: C, to: sweden, hides: b, when: {max_weight: 20 g, min_total: 0.30}, price: 4.00}
  - {id: d, name: D, to: sweden, price: 9.00}
`

func asked(t testing.TB, b *authoring.Book, a rulestest.Asked) *rulestest.Explanation {
	t.Helper()
	s, err := b.Rules.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := new(diag.Report)
	x := rulestest.Explain(s, a, samplebook.Monday(), r)
	if x == nil {
		t.Fatalf("%+v: %v", a, r.Findings())
	}
	return x
}

// check walks one by one.
func check(t *rapid.T, x *rulestest.Explanation, id, by string, up bool, from int64, ask func(int64) *rulestest.Explanation, least int64) {
	i := slices.IndexFunc(x.Changes, func(c rulestest.Change) bool {
		return c.Option == id && c.By == by && c.Up == up && !strings.Contains(c.When, " and ")
	})
	step := int64(1)
	if !up {
		step = -1
	}
	for v := from + step; v >= least && v <= 70; v += step {
		offered, price := stateOf(ask(v), id)
		was, before := stateOf(x, id)
		if offered == was && price == before {
			continue
		}
		if i < 0 {
			t.Fatalf("%s, %s from %d: it changes at %d, which is not told: %+v", id, by, from, v, x.Changes)
		}
		if c := &x.Changes[i]; c.Offered != offered || int64(c.Price) != price {
			t.Fatalf("%s, %s from %d: at %d it is %v %d, told is %+v", id, by, from, v, offered, price, c)
		}
		return
	}
	if i >= 0 {
		t.Fatalf("%s, %s from %d: nothing changes, told is %+v", id, by, from, x.Changes[i])
	}
}

func stateOf(x *rulestest.Explanation, id string) (offered bool, price int64) {
	for i := range x.Options {
		if o := &x.Options[i]; o.ID == id && o.Offered {
			return true, int64(o.Price)
		}
	}
	return false, 0
}

// TestFindFew: a person is told few lines, of what is paid for first.
func TestFindFew(t *testing.T) {
	t.Parallel()
	b := samplebook.Example(t, "../../..", "nordic")
	x := explain(t, b, rulestest.Asked{To: "SE 621 57", Cart: "4 kg, 700.00", Now: "2026-11-23T10:00"})
	var s strings.Builder
	if err := x.Text(&s); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(s.String(), "Nearest change\n")
	text, _, _ = strings.Cut(text, "\n\n")
	if lines := strings.Count(text, "\n") + 1; lines > 11 || len(x.Changes) < 5 {
		t.Errorf("%d lines of %d changes:\n%s", lines, len(x.Changes), text)
	}
}
