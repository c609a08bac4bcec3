package tax

import (
	"context"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Goods implements rules.TaxEngine. It allocates the rates only, unless it rejects or somebody asked why. Lines that tables
// may not move, and discount lines, are left alone; surcharges of a class carry its rate, others the standard rate. A
// limit in another currency than the order's does not apply: everything is charged, and a reason says so.
func (t *Table) Goods(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
	if t.sales != nil {
		return t.salesGoods(), nil
	}
	p := t.locate(q)
	if p.dest == nil {
		return rules.GoodsTax{
			Keep: t.keep, Rates: make([]pricing.LineRate, len(q.Lines)),
			Reject:  &rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"},
			Reasons: []rules.Reason{{Rule: "destinations", File: t.file, Detail: "the country is not listed under destinations"}},
		}, nil
	}
	out := rules.GoodsTax{Keep: t.keep, Rates: make([]pricing.LineRate, len(q.Lines))}
	if p.reverse {
		out.Keep = pricing.KeepNet
	}
	day, _, _ := table.DateOf(q.Now.In(t.loc))
	tags := q.LineTags()
	for i := range q.Lines {
		l := &q.Lines[i]
		if !l.Rated() || l.Kind() == order.Discount {
			continue
		}
		why := t.rate(&p, l, t.classes.In(q, l, tags.Of(i)).First(), day)
		out.Rates[i] = pricing.LineRate{Rate: why.rate, Apply: true}
		if q.Trace != nil {
			q.Trace.Goods = append(q.Trace.Goods, t.lineStep(&p, i, &why))
		}
	}
	if q.Trace != nil || p.dest.hasLimit() && !p.limited {
		out.Reasons = t.reasons(q, &p)
	}
	return out, nil
}

// verdict is the rate of a line and what decided it.
type verdict struct {
	cause cause
	rate  order.Rate
	class table.ClassID
	at    diag.Place
}

// cause is why a line has its rate.
type cause uint8

const (
	byClass cause = iota // the rate of its class, or standard
	byReverse
	byArea  // outside the VAT area
	byNone  // destinations says none
	byLimit // over the limit of the destination
)

// rate decides the rate of one line.
func (t *Table) rate(p *spot, l *order.Line, class table.ClassID, day table.Date) verdict {
	switch {
	case p.reverse:
		return verdict{cause: byReverse, class: class, at: t.b2b.at}
	case p.area != nil && p.area.outside:
		return verdict{cause: byArea, class: class, at: p.area.at}
	case p.card == nil:
		return verdict{cause: byNone, class: class, at: p.dest.at}
	case !p.charged(l):
		return verdict{cause: byLimit, class: class, at: p.dest.at}
	}
	s := p.card.of(class).on(day)
	return verdict{cause: byClass, rate: s.rate, class: class, at: s.at}
}

// hasLimit reports whether the entry charges up to a value only.
func (d *destination) hasLimit() bool { return d.regime == itemBelow || d.regime == orderUpTo }
