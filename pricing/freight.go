package pricing

import (
	"fmt"

	"github.com/kvitto/kvitto/order"
)

// PriceFreight taxes a freight price by the goods among lines, which are re-rated and in the order of the
// request. See design 5.7. From top to bottom:
//
//  1. Which rates, with which weights: FreightTax.
//  2. The price is split over them by largest remainder, gross. A price without tax is split net, each part
//     grossed up at its own rate (half away), and the parts summed; grossing up the sum at the blended rate would
//     give another price.
//  3. The price is rounded (Rounding). If that changes it, the rounded price is split anew: a price with tax by the
//     weights, one without by its grossed-up parts, so the parts always sum to the price.
//  4. Each part is taxed (half away); the line of a part is what the order's sums count.
//  5. The option carries one rate and one tax, see asOption.
//
// Where the buyer owes the tax (FreightTax.Owed), 1 to 4 are done as for one who does not, with OwedGoods as the goods; the
// parts less their tax are then the price, at rate 0.
//
// Parts of 0 are left out. A price of 0 has one part, at the rate with the largest weight. Errors: ErrNegative for
// a price below zero, ErrOverflow for one above order.MaxLineAmount, ErrRate.
func PriceFreight(f Freight, lines []order.Line) (Priced, error) {
	if f.Price < 0 {
		return Priced{}, fmt.Errorf("price: %d: %w", f.Price, ErrNegative)
	}
	if f.TaxRules.Owed {
		return priceOwed(f)
	}
	var room [8]share
	shares, err := goodsShares(room[:0], lines)
	if err != nil {
		return Priced{}, fmt.Errorf("price: %w", err)
	}
	return priceBy(f, shares)
}

// priceOwed prices freight whose tax the buyer owes.
func priceOwed(f Freight) (Priced, error) {
	var out Priced
	if !f.ExclTax {
		shares := make([]share, 0, len(f.TaxRules.OwedGoods)+1)
		for _, v := range f.TaxRules.OwedGoods {
			var err error
			if shares, err = addShare(shares, v.Rate, v.Gross); err != nil {
				return Priced{}, fmt.Errorf("price: %w", err)
			}
		}
		with, err := priceBy(f, shares)
		if err != nil {
			return Priced{}, err
		}
		f.Price, f.Round = with.Price, Rounding{}
		for _, p := range with.Parts {
			f.Price, out.Owed = f.Price-p.Tax, out.Owed+p.Tax
		}
	}
	f.TaxRules = FreightTax{}
	bare, err := priceBy(f, nil)
	bare.Owed = out.Owed
	return bare, err
}

// priceBy prices freight by the goods' shares, which it may overwrite.
func priceBy(f Freight, shares []share) (Priced, error) {
	shares, err := follow(f.TaxRules, shares)
	if err != nil {
		return Priced{}, err
	}
	parts := make([]Part, len(shares))
	price, err := divide(parts, f, shares)
	if err == nil {
		err = inRange(price)
	}
	if err != nil {
		return Priced{}, fmt.Errorf("price: %w", err)
	}
	if parts, err = taxParts(parts, price, shares); err != nil {
		return Priced{}, err
	}
	return asOption(price, parts, shares)
}

// follow turns the goods' shares into the rates that the freight is taxed at, one at least, each with a weight
// above 0. It may overwrite shares.
func follow(t FreightTax, shares []share) ([]share, error) {
	if t.Mode > FreightLargest {
		return nil, fmt.Errorf("freight mode %d is unknown", t.Mode)
	}
	if t.Mode == FreightFixed || len(shares) == 0 {
		return append(shares[:0], share{t.Rate, 1}), checkRate(t.Rate)
	}
	rate := highest(shares)
	switch t.Mode {
	case FreightSplit:
		n := 0
		for _, s := range shares {
			if s.gross > 0 {
				shares[n] = s
				n++
			}
		}
		if n > 0 {
			return shares[:n], nil
		}
	case FreightLargest:
		rate = largest(shares)
	}
	return append(shares[:0], share{rate, 1}), nil
}

// divide fills in rate and gross of the parts and returns the price, which is their sum.
func divide(parts []Part, f Freight, shares []share) (order.Amount, error) {
	for i, s := range shares {
		parts[i].Rate = s.rate
	}
	if !f.ExclTax {
		price, err := f.Round.Apply(f.Price)
		if err != nil {
			return 0, err
		}
		return price, splitParts(parts, price, shares)
	}
	if err := splitParts(parts, f.Price, shares); err != nil {
		return 0, err
	}
	var sum order.Amount
	for i := range parts {
		gross, err := GrossOf(parts[i].Gross, parts[i].Rate)
		if err != nil {
			return 0, err
		}
		parts[i].Gross = gross
		if sum, err = Add(sum, gross); err != nil {
			return 0, err
		}
	}
	price, err := f.Round.Apply(sum)
	if err != nil || price == sum {
		return price, err
	}
	var room [8]share
	grossed := room[:0]
	for _, p := range parts {
		grossed = append(grossed, share{p.Rate, p.Gross})
	}
	return price, splitParts(parts, price, grossed)
}

// splitParts sets the parts' gross to their share of total.
func splitParts(parts []Part, total order.Amount, shares []share) error {
	if len(shares) == 1 {
		parts[0].Gross = total
		return nil
	}
	var (
		roomW   [8]int64
		roomA   [8]order.Amount
		weights = roomW[:0]
		amounts = roomA[:0]
	)
	for _, s := range shares {
		weights = append(weights, int64(s.gross))
		amounts = append(amounts, 0)
	}
	if err := splitInto(amounts, total, weights); err != nil {
		return err
	}
	for i := range parts {
		parts[i].Gross = amounts[i]
	}
	return nil
}

// taxParts taxes each part and leaves out those of 0.
func taxParts(parts []Part, price order.Amount, shares []share) ([]Part, error) {
	if price == 0 {
		rate := largest(shares)
		return append(parts[:0], Part{Rate: rate}), checkRate(rate)
	}
	n := 0
	for _, p := range parts {
		if p.Gross == 0 {
			continue
		}
		var err error
		if p.Tax, err = TaxWithin(p.Gross, p.Rate); err != nil {
			return nil, err
		}
		parts[n] = p
		n++
	}
	return parts[:n], nil
}

// asOption gives a shipping option its one rate and one tax. One part is its own rate. Several blend: the sum of
// their tax against the price less that tax, half away, in 0.01 %. The tax is the parts' sum if that is within one
// unit of the tax inside the price at the blended rate, else the latter: above about 260.00 the two part, and then
// the provider would refuse the sum. At price 0 the rate is blended from the weights.
func asOption(price order.Amount, parts []Part, shares []share) (Priced, error) {
	out := Priced{Price: price, Parts: parts}
	for _, p := range parts {
		out.Tax += p.Tax // at most the price
	}
	var err error
	switch {
	case price == 0 && len(shares) > 1:
		out.Rate, err = blend(shares)
		return out, err
	case len(parts) == 1:
		out.Rate = parts[0].Rate
		return out, nil
	}
	if out.Rate, err = rateOf(price, out.Tax); err != nil {
		return Priced{}, err
	}
	if !taxHolds(price, out.Tax, out.Rate) {
		out.Tax, err = TaxWithin(price, out.Rate)
	}
	return out, err
}
