package digest

import "github.com/kvitto/kvitto/order"

// way is how an answer of ours may have brought prices from one rate to another.
type way uint8

const (
	withTax    way = iota // the price stays (keep: gross)
	withoutTax            // the price without tax stays (keep: net, reverse charge)
	anyWay                // one or the other, or first one and then the other
)

// highestVAT bounds the rates that a price may have had on its way to 0, in basis points; rates have steps of 0.1 %.
const (
	highestVAT = 3000
	stepVAT    = 10
)

// moved reports whether a price may have gone this way. A price that went to another rate and back by its net may have
// come back a unit off, by rounding. Any way, a price that lost its tax (reverse charge, export) may have been at a third
// rate before.
func (w way) moved(was order.Amount, from order.Rate, is order.Amount, to order.Rate) bool {
	switch {
	case w == withTax:
		return was == is
	case w == withoutTax:
		return without(was, from) == without(is, to)
	case was == is || without(was, from) == without(is, to):
		return true
	case to != 0 || from == 0:
		return false
	}
	for r := order.Rate(0); r <= highestVAT; r += stepVAT {
		if without(was, r) == is {
			return true
		}
	}
	return false
}

// cut reports whether a discount may have been cut to its line: price and discount are rounded each for itself, so that a
// discount on all of many pieces may end a unit a piece above them, see pricing.Rerate.
func (w way) cut(was, is *record) bool {
	if w == withTax || was.off == 0 {
		return false
	}
	d := without(was.off, was.rate) - without(is.off, is.rate)
	return max(d, -d) <= order.Amount(is.quantity)
}
