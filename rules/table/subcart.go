package table

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/kvitto/kvitto/order"
)

// The functions below put a part of c into dst, so that conditions and prices can be asked about it; c keeps its goods. The
// value of a part holds its share of the discount lines: the values of all parts sum to c.Value, where every counted
// good is an item. dst must be another cart and is reused; nothing is allocated once it has grown.

// Group takes the goods whose first declared class is id; NoClass takes those without a class.
func (c *Cart) Group(dst *Cart, id ClassID) {
	c.begin(dst)
	for i := range c.Items {
		if c.Items[i].Classes.First() == id {
			dst.add(c.Items[i])
		}
	}
}

// Line takes the goods of item i.
func (c *Cart) Line(dst *Cart, i int) {
	c.begin(dst)
	dst.add(c.Items[i])
}

// Piece takes one piece of item i, with the line's amounts divided by its quantity, half away from zero.
func (c *Cart) Piece(dst *Cart, i int) {
	c.begin(dst)
	it := c.Items[i]
	if n := it.Quantity; n > 1 {
		it.Total, it.Gross, it.value = perPiece(it.Total, n), perPiece(it.Gross, n), perPiece(it.value, n)
		it.Quantity = 1
	}
	dst.add(it)
}

func perPiece(a order.Amount, n int64) order.Amount {
	if a < 0 {
		return -perPiece(-a, n)
	}
	v, _ := mulDivHalf(int64(a), 1, n)
	return order.Amount(v)
}

func (c *Cart) begin(dst *Cart) {
	c.share()
	*dst = Cart{Items: dst.Items[:0], parts: dst.parts[:0], after: c.after, shared: true}
}

func (c *Cart) add(it Item) {
	c.Items = append(c.Items, it)
	c.sums.add(&it)
	c.Value += it.value
	if c.after && !it.Ignored {
		c.Discounts += it.value - it.Total
	}
}

// share gives every item its part of the value: the discount lines are split over what counts by total, with largest
// remainders; ties go to the earlier line.
func (c *Cart) share() {
	if c.shared {
		return
	}
	c.shared = true
	apart := uint64(max(c.apart, 0))
	whole := apart
	for i := range c.Items {
		it := &c.Items[i]
		switch it.value = it.Gross; {
		case it.Ignored:
			it.value = 0
		case c.after:
			it.value = it.Total
			whole += it.weighs()
		}
	}
	if c.after && whole > 0 {
		c.split(whole, apart)
	}
}

// split gives out the discount lines; whole is the sum of all weights, apart the weight of what is no item.
func (c *Cart) split(whole, apart uint64) {
	off, sign := uint64(c.Discounts), order.Amount(1)
	if c.Discounts < 0 {
		off, sign = -off, -1
	}
	c.parts = c.parts[:0]
	left := off
	for i := 0; i <= len(c.Items); i++ {
		w := apart
		if i < len(c.Items) {
			w = c.Items[i].weighs()
		}
		hi, lo := bits.Mul64(off, w)
		quotient, remainder := bits.Div64(hi, lo, whole)
		left -= quotient
		c.parts = append(c.parts, part{i, remainder})
		c.give(i, sign*order.Amount(quotient))
	}
	slices.SortFunc(c.parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(b.remainder, a.remainder), cmp.Compare(a.i, b.i))
	})
	for k := range left {
		c.give(c.parts[k].i, sign)
	}
}

func (it *Item) weighs() uint64 {
	if it.Ignored {
		return 0
	}
	return uint64(max(it.Total, 0))
}

func (c *Cart) give(i int, a order.Amount) {
	if i < len(c.Items) {
		c.Items[i].value += a
	}
}
