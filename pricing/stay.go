package pricing

import (
	"slices"

	"github.com/kvitto/kvitto/order"
)

// Mark is the merchant_data of surcharge lines that Kvitto made, by which it knows them when they come back.
const Mark = "kvitto:v1"

// Stay returns the incoming lines that stay in the order, in order: all but shipping_fee lines that the policy
// does not keep, surcharge lines with Mark or the id of a fee, and sales_tax lines. The latter go under either regime: VAT has none,
// and sales tax makes its own. The elements are the incoming ones; where all stay, so is the slice.
func Stay(lines []order.Line, p *ShippingPolicy) []order.Line {
	n := 0
	for i := range lines {
		if p.stays(&lines[i]) {
			n++
		}
	}
	if n == len(lines) {
		return slices.Clip(lines)
	}
	out := make([]order.Line, 0, n)
	for i := range lines {
		if p.stays(&lines[i]) {
			out = append(out, lines[i])
		}
	}
	return out
}

// Keeps reports whether a shipping_fee line with this reference is the shop's own and left alone.
func (p *ShippingPolicy) Keeps(reference string) bool {
	for _, pattern := range p.Kept {
		if match(pattern, reference) {
			return true
		}
	}
	return false
}

// Replaces reports whether what the tables make stands in for an incoming line: freight that is not the shop's own, sales
// tax, and fees of ours.
func (p *ShippingPolicy) Replaces(l *order.Line) bool { return !p.stays(l) }

// fee reports whether a surcharge line is ours: by its mark, or by the id of a fee.
func (p *ShippingPolicy) fee(l *order.Line) bool {
	return l.MerchantData == Mark || len(p.Fees) > 0 && slices.Contains(p.Fees, l.Reference)
}

func (p *ShippingPolicy) stays(l *order.Line) bool {
	switch l.Kind() {
	case order.ShippingFee:
		return p.Keeps(l.Reference)
	case order.SalesTax:
		return false
	case order.Surcharge:
		return !p.fee(l)
	default:
		return true
	}
}

// match reports whether s is pattern, where * stands for any characters, also none. On a mismatch the last *
// takes one byte more, so the time is at most len(pattern) * len(s).
func match(pattern, s string) bool {
	p, i, star, back := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, back = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			back++
			p, i = star+1, back
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
