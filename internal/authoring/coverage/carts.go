// Package coverage says what a rulebook leaves open: places whose buyers get nothing, and rows that no test uses.
//
// Its one rule: nothing is sampled. Every place that the tables can tell apart is asked about once, with a cart on each side of
// every limit of weight.
package coverage

import (
	"cmp"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// Cart is a made-up cart that all places are asked about.
type Cart struct {
	Name  string
	Goods authoring.Goods
	Total table.Money // of the goods; no currency: a round amount in that of the order

	weight, class int // which limits and which class it stands for, of StandardCarts; neighbours with the same answers are told together
	cuts          []authoring.Cut
}

// StandardCarts are goods without a class and goods of each class, of a weight on each side of every limit, and goods of a
// value on each side of each limit of value in the file's currency.
func StandardCarts(b *authoring.Book) []Cart {
	var parts []*shipping.Anatomy
	for i := range b.Parts {
		if !b.Parts[i].Off {
			parts = append(parts, &b.Parts[i])
		}
	}
	limits := authoring.LimitsOf(parts...)
	var carts []Cart
	for k, mark := range append([]table.Sample{{}}, classSamples(b)...) {
		for i := range len(limits.Weight) + 1 {
			carts = append(carts, weighed(limits.Weight, i, k, className(b, mark), mark))
		}
	}
	currency := b.Rules.Shipping.Currency()
	cuts := limits.Totals[currency]
	for i := range len(cuts) + 1 {
		if !looksAtValue(parts) || len(cuts) == 0 {
			break
		}
		_, high := authoring.Ends(cuts, i, int64(authoring.Amount(string(currency)))/10)
		c := weighed(limits.Weight, 0, -1, "", table.Sample{})
		c.Total, c.Name = table.Money{Amount: order.Amount(high), Currency: currency}, "goods "+authoring.Between(cuts, i, i)
		c.weight, c.cuts = i, cuts
		carts = append(carts, c)
	}
	return carts
}

// looksAtValue reports whether the value of the goods decides about an offer anywhere, and not only about a price.
func looksAtValue(parts []*shipping.Anatomy) bool {
	for _, p := range parts {
		for i := range p.Conditions {
			c := &p.Conditions[i]
			if c.Kind != "free_from" && c.Kind != "surcharge" && (c.Condition.Term(table.WordMinTotal) != nil || c.Condition.Term(table.WordMaxTotal) != nil) {
				return true
			}
		}
	}
	return false
}

// weighed is a cart in cell i of the limits of weight.
func weighed(cuts []authoring.Cut, i, class int, name string, mark table.Sample) Cart {
	const light = 100
	_, high := authoring.Ends(cuts, i, light)
	if len(cuts) == 0 {
		high = 1000
	}
	return Cart{Goods: authoring.Goods{Grams: high, Mark: mark}, Name: name, weight: i, class: class, cuts: cuts}
}

// named is how the carts from one to another are told together.
func named(first, last *Cart) string {
	if first.cuts == nil && first.weight == last.weight {
		return cmp.Or(first.Name, "any goods")
	}
	name, between := first.Name, authoring.Between(first.cuts, first.weight, last.weight)
	if first.class < 0 {
		name, between = "goods", strings.TrimSpace(between)
	}
	text := strings.TrimSpace(name + " " + between)
	return cmp.Or(text, "any goods")
}

// classSamples are one sample of each class.
func classSamples(b *authoring.Book) []table.Sample {
	var list []table.Sample
	all := b.Classes().Samples()
	for i := range b.Classes().Names() {
		best := -1
		for k := range all {
			if all[k].Set.Has(table.ClassID(i)) && (best < 0 || all[k].Set == 1<<i && all[best].Set != 1<<i) {
				best = k
			}
		}
		if best >= 0 {
			list = append(list, all[best])
		}
	}
	return list
}

func className(b *authoring.Book, s table.Sample) string {
	var names []string
	for i, name := range b.Classes().Names() {
		if s.Set.Has(table.ClassID(i)) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " and ")
}

// ParseCart reads a cart as it stands on a command line: a weight, a value, "3 items", a size, the name of a class, with commas
// between them. Faults are errors in r.
func ParseCart(b *authoring.Book, text string, r *diag.Report) Cart {
	c := Cart{Name: text, class: -1}
	r.AddSource("--cart", []byte(text))
	s := b.Rules.Shipping.Scope()
	s.Report = r
	col := 1
	for _, part := range splitCart(text) {
		bare := strings.TrimSpace(part)
		at := col + len([]rune(part)) - len([]rune(strings.TrimLeft(part, " ")))
		n := &diag.Node{Kind: diag.Scalar, Text: bare, Place: diag.Place{File: "--cart", Line: 1, Col: at, EndCol: at + len([]rune(bare))}}
		c.part(b, &s, n)
		col += len([]rune(part)) + 1
	}
	return c
}

// splitCart parts a text at its commas, but for one between two digits: that is meant as a decimal sign, which is then told.
func splitCart(text string) []string {
	var parts []string
	from := 0
	for i := range len(text) {
		if text[i] != ',' || i > 0 && i+1 < len(text) && isDigit(text[i-1]) && isDigit(text[i+1]) {
			continue
		}
		parts = append(parts, text[from:i])
		from = i + 1
	}
	return append(parts, text[from:])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (c *Cart) part(b *authoring.Book, s *table.Scope, n *diag.Node) {
	words := strings.Fields(n.Text)
	unit := ""
	if len(words) > 0 {
		unit = words[len(words)-1]
	}
	id, isClass := b.Classes().ID(n.Text)
	switch {
	case isClass:
		for _, sample := range classSamples(b) {
			if sample.Set.Has(id) {
				c.Goods.Mark = sample
			}
		}
	case unit == "item" || unit == "items":
		m := *n
		m.Text = strings.TrimSpace(strings.TrimSuffix(n.Text, unit))
		c.Goods.Pieces, _ = s.Count(&m)
	case strings.Contains(n.Text, "x"):
		size, _ := s.Size(n)
		for i, side := range size {
			c.Goods.Sides[i] = int64(side) / 1000
		}
	case unit == "g" || unit == "kg" || unit == "lb" || unit == "oz" || unit == "t":
		w, _ := s.Weight(n)
		c.Goods.Grams = int64(w) / 1_000_000
	default:
		c.Total, _ = s.Money(n)
	}
}
