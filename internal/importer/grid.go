package importer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// open is the upper end of what has none.
const open = int64(math.MaxInt64)

// blocked is the price of what is not offered.
const blocked = int64(-1)

// rate is one price of a source: in an area, from low up to high, both included, in units of the grid's measure.
type rate struct {
	at        diag.Place
	option    string // its name in the source
	level     int    // 0 is looked at first
	area      area
	low, high int64
	price     int64 // minor units, or blocked
}

// grid is the rates of a source of tables.
type grid struct {
	measure  measure
	currency string
	rates    []rate
}

// group is areas of one level with the same prices.
type group struct {
	level int
	areas []area
	rates []rate // by low
}

// options makes an option of each name, in the order of names. A price of a level that is looked at first decides over those of
// all options that come later where decides is set: the others are then not offered.
func (g *grid) options(b *book, names []string, decides bool) []option {
	list := make([]option, 0, len(names))
	for _, name := range names {
		var mine, others []rate
		last := 0
		for _, r := range g.rates {
			if r.option == name {
				mine, last = append(mine, r), max(last, r.level)
			}
		}
		for _, r := range g.rates {
			if decides && r.option != name && r.level < last && !covered(mine, &r) {
				r.price = blocked
				others = append(others, r)
			}
		}
		o := option{id: b.freeID(name), name: name}
		g.fill(b, &o, mine, others)
		list = append(list, o)
	}
	return list
}

// covered reports whether rates of the same place take a whole stretch.
func covered(mine []rate, r *rate) bool {
	var own []rate
	for _, m := range mine {
		if m.level == r.level && m.area == r.area {
			own = append(own, m)
		}
	}
	if len(own) == 0 {
		return false
	}
	slices.SortFunc(own, func(a, b rate) int { return cmp.Compare(a.low, b.low) })
	return slices.ContainsFunc(merged(own), func(m rate) bool { return m.low <= r.low && r.high <= m.high })
}

// fill writes the prices of an option.
func (g *grid) fill(b *book, o *option, mine, others []rate) {
	groups := groupsOf(append(mine, others...))
	if g.single(b, o, groups) || g.matrix(b, o, groups) {
		return
	}
	g.rows(b, o, groups)
}

// groupsOf puts areas with the same prices together, by level; what is not offered stands behind the prices of its level.
func groupsOf(rates []rate) []group {
	type where struct {
		level   int
		blocked bool
		area    area
	}
	byArea := map[where][]rate{}
	var order []where
	for _, r := range rates {
		w := where{r.level, r.price == blocked, r.area}
		if byArea[w] == nil {
			order = append(order, w)
		}
		byArea[w] = append(byArea[w], r)
	}
	index := map[string]int{}
	var groups []group
	for _, w := range order {
		list := byArea[w]
		slices.SortStableFunc(list, func(a, b rate) int { return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.price, b.price)) })
		if w.blocked {
			list = merged(list)
		}
		key := signature(w.level, list)
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, group{level: w.level, rates: list})
		}
		groups[i].areas = append(groups[i].areas, w.area)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b2i(a.rates[0].price == blocked), b2i(b.rates[0].price == blocked)))
	})
	return groups
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// merged joins what touches; the prices are all the same.
func merged(list []rate) []rate {
	out := list[:1:1]
	for _, r := range list[1:] {
		last := &out[len(out)-1]
		if last.high == open || r.low <= last.high+1 {
			last.high = max(last.high, r.high)
			continue
		}
		out = append(out, r)
	}
	return out
}

func signature(level int, list []rate) string {
	var s strings.Builder
	fmt.Fprint(&s, level)
	for _, r := range list {
		fmt.Fprintf(&s, ";%d,%d,%d", r.low, r.high, r.price)
	}
	return s.String()
}

// even reports whether the prices of a group follow each other without gap, from low up to high.
func (g *group) even() (low, high int64, ok bool) {
	for i := 1; i < len(g.rates); i++ {
		if before := g.rates[i-1].high; before == open || g.rates[i].low != before+1 {
			return 0, 0, false
		}
	}
	return g.rates[0].low, g.rates[len(g.rates)-1].high, true
}

// overlaps reports whether two prices of a group are for the same value.
func (g *group) overlaps() bool {
	for i := 1; i < len(g.rates); i++ {
		if before := g.rates[i-1].high; before == open || g.rates[i].low <= before {
			return true
		}
	}
	return false
}

func (g *group) everywhere() bool { return g.areas[0].country == "" }

// single writes an option with one price.
func (g *grid) single(b *book, o *option, groups []group) bool {
	if len(groups) != 1 || len(groups[0].rates) != 1 || groups[0].rates[0].price == blocked {
		return false
	}
	r := groups[0].rates[0]
	if !groups[0].everywhere() {
		o.to = []string{b.zoneOf(groups[0].areas)}
	}
	if words := g.measure.limits(r.low, r.high, g.currency); words != "" {
		o.lines = append(o.lines, "when: {"+words+"}")
	}
	o.price = major(r.price, g.currency)
	return true
}

