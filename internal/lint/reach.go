package lint

import (
	"math/bits"
	"slices"

	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// reach is what can come of an option, over all orders.
type reach struct {
	*linter
	o          *shipping.Layout
	currencies []table.Currency
	offered    []bool // by kind of address: whether some order there is offered the option
	anyOffer   bool
	known      bool // some order whose place is known is offered the option
	unknown    bool // there are too many cells, so nothing may be concluded from what was not seen
	words      *wordsReach
	lists      []*listReach
}

// otherCurrency stands for one that no table names.
const otherCurrency table.Currency = "XTS"

// reachOf looks at everything that can come of an option.
func (l *linter) reachOf(o *shipping.Layout) *reach {
	r := &reach{linter: l, o: o, offered: make([]bool, len(l.places.kinds))}
	r.currencies = append(namedCurrencies(o), otherCurrency)
	r.words = r.lookAtWords()
	for i := range o.Prices {
		r.lists = append(r.lists, r.lookAtList(i))
	}
	return r
}

// namedCurrencies lists the currencies that an option names.
func namedCurrencies(o *shipping.Layout) []table.Currency {
	var list []table.Currency
	add := func(c table.Currency) {
		if c != "" && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	money := func(m table.MoneyList) {
		for i := range m {
			add(m[i].Currency)
		}
	}
	condition := func(c *table.Condition) {
		for _, t := range c.Terms() {
			money(t.Money)
			if t.Word == table.WordCurrency {
				for _, name := range t.Names {
					add(table.Currency(name))
				}
			}
		}
	}
	for _, cs := range [][]table.Condition{o.Gates, o.When, o.Unless} {
		for i := range cs {
			condition(&cs[i])
		}
	}
	for i := range o.Prices {
		eachRow(&o.Prices[i], func(_ int, row *shipping.RowLayout) {
			condition(row.When)
			eachAmount(row, func(a *shipping.AmountLayout) { money(a.Money) })
		})
	}
	return list
}

func eachRow(p *shipping.PriceLayout, visit func(int, *shipping.RowLayout)) {
	for i := range p.Rows {
		visit(i, &p.Rows[i])
	}
}

func eachAmount(row *shipping.RowLayout, visit func(*shipping.AmountLayout)) {
	for i := range row.Cells {
		visit(&row.Cells[i])
	}
	for i := range row.Price.Values {
		visit(&row.Price.Values[i])
	}
}

// gating is where gates, when and unless stand among the conditions of a space.
type gating struct {
	first, gates, when, unless int // index of the first gate, and how many of each follow
}

// gatingOf appends the conditions that decide whether the option is offered. Where rows see groups of the goods, what is
// asked about the whole cart is left out: it may hold or not, whatever a group is like.
func (r *reach) gatingOf(conds [][]table.Term, apart bool) ([][]table.Term, gating) {
	g := gating{first: len(conds), gates: len(r.o.Gates), when: len(r.o.When)}
	for i := range r.o.Gates {
		conds = append(conds, wholeOrder(r.o.Gates[i].Terms(), apart))
	}
	for i := range r.o.When {
		conds = append(conds, wholeOrder(r.o.When[i].Terms(), apart))
	}
	for i := range r.o.Unless {
		terms := r.o.Unless[i].Terms()
		if kept := wholeOrder(terms, apart); len(kept) == len(terms) {
			conds = append(conds, terms)
			g.unless++
		}
	}
	return conds, g
}

// wholeOrder leaves out words about the goods.
func wholeOrder(terms []table.Term, apart bool) []table.Term {
	if !apart {
		return terms
	}
	var kept []table.Term
	for i := range terms {
		if f, ok := factOf(terms[i].Word); !ok || !f.ofGoods() {
			kept = append(kept, terms[i])
		}
	}
	return kept
}

// failing returns how many gates do not hold, and the last of them.
func (g gating) failing(c *cell) (n, last int) {
	for i := range g.gates {
		if !c.possible.has(g.first + i) {
			n, last = n+1, i
		}
	}
	return n, last
}

// when reports whether when may hold.
func (g gating) whenHolds(c *cell) bool {
	for i := range g.when {
		if c.possible.has(g.first + g.gates + i) {
			return true
		}
	}
	return g.when == 0
}

// unlessPasses reports whether no condition of unless holds for certain.
func (g gating) unlessPasses(c *cell) bool {
	for i := range g.unless {
		if c.certain.has(g.first + g.gates + g.when + i) {
			return false
		}
	}
	return true
}

// admits reports whether the option may be offered, as far as these conditions go.
func (g gating) admits(c *cell) bool {
	n, _ := g.failing(c)
	return n == 0 && g.whenHolds(c) && g.unlessPasses(c)
}

// first returns the lowest of the first n conditions that is in all of the sets, -1 where there is none.
func first(n int, sets ...bitset) int {
	for w := 0; w*64 < n; w++ {
		word := ^uint64(0)
		for _, s := range sets {
			word &= s[w]
		}
		if i := lowest(word, n-w*64); i >= 0 {
			return w*64 + i
		}
	}
	return -1
}

// lowest returns the lowest of the first n bits of a word that is set, or -1.
func lowest(word uint64, n int) int {
	if n < 64 {
		word &= 1<<n - 1
	}
	if word == 0 {
		return -1
	}
	return bits.TrailingZeros64(word)
}
