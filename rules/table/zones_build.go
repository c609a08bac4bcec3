package table

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// zoneBuilder collects the patterns of all zones, per country.
type zoneBuilder struct {
	src       ZonesSource
	report    *diag.Report
	zones     *Zones
	excepts   [][]ZoneID // by zone
	placed    []bool     // zone has a pattern, right or wrong
	countries map[string]*countryPatterns
	spans     []span // reused
}

// countryPatterns are the patterns of one country and its regions.
type countryPatterns struct {
	code    string
	shape   shape
	regions []string // named in some zone; scope i+1
	slots   map[slot]int32
	list    []slot
	ivals   []ival
}

// slot is a zone as named for a country (scope 0) or one of its regions.
type slot struct {
	scope int32
	zone  ZoneID
}

// ival is a pattern: the keys it holds.
type ival struct {
	span
	slot int32
}

func newZoneBuilder(src ZonesSource, r *diag.Report) *zoneBuilder {
	return &zoneBuilder{src: src, report: r, zones: &Zones{byName: map[string]ZoneID{}, excepted: map[ZoneID]bool{}}, countries: map[string]*countryPatterns{}}
}

// zone returns the zone of a name, a new one where it is not there yet; ok is false beyond MaxZones.
func (b *zoneBuilder) zone(name string, at diag.Place) (ZoneID, bool) {
	z := b.zones
	if id, ok := z.byName[name]; ok {
		return id, true
	}
	if len(z.names) == MaxZones {
		return 0, false
	}
	id := ZoneID(len(z.names))
	z.names, z.places = append(z.names, name), append(z.places, at)
	b.excepts, b.placed = append(b.excepts, nil), append(b.placed, false)
	z.byName[name] = id
	return id, true
}

// patterns returns the collection of a country that is known.
func (b *zoneBuilder) patterns(country string) *countryPatterns {
	c := b.countries[country]
	if c == nil {
		c = &countryPatterns{code: country, shape: shapeOf(country), slots: map[slot]int32{}}
		b.countries[country] = c
	}
	return c
}

// scope returns the number of a region, 0 for the country itself.
func (c *countryPatterns) scope(region string) int32 {
	if region == "" {
		return 0
	}
	i := slices.Index(c.regions, region)
	if i < 0 {
		i = len(c.regions)
		c.regions = append(c.regions, region)
	}
	return int32(i + 1)
}

// add puts patterns of a zone into a country or region.
func (c *countryPatterns) add(scope int32, zone ZoneID, spans []span) {
	s := slot{scope, zone}
	n, ok := c.slots[s]
	if !ok {
		n = int32(len(c.list))
		c.list = append(c.list, s)
		c.slots[s] = n
	}
	for _, sp := range spans {
		c.ivals = append(c.ivals, ival{sp, n})
	}
}

// readMap reads the map under zones. Names come first, so that except may name a later zone.
func (b *zoneBuilder) readMap(n *diag.Node) {
	if n == nil || !diag.WantMap(n, "`zones`", b.report) {
		return
	}
	for _, k := range n.Keys {
		if isPrivate(k.Text) {
			continue
		}
		if _, ok := b.zone(k.Text, k.Place); !ok {
			b.tooMany(k.Place)
			return
		}
	}
	b.zones.written = len(b.zones.names)
	for i, k := range n.Keys {
		id, ok := b.zones.byName[k.Text]
		if !ok {
			continue
		}
		v := n.Values[i]
		if !diag.WantMap(v, "a zone", b.report) {
			b.placed[id] = true
			continue
		}
		for j, key := range v.Keys {
			if key.Text != "except" && !isPrivate(key.Text) {
				b.placed[id] = true
				b.readPlace(id, key, v.Values[j])
			}
		}
	}
}

func (b *zoneBuilder) tooMany(at diag.Place) {
	f := b.report.Errorf(codeZoneTooMany, at, "more than %d zones", MaxZones)
	f.Help = "a price list by zone has tens of zones; is a column of the zone file the wrong one?"
}

// readPlace reads a country, region or EU of a zone with its patterns.
func (b *zoneBuilder) readPlace(id ZoneID, key, v *diag.Node) {
	if key.Text == eu {
		b.readUnion(id, key, v)
		return
	}
	country, region, f := parseCountry(key.Text)
	if f != nil {
		b.tell(f, nodeRaw(key))
		return
	}
	c := b.patterns(country)
	items := []*diag.Node{v}
	if v.Kind == diag.List {
		items = v.Items
		if len(items) == 0 {
			b.report.Errorf(codeZoneEmpty, v.Place, "no postcode of %s is named", key.Text).Help = "write all, or a list such as [620 to 624]"
		}
	}
	for _, item := range items {
		if !diag.WantText(item, "a postcode", b.report) {
			continue
		}
		b.readPattern(c, c.scope(region), id, nodeRaw(item))
	}
}

func (b *zoneBuilder) readPattern(c *countryPatterns, scope int32, id ZoneID, w raw) {
	spans, f := patternOf(&c.shape, c.code, w.text, b.spans[:0])
	b.spans = spans
	if f != nil {
		b.tell(f, w)
		return
	}
	c.add(scope, id, spans)
}

