package importer

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// classCost is what goods of a class add. Source: class-wc-shipping-flat-rate.php of WooCommerce 9; read 2026-11-25.
type classCost struct {
	class string // "": goods without one
	tag   string
	cell  table.Cell
	e     *expression // nil: the class adds nothing
	lin   *linear
}

// flatRate reads a flat rate with its class costs.
func (w *wooShop) flatRate(n *diag.Node, o *option, m *wooMethod) bool {
	classes, ok := w.pricedClasses(n, o)
	if !ok {
		return false
	}
	cost := setting(n, "cost")
	if cost.Text == "" && classes == nil {
		w.d.leave(n.Place, "the flat rate `%s` has no cost, so WooCommerce never offers it", o.name)
		return false
	}
	if classes == nil {
		return w.costs(cost, nil, o, m)
	}
	highest := setting(n, "type").Text == "order"
	if !w.sayableClasses(classes, cost, highest, o) {
		return false
	}
	if cost.Text == "" {
		cost.Text = "0"
	}
	if !w.costs(cost, classes, o, m) {
		return false
	}
	w.byClass(classes, highest, o)
	m.answer = w.withClasses(m.answer, classes, highest)
	for _, c := range classes {
		for _, other := range classes {
			m.carts = append(m.carts, question{goods: [2]goods{{tag: c.tag, pieces: 3, total: 9000, grams: 3000}, {tag: other.tag, pieces: 2, total: 5000, grams: 500}}})
		}
	}
	return true
}

// pricedClasses reads the class costs, nil where none is set; false where one cannot be read.
func (w *wooShop) pricedClasses(n *diag.Node, o *option) (classes []classCost, ok bool) {
	priced := false
	for _, c := range w.classCosts(n) {
		if c.cell.Text != "" {
			if c.e, c.lin, ok = w.expression(c.cell, o.name); !ok {
				return nil, false
			}
			priced = true
		}
		classes = append(classes, c)
	}
	if !priced {
		return nil, true
	}
	for _, c := range classes {
		if c.class != "" {
			w.declare(c.class, c.tag)
		}
	}
	return classes, true
}

// sayableClasses tells class costs that a rulebook has no words for.
func (w *wooShop) sayableClasses(classes []classCost, cost table.Cell, highest bool, o *option) bool {
	for _, c := range classes {
		if c.lin != nil && (c.lin.share.Sign() != 0 || c.lin.fee != nil || c.lin.each.Sign() != 0 && (highest || c.class == "")) {
			w.beyondCost(c.cell, o.name, "a class cost can be an amount, and an amount for each piece where class costs add up")
			return false
		}
	}
	if cost.Text == "" && slices.ContainsFunc(classes, func(c classCost) bool { return c.e == nil }) {
		w.beyondCost(cost, o.name, "the method has no cost of its own and some classes have none")
		return false
	}
	return true
}

// classCosts are the settings of the classes, goods without a class last; one without a text adds nothing.
func (w *wooShop) classCosts(n *diag.Node) []classCost {
	s := n.Get("settings")
	if s == nil || s.Kind != diag.Map {
		return nil
	}
	var list []classCost
	for i, k := range s.Keys {
		number, ok := strings.CutPrefix(k.Text, "class_cost_")
		if !ok {
			continue
		}
		tag := w.classes[number]
		if _, label, quoted := strings.Cut(textAt(s.Values[i], "label"), "\""); tag == "" && quoted {
			label, _, _ = strings.Cut(label, "\"")
			tag = slug(label)
		}
		if tag == "" {
			tag = slug("class-" + number)
		}
		w.classes[number] = tag
		list = append(list, classCost{class: className(tag), tag: tag, cell: setting(n, k.Text)})
	}
	return append(list, classCost{cell: setting(n, "no_class_cost")})
}

// className is the name of the class of a tag.
func className(tag string) string { return cmpText(strings.ReplaceAll(slug(tag), "-", "_"), "class") }

