package pricing_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// plan makes a plan of an order with these lines and one option per freight price, the first of them effective.
func plan(t testing.TB, policy pricing.ShippingPolicy, lines []order.Line, freight ...pricing.Freight) *pricing.Plan {
	t.Helper()
	p := &pricing.Plan{
		Order:     &order.Order{PurchaseCurrency: "sek", Lines: lines},
		Lines:     pricing.Stay(lines, &policy),
		Effective: min(0, len(freight)-1),
		Policy:    policy,
	}
	for i, f := range freight {
		priced, err := pricing.PriceFreight(f, p.Lines)
		if err != nil {
			t.Fatal(err)
		}
		p.Priced = append(p.Priced, priced)
		p.Options = append(p.Options, order.ShippingOption{ID: "opt" + strconv.Itoa(i), Name: "Option " + strconv.Itoa(i),
			Price: priced.Price, TaxAmount: priced.Tax, TaxRate: priced.Rate, Preselected: i == 0})
	}
	return p
}

func TestRecomputeAnswer(t *testing.T) {
	t.Parallel()
	jam, lamp := goods("jam", 10000, 600), goods("lamp", 10000, 2500)
	p := plan(t, pricing.ShippingPolicy{}, []order.Line{jam, lamp}, follow(3900, pricing.FreightSplit))
	a, err := pricing.Recompute(p)
	if err != nil {
		t.Fatal(err)
	}
	sameLines(t, a.Lines, []order.Line{jam, lamp,
		{Type: order.ShippingFee, Reference: "opt0", Name: "Option 0", Quantity: 1, UnitPrice: 1950, TotalAmount: 1950,
			TaxRate: 600, TotalTaxAmount: 110},
		{Type: order.ShippingFee, Reference: "opt0", Name: "Option 0", Quantity: 1, UnitPrice: 1950, TotalAmount: 1950,
			TaxRate: 2500, TotalTaxAmount: 390}})
	if a.OrderAmount != 23900 || a.OrderTaxAmount != 566+2000+500 || a.PurchaseCurrency != "SEK" {
		t.Errorf("got %d, tax %d, %s", a.OrderAmount, a.OrderTaxAmount, a.PurchaseCurrency)
	}
	if d := cmp.Diff(a.Options, p.Options); d != "" {
		t.Error(d)
	}
}

// TestRecomputeSumWitness: the order's tax is the sum of the lines' taxes, not the tax inside the order's amount.
// Three lines of 3.33 at 25 % carry 0.67 each, 2.01; the tax inside 9.99 is 2.00.
func TestRecomputeSumWitness(t *testing.T) {
	t.Parallel()
	l := goods("a", 333, 2500)
	a, err := pricing.Recompute(plan(t, pricing.ShippingPolicy{}, []order.Line{l, l, l}))
	if err != nil {
		t.Fatal(err)
	}
	if a.OrderTaxAmount != 201 || within(a.OrderAmount, 2500) != 200 {
		t.Errorf("tax %d, inside the amount %d; want 201 and 200", a.OrderTaxAmount, within(a.OrderAmount, 2500))
	}
}

func TestRecomputePlace(t *testing.T) {
	t.Parallel()
	ship := func(ref string) order.Line { return line(order.ShippingFee, ref, 100, 2500) }
	a, b, card := goods("a", 5000, 2500), goods("b", 5000, 2500), line(order.GiftCard, "card", -100, 0)
	kept := pricing.ShippingPolicy{Kept: []string{"parcel*"}}
	fee := line(order.Surcharge, "fee", 500, 2500)
	fee.MerchantData = pricing.Mark
	tests := []struct {
		name   string
		policy pricing.ShippingPolicy
		lines  []order.Line
		added  []order.Line
		free   bool
		none   bool
		want   string
	}{
		{"at the end", pricing.ShippingPolicy{}, []order.Line{a, card}, nil, false, false, "a card opt0"},
		{"in place of the first", pricing.ShippingPolicy{}, []order.Line{a, ship("x"), b, ship("y"), card}, nil, false, false, "a opt0 b card"},
		{"first of all", pricing.ShippingPolicy{}, []order.Line{ship("x"), a}, nil, false, false, "opt0 a"},
		{"a kept one is no place", kept, []order.Line{ship("parcel1"), a, ship("x"), b}, nil, false, false, "parcel1 a opt0 b"},
		{"free shipping is a line", pricing.ShippingPolicy{}, []order.Line{a}, nil, true, false, "a opt0"},
		{"no option", pricing.ShippingPolicy{}, []order.Line{a, ship("x")}, nil, false, true, "a"},
		{"provider", pricing.ShippingPolicy{Provider: true}, []order.Line{a, ship("x")}, nil, false, false, "a"},
		{"before lines added by us", pricing.ShippingPolicy{}, []order.Line{a, fee}, []order.Line{fee}, false, false, "a opt0 fee"},
		{"and again", pricing.ShippingPolicy{}, []order.Line{a, ship("opt0"), fee}, []order.Line{fee}, false, false, "a opt0 fee"},
		{"empty cart", pricing.ShippingPolicy{}, nil, nil, false, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := follow(4900, pricing.FreightHighest)
			if tt.free {
				f.Price = 0
			}
			p := plan(t, tt.policy, tt.lines, f)
			p.Lines = append(p.Lines, tt.added...)
			if tt.none {
				p.Effective = -1
			}
			got, err := pricing.Recompute(p)
			if err != nil {
				t.Fatal(err)
			}
			var refs []string
			for _, l := range got.Lines {
				refs = append(refs, l.Reference)
			}
			if s := strings.Join(refs, " "); s != tt.want {
				t.Errorf("got %q; want %q", s, tt.want)
			}
		})
	}
}

