package rules_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// TestTaxFaults: a tax engine that is a plug-in denies where it fails, whichever of its two questions it is.
func TestTaxFaults(t *testing.T) {
	t.Parallel()
	answer := func(g rules.GoodsTax) func(context.Context, *rules.Query) (rules.GoodsTax, error) {
		return func(context.Context, *rules.Query) (rules.GoodsTax, error) { return g, nil }
	}
	freightTax := func(f pricing.FreightTax, err error) func(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
		return func(context.Context, *rules.Query, string) (pricing.FreightTax, error) { return f, err }
	}
	tests := []struct {
		name  string
		tax   *fakeTax
		cause error
	}{
		{"goods fail", &fakeTax{goods: func(context.Context, *rules.Query) (rules.GoodsTax, error) { return rules.GoodsTax{}, errBoom }}, errBoom},
		{"too few rates", &fakeTax{goods: answer(rules.GoodsTax{})}, rules.ErrNonsense},
		{"rate over 100 %", &fakeTax{goods: answer(rules.GoodsTax{Rates: []pricing.LineRate{{Rate: 10_001, Apply: true}}})}, rules.ErrNonsense},
		{"negative rate", &fakeTax{goods: answer(rules.GoodsTax{Rates: []pricing.LineRate{{Rate: -1, Apply: true}}})}, rules.ErrNonsense},
		{"freight fails", &fakeTax{freight: freightTax(pricing.FreightTax{}, errBoom)}, errBoom},
		{"freight over 100 %", &fakeTax{freight: freightTax(pricing.FreightTax{Rate: 10_001}, nil)}, rules.ErrNonsense},
		{"freight in no known way", &fakeTax{freight: freightTax(pricing.FreightTax{Mode: 9}, nil)}, rules.ErrNonsense},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var told faults
			ship := table("s", offers(priced([]string{"a"}, 100)))
			e := engine(t, rules.Options{OnFault: told.add}, rules.Member{Name: "acme.tax", Impl: tt.tax}, ship)
			_, d := price(t, e, cart(shirt()))
			if d.Reject != (rules.Reject{Kind: rules.ApprovalFailed, TextKey: "fault"}) || d.Reasons[0].Rule != "acme.tax" {
				t.Errorf("decision: got %+v", d)
			}
			if cause := told.last(t).Cause; !errors.Is(cause, tt.cause) {
				t.Errorf("cause: got %v, want %v", cause, tt.cause)
			}
			before := engine(t, rules.Options{Revision: "rev-0"}, ship)
			o := choose(cart(shirt(), freight("a", 100)), "a")
			if d := judge(t, e, o, before); d.Reject.TextKey != "fault" {
				t.Errorf("validation, although earlier tables agree: got %+v", d)
			}
			inline := engine(t, rules.Options{}, table("tax", tt.tax), ship)
			_, _, err := inline.Price(t.Context(), inline.Query(rules.AddressUpdate, cart(shirt()), noon()))
			if !errors.Is(err, tt.cause) || !strings.HasPrefix(err.Error(), "tax: TaxEngine: ") {
				t.Errorf("a table: got error %v, want %v", err, tt.cause)
			}
		})
	}
}

// TestHighestTax: 100 % is a rate.
func TestHighestTax(t *testing.T) {
	t.Parallel()
	tax := &fakeTax{
		goods: func(_ context.Context, q *rules.Query) (rules.GoodsTax, error) { return flat(q, order.MaxRate), nil },
		freight: func(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
			return pricing.FreightTax{Mode: pricing.FreightFixed, Rate: order.MaxRate}, nil
		},
	}
	e := engine(t, rules.Options{}, table("tax", tax), table("s", offers(priced([]string{"hem"}, 100))))
	plan, _ := price(t, e, cart(shirt()))
	if plan.Options[0].TaxAmount != 50 || plan.Lines[0].TotalTaxAmount != 10_000 {
		t.Errorf("got option %+v, line %+v", plan.Options[0], plan.Lines[0])
	}
}

// TestKeepNet: where the net price stays, gross moves with the rate, and validation knows the moved one only.
func TestKeepNet(t *testing.T) {
	t.Parallel()
	tax := &fakeTax{goods: func(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
		g := flat(q, 2400)
		g.Keep = pricing.KeepNet
		return g, nil
	}}
	e := engine(t, rules.Options{}, table("tax", tax), table("s", offers(priced([]string{"hem"}, 0))))
	plan, _ := price(t, e, cart(shirt()))
	got := plan.Lines[0]
	want := order.Prices{UnitPrice: 9_920, TotalAmount: 19_840, TotalTaxAmount: 3_840, TaxRate: 2400}
	if diff := cmp.Diff(want, got.Prices()); diff != "" {
		t.Errorf("prices (-want +got):\n%s", diff)
	}
	if d := judge(t, e, choose(cart(got), "hem")); d.Verdict != rules.Accept {
		t.Errorf("the moved line: got %+v", d)
	}
	d := judge(t, e, choose(cart(freight("hem", 0), shirt()), "hem"))
	if d.Reject != changed || d.Reasons[0].Detail != "lines[1].tax_rate: 2500, the tables say 2400" {
		t.Errorf("the line as it was: got %+v", d)
	}
}

