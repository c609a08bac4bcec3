package importer

import (
	"fmt"
	"io/fs"
	"math/big"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// flexRule is a rule of Flexible Shipping. Source: Flexible Shipping 5 for WooCommerce (CostsCalculator and the rules that its
// settings keep); read 2026-11-25.
type flexRule struct {
	at     diag.Place
	limits [3]stretch // by measure
	cost   int64
	extra  []flexExtra
	action string // none, stop or cancel
}

// stretch is from low up to high, both included.
type stretch struct{ low, high int64 }

// flexExtra is an amount for each started unit.
type flexExtra struct {
	measure measure
	unit    *big.Rat // in grams or pieces
	add     int64
}

// flexMethod is a method with its rules.
type flexMethod struct {
	d     *draft
	at    diag.Place
	title string
	id    string
	rules []flexRule
	free  int64 // value from which on it costs nothing; blocked: none
	most  int64 // the highest cost; blocked: none
}

// readFlexible reads the rules of one method, or of several.
func readFlexible(d *draft, fsys fs.FS, name string) bool {
	root, ok := d.readJSON(fsys, name)
	if !ok {
		return false
	}
	var methods []*flexMethod
	for _, n := range flexMethods(root) {
		m := &flexMethod{d: d, at: n.Place, title: cmpText(cmpText(textAt(n, "method_title"), textAt(n, "title")), "Flexible shipping"), free: blocked, most: blocked}
		list := n.Get("method_rules")
		if n.Kind == diag.List {
			list = n
		}
		d.rows += len(mapsOf(list))
		var o option
		if m.read(n, mapsOf(list)) && m.option(&o) {
			m.id = d.book.freeID(m.title)
			o.id = m.id
			methods = append(methods, m)
			d.book.options = append(d.book.options, o)
		}
	}
	if len(methods) == 0 {
		if len(flexMethods(root)) == 0 {
			d.report.Errorf(codeSource, root.Place, "there are no rules in this file").Help = "want a method with method_rules, or the list of its rules"
		}
		return false
	}
	askFlexible(d, methods)
	d.note("the rules hold wherever WooCommerce's zone has the method: add `to` to the options")
	d.note("both limits of a condition are included, as in Flexible Shipping; weights are in %s (--weight-unit)", d.options.WeightUnit)
	return true
}

// flexMethods finds the methods: the file is one, a list of them, or the rules of one.
func flexMethods(root *diag.Node) []*diag.Node {
	switch {
	case root.Kind == diag.Map && root.Get("method_rules") != nil:
		return []*diag.Node{root}
	case root.Kind == diag.Map:
		for _, v := range root.Values {
			if found := flexMethods(v); len(found) > 0 {
				return found
			}
		}
		return nil
	case root.Kind == diag.List:
		var methods []*diag.Node
		for _, n := range mapsOf(root) {
			if n.Get("method_rules") != nil {
				methods = append(methods, n)
			} else if n.Get("conditions") != nil || n.Get("cost_per_order") != nil {
				return []*diag.Node{root}
			}
		}
		return methods
	default:
		return nil
	}
}

// read reads a method; false where a rule has to be left out, and so the whole method.
func (m *flexMethod) read(n *diag.Node, rules []*diag.Node) bool {
	if n.Kind == diag.Map {
		if how := textAt(n, "method_calculation_method"); how != "" && how != "sum" {
			m.d.beyond(placeOf(n, "method_calculation_method"), "write the option by hand", "the method `%s` takes the `%s` of its rules, not their sum: it is left out", m.title, how)
			return false
		}
		for key, to := range map[string]*int64{"method_free_shipping": &m.free, "method_max_cost": &m.most} {
			c := m.cell(n, key)
			if c.Text == "" {
				continue
			}
			var ok bool
			if *to, ok = m.d.amount(c); !ok {
				return false
			}
		}
	}
	for _, r := range rules {
		rule, ok := m.rule(r)
		if !ok {
			m.d.leave(r.Place, "the method `%s` is left out with this rule", m.title)
			return false
		}
		m.rules = append(m.rules, rule)
	}
	return len(m.rules) > 0
}

// cell is a value with a point.
func (m *flexMethod) cell(n *diag.Node, key string) table.Cell {
	c := cellAt(n, key)
	c.Text = strings.Replace(c.Text, ",", ".", 1)
	return c
}

// rule reads one rule.
func (m *flexMethod) rule(n *diag.Node) (flexRule, bool) {
	r := flexRule{at: n.Place, limits: [3]stretch{{0, open}, {0, open}, {0, open}}, action: cmpText(textAt(n, "special_action"), "none")}
	if !slices.Contains([]string{"none", "stop", "cancel"}, r.action) {
		m.d.bad(cellAt(n, "special_action"), "it is none, stop or cancel", "`%s` is not a special action", r.action)
		return r, false
	}
	for _, c := range itemsAt(n, "conditions") {
		if !m.condition(&r, c) {
			return r, false
		}
	}
	if c := m.cell(n, "cost_per_order"); c.Text != "" {
		var ok bool
		if r.cost, ok = m.d.amount(c); !ok {
			return r, false
		}
	}
	for _, e := range itemsAt(n, "additional_costs") {
		if !m.additional(&r, e) {
			return r, false
		}
	}
	return r, true
}

// condition reads what a rule looks at.
func (m *flexMethod) condition(r *flexRule, n *diag.Node) bool {
	what, ok := byWeight, true
	switch id := textAt(n, "condition_id"); id {
	case "", "none", "always":
		return true
	case "weight":
	case "value":
		what = byTotal
	case "item", "items", "quantity":
		what = byItems
	default:
		ok = false
	}
	if op := textAt(n, "operator"); !ok || op != "" && op != "is" {
		m.d.beyond(n.Place, "write the rule by hand", "a rulebook cannot look at `%s` (%s) as the rule does", textAt(n, "condition_id"), cmpText(op, "is"))
		return false
	}
	s := stretch{0, open}
	for _, end := range []string{"min", "max"} {
		c := m.cell(n, end)
		if c.Text == "" {
			continue
		}
		x, ok := m.d.limit(c, what)
		if !ok {
			return false
		}
		if end == "min" {
			s.low = ceil(x)
		} else {
			s.high = floor(x)
		}
	}
	both := &r.limits[what]
	both.low, both.high = max(both.low, s.low), min(both.high, s.high)
	if both.high < both.low {
		m.d.bad(cellAt(n, "max"), "write a higher one", "no %s is from the lower up to the upper limit", what.word())
		return false
	}
	return true
}

// additional reads an amount for each started unit.
func (m *flexMethod) additional(r *flexRule, n *diag.Node) bool {
	add, per := m.cell(n, "additional_cost"), m.cell(n, "per_value")
	if add.Text == "" || per.Text == "" || textAt(n, "based_on") == "none" {
		return true
	}
	e := flexExtra{measure: byWeight}
	switch based := textAt(n, "based_on"); based {
	case "weight":
	case "item", "items", "quantity":
		e.measure = byItems
	default:
		m.d.beyond(placeOf(n, "based_on"), "a per cent of the goods may do: add: 2% of goods", "a rulebook cannot add an amount for each part of the `%s`", based)
		return false
	}
	var ok1, ok2 bool
	e.add, ok1 = m.d.amount(add)
	e.unit, ok2 = m.d.limit(per, e.measure)
	if !ok1 || !ok2 {
		return false
	}
	if n, ok := whole(e.unit); !ok || n == 0 {
		m.d.beyond(per.Place, "take whole grams, or whole pieces", "the step `%s` is not a whole number of grams or pieces", per.Text)
		return false
	}
	if e.add > 0 {
		r.extra = append(r.extra, e)
	}
	return true
}

// words writes the conditions of a rule, as in { }.
func (r *flexRule) words(currency string) []string {
	var words []string
	for m, s := range r.limits {
		if text := measure(m).limits(s.low, s.high, currency); text != "" {
			words = append(words, text)
		}
	}
	return words
}

// askFlexible lists what the proof asks.
func askFlexible(d *draft, methods []*flexMethod) {
	d.price = func(q *question) map[string]int64 {
		found := map[string]int64{}
		for _, m := range methods {
			if price, ok := m.answer(q); ok {
				found[m.id] = price
			}
		}
		return found
	}
	for _, m := range methods {
		for i := range m.rules {
			d.asked = append(d.asked, askedRow{at: m.rules[i].at, kind: fmt.Sprintf("Rule %d of %s", i+1, m.title), carts: m.rules[i].carts(),
				holds: func(address) bool { return true }})
		}
	}
}

// carts are the edges of all that a rule looks at.
func (r *flexRule) carts() []question {
	carts := []question{cartOf(byWeight, 1000), cartOf(byWeight, 1001), cartOf(byItems, 3)}
	for what, s := range r.limits {
		if s.low == 0 && s.high == open {
			continue
		}
		var next []question
		for _, q := range carts {
			for _, e := range edges(measure(what), s.low, s.high) {
				next = append(next, q.with(measure(what), e.value(measure(what))))
			}
		}
		carts = append(carts, next...)
	}
	return carts
}

// with is a cart in which another measure counts n.
func (q question) with(m measure, n int64) question {
	switch m {
	case byTotal:
		q.goods[0].total = n
	case byItems:
		q.goods[0].pieces = n
	default:
		q.goods[0].grams = n
	}
	return q
}

// answer goes through the rules as Flexible Shipping does.
func (m *flexMethod) answer(q *question) (price int64, offered bool) {
	for i := range m.rules {
		r := &m.rules[i]
		if !r.holds(q) {
			continue
		}
		if r.action == "cancel" {
			return 0, false
		}
		offered = true
		price += r.cost
		for _, e := range r.extra {
			steps := new(big.Rat).Quo(new(big.Rat).SetInt64(q.value(e.measure)), e.unit)
			price += e.add * ceil(steps)
		}
		if r.action == "stop" {
			break
		}
	}
	if m.most != blocked {
		price = min(price, m.most)
	}
	if m.free != blocked && q.total() >= m.free {
		price = 0
	}
	return price, offered
}

func (r *flexRule) holds(q *question) bool {
	for what, s := range r.limits {
		if v := q.value(measure(what)); v < s.low || v > s.high {
			return false
		}
	}
	return true
}
