package table

import "github.com/kvitto/kvitto/order"

// The functions below put a part of c into dst, so that conditions and prices can be asked about it; c keeps its goods. The
// value of a part holds its share of the discount lines: the values of all parts sum to c.Value, where every counted
// good is an item. dst must be another cart and is reused; nothing is allocated once it has grown.

// OfClasses takes the goods that are of at least one of these classes.
func (c *Cart) OfClasses(dst *Cart, set ClassSet) {
	c.begin(dst)
	for i := range c.Items {
		if c.Items[i].Classes&set != 0 {
			dst.add(c.Items[i])
		}
	}
}

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