// declare adds a class of goods with a tag.
func (w *wooShop) declare(name, tag string) {
	b := &w.d.book
	if !slices.ContainsFunc(b.classes, func(c class) bool { return c.name == name }) {
		b.classes = append(b.classes, class{name, tag})
	}
}

func (w *wooShop) beyondCost(c table.Cell, name, why string) {
	w.d.beyond(c.Place, "write the option by hand", "the cost `%s` of `%s` is more than a rulebook can say: %s", c.Text, name, why)
}

// expression reads a cost that a rulebook can say.
func (w *wooShop) expression(c table.Cell, name string) (*expression, *linear, bool) {
	e, err := expressionOf(c.Text)
	if err != nil {
		w.beyondCost(c, name, err.Error())
		return nil, nil, false
	}
	l, ok := e.linear()
	if !ok {
		w.beyondCost(c, name, "pieces, values or fees are multiplied, or two shares of the goods added, each of which is rounded")
		return nil, nil, false
	}
	if f := l.fee; f != nil && f.low == nil && f.high == nil {
		l.fee, l.share = nil, new(big.Rat).Quo(f.value, big.NewRat(100, 1))
	}
	hundred := big.NewRat(10_000, 1) // two decimals of a per cent
	_, exact1 := whole(times(l.fixed, minorPer(w.d.currency())))
	_, exact2 := whole(times(l.each, minorPer(w.d.currency())))
	_, exact3 := whole(times(l.share, hundred))
	if !exact1 || !exact2 || !exact3 || l.fixed.Sign() < 0 || l.each.Sign() < 0 || l.share.Sign() < 0 || l.share.Cmp(big.NewRat(1, 1)) > 0 {
		w.beyondCost(c, name, "an amount is negative or too exact")
		return nil, nil, false
	}
	return e, l, true
}

// costs writes a cost: an amount, an amount for each piece, a share of the goods.
func (w *wooShop) costs(c table.Cell, classes []classCost, o *option, m *wooMethod) bool {
	e, l, ok := w.expression(c, o.name)
	if !ok {
		return false
	}
	if l.fee != nil && !w.fee(c, l, classes, o) {
		return false
	}
	minor := func(x *big.Rat) string {
		n, _ := whole(times(x, minorPer(w.d.currency()))) // looked at above
		return major(n, w.d.currency())
	}
	share := trimZeros(l.share, 100) + "% of goods"
	var extra []string
	if l.each.Sign() > 0 {
		extra = append(extra, "{each: 1 item, add: "+minor(l.each)+"}")
	}
	switch {
	case l.fee != nil:
	case l.fixed.Sign() == 0 && l.share.Sign() > 0 && classes == nil:
		o.price = share
	default:
		if o.price = minor(l.fixed); classes != nil && l.fixed.Sign() > 0 {
			extra = append(extra, "{add: "+minor(l.fixed)+"}")
		}
		if l.share.Sign() > 0 {
			extra = append(extra, "{add: "+share+"}")
		}
	}
	if len(extra) > 0 {
		o.lines = append(o.lines, "surcharges: ["+strings.Join(extra, ", ")+"]")
	}
	m.answer = func(q *question) (int64, bool) { return w.total(e, q.pieces(), q.total()) }
	m.carts = []question{cartOf(byTotal, 1), cartOf(byTotal, 4_999), cartOf(byTotal, 10_050), cartOf(byTotal, 12_345_678), cartOf(byItems, 1),
		cartOf(byItems, 2), cartOf(byItems, 17)}
	return true
}

