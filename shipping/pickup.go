package shipping

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// pickup says where the points of an option come from.
type pickup struct {
	plugin  string // empty: own points only
	nearest int
	down    unavailable
	points  []point // own points, or those offered where the plug-in is down
	at      diag.Place
}

// unavailable says what becomes of an option whose plug-in does not answer.
type unavailable uint8

const (
	hideOption unavailable = iota
	offerAnyway
	offerOwn
)

// point is an own pickup point.
type point struct {
	id         string // the option's id as orders carry it
	name       string // empty for a single point
	zone       table.ZoneID
	everywhere bool
	location   *order.PickupLocation
	details    *order.DeliveryDetails // complete where there is no time slot
}

// pickupPoints parses {csv: file} or {plugin, nearest, if_unavailable}.
func (c *optionCompiler) pickupPoints(n *diag.Node) *pickup {
	if !diag.Fields(n, "`pickup_points`", []string{"csv", "sheet", "plugin", "nearest", "if_unavailable"}, c.r) {
		return nil
	}
	p := &pickup{at: n.Place}
	csv, plugin := n.Get("csv"), n.Get("plugin")
	if (csv == nil) == (plugin == nil) {
		f := c.r.Errorf(diag.CodeShape, n.Place, "`pickup_points` come from `csv` or from `plugin`")
		f.Help = "write pickup_points: {csv: stores.csv}, or pickup_points: {plugin: postnord, nearest: 5}"
		return nil
	}
	if csv != nil {
		p.points = c.stores(n)
		c.onlyPlugin(n, "nearest", "if_unavailable")
		return p
	}
	if v := n.Get("sheet"); v != nil {
		c.r.Errorf(diag.CodeShape, v.Place, "`sheet` goes with `csv`").Help = "take it away: a plug-in finds the points itself"
	}
	var named bool
	p.plugin, named = c.scalar(plugin, "plugin", "postnord")
	p.nearest = 5
	if v := n.Get("nearest"); v != nil {
		if count, ok := c.scope.Count(v); ok {
			p.nearest = c.nearest(v, count)
		}
	}
	down := n.Get("if_unavailable")
	if down != nil {
		c.ifUnavailable(p, down)
	}
	if named {
		c.registered(p, plugin, down != nil)
	}
	return p
}

// maxPoints is the most points of a plug-in that are offered.
const maxPoints = 50

func (l *loader) nearest(n *diag.Node, count int64) int {
	if count >= 1 && count <= maxPoints {
		return int(count)
	}
	f := l.r.Errorf("E115", n.Place, "`nearest` is from 1 to %d", maxPoints)
	if count < 1 {
		f.Code = "E104"
	}
	f.Help = "write e.g. nearest: 5"
	return 1
}

// onlyPlugin tells keys that mean nothing for own points.
func (l *loader) onlyPlugin(n *diag.Node, keys ...string) {
	for _, key := range keys {
		if v := n.Get(key); v != nil {
			f := l.r.Errorf(diag.CodeShape, v.Place, "`%s` goes with `plugin`", key)
			f.Help = "take it away: all points of the file are offered where their zone fits"
		}
	}
}

func (c *optionCompiler) ifUnavailable(p *pickup, n *diag.Node) {
	if n.Kind == diag.Map {
		if !diag.Fields(n, "`if_unavailable`", table.SourceKeys(), c.r) {
			return
		}
		p.down = offerOwn
		if n.Get("csv") != nil {
			p.points = c.stores(n)
			return
		}
		f := c.r.Errorf(diag.CodeMissingKey, n.Place, "`if_unavailable` has no `csv`")
		f.Help = "write {csv: stores.csv}, offer anyway or hide"
		return
	}
	if w, _ := c.word(n, "if_unavailable", "offer anyway", "hide"); w == "offer anyway" {
		p.down = offerAnyway
	}
}

// registered tells a plug-in that is not part of the program.
func (l *loader) registered(p *pickup, n *diag.Node, answered bool) {
	if l.o.Plugins != nil && l.o.Plugins(p.plugin) {
		return
	}
	if answered {
		f := l.r.Warnf(codeNoPlugin, n.Place, "the plug-in `%s` is not part of this program", p.plugin)
		f.Label = "it counts as unavailable, always"
		f.Help = "build a program with it, or take the pickup points away"
		return
	}
	f := l.r.Errorf(codePlugin, n.Place, "there is no plug-in `%s`", p.plugin)
	f.Label = "not part of this program"
	f.Help = "build a program with it, or say what is to happen without it: if_unavailable: offer anyway"
}

// pointForm is what the id of a point may look like.
var pointForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

func storeColumns() []string {
	return []string{"id", "name", "street", "postcode", "city", "country", "zone"}
}

// stores reads a side file of points.
func (c *optionCompiler) stores(n *diag.Node) []point {
	sheet, ok := c.sideSheet(n)
	if !ok || sheet == nil {
		return nil
	}
	cols, ok := c.storeHead(sheet)
	if !ok {
		return nil
	}
	seen := map[string]diag.Place{}
	points := make([]point, 0, len(sheet.Rows))
	for _, row := range sheet.Rows {
		if p, ok := c.store(cols, row, seen); ok {
			points = append(points, p)
		}
	}
	if len(points) == 1 && len(sheet.Rows) == 1 {
		points[0].id, points[0].name = c.o.id, ""
	}
	return points
}

