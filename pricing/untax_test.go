package pricing_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestUntax(t *testing.T) {
	t.Parallel()
	mug := order.Line{Reference: "mug", Quantity: 3, UnitPrice: 1250, TaxRate: 2500, TotalAmount: 3500, TotalDiscountAmount: 250, TotalTaxAmount: 700}
	off := order.Line{Type: order.Discount, Quantity: 1, UnitPrice: -500, TaxRate: 2500, TotalAmount: -500, TotalTaxAmount: -100}
	wrong := order.Line{Type: order.Digital, Quantity: 1, UnitPrice: 100, TotalAmount: 100, TotalTaxAmount: 7}
	other := order.Line{Type: "package", Quantity: 1, UnitPrice: 100, TaxRate: 2500, TotalAmount: 100, TotalTaxAmount: 20}
	plain := order.Line{Quantity: 1, UnitPrice: 100, TotalAmount: 100}
	for name, tt := range map[string]struct {
		keep pricing.Keep
		want []order.Prices
	}{
		"gross": {pricing.KeepGross, []order.Prices{
			{UnitPrice: 1250, TotalDiscountAmount: 250, TotalAmount: 3500}, {UnitPrice: -500, TotalAmount: -500},
			{UnitPrice: 100, TotalAmount: 100}, other.Prices(), plain.Prices()}},
		"net": {pricing.KeepNet, []order.Prices{
			{UnitPrice: 1000, TotalDiscountAmount: 200, TotalAmount: 2800}, {UnitPrice: -400, TotalAmount: -400},
			{UnitPrice: 100, TotalAmount: 100}, other.Prices(), plain.Prices()}},
	} {
		in := []order.Line{mug, off, wrong, other, plain}
		out, err := pricing.Untax(in, tt.keep)
		if err != nil {
			t.Fatal(err)
		}
		var got []order.Prices
		for i := range out {
			got = append(got, out[i].Prices())
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", name, d)
		}
		if d := cmp.Diff([]order.Line{mug, off, wrong, other, plain}, in, cmpopts.IgnoreUnexported(order.Line{})); d != "" {
			t.Errorf("%s: the lines that came in were changed\n%s", name, d)
		}
	}
	same := []order.Line{plain, other}
	if out, err := pricing.Untax(same, pricing.KeepNet); err != nil || &out[0] != &same[0] {
		t.Errorf("nothing to do: a new slice, %v", err)
	}
	bad := []order.Line{{Quantity: 1, UnitPrice: 1, TotalAmount: 1, TaxRate: -1}}
	if _, err := pricing.Untax(bad, pricing.KeepNet); !errors.Is(err, pricing.ErrRate) {
		t.Errorf("a rate that is none: %v", err)
	}
}

// TestUntaxTwice: what has been untaxed stays as it is.
func TestUntaxTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := make([]order.Line, rapid.IntRange(1, 6).Draw(t, "lines"))
		for i := range lines {
			lines[i] = drawLine(t, i)
		}
		keep := rapid.SampledFrom([]pricing.Keep{pricing.KeepGross, pricing.KeepNet}).Draw(t, "keep")
		once, err := pricing.Untax(lines, keep)
		if err != nil {
			t.Skip(err)
		}
		twice, err := pricing.Untax(once, keep)
		if err != nil || &twice[0] != &once[0] {
			t.Fatalf("changed again: %v", err)
		}
		for i := range once {
			if l := &once[i]; l.Rated() && (l.TaxRate != 0 || l.TotalTaxAmount != 0) {
				t.Fatalf("line %d has tax: %+v", i, l)
			}
			if keep == pricing.KeepGross && once[i].TotalAmount != lines[i].TotalAmount {
				t.Fatalf("line %d: another total", i)
			}
		}
	})
}

// TestRecomputeSalesTax counts the tax of sales_tax lines once in the amount, as the recorded order of the contract does.
func TestRecomputeSalesTax(t *testing.T) {
	t.Parallel()
	line := func(kind order.LineType, amount order.Amount) order.Line {
		return order.Line{Type: kind, Name: "n", Quantity: 1, UnitPrice: amount, TotalAmount: amount}
	}
	in := []order.Line{line(order.Physical, 1000), line(order.ShippingFee, 700), line(order.Discount, -100), line(order.SalesTax, 50), line(order.StoreCredit, -300)}
	p := plan(t, pricing.ShippingPolicy{}, in, pricing.Freight{Price: 700})
	p.Lines = append(p.Lines, line(order.SalesTax, 64), line(order.SalesTax, 48))
	a, err := pricing.Recompute(p)
	if err != nil {
		t.Fatal(err)
	}
	if a.OrderAmount != 1412 || a.OrderTaxAmount != 112 {
		t.Errorf("got %d with tax %d, want 1412 with tax 112", a.OrderAmount, a.OrderTaxAmount)
	}
}

// TestStayFees knows a fee that has lost its mark by its id.
func TestStayFees(t *testing.T) {
	t.Parallel()
	p := pricing.ShippingPolicy{Fees: []string{"road"}}
	for name, tt := range map[string]struct {
		line order.Line
		goes bool
	}{
		"by its id":        {order.Line{Type: order.Surcharge, Reference: "road"}, true},
		"by its mark":      {order.Line{Type: order.Surcharge, Reference: "old", MerchantData: pricing.Mark}, true},
		"the shop's":       {order.Line{Type: order.Surcharge, Reference: "wrapping"}, false},
		"no surcharge":     {order.Line{Type: order.Physical, Reference: "road"}, false},
		"sales tax":        {order.Line{Type: order.SalesTax}, true},
		"freight":          {order.Line{Type: order.ShippingFee}, true},
		"goods of no type": {order.Line{}, false},
	} {
		if got := p.Replaces(&tt.line); got != tt.goes {
			t.Errorf("%s: got %v", name, got)
		}
		if got := len(pricing.Stay([]order.Line{tt.line}, &p)) == 0; got != tt.goes {
			t.Errorf("%s: Stay says %v", name, got)
		}
	}
}
