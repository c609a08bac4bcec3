package pricing_test

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/gate"
)

// shop is all that decides an answer beside the order.
type shop struct {
	Policy  pricing.ShippingPolicy
	Rate    func(*order.Line) pricing.LineRate
	Keep    pricing.Keep
	Freight []pricing.Freight
}

// answer takes an order all the way, as the engine does.
func (s shop) answer(o *order.Order) (*order.Answer, error) {
	stay := pricing.Stay(o.Lines, &s.Policy)
	rates := make([]pricing.LineRate, len(stay))
	for i := range stay {
		rates[i] = s.Rate(&stay[i])
	}
	lines, err := pricing.Rerate(stay, rates, s.Keep)
	if err != nil {
		return nil, err
	}
	p := &pricing.Plan{Order: o, Lines: lines, Effective: min(0, len(s.Freight)-1), Policy: s.Policy}
	for i, f := range s.Freight {
		priced, err := pricing.PriceFreight(f, lines)
		if err != nil {
			return nil, err
		}
		p.Priced = append(p.Priced, priced)
		p.Options = append(p.Options, order.ShippingOption{ID: "opt" + strconv.Itoa(i), Name: "Option", Price: priced.Price,
			TaxAmount: priced.Tax, TaxRate: priced.Rate, Preselected: i == 0})
	}
	return pricing.Recompute(p)
}

func drawRate(t *rapid.T) order.Rate {
	return rapid.OneOf(rapid.SampledFrom([]order.Rate{0, 600, 1200, 2500}),
		rapid.Map(rapid.Int64Range(0, 10_000), func(v int64) order.Rate { return order.Rate(v) })).Draw(t, "rate")
}

func drawLine(t *rapid.T, i int) order.Line {
	kind := rapid.SampledFrom([]order.LineType{"", order.Physical, order.Digital, order.Discount, order.GiftCard,
		order.StoreCredit, order.Surcharge, order.ShippingFee, order.SalesTax, "package"}).Draw(t, "kind")
	l := order.Line{Type: kind, Reference: fmt.Sprint("ref", i), Name: "n", Quantity: rapid.Int64Range(0, 20).Draw(t, "quantity"),
		UnitPrice: order.Amount(rapid.Int64Range(0, 200_000).Draw(t, "unit")), TaxRate: drawRate(t)}
	switch kind {
	case order.Discount:
		l.UnitPrice = -l.UnitPrice / 50
	case order.GiftCard, order.StoreCredit:
		l.UnitPrice, l.TaxRate = -l.UnitPrice, 0
		if b := rapid.Int64Range(-1, 5_000_000).Draw(t, "balance"); b >= 0 {
			l.MerchantData = fmt.Sprintf(`{"balance":%d}`, b)
		}
	default:
		l.TotalDiscountAmount = order.Amount(rapid.Int64Range(0, l.Quantity*int64(l.UnitPrice)).Draw(t, "off"))
	}
	l.TotalAmount = order.Amount(l.Quantity)*l.UnitPrice - l.TotalDiscountAmount
	l.TotalTaxAmount = within(l.TotalAmount, l.TaxRate)
	if rapid.IntRange(0, 9).Draw(t, "untaxed") == 0 {
		l.TaxRate, l.TotalTaxAmount = 0, 0
	}
	return l
}

func drawFreight(t *rapid.T) pricing.Freight {
	return pricing.Freight{
		Price:   order.Amount(rapid.Int64Range(0, 300_000).Draw(t, "price")),
		ExclTax: rapid.Bool().Draw(t, "excl"),
		Round: pricing.Rounding{To: rapid.SampledFrom([]order.Amount{0, 1, 50, 100}).Draw(t, "to"),
			Mode: rapid.SampledFrom([]pricing.RoundMode{pricing.RoundHalfUp, pricing.RoundUp, pricing.RoundDown}).Draw(t, "mode")},
		TaxRules: pricing.FreightTax{Rate: drawRate(t), Mode: rapid.SampledFrom([]pricing.FreightMode{pricing.FreightFixed,
			pricing.FreightSplit, pricing.FreightHighest, pricing.FreightLargest}).Draw(t, "follow")},
	}
}