func TestRecomputeSecondOption(t *testing.T) {
	t.Parallel()
	p := plan(t, pricing.ShippingPolicy{}, []order.Line{goods("a", 5000, 2500)},
		follow(4900, pricing.FreightHighest), follow(9900, pricing.FreightHighest))
	p.Effective = 1
	a, err := pricing.Recompute(p)
	if err != nil {
		t.Fatal(err)
	}
	if l := a.Lines[1]; l.Reference != "opt1" || l.TotalAmount != 9900 || a.OrderAmount != 14900 {
		t.Errorf("line %s %d, order %d; want opt1 9900, 14900", l.Reference, l.TotalAmount, a.OrderAmount)
	}
}

func TestRecomputeErrors(t *testing.T) {
	t.Parallel()
	cart := []order.Line{goods("a", 5000, 2500)}
	full := make([]order.Line, order.MaxLines)
	for i := range full {
		full[i] = goods("a", 1, 0)
	}
	fine := func(lines []order.Line) *pricing.Plan {
		return plan(t, pricing.ShippingPolicy{}, lines, follow(4900, pricing.FreightHighest))
	}
	missing := fine(cart)
	missing.Priced = nil
	beyond := fine(cart)
	beyond.Effective = 1
	tests := []struct {
		name string
		plan *pricing.Plan
		want error
		text string
	}{
		{"option without price", missing, pricing.ErrPlan, "options: 1, priced: 0"},
		{"effective beyond the options", beyond, pricing.ErrPlan, "effective: 1 of 1"},
		{"a thousand in, one more out", fine(full), pricing.ErrTooManyLines, "lines: 1001 exceed 1000"},
		{"line over the limit", fine([]order.Line{goods("a", order.MaxLineAmount+1, 0)}), pricing.ErrOverflow, "lines[0]: 100000001"},
		{"unit over the limit", fine([]order.Line{{UnitPrice: order.MaxLineAmount + 1}}), pricing.ErrOverflow, "lines[0]: 100000001"},
		{"sum beyond int64", fine([]order.Line{{TotalAmount: 1<<63 - 1}}), pricing.ErrOverflow, "order_amount: "},
		{"tax beyond int64", fine([]order.Line{{TaxRate: 2500, TotalTaxAmount: 1<<63 - 1}}), pricing.ErrOverflow, "order_tax_amount: "},
		{"card with a rate that is none", fine([]order.Line{{Type: order.GiftCard, Quantity: 1, TotalAmount: -9999, TaxRate: -1}}),
			pricing.ErrRate, "lines[0]: total_tax_amount"},
		{"amount below zero", fine([]order.Line{discount("d", 50000, 0)}), pricing.ErrNegative, "order_amount: -45100"},
		{"tax below zero", fine([]order.Line{goods("a", 50000, 0), discount("d", 50000, 2500)}), pricing.ErrNegative,
			"order_tax_amount: -10000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := pricing.Recompute(tt.plan)
			if !errors.Is(err, tt.want) || !strings.HasPrefix(err.Error(), tt.text) {
				t.Errorf("got %v; want %v, %q", err, tt.want, tt.text)
			}
		})
	}
	if _, err := pricing.Recompute(plan(t, pricing.ShippingPolicy{}, full)); err != nil {
		t.Errorf("a thousand in, a thousand out: %v", err)
	}
}
