package pricing_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// follow is a freight with tax whose tax follows the goods.
func follow(price order.Amount, m pricing.FreightMode) pricing.Freight {
	return pricing.Freight{Price: price, TaxRules: pricing.FreightTax{Mode: m, Rate: 1900}}
}

// owed is follow where the buyer owes the tax.
func owed(price order.Amount, m pricing.FreightMode, goods ...pricing.RateValue) pricing.Freight {
	f := follow(price, m)
	f.TaxRules.Owed, f.TaxRules.OwedGoods = true, goods
	return f
}

func exclTax(f pricing.Freight) pricing.Freight {
	f.ExclTax = true
	return f
}

func rounding(f pricing.Freight, to order.Amount) pricing.Freight {
	f.Round = pricing.Rounding{To: to, Mode: pricing.RoundDown}
	return f
}

func TestPriceFreight(t *testing.T) {
	t.Parallel()
	type parts = []pricing.Part
	half := []order.Line{goods("jam", 10000, 600), goods("lamp", 10000, 2500)}
	excl := follow(1000, pricing.FreightSplit)
	excl.ExclTax = true
	rounded := excl
	rounded.Round = pricing.Rounding{To: 100, Mode: pricing.RoundUp}
	inclRounded := follow(3910, pricing.FreightSplit)
	inclRounded.Round = pricing.Rounding{To: 100, Mode: pricing.RoundDown}
	tests := []struct {
		name  string
		f     pricing.Freight
		lines []order.Line
		want  pricing.Priced
	}{
		{"fixed", follow(4900, pricing.FreightFixed), half,
			pricing.Priced{Price: 4900, Tax: 782, Rate: 1900, Parts: parts{{1900, 4900, 782}}}},
		{"the manual: half food, half furniture", follow(3900, pricing.FreightSplit), half,
			pricing.Priced{Price: 3900, Tax: 500, Rate: 1471, Parts: parts{{600, 1950, 110}, {2500, 1950, 390}}}},
		{"one rate is not blended", follow(4901, pricing.FreightSplit), half[1:],
			pricing.Priced{Price: 4901, Tax: 980, Rate: 2500, Parts: parts{{2500, 4901, 980}}}},
		{"a tie goes to the rate that appears first", follow(1, pricing.FreightSplit), half,
			pricing.Priced{Price: 1, Tax: 0, Rate: 600, Parts: parts{{600, 1, 0}}}},
		{"highest", follow(3900, pricing.FreightHighest), half,
			pricing.Priced{Price: 3900, Tax: 780, Rate: 2500, Parts: parts{{2500, 3900, 780}}}},
		{"largest", follow(3900, pricing.FreightLargest), append(half, goods("more jam", 1, 600)),
			pricing.Priced{Price: 3900, Tax: 221, Rate: 600, Parts: parts{{600, 3900, 221}}}},
		{"largest, a tie takes the higher rate", follow(3900, pricing.FreightLargest), half,
			pricing.Priced{Price: 3900, Tax: 780, Rate: 2500, Parts: parts{{2500, 3900, 780}}}},
		{"discounts count against their rate", follow(3900, pricing.FreightSplit), append(half, discount("d", 5000, 600)),
			pricing.Priced{Price: 3900, Tax: 594, Rate: 1797, Parts: parts{{600, 1300, 74}, {2500, 2600, 520}}}},
		{"a discount above its goods is floored at 0", follow(3900, pricing.FreightSplit), append(half, discount("d", 15000, 600)),
			pricing.Priced{Price: 3900, Tax: 780, Rate: 2500, Parts: parts{{2500, 3900, 780}}}},
		{"a blended discount leaves the proportions", follow(3900, pricing.FreightSplit), append(half, discount("d", 15000, 1471)),
			pricing.Priced{Price: 3900, Tax: 500, Rate: 1471, Parts: parts{{600, 1950, 110}, {2500, 1950, 390}}}},
		{"no base: the highest goods rate", follow(3900, pricing.FreightSplit),
			[]order.Line{goods("gift", 0, 2500), goods("flyer", 0, 600)},
			pricing.Priced{Price: 3900, Tax: 780, Rate: 2500, Parts: parts{{2500, 3900, 780}}}},
		{"no goods: the given rate", follow(3900, pricing.FreightSplit), []order.Line{line(order.GiftCard, "c", -100, 2500)},
			pricing.Priced{Price: 3900, Tax: 623, Rate: 1900, Parts: parts{{1900, 3900, 623}}}},
		{"free: a line of 0 at the largest share, the option blended", follow(0, pricing.FreightSplit),
			append(half, goods("more jam", 1, 600)),
			pricing.Priced{Rate: 1472, Parts: parts{{Rate: 600}}}},
		{"free at one rate", follow(0, pricing.FreightFixed), half, pricing.Priced{Rate: 1900, Parts: parts{{Rate: 1900}}}},
		{"without tax: each part grossed up at its own rate", excl, half,
			pricing.Priced{Price: 1155, Tax: 155, Rate: 1550, Parts: parts{{600, 530, 30}, {2500, 625, 125}}}},
		{"without tax, rounded: split anew by the grossed-up parts", rounded, half,
			pricing.Priced{Price: 1200, Tax: 161, Rate: 1550, Parts: parts{{600, 551, 31}, {2500, 649, 130}}}},
		{"with tax, rounded", inclRounded, half,
			pricing.Priced{Price: 3900, Tax: 500, Rate: 1471, Parts: parts{{600, 1950, 110}, {2500, 1950, 390}}}},
		{"the buyer owes the tax", owed(3900, pricing.FreightFixed), half, pricing.Priced{Price: 3277, Owed: 623, Parts: parts{{0, 3277, 0}}}},
		{"the buyer owes the tax of several rates", owed(3900, pricing.FreightSplit, pricing.RateValue{Rate: 600, Gross: 10000}, pricing.RateValue{Rate: 2500, Gross: 4000},
			pricing.RateValue{Rate: 2500, Gross: 6000}), nil, pricing.Priced{Price: 3400, Owed: 500, Parts: parts{{0, 3400, 0}}}},
		{"the buyer owes the tax, rounded with it", rounding(owed(3930, pricing.FreightFixed), 100), nil, pricing.Priced{Price: 3277, Owed: 623, Parts: parts{{0, 3277, 0}}}},
		{"the buyer owes the tax, which the price does not hold", exclTax(owed(3930, pricing.FreightFixed)), nil, pricing.Priced{Price: 3930, Parts: parts{{0, 3930, 0}}}},
		{"the buyer owes the tax, and it is free", owed(0, pricing.FreightSplit, pricing.RateValue{Rate: 600, Gross: 1}), nil, pricing.Priced{Parts: parts{{}}}},
		{"taxes of single units cannot blend above 100 %", follow(3, pricing.FreightSplit),
			[]order.Line{goods("a", 1, 10000), goods("b", 2, 9000)},
			pricing.Priced{Price: 3, Tax: 2, Rate: 10000, Parts: parts{{10000, 1, 1}, {9000, 2, 1}}}},
		{"the option's tax parts from the lines'", follow(1_000_000, pricing.FreightSplit),
			[]order.Line{goods("a", 10000, 600), goods("b", 10000, 2500)},
			pricing.Priced{Price: 1_000_000, Tax: 128_312, Rate: 1472, Parts: parts{{600, 500_000, 28_302}, {2500, 500_000, 100_000}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pricing.PriceFreight(tt.f, tt.lines)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(got, tt.want, cmpopts.EquateEmpty()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPriceFreightErrors(t *testing.T) {
	t.Parallel()
	excl := follow(order.MaxLineAmount, pricing.FreightFixed)
	excl.ExclTax = true
	badRate := follow(100, pricing.FreightFixed)
	badRate.TaxRules.Rate = 10001
	free := badRate
	overRound := follow(order.MaxLineAmount, pricing.FreightFixed)
	overRound.Round = pricing.Rounding{To: order.MaxLineAmount - 1, Mode: pricing.RoundUp}
	badRound := follow(100, pricing.FreightFixed)
	badRound.Round.To = -5
	free.Price = 0
	tests := []struct {
		name  string
		f     pricing.Freight
		lines []order.Line
		want  error
	}{
		{"below zero", follow(-1, pricing.FreightFixed), nil, pricing.ErrNegative},
		{"over the limit", follow(order.MaxLineAmount+1, pricing.FreightFixed), nil, pricing.ErrOverflow},
		{"over the limit with tax", excl, nil, pricing.ErrOverflow},
		{"rounded over the limit", overRound, nil, pricing.ErrOverflow},
		{"rounded to nothing below", badRound, nil, pricing.ErrNegative},
		{"shares beyond int64", follow(100, pricing.FreightSplit),
			[]order.Line{{TotalAmount: 1 << 62}, {TotalAmount: 1 << 62, TaxRate: 600}}, pricing.ErrOverflow},
		{"discounts beyond int64", follow(100, pricing.FreightSplit),
			[]order.Line{{TotalAmount: -1 << 63}, {Type: order.Discount, TotalAmount: -1}}, pricing.ErrOverflow},
		{"rate", badRate, nil, pricing.ErrRate},
		{"rate of a free option", free, nil, pricing.ErrRate},
		{"rate of a goods line", follow(100, pricing.FreightHighest), []order.Line{{TaxRate: -1, TotalAmount: 5}}, pricing.ErrRate},
		{"goods beyond int64", follow(100, pricing.FreightSplit),
			[]order.Line{{TotalAmount: 1 << 62}, {TotalAmount: 1 << 62}}, pricing.ErrOverflow},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := pricing.PriceFreight(tt.f, tt.lines); !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v; want %v", got, err, tt.want)
			}
		})
	}
	if _, err := pricing.PriceFreight(follow(100, 9), nil); err == nil {
		t.Error("an unknown mode passes")
	}
}

// TestFreightWitness: what the two ways of splitting cost. 3.33 net on goods half at 6 %, half at 25 %: split net, the
// parts are 1.77 and 2.08 with 0.52 of tax; the same 3.85 split gross is 1.93 and 1.92 with 0.49.
func TestFreightWitness(t *testing.T) {
	t.Parallel()
	f := follow(333, pricing.FreightSplit)
	f.ExclTax = true
	half := []order.Line{goods("jam", 10000, 600), goods("lamp", 10000, 2500)}
	net, err := pricing.PriceFreight(f, half)
	if err != nil {
		t.Fatal(err)
	}
	gross, err := pricing.PriceFreight(follow(net.Price, pricing.FreightSplit), half)
	if err != nil {
		t.Fatal(err)
	}
	if net.Parts[0].Gross != 177 || net.Parts[1].Gross != 208 || net.Tax != 52 {
		t.Errorf("split net: %+v; want 177 + 208, tax 52", net)
	}
	if gross.Parts[0].Gross != 193 || gross.Parts[1].Gross != 192 || gross.Tax != 49 {
		t.Errorf("split gross: %+v; want 193 + 192, tax 49", gross)
	}
}
