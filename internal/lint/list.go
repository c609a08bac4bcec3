package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// tellList tells one_of and hides that change nothing.
func (l *linter) tellList() {
	for i := range l.options {
		o := &l.options[i]
		if o.Off {
			continue
		}
		if o.Group > 0 && !slices.ContainsFunc(l.options, func(p shipping.Layout) bool { return p.Group == o.Group && !p.Off && p.ID != o.ID }) {
			f := l.r.Warnf(codeList, o.GroupAt, "`%s` is the only option of its `one_of`", o.ID)
			f.Label, f.Help = "there is nothing to choose among", "give the options that exclude each other the same name under one_of"
			f.Notes = []string{"a slip in the name lets buyers see options that were meant to exclude each other"}
		}
		if o.HidesAt.File != "" && !slices.ContainsFunc(o.Hides, func(j int) bool { return l.together(i, j) }) {
			f := l.r.Warnf(codeList, o.HidesAt, "`hides` of `%s` hides nothing", o.ID)
			f.Label, f.Help = "what it names is never offered together with it", "name options that go to the same places, or take it away"
		}
	}
}

// together reports whether two options may be offered to the same address.
func (l *linter) together(i, j int) bool {
	if l.options[j].Off {
		return false
	}
	a, b := l.reaches[i].words, l.reaches[j].words
	if a.unknown || b.unknown {
		return true
	}
	for k := range a.admitted {
		if a.admitted[k] && b.admitted[k] {
			return true
		}
	}
	return false
}

// tellPlaces tells countries of which some postcodes are never offered anything, although others are. What an option keeps
// out by name with not_to is meant.
func (l *linter) tellPlaces() {
	for _, r := range l.reaches {
		if r != nil && r.unknown {
			return
		}
	}
	for _, country := range l.places.zones.Countries() {
		if served, empty := l.servedIn(country); served && empty >= 0 {
			l.tellNowhere(country, empty)
		}
	}
}

// servedIn reports whether some order to a country is offered an option, and the first kind of address there that never is; -1:
// none.
func (l *linter) servedIn(country string) (served bool, empty int) {
	zones := l.places.zones
	empty = -1
	for i := range l.places.kinds {
		k := &l.places.kinds[i]
		unclear := !k.Where.Known && zones.UsesPostcodes(country) || k.Region == "" && len(zones.Regions(country)) > 0
		switch {
		case k.Country != country || unclear:
		case l.offeredAt(i):
			served = true
		case empty < 0 && k.Postcode != "" && !l.keptOut(i):
			empty = i
		}
	}
	return served, empty
}

func (l *linter) offeredAt(kind int) bool {
	return slices.ContainsFunc(l.reaches, func(r *reach) bool { return r != nil && r.offered[kind] })
}

// keptOut reports whether an address is in a zone that options name under not_to, or another zone under except.
func (l *linter) keptOut(kind int) bool {
	zones := l.places.zones
	for id := range zones.Names() {
		if z := table.ZoneID(id); zones.LeftOut(z) && zones.Has(l.places.kinds[kind].Where.Certain, z) {
			return true
		}
	}
	for i := range l.options {
		o := &l.options[i]
		for j := range o.Gates {
			for _, t := range o.Gates[j].Terms() {
				if t.Word != table.WordNotTo {
					continue
				}
				for _, z := range t.Zones {
					if zones.Has(l.places.kinds[kind].Where.Certain, z) {
						return true
					}
				}
			}
		}
	}
	return false
}

// tellNowhere lists the first stretches of a country without any option.
func (l *linter) tellNowhere(country string, kind int) {
	k := &l.places.kinds[kind]
	zones := l.places.zones
	var list []string
	const most = 4
	more := 0
	for s := range zones.Segments(country, k.Region) {
		if !l.nothingAt(country, k.Region, s.From) {
			continue
		}
		if len(list) == most {
			more++
			continue
		}
		text := s.From
		if s.To != s.From {
			text += " to " + s.To
		}
		list = append(list, text)
	}
	text := strings.Join(list, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more stretches", more)
	}
	f := l.r.Warnf(codeNowhere, l.zoneIn(country), "postcodes of %s that are never offered anything: %s", country, text)
	f.Label = "other postcodes of " + country + " are served"
	f.Help = "add them to a zone that an option is for; or leave them out by name with not_to"
	f.Notes = []string{"buyers there cannot check out"}
}

// nothingAt reports whether no order to a postcode is offered anything, and nobody has left it out by name.
func (l *linter) nothingAt(country, region, code string) bool {
	w := l.places.zones.Locate(country, region, code)
	i := slices.IndexFunc(l.places.kinds, func(k table.AddressKind) bool {
		return k.Country == country && k.Region == region && k.Where == w
	})
	return i >= 0 && !l.offeredAt(i) && !l.keptOut(i)
}

// zoneIn is the place of the first zone that some address of a country is in.
func (l *linter) zoneIn(country string) diag.Place {
	zones := l.places.zones
	for id := range zones.Names() {
		for i := range l.places.kinds {
			if k := &l.places.kinds[i]; k.Country == country && zones.Has(k.Where.Possible, table.ZoneID(id)) {
				return zones.Place(table.ZoneID(id))
			}
		}
	}
	return diag.Place{File: "shipping.yaml", Line: 1, Col: 1}
}
