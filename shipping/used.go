package shipping

import (
	"slices"

	"github.com/kvitto/kvitto/rules/table"
)

// zonesInUse lists the zones that options look at, in the order in which they are first named there.
func (t *Table) zonesInUse() []table.ZoneID {
	var used []table.ZoneID
	add := func(id table.ZoneID) {
		if !slices.Contains(used, id) {
			used = append(used, id)
		}
	}
	for i := range t.options {
		t.options[i].zones(add)
	}
	return used
}

// zones visits the zones that an option looks at.
func (o *option) zones(visit func(table.ZoneID)) {
	o.conditions(func(c *table.Condition) {
		for _, term := range c.Terms() {
			for _, id := range term.Zones {
				visit(id)
			}
		}
	})
	o.places(visit)
}

// conditions visits every condition of an option.
func (o *option) conditions(visit func(*table.Condition)) {
	for _, cs := range [][]table.Condition{o.gates, o.when, o.unless} {
		for i := range cs {
			visit(&cs[i])
		}
	}
	for _, p := range o.price.Values {
		if p == nil { // could not be read, which was told
			continue
		}
		for i := range p.rows {
			visit(&p.rows[i].when)
		}
	}
	for i := range o.surcharges {
		visit(&o.surcharges[i].when)
	}
	if o.free != nil {
		visit(&o.free.when)
	}
}

// places visits the zones of price columns and of pickup points.
func (o *option) places(visit func(table.ZoneID)) {
	for _, p := range o.price.Values {
		for _, c := range p.cols {
			if !c.everywhere {
				visit(c.zone)
			}
		}
	}
	if o.pickup == nil {
		return
	}
	for i := range o.pickup.points {
		if p := &o.pickup.points[i]; !p.everywhere {
			visit(p.zone)
		}
	}
}

// undecided reports whether the answer waits for the postcode: a zone in use is possible and not certain.
func (s *state) undecided() bool {
	w := s.facts.Where
	if w.Known || w.Certain == w.Possible || !s.t.zones.UsesPostcodes(s.q.Destination.Country) {
		return false
	}
	return slices.ContainsFunc(s.t.used, func(id table.ZoneID) bool {
		return s.t.zones.Has(w.Possible, id) && !s.t.zones.Has(w.Certain, id)
	})
}
