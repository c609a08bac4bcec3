package rules_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// TestNonsenseCostsItsOwnCall: offers of a plug-in that no checkout can show count as a fault of the plug-in, before they
// reach the arithmetic and the gate, where they would cost the whole callback.
func TestNonsenseCostsItsOwnCall(t *testing.T) {
	t.Parallel()
	one := func(change func(*rules.Offer)) func(*rules.Offers) {
		return func(o *rules.Offers) { change(&o.Options[0]) }
	}
	tests := []struct {
		name   string
		change func(*rules.Offers)
		want   string
	}{
		{"no id", one(func(o *rules.Offer) { o.ID = "" }), "options[0] has no id"},
		{"no name", one(func(o *rules.Offer) { o.Name = "" }), "options[0].name has 0 characters; want 1 to 255"},
		{"long name", one(func(o *rules.Offer) { o.Name = strings.Repeat("å", 256) }), "options[0].name has 256 characters; want 1 to 255"},
		{"id is no text", one(func(o *rules.Offer) { o.ID = "a\xff" }), "options[0].id is not UTF-8"},
		{"name is no text", one(func(o *rules.Offer) { o.Name = "\xff" }), "options[0].name is not UTF-8"},
		{"description is no text", one(func(o *rules.Offer) { o.Description = "\xff" }), "options[0].description is not UTF-8"},
		{"promo is no text", one(func(o *rules.Offer) { o.Promo = "\xff" }), "options[0].promo is not UTF-8"},
		{"method is no text", one(func(o *rules.Offer) { o.Method = "\xff" }), "options[0].method is not UTF-8"},
		{"reference is no text", one(func(o *rules.Offer) { o.TMSReference = "\xff" }), "options[0].tms_reference is not UTF-8"},
		{"below zero", one(func(o *rules.Offer) { o.Price = -1 }), "options[0].price: -1 is not from 0 to 100000000"},
		{"rounds to less than nothing", one(func(o *rules.Offer) { o.Round.To = -5 }), "options[0].round: to multiples of -5, mode 0"},
		{"unknown rounding", one(func(o *rules.Offer) { o.Round.Mode = 77 }), "options[0].round: to multiples of 0, mode 77"},
		{"unknown preselection", func(o *rules.Offers) { o.Preselect = 9 }, "preselect mode 9"},
		{"unknown kind", func(o *rules.Offers) { o.NoOption = &rules.Reject{Kind: "no_way"} }, "reject of an unknown kind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bad := priced([]string{"bud", "ilbud"}, 9_900, 19_900)
			tt.change(&bad)
			plan, fault := besideTable(t, bad)
			if diff := cmp.Diff([]string{"hem*"}, ids(plan)); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			if got, want := fault.Cause.Error(), "unusable answer: "+tt.want; got != want {
				t.Errorf("fault: got %q, want %q", got, want)
			}
		})
	}
}

// TestNonsenseCostsItsOwnOption: what shows only when an option is taxed costs that option of the plug-in.
func TestNonsenseCostsItsOwnOption(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*rules.Offer)
		want   string
	}{
		{"too much with tax", func(o *rules.Offer) { o.Price, o.ExclTax = order.MaxLineAmount, true }, "unusable answer: options[0]: "},
		{"unknown tax class", func(o *rules.Offer) { o.TaxClass = "fodo" }, `unusable answer: options[0]: tax.yaml: there is no tax class "fodo"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			bad := priced([]string{"bud", "ilbud"}, 9_900, 19_900)
			tt.change(&bad.Options[0])
			plan, fault := besideTable(t, bad)
			if diff := cmp.Diff([]string{"hem*", "ilbud"}, ids(plan)); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			if got := fault.Cause.Error(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("fault: got %q, want %q", got, tt.want)
			}
		})
	}
}

// besideTable prices a shirt with a table that offers hem, and a plug-in that offers bad and is skipped; it wants one
// fault, of the plug-in.
func besideTable(t *testing.T, bad rules.Offers) (*pricing.Plan, rules.Fault) {
	t.Helper()
	var told faults
	e, err := rules.NewEngine(rules.Options{Revision: "r1", OnFault: told.add, Members: []rules.Member{
		table("tax", &fakeTax{freight: classesOnly}),
		table("shipping", offers(priced([]string{"hem"}, 4_900))),
		{Name: "acme.rates", Impl: offers(bad), OnFault: rules.FaultSkip},
	}})
	if err != nil {
		t.Fatal(err)
	}
	plan, _ := price(t, e, cart(shirt()))
	fault := told.last(t)
	if diff := cmp.Diff([]string{"acme.rates ShippingEngine skip"}, told.told()); diff != "" {
		t.Fatalf("faults (-want +got):\n%s", diff)
	}
	return plan, fault
}

// classesOnly knows no tax class by name.
func classesOnly(_ context.Context, _ *rules.Query, class string) (pricing.FreightTax, error) {
	if class != "" {
		return pricing.FreightTax{}, fmt.Errorf("tax.yaml: %w %q", rules.ErrTaxClass, class)
	}
	return pricing.FreightTax{Rate: 2_500}, nil
}
