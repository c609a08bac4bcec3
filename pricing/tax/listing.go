package tax

import (
	"maps"
	"slices"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Listing is a place that the file names under destinations or collect_in.
type Listing struct {
	Key string // a country, a region such as US-CA, EU, or *
	At  diag.Place
}

// Listings lists what is named under destinations, or the states of collect_in, by key.
func (t *Table) Listings() []Listing {
	byKey := map[string]diag.Place{}
	if t.sales != nil {
		for code, st := range t.sales.states {
			byKey[usa+"-"+code] = st.at
		}
	}
	for _, d := range t.destinations() {
		byKey[d.key] = d.at
	}
	var list []Listing
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		list = append(list, Listing{key, byKey[key]})
	}
	return list
}

func (t *Table) destinations() []*destination {
	all := []*destination{t.star, t.union}
	for _, p := range t.places {
		all = append(all, p.dest)
		for i := range p.regions {
			all = append(all, p.regions[i].dest)
		}
	}
	return slices.DeleteFunc(all, func(d *destination) bool { return d == nil })
}

// ListingOf returns the key that decides about an address, "" where none does; also for sales tax, where it is always "".
func (t *Table) ListingOf(to rules.Destination) string {
	if t.sales != nil {
		return ""
	}
	if p := t.locate(&rules.Query{Destination: to}); p.dest != nil {
		return p.dest.key
	}
	return ""
}
