package tax

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// spot is an address as the tables see it.
type spot struct {
	codes   [3]string // country codes that may be listed: as the part of a state, as sent, of the state; "" for none
	region  string    // without the country's mark
	union   bool
	area    *area        // special area, nil for none
	dest    *destination // nil: not served
	card    *card        // nil: no tax
	reverse bool         // the buyer owes the tax
	limit   order.Amount // of itemBelow and orderUpTo, in the order's currency
	limited bool         // there is one in that currency
	over    bool         // orderUpTo: the order is over it
}

// locate looks up where an order goes. It allocates nothing.
func (t *Table) locate(q *rules.Query) spot {
	d := &q.Destination
	p := spot{codes: [3]string{"", d.Country, ""}, region: bareRegion(d.Country, d.Region)}
	w := t.zones.Locate(d.Country, d.Region, d.Postcode)
	if i := t.areaOf[w.Certain]; i >= 0 {
		p.area = t.areas[i]
		p.codes[0], p.codes[2] = p.area.alias, p.area.state
	}
	t.listed(&p)
	if p.dest == nil {
		return p
	}
	t.pickCard(&p, d.Country)
	t.pickLimit(&p, q)
	p.reverse = p.card != nil && p.union && t.b2b.applies(t, q, &p)
	return p
}

// bareRegion takes the country's mark off a region.
func bareRegion(country, region string) string {
	if len(region) > 3 && region[2] == '-' && region[:2] == country {
		return region[3:]
	}
	return region
}

// listed finds the most specific entry of destinations.
func (t *Table) listed(p *spot) {
	for _, code := range p.codes {
		at := t.places[code]
		if at == nil {
			continue
		}
		p.union = p.union || at.union
		if p.dest != nil {
			continue
		}
		if r := at.regionOf(p.region); r != nil && r.dest != nil {
			p.dest = r.dest
		} else {
			p.dest = at.dest
		}
	}
	if p.dest == nil && p.union {
		p.dest = t.union
	}
	if p.dest == nil {
		p.dest = t.star
	}
}

// regionOf returns what is known about a region, nil where that is nothing.
func (p *place) regionOf(region string) *regionPlace {
	for i := range p.regions {
		if p.regions[i].code == region {
			return &p.regions[i]
		}
	}
	return nil
}

// pickCard finds the rates: none in an area outside, the shop's for home_rate, else of area, region, country. A
// destination that charges without a rate is not served.
func (t *Table) pickCard(p *spot, country string) {
	special := p.area != nil && p.area.effect
	switch {
	case special && p.area.outside, p.dest.regime == noTax:
		return
	case p.dest.regime == homeRate:
		p.card = t.homeCard
	case special:
		p.card = p.area.card(country)
	}
	for _, code := range p.codes {
		if at := t.places[code]; at != nil && p.card == nil {
			p.card = at.cardOf(p.region)
		}
	}
	if p.card == nil {
		p.dest = nil
	}
}

// cardOf returns the rates of a region, else of the country, else nil.
func (p *place) cardOf(region string) *card {
	if r := p.regionOf(region); r != nil && r.card != nil {
		return r.card
	}
	return p.card
}

// pickLimit finds the limit in the order's currency. Without one the rule does not apply and everything is charged.
func (t *Table) pickLimit(p *spot, q *rules.Query) {
	if p.dest == nil || p.dest.regime != itemBelow && p.dest.regime != orderUpTo {
		return
	}
	p.limit, p.limited = p.dest.limits.In(table.Currency(q.Currency))
	p.over = p.limited && p.dest.regime == orderUpTo && orderValue(sentLines(q)) > p.limit
}

// charged reports whether the destination's rule taxes a line. The value of a piece is its price as sent, tax included,
// after the line's own discount.
func (p *spot) charged(l *order.Line) bool {
	switch {
	case !p.limited:
		return true
	case p.dest.regime == orderUpTo:
		return !p.over
	default:
		return pieceValue(l) < p.limit
	}
}

// pieceValue is the whole minor units of a line's total per piece, rounded down: v/n < limit just where ⌊v/n⌋ < limit.
func pieceValue(l *order.Line) order.Amount {
	if l.Quantity <= 1 {
		return l.TotalAmount
	}
	v := l.TotalAmount / order.Amount(l.Quantity)
	if l.TotalAmount < 0 && l.TotalAmount%order.Amount(l.Quantity) != 0 {
		v--
	}
	return v
}
