package nearest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
)

const (
	microgramsPerGram = 1_000_000
	maxSteps          = 60 // of a surcharge for each started unit, in each direction
)

// scale is one fact of a cart that can be more or less: where its answer can change, and how the order is made.
type scale struct {
	by     string
	cuts   []authoring.Cut
	now    func() int64                                // its value in the units of cuts, rounded up
	make   func(o *order.Order, to int64) []order.Line // nil: it cannot be so
	when   func(c *authoring.Cut, to int64, up bool) string
	differ difference
}

// byGoods looks along value, weight, pieces and size. Where a value decides whether freight is free, the weight is looked at
// once more beyond it: what comes nearer there is told too.
func (f *finder) byGoods(g *group) {
	value, weight, pieces, size := f.value(g), f.weight(g), f.pieces(g), f.size(g) // before the cart is filled with others
	here := walk{order: f.q.Order, states: f.base}
	byValue := f.along(g, value, here)
	byWeight := f.along(g, weight, here)
	f.tell(value, byValue, "")
	f.tell(weight, byWeight, "")
	best := dearest(byValue)
	for _, i := range slices.Sorted(maps.Keys(best)) {
		v := best[i]
		beyond := f.along(g, weight, walk{order: v.order, states: v.states, only: []int{i}})
		f.tell(weight, slices.DeleteFunc(beyond, func(t turn) bool { return !t.nearer(byWeight) }), " and "+bound(&v.cut, v.up))
	}
	f.tell(pieces, f.along(g, pieces, here), "")
	f.tell(size, f.along(g, size, here), "")
}

// walk is an order that a scale is walked from, and what comes of it.
type walk struct {
	order  *order.Order
	states []state
	only   []int // parts; nil: those of the group
}

// turn is where an option changed along a scale: the order there, and what came of it.
type turn struct {
	part   int
	up     bool
	cut    authoring.Cut
	to     int64
	order  *order.Order
	states []state
}

// nearer reports whether a turn comes before that of the same option in the same direction.
func (t *turn) nearer(list []turn) bool {
	for i := range list {
		if o := &list[i]; o.part == t.part && o.up == t.up {
			return t.up && t.cut.Start < o.cut.Start || !t.up && t.cut.Start > o.cut.Start
		}
	}
	return true
}

// dearest are by option the turns that lead to the higher price.
func dearest(list []turn) map[int]turn {
	best := map[int]turn{}
	for _, t := range list {
		if b, seen := best[t.part]; t.states[t.part].offered && (!seen || t.states[t.part].price > b.states[t.part].price) {
			best[t.part] = t
		}
	}
	return best
}

// tell adds turns to what was found.
func (f *finder) tell(s *scale, list []turn, and string) {
	for i := range list {
		t := &list[i]
		f.found = append(f.found, f.change(t.part, s.by, t.up, s.when(&t.cut, t.to, t.up)+and, &f.base[t.part], &t.states[t.part]))
	}
}

// along walks a scale in both directions: the result holds for each option its nearest turn in each.
func (f *finder) along(g *group, s *scale, from walk) (turns []turn) {
	if s.now == nil || !g.fill(f.q, from.order) {
		return nil
	}
	now := s.now()
	for _, up := range []bool{false, true} {
		open := slices.Clone(from.only)
		if open == nil {
			open = slices.Clone(g.of)
		}
		for _, c := range outwards(s.cuts, now, up) {
			if len(open) == 0 {
				break
			}
			at, to := f.beyond(g, s, from.order, &c, up)
			if at == nil {
				continue
			}
			states := f.ask(at, f.q.Now)
			if states == nil {
				continue
			}
			open = slices.DeleteFunc(open, func(i int) bool {
				if !s.differ(f.parts[i], &from.states[i], &states[i]) {
					return false
				}
				turns = append(turns, turn{part: i, up: up, cut: c, to: to, order: at, states: states})
				return true
			})
		}
	}
	return turns
}

// beyond makes the order just beyond a cut; nil where there is none, as with goods that weigh much by their size alone.
func (f *finder) beyond(g *group, s *scale, o *order.Order, c *authoring.Cut, up bool) (at *order.Order, to int64) {
	if to = c.Start; !up {
		to--
	}
	if to < 0 || !g.fill(f.q, o) {
		return nil, 0
	}
	lines := s.make(o, to)
	if lines == nil {
		return nil, 0
	}
	at = clone(o, lines)
	if !g.fill(f.q, at) || (s.now() >= c.Start) != up {
		return nil, 0
	}
	return at, to
}

// outwards are the cuts above a value, ascending, or those below it, descending.
func outwards(cuts []authoring.Cut, now int64, up bool) []authoring.Cut {
	list := slices.DeleteFunc(slices.Clone(cuts), func(c authoring.Cut) bool { return (now >= c.Start) == up })
	slices.SortStableFunc(list, func(a, b authoring.Cut) int { return cmp.Compare(a.Start, b.Start) })
	list = slices.CompactFunc(list, func(a, b authoring.Cut) bool { return a.Start == b.Start })
	if !up {
		slices.Reverse(list)
	}
	return list
}

