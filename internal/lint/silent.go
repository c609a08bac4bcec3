package lint

import (
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// tellSilentMoney tells supplements, bounds and limits without an amount in a currency in which an order that they are for has
// a price: in that currency they do nothing.
func (r *reach) tellSilentMoney() {
	if r.unknown || r.o.Apart {
		return
	}
	for i := range r.o.Surcharges {
		s := &r.o.Surcharges[i]
		above := []cut{}
		if s.Over > 0 {
			above = append(above, cut{byPieces, s.Over + 1})
			if s.Weighs {
				above[0].fact = byWeight
			}
		}
		for j := range s.Add.Values {
			if a := &s.Add.Values[j]; !a.Share {
				r.silent(a.Money, a.At, s.When, above, "a supplement", "such a buyer does not pay it")
			}
		}
	}
	for _, b := range r.o.Bounds {
		if b.Word == "round" { // money that is not named is not rounded
			continue
		}
		for i, m := range b.Money.Values {
			r.silent(m, b.Money.Places[i], &table.Condition{}, nil, "`"+b.Word+"`", "such a price is not held against it")
		}
	}
	if f := r.o.Free; f != nil && f.HasTotal {
		for i, m := range f.Total.Values {
			r.silent(m, f.Total.Places[i], f.When, nil, "`free_from`", "such a buyer always pays")
		}
	}
}

// silent tells an amount that lacks a currency.
func (r *reach) silent(m table.MoneyList, at diag.Place, when *table.Condition, above []cut, what, note string) {
	for _, c := range r.currencies {
		if _, ok := m.In(c); ok || c == otherCurrency || !r.pricedWhere(when, above, c) || !r.first(codeCurrency, at) {
			continue
		}
		f := r.r.Warnf(codeCurrency, at, "%s of `%s` has no amount in %s, its price has", what, r.o.ID, c)
		f.Label = "does nothing for an order in " + string(c)
		f.Help = "add one, e.g. [" + m.String() + ", … " + string(c) + "]"
		f.Notes = []string{note}
	}
}

// pricedWhere reports whether some order in a currency has a price, meets a condition and is above a number.
func (r *reach) pricedWhere(when *table.Condition, above []cut, c table.Currency) bool {
	found := false
	for i := range r.o.Prices {
		l := &listReach{used: make([]bool, len(r.o.Prices[i].Rows)), least: map[table.Currency]int64{}, most: map[table.Currency]int64{}}
		v := r.visitorOf(i, l, c, nil, when.Terms(), above)
		if v.space.tooLarge {
			return false
		}
		last := len(v.space.conds) - 1
		v.space.each(byPlace, func(cl *cell) {
			if found || !cl.certain.has(last) || !v.gating.admits(cl) || slices.ContainsFunc(above, func(b cut) bool { return v.space.of(cl, b.fact).lo < b.at }) {
				return
			}
			d := v.decide(cl)
			found = d.row >= 0 && !d.off
		})
	}
	return found
}
