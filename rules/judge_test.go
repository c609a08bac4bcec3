package rules_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

func judge(t *testing.T, e *rules.Engine, o *order.Order, earlier ...*rules.Engine) rules.Decision {
	t.Helper()
	d, err := e.Judge(t.Context(), e.Query(rules.Validation, o, noon()), earlier, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Reasons) == 0 {
		t.Errorf("decision %+v has no reason", d)
	}
	return d
}

var changed = rules.Reject{Kind: rules.ApprovalFailed, TextKey: "changed"}

func TestJudge(t *testing.T) {
	t.Parallel()
	wrongRate, wrongTax, offByOne := shirt(), shirt(), shirt()
	wrongRate.TaxRate, wrongRate.TotalTaxAmount = 600, 1132
	wrongTax.TotalTaxAmount += 2
	offByOne.TotalTaxAmount++
	salesTax := order.Line{Type: order.SalesTax, Name: "Tax", Quantity: 1, UnitPrice: 100, TotalAmount: 100}
	fee := order.Line{Type: order.Surcharge, Name: "Fee", Quantity: 1, UnitPrice: 100, TotalAmount: 100, TaxRate: 2500, TotalTaxAmount: 20,
		MerchantData: pricing.Mark}
	free := func(rate order.Rate) order.Line { l := freight("butik", 0); l.TaxRate = rate; return l }
	tests := []struct {
		name    string
		o       *order.Order
		options rules.Options
		reject  rules.Reject
		rule    string
	}{
		{name: "as priced", o: choose(cart(shirt(), freight("hem", 9_900)), "hem"), rule: "tables"},
		{name: "the other option", o: choose(cart(freight("ombud", 4_900), shirt()), "ombud"), rule: "tables"},
		{name: "tampered price", o: choose(cart(shirt(), freight("hem", 100)), "hem"), reject: changed, rule: "shipping_line"},
		{name: "price of another option", o: choose(cart(shirt(), freight("hem", 4_900)), "hem"), reject: changed, rule: "shipping_line"},
		{name: "two lines", o: choose(cart(shirt(), freight("hem", 9_900), freight("hem", 9_900)), "hem"), reject: changed, rule: "shipping_line"},
		{name: "no line", o: choose(cart(shirt()), "hem"), reject: changed, rule: "shipping_line"},
		{name: "no line, option required", o: choose(cart(shirt()), "hem"), options: rules.Options{RequireOption: true},
			reject: changed, rule: "shipping_line"},
		{name: "unknown option", o: choose(cart(shirt(), freight("x", 9_900)), "x"), reject: changed, rule: "selected_option"},
		{name: "no option chosen, none required", o: cart(shirt()), rule: "tables"},
		{name: "no option chosen, the preselected one's line", o: cart(shirt(), freight("hem", 9_900)), rule: "tables"},
		{name: "no option chosen, another line", o: cart(shirt(), freight("hem", 1)), reject: changed, rule: "shipping_line"},
		{name: "no option chosen, one required", o: cart(shirt(), freight("hem", 9_900)), options: rules.Options{RequireOption: true},
			reject: changed, rule: "require_option"},
		{name: "free, as a line of 0", o: choose(cart(shirt(), free(2500)), "butik"), rule: "tables"},
		{name: "free, without a line", o: choose(cart(shirt()), "butik"), rule: "tables"},
		{name: "a line of the shop's own", o: choose(cart(shirt(), freight("PARCEL-1", 500), freight("hem", 9_900)), "hem"),
			options: rules.Options{Policy: pricing.ShippingPolicy{Kept: []string{"PARCEL-*"}}}, rule: "tables"},
		{name: "other tax rate", o: choose(cart(wrongRate, freight("hem", 9_900)), "hem"), reject: changed, rule: "goods_tax"},
		{name: "a wrong sum is the caller's check", o: choose(cart(shirt(), wrongTax, freight("hem", 9_900)), "hem"), reject: rules.Reject{}, rule: "tables"},
		{name: "tax off by one", o: choose(cart(offByOne, freight("hem", 9_900)), "hem"), rule: "tables"},
		{name: "a sales tax line", o: choose(cart(shirt(), salesTax, freight("hem", 9_900)), "hem"), reject: changed, rule: "tax_line"},
		{name: "a fee that nobody makes", o: choose(cart(shirt(), fee, freight("hem", 9_900)), "hem"), reject: changed, rule: "tax_line"},
		{name: "digital only", o: cart(ebook()), options: rules.Options{RequireOption: true}, rule: "tables"},
		{name: "digital with freight", o: cart(ebook(), freight("hem", 9_900)), reject: changed, rule: "shipping_line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := engine(t, tt.options, table("s", offers(priced([]string{"hem", "ombud", "butik"}, 9_900, 4_900, 0))))
			d := judge(t, e, tt.o)
			if (d.Verdict == rules.Accept) != (tt.reject == rules.Reject{}) || d.Reject != tt.reject {
				t.Errorf("decision: got %+v, want %+v", d, tt.reject)
			}
			if d.Reasons[0].Rule != tt.rule || d.Reasons[0].Revision != "rev-1" {
				t.Errorf("reason: got %+v, want rule %q", d.Reasons[0], tt.rule)
			}
		})
	}
}

