package shipping

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

// per says what is priced by itself.
type per uint8

const (
	perCart per = iota
	perClass
	perLine
	perItem
)

// combine says how the prices of groups become one.
type combine uint8

const (
	combineSum combine = iota
	combineHighest
	combineLowest
)

// base is the price of an option before supplements.
type base struct {
	found
	missing bool // the cart, or a group of it, has no price
}

// base looks up the price of the cart or of each of its groups. Every group needs a price.
func (s *state) base(o *option, p *priceList) (base, error) {
	if o.per == perCart {
		f, err := p.find(&s.facts, s.goods(s.facts.Cart))
		return base{found: f, missing: f.row < 0 || f.off}, err
	}
	cart := s.facts.Cart
	defer func() { s.facts.Cart = cart }()
	s.facts.Cart = &s.group
	sum := base{found: found{list: p, row: -1, col: -1, truth: table.Yes}}
	if o.per == perClass {
		return sum, s.byClass(o, cart, &sum)
	}
	for i := range cart.Items {
		n := int64(1)
		if o.per == perLine {
			cart.Line(&s.group, i)
		} else {
			cart.Piece(&s.group, i)
			n = cart.Items[i].Quantity
		}
		if err := s.addGroup(o, &sum, n); err != nil || sum.missing {
			return sum, err
		}
	}
	return sum, nil
}

// byClass prices the goods of each class in the order of declaration, those without a class last. Goods of several
// classes belong to the one declared first.
func (s *state) byClass(o *option, cart *table.Cart, sum *base) error {
	classes := len(s.t.classes.Names())
	for i := 0; i <= classes && !sum.missing; i++ {
		id := table.ClassID(i)
		if i == classes {
			id = table.NoClass
		}
		cart.Group(&s.group, id)
		if len(s.group.Items) == 0 {
			continue
		}
		if err := s.addGroup(o, sum, 1); err != nil {
			return err
		}
	}
	return nil
}

// addGroup looks up the price of s.group, which stands n times in the cart, and takes it into sum.
func (s *state) addGroup(o *option, sum *base, n int64) error {
	f, err := sum.list.find(&s.facts, s.goods(&s.group))
	if err != nil {
		return err
	}
	if f.row < 0 || f.off {
		sum.missing = true
		return nil
	}
	s.tr.groupRow(s, o, f, n)
	first := sum.row < 0
	sum.truth, sum.row, sum.col = min(sum.truth, f.truth), f.row, f.col
	if o.combine == combineSum {
		v, err := times(f.value, n)
		if err != nil {
			return err
		}
		sum.value, err = plus(sum.value, v)
		return err
	}
	if first || (o.combine == combineHighest) == (f.value > sum.value) {
		sum.value = f.value
	}
	return nil
}

// goods is what a share of the goods is taken of: their value after discounts.
func (s *state) goods(c *table.Cart) order.Amount {
	if s.t.carts[0].AfterDiscounts {
		return c.Value
	}
	sum := c.Discounts
	for i := range c.Items {
		if !c.Items[i].Ignored {
			sum += c.Items[i].Total
		}
	}
	return sum
}