// storeHead finds the columns; id and name are needed.
func (c *optionCompiler) storeHead(sheet *table.Sheet) (map[string]int, bool) {
	cols := map[string]int{}
	good := true
	for i, head := range sheet.Head {
		if !slices.Contains(storeColumns(), head.Text) {
			f := c.r.Errorf(codeColumn, head.Place, "there is no column `%s` for pickup points", head.Text)
			f.Help = "the columns are id, name, street, postcode, city, country, zone"
			if s := diag.Suggest(head.Text, storeColumns()); s != "" {
				f.Help, f.Fix = "did you mean "+s+"?", s
			}
			good = false
			continue
		}
		cols[head.Text] = i
	}
	for _, key := range []string{"id", "name"} {
		if _, ok := cols[key]; !ok && good {
			f := c.r.Errorf(codeColumn, sheet.Head[0].Place, "the column `%s` is missing", key)
			f.Help = "the columns are id, name, street, postcode, city, country, zone"
			good = false
		}
	}
	return cols, good
}

// store reads a row of a side file of points.
func (c *optionCompiler) store(cols map[string]int, row []table.Cell, seen map[string]diag.Place) (point, bool) {
	cell := func(name string) table.Cell {
		if i, ok := cols[name]; ok {
			return row[i]
		}
		return table.Cell{}
	}
	id, name, zone := cell("id"), cell("name"), cell("zone")
	first, twice := seen[id.Text]
	full := c.o.id + ":" + id.Text
	switch {
	case !pointForm.MatchString(id.Text) || len(full) > maxID:
		f := c.r.Errorf(codeSideRow, id.Place, "`%s` cannot be the id of a point", id.Text)
		f.Help = "use letters, digits, - and _"
		return point{}, false
	case twice:
		f := c.r.Errorf(codeTwice, id.Place, "there are two points with the id `%s`", id.Text)
		f.Cause = &diag.Cause{Place: first, Label: "the first one"}
		f.Help = "give one of them another id"
		return point{}, false
	case name.Text == "":
		f := c.r.Errorf(codeSideRow, name.Place, "the point `%s` has no name", id.Text)
		f.Help = "write the name that the buyer sees"
		return point{}, false
	}
	seen[id.Text] = id.Place
	p := point{id: full, name: name.Text, everywhere: zone.Text == ""}
	if zone.Text != "" {
		var known bool
		if p.zone, known = c.t.zones.ID(zone.Text); !known {
			c.unknownZone(zone)
			return point{}, false
		}
		c.scope.Uses.Zone(p.zone)
	}
	if !c.storeCountry(cell("country")) {
		return point{}, false
	}
	p.location = locationOf(&rules.PickupPoint{ID: id.Text, Name: name.Text, Street: cell("street").Text,
		Postcode: cell("postcode").Text, City: cell("city").Text, Country: cell("country").Text})
	p.details = c.o.detailsFor(days{}, p.location)
	return p, true
}

// storeCountry tells a country that the checkout would not know; the column may be empty.
func (l *loader) storeCountry(cell table.Cell) bool {
	if cell.Text == "" || table.KnownCountry(cell.Text) {
		return true
	}
	f := l.r.Errorf(codeCountry, cell.Place, "`%s` is not a country", cell.Text)
	f.Help = "countries are written by their two letters, e.g. SE"
	if up := strings.ToUpper(cell.Text); table.KnownCountry(up) {
		f.Help, f.Fix = "write "+up, up
	}
	return false
}

func (l *loader) unknownZone(cell table.Cell) {
	f := l.r.Errorf(codeZone, cell.Place, "there is no zone `%s`", cell.Text)
	f.Label = "not declared under `zones` or in a zone file"
	f.Notes = []string{"as it stands, nobody would ever be offered this point"}
	if s := l.similarZone(cell.Text); s != "" {
		f.Help, f.Fix = "did you mean "+s+"?", s
		l.causeZone(f, s)
		return
	}
	f.Help = "declare it, or leave the cell empty for a point that is offered everywhere"
}

// locationOf writes a point as the provider takes it.
func locationOf(p *rules.PickupPoint) *order.PickupLocation {
	loc := &order.PickupLocation{ID: p.ID, Name: p.Name}
	if p.Street != "" || p.Postcode != "" || p.City != "" || p.Country != "" {
		loc.Address = &order.Address{StreetAddress: p.Street, PostalCode: p.Postcode, City: p.City, Country: p.Country}
	}
	return loc
}

// detailsFor returns the delivery details with a time slot and a point, nil where there is nothing to tell.
func (o *option) detailsFor(d days, loc *order.PickupLocation) *order.DeliveryDetails {
	var slot *order.Timeslot
	details := o.details
	if d.ok {
		s := o.slotted(d)
		slot, details = s.slot, s.details
	}
	if loc == nil {
		return details
	}
	var c order.DeliveryDetails
	if o.details != nil {
		c = *o.details
	}
	c.Timeslot, c.PickupLocation = slot, loc
	return &c
}

// slotted returns what is said about days of delivery; most questions of a day share it.
func (o *option) slotted(d days) *slotted {
	if s := o.promise.cache.Load(); s != nil && s.days == d {
		return s
	}
	first, last := d.first.String(), d.last.String()
	s := &slotted{days: d, slot: &order.Timeslot{ID: first + "/" + last, Start: first, End: last}}
	var c order.DeliveryDetails
	if o.details != nil {
		c = *o.details
	}
	c.Timeslot = s.slot
	s.details = &c
	o.promise.cache.Store(s)
	return s
}
