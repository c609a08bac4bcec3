package table

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
)

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// holds evaluates one word. Limits include the number itself.
func (t *Term) holds(f *Facts) Truth {
	switch t.Word {
	case WordTo:
		return t.inZones(f)
	case WordNotTo:
		return t.inZones(f).Not()
	case WordMinTotal, WordMaxTotal, WordMinTaxable:
		return truth(t.moneyHolds(f))
	case WordClass, WordOnlyClass, WordNoClass:
		return truth(t.classHolds(f.Cart))
	case WordFrom, WordUntil, WordDays, WordTime:
		return truth(t.clockHolds(f))
	case WordCustomer, WordGroup, WordCoupon, WordTag, WordCurrency, WordLanguage, WordMethod:
		return truth(t.nameHolds(f))
	default:
		return truth(t.goodsHold(&f.Cart.sums))
	}
}

// inZones is Yes where the address is in one of the zones whatever its postcode turns out to be, also if it is another one for
// each postcode.
func (t *Term) inZones(f *Facts) Truth {
	best := No
	for _, id := range t.Zones {
		if f.Zones.Has(f.Where.Certain, id) {
			return Yes
		}
		if best == No && f.Zones.Has(f.Where.Possible, id) {
			best = Maybe
		}
	}
	if best == Maybe && slices.Contains(t.whole, f.Query.Destination.Country) {
		return Yes
	}
	return best
}

// moneyHolds compares in the order's currency; without an amount in it the word does not hold.
func (t *Term) moneyHolds(f *Facts) bool {
	limit, ok := t.Money.In(f.Currency)
	if !ok {
		return false
	}
	switch t.Word {
	case WordMinTotal:
		return f.Cart.Value >= limit
	case WordMaxTotal:
		return f.Cart.Value <= limit
	default:
		return f.Taxable >= limit
	}
}

// goodsHold compares sums and the largest piece. Without dimensions a size limit passes.
func (t *Term) goodsHold(s *sums) bool {
	switch t.Word {
	case WordMinWeight:
		return int64(s.weight) >= t.Limit
	case WordMaxWeight:
		return int64(s.weight) <= t.Limit
	case WordMinItems:
		return s.pieces >= t.Limit
	case WordMaxItems:
		return s.pieces <= t.Limit
	case WordMaxItemWeight:
		return int64(s.heaviest) <= t.Limit
	case WordMaxItemLength:
		return int64(s.sides[0]) <= t.Limit
	case WordMaxItemGirth:
		return int64(s.girth) <= t.Limit
	case WordMaxItemSize:
		return s.sides.Within(t.Size)
	default:
		return false
	}
}

// classHolds: over no goods class and only_class do not hold, no_class does.
func (t *Term) classHolds(c *Cart) bool {
	some := c.sums.classes&t.Classes != 0
	if t.Word == WordClass {
		return some
	}
	if t.Word == WordNoClass {
		return !some
	}
	for i := range c.Items {
		if c.Items[i].Classes&t.Classes == 0 {
			return false
		}
	}
	return len(c.Items) > 0
}

func (t *Term) clockHolds(f *Facts) bool {
	switch t.Word {
	case WordFrom:
		return int64(f.Day) >= t.Limit
	case WordUntil:
		return int64(f.Day) <= t.Limit
	case WordDays:
		return t.Days>>f.Weekday&1 == 1
	default:
		return t.Window.Holds(f.Clock)
	}
}

func (t *Term) nameHolds(f *Facts) bool {
	for _, name := range t.Names {
		if t.named(name, f) {
			return true
		}
	}
	return false
}

// named compares one name. A customer without a type counts as a person, as in the checkout. Coupons compare without case,
// since buyers type them; they are looked for in the facts and in the references of discount lines.
func (t *Term) named(name string, f *Facts) bool {
	q := f.Query
	switch t.Word {
	case WordCustomer:
		if q.Order == nil || q.Order.Customer == nil || q.Order.Customer.Type == "" {
			return name == "person"
		}
		return q.Order.Customer.Type == name
	case WordGroup:
		return q.Facts.Group == name
	case WordCoupon:
		return hasCoupon(f, name)
	case WordTag:
		return slices.Contains(q.Facts.Tags, name) || q.Order != nil && slices.Contains(q.Order.Tags, name)
	case WordCurrency:
		return string(f.Currency) == name
	case WordLanguage:
		return q.Language == name || norwegian(q.Language) && norwegian(name)
	default:
		return f.Method == name
	}
}

func norwegian(lang string) bool { return lang == "nb" || lang == "no" }

func hasCoupon(f *Facts, name string) bool {
	for _, c := range f.Query.Facts.Coupons {
		if strings.EqualFold(c, name) {
			return true
		}
	}
	for i := range f.Query.Lines {
		if l := &f.Query.Lines[i]; l.Kind() == order.Discount && strings.EqualFold(l.Reference, name) {
			return true
		}
	}
	return false
}