func drawOrder(t *rapid.T) (*order.Order, shop) {
	o := &order.Order{PurchaseCurrency: "SEK"}
	rates := map[string]pricing.LineRate{}
	s := shop{Rate: func(l *order.Line) pricing.LineRate { return rates[l.Reference] }, Keep: rapid.SampledFrom([]pricing.Keep{pricing.KeepGross, pricing.KeepNet}).Draw(t, "keep")}
	s.Policy.Provider = rapid.IntRange(0, 9).Draw(t, "provider") == 0
	s.Policy.Kept = []string{"ref3", "*7"}
	for i := range rapid.IntRange(0, 12).Draw(t, "lines") {
		l := drawLine(t, i)
		o.Lines = append(o.Lines, l)
		if rapid.IntRange(0, 3).Draw(t, "applies") > 0 {
			rates[l.Reference] = pricing.LineRate{Rate: drawRate(t), Apply: true}
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "options") {
		s.Freight = append(s.Freight, drawFreight(t))
	}
	return o, s
}

// arithmetic is contract 3 in big integers; it shares nothing with the calculation.
func arithmetic(a *order.Answer) error {
	var amount, tax big.Int
	for i, l := range a.Lines {
		if err := lineArithmetic(l); err != nil {
			return fmt.Errorf("lines[%d]: %w", i, err)
		}
		amount.Add(&amount, big.NewInt(int64(l.TotalAmount)))
		tax.Add(&tax, big.NewInt(int64(l.TotalTaxAmount)))
	}
	for i, o := range a.Options {
		if !taxed(o.Price, o.TaxAmount, o.TaxRate) {
			return fmt.Errorf("options[%d]: tax %d of %d at %d", i, o.TaxAmount, o.Price, o.TaxRate)
		}
	}
	if amount.Sign() < 0 || amount.Cmp(big.NewInt(int64(a.OrderAmount))) != 0 {
		return fmt.Errorf("order_amount %d; lines sum to %s", a.OrderAmount, &amount)
	}
	if tax.Sign() < 0 || tax.Cmp(big.NewInt(int64(a.OrderTaxAmount))) != 0 {
		return fmt.Errorf("order_tax_amount %d; lines sum to %s", a.OrderTaxAmount, &tax)
	}
	return nil
}

// accepted is arithmetic and the gate, which every answer has to pass.
func accepted(in *order.Order, a *order.Answer) error {
	for _, v := range gate.Answer(in, a) {
		return fmt.Errorf("gate: %+v", v)
	}
	return arithmetic(a)
}

func lineArithmetic(l order.Line) error {
	total := new(big.Int).Mul(big.NewInt(l.Quantity), big.NewInt(int64(l.UnitPrice)))
	total.Sub(total, big.NewInt(int64(l.TotalDiscountAmount)))
	if total.Cmp(big.NewInt(int64(l.TotalAmount))) != 0 {
		return fmt.Errorf("%d * %d - %d is not %d", l.Quantity, l.UnitPrice, l.TotalDiscountAmount, l.TotalAmount)
	}
	if !taxed(l.TotalAmount, l.TotalTaxAmount, l.TaxRate) {
		return fmt.Errorf("tax %d of %d at %d", l.TotalTaxAmount, l.TotalAmount, l.TaxRate)
	}
	return nil
}

// taxed reports |tax - (total - total*10000/(10000+rate))| <= 1.
func taxed(total, tax order.Amount, rate order.Rate) bool {
	exact := new(big.Rat).SetFrac64(int64(total)*10_000, 10_000+int64(rate))
	exact.Sub(new(big.Rat).SetInt64(int64(total)), exact)
	exact.Sub(new(big.Rat).SetInt64(int64(tax)), exact)
	return exact.Abs(exact).Cmp(new(big.Rat).SetInt64(1)) <= 0
}

// payable reports whether discounts leave the lines' sum and tax at 0 or above; without it there is no answer.
func payable(t *rapid.T, err error) bool {
	if err != nil && !errors.Is(err, pricing.ErrNegative) && !errors.Is(err, pricing.ErrOverflow) {
		t.Fatal(err)
	}
	return err == nil
}

func TestRecomputeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, s := drawOrder(t)
		before := slices.Clone(o.Lines)
		a, err := s.answer(o)
		if d := cmp.Diff(o.Lines, before, cmpopts.IgnoreUnexported(order.Line{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("the order that came in has changed:\n%s", d)
		}
		if !payable(t, err) {
			return
		}
		if err := accepted(o, a); err != nil {
			t.Error(err)
		}
		untouched(t, o.Lines, a.Lines, s)
		again, err := s.answer(&order.Order{PurchaseCurrency: a.PurchaseCurrency, Lines: a.Lines})
		if err != nil {
			t.Fatalf("the answer as an order: %v", err)
		}
		if d := cmp.Diff(again, a, cmpopts.IgnoreUnexported(order.Line{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("the answer changes when it comes back:\n%s", d)
		}
	})
}

// untouched checks that what is not ours comes back in order, that only the priced members of rated lines and cards
// differ, and that cards pay no more than their balance.
func untouched(t *rapid.T, in, out []order.Line, s shop) {
	var want, got []order.Line
	for _, l := range in {
		ours := l.Type == order.SalesTax || (l.Type == order.ShippingFee && !s.Policy.Keeps(l.Reference))
		if !ours {
			want = append(want, l)
		}
	}
	for _, l := range out {
		if l.Reference != "opt0" {
			got = append(got, l)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines that are not ours; want %d", len(got), len(want))
	}
	for i, l := range got {
		w := want[i]
		switch {
		case w.Type == order.GiftCard || w.Type == order.StoreCredit:
			balance := -w.TotalAmount
			if _, err := fmt.Sscanf(w.MerchantData, `{"balance":%d}`, &balance); err != nil && w.MerchantData != "" {
				t.Fatal(err)
			}
			if l.TotalAmount > 0 || -l.TotalAmount > balance {
				t.Errorf("card pays %d of %d", -l.TotalAmount, balance)
			}
			w = w.Reprice(l.Prices())
		case w.Rated():
			w = w.Reprice(l.Prices())
		}
		if d := cmp.Diff(l, w, cmpopts.IgnoreUnexported(order.Line{})); d != "" {
			t.Errorf("line %d:\n%s", i, d)
		}
	}
}

// TestOrderOfLinesProperty: the order of the goods decides nothing but which rate gets the unit that is left over,
// and only where remainders are equal. So the amount is the same for freight with tax, and the tax of a part differs
// by no more than the tax of a unit, rounded.
func TestOrderOfLinesProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, s := drawOrder(t)
		for i := range s.Freight {
			s.Freight[i].ExclTax = false
		}
		a, err := s.answer(o)
		if !payable(t, err) {
			return
		}
		mixed := &order.Order{PurchaseCurrency: "SEK", Lines: rapid.Permutation(o.Lines).Draw(t, "mixed")}
		b, err := s.answer(mixed)
		if err != nil {
			t.Fatal(err)
		}
		if a.OrderAmount != b.OrderAmount {
			t.Errorf("order_amount %d; mixed %d", a.OrderAmount, b.OrderAmount)
		}
		if d := a.OrderTaxAmount - b.OrderTaxAmount; d > 6 || d < -6 {
			t.Errorf("order_tax_amount %d; mixed %d", a.OrderTaxAmount, b.OrderTaxAmount)
		}
	})
}

func TestPriceFreightProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, _ := drawOrder(t)
		f := drawFreight(t)
		p, err := pricing.PriceFreight(f, o.Lines)
		if err != nil {
			t.Fatal(err)
		}
		var sum order.Amount
		seen := map[order.Rate]bool{}
		for _, part := range p.Parts {
			if part.Gross < 0 || (part.Gross == 0 && len(p.Parts) > 1) || seen[part.Rate] {
				t.Errorf("part %+v of %+v", part, p)
			}
			if part.Tax != within(part.Gross, part.Rate) {
				t.Errorf("part %+v; want tax %d", part, within(part.Gross, part.Rate))
			}
			seen[part.Rate] = true
			sum += part.Gross
		}
		switch {
		case len(p.Parts) == 0 || sum != p.Price:
			t.Errorf("%d parts sum to %d; want %d", len(p.Parts), sum, p.Price)
		case !taxed(p.Price, p.Tax, p.Rate):
			t.Errorf("tax %d of %d at %d", p.Tax, p.Price, p.Rate)
		case f.Round.To > 0 && p.Price%f.Round.To != 0:
			t.Errorf("price %d is no multiple of %d", p.Price, f.Round.To)
		case !f.ExclTax && f.Round.To == 0 && p.Price != f.Price:
			t.Errorf("price %d; want %d", p.Price, f.Price)
		case len(p.Parts) == 1 && p.Price > 0 && p.Parts[0].Rate != p.Rate:
			t.Errorf("one part at %d; the option at %d", p.Parts[0].Rate, p.Rate)
		}
	})
}
