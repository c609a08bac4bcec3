package lint

import (
	"slices"

	"github.com/kvitto/kvitto/rules/table"
)

// wordsReach is what the conditions of an option come to, over all orders.
type wordsReach struct {
	unknown     bool
	gateMatters []bool // some order is kept out by this gate alone
	whenHolds   []bool // some order is let in by this member of when
	whenMatters bool   // some order is kept out by when alone
	unlessHolds []bool // some order is kept out by this member of unless
	admits      bool   // some order is let in
	admitted    []bool // by kind of address
	surcharges  []bool // some order that is let in meets the condition
	free        bool
}

// lookAtWords asks about gates, when and unless, and about the conditions of supplements and free_from behind them.
func (r *reach) lookAtWords() *wordsReach {
	o := r.o
	w := &wordsReach{gateMatters: make([]bool, len(o.Gates)), whenHolds: make([]bool, len(o.When)), unlessHolds: make([]bool, len(o.Unless)),
		admitted: make([]bool, len(r.places.kinds)), surcharges: make([]bool, len(o.Surcharges))}
	for _, currency := range r.currencies {
		conds, g := r.gatingOf(nil, false)
		s := newSpace(plan{places: r.places, conds: conds, currency: currency})
		if s.tooLarge {
			w.unknown = true
			break
		}
		s.each(byPlace, func(c *cell) { w.see(g, c) })
	}
	for i := range o.Surcharges {
		w.surcharges[i] = r.canHold(o.Surcharges[i].When)
	}
	w.free = o.Free == nil || r.canHold(o.Free.When)
	return w
}

// see takes in one cell.
func (w *wordsReach) see(g gating, c *cell) {
	failing, last := g.failing(c)
	when, unless := g.whenHolds(c), g.unlessPasses(c)
	if failing == 1 && when && unless {
		w.gateMatters[last] = true
	}
	if failing > 0 {
		return
	}
	if unless && when {
		w.admits = true
		for _, k := range c.spot.kinds {
			w.admitted[k] = true
		}
	}
	w.whenMatters = w.whenMatters || unless && !g.whenCertain(c)
	w.members(g, c, when, unless)
}

// members notes which members of when and unless decide about a cell.
func (w *wordsReach) members(g gating, c *cell, when, unless bool) {
	for i := range g.when {
		w.whenHolds[i] = w.whenHolds[i] || unless && c.possible.has(g.first+g.gates+i)
	}
	for i := range g.unless {
		w.unlessHolds[i] = w.unlessHolds[i] || when && c.possible.has(g.first+g.gates+g.when+i)
	}
}

// whenCertain reports whether when holds for certain.
func (g gating) whenCertain(c *cell) bool {
	for i := range g.when {
		if c.certain.has(g.first + g.gates + i) {
			return true
		}
	}
	return g.when == 0
}

// canHold reports whether an order that is let in can meet a further condition about the whole cart; true where that is not
// known. What waits for the postcode does not count: supplements and free_from are left out then.
func (r *reach) canHold(when *table.Condition) bool {
	if when.Empty() {
		return true
	}
	all := append(currenciesOf(when), r.currencies...)
	slices.Sort(all)
	for _, currency := range slices.Compact(all) {
		conds, g := r.gatingOf([][]table.Term{when.Terms()}, false)
		s := newSpace(plan{places: r.places, conds: conds, currency: currency})
		if s.tooLarge {
			return true
		}
		found := false
		s.each(byPlace, func(c *cell) { found = found || c.certain.has(0) && g.admits(c) })
		if found {
			return true
		}
	}
	return false
}

// currenciesOf lists the currencies that a condition names.
func currenciesOf(when *table.Condition) []table.Currency {
	var list []table.Currency
	for _, t := range when.Terms() {
		for i := range t.Money {
			list = append(list, t.Money[i].Currency)
		}
		if t.Word == table.WordCurrency {
			for _, name := range t.Names {
				list = append(list, table.Currency(name))
			}
		}
	}
	return list
}
