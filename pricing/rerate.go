package pricing

import (
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/order"
)

// Rerate returns lines with the rates applied, see design 5.5; rates has one element per line. Lines whose rate
// does not change, and lines that are not Rated, are returned as they are; so is the slice where no line changes.
//
// KeepGross leaves the amounts and changes rate and tax. KeepNet takes unit_price and total_discount_amount each
// to net at the old rate and back to gross at the new one, both half away; then the total, exact, then the tax
// inside the total. The tax inside the total is not the sum of the taxes inside the units: the line is taxed once.
//
// Discount lines are moved by Rerate itself, see discountRate; their element of rates is not looked at. A line
// that came without tax members and keeps its rate, of whatever type, gets the tax that belongs to it. Any other
// wrong tax is somebody else's and stays for the gate to refuse. Errors: ErrOverflow, ErrRate.
func Rerate(lines []order.Line, rates []LineRate, keep Keep) ([]order.Line, error) {
	if len(rates) != len(lines) {
		return nil, fmt.Errorf("rates: %d for %d lines", len(rates), len(lines))
	}
	out, discounts := lines, false
	for i := range lines {
		l := &lines[i]
		if l.Kind() == order.Discount {
			discounts = true
			continue
		}
		var err error
		if out, err = move(out, lines, i, target(l, rates[i]), keep); err != nil {
			return nil, err
		}
	}
	if !discounts {
		return out, nil
	}
	return moveDiscounts(out, lines, rates, keep)
}

// target is the rate that a line which is no discount leaves with.
func target(l *order.Line, r LineRate) order.Rate {
	if r.Apply && l.Rated() {
		return r.Rate
	}
	return l.TaxRate
}

// move puts line i at a rate. out is lines itself until the first line changes, then a copy.
func move(out, lines []order.Line, i int, to order.Rate, keep Keep) ([]order.Line, error) {
	l := &lines[i]
	if to == l.TaxRate && !lacksTax(l) {
		return out, nil
	}
	p, err := priceAt(l, to, keep)
	if err != nil {
		return nil, fmt.Errorf("lines[%d]: %w", i, err)
	}
	if &out[0] == &lines[0] {
		out = slices.Clone(lines)
	}
	out[i] = l.Reprice(p)
	return out, nil
}

// lacksTax reports whether the line came without tax_rate or total_tax_amount, and 0 is not what belongs there.
func lacksTax(l *order.Line) bool {
	return l.Untaxed() && !taxHolds(l.TotalAmount, l.TotalTaxAmount, l.TaxRate)
}

// priceAt returns the line's prices at another rate.
func priceAt(l *order.Line, to order.Rate, keep Keep) (order.Prices, error) {
	p := l.Prices()
	p.TaxRate = to
	if keep == KeepNet && to != l.TaxRate {
		var err error
		if p.UnitPrice, err = regross(p.UnitPrice, l.TaxRate, to); err != nil {
			return p, fmt.Errorf("unit_price: %w", err)
		}
		if p.TotalDiscountAmount, err = regross(p.TotalDiscountAmount, l.TaxRate, to); err != nil {
			return p, fmt.Errorf("total_discount_amount: %w", err)
		}
		if err = totalNet(l, &p); err != nil {
			return p, fmt.Errorf("total_amount: %w", err)
		}
	}
	var err error
	if p.TotalTaxAmount, err = TaxWithin(p.TotalAmount, to); err != nil {
		return p, fmt.Errorf("total_tax_amount: %w", err)
	}
	return p, nil
}

// regross takes a price from one rate to another by its net, which is a whole unit too.
func regross(gross order.Amount, from, to order.Rate) (order.Amount, error) {
	net, err := NetOf(gross, from)
	if err != nil {
		return 0, err
	}
	out, err := GrossOf(net, to)
	if err != nil {
		return 0, err
	}
	return out, inRange(out)
}

// totalNet sets the total: quantity * unit_price - total_discount_amount, exact. Unit and discount are rounded each for
// itself, so many pieces of a few units with a discount on all of it could end below zero (20 pieces of 4 less 80, from
// 25 % to none: 60 less 64), which the provider refuses; the discount then ends with the line.
func totalNet(l *order.Line, p *order.Prices) error {
	v, err := Mul(p.UnitPrice, l.Quantity)
	if err != nil {
		return err
	}
	if l.TotalAmount >= 0 && v >= 0 {
		p.TotalDiscountAmount = min(p.TotalDiscountAmount, v)
	}
	if p.TotalAmount, err = Sub(v, p.TotalDiscountAmount); err != nil {
		return err
	}
	return inRange(p.TotalAmount)
}
