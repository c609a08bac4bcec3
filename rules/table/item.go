package table

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// measure reads weight and size of one piece: from the line, else from the shop's list of products, which may be nil. A line
// that has any dimension takes none from the list. A dimension that is missing, zero or negative is not given.
func (it *Item) measure(l *order.Line, p *rules.Product, r *CartRules) error {
	if !l.Ships() {
		return nil
	}
	weight, known, ok := weightOf(l.ShippingAttributes, p)
	if !ok {
		return ErrOverflow
	}
	if it.NoWeight = !known; known {
		it.Weight = weight
	} else {
		it.Weight = r.WeightIfMissing
	}
	it.Chargeable = it.Weight
	sides, ok := sidesOf(l.ShippingAttributes, p)
	if !ok {
		return ErrOverflow
	}
	it.Size = Size{Length(sides[0]), Length(sides[1]), Length(sides[2])}.sorted()
	if it.Size[2] == 0 || r.Volumetric.Micrograms == 0 {
		return nil
	}
	base, ok1 := mulDivHalf(sides[0], sides[1], int64(millimetre)*int64(millimetre))
	volume, ok2 := mulDivHalf(base, sides[2], int64(millimetre))
	light, ok3 := r.Volumetric.Weigh(volume)
	if !ok1 || !ok2 || !ok3 {
		return ErrOverflow
	}
	it.Chargeable = max(it.Weight, light)
	return nil
}

// weightOf is the weight of one piece, and whether it is known; ok is false where it cannot be held.
func weightOf(a *order.ShippingAttributes, p *rules.Product) (w Weight, known, ok bool) {
	switch {
	case a != nil && a.Weight > maxScaled/int64(gram):
		return 0, true, false
	case a != nil && a.Weight > 0:
		return Weight(a.Weight) * gram, true, true
	case p != nil && p.Micrograms > 0:
		return Weight(p.Micrograms), true, p.Micrograms <= maxScaled
	}
	return 0, false, true
}

// sidesOf are the sides of one piece in micrometres, as they were given; ok is false where they cannot be held.
func sidesOf(a *order.ShippingAttributes, p *rules.Product) (sides [3]int64, ok bool) {
	if a != nil && a.Dimensions != nil {
		d := a.Dimensions
		sides = [3]int64{max(d.Height, 0), max(d.Width, 0), max(d.Length, 0)}
		for i, mm := range sides {
			if mm > maxScaled/int64(10*millimetre) {
				return sides, false
			}
			sides[i] = mm * int64(millimetre)
		}
	}
	if sides == [3]int64{} && p != nil {
		for i, um := range p.Micrometres {
			if um > maxScaled/10 {
				return sides, false
			}
			sides[i] = max(um, 0)
		}
	}
	return sides, true
}
