package compare

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

type reason = rules.Reason

// grid is questions at every combination of the cells of some axes, about some things that are observed.
type grid struct {
	d        *differ
	kind     string
	ids      []string // what is observed
	currency string
	axes     []axis
	ask      func(ctx context.Context, p *point, before, after []Value)

	changes []Change
	asked   int64
	partly  []string
	found   map[labelKey]*label
	order   []labelKey
	silent  map[string]*bits // where a thing is not offered by either; nil: not all combinations were asked about
}

// labelKey is one change of one thing.
type labelKey struct {
	id            string
	before, after Value
	delta         order.Amount // of labels that are told together
}

// label is where a change is the same.
type label struct {
	boxes   []box
	several bool // before and after are one pair of several that move by the same amount
}

// box is a set of cells for each axis.
type box [][]int

// fill asks all questions and turns what differs into changes.
func (g *grid) fill(ctx context.Context, most int) {
	if g.ask == nil { // nothing can be compared, which is told already
		return
	}
	g.found = map[labelKey]*label{}
	sizes := make([]int, len(g.axes))
	for i := range g.axes {
		sizes[i] = len(g.axes[i].cells)
	}
	plans := g.plans(sizes, most)
	if len(g.partly) == 0 && g.kind == KindPrice {
		g.silent = map[string]*bits{}
		for _, id := range g.ids {
			g.silent[id] = newBits(sizes)
		}
	}
	for _, free := range plans {
		g.walk(ctx, free)
		if ctx.Err() != nil {
			return
		}
	}
	for _, key := range g.steady() {
		for _, b := range merge(g.found[key].boxes) {
			g.changes = append(g.changes, g.change(key, b))
		}
	}
}

// maxPairs is how many pairs of prices of one option are told one by one; where there are more, those that move by the same
// amount are told together.
const maxPairs = 3

// steady puts labels of an option that move by the same amount together where there are many.
func (g *grid) steady() []labelKey {
	pairs := map[string]int{}
	for _, key := range g.order {
		if key.moves() {
			pairs[key.id]++
		}
	}
	var order []labelKey
	first := map[labelKey]labelKey{}
	for _, key := range g.order {
		if pairs[key.id] <= maxPairs || !key.moves() || g.kind != KindPrice {
			order = append(order, key)
			continue
		}
		by := labelKey{id: key.id, delta: key.after.Amount - key.before.Amount}
		lead, seen := first[by]
		if !seen {
			first[by] = key
			order = append(order, key)
			continue
		}
		g.found[lead].boxes = append(g.found[lead].boxes, g.found[key].boxes...)
		g.found[lead].several = true
	}
	return order
}

// moves reports whether a price changes and stays a price.
func (k *labelKey) moves() bool { return k.before.Offered && k.after.Offered }

// plans are sets of axes that are varied together, the others staying at their first cell: one of all axes where that is few
// enough questions, else place, weight and value with each other axis, else any two.
func (g *grid) plans(sizes []int, most int) [][]bool {
	if product(sizes, all(len(sizes))) <= most {
		return [][]bool{all(len(sizes))}
	}
	g.partly = g.ids
	var main []bool
	for i := range g.axes {
		w := g.axes[i].word
		main = append(main, w == "to" || w == "weight" || w == "total")
	}
	var plans [][]bool
	for i := range sizes {
		free := slices.Clone(main)
		free[i] = true
		if product(sizes, free) <= most {
			plans = append(plans, free)
			continue
		}
		for k := range sizes {
			two := make([]bool, len(sizes))
			two[i], two[k] = true, true
			plans = append(plans, two)
		}
	}
	return plans
}

func all(n int) []bool { return slices.Repeat([]bool{true}, n) }

func product(sizes []int, free []bool) int {
	n := 1
	for i, size := range sizes {
		const enough = 1 << 40
		if free[i] && n < enough {
			n *= size
		}
	}
	return n
}

