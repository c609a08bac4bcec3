package shipping_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

const anatomyFile = `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv]
prices: include tax
item_weight_if_missing: 300 g
zones: {sweden: {SE: all}}
classes: {bulky: {tags: [bulky]}}
options:
  - id: parcel
    name: Parcel
    to: sweden
    hides: letter
    unless: {class: bulky}
    price:
      2026-01-01: [{max_weight: 5 kg, price: 59.00}, {max_weight: 20 kg, days: mon, price: 8% of goods}]
      2027-01-01: 69.00
    surcharges: [{over: 10 kg, each: 1 kg, add: 4.00}]
    free_from: 599.00
  - id: letter
    name: Letter
    from: 2026-03-01
    price_per: item
    price: [{max_weight: 1 kg, price: [19.00, 2.00 EUR]}]
`

func TestAnatomy(t *testing.T) {
	t.Parallel()
	got := load(t, anatomyFile).Anatomy()
	if len(got) != 2 {
		t.Fatalf("got %d options", len(got))
	}
	parcel, letter := &got[0], &got[1]
	var words []string
	for _, c := range slices.Concat(parcel.Conditions, letter.Conditions) {
		for i := range c.Condition.Terms() {
			words = append(words, fmt.Sprintf("%s %v %s", c.Kind, c.Apart, c.Condition.Terms()[i].String()))
		}
	}
	want := []string{"option false to sweden", "unless false class bulky", "price false max_weight 5 kg", "price false max_weight 20 kg",
		"price false days mon", "option false from 2026-03-01", "price true max_weight 1 kg"}
	if diff := cmp.Diff(want, words); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	if !parcel.Shares || letter.Shares || parcel.Apart || !letter.Apart {
		t.Errorf("shares %v %v, apart %v %v", parcel.Shares, letter.Shares, parcel.Apart, letter.Apart)
	}
	if diff := cmp.Diff([]string{"letter"}, parcel.Hides); diff != "" {
		t.Errorf("hides (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]table.Currency{"SEK", "EUR"}, letter.Currencies); diff != "" {
		t.Errorf("currencies (-want +got):\n%s", diff)
	}
	const kilo = 1_000_000_000
	if want := (shipping.UnitStep{Over: 10 * kilo, Each: kilo, Weight: true}); len(parcel.Steps) != 1 || parcel.Steps[0] != want {
		t.Errorf("steps: got %+v, want %+v", parcel.Steps, want)
	}
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	if days := parcel.Days(from, from.AddDate(2, 0, 0), time.UTC); len(days) != 1 || days[0].Format(time.DateOnly) != "2027-01-01" {
		t.Errorf("days: %v", days)
	}
	if all := parcel.Changes(from, from.AddDate(0, 0, 10), time.UTC); len(all) < 10 {
		t.Errorf("a condition on days changes every day: %v", all)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tab := load(t, anatomyFile)
	o := &order.Order{PurchaseCurrency: "SEK", Lines: []order.Line{
		{Quantity: 2, UnitPrice: 100_00, TotalAmount: 200_00, ShippingAttributes: &order.ShippingAttributes{Weight: 4000, Tags: []string{"bulky"}}}}}
	q := &rules.Query{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Order: o, Lines: o.Lines, Currency: "SEK",
		Destination: rules.Destination{Country: "SE", Postcode: "11351"}}
	var got []string
	parts := tab.Anatomy()
	err := tab.Judge(q, func(option, condition, term int, truth table.Truth) {
		c := parts[option].Conditions[condition].Condition
		got = append(got, fmt.Sprintf("%s %v", c.Terms()[term].String(), truth == table.Yes))
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"to sweden true", "class bulky true", "max_weight 5 kg false", "max_weight 20 kg true", "days mon true",
		"from 2026-03-01 true", "max_weight 1 kg false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
