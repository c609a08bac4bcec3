package gate_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

// validOrder draws an order that holds, of goods and as many discounts as they bear.
func validOrder(t *rapid.T) *order.Order {
	lines := []order.Line{line(order.Physical, 1, 50_000_000, 0)}
	for range rapid.IntRange(0, 8).Draw(t, "lines") {
		rate := order.Rate(rapid.IntRange(0, 10_000).Draw(t, "rate"))
		if rapid.Bool().Draw(t, "discount") {
			lines = append(lines, line(order.Discount, 1, -order.Amount(rapid.IntRange(0, 1000).Draw(t, "off")), rate))
			continue
		}
		l := line(order.Digital, rapid.Int64Range(0, 100).Draw(t, "quantity"),
			order.Amount(rapid.IntRange(0, 1_000_000).Draw(t, "price")), rate)
		l.TotalDiscountAmount = order.Amount(rapid.Int64Range(0, int64(l.TotalAmount)).Draw(t, "reduction"))
		l.TotalAmount -= l.TotalDiscountAmount
		l.TotalTaxAmount = l.TotalAmount * order.Amount(rate) / order.Amount(10_000+rate)
		lines = append(lines, l)
	}
	o := sum(lines...)
	if o.OrderTaxAmount < 0 {
		o = sum(append(lines, line(order.Physical, 1, 50_000_000, 2500))...)
	}
	return o
}

func TestAnyAmountOffByTwoIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := validOrder(t)
		if v := gate.Order(o); v != nil {
			t.Fatalf("a right order: %+v", v)
		}
		off := order.Amount(rapid.SampledFrom([]int{-2, 2}).Draw(t, "by"))
		l := &o.Lines[rapid.IntRange(0, len(o.Lines)-1).Draw(t, "line")]
		amounts := []*order.Amount{&o.OrderAmount, &o.OrderTaxAmount, &l.TotalAmount, &l.TotalTaxAmount, &l.TotalDiscountAmount}
		if l.Quantity > 0 {
			amounts = append(amounts, &l.UnitPrice)
		}
		*rapid.SampledFrom(amounts).Draw(t, "amount") += off
		if gate.Order(o) == nil {
			t.Fatalf("passed: %+v", o)
		}
	})
}

// FuzzGate wants that what passes adds up by plain division.
func FuzzGate(f *testing.F) {
	f.Add(int64(3), int64(1999), int64(0), int64(5997), int64(1199), 2500)
	f.Add(int64(1)<<62+2, int64(4), int64(0), int64(8), int64(0), 0)
	f.Add(int64(1), int64(100_000_000), int64(1), int64(99_999_999), int64(50_000_000), 10_000)
	f.Fuzz(func(t *testing.T, quantity, price, discount, total, tax int64, rate int) {
		o := sum(order.Line{Name: "N", Quantity: quantity, UnitPrice: order.Amount(price), TotalAmount: order.Amount(total),
			TotalDiscountAmount: order.Amount(discount), TotalTaxAmount: order.Amount(tax), TaxRate: order.Rate(rate)})
		if gate.Order(o) != nil {
			return
		}
		switch {
		case quantity != 0 && ((total+discount)/quantity != price || (total+discount)%quantity != 0):
			t.Errorf("%d is not %d times %d less %d", total, quantity, price, discount)
		case total < 0 || total > 100_000_000 || rate < 0 || rate > 10_000:
			t.Errorf("total %d, rate %d", total, rate)
		case tax < total-total*10_000/int64(10_000+rate)-2 || tax > total-total*10_000/int64(10_000+rate)+1:
			t.Errorf("tax %d of %d at %d", tax, total, rate)
		}
	})
}