// readUnion reads `EU: all`.
func (b *zoneBuilder) readUnion(id ZoneID, key, v *diag.Node) {
	var members []string
	if b.src.Countries != nil {
		members = b.src.Countries(eu)
	}
	if len(members) == 0 {
		b.tell(&flaw{code: codeZoneCountry, message: "the members of `EU` are not known here", help: "name the countries"}, nodeRaw(key))
		return
	}
	if v.Kind != diag.Scalar || v.Text != "all" {
		b.tell(&flaw{code: codeZonePostcode, message: "`EU` has no postcodes of its own", help: "write EU: all, and postcodes under their country"},
			nodeRaw(v))
		return
	}
	for _, m := range members {
		if KnownCountry(m) {
			c := b.patterns(m)
			c.add(0, id, []span{{0, c.shape.top}})
		}
	}
}

// parseCountry reads SE or US-CA.
func parseCountry(text string) (country, region string, f *flaw) {
	if KnownCountry(text) {
		return text, "", nil
	}
	if c, r, ok := splitRegion(text); ok && KnownCountry(c) {
		if KnownRegion(c, r) {
			return c, r, nil
		}
		f = &flaw{code: codeZoneCountry, message: "`" + text + "` is not a region of " + c, label: "no such region",
			help: "regions are written by their ISO 3166-2 code, e.g. US-CA"}
	} else {
		f = &flaw{code: codeZoneCountry, message: "`" + text + "` is not a country", label: "no such country",
			help: "countries are written by their two letters, e.g. SE, regions like US-CA, the members of the Union EU"}
		if text == "*" {
			f.help = "an option without `to` goes to every country; `not_to` takes zones out"
		}
	}
	if fix := countryHint(text); fix != "" {
		f.fix, f.help = fix, "write "+fix
	}
	return "", "", f
}

// tell adds an error at w, or at the part of it that the flaw names.
func (b *zoneBuilder) tell(f *flaw, w raw) {
	if f.from > 0 || f.upto > 0 {
		upto := f.upto
		if upto > 0 {
			upto = min(f.from+upto, len(w.text))
		} else {
			upto = len(w.text)
		}
		w = w.part(min(f.from, upto), upto).trim()
	}
	d := tell(b.report, f.code, w, f.help, "%s", f.message)
	d.Label, d.Fix = f.label, f.fix
}

// checkEmpty reads except, and tells zones without a place and zones built from themselves.
func (b *zoneBuilder) checkEmpty() {
	if n := b.src.Zones; n != nil && n.Kind == diag.Map {
		for i, k := range n.Keys {
			if id, ok := b.zones.byName[k.Text]; ok {
				b.readExcept(id, n.Values[i])
			}
		}
	}
	for id, placed := range b.placed {
		if !placed {
			f := b.report.Errorf(codeZoneEmpty, b.zones.places[id], "the zone `%s` names no place", b.zones.names[id])
			f.Help = "write its countries, e.g. {SE: all}, or its rows in a file of zone_files"
		}
	}
	b.breakCircles()
}

// readExcept reads `except: gotland` or `except: [a, b]`.
func (b *zoneBuilder) readExcept(id ZoneID, zone *diag.Node) {
	if zone.Kind != diag.Map {
		return
	}
	v := zone.Get("except")
	if v == nil {
		return
	}
	items := []*diag.Node{v}
	if v.Kind == diag.List {
		items = v.Items
	}
	for _, item := range items {
		if !diag.WantText(item, "the name of a zone", b.report) {
			continue
		}
		other, ok := b.zones.byName[item.Text]
		switch {
		case !ok:
			b.tell(b.unknownZone(item.Text), nodeRaw(item))
		case other == id:
			b.tell(&flaw{code: codeZoneItself, message: "the zone `" + item.Text + "` leaves out itself", label: "nothing would be left"}, nodeRaw(item))
		default:
			b.excepts[id] = append(b.excepts[id], other)
			b.zones.excepted[other] = true
		}
	}
}

// unknownZone is the finding about a name that is no zone.
func (b *zoneBuilder) unknownZone(name string) *flaw {
	f := &flaw{code: codeZoneUnknown, message: "there is no zone `" + name + "`", label: "not declared under `zones`"}
	if near := diag.Suggest(name, b.zones.names); near != "" {
		f.fix, f.help = near, "did you mean "+near+"?"
	} else if len(b.zones.names) > 0 {
		f.help = "the zones are " + strings.Join(b.zones.names[:min(12, len(b.zones.names))], ", ")
	}
	return f
}

// breakCircles tells zones that are built from themselves over others, and cuts the circle there.
func (b *zoneBuilder) breakCircles() {
	const open, done = 1, 2
	state := make([]int, len(b.excepts))
	var visit func(id ZoneID) bool
	visit = func(id ZoneID) bool {
		if state[id] != 0 {
			return state[id] == open
		}
		state[id] = open
		b.excepts[id] = slices.DeleteFunc(b.excepts[id], func(other ZoneID) bool {
			circle := visit(other)
			if circle {
				f := b.report.Errorf(codeZoneItself, b.zones.places[id], "the zone `%s` is built from itself", b.zones.names[id])
				f.Label = "its except leads over `" + b.zones.names[other] + "` back to it"
			}
			return circle
		})
		state[id] = done
		return false
	}
	for id := range b.excepts {
		visit(ZoneID(id))
	}
}
