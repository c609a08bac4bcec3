package compare

import (
	"context"
	"slices"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// checked is a check of either rulebook, or of both.
type checked struct {
	id   string
	at   [2]int             // index in its rulebook; -1: not there
	said [2]*checks.Anatomy // nil: not there
	part [2]*shipping.Anatomy
}

// What an order meets, as both sides of a change.
const (
	passes  = "passes"
	stopped = "stopped"
)

// checkList lines the checks of both up by their ids, those of a first.
func (d *differ) checkList() []*checked {
	var list []*checked
	for k, b := range []*authoring.Book{d.a, d.b} {
		if b.Rules.Checks == nil {
			continue
		}
		all := b.Rules.Checks.Anatomy(b.Rules.Shipping.Languages())
		for i := range all {
			at := slices.IndexFunc(list, func(c *checked) bool { return c.id == all[i].ID })
			if at < 0 {
				at = len(list)
				list = append(list, &checked{id: all[i].ID, at: [2]int{-1, -1}})
			}
			list[at].at[k], list[at].said[k], list[at].part[k] = i, &all[i], d.checkPart(k, b, &all[i])
		}
	}
	return list
}

// checkPart is a check as if it were an option, so that its conditions are cut as those of options are.
func (d *differ) checkPart(side int, b *authoring.Book, c *checks.Anatomy) *shipping.Anatomy {
	p := &shipping.Anatomy{ID: c.ID, Cart: c.Cart, Zones: c.Zones, Currencies: []table.Currency{b.Rules.Shipping.Currency()}}
	for _, cond := range c.Conditions {
		p.Conditions = append(p.Conditions, shipping.ConditionUse{Kind: "when", Condition: cond})
	}
	d.own[p] = side
	return p
}

// is reports whether a part is of the rulebook of a side: 0 before, 1 after.
func (d *differ) is(side int, p *shipping.Anatomy) bool {
	if own, known := d.own[p]; known {
		return own == side
	}
	return []*authoring.Book{d.a, d.b}[side].Part(p.ID) == p
}

// checkGrids are the questions which orders each check is about.
func (d *differ) checkGrids(ctx context.Context) []*grid {
	var list []*grid
	for _, c := range d.checks {
		var parts []*shipping.Anatomy
		for _, p := range c.part {
			if p != nil {
				parts = append(parts, p)
			}
		}
		for _, currency := range d.a.Currencies() {
			if slices.Contains(d.b.Currencies(), currency) {
				list = append(list, &grid{d: d, kind: KindCheck, ids: []string{c.id}, currency: currency, axes: d.axes(ctx, parts, currency), ask: d.askCheck(c)})
			}
		}
	}
	return list
}

// askCheck observes whether the conditions of a check hold. Without a postcode nobody can buy, so nothing is observed there.
func (d *differ) askCheck(c *checked) func(ctx context.Context, p *point, before, after []Value) {
	return func(ctx context.Context, p *point, before, after []Value) {
		if p.place != nil && p.place.Thin {
			return
		}
		q := p.question()
		o := d.a.Order(ctx, q)
		for k, b := range []*authoring.Book{d.a, d.b} {
			text := passes
			if c.at[k] >= 0 {
				query := b.Engine.Query(rules.Validation, o, q.Now)
				query.Facts.Group = q.Group
				// An error is a cart out of range, which no question has.
				_ = b.Rules.Checks.Ask(ctx, query, func(check int, truth table.Truth) {
					if check == c.at[k] && truth == table.Yes {
						text = stopped
					}
				})
			}
			[2][]Value{before, after}[k][0] = Value{Offered: true, Text: text}
		}
	}
}

// saidChanges tells what checks that are in both ask of members, and what they tell buyers; and the checks that are new or gone
// and of which no order was found that meets them.
func (d *differ) saidChanges(told []Change) []Change {
	var list []Change
	for _, c := range d.checks {
		if c.said[0] == nil || c.said[1] == nil {
			change := Change{Kind: KindCheck, Option: c.id, Sign: "+", After: Value{Offered: true}}
			if c.said[1] == nil {
				change.Sign, change.Before, change.After = "-", Value{Offered: true}, Value{}
			}
			if !slices.ContainsFunc(told, func(t Change) bool { return t.Kind == KindCheck && t.Option == c.id }) {
				list = append(list, change)
			}
			continue
		}
		var keys []string
		texts := [2]map[string]string{{}, {}}
		for k := range texts {
			for _, s := range c.said[k].Says {
				texts[k][s.Key] = s.Text
				if !slices.Contains(keys, s.Key) {
					keys = append(keys, s.Key)
				}
			}
		}
		for _, key := range keys {
			if was, is := texts[0][key], texts[1][key]; was != is {
				list = append(list, Change{Kind: KindCheck, Option: c.id, Sign: "~", Where: key, Before: Value{Offered: true, Text: was}, After: Value{Offered: true, Text: is}})
			}
		}
	}
	return list
}

// otherCurrency says of which orders a change of a check is that is not the same in the first currency.
func (d *differ) otherCurrency(c *Change, currency string) {
	if c.Kind != KindCheck || currency == d.a.Currencies()[0] {
		return
	}
	c.When = append(c.When, Condition{"currency", "orders in " + currency})
	c.Where = inOrder(c.When)
}

// signChecks marks the changes of checks that only one of the rulebooks has.
func (d *differ) signChecks(changes []Change) {
	for i := range changes {
		c := &changes[i]
		at := slices.IndexFunc(d.checks, func(x *checked) bool { return x.id == c.Option })
		if c.Kind != KindCheck || at < 0 {
			continue
		}
		switch x := d.checks[at]; {
		case x.said[0] == nil:
			c.Sign = "+"
		case x.said[1] == nil:
			c.Sign = "-"
		}
	}
}
