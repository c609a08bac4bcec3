package rules_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// price asks an engine about an order as address_update.
func price(t *testing.T, e *rules.Engine, o *order.Order) (*pricing.Plan, rules.Decision) {
	t.Helper()
	plan, d, err := e.Price(t.Context(), e.Query(rules.AddressUpdate, o, noon()))
	if err != nil {
		t.Fatal(err)
	}
	if (plan == nil) == (d.Verdict == rules.Accept) {
		t.Fatalf("plan %v with decision %+v: want one of them", plan, d)
	}
	return plan, d
}

func TestPriceConcatenatesInOrder(t *testing.T) {
	t.Parallel()
	var told faults
	e := engine(t, rules.Options{OnFault: told.add},
		table("a", offers(priced([]string{"hem", "ombud"}, 9_900, 4_900))),
		table("silent", offers(rules.Offers{})),
		table("b", offers(priced([]string{"bud", "ombud", "hem"}, 19_900, 100, 1))))
	plan, _ := price(t, e, cart(shirt()))
	if diff := cmp.Diff([]string{"hem*", "ombud", "bud"}, ids(plan)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if got := plan.Options[1].Price; got != 4_900 {
		t.Errorf("of an id offered twice the first wins: got %d, want 4900", got)
	}
	if diff := cmp.Diff([]string{"b ShippingEngine skip", "b ShippingEngine skip"}, told.told()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if len(plan.Priced) != len(plan.Options) || plan.Effective != 0 {
		t.Errorf("plan: %d priced for %d options, effective %d", len(plan.Priced), len(plan.Options), plan.Effective)
	}
}

func TestPricePreselects(t *testing.T) {
	t.Parallel()
	three := func(mode rules.PreselectMode, id string) rules.Offers {
		o := priced([]string{"a", "b", "c"}, 9_900, 4_900, 4_900)
		o.Preselect, o.PreselectID = mode, id
		return o
	}
	tests := []struct {
		name      string
		offers    rules.Offers
		selected  string
		want      []string
		effective int
	}{
		{"first", three(rules.PreselectFirst, ""), "", []string{"a*", "b", "c"}, 0},
		{"cheapest, first of a tie", three(rules.PreselectCheapest, ""), "", []string{"a", "b*", "c"}, 1},
		{"none", three(rules.PreselectNone, ""), "", []string{"a", "b", "c"}, -1},
		{"id", three(rules.PreselectID, "c"), "", []string{"a", "b", "c*"}, 2},
		{"id that is not offered", three(rules.PreselectID, "x"), "", []string{"a*", "b", "c"}, 0},
		{"the buyer's choice stays", three(rules.PreselectCheapest, ""), "c", []string{"a", "b", "c*"}, 2},
		{"the buyer's choice is the first", three(rules.PreselectCheapest, ""), "a", []string{"a*", "b", "c"}, 0},
		{"the buyer's choice with none", three(rules.PreselectNone, ""), "b", []string{"a", "b*", "c"}, 1},
		{"a choice that is gone", three(rules.PreselectCheapest, ""), "x", []string{"a", "b*", "c"}, 1},
		{"a choice that is gone with none", three(rules.PreselectNone, ""), "x", []string{"a", "b", "c"}, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := engine(t, rules.Options{}, table("empty", offers(rules.Offers{Preselect: rules.PreselectNone})), table("s", offers(tt.offers)))
			o := cart(shirt())
			if tt.selected != "" {
				o = choose(o, tt.selected)
			}
			plan, _ := price(t, e, o)
			if diff := cmp.Diff(tt.want, ids(plan)); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			if plan.Effective != tt.effective {
				t.Errorf("effective: got %d, want %d", plan.Effective, tt.effective)
			}
		})
	}
}

// TestPriceCheapestCountsTax: two prices without tax, the lower one of a class with more tax.
func TestPriceCheapestCountsTax(t *testing.T) {
	t.Parallel()
	o := priced([]string{"a", "b"}, 1_000, 1_050)
	o.Options[0].ExclTax, o.Options[0].TaxClass = true, "high"
	o.Options[1].ExclTax, o.Options[1].TaxClass = true, "low"
	o.Preselect = rules.PreselectCheapest
	tax := &fakeTax{freight: func(_ context.Context, _ *rules.Query, class string) (pricing.FreightTax, error) {
		return pricing.FreightTax{Rate: map[string]order.Rate{"high": 2500, "low": 600}[class]}, nil
	}}
	e := engine(t, rules.Options{}, table("s", offers(o)), table("tax", tax))
	plan, _ := price(t, e, cart(shirt()))
	if diff := cmp.Diff([]string{"a", "b*"}, ids(plan)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if got, want := plan.Options[1].Price, order.Amount(1_113); got != want {
		t.Errorf("price: got %d, want %d", got, want)
	}
}

func TestPriceAsksFreightOncePerClass(t *testing.T) {
	t.Parallel()
	var asked []string
	tax := &fakeTax{freight: func(_ context.Context, q *rules.Query, class string) (pricing.FreightTax, error) {
		asked = append(asked, class)
		if q.Lines[0].TaxRate != 2500 {
			t.Errorf("lines are not re-rated when freight is asked: rate %d", q.Lines[0].TaxRate)
		}
		return pricing.FreightTax{Mode: pricing.FreightHighest}, nil
	}}
	o := priced([]string{"a", "b", "c", "d"}, 1, 2, 3, 4)
	o.Options[1].TaxClass, o.Options[3].TaxClass = "low", "low"
	e := engine(t, rules.Options{}, table("s", offers(o)), table("tax", tax))
	line := shirt()
	line.TaxRate, line.TotalTaxAmount = 0, 0
	price(t, e, cart(line))
	if diff := cmp.Diff([]string{"", "low"}, asked); diff != "" {
		t.Errorf("classes asked (-want +got):\n%s", diff)
	}
}

// TestPriceSeesWhatStays: engines see the lines without our freight, in the order of the request.
func TestPriceSeesWhatStays(t *testing.T) {
	t.Parallel()
	var seen []string
	s := &fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
		for _, l := range q.Lines {
			seen = append(seen, l.Reference)
		}
		return priced([]string{"a"}, 100), nil
	}}
	e := engine(t, rules.Options{Policy: pricing.ShippingPolicy{Kept: []string{"PARCEL-*"}}}, table("s", s))
	plan, _ := price(t, e, cart(freight("old", 500), shirt(), freight("PARCEL-2", 700), ebook()))
	if diff := cmp.Diff([]string{"SHIRT", "PARCEL-2", "EBOOK"}, seen); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if len(plan.Lines) != 3 {
		t.Errorf("plan has %d lines, want 3", len(plan.Lines))
	}
}

