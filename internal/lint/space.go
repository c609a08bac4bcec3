package lint

import (
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// MaxCells is how many cells are looked at for one option; above it rows are compared pair by pair.
const MaxCells = 1_000_000

// value is a stretch of a fact over which no word changes: the numbers from lo to hi, or one case of a name or class.
type value struct {
	lo, hi            int64
	certain, possible bitset // conditions whose words about this fact hold
	label             string
}

// axis is a fact with all its values, ascending where they are numbers.
type axis struct {
	fact   fact
	values []value
}

// spot is a group of kinds of addresses that no word and no price column tells apart.
type spot struct {
	value
	kinds []int // indexes into places.kinds
	col   int   // price column; -1: none
	most  table.Truth
}

// places are all kinds of addresses that the zones of a rulebook can tell apart, and one in no zone.
type places struct {
	zones *table.Zones
	kinds []table.AddressKind
}

func newPlaces(z *table.Zones) *places {
	p := &places{zones: z, kinds: []table.AddressKind{{}}}
	for _, country := range z.Countries() {
		p.kinds = slices.AppendSeq(p.kinds, z.Kinds(country))
	}
	return p
}

// space is the orders that some conditions can tell apart, in one currency, cut into cells.
type space struct {
	conds    [][]table.Term
	currency table.Currency
	spots    []spot
	axes     []axis
	tooLarge bool
}

// cut are further limits at which something changes: totals of free_from, first days of prices.
type cut struct {
	fact fact
	at   int64
}

// plan is what a space is made of.
type plan struct {
	places   *places
	conds    [][]table.Term
	currency table.Currency
	list     *shipping.PriceLayout // whose columns tell places apart; nil: none
	cuts     []cut
	days     [2]int64 // first and last day; both 0: every day
}

// newSpace cuts the orders of a currency.
func newSpace(p plan) *space {
	s := &space{conds: p.conds, currency: p.currency}
	s.cutPlaces(&p)
	for f := byWeight; f < facts; f++ {
		terms := s.terms(f)
		var a axis
		switch extra := cutsOf(p.cuts, f); {
		case f == byDay && (len(terms) > 0 || len(extra) > 0 || p.days != [2]int64{}):
			a = s.days(terms, extra, p.days)
		case len(terms) == 0 && len(extra) == 0:
			continue
		default:
			a = s.cutBy(f, terms, extra)
		}
		s.axes = append(s.axes, a)
	}
	s.tooLarge = s.tooLarge || s.cells() > MaxCells
	return s
}

func cutsOf(cuts []cut, f fact) []int64 {
	var out []int64
	for _, c := range cuts {
		if c.fact == f {
			out = append(out, c.at)
		}
	}
	return out
}

// cells is how many cells there are; it may be too small once it is above MaxCells.
func (s *space) cells() int {
	n := len(s.spots)
	for i := range s.axes {
		if n *= len(s.axes[i].values); n > MaxCells {
			return n
		}
	}
	return n
}

// use is a word of a condition.
type use struct {
	cond int
	term *table.Term
}

// terms lists the words that look at a fact.
func (s *space) terms(f fact) []use {
	var list []use
	for i, terms := range s.conds {
		for j := range terms {
			if of, ok := factOf(terms[j].Word); ok && of == f {
				list = append(list, use{i, &terms[j]})
			}
		}
	}
	return list
}

// value evaluates the words of one fact; holds says which of them do.
func (s *space) value(terms []use, holds func(*table.Term) bool) value {
	v := value{certain: newBits(len(s.conds))}
	v.certain.fill()
	for _, u := range terms {
		if !holds(u.term) {
			v.certain.drop(u.cond)
		}
	}
	v.possible = v.certain
	return v
}

// cutPlaces groups the kinds of addresses. Words about the currency are decided here too: a space has one.
func (s *space) cutPlaces(p *plan) {
	terms := s.terms(byPlace)
	wrong := s.otherCurrency()
	index := map[string]int{}
	for i := range p.places.kinds {
		k := &p.places.kinds[i]
		sp := spot{value: s.value(nil, nil), col: -1, most: table.Yes}
		sp.possible = slices.Clone(sp.certain)
		f := factsAt(p.places.zones, k)
		for _, u := range terms {
			switch u.term.Holds(f) {
			case table.No:
				sp.certain.drop(u.cond)
				sp.possible.drop(u.cond)
			case table.Maybe:
				sp.certain.drop(u.cond)
			}
		}
		for _, c := range wrong {
			sp.certain.drop(c)
			sp.possible.drop(c)
		}
		if p.list != nil && len(p.list.Cols) > 0 {
			sp.col, sp.most = p.list.Column(k.Where, s.currency)
		}
		key := string(sp.key())
		at, ok := index[key]
		if !ok {
			at = len(s.spots)
			index[key] = at
			s.spots = append(s.spots, sp)
		}
		s.spots[at].kinds = append(s.spots[at].kinds, i)
	}
}

// key tells spots apart.
func (sp *spot) key() []byte {
	key := []byte{byte(sp.col), byte(sp.col >> 8), byte(sp.most)}
	for _, set := range []bitset{sp.certain, sp.possible} {
		for _, word := range set {
			for i := range 8 {
				key = append(key, byte(word>>(8*i)))
			}
		}
	}
	return key
}

// otherCurrency lists the conditions that name currencies, and not this one.
func (s *space) otherCurrency() []int {
	var list []int
	for i, terms := range s.conds {
		for j := range terms {
			if terms[j].Word == table.WordCurrency && !slices.Contains(terms[j].Names, string(s.currency)) {
				list = append(list, i)
			}
		}
	}
	return list
}

// cell is one stretch of orders.
type cell struct {
	certain, possible bitset
	spot              *spot
	at                [facts]int // which value of each axis of the space
}

// each visits every cell that some order may be in, with the values of the last fact one after the other; the cell is
// reused. It must not be called for a space that is too large.
func (s *space) each(last fact, visit func(*cell)) {
	order := slices.Clone(s.axes)
	slices.SortStableFunc(order, func(a, b axis) int { return boolInt(a.fact == last) - boolInt(b.fact == last) })
	w := walker{space: s, order: order, visit: visit}
	for range len(order) + 1 {
		w.stack = append(w.stack, [2]bitset{newBits(len(s.conds)), newBits(len(s.conds))})
	}
	for i := range s.spots {
		w.cell.spot = &s.spots[i]
		copy(w.stack[0][0], s.spots[i].certain)
		copy(w.stack[0][1], s.spots[i].possible)
		w.walk(0)
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

type walker struct {
	*space
	order []axis
	visit func(*cell)
	stack [][2]bitset
	cell  cell
}

func (w *walker) walk(depth int) {
	now := w.stack[depth]
	if depth == len(w.order) {
		if w.feasible(&w.cell) {
			w.cell.certain, w.cell.possible = now[0], now[1]
			w.visit(&w.cell)
		}
		return
	}
	a := &w.order[depth]
	next := w.stack[depth+1]
	for i := range a.values {
		v := &a.values[i]
		next[0].and(now[0], v.certain)
		next[1].and(now[1], v.possible)
		w.cell.at[a.fact] = i
		w.walk(depth + 1)
	}
}

// of returns the value of a fact in a cell; nil where the space does not cut it.
func (s *space) of(c *cell, f fact) *value {
	for i := range s.axes {
		if s.axes[i].fact == f {
			return &s.axes[i].values[c.at[f]]
		}
	}
	return nil
}

// feasible reports whether the goods of a cell can weigh what they weigh: no more than all pieces at the weight of the
// heaviest.
func (s *space) feasible(c *cell) bool {
	weight, pieces, heaviest := s.of(c, byWeight), s.of(c, byPieces), s.of(c, byHeaviest)
	if weight == nil || weight.lo == 0 {
		return true
	}
	switch {
	case pieces != nil && pieces.hi == 0, heaviest != nil && heaviest.hi == 0:
		return false
	case pieces != nil && heaviest != nil:
		return (weight.lo-1)/heaviest.hi < pieces.hi
	default:
		return true
	}
}

// factsAt is what words about the place look at.
func factsAt(z *table.Zones, k *table.AddressKind) *table.Facts {
	q := emptyQuery()
	q.Destination.Country, q.Destination.Region = k.Country, k.Region
	return &table.Facts{Query: q, Zones: z, Where: k.Where}
}

// placeOf is where a condition stands.
func placeOf(terms []table.Term, or diag.Place) diag.Place {
	if len(terms) > 0 {
		return terms[0].ValueAt
	}
	return or
}