// walk asks at every combination of the free axes.
func (g *grid) walk(ctx context.Context, free []bool) {
	at := make([]int, len(g.axes))
	before, after := make([]Value, len(g.ids)), make([]Value, len(g.ids))
	for ctx.Err() == nil {
		differs := g.at(ctx, at, false, before, after)
		g.note(at, before, after, nil)
		if g.ends() {
			high, low := make([]Value, len(g.ids)), make([]Value, len(g.ids))
			g.at(ctx, at, true, high, low)
			g.note(at, high, low, differs)
		}
		i := len(at) - 1
		for ; i >= 0; i-- {
			if at[i]++; free[i] && at[i] < len(g.axes[i].cells) {
				break
			}
			at[i] = 0
		}
		if i < 0 {
			return
		}
	}
}

// ends reports whether cells have two ends.
func (g *grid) ends() bool { return slices.ContainsFunc(g.axes, func(a axis) bool { return a.high }) }

// at asks at one combination; other takes the other end of the cells. The result says for each thing whether it differs.
func (g *grid) at(ctx context.Context, at []int, other bool, before, after []Value) []bool {
	p := &point{pieces: 1, total: authoring.Amount(g.currency), grams: 1000}
	p.q.Currency, p.q.Now = g.currency, g.d.o.Now
	for i := range g.axes {
		c := &g.axes[i].cells[at[i]]
		set := c.low
		if other && g.axes[i].high && c.high != nil {
			set = c.high
		}
		set(p)
	}
	clear(before)
	clear(after)
	if p.none {
		return make([]bool, len(g.ids))
	}
	g.asked++
	g.ask(ctx, p, before, after)
	differs := make([]bool, len(g.ids))
	for i := range g.ids {
		differs[i] = before[i] != after[i]
	}
	return differs
}

// note takes in what differs; of the other end of cells only what did not differ at the first one.
func (g *grid) note(at []int, before, after []Value, told []bool) {
	for i, id := range g.ids {
		if s := g.silent[id]; s != nil && told == nil && !before[i].Offered && !after[i].Offered {
			s.set(at)
		}
		if before[i] == after[i] || told != nil && told[i] {
			continue
		}
		key := labelKey{id: id, before: before[i], after: after[i]}
		l := g.found[key]
		if l == nil {
			l = &label{}
			g.found[key] = l
			g.order = append(g.order, key)
		}
		b := make(box, len(at))
		for k, cell := range at {
			b[k] = []int{cell}
		}
		l.boxes = append(l.boxes, b)
	}
}

// merge puts boxes together that differ in one axis only, axis by axis.
func merge(boxes []box) []box {
	if len(boxes) == 0 {
		return nil
	}
	for axis := len(boxes[0]) - 1; axis >= 0; axis-- {
		index := map[string]int{}
		var merged []box
		for _, b := range boxes {
			key := b.key(axis)
			if at, seen := index[key]; seen {
				merged[at][axis] = union(merged[at][axis], b[axis])
				continue
			}
			index[key] = len(merged)
			merged = append(merged, b)
		}
		boxes = merged
	}
	return boxes
}

// key tells a box by all axes but one.
func (b box) key(but int) string {
	var key []byte
	for i, cells := range b {
		if i == but {
			continue
		}
		key = binary.AppendUvarint(key, uint64(len(cells)))
		for _, c := range cells {
			key = binary.AppendUvarint(key, uint64(c)) //nolint:gosec // an index
		}
	}
	return string(key)
}

func union(a, b []int) []int {
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}

// change puts a box into words.
func (g *grid) change(key labelKey, b box) Change {
	if s := g.silent[key.id]; s != nil && key.before.Offered && key.after.Offered {
		s.widen(b, func(axis int) bool { return g.axes[axis].bare() })
	}
	c := Change{Kind: g.kind, Option: key.id, Sign: "~", Before: key.before, After: key.after}
	for i := range g.axes {
		if text := g.axes[i].words(b[i]); text != "" {
			c.When = append(c.When, Condition{g.axes[i].word, text})
		}
	}
	if g.found[key].several {
		c.Moves = key.after.Amount - key.before.Amount
	}
	c.Where = inOrder(c.When)
	return c
}

// inOrder writes the conditions: where, what, who, when.
func inOrder(list []Condition) string {
	text := ""
	add := func(late bool) {
		for _, c := range list {
			if (c.Word == "when" || c.Word == "days" || c.Word == "time") != late {
				continue
			}
			if text != "" {
				text += ", "
			}
			text += c.Text
		}
	}
	add(false)
	add(true)
	return text
}