// fee writes a share of the goods with bounds.
func (w *wooShop) fee(c table.Cell, l *linear, classes []classCost, o *option) bool {
	scale := minorPer(w.d.currency())
	if classes != nil || l.each.Sign() > 0 || l.fee.low != nil && l.fee.high != nil && l.fee.high.Cmp(l.fee.low) < 0 {
		w.beyondCost(c, o.name, "a fee with bounds goes only with a fixed amount")
		return false
	}
	if _, ok := whole(times(l.fee.value, big.NewRat(100, 1))); !ok || l.fee.value.Cmp(big.NewRat(100, 1)) > 0 {
		w.beyondCost(c, o.name, "the per cent is too exact or over 100")
		return false
	}
	o.price = trimZeros(l.fee.value, 1) + "% of goods"
	if l.fixed.Sign() > 0 {
		n, _ := whole(times(l.fixed, scale))
		o.lines = append(o.lines, "surcharges: [{add: "+major(n, w.d.currency())+"}]")
	}
	for _, b := range []struct {
		key   string
		limit *big.Rat
	}{{"min_price", l.fee.low}, {"max_price", l.fee.high}} {
		if b.limit == nil {
			continue
		}
		n, ok := whole(times(new(big.Rat).Add(b.limit, l.fixed), scale))
		if !ok {
			w.beyondCost(c, o.name, "a bound has too many decimals")
			return false
		}
		o.lines = append(o.lines, b.key+": "+major(n, w.d.currency()))
	}
	return true
}

// total works a cost out in minor units, rounded half up.
func (w *wooShop) total(e *expression, pieces, total int64) (int64, bool) {
	scale := minorPer(w.d.currency())
	round := func(x *big.Rat) *big.Rat {
		half := new(big.Rat).Add(times(x, scale), big.NewRat(1, 2))
		return new(big.Rat).Quo(new(big.Rat).SetInt64(floor(half)), scale)
	}
	x, ok := e.cost(new(big.Rat).SetInt64(pieces), new(big.Rat).Quo(new(big.Rat).SetInt64(total), scale), round)
	if !ok || x.Sign() < 0 {
		return 0, false
	}
	return floor(times(round(x), scale)), true
}

// trimZeros writes a number times by with at most two decimals.
func trimZeros(x *big.Rat, by int64) string {
	text := times(x, big.NewRat(by, 1)).FloatString(2)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// byClass writes the costs of the classes as prices of their goods.
func (w *wooShop) byClass(classes []classCost, highest bool, o *option) {
	list := &priceList{head: []string{"class", "price"}}
	for _, c := range classes {
		price := int64(0)
		if c.lin != nil {
			price, _ = whole(times(c.lin.fixed, minorPer(w.d.currency())))
			if n, _ := whole(times(c.lin.each, minorPer(w.d.currency()))); n > 0 {
				w.surcharge(o, fmt.Sprintf("{class: %s, each: 1 item, add: %s}", c.class, major(n, w.d.currency())))
			}
		}
		list.rows = append(list.rows, []string{cmpText(c.class, "any"), major(price, w.d.currency())})
	}
	o.price, o.list = "", list
	o.lines = append(o.lines, "price_per: class")
	if highest {
		o.lines = append(o.lines, "combine: highest")
	}
}

// surcharge adds a row to those of an option.
func (w *wooShop) surcharge(o *option, row string) {
	for i, l := range o.lines {
		if list, ok := strings.CutPrefix(l, "surcharges: ["); ok {
			o.lines[i] = "surcharges: [" + strings.TrimSuffix(list, "]") + ", " + row + "]"
			return
		}
	}
	o.lines = append(o.lines, "surcharges: ["+row+"]")
}

// withClasses adds the costs of the classes as WooCommerce does: their sum, or the highest.
func (w *wooShop) withClasses(base func(*question) (int64, bool), classes []classCost, highest bool) func(*question) (int64, bool) {
	return func(q *question) (int64, bool) {
		price, ok := base(q)
		var sum, most int64
		for _, c := range classes {
			var pieces, total int64
			for _, g := range q.parts() {
				if g.tag == c.tag {
					pieces, total = pieces+g.pieces, total+g.total
				}
			}
			if pieces == 0 || c.e == nil {
				continue
			}
			x, fine := w.total(c.e, pieces, total)
			ok = ok && fine
			sum, most = sum+x, max(most, x)
		}
		if highest {
			return price + most, ok
		}
		return price + sum, ok
	}
}
