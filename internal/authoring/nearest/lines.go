package nearest

import (
	"cmp"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

const micrometresPerMillimetre = 1000

// part is what some pieces of a line are: their value before discounts, what is taken off, and what they weigh.
type part struct {
	pieces     int64
	gross, off order.Amount
	grams      int64 // 0: as the line says
}

// lines makes lines of equal pieces whose values and weights sum up exactly: at most three, the dearer and heavier ones first.
func (p part) lines(l *order.Line) []order.Line {
	var to []order.Line
	dear, heavy := int64(p.gross)%p.pieces, p.grams%p.pieces
	ends := []int64{dear, heavy, p.pieces}
	slices.Sort(ends)
	from := int64(0)
	for _, end := range ends {
		if end == from {
			continue
		}
		c := *l
		c.Quantity, c.UnitPrice = end-from, p.gross/order.Amount(p.pieces)
		if from < dear {
			c.UnitPrice++
		}
		c.TotalAmount, c.TotalDiscountAmount = order.Amount(c.Quantity)*c.UnitPrice, 0
		if p.grams > 0 {
			a := order.ShippingAttributes{}
			if l.ShippingAttributes != nil {
				a = *l.ShippingAttributes
			}
			if a.Weight = p.grams / p.pieces; from < heavy {
				a.Weight++
			}
			c.ShippingAttributes = &a
		}
		to = append(to, c)
		from = end
	}
	last := &to[len(to)-1]
	last.TotalDiscountAmount = p.off
	last.TotalAmount -= p.off
	return to
}

// partOf reads a line.
func partOf(l *order.Line) part {
	gross := order.Amount(l.Quantity) * l.UnitPrice
	return part{pieces: l.Quantity, gross: gross, off: gross - l.TotalAmount}
}

// rebuilt are the lines of an order with some of them made anew.
func rebuilt(o *order.Order, parts map[int]part) []order.Line {
	list := make([]order.Line, 0, len(o.Lines)+2*len(parts))
	for i := range o.Lines {
		if p, anew := parts[i]; anew {
			list = append(list, p.lines(&o.Lines[i])...)
		} else {
			list = append(list, o.Lines[i])
		}
	}
	return list
}

// items are those of the cart, by key, the highest first.
func (g *group) items(key func(*table.Item) int64) []*table.Item {
	var list []*table.Item
	for i := range g.cart.Items {
		if it := &g.cart.Items[i]; it.Quantity > 0 {
			list = append(list, it)
		}
	}
	slices.SortStableFunc(list, func(a, b *table.Item) int { return cmp.Compare(key(b), key(a)) })
	return list
}

// worth are the lines of an order whose goods have another value: the dearest line takes the difference, where it is not worth so
// much the next one too.
func (g *group) worth(o *order.Order, to order.Amount) []order.Line {
	diff := to - g.cart.Value
	parts := map[int]part{}
	for _, it := range g.items(func(it *table.Item) int64 { return int64(it.Total) }) {
		if it.Ignored || diff == 0 {
			continue
		}
		l := &o.Lines[it.Line]
		d := max(diff, -l.TotalAmount)
		diff -= d
		p := partOf(l)
		p.gross += d
		if n := order.Amount(p.pieces); g.rules.AfterDiscounts && p.gross%n != 0 { // one line stays one line
			up := n - p.gross%n
			p.gross, p.off = p.gross+up, p.off+up
		}
		parts[it.Line] = p
	}
	if diff != 0 {
		return nil
	}
	return rebuilt(o, parts)
}

// weigh are the lines of an order whose goods have another weight in grams: the heaviest line takes the difference, where it does
// not weigh so much the next one too. A piece weighs a gram at least.
func (g *group) weigh(o *order.Order, to int64) []order.Line {
	diff := to*microgramsPerGram - int64(g.cart.Weight())
	down := diff < 0
	parts := map[int]part{}
	for _, it := range g.items(func(it *table.Item) int64 { return it.Quantity * int64(it.Chargeable) }) {
		if !o.Lines[it.Line].Ships() || diff == 0 || !down && diff < 0 || down && diff > 0 {
			continue
		}
		p := partOf(&o.Lines[it.Line])
		has := it.Quantity * int64(it.Chargeable)
		want := max(has+diff, it.Quantity*microgramsPerGram)
		if p.grams = want / microgramsPerGram; !down && want%microgramsPerGram != 0 {
			p.grams++
		}
		p.grams = max(p.grams, p.pieces)
		diff -= p.grams*microgramsPerGram - has
		parts[it.Line] = p
	}
	return rebuilt(o, parts)
}

// count are the lines of an order with another number of pieces and the same value and weight: the line of most pieces takes the
// difference, and others where a piece must stay.
func (g *group) count(o *order.Order, to int64) []order.Line {
	diff := to - g.cart.Pieces()
	parts := map[int]part{}
	for _, it := range g.items(func(it *table.Item) int64 { return it.Quantity }) {
		if diff == 0 {
			break
		}
		p := partOf(&o.Lines[it.Line])
		d := max(diff, 1-p.pieces)
		diff -= d
		if p.grams = p.pieces * int64(it.Weight) / microgramsPerGram; it.NoWeight && it.Weight == 0 {
			p.grams = 0
		}
		p.pieces += d
		parts[it.Line] = p
	}
	if diff != 0 {
		return nil
	}
	return rebuilt(o, parts)
}

// longest is the longest side of the pieces of a line in millimetres, rounded up.
func longest(c *table.Cart, line int) int64 {
	for i := range c.Items {
		if c.Items[i].Line == line {
			return (int64(c.Items[i].Size[0]) + micrometresPerMillimetre - 1) / micrometresPerMillimetre
		}
	}
	return 0
}

// resized are the lines of an order with another longest side of one of them; nil where it would be no longer the longest.
func resized(o *order.Order, line int, sides table.Size, to int64) []order.Line {
	second, third := int64(sides[1])/micrometresPerMillimetre, int64(sides[2])/micrometresPerMillimetre
	if to < max(second, third) || third == 0 {
		return nil
	}
	list := slices.Clone(o.Lines)
	a := order.ShippingAttributes{}
	if list[line].ShippingAttributes != nil {
		a = *list[line].ShippingAttributes
	}
	a.Dimensions = &order.Dimensions{Length: to, Width: second, Height: third}
	list[line].ShippingAttributes = &a
	return list
}