func TestPriceNothingToShip(t *testing.T) {
	t.Parallel()
	s := &fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) {
		return rules.Offers{}, errors.New("asked although there is nothing to ship")
	}}
	e := engine(t, rules.Options{}, table("s", s))
	gift := order.Line{Type: order.GiftCard, Name: "Card", Quantity: 1, UnitPrice: -100, TotalAmount: -100}
	plan, _ := price(t, e, choose(cart(ebook(), gift, freight("old", 500)), "old"))
	if len(plan.Options) != 0 || plan.Effective != -1 || len(plan.Lines) != 2 {
		t.Errorf("plan: got %d options, effective %d, %d lines; want none, -1, 2", len(plan.Options), plan.Effective, len(plan.Lines))
	}
}

func TestPriceRefuses(t *testing.T) {
	t.Parallel()
	unpriced := offers(rules.Offers{Unpriced: true, Reasons: []rules.Reason{{Rule: "hem", File: "shipping.yaml", Line: 7}}})
	closed := &fakeTax{goods: func(context.Context, *rules.Query) (rules.GoodsTax, error) {
		return rules.GoodsTax{Reject: &rules.Reject{}}, nil
	}}
	to := map[string]string{"SE": "https://shop.example/se"}
	said := &rules.Reject{Kind: rules.AddressError, Text: "Inte dit."}
	tests := []struct {
		name    string
		members []rules.Member
		cb      rules.Callback
		change  map[string]string
		want    rules.Decision
	}{
		{name: "no option", members: []rules.Member{table("s", offers(rules.Offers{}))}, cb: rules.AddressUpdate,
			want: rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}}},
		{name: "the first no_option speaks", cb: rules.AddressUpdate,
			members: []rules.Member{table("r", offers(rules.Offers{})), table("s", offers(rules.Offers{NoOption: said})),
				table("u", offers(rules.Offers{NoOption: &rules.Reject{Text: "later"}}))},
			want: rules.Decision{Verdict: rules.Rejected, Reject: *said}},
		{name: "no price and a page", members: []rules.Member{table("s", unpriced)}, cb: rules.CountryChange, change: to,
			want: rules.Decision{Verdict: rules.Redirected, Location: to["SE"]}},
		{name: "no price and a page, address", members: []rules.Member{table("s", unpriced)}, cb: rules.AddressUpdate, change: to,
			want: rules.Decision{Verdict: rules.Redirected, Location: to["SE"]}},
		{name: "no price and a page, other callback", members: []rules.Member{table("s", unpriced)}, cb: rules.ShippingOptionUpdate, change: to,
			want: rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}}},
		{name: "a page for another country", members: []rules.Member{table("s", unpriced)}, cb: rules.CountryChange,
			change: map[string]string{"NO": to["SE"]},
			want:   rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}}},
		{name: "one engine has a price", members: []rules.Member{table("s", unpriced), table("r", offers(rules.Offers{}))},
			cb: rules.CountryChange, change: to,
			want: rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}}},
		{name: "tax does not serve it", members: []rules.Member{table("s", unpriced), table("tax", closed)}, cb: rules.AddressUpdate,
			want: rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}}},
		{name: "tax does not serve it and a page", members: []rules.Member{table("s", unpriced), table("tax", closed)},
			cb: rules.CountryChange, change: to,
			want: rules.Decision{Verdict: rules.Redirected, Location: to["SE"]}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := engine(t, rules.Options{CountryChange: tt.change}, tt.members...)
			plan, d, err := e.Price(t.Context(), e.Query(tt.cb, cart(shirt()), noon()))
			if err != nil || plan != nil {
				t.Fatalf("got plan %v, error %v", plan, err)
			}
			if len(d.Reasons) == 0 {
				t.Error("a decision without a reason")
			}
			for _, r := range d.Reasons {
				if r.Rule == "" || r.Revision != "rev-1" {
					t.Errorf("reason: got %+v, want a rule and the revision", r)
				}
			}
			d.Reasons = nil
			if diff := cmp.Diff(tt.want, d); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPriceWithoutCountry(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("s", offers(priced([]string{"a"}, 1))), table("tax", &fakeTax{}))
	_, d := price(t, e, &order.Order{PurchaseCurrency: "SEK", Lines: []order.Line{shirt()}})
	if d.Reject.Kind != rules.UnsupportedShippingAddress || d.Reasons[0].Rule != "destination" {
		t.Errorf("decision: got %+v", d)
	}
}