func TestJudgeReasonsHoldNoTextOfTheOrder(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("s", offers(priced([]string{"hem"}, 9_900))))
	line := freight("CANARY", 1)
	line.Name = "CANARY"
	for _, o := range []*order.Order{choose(cart(shirt(), line), "CANARY"), choose(cart(shirt(), line), "hem"), cart(ebook(), line)} {
		for _, r := range judge(t, e, o).Reasons {
			if strings.Contains(r.Detail, "CANARY") {
				t.Errorf("reason: got %+v", r)
			}
		}
	}
	want := `shipping_fee lines [1 at 2500 with tax 0], the tables say [9900 at 2500 with tax 1980]: option "hem"`
	if got := judge(t, e, choose(cart(shirt(), line), "hem")).Reasons[0].Detail; got != want {
		t.Errorf("detail: got %q, want %q", got, want)
	}
}

func TestJudgeDenyURL(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{DenyURL: "https://shop.example/cart"}, table("s", offers(priced([]string{"hem"}, 9_900))))
	d := judge(t, e, choose(cart(shirt(), freight("hem", 1)), "hem"))
	if d.Verdict != rules.Redirected || d.Location != "https://shop.example/cart" {
		t.Errorf("decision: got %+v", d)
	}
}

func TestJudgePostcode(t *testing.T) {
	t.Parallel()
	o := priced([]string{"hem"}, 9_900)
	o.NeedsCode = true
	e := engine(t, rules.Options{}, table("s", offers(o)))
	thin := choose(cart(shirt(), freight("hem", 9_900)), "hem")
	if d := judge(t, e, thin); d.Verdict != rules.Accept {
		t.Errorf("with a postcode: got %+v", d)
	}
	thin.ShippingAddress = &order.Address{Country: "SE"}
	if d := judge(t, e, thin); d.Reject != (rules.Reject{Kind: rules.AddressError, TextKey: "postcode"}) {
		t.Errorf("without: got %+v", d)
	}
}

func TestJudgeNotServed(t *testing.T) {
	t.Parallel()
	none := engine(t, rules.Options{DenyURL: "https://shop.example/cart"}, table("s", offers(rules.Offers{NoOption: &rules.Reject{Text: "Nej."}})))
	if d := judge(t, none, choose(cart(shirt()), "hem")); d.Reject != (rules.Reject{Kind: rules.UnsupportedShippingAddress, Text: "Nej."}) {
		t.Errorf("no option: got %+v", d)
	}
	tax := &fakeTax{goods: func(context.Context, *rules.Query) (rules.GoodsTax, error) {
		return rules.GoodsTax{Reject: &rules.Reject{}, Reasons: []rules.Reason{{Rule: "destinations", File: "tax.yaml", Line: 4}}}, nil
	}}
	closed := engine(t, rules.Options{CountryChange: map[string]string{"SE": "https://shop.example/se"}},
		table("s", offers(rules.Offers{})), table("tax", tax))
	d := judge(t, closed, cart(shirt()))
	if d.Reject != (rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}) {
		t.Errorf("tax: got %+v", d)
	}
	if diff := cmp.Diff(rules.Reason{Rule: "destinations", File: "tax.yaml", Line: 4, Revision: "rev-1"}, d.Reasons[1]); diff != "" {
		t.Errorf("reason (-want +got):\n%s", diff)
	}
}

func TestJudgeProvidersLine(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{Policy: pricing.ShippingPolicy{Provider: true}}, table("s", offers(priced([]string{"hem"}, 9_900))))
	seen := func(price order.Amount, lines ...order.Line) *order.Order {
		o := choose(cart(lines...), "hem")
		o.SelectedShippingOption.Price = price
		return o
	}
	if d := judge(t, e, seen(9_900, shirt(), freight("their own", 9_900))); d.Verdict != rules.Accept {
		t.Errorf("same price: got %+v", d)
	}
	for name, o := range map[string]*order.Order{
		"other line":   seen(9_900, shirt(), freight("their own", 100)),
		"no line":      seen(9_900, shirt()),
		"other option": seen(100, shirt(), freight("their own", 9_900)),
	} {
		if d := judge(t, e, o); d.Reject != changed {
			t.Errorf("%s: got %+v", name, d)
		}
	}
}

