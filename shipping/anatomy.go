package shipping

import (
	"slices"
	"time"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Anatomy is what an option is made of, for those who analyse a rulebook: everything at which its answer can change. Nothing in
// it may be changed.
type Anatomy struct {
	ID         string
	Place      diag.Place
	Off        bool
	Conditions []ConditionUse
	Free       []table.MoneyList // totals of free_from, of all days
	Steps      []UnitStep
	Cart       table.CartRules
	Currencies []table.Currency // it has prices in
	Shares     bool             // some amount is a share of the goods
	Apart      bool             // groups, lines or pieces are priced by themselves
	ExclTax    bool             // prices have no tax in them
	Group      int              // of one_of; 0: none
	Hides      []string         // ids of the options that it hides
	Zones      []table.ZoneID   // that it looks at
	TaxClass   string           // "": as shipping_tax says

	o *option
}

// ConditionUse is a condition and what it decides about.
type ConditionUse struct {
	Kind      string // option, when, unless, price, surcharge, free_from
	Condition *table.Condition
	Apart     bool // asked about a group of the goods, see price_per
}

// UnitStep is over and each of a surcharge: pieces, or a weight in micrograms. 0 is none.
type UnitStep struct {
	Over, Each int64
	Weight     bool
}

// Anatomy lists all options in file order, those that are off too.
func (t *Table) Anatomy() []Anatomy {
	list := make([]Anatomy, len(t.options))
	for i := range t.options {
		list[i] = t.options[i].anatomy(t)
	}
	return list
}

// Trims reports whether the options of the whole list decide together which are shown: sort or max_options.
func (t *Table) Trims() bool { return t.sortByPrice || t.maxOptions > 0 }

// Changes are the moments in (from, to] at which the option's answer can change, ascending.
func (a *Anatomy) Changes(from, to time.Time, loc *time.Location) []time.Time {
	in := table.NewInstants(from, to, loc)
	a.o.instants(in)
	return in.Times()
}

// Days are the moments in (from, to] at which something begins or ends by date, ascending: without those that come every day
// or week.
func (a *Anatomy) Days(from, to time.Time, loc *time.Location) []time.Time {
	in := table.NewInstants(from, to, loc)
	if a.o != nil {
		a.o.datedValues(in)
	}
	for _, c := range a.Conditions {
		dates(c.Condition, in)
	}
	return in.Times()
}

func (o *option) anatomy(t *Table) Anatomy {
	a := Anatomy{ID: o.id, Place: o.at, Off: o.off, Cart: t.carts[o.cart], Apart: o.per != perCart, ExclTax: t.exclTax, Group: o.group, o: o}
	o.conditionUses(func(kind string, c *table.Condition) {
		a.Conditions = append(a.Conditions, ConditionUse{Kind: kind, Condition: c, Apart: a.Apart && kind == "price"})
	})
	if o.free != nil {
		a.Free = o.free.total.Values
	}
	for _, p := range o.price.Values {
		list, all := p.currencies()
		a.Currencies, a.Shares = append(a.Currencies, list...), a.Shares || all
	}
	for i := range o.surcharges {
		s := &o.surcharges[i]
		if s.over.set || s.each.set {
			a.Steps = append(a.Steps, UnitStep{Over: s.over.n, Each: s.each.n, Weight: s.over.weight || s.each.weight})
		}
		for j := range s.add.Values {
			a.Shares = a.Shares || s.add.Values[j].kind == shareOfGoods
		}
	}
	a.TaxClass = o.taxClass
	o.zones(func(id table.ZoneID) {
		if !slices.Contains(a.Zones, id) {
			a.Zones = append(a.Zones, id)
		}
	})
	for _, i := range o.hides {
		a.Hides = append(a.Hides, t.options[i].id)
	}
	return a
}

// conditionUses visits every condition of an option with what it decides about.
func (o *option) conditionUses(visit func(kind string, c *table.Condition)) {
	for _, g := range []struct {
		kind string
		list []table.Condition
	}{{"option", o.gates}, {"when", o.when}, {"unless", o.unless}} {
		for i := range g.list {
			visit(g.kind, &g.list[i])
		}
	}
	for _, p := range o.price.Values {
		for i := range p.rows {
			visit("price", &p.rows[i].when)
		}
	}
	for i := range o.surcharges {
		visit("surcharge", &o.surcharges[i].when)
	}
	if o.free != nil {
		visit("free_from", &o.free.when)
	}
}

// dates adds the days on which a condition begins or ends to hold.
func dates(c *table.Condition, in *table.Instants) {
	for _, t := range c.Terms() {
		switch t.Word {
		case table.WordFrom:
			in.Day(table.Date(t.Limit))
		case table.WordUntil:
			in.Day(table.Date(t.Limit) + 1)
		}
	}
}

// Judge asks every condition of every option about the goods of q and tells what came of each word: option and condition are
// indexes into Anatomy. Conditions of price rows with price_per are asked about each group; the others about the whole cart.
// An error is an amount out of range.
func (t *Table) Judge(q *rules.Query, visit func(option, condition, term int, truth table.Truth)) error {
	s := t.pool.Get().(*state)
	defer s.end()
	s.begin(q)
	s.tr = nil
	for i := range t.options {
		o := &t.options[i]
		if err := s.weigh(o.cart); err != nil {
			return err
		}
		n := -1
		o.conditionUses(func(kind string, c *table.Condition) {
			n++
			if o.per == perCart || kind != "price" {
				s.judge(c, func(term int, truth table.Truth) { visit(i, n, term, truth) })
				return
			}
			s.eachGroup(o, func() { s.judge(c, func(term int, truth table.Truth) { visit(i, n, term, truth) }) })
		})
	}
	return nil
}

// judge asks the words of a condition one by one.
func (s *state) judge(c *table.Condition, visit func(term int, truth table.Truth)) {
	for i := range c.Terms() {
		visit(i, c.TermHolds(i, &s.facts))
	}
}

// eachGroup points the facts at each group of the cart in turn.
func (s *state) eachGroup(o *option, visit func()) {
	cart := s.facts.Cart
	defer func() { s.facts.Cart = cart }()
	s.facts.Cart = &s.group
	switch o.per {
	case perClass:
		for id := table.NoClass; int(id) < len(s.t.classes.Names()); id++ {
			if cart.Group(&s.group, id); len(s.group.Items) > 0 {
				visit()
			}
		}
	default:
		for i := range cart.Items {
			if o.per == perLine {
				cart.Line(&s.group, i)
			} else {
				cart.Piece(&s.group, i)
			}
			visit()
		}
	}
}
