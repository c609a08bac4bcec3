package tax

import (
	"maps"
	"math"
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// area is a part of a country that is special for taxes, by its postcodes.
type area struct {
	name    string
	zone    table.ZoneID
	state   string           // of an area of the data file, else ""
	alias   string           // its own country code where it is an ordinary part of its state: XI of GB
	effect  bool             // it changes something: outside, or rates of its own
	outside bool             // not in the VAT area of its state
	cards   map[string]*card // rates of its own by country, "" for all of an area of the data file
	at      diag.Place
}

// card returns the rates of an area for an address in a country, nil where it has none of its own.
func (a *area) card(country string) *card {
	if c := a.cards[country]; c != nil {
		return c
	}
	return a.cards[""]
}

// readAreas makes zones of the areas of the data file and of those declared here, and reads what areas says about them.
func (l *loader) readAreas() {
	t := l.table
	n := l.zoneNodes()
	t.zones = table.CompileZones(table.ZonesSource{Zones: n, ZoneFiles: l.root.Get("zone_files"), FS: l.fsys,
		Countries: func(string) []string { return l.data.members() }}, l.report)
	for _, d := range l.data.areas {
		id, ok := t.zones.ID(d.name)
		if !ok {
			continue
		}
		a := &area{name: d.name, zone: id, state: d.state, at: d.place, outside: d.vat == "outside", effect: d.vat != "state"}
		if d.vat == "own" {
			a.cards = map[string]*card{"": l.areaCard(d.name, d.state, d, nil)}
		}
		if d.vat == "state" {
			a.alias = l.alias(d)
		}
		t.areas = append(t.areas, a)
		t.uses.Zone(id)
	}
	if v := l.root.Get("areas"); v != nil && diag.WantMap(v, "`areas`", l.report) {
		for i, key := range v.Keys {
			l.readArea(key, v.Values[i])
		}
	}
	l.checkShared()
	t.areaOf = t.bySet()
}

// zoneNodes puts the areas of the data file and the zones of this file into one map.
func (l *loader) zoneNodes() *diag.Node {
	n := &diag.Node{Kind: diag.Map}
	if own := l.root.Get("zones"); own != nil && diag.WantMap(own, "`zones`", l.report) {
		n.Place, n.Path = own.Place, own.Path
		n.Keys, n.Values = slices.Clone(own.Keys), slices.Clone(own.Values)
	}
	for _, d := range l.data.areas {
		if d.postcodes == nil {
			continue
		}
		if i := slices.IndexFunc(n.Keys, func(k *diag.Node) bool { return k.Text == d.name }); i >= 0 {
			f := l.report.Errorf(diag.CodeDuplicate, n.Keys[i].Place, "the data file has an area `%s` already", d.name)
			f.Help = "give the zone another name"
			f.Cause = &diag.Cause{Place: d.place, Label: "declared here"}
			continue
		}
		n.Keys = append(n.Keys, &diag.Node{Text: d.name, Place: d.place})
		n.Values = append(n.Values, d.postcodes)
	}
	return n
}

// alias is the country code that an ordinary part of a state has besides.
func (l *loader) alias(d *dataArea) string {
	for i, key := range d.postcodes.Keys {
		if key.Text != d.state && d.postcodes.Values[i].Text == "all" {
			return key.Text
		}
	}
	return ""
}

// areaCard makes the rates of an area in a country: what areas says, then the area's own rates in the data file, then what
// holds in the country. A standard rate that the file sets for the country is not that of an area with rates of its own.
func (l *loader) areaCard(name, country string, d *dataArea, words rateWords) *card {
	src := l.source(country, "")
	src.place = name
	if d != nil && d.slots != nil {
		src.slots = append([]slots{d.slots}, src.slots...)
		src.words = []rateWords{withoutStandard(l.rates[country])}
	}
	src.words = append([]rateWords{words}, src.words...)
	return l.compile(src)
}

func withoutStandard(words rateWords) rateWords {
	words = maps.Clone(words)
	delete(words, standard)
	return words
}

// readArea reads `pt-madeira: none` or `campus: {standard: 9%}`.
func (l *loader) readArea(key, v *diag.Node) {
	t := l.table
	id, ok := t.zones.ID(key.Text)
	if !ok {
		l.tellArea(key)
		return
	}
	t.uses.Zone(id)
	i := slices.IndexFunc(t.areas, func(a *area) bool { return a.zone == id })
	if i < 0 {
		t.areas = append(t.areas, &area{name: key.Text, zone: id})
		i = len(t.areas) - 1
	}
	a := t.areas[i]
	a.at, a.effect, a.outside, a.alias = key.Place, true, false, ""
	if v.Kind == diag.Scalar {
		if diag.WantText(v, "an area", l.report) && v.Text != "none" {
			l.tellWord(v, "way to tax an area", "none", "{standard: …}")
		}
		a.outside, a.cards = true, nil
		return
	}
	words := l.readRateWords(v, "an area")
	a.cards = map[string]*card{}
	if a.state != "" {
		d := l.data.areas[slices.IndexFunc(l.data.areas, func(d *dataArea) bool { return d.name == a.name })]
		a.cards[""] = l.needAreaCard(key, l.areaCard(a.name, a.state, d, words))
		return
	}
	for _, country := range l.countriesOf(id) {
		a.cards[country] = l.needAreaCard(key, l.areaCard(a.name, country, nil, words))
	}
}

func (l *loader) needAreaCard(key *diag.Node, c *card) *card {
	if c == nil {
		l.report.Errorf(codeNoRate, key.Place, "there is no standard rate for the area `%s`", key.Text).Help = "write {standard: …}"
	}
	return c
}

// tellArea tells a name that is no zone.
func (l *loader) tellArea(key *diag.Node) {
	for _, d := range l.data.areas {
		if d.name == key.Text {
			f := l.report.Errorf(codeArea, key.Place, "the area `%s` has no postcodes in the data file", key.Text)
			f.Help = "declare a zone with its postcodes under `zones` and name that"
			return
		}
	}
	f := l.report.Errorf(codeZone, key.Place, "there is no zone or area `%s`", key.Text)
	f.Label = "neither under `zones` of this file nor in the data file"
	f.Help = "declare it under `zones` here (those of shipping.yaml are its own), or name an area of the data file"
	if near := diag.Suggest(key.Text, l.table.zones.Names()); near != "" {
		f.Help, f.Fix = "did you mean "+near+"?", near
	}
}

// countriesOf lists the countries in which a zone lies.
func (l *loader) countriesOf(id table.ZoneID) []string {
	var all []string
	z := l.table.zones
	for _, country := range z.Countries() {
		for s := range z.Segments(country, "") {
			if z.Has(s.Possible, id) {
				all = append(all, country)
				break
			}
		}
	}
	return all
}

// checkShared tells areas with an effect that share a postcode.
func (l *loader) checkShared() {
	z := l.table.zones
	told := map[[2]int]bool{}
	for _, country := range z.Countries() {
		for _, region := range append(slices.Clone(z.Regions(country)), table.OtherRegion) {
			for s := range z.Segments(country, region) {
				for i, a := range l.table.areas {
					for j := i + 1; j < len(l.table.areas); j++ {
						b := l.table.areas[j]
						if a.effect && b.effect && !told[[2]int{i, j}] && z.Has(s.Certain, a.zone) && z.Has(s.Certain, b.zone) {
							told[[2]int{i, j}] = true
							l.tellShared(a, b, country, s)
						}
					}
				}
			}
		}
	}
}

func (l *loader) tellShared(a, b *area, country string, s table.Segment) {
	where := country
	if s.From != "" {
		where += " " + s.From
	}
	f := l.report.Errorf(codeShared, b.at, "the areas `%s` and `%s` share %s", b.name, a.name, where)
	f.Label, f.Help = "which of the two holds there?", "leave the postcodes out of one, or set `"+a.name+"` itself under `areas`"
	f.Cause = &diag.Cause{Place: a.at, Label: "also holds there"}
}

// bySet finds the area of every set of zones: one with an effect before an ordinary part.
func (t *Table) bySet() []int16 {
	out := make([]int16, t.zones.Sets())
	for set := range out {
		out[set] = -1
		for i, a := range t.areas[:min(len(t.areas), math.MaxInt16)] {
			if t.zones.Has(table.SetID(set), a.zone) && (out[set] < 0 || a.effect && !t.areas[out[set]].effect) {
				out[set] = int16(i)
			}
		}
	}
	return out
}
