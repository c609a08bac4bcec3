package table

import (
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// ErrOverflow is returned where the sums of a cart are beyond 1e18 of their unit.
var ErrOverflow = errors.New("the sums of the cart are too large")

// maxLine bounds the amounts of a line, far above the wire's limit, so that no sum of them overflows.
const maxLine order.Amount = maxScaled / 1000

// Item is one goods line seen by conditions.
type Item struct {
	Line       int // index into rules.Query.Lines
	Quantity   int64
	Weight     Weight       // of one piece: as given, or item_weight_if_missing
	Chargeable Weight       // of one piece: the larger of real and volumetric weight
	Size       Size         // longest side first; zero: not given
	Total      order.Amount // of the line
	Gross      order.Amount // before discounts: quantity × unit price
	Classes    ClassSet
	NoWeight   bool
	Ignored    bool // its value does not count (order_value.ignore)

	value order.Amount // what it adds to Cart.Value, its share of the discount lines included; see Cart.share
}

// Cart is the goods of an order that are to be shipped, with their sums. The zero value is empty; Fill and the functions
// that make part of a cart reuse what the target holds. Not for concurrent use.
type Cart struct {
	Items     []Item
	Value     order.Amount // as order_value says
	Discounts order.Amount // sum of discount lines (negative)

	after  bool
	shared bool         // Item.value is filled
	apart  order.Amount // total of goods that count and are no items
	sums   sums
	parts  []part
}

// sums are what conditions look at, over all pieces.
type sums struct {
	weight   Weight // chargeable
	pieces   int64
	heaviest Weight // chargeable, one piece
	sides    Size   // the largest of each side
	girth    Length
	classes  ClassSet // of any item
	noWeight int64    // items without weight
	noSize   int64    // items without dimensions
}

type part struct {
	i         int
	remainder uint64
}

// CartRules say how a cart is read.
type CartRules struct {
	AfterDiscounts  bool
	Ignore          map[order.LineType]bool
	WeightIfMissing Weight
	RefuseMissing   bool    // item_weight_if_missing: refuse; what that means is for those who offer
	Volumetric      Density // zero: none
	Classes         *Classes
	Digital         bool // digital goods are items too, without weight and size: for checks, fees and captures
}

// Weight is the chargeable weight of all pieces.
func (c *Cart) Weight() Weight { return c.sums.weight }

// Pieces is how many pieces there are.
func (c *Cart) Pieces() int64 { return c.sums.pieces }

// WithoutWeight returns how many items have no weight of their own.
func (c *Cart) WithoutWeight() int64 { return c.sums.noWeight }

// WithoutSize returns how many items have no dimensions, or not all three.
func (c *Cart) WithoutSize() int64 { return c.sums.noSize }

// Classes are the classes of any of the goods.
func (c *Cart) Classes() ClassSet { return c.sums.classes }

// Fill reads the goods of q into c. Before discounts the value is Σ quantity × unit price of the goods, after discounts
// Σ their totals plus discount lines. Gift cards and store credit are payment; they lower the value only where
// order_value.ignore leaves out gift_card, and store credit only where it leaves out store_credit too. A volumetric weight is rounded half away from zero to a microgram per piece.
// An error is ErrOverflow with the line.
func (c *Cart) Fill(q *rules.Query, r *CartRules) error {
	*c = Cart{Items: c.Items[:0], parts: c.parts[:0], after: r.AfterDiscounts}
	tags := q.LineTags()
	for i := range q.Lines {
		if err := c.take(q, i, tags.Of(i), r); err != nil {
			return fmt.Errorf("lines[%d]: %w", i, err)
		}
	}
	if c.after {
		c.Value += c.Discounts
	}
	return nil
}

func (c *Cart) take(q *rules.Query, i int, tags []string, r *CartRules) error {
	l := &q.Lines[i]
	gross, ok := mulAmount(l.Quantity, l.UnitPrice)
	if !ok || gross > maxLine || gross < -maxLine || l.TotalAmount > maxLine || l.TotalAmount < -maxLine {
		return ErrOverflow
	}
	value, kind := gross, l.Kind()
	if c.after {
		value = l.TotalAmount
	}
	switch {
	case kind == order.Discount:
		return addAmount(&c.Discounts, l.TotalAmount)
	case kind == order.GiftCard || kind == order.StoreCredit:
		return c.count(value, r.ignoresPayment(kind), true)
	case !l.Goods():
		return nil
	case !l.Ships() && !r.Digital:
		return c.count(value, r.Ignore[kind], true)
	}
	it := Item{Line: i, Quantity: max(l.Quantity, 0), Total: l.TotalAmount, Gross: gross, Ignored: r.Ignore[kind]}
	it.Classes = r.Classes.In(q, l, tags)
	if err := it.measure(l, q.Product(l), r); err != nil {
		return err
	}
	if !c.sums.fits(&it) {
		return ErrOverflow
	}
	c.sums.add(&it)
	c.Items = append(c.Items, it)
	return c.count(value, it.Ignored, false)
}

// ignoresPayment reports whether a gift card or store credit lowers nothing.
func (r *CartRules) ignoresPayment(kind order.LineType) bool {
	return r.Ignore[kind] || r.Ignore[order.GiftCard]
}

// count adds to the value; apart says that no item stands for it.
func (c *Cart) count(value order.Amount, ignored, apart bool) error {
	if ignored {
		return nil
	}
	if apart {
		c.apart += value
	}
	return addAmount(&c.Value, value)
}

// fits reports whether one more item keeps the sums in bounds; those of any part of the cart are then too.
func (s *sums) fits(it *Item) bool {
	weight, ok := mulDivHalf(it.Quantity, int64(it.Chargeable), 1)
	return ok && within(it.Quantity) && within(s.pieces+it.Quantity) && within(int64(s.weight)+weight)
}

func (s *sums) add(it *Item) {
	s.weight += Weight(it.Quantity) * it.Chargeable
	s.pieces += it.Quantity
	s.heaviest = max(s.heaviest, it.Chargeable)
	for k := range s.sides {
		s.sides[k] = max(s.sides[k], it.Size[k])
	}
	s.girth = max(s.girth, it.Size.Girth())
	s.classes |= it.Classes
	if it.NoWeight {
		s.noWeight++
	}
	if it.Size[2] == 0 {
		s.noSize++
	}
}

// within bounds sums, so that two of them can be added.
func within(n int64) bool { return -maxScaled <= n && n <= maxScaled }

func addAmount(sum *order.Amount, a order.Amount) error {
	if !within(int64(*sum + a)) {
		return ErrOverflow
	}
	*sum += a
	return nil
}

func mulAmount(n int64, a order.Amount) (order.Amount, bool) {
	if n < 0 {
		n, a = -n, -a
	}
	sign := order.Amount(1)
	if a < 0 {
		sign, a = -1, -a
	}
	if n < 0 || a < 0 {
		return 0, false
	}
	v, ok := mulDivHalf(n, int64(a), 1)
	return sign * order.Amount(v), ok
}
