package shipping

import (
	"time"

	"github.com/kvitto/kvitto/rules/table"
)

// Changes implements rules.Dated: the instants at which an option or a price can change. Days of delivery change texts
// only and are not among them.
func (t *Table) Changes(from, to time.Time) []time.Time {
	in := table.NewInstants(from, to, t.location)
	for i := range t.options {
		t.options[i].instants(in)
	}
	return in.Times()
}

func (o *option) instants(in *table.Instants) {
	o.conditions(func(c *table.Condition) { c.Instants(in) })
	o.datedValues(in)
}

// datedValues adds the days on which prices change.
func (o *option) datedValues(in *table.Instants) {
	o.price.Instants(in)
	for _, p := range o.price.Values {
		for i := range p.rows {
			p.rows[i].price.Instants(in)
		}
	}
	for i := range o.surcharges {
		o.surcharges[i].add.Instants(in)
	}
	for _, b := range []*bound{o.minPrice, o.maxPrice} {
		if b != nil {
			b.money.Instants(in)
		}
	}
	if o.free != nil {
		o.free.total.Instants(in)
	}
}
