// Package authoring asks a rulebook made-up questions at every point where its answer can change: at each stretch of
// postcodes, on both sides of each limit, for each class of goods. What comes of that is told by the rooms below: coverage
// says who gets nothing and which rows no test uses, compare says what another rulebook would change, replay runs orders.
//
// Its one rule: the answers are those of the engine that serves; nothing here decides about an order.
package authoring

import (
	"context"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// Book is a rulebook with its engine and what it is made of. It is read-only and safe for concurrent use.
type Book struct {
	Rules  *rulebook.Rulebook
	Engine *rules.Engine
	Parts  []shipping.Anatomy
	Tax    tax.Anatomy
	zones  *table.Zones // of shipping.yaml
}

// Open makes an engine of a rulebook's tables alone, without plug-ins. Of o only what describes a merchant counts.
func Open(b *rulebook.Rulebook, o rules.Options) (*Book, error) {
	o.Members = nil
	e, err := b.Engine(o)
	if err != nil {
		return nil, err
	}
	return &Book{Rules: b, Engine: e, Parts: b.Shipping.Anatomy(), Tax: b.Tax.Anatomy(), zones: b.Shipping.Scope().Zones}, nil
}

// Part is the option with an id, nil where there is none or it is off.
func (b *Book) Part(id string) *shipping.Anatomy {
	for i := range b.Parts {
		if p := &b.Parts[i]; p.ID == id && !p.Off {
			return p
		}
	}
	return nil
}

// Currencies are those that some option has prices in, that of the file first.
func (b *Book) Currencies() []string {
	list := []string{string(b.Rules.Shipping.Currency())}
	seen := map[string]bool{list[0]: true}
	for i := range b.Parts {
		for _, c := range b.Parts[i].Currencies {
			if !b.Parts[i].Off && !seen[string(c)] {
				seen[string(c)] = true
				list = append(list, string(c))
			}
		}
	}
	return list
}

// Names reports whether shipping.yaml or the destinations of tax.yaml name a country.
func (b *Book) Names(country string) bool {
	return slices.Contains(b.zones.Countries(), country) || slices.Contains(b.Tax.Countries, country)
}

// Zones are those of shipping.yaml.
func (b *Book) Zones() *table.Zones { return b.zones }

// Where is a place in the zones of shipping.yaml.
func (b *Book) Where(p *Place) table.Where { return b.zones.Locate(p.Country, p.Region, p.Postcode) }

// TaxWhere is a place in the special areas of tax.yaml.
func (b *Book) TaxWhere(p *Place) table.Where {
	return b.Tax.Zones.Locate(p.Country, p.Region, p.Postcode)
}

// Classes are those of shipping.yaml; nil where there are none.
func (b *Book) Classes() *table.Classes { return b.Rules.Shipping.Scope().Classes }

// Answer is what an engine says to an order.
type Answer struct {
	Options   []order.ShippingOption // empty: nothing to ship, or see Decision
	Effective int                    // index of the option that is paid for; -1: none
	Lines     []order.Line           // that stay, with their tax; with fees and sales tax
	Decision  rules.Decision         // the zero value: there is an answer
	Err       error                  // the tables could not answer
}

// Option is the option of an id, or the first of its pickup points; nil where it is not offered.
func (a *Answer) Option(id string) *order.ShippingOption {
	for i := range a.Options {
		o := &a.Options[i]
		if o.ID == id || len(o.ID) > len(id) && o.ID[:len(id)] == id && o.ID[len(id)] == ':' {
			return o
		}
	}
	return nil
}

// Paid is the option that is paid for, nil where there is none.
func (a *Answer) Paid() *order.ShippingOption {
	if a.Err != nil || a.Effective < 0 || a.Effective >= len(a.Options) {
		return nil
	}
	return &a.Options[a.Effective]
}

// Price asks about an order. group is a customer group that the order does not carry itself; "" is none.
func (b *Book) Price(ctx context.Context, o *order.Order, now time.Time, group string) Answer {
	q := b.Engine.Query(rules.AddressUpdate, o, now)
	if group != "" {
		q.Facts.Group = group
	}
	plan, d, err := b.Engine.Price(ctx, q)
	if err != nil || plan == nil {
		return Answer{Effective: -1, Decision: d, Err: err}
	}
	return Answer{Options: plan.Options, Effective: plan.Effective, Lines: plan.Lines}
}

// Stopped is what checks.yaml says to an order, while the buyer writes the address and when they buy: the first decision that is not
// to accept. Without checks every order is accepted. An error is a cart out of range.
func (b *Book) Stopped(ctx context.Context, o *order.Order, now time.Time, group string) (rules.Decision, error) {
	if b.Rules.Checks == nil {
		return rules.Decision{}, nil
	}
	for _, cb := range []rules.Callback{rules.AddressUpdate, rules.Validation} {
		q := b.Engine.Query(cb, o, now)
		if group != "" {
			q.Facts.Group = group
		}
		if d, err := b.Rules.Checks.Validate(ctx, q); err != nil || d.Verdict != rules.Accept {
			return d, err
		}
	}
	return rules.Decision{}, nil
}

// Ask asks a made-up question.
func (b *Book) Ask(ctx context.Context, q *Question) Answer {
	return b.Price(ctx, b.Order(ctx, q), q.Now, q.Group)
}
