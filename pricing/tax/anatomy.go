package tax

import (
	"maps"
	"slices"

	"github.com/kvitto/kvitto/rules/table"
)

// Anatomy is what a tax file is made of, for those who analyse a rulebook: everything at which its answer can change, but for
// the days, see Changes. Nothing in it may be changed.
type Anatomy struct {
	Zones     *table.Zones // special areas
	Classes   *table.Classes
	Countries []string          // that it says something about, ascending; of the data file those that are served
	Regions   []string          // e.g. US-CA, ascending
	Limits    []table.MoneyList // of values of goods
	VATID     bool              // a VAT id can change the answer
	ZIPs      [][2]string       // stretches of US ZIP codes of rate files, ascending by state
	Fees      []table.Condition
}

// Anatomy takes the file apart.
func (t *Table) Anatomy() Anatomy {
	a := Anatomy{Zones: t.zones, Classes: t.classes, VATID: t.sales == nil && t.b2b.reverse && t.b2b.checked}
	for _, code := range slices.Sorted(maps.Keys(t.places)) {
		p := t.places[code]
		if p.dest != nil || p.union && t.union != nil {
			a.Countries = append(a.Countries, code)
		}
		if p.dest != nil {
			a.Limits = append(a.Limits, p.dest.limits)
		}
		for i := range p.regions {
			r := &p.regions[i]
			a.Regions = append(a.Regions, code+"-"+r.code)
			if r.dest != nil {
				a.Limits = append(a.Limits, r.dest.limits)
			}
		}
	}
	for _, d := range []*destination{t.star, t.union} {
		if d != nil {
			a.Limits = append(a.Limits, d.limits)
		}
	}
	if t.sales != nil {
		t.sales.anatomy(&a)
	}
	slices.Sort(a.Regions)
	return a
}

// anatomy takes sales tax apart.
func (s *sales) anatomy(a *Anatomy) {
	a.Countries = []string{usa}
	for _, code := range slices.Sorted(maps.Keys(s.states)) {
		st := s.states[code]
		a.Regions = append(a.Regions, usa+"-"+code)
		for _, x := range st.exempt {
			a.Limits = append(a.Limits, x.below.Values...)
		}
		for _, x := range st.fees {
			a.Fees = append(append(a.Fees, x.when...), x.unless...)
		}
		for i := range st.periods {
			for _, r := range st.periods[i].rows {
				a.ZIPs = append(a.ZIPs, [2]string{zipText(r.from), zipText(r.to)})
			}
		}
	}
}