func TestPriceFactsAreMergedInOrder(t *testing.T) {
	t.Parallel()
	first := &fakeFacts{facts: func(context.Context, *rules.Query) (rules.Facts, error) {
		return rules.Facts{Group: "silver", Coupons: []string{"A"}, LineTags: map[int][]string{0: {"heavy"}},
			Pickup: map[string][]rules.PickupPoint{"": {{ID: "p1"}}, "other": {{ID: "o1"}}}}, nil
	}}
	second := &fakeFacts{facts: func(_ context.Context, q *rules.Query) (rules.Facts, error) {
		if q.Facts.Group != "silver" {
			t.Errorf("the second provider sees group %q, want what the first said", q.Facts.Group)
		}
		return rules.Facts{Group: "gold", Tags: []string{"new"}, LineTags: map[int][]string{0: {"bulky"}},
			Pickup: map[string][]rules.PickupPoint{"other": {{ID: "o2"}}}, Unavailable: map[string]bool{"third": true}}, nil
	}}
	var got rules.Facts
	s := &fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
		got = q.Facts
		return priced([]string{"a"}, 1), nil
	}}
	e := engine(t, rules.Options{}, table("one", first), table("two", second), table("s", s))
	o := cart(shirt())
	o.Tags = []string{"own"}
	q := e.Query(rules.AddressUpdate, o, noon())
	if _, _, err := e.Price(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	want := rules.Facts{
		Group: "gold", Coupons: []string{"A"}, Tags: []string{"own", "new"}, LineTags: map[int][]string{0: {"heavy", "bulky"}},
		Pickup:      map[string][]rules.PickupPoint{"one": {{ID: "p1"}}, "other": {{ID: "o2"}}},
		Unavailable: map[string]bool{"third": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rules.Facts{Tags: []string{"own"}}, q.Facts); diff != "" {
		t.Errorf("the caller's query changed (-want +got):\n%s", diff)
	}
}

// TestPriceIsStable: an answer that comes back with its option selected gives the same answer.
func TestPriceIsStable(t *testing.T) {
	t.Parallel()
	for _, mode := range []rules.PreselectMode{rules.PreselectFirst, rules.PreselectCheapest, rules.PreselectNone, rules.PreselectID} {
		o := priced([]string{"a", "b", "c"}, 9_900, 4_900, 5_900)
		o.Preselect, o.PreselectID = mode, "c"
		e := engine(t, rules.Options{}, table("s", offers(o)))
		plan, _ := price(t, e, cart(shirt(), ebook()))
		first, err := pricing.Recompute(plan)
		if err != nil {
			t.Fatal(err)
		}
		back := cart(first.Lines...)
		if plan.Effective >= 0 {
			back.SelectedShippingOption = &first.Options[plan.Effective]
		}
		again, _ := price(t, e, back)
		second, err := pricing.Recompute(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second, cmpopts.IgnoreUnexported(order.Line{})); diff != "" {
			t.Errorf("mode %d: the answer's answer differs (-first +second):\n%s", mode, diff)
		}
	}
}