// TestLineWithoutTax: a line that came without tax members is read as 0 and moved; as it stands it does not complete.
func TestLineWithoutTax(t *testing.T) {
	t.Parallel()
	body := `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":20000,"order_tax_amount":0,
		"order_lines":[{"name":"Shirt","quantity":2,"unit_price":10000,"tax_rate":2500,"total_amount":20000}]}`
	o, err := order.DecodeOrder([]byte(body), order.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	e := engine(t, rules.Options{}, table("s", offers(priced([]string{"hem"}, 0))))
	d := judge(t, e, choose(o, "hem"))
	if d.Reject != changed || d.Reasons[0].Detail != "lines[0]: total 20000 with tax 0, the tables say 20000 with tax 4000" {
		t.Errorf("got %+v", d)
	}
}

func TestFactsThatMayNotBeSkipped(t *testing.T) {
	t.Parallel()
	far := func(context.Context, *rules.Query) (rules.Facts, error) {
		return rules.Facts{LineTags: map[int][]string{7: {"heavy"}}}, nil
	}
	e := engine(t, rules.Options{}, rules.Member{Name: "acme.facts", Impl: &fakeFacts{facts: far}}, table("s", offers(priced([]string{"hem"}, 1))))
	if _, d := price(t, e, cart(shirt())); d.Reject.TextKey != "fault" || d.Reasons[0].Detail != "FactProvider gave an answer that cannot be used" {
		t.Errorf("pricing: got %+v", d)
	}
	if d := judge(t, e, cart(shirt())); d.Reject.TextKey != "fault" {
		t.Errorf("validation: got %+v", d)
	}
}

// TestBudgetUsedUp: where time is over before a member is asked, a skipped one is skipped and any other is an error,
// so that the caller's own default decides.
func TestBudgetUsedUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told faults
		waits := &fakeValidator{validate: func(context.Context, *rules.Query) (rules.Decision, error) {
			time.Sleep(3 * time.Second) // a table is not cut off
			return rules.Decision{}, nil
		}}
		next := &fakeValidator{validate: func(context.Context, *rules.Query) (rules.Decision, error) { return rules.Decision{}, errBoom }}
		for policy, want := range map[rules.FaultPolicy]string{rules.FaultSkip: "acme.check Validator skip", rules.FaultDeny: "acme.check Validator deny"} {
			e := engine(t, rules.Options{OnFault: told.add}, table("checks", waits),
				rules.Member{Name: "acme.check", Impl: next, OnFault: policy}, table("s", offers(priced([]string{"hem"}, 1))))
			d, err := e.Judge(within(t, 2*time.Second), e.Query(rules.Validation, choose(cart(shirt(), freight("hem", 1)), "hem"), noon()), nil, 0)
			if (policy == rules.FaultSkip) != (err == nil) || d.Verdict != rules.Accept {
				t.Errorf("policy %d: got %+v, %v", policy, d, err)
			}
			if err != nil && !errors.Is(err, rules.ErrDeadline) {
				t.Errorf("error: got %v, want the deadline", err)
			}
			if diff := cmp.Diff([]string{want}, told.told()); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		}
	})
}

// TestTraceOfAPlugin: what a plug-in that is no table writes into its trace stands in the caller's.
func TestTraceOfAPlugin(t *testing.T) {
	t.Parallel()
	s := &fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
		q.Trace.Options = append(q.Trace.Options, rules.OptionTrace{ID: "hem", Taken: true})
		q.Trace.Looked = map[string]rules.Step{"min_total": {Line: 2}, "group": {Line: 3}}
		return priced([]string{"hem"}, 1), nil
	}}
	e := engine(t, rules.Options{}, rules.Member{Name: "acme.courier", Impl: s})
	q := e.Query(rules.AddressUpdate, cart(shirt()), noon())
	q.Trace = &rules.Trace{Looked: map[string]rules.Step{"min_total": {Line: 1}}}
	if _, _, err := e.Price(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	want := &rules.Trace{Options: []rules.OptionTrace{{ID: "hem", Taken: true}}, Looked: map[string]rules.Step{"min_total": {Line: 1}, "group": {Line: 3}}}
	if diff := cmp.Diff(want, q.Trace); diff != "" {
		t.Errorf("trace (-want +got):\n%s", diff)
	}
}
