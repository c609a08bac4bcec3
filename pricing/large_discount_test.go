package pricing_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// TestLargeDiscounts: discounts above the goods of their rate, above all goods, above all there is to pay. The freight's shares
// are floored at 0 per rate; the order is refused only where its sum or its tax would be below zero.
func TestLargeDiscounts(t *testing.T) {
	t.Parallel()
	split := follow(4900, pricing.FreightSplit)
	tests := []struct {
		name        string
		lines       []order.Line
		freight     []pricing.Part // of the option
		amount, tax order.Amount
		err         error
	}{
		{"one by rate, both smaller", []order.Line{goods("a", 10000, 2500), goods("b", 10000, 1200), discount("da", 2500, 2500), discount("db", 5000, 1200)},
			[]pricing.Part{{Rate: 2500, Gross: 2940, Tax: 588}, {Rate: 1200, Gross: 1960, Tax: 210}}, 17400, 2833, nil},
		{"above the goods of its rate", []order.Line{goods("a", 10000, 2500), goods("b", 5000, 1200), discount("db", 6000, 1200)},
			[]pricing.Part{{Rate: 2500, Gross: 4900, Tax: 980}}, 13900, 2873, nil},
		{"all of the goods", []order.Line{goods("a", 10000, 2500), discount("da", 10000, 2500)},
			[]pricing.Part{{Rate: 2500, Gross: 4900, Tax: 980}}, 4900, 980, nil},
		{"above all goods, freight lifts it", []order.Line{goods("a", 10000, 2500), discount("da", 14000, 2500)},
			[]pricing.Part{{Rate: 2500, Gross: 4900, Tax: 980}}, 900, 180, nil},
		{"above all there is to pay", []order.Line{goods("a", 10000, 2500), discount("da", 15000, 2500)}, nil, 0, 0, pricing.ErrNegative},
		{"more tax than the order has", []order.Line{goods("a", 100000, 0), discount("da", 20000, 2500)}, nil, 0, 0, pricing.ErrNegative},
		{"a rate that no goods have", []order.Line{goods("a", 10000, 2500), goods("b", 10000, 1200), discount("d", 2000, 600)},
			[]pricing.Part{{Rate: 2500, Gross: 2450, Tax: 490}, {Rate: 1200, Gross: 2450, Tax: 263}}, 22900, 3711, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := plan(t, pricing.ShippingPolicy{}, tt.lines, split)
			a, err := pricing.Recompute(p)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got %v; want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			if d := cmp.Diff(tt.freight, p.Priced[0].Parts); d != "" {
				t.Errorf("freight (-want +got):\n%s", d)
			}
			if a.OrderAmount != tt.amount || a.OrderTaxAmount != tt.tax {
				t.Errorf("got %d with tax %d; want %d with %d", a.OrderAmount, a.OrderTaxAmount, tt.amount, tt.tax)
			}
			if err := arithmetic(a); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDiscountOnOneLine: a discount of the whole line leaves a line of 0; keep: net never lets it end below.
func TestDiscountOnOneLine(t *testing.T) {
	t.Parallel()
	l := order.Line{Reference: "gift", Name: "Gift", Quantity: 20, UnitPrice: 4, TaxRate: 2500, TotalDiscountAmount: 80}
	for _, keep := range []pricing.Keep{pricing.KeepGross, pricing.KeepNet} {
		out, err := pricing.Rerate([]order.Line{l}, to(0), keep)
		if err != nil {
			t.Fatal(err)
		}
		if out[0].TotalAmount != 0 || out[0].TotalTaxAmount != 0 || out[0].TaxRate != 0 {
			t.Errorf("keep %d: got %+v; want a line of 0", keep, out[0].Prices())
		}
	}
}

// TestKeptParcels: a shop with a line per parcel keeps those lines, byte for byte, beside ours or instead of one of ours; every
// other freight line is replaced.
func TestKeptParcels(t *testing.T) {
	t.Parallel()
	parcel := func(ref string) order.Line { return line(order.ShippingFee, ref, 3900, 2500) }
	lines := []order.Line{goods("a", 10000, 2500), parcel("PARCEL-1"), parcel("old"), parcel("PARCEL-2"), parcel("parcel-3")}
	policy := pricing.ShippingPolicy{Kept: []string{"PARCEL-*"}}
	a, err := pricing.Recompute(plan(t, policy, lines, follow(4900, pricing.FreightHighest)))
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for i := range a.Lines {
		refs = append(refs, a.Lines[i].Reference)
	}
	if d := cmp.Diff([]string{"a", "PARCEL-1", "opt0", "PARCEL-2"}, refs); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if a.OrderAmount != 10000+2*3900+4900 {
		t.Errorf("order_amount: got %d; want 22700", a.OrderAmount)
	}
	policy.Provider = true
	if a, err = pricing.Recompute(plan(t, policy, lines, follow(4900, pricing.FreightHighest))); err != nil || len(a.Lines) != 3 {
		t.Errorf("the provider writes the line: got %v, %v; want the goods and two parcels", a, err)
	}
}
