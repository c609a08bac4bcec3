package importer

import (
	"slices"
	"strings"
)

// option writes a method: rules that stop become a price list, rules that add up become surcharges.
func (m *flexMethod) option(o *option) bool {
	o.name = m.title
	if m.never() {
		m.d.leave(m.at, "the method `%s` is never offered by Flexible Shipping either", m.title)
		return false
	}
	adds := 0
	for i := range m.rules {
		r := &m.rules[i]
		if len(r.extra) > 0 || r.action == "none" && i < len(m.rules)-1 {
			adds++
		}
	}
	switch {
	case adds == 0:
		m.firstFits(o)
	case !slices.ContainsFunc(m.rules, func(r flexRule) bool { return r.action == "stop" }):
		m.addUp(o)
	default:
		m.d.beyond(m.at, "write the option by hand", "the method `%s` has rules that add up and rules that stop: a rulebook has one or the other; it is left out", m.title)
		return false
	}
	cur := m.d.currency()
	if m.most != blocked {
		o.lines = append(o.lines, "max_price: "+major(m.most, cur))
	}
	if m.free != blocked {
		o.lines = append(o.lines, "free_from: "+major(m.free, cur))
	}
	return true
}

// never reports whether no cart can have the method: each rule cancels it, or one does always before another stopped.
func (m *flexMethod) never() bool {
	offers := false
	for i := range m.rules {
		r := &m.rules[i]
		always := len(r.words(m.d.currency())) == 0
		switch {
		case r.action == "cancel" && always:
			return !slices.ContainsFunc(m.rules[:i], func(r flexRule) bool { return r.action == "stop" })
		case r.action != "cancel":
			offers = true
		}
	}
	return !offers
}

// firstFits writes a price list that is read from top to bottom.
func (m *flexMethod) firstFits(o *option) {
	cur := m.d.currency()
	list := &priceList{}
	type column struct {
		measure measure
		upper   bool
	}
	var columns []column
	for what := range measure(3) {
		for _, upper := range []bool{false, true} {
			if slices.ContainsFunc(m.rules, func(r flexRule) bool {
				return upper && r.limits[what].high != open || !upper && r.limits[what].low > 0
			}) {
				columns = append(columns, column{what, upper})
				list.head = append(list.head, map[bool]string{false: "min_", true: "max_"}[upper]+what.word())
			}
		}
	}
	list.head = append(list.head, "price")
	for i := range m.rules {
		r := &m.rules[i]
		var cells []string
		for _, c := range columns {
			switch s := r.limits[c.measure]; {
			case c.upper:
				cells = append(cells, c.measure.upTo(s.high, cur))
			case s.low == 0:
				cells = append(cells, "any")
			default:
				cells = append(cells, c.measure.text(s.low, cur))
			}
		}
		price := r.cost
		if r.action == "cancel" {
			price = blocked
		}
		list.rows = append(list.rows, append(cells, major(price, cur)))
	}
	o.list = list
}

// addUp writes a row of surcharges for each cost of a rule.
func (m *flexMethod) addUp(o *option) {
	cur := m.d.currency()
	o.price = major(0, cur)
	var rows, when, unless []string
	always := false
	for i := range m.rules {
		r := &m.rules[i]
		words := r.words(cur)
		if r.action == "cancel" {
			unless = append(unless, "{"+strings.Join(words, ", ")+"}")
			continue
		}
		always = always || len(words) == 0
		when = append(when, "{"+strings.Join(words, ", ")+"}")
		if r.cost > 0 {
			rows = append(rows, "{"+strings.Join(append(slices.Clone(words), "add: "+major(r.cost, cur)), ", ")+"}")
		}
		for _, e := range r.extra {
			each := "each: " + e.unit.RatString() + " item"
			if e.measure == byWeight {
				each = "each: " + grams(floor(e.unit))
			}
			rows = append(rows, "{"+strings.Join(append(slices.Clone(words), each, "add: "+major(e.add, cur)), ", ")+"}")
		}
	}
	if !always {
		o.lines = append(o.lines, blockList("when", when))
	}
	if len(unless) > 0 {
		o.lines = append(o.lines, blockList("unless", unless))
	}
	if len(rows) > 0 {
		o.lines = append(o.lines, blockList("surcharges", rows))
	}
}

// blockList writes a key of an option with a line for each entry.
func blockList(key string, entries []string) string {
	return key + ":\n      - " + strings.Join(entries, "\n      - ")
}
