package pricing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// line makes a line of one piece with the right tax.
func line(kind order.LineType, ref string, total order.Amount, rate order.Rate) order.Line {
	return order.Line{Type: kind, Reference: ref, Name: ref, Quantity: 1, UnitPrice: total, TotalAmount: total,
		TaxRate: rate, TotalTaxAmount: within(total, rate)}
}

func goods(ref string, total order.Amount, rate order.Rate) order.Line {
	return line(order.Physical, ref, total, rate)
}

func discount(ref string, total order.Amount, rate order.Rate) order.Line {
	return line(order.Discount, ref, -total, rate)
}

// within is the included tax by another road: the nearest unit, found by going up until half a unit is passed.
func within(total order.Amount, rate order.Rate) order.Amount {
	if total < 0 {
		return -within(-total, rate)
	}
	span := 10_000 + order.Amount(rate)
	return (2*total*order.Amount(rate) + span) / (2 * span)
}

// priced are the members of a line that tests compare.
type priced struct {
	Ref              string
	Unit, Off, Total order.Amount
	Rate             order.Rate
	Tax              order.Amount
}

func pricesOf(lines []order.Line) []priced {
	var out []priced
	for _, l := range lines {
		out = append(out, priced{l.Reference, l.UnitPrice, l.TotalDiscountAmount, l.TotalAmount, l.TaxRate, l.TotalTaxAmount})
	}
	return out
}

func sameLines(t *testing.T, got, want []order.Line) {
	t.Helper()
	if d := cmp.Diff(got, want, cmpopts.IgnoreUnexported(order.Line{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("lines differ (-got +want):\n%s", d)
	}
}

// to makes the rates of Rerate: a rate each, -1 for a line that is left alone.
func to(rates ...order.Rate) []pricing.LineRate {
	var out []pricing.LineRate
	for _, r := range rates {
		out = append(out, pricing.LineRate{Rate: max(r, 0), Apply: r >= 0})
	}
	return out
}

// decode decodes the body of an update callback.
func decode(t testing.TB, body string) *order.Order {
	t.Helper()
	o, err := order.DecodeUpdate([]byte(body), order.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// encode encodes an answer.
func encode(t testing.TB, a *order.Answer) string {
	t.Helper()
	b, err := a.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