// matrix writes a price list with a column for each zone, where all zones have prices for the same stretch.
func (g *grid) matrix(b *book, o *option, groups []group) bool {
	low, ends, ok := together(groups)
	if !ok || overlapping(groups) {
		return false
	}
	list := &priceList{head: []string{"max_" + g.measure.word()}}
	for i := range groups {
		list.head = append(list.head, b.zoneOf(groups[i].areas))
	}
	for _, end := range ends {
		row := []string{g.measure.upTo(end, g.currency)}
		for i := range groups {
			at := slices.IndexFunc(groups[i].rates, func(r rate) bool { return end <= r.high })
			row = append(row, major(groups[i].rates[at].price, g.currency))
		}
		list.rows = append(list.rows, row)
	}
	if low > 0 {
		o.lines = append(o.lines, "when: {"+g.measure.limits(low, open, g.currency)+"}")
	}
	o.list = list
	return true
}

// Limits of a price list with a column for each zone.
const (
	maxColumns = 60
	maxSparse  = 3 // cells for each price
)

// together reports whether groups have prices for the same stretch, without gaps, so that they fit into one list; ends are their
// upper limits.
func together(groups []group) (low int64, ends []int64, ok bool) {
	var high int64
	rows, set := 0, map[int64]bool{}
	for i := range groups {
		l, h, even := groups[i].even()
		if !even || groups[i].everywhere() || i > 0 && (l != low || h != high) || groups[i].rates[0].price == blocked {
			return 0, nil, false
		}
		low, high = l, h
		rows += len(groups[i].rates)
		for _, r := range groups[i].rates {
			set[r.high] = true
		}
	}
	return low, sorted(set), len(set)*len(groups) <= maxSparse*rows && len(groups) <= maxColumns
}

func sorted(set map[int64]bool) []int64 {
	list := make([]int64, 0, len(set))
	for n := range set {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// overlapping reports whether areas of one level share addresses: then the cheapest price is the one to write first.
func overlapping(groups []group) bool {
	type key struct {
		level   int
		country string
	}
	byKey := map[key][]area{}
	for i := range groups {
		for _, a := range groups[i].areas {
			byKey[key{groups[i].level, a.key()}] = append(byKey[key{groups[i].level, a.key()}], a)
		}
	}
	for _, list := range byKey {
		slices.SortFunc(list, func(a, b area) int { return cmp.Compare(a.from, b.from) })
		end := ""
		for i, a := range list {
			if i > 0 && (a.from == "" || cut(a.from, len(end)) <= end) {
				return true
			}
			end = max(end, cmp.Or(a.to, a.from))
		}
	}
	return false
}

// row is one line of a price list that is read from top to bottom.
type row struct {
	rate
	zone string
	even bool // follows the row above it without gap, and that one begins at 0
}

// rows writes a price list with a line for each price, the most special places first.
func (g *grid) rows(b *book, o *option, groups []group) {
	all := lines(b, groups)
	lows := slices.ContainsFunc(all, func(r row) bool { return !r.even && r.low > 0 })
	highs := slices.ContainsFunc(all, func(r row) bool { return r.high != open })
	list := &priceList{head: []string{"to"}}
	if lows {
		list.head = append(list.head, "min_"+g.measure.word())
	}
	if highs {
		list.head = append(list.head, "max_"+g.measure.word())
	}
	list.head = append(list.head, "price")
	for _, r := range all {
		cells := []string{r.zone}
		if lows {
			cells = append(cells, g.least(r))
		}
		if highs {
			cells = append(cells, g.measure.upTo(r.high, g.currency))
		}
		list.rows = append(list.rows, append(cells, major(r.price, g.currency)))
	}
	o.list = list
	narrow(o)
}

// lines are the prices of all groups in the order in which they are to be read. Where places or prices of one level overlap, the
// lower price stands first.
func lines(b *book, groups []group) []row {
	var all []row
	mixed := overlapping(groups) || slices.ContainsFunc(groups, func(g group) bool { return g.overlaps() })
	for i := range groups {
		low, _, even := groups[i].even()
		zone := "any"
		if !groups[i].everywhere() {
			zone = b.zoneOf(groups[i].areas)
		}
		for _, r := range groups[i].rates {
			all = append(all, row{rate: r, zone: zone, even: even && low == 0 && !mixed})
		}
	}
	if mixed {
		slices.SortStableFunc(all, func(a, b row) int {
			return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b2i(a.price == blocked), b2i(b.price == blocked)), cmp.Compare(a.price, b.price))
		})
	}
	return all
}

// least is the lower limit of a row, "any" where the row above it takes what is less.
func (g *grid) least(r row) string {
	if r.even || r.low == 0 {
		return "any"
	}
	return g.measure.text(r.low, g.currency)
}

// narrow moves a zone that all rows share to the option.
func narrow(o *option) {
	l := o.list
	zone := l.rows[0][0]
	for _, r := range l.rows {
		if r[0] != zone {
			return
		}
	}
	if zone != "any" {
		o.to = []string{zone}
	}
	l.head = l.head[1:]
	for i := range l.rows {
		l.rows[i] = l.rows[i][1:]
	}
}