// bound writes the side of a cut: "over 5 kg", "from 599.00 SEK", "up to 5 kg", "below 599.00 SEK".
func bound(c *authoring.Cut, up bool) string {
	switch {
	case up && c.From:
		return "from " + c.Text
	case up:
		return "over " + c.Text
	case c.From:
		return "below " + c.Text
	default:
		return "up to " + c.Text
	}
}

func (f *finder) value(g *group) *scale {
	return &scale{by: rulestest.ByValue, cuts: append(f.taxLimits(), g.lims.Totals[table.Currency(f.q.Currency)]...), differ: inRows,
		now:  func() int64 { return int64(g.cart.Value) },
		make: func(o *order.Order, to int64) []order.Line { return g.worth(o, order.Amount(to)) },
		when: func(_ *authoring.Cut, to int64, _ bool) string {
			return "at " + authoring.Money(order.Amount(to), f.q.Currency)
		}}
}

func (f *finder) weight(g *group) *scale {
	cuts := slices.Clone(g.lims.Weight)
	if g.cart.Pieces() == 1 { // the cart is its heaviest piece
		cuts = append(cuts, g.lims.Heavy...)
	}
	cuts = append(cuts, f.steps(g)...)
	return &scale{by: rulestest.ByWeight, cuts: cuts, differ: inPrice,
		now:  func() int64 { return (int64(g.cart.Weight()) + microgramsPerGram - 1) / microgramsPerGram },
		make: func(o *order.Order, to int64) []order.Line { return g.weigh(o, to) },
		when: func(c *authoring.Cut, _ int64, up bool) string { return bound(c, up) }}
}

// steps are the next units of surcharges for each started unit of weight, in grams.
func (f *finder) steps(g *group) []authoring.Cut {
	var cuts []authoring.Cut
	for _, p := range f.parts {
		for _, s := range p.Steps {
			if !s.Weight || s.Each < microgramsPerGram {
				continue
			}
			k := (int64(g.cart.Weight()) - s.Over) / s.Each
			for n := max(k-maxSteps, 0); n <= k+maxSteps; n++ {
				at := s.Over + n*s.Each
				cuts = append(cuts, authoring.Cut{Start: at/microgramsPerGram + 1, Text: table.Weight(at).String()})
			}
		}
	}
	return cuts
}

func (f *finder) pieces(g *group) *scale {
	cuts := slices.Clone(g.lims.Pieces)
	for _, p := range f.parts {
		for _, s := range p.Steps {
			if s.Weight || s.Each <= 0 {
				continue
			}
			k := (g.cart.Pieces() - s.Over) / s.Each
			for n := max(k-maxSteps, 0); n <= k+maxSteps; n++ {
				cuts = append(cuts, authoring.Cut{Start: s.Over + n*s.Each + 1})
			}
		}
	}
	return &scale{by: rulestest.ByPieces, cuts: cuts, differ: inRows,
		now:  g.cart.Pieces,
		make: func(o *order.Order, to int64) []order.Line { return g.count(o, to) },
		when: func(_ *authoring.Cut, to int64, _ bool) string {
			return "as " + authoring.Plural(int(to), "piece", "pieces") + " of the same value and weight"
		}}
}

// size is the longest side of the largest piece in millimetres; a cart without sizes has none.
func (f *finder) size(g *group) *scale {
	var cuts []authoring.Cut
	line, sides := -1, table.Size{}
	for i := range g.cart.Items {
		if it := &g.cart.Items[i]; it.Size[0] > sides[0] {
			line, sides = it.Line, it.Size
		}
	}
	if line < 0 || sides[2] == 0 {
		return &scale{}
	}
	at := func(limit int64) {
		const micrometres = 1000
		cuts = append(cuts, authoring.Cut{Start: limit/micrometres + 1, Text: table.Length(limit).String()})
	}
	for _, p := range f.parts {
		for i := range p.Conditions {
			for _, t := range p.Conditions[i].Condition.Terms() {
				switch t.Word {
				case table.WordMaxItemLength:
					at(t.Limit)
				case table.WordMaxItemGirth:
					at(t.Limit - 2*int64(sides[1]+sides[2]))
				case table.WordMaxItemSize:
					at(int64(t.Size[0]))
				}
			}
		}
	}
	return &scale{by: rulestest.BySize, cuts: cuts, differ: inPrice,
		now:  func() int64 { return longest(&g.cart, line) },
		make: func(o *order.Order, to int64) []order.Line { return resized(o, line, sides, to) },
		when: func(c *authoring.Cut, _ int64, up bool) string { return "with a longest side " + of(bound(c, up)) }}
}

// of makes "up to 60 cm" "of up to 60 cm"; "over 60 cm" stays.
func of(text string) string {
	if text[0] == 'u' {
		return "of " + text
	}
	return text
}