func TestJudgeValidators(t *testing.T) {
	t.Parallel()
	say := func(d rules.Decision, err error) *fakeValidator {
		return &fakeValidator{validate: func(context.Context, *rules.Query) (rules.Decision, error) { return d, err }}
	}
	young := rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.ApprovalFailed, Text: "För ung."}}
	fault := rules.Reject{Kind: rules.ApprovalFailed, TextKey: "fault"}
	accept := rules.Member{Name: "acme.yes", Impl: say(rules.Decision{}, nil)}
	tests := []struct {
		name    string
		members []rules.Member
		want    rules.Decision // without reasons
		rule    string
		told    []string
	}{
		{name: "all accept", members: []rules.Member{accept}, rule: "tables"},
		{name: "the first that does not", members: []rules.Member{accept, {Name: "acme.age", Impl: say(young, nil)},
			{Name: "acme.later", Impl: say(rules.Decision{Verdict: rules.Redirected, Location: "https://shop.example/"}, nil)}},
			want: young, rule: "acme.age"},
		{name: "redirect", members: []rules.Member{{Name: "acme.to", Impl: say(rules.Decision{Verdict: rules.Redirected,
			Location: "https://shop.example/age", Reasons: []rules.Reason{{Rule: "age"}}}, nil)}},
			want: rules.Decision{Verdict: rules.Redirected, Location: "https://shop.example/age"}, rule: "age"},
		{name: "a text is missing", members: []rules.Member{{Name: "acme.mute", Impl: say(rules.Decision{Verdict: rules.Rejected,
			Reject: rules.Reject{Kind: rules.AddressError}}, nil)}},
			want: rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.AddressError, TextKey: "fault"}}, rule: "acme.mute"},
		{name: "redirect to nowhere", members: []rules.Member{{Name: "acme.to", Impl: say(rules.Decision{Verdict: rules.Redirected,
			Location: "http://evil.example"}, nil)}},
			want: rules.Decision{Verdict: rules.Rejected, Reject: fault}, rule: "acme.to", told: []string{"acme.to Validator deny"}},
		{name: "unknown kind", members: []rules.Member{{Name: "acme.odd", Impl: say(rules.Decision{Verdict: rules.Rejected,
			Reject: rules.Reject{Kind: "no"}}, nil)}},
			want: rules.Decision{Verdict: rules.Rejected, Reject: fault}, rule: "acme.odd", told: []string{"acme.odd Validator deny"}},
		{name: "unknown verdict", members: []rules.Member{{Name: "acme.odd", Impl: say(rules.Decision{Verdict: 7}, nil), OnFault: rules.FaultSkip}},
			rule: "tables", told: []string{"acme.odd Validator skip"}},
		{name: "fails and approves", members: []rules.Member{{Name: "acme.bad", Impl: say(young, errBoom), OnFault: rules.FaultSkip}, accept},
			rule: "tables", told: []string{"acme.bad Validator skip"}},
		{name: "fails and approves, and the next denies", members: []rules.Member{{Name: "acme.bad", Impl: say(young, errBoom), OnFault: rules.FaultSkip},
			{Name: "acme.age", Impl: say(young, nil)}}, want: young, rule: "acme.age", told: []string{"acme.bad Validator skip"}},
		{name: "fails and denies", members: []rules.Member{{Name: "acme.bad", Impl: say(rules.Decision{}, errBoom)}},
			want: rules.Decision{Verdict: rules.Rejected, Reject: fault}, rule: "acme.bad", told: []string{"acme.bad Validator deny"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var told faults
			e := engine(t, rules.Options{OnFault: told.add}, append(tt.members, table("s", offers(priced([]string{"hem"}, 4_900))))...)
			d := judge(t, e, choose(cart(shirt(), freight("hem", 4_900)), "hem"))
			if d.Reasons[0].Rule != tt.rule || d.Reasons[0].Revision != "rev-1" {
				t.Errorf("reason: got %+v, want rule %q", d.Reasons[0], tt.rule)
			}
			d.Reasons = nil
			if diff := cmp.Diff(tt.want, d); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.told, told.told()); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJudgeOfATableThatFails(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("s", &fakeShipping{offer: broken}))
	_, err := e.Judge(t.Context(), e.Query(rules.Validation, cart(shirt()), noon()), nil, time.Hour)
	if !errors.Is(err, errBoom) {
		t.Errorf("error: got %v, want %v", err, errBoom)
	}
}
