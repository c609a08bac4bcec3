package shipping

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

// total adds supplements to a base price, holds it between its bounds, makes it free and rounds it, in this order.
func (s *state) total(o *option, base order.Amount) (order.Amount, error) {
	extra, err := s.extra(o)
	if err != nil {
		return 0, err
	}
	sum, err := plus(base, extra)
	if err != nil {
		return 0, err
	}
	sum = s.bounded(o, sum)
	if o.free != nil && s.freed(o.free) {
		rest := order.Amount(0)
		if o.free.keep {
			rest = min(extra, sum)
		}
		s.tr.free(s, o, rest-sum)
		sum = rest
	}
	if o.round == nil || s.t.exclTax {
		return sum, nil
	}
	return s.rounded(o, sum)
}

// extra adds up the supplements that fit and have money in the order's currency.
func (s *state) extra(o *option) (order.Amount, error) {
	var sum order.Amount
	for i := range o.surcharges {
		c := &o.surcharges[i]
		if c.when.Holds(&s.facts) != table.Yes {
			continue
		}
		at := c.add.Index(s.facts.Day)
		if at < 0 {
			continue
		}
		v, ok, err := c.add.Values[at].in(s.facts.Currency, s.goods(s.facts.Cart))
		if err != nil {
			return 0, err
		}
		if !ok {
			continue
		}
		n, err := c.count(s.facts.Cart)
		if err != nil {
			return 0, err
		}
		if v, err = times(v, n); err != nil {
			return 0, err
		}
		if n > 0 {
			s.tr.surcharge(s, c, c.add.Values[at].place, v, n)
		}
		if sum, err = plus(sum, v); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// bounded holds a price between min_price and max_price of the order's currency.
func (s *state) bounded(o *option, sum order.Amount) order.Amount {
	if low, ok := o.minPrice.in(s.facts.Day, s.facts.Currency); ok && sum < low {
		s.tr.money(s, o.minPrice.at, low-sum, "min_price")
		sum = low
	}
	if high, ok := o.maxPrice.in(s.facts.Day, s.facts.Currency); ok && sum > high {
		s.tr.money(s, o.maxPrice.at, high-sum, "max_price")
		sum = high
	}
	return sum
}

// in returns the bound of a day in a currency.
func (b *bound) in(day table.Date, c table.Currency) (order.Amount, bool) {
	if b == nil {
		return 0, false
	}
	list, ok := b.money.At(day)
	if !ok {
		return 0, false
	}
	return list.In(c)
}

// freed reports whether the price is zero: the total is reached and the condition certainly holds.
func (s *state) freed(f *freeFrom) bool {
	if f.when.Holds(&s.facts) != table.Yes {
		return false
	}
	if !f.hasTotal {
		return true
	}
	s.facts.Look("free_from", f.at)
	list, ok := f.total.At(s.facts.Day)
	if !ok {
		return false
	}
	limit, ok := list.In(s.facts.Currency)
	return ok && s.facts.Cart.Value >= limit
}

// rounded rounds to a multiple of the amount in the order's currency.
func (s *state) rounded(o *option, sum order.Amount) (order.Amount, error) {
	to, ok := o.round.to.In(s.facts.Currency)
	if !ok {
		return sum, nil
	}
	v, err := roundTo(sum, to, o.round.mode)
	if err == nil && v != sum {
		s.tr.money(s, o.round.at, v-sum, "round")
	}
	return v, err
}
