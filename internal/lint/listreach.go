package lint

import (
	"slices"

	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// listReach is what a price list comes to, over all orders that the option lets in while it holds.
type listReach struct {
	unknown bool
	used    []bool // by row: it decides some order
	known   []bool // by row: it decides some order whose place is known
	fits    []bool // by row: some order that gets to the list meets its condition
	taker   []int  // by row: the first row that takes what would fit it; -1: none
	takers  []int  // by row: how many rows do
	colUsed []bool
	least   map[table.Currency]int64 // the lowest total of an order that has a price
	most    map[table.Currency]int64
	gaps    []gap
	missing []missing
	days    []dayReach
}

// gap is a stretch of a number in which there is no price, with prices below and above.
type gap struct {
	fact     fact
	lo, hi   int64
	currency table.Currency
}

// missing is a row that has no price in a currency in which other orders to the same places have one.
type missing struct {
	row, kind int // kind of address
	currency  table.Currency
}

// dayReach is a stretch of days on which some order has a price, or none.
type dayReach struct {
	lo, hi int64
	priced bool
}

// lookAtList asks about one of the option's price lists.
func (r *reach) lookAtList(i int) *listReach {
	p := &r.o.Prices[i]
	n := len(p.Rows)
	l := &listReach{used: make([]bool, n), known: make([]bool, n), fits: make([]bool, n), taker: make([]int, n), takers: make([]int, n),
		colUsed: make([]bool, len(p.Cols)), least: map[table.Currency]int64{}, most: map[table.Currency]int64{}}
	for j := range l.taker {
		l.taker[j] = -1
	}
	takes := map[[2]int]bool{}
	for _, currency := range r.currencies {
		v := r.visitorOf(i, l, currency, takes, nil, nil)
		if v.space.tooLarge {
			l.unknown, r.unknown = true, true
			break
		}
		v.run()
	}
	if slices.Contains(l.used, false) && !l.unknown {
		for _, currency := range r.currencies {
			v := r.visitorOf(i, l, currency, takes, nil, nil)
			v.space.each(byPlace, v.fitting)
		}
	}
	for t := range takes {
		l.takers[t[0]]++
		if l.taker[t[0]] < 0 || t[1] < l.taker[t[0]] {
			l.taker[t[0]] = t[1]
		}
	}
	if l.unknown {
		r.compareRows(p, l)
	}
	return l
}

// listVisitor looks at the cells of a price list in one currency.
type listVisitor struct {
	*reach
	list     *shipping.PriceLayout
	l        *listReach
	space    *space
	gating   gating
	currency table.Currency
	takes    map[[2]int]bool
	priced   []bitset       // by value of the day: rows with a price in the currency
	off      [][]bitset     // by value of the day and column plus one: rows with a `-`
	found    map[*spot]bool // some order there has a price
	lacking  map[*spot]int  // a row that would fit and has no price in the currency
	priceDay map[int]bool   // by value of the day: some order has a price
}

// visitorOf makes a visitor of a price list; also is a condition that its space holds as the last one, further are more limits.
func (r *reach) visitorOf(i int, l *listReach, currency table.Currency, takes map[[2]int]bool, also []table.Term, further []cut) *listVisitor {
	p := &r.o.Prices[i]
	conds := make([][]table.Term, 0, len(p.Rows))
	cuts := slices.Clone(further)
	for j := range p.Rows {
		conds = append(conds, p.Rows[j].When.Terms())
		for _, from := range p.Rows[j].Price.From {
			cuts = append(cuts, cut{byDay, int64(from)})
		}
	}
	conds, g := r.gatingOf(conds, r.o.Apart)
	conds = append(conds, also)
	days := [2]int64{}
	if p.Dated {
		days = [2]int64{int64(p.From), farDay}
		if i+1 < len(r.o.Prices) {
			days[1] = int64(r.o.Prices[i+1].From) - 1
		}
	}
	if f := r.o.Free; f != nil && !r.o.Apart {
		for _, m := range f.Total.Values {
			if v, ok := m.In(currency); ok {
				cuts = append(cuts, cut{byTotal, int64(v)})
			}
		}
	}
	s := newSpace(plan{places: r.places, conds: conds, currency: currency, list: p, cuts: cuts, days: days})
	v := &listVisitor{reach: r, list: p, l: l, space: s, gating: g, currency: currency, takes: takes, found: map[*spot]bool{},
		lacking: map[*spot]int{}, priceDay: map[int]bool{}}
	v.readAmounts()
	return v
}

// readAmounts finds out which rows have a price on each stretch of days.
func (v *listVisitor) readAmounts() {
	days := []value{{}}
	for i := range v.space.axes {
		if v.space.axes[i].fact == byDay {
			days = v.space.axes[i].values
		}
	}
	for d := range days {
		priced := newBits(len(v.space.conds))
		off := make([]bitset, max(1, len(v.list.Cols)))
		for c := range off {
			off[c] = newBits(len(v.space.conds))
		}
		for i := range v.list.Rows {
			row := &v.list.Rows[i]
			if row.Cells != nil {
				priced.set(i)
				for c := range row.Cells {
					if row.Cells[c].Off {
						off[c].set(i)
					}
				}
				continue
			}
			a, ok := row.Price.At(table.Date(days[d].lo))
			switch {
			case !ok:
			case a.Off:
				priced.set(i)
				off[0].set(i)
			case a.In(v.currency):
				priced.set(i)
			}
		}
		v.priced, v.off = append(v.priced, priced), append(v.off, off)
	}
}

// run looks at all cells, once for each number, so that its values come one after the other.
func (v *listVisitor) run() {
	lasts := []fact{}
	for i := range v.space.axes {
		if f := v.space.axes[i].fact; f.ladder() && !v.o.Apart {
			lasts = append(lasts, f)
		}
	}
	v.space.each(append(lasts, byPlace)[0], func(c *cell) { v.see(c) })
	for _, f := range lasts {
		climb := &ladder{v: v, fact: f, last: -1, open: -1}
		v.space.each(f, climb.see)
	}
	v.conclude()
}

// decided is what a price list says about the orders of a cell.
type decided struct {
	row int // -1: none
	off bool
}

// decide is priceList.find of package shipping over a cell.
func (v *listVisitor) decide(c *cell) decided {
	n := len(v.list.Rows)
	if len(v.list.Cols) > 0 && c.spot.col < 0 {
		return decided{row: -1}
	}
	day, col := c.at[byDay], max(c.spot.col, 0)
	priced, off := v.priced[day], v.off[day][col]
	if c.spot.most == table.Yes {
		if row := first(n, c.certain, priced); row >= 0 {
			return decided{row, off.has(row)}
		}
	}
	return decided{row: firstBut(n, c.possible, priced, off)}
}

// see takes in one cell.
func (v *listVisitor) see(c *cell) {
	if !v.gating.admits(c) {
		return
	}
	d := v.decide(c)
	if d.row < 0 || d.off {
		if d.row >= 0 {
			v.use(c, d)
		} else if row := first(len(v.list.Rows), c.certain); row >= 0 && len(v.list.Cols) == 0 {
			if _, ok := v.lacking[c.spot]; !ok && v.datedIn(row, c) {
				v.lacking[c.spot] = row
			}
		}
		return
	}
	v.use(c, d)
	v.found[c.spot], v.priceDay[c.at[byDay]] = true, true
	v.anyOffer = true
	for _, k := range c.spot.kinds {
		v.offered[k] = true
		v.known = v.known || v.placeKnown(k)
	}
	if total := v.space.of(c, byTotal); total != nil {
		least, seen := v.l.least[v.currency]
		if !seen || total.lo < least {
			v.l.least[v.currency] = total.lo
		}
		v.l.most[v.currency] = max(v.l.most[v.currency], total.hi)
	} else {
		v.l.least[v.currency], v.l.most[v.currency] = -highest, highest
	}
}

// datedIn reports whether a row has a price of some currency on the day of a cell.
func (v *listVisitor) datedIn(row int, c *cell) bool {
	day := int64(0)
	if d := v.space.of(c, byDay); d != nil {
		day = d.lo
	}
	_, ok := v.list.Rows[row].Price.At(table.Date(day))
	return ok
}

// placeKnown reports whether an address of a kind lies in the same zones whatever its postcode turns out to be.
func (v *listVisitor) placeKnown(kind int) bool {
	w := v.places.kinds[kind].Where
	return w.Known || w.Certain == w.Possible
}

func (v *listVisitor) use(c *cell, d decided) {
	v.l.used[d.row] = true
	v.l.known[d.row] = v.l.known[d.row] || slices.ContainsFunc(c.spot.kinds, v.placeKnown)
	if c.spot.col >= 0 {
		v.l.colUsed[c.spot.col] = true
	}
}

// fitting notes which of the unused rows a cell fits, and who takes it from them.
func (v *listVisitor) fitting(c *cell) {
	if !v.gating.admits(c) {
		return
	}
	d := v.decide(c)
	for i, used := range v.l.used {
		if used || !c.possible.has(i) || !v.priced[c.at[byDay]].has(i) {
			continue
		}
		v.l.fits[i] = true
		if d.row >= 0 {
			v.takes[[2]int{i, d.row}] = true
		}
	}
}

// conclude notes what could only be known once all cells were seen.
func (v *listVisitor) conclude() {
	for sp, row := range v.lacking {
		if v.found[sp] && v.currency != otherCurrency {
			v.l.missing = append(v.l.missing, missing{row, sp.kinds[0], v.currency})
		}
	}
	for i := range v.space.axes {
		if v.space.axes[i].fact != byDay {
			continue
		}
		for j, val := range v.space.axes[i].values {
			v.l.addDays(val.lo, val.hi, v.priceDay[j])
		}
	}
}

// addDays notes whether there is a price on a stretch of days in one of the currencies.
func (l *listReach) addDays(lo, hi int64, priced bool) {
	for i := range l.days {
		if d := &l.days[i]; d.lo == lo && d.hi == hi {
			d.priced = d.priced || priced
			return
		}
	}
	l.days = append(l.days, dayReach{lo, hi, priced})
}

// firstBut is first, without what is in the last set.
func firstBut(n int, a, b, not bitset) int {
	for w := 0; w*64 < n; w++ {
		word := a[w] & b[w] &^ not[w]
		if i := lowest(word, n-w*64); i >= 0 {
			return w*64 + i
		}
	}
	return -1
}

// ladder looks for gaps while a number climbs.
type ladder struct {
	v    *listVisitor
	fact fact
	last int  // value before; -1: none
	seen bool // there was a price further down
	open int  // value at which a gap begins; -1: none
}

func (l *ladder) see(c *cell) {
	at := c.at[l.fact]
	if at <= l.last || l.last < 0 {
		l.seen, l.open = false, -1
	}
	l.last = at
	if !l.v.gating.admits(c) {
		l.seen, l.open = false, -1
		return
	}
	d := l.v.decide(c)
	switch {
	case d.off || d.row < 0 && l.v.lacks(c):
		l.seen, l.open = false, -1
	case d.row >= 0:
		if l.open >= 0 {
			l.tell(at)
		}
		l.seen, l.open = true, -1
	case l.seen && l.open < 0:
		l.open = at
	}
}

// lacks reports whether only the currency keeps a row from fitting.
func (v *listVisitor) lacks(c *cell) bool {
	return first(len(v.list.Rows), c.possible) >= 0
}

// tell notes a gap that ends before a value; what no order can weigh or cost is none.
func (l *ladder) tell(end int) {
	for i := range l.v.space.axes {
		a := &l.v.space.axes[i]
		if a.fact != l.fact {
			continue
		}
		g := gap{fact: l.fact, lo: a.values[l.open].lo, hi: a.values[end-1].hi, currency: l.v.currency}
		if l.fact == byWeight && (g.lo+gram-1)/gram > g.hi/gram {
			return
		}
		for _, have := range l.v.l.gaps {
			if have.fact == g.fact && have.lo == g.lo && have.hi == g.hi && (g.fact != byTotal || have.currency == g.currency) {
				return
			}
		}
		l.v.l.gaps = append(l.v.l.gaps, g)
	}
}

const gram = 1_000_000 // micrograms
