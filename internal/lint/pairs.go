package lint

import (
	"slices"

	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// compareRows is what remains where there are too many cells: a row is unused only where a single earlier one takes all that
// it would take, whatever the option and the currency.
func (r *reach) compareRows(p *shipping.PriceLayout, l *listReach) {
	for i := range p.Rows {
		l.used[i] = true
		for j := range i {
			if covers(p, &p.Rows[j], &p.Rows[i]) {
				l.used[i], l.fits[i], l.taker[i], l.takers[i] = false, true, j, 1
				break
			}
		}
	}
	for i := range l.colUsed {
		l.colUsed[i] = true
	}
}

// covers reports whether a row takes everything that a later one would take.
func covers(p *shipping.PriceLayout, early, late *shipping.RowLayout) bool {
	if !pays(p, early, late) {
		return false
	}
	for _, t := range early.When.Terms() {
		other := late.When.Term(t.Word)
		if other == nil || !implies(other, &t) {
			return false
		}
	}
	return true
}

// pays reports whether a row has a price in every currency and on every day on which the other one has. A `-` that waits for
// the postcode is passed over, so it takes nothing for certain.
func pays(p *shipping.PriceLayout, early, late *shipping.RowLayout) bool {
	waits := len(p.Cols) > 0 || early.When.Term(table.WordTo) != nil || early.When.Term(table.WordNotTo) != nil
	if early.Cells != nil {
		return !slices.ContainsFunc(early.Cells, func(a shipping.AmountLayout) bool { return a.Off })
	}
	if len(early.Price.From) > 0 {
		return false
	}
	a := &early.Price.Values[0]
	switch {
	case a.Off:
		return !waits
	case a.Share:
		return true
	}
	for i := range late.Price.Values {
		b := &late.Price.Values[i]
		if b.Off || b.Share {
			return false
		}
		for _, m := range b.Money {
			if !a.In(m.Currency) {
				return false
			}
		}
	}
	return true
}

// implies reports whether a word holds wherever another one of the same kind does.
func implies(strict, loose *table.Term) bool {
	switch strict.Word {
	case table.WordTo:
		return within(strict.Zones, loose.Zones)
	case table.WordNotTo:
		return within(loose.Zones, strict.Zones)
	case table.WordMinTotal, table.WordMaxTotal:
		return moneyImplies(strict, loose)
	case table.WordMinWeight, table.WordMinItems, table.WordFrom:
		return strict.Limit >= loose.Limit
	case table.WordMaxItemSize:
		s, l := strict.Size, loose.Size
		return s[0] <= l[0] && s[1] <= l[1] && s[2] <= l[2]
	case table.WordClass, table.WordOnlyClass:
		return strict.Classes&^loose.Classes == 0
	case table.WordNoClass:
		return loose.Classes&^strict.Classes == 0
	case table.WordDays:
		return strict.Days&^loose.Days == 0
	case table.WordTime:
		return strict.Window == loose.Window
	case table.WordCustomer, table.WordGroup, table.WordCoupon, table.WordTag, table.WordCurrency, table.WordLanguage:
		return within(strict.Names, loose.Names)
	case table.WordMaxWeight, table.WordMaxItems, table.WordMaxItemWeight, table.WordMaxItemLength, table.WordMaxItemGirth,
		table.WordUntil:
		return strict.Limit <= loose.Limit
	default:
		return false
	}
}

// moneyImplies compares in every currency in which the stricter word can hold.
func moneyImplies(strict, loose *table.Term) bool {
	for _, m := range strict.Money {
		limit, ok := loose.Money.In(m.Currency)
		if !ok || strict.Word == table.WordMinTotal && m.Amount < limit || strict.Word == table.WordMaxTotal && m.Amount > limit {
			return false
		}
	}
	return true
}

func within[T comparable](part, whole []T) bool {
	return !slices.ContainsFunc(part, func(x T) bool { return !slices.Contains(whole, x) })
}
