// Package nearest says what an order would have to be like to be offered something else: at which value, weight, number of
// pieces, size, postcode or time an option first costs something else, comes or goes.
//
// Its one rule: nothing is guessed. The tables say where their answer can change, and the engine is asked there; what it answers
// alike is no change.
package nearest

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// Find puts into x the nearest changes of all its options, in the order of the tables. b is the rulebook that x was explained
// with, without plug-ins. An error is that of ctx.
func Find(ctx context.Context, b *authoring.Book, x *rulestest.Explanation) error {
	if x.Query == nil {
		return nil
	}
	f := &finder{ctx: ctx, b: b, q: x.Query}
	for i := range b.Parts {
		if !b.Parts[i].Off {
			f.parts = append(f.parts, &b.Parts[i])
			f.traced = f.traced || follows(&b.Parts[i])
		}
	}
	f.base = f.ask(f.q.Order, f.q.Now)
	if f.base == nil {
		return ctx.Err()
	}
	for _, g := range f.groups() {
		f.byGoods(g)
	}
	f.byPostcode()
	f.byTime()
	if err := ctx.Err(); err != nil {
		return err
	}
	rank := func(id string) int {
		return slices.IndexFunc(f.parts, func(p *shipping.Anatomy) bool { return p.ID == id })
	}
	slices.SortStableFunc(f.found, func(a, b rulestest.Change) int { return rank(a.Option) - rank(b.Option) })
	x.Changes = f.found
	return nil
}

// finder asks about variations of one order.
type finder struct {
	ctx    context.Context
	b      *authoring.Book
	q      *rules.Query // as everything is
	parts  []*shipping.Anatomy
	traced bool // some price follows the value of the goods, so its rows are compared and not its amount
	base   []state
	found  []rulestest.Change
}

// state is what comes of one option; rows are the places of the tables that made its price.
type state struct {
	offered bool
	price   order.Amount
	rate    order.Rate
	rows    string
}

// follows reports whether a price moves with the value of the goods from one minor unit to the next.
func follows(p *shipping.Anatomy) bool { return p.Shares || p.ExclTax }

// ask asks about an order: a state for each of parts, nil where it could not be answered.
func (f *finder) ask(o *order.Order, now time.Time) []state {
	if f.ctx.Err() != nil {
		return nil
	}
	q := f.b.Engine.Query(f.q.Callback, o, now)
	q.Facts.Group, q.Facts.Coupons = f.q.Facts.Group, f.q.Facts.Coupons
	if f.traced {
		q.Trace = &rules.Trace{}
	}
	plan, _, err := f.b.Engine.Price(f.ctx, q)
	if err != nil {
		return nil
	}
	list := make([]state, len(f.parts))
	if plan == nil {
		return list // refused: nothing is offered
	}
	a := authoring.Answer{Options: plan.Options}
	for i, p := range f.parts {
		if o := a.Option(p.ID); o != nil {
			list[i] = state{offered: true, price: o.Price, rate: o.TaxRate, rows: rowsOf(q.Trace, p.ID)}
		}
	}
	return list
}

// rowsOf are the places of the rows that made a price.
func rowsOf(t *rules.Trace, id string) string {
	if t == nil {
		return ""
	}
	var rows []byte
	for i := range t.Options {
		if t.Options[i].ID != id {
			continue
		}
		for _, st := range t.Options[i].Steps {
			if st.HasAmount {
				rows = append(append(rows, st.File...), byte(st.Line), byte(st.Line>>8), byte(st.Line>>16), byte(st.Col))
			}
		}
	}
	return string(rows)
}

// A difference reports whether two states of an option differ in what an axis is about.
type difference func(p *shipping.Anatomy, a, b *state) bool

// inPrice is whether it is offered, and at which price.
func inPrice(_ *shipping.Anatomy, a, b *state) bool {
	return a.offered != b.offered || a.price != b.price
}

// inRows is inPrice but for prices that follow the value: those differ where other rows make them.
func inRows(p *shipping.Anatomy, a, b *state) bool {
	if follows(p) && a.offered && b.offered {
		return a.rows != b.rows
	}
	return inPrice(p, a, b)
}

// inTax is inPrice, and the tax.
func inTax(p *shipping.Anatomy, a, b *state) bool { return inPrice(p, a, b) || a.rate != b.rate }

// change is what became of an option.
func (f *finder) change(i int, by string, up bool, when string, from, to *state) rulestest.Change {
	return rulestest.Change{Option: f.parts[i].ID, By: by, Up: up, When: when, Offered: to.offered, Price: to.price, Was: from.offered,
		Before: from.price, Rate: to.rate, OldRate: from.rate}
}

// group are the options that read a cart in the same way.
type group struct {
	rules table.CartRules
	of    []int // by index into parts
	cart  table.Cart
	lims  *authoring.Limits
}

func (f *finder) groups() []*group {
	var list []*group
	for i, p := range f.parts {
		k := slices.IndexFunc(list, func(g *group) bool { return reflect.DeepEqual(g.rules, p.Cart) })
		if k < 0 {
			k = len(list)
			list = append(list, &group{rules: p.Cart})
		}
		list[k].of = append(list[k].of, i)
	}
	for _, g := range list {
		g.lims = authoring.LimitsOf(f.parts...) // of all: options may hide each other
	}
	return slices.DeleteFunc(list, func(g *group) bool { return !g.fill(f.q, f.q.Order) })
}

// fill reads an order as the group's options do.
func (g *group) fill(q *rules.Query, o *order.Order) bool {
	as := *q
	as.Order, as.Lines = o, o.Lines
	return g.cart.Fill(&as, &g.rules) == nil
}

// taxLimits are values at which tax.yaml changes its mind; it counts the goods in its own way, which is near enough to look there.
func (f *finder) taxLimits() []authoring.Cut {
	var cuts []authoring.Cut
	for _, list := range f.b.Tax.Limits {
		for _, m := range list {
			if string(m.Currency) == f.q.Currency {
				cuts = append(cuts, authoring.Cut{Start: int64(m.Amount), Text: m.String(), From: true},
					authoring.Cut{Start: int64(m.Amount) + 1, Text: m.String()})
			}
		}
	}
	return cuts
}

// clone is an order whose lines may be changed.
func clone(o *order.Order, lines []order.Line) *order.Order {
	c := *o
	c.Lines = lines
	for i := range lines {
		if tax, err := pricing.TaxWithin(lines[i].TotalAmount, lines[i].TaxRate); err == nil {
			lines[i].TotalTaxAmount = tax
		}
	}
	return &c
}
