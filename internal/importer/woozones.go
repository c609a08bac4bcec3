package importer

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// wooZone is a shipping zone of WooCommerce. Source: WooCommerce 9, REST API v3 (shipping/zones and below them locations and
// methods) and get_zone_id_from_package; read 2026-11-25.
type wooZone struct {
	at      diag.Place
	name    string // in the rulebook; "": the rest of the world
	title   string
	id      int
	order   int
	rest    bool
	areas   []area // nil: everywhere
	methods []*diag.Node
}

// wooMethod is what one way of sending costs.
type wooMethod struct {
	zone   *wooZone
	id     string
	answer func(q *question) (int64, bool) // by WooCommerce's own rules
	carts  []question
	at     diag.Place
}

// wooShop is a whole export.
type wooShop struct {
	d       *draft
	zones   []*wooZone
	methods []*wooMethod
	classes map[string]string // number of a class to the tag of its goods
}

// readWooZones reads the zones, each with its locations and methods.
func readWooZones(d *draft, fsys fs.FS, name string) bool {
	root, ok := d.readJSON(fsys, name)
	if !ok {
		return false
	}
	w := &wooShop{d: d, classes: map[string]string{}}
	zones := mapsOf(root)
	if root.Kind == diag.Map {
		zones = itemsAt(root, "zones")
		for _, c := range itemsAt(root, "shipping_classes") {
			w.classes[textAt(c, "id")] = textAt(c, "slug")
		}
	}
	for _, n := range zones {
		w.zone(n)
	}
	if len(w.zones) == 0 {
		d.report.Errorf(codeSource, root.Place, "there is no shipping zone in this file").Help =
			"want a list of zones, each with its locations and methods: [{\"id\": 1, \"name\": \"…\", \"locations\": […], \"methods\": […]}]"
		return false
	}
	slices.SortStableFunc(w.zones, func(a, b *wooZone) int {
		return cmp.Or(cmp.Compare(b2i(a.rest), b2i(b.rest)), cmp.Compare(a.order, b.order), cmp.Compare(a.id, b.id))
	})
	for _, z := range w.zones {
		w.zoneMethods(z)
	}
	if len(d.book.options) == 0 {
		return false
	}
	w.ask()
	w.notes()
	return true
}

func (w *wooShop) notes() {
	d := w.d
	d.note("an address belongs to the first zone of WooCommerce's order that holds it; options name the zones before theirs under not_to")
	d.note("the value of the goods is what the checkout has, with tax; WooCommerce counts [cost] without tax and free shipping as the cart shows it")
	if len(d.book.classes) > 0 {
		d.note("shipping classes became classes: the goods need their tags, see classes in shipping.yaml")
	}
	d.note("continents are lists of countries of today")
}

// zone reads a zone; one of postcodes without a country is taken as of the shop's own.
func (w *wooShop) zone(n *diag.Node) {
	d := w.d
	z := &wooZone{at: placeOf(n, "name"), title: cmpText(textAt(n, "name"), "Zone"), methods: itemsAt(n, "methods")}
	z.id, _ = strconv.Atoi(textAt(n, "id"))
	z.order, _ = strconv.Atoi(textAt(n, "order"))
	d.rows++
	if textAt(n, "id") == "0" {
		z.rest = true
		w.zones = append(w.zones, z)
		return
	}
	var places []area
	var codes []table.Cell
	for _, l := range itemsAt(n, "locations") {
		c := cellAt(l, "code")
		if textAt(l, "type") == "postcode" {
			codes = append(codes, c)
			continue
		}
		list, ok := w.location(c, textAt(l, "type"))
		if !ok {
			continue
		}
		places = append(places, list...)
	}
	if len(places) == 0 && len(codes) > 0 {
		d.note("zone %s has postcodes and no country: taken as of %s (--home)", z.title, d.home())
		places = []area{{country: d.home()}}
	}
	if z.areas = places; len(codes) > 0 {
		z.areas = w.postcodes(places, codes)
		if len(z.areas) == 0 {
			d.leave(z.at, "no postcode of the zone `%s` can be read", z.title)
			return
		}
	}
	if len(itemsAt(n, "locations")) > 0 && len(z.areas) == 0 {
		return
	}
	w.zones = append(w.zones, z)
}

// location reads a country, a state or a continent.
func (w *wooShop) location(c table.Cell, kind string) ([]area, bool) {
	switch kind {
	case "country":
		code, ok := w.d.country(c)
		return []area{{country: code}}, ok && code != ""
	case "state":
		country, region, _ := strings.Cut(c.Text, ":")
		code, ok := w.d.country(table.Cell{Text: country, Place: c.Place})
		if !ok {
			return nil, false
		}
		region, ok = w.d.region(code, table.Cell{Text: region, Place: c.Place})
		return []area{{country: code, region: region}}, ok && region != ""
	case "continent":
		var list []area
		for _, code := range continent(c.Text) {
			list = append(list, area{country: code})
		}
		if list == nil {
			w.d.bad(c, "continents are AF, AN, AS, EU, NA, OC, SA", "`%s` is not a continent", c.Text)
		}
		return list, list != nil
	default:
		w.d.bad(c, "a location is a country, state, continent or postcode", "`%s` is not a kind of location", kind)
		return nil, false
	}
}

// postcodes puts the postcodes of a zone into each of its places, where that country has such postcodes.
func (w *wooShop) postcodes(places []area, codes []table.Cell) []area {
	var list []area
	for _, c := range codes {
		from, to, isRange := strings.Cut(c.Text, "...")
		taken, why := false, ""
		for _, a := range places {
			a.from, a.begins = strings.CutSuffix(compact(from), "*")
			if isRange {
				a.from, a.to, a.begins = compact(from), compact(to), false
			}
			if f := flawOf(a); f != nil || a.from == "" {
				if f != nil {
					why = f.Message
				}
				continue
			}
			taken = true
			list = append(list, a)
		}
		if !taken {
			w.d.beyond(c.Place, "write 62*, 62000...62499 or a whole code", "the postcode `%s` cannot be taken over: %s", c.Text, cmpText(why, "it names none"))
		}
	}
	return list
}

// holds reports whether a zone holds an address.
func (z *wooZone) holds(ad address) bool {
	return z.rest || len(z.areas) == 0 || slices.ContainsFunc(z.areas, func(a area) bool { return a.holds(ad) })
}

// first is the zone of an address, nil where there is none.
func (w *wooShop) first(ad address) *wooZone {
	for _, z := range w.zones {
		if z.holds(ad) {
			return z
		}
	}
	return nil
}

// zoneName declares a zone where an option needs it.
func (w *wooShop) zoneName(z *wooZone) string {
	if z.name == "" {
		b := &w.d.book
		base := strings.ReplaceAll(slug(z.title), "-", "_")
		z.name = b.freeName(cmpText(base, "zone"))
		slices.SortFunc(z.areas, area.compare)
		b.zones = append(b.zones, zone{name: z.name, areas: slices.Compact(z.areas)})
		for _, a := range z.areas {
			b.seeCountry(a.country)
		}
	}
	return z.name
}

// where writes to and not_to of the options of a zone.
func (w *wooShop) where(z *wooZone, o *option) bool {
	var not []string
	for _, before := range w.zones {
		if before == z {
			break
		}
		if len(before.areas) == 0 {
			return false // takes every address
		}
		if z.meets(before) {
			not = append(not, w.zoneName(before))
		}
	}
	if len(z.areas) > 0 {
		o.to = []string{w.zoneName(z)}
	}
	if len(not) > 0 {
		o.lines = append(o.lines, "not_to: "+listOf(not))
	}
	return true
}

// meets reports whether two zones name the same country.
func (z *wooZone) meets(o *wooZone) bool {
	if len(z.areas) == 0 {
		return true
	}
	return slices.ContainsFunc(z.areas, func(a area) bool {
		return slices.ContainsFunc(o.areas, func(b area) bool { return a.country == b.country })
	})
}

// zoneMethods makes an option of each method.
func (w *wooShop) zoneMethods(z *wooZone) {
	slices.SortStableFunc(z.methods, func(a, b *diag.Node) int {
		x, _ := strconv.Atoi(textAt(a, "order"))
		y, _ := strconv.Atoi(textAt(b, "order"))
		return cmp.Compare(x, y)
	})
	for _, n := range z.methods {
		w.d.rows++
		if e := textAt(n, "enabled"); e == "false" || e == "no" || e == "0" {
			w.d.leave(n.Place, "the method `%s` of zone `%s` is disabled", w.title(n), z.title)
			continue
		}
		o := option{name: w.title(n), remark: "zone " + z.title}
		if !w.where(z, &o) {
			w.d.leave(n.Place, "the method `%s` is never reached: a zone before `%s` takes every address", w.title(n), z.title)
			continue
		}
		m := &wooMethod{zone: z, at: n.Place}
		if w.method(n, &o, m) {
			o.id = w.d.book.freeID(o.name)
			m.id = o.id
			w.methods = append(w.methods, m)
			w.d.book.options = append(w.d.book.options, o)
		}
	}
}

// title is what the buyer sees.
func (w *wooShop) title(n *diag.Node) string {
	return cmp.Or(setting(n, "title").Text, textAt(n, "title"), textAt(n, "method_title"), "Shipping")
}

// setting is the value of a setting of a method, as an object with a value or as a plain one.
func setting(n *diag.Node, key string) table.Cell {
	s := n.Get("settings")
	if v := s.Get(key); v != nil && v.Kind == diag.Map {
		return cellAt(v, "value")
	}
	if s == nil {
		return table.Cell{Place: n.Place}
	}
	return cellAt(s, key)
}

// method reads a method by its kind; false where a rulebook cannot say it.
func (w *wooShop) method(n *diag.Node, o *option, m *wooMethod) bool {
	switch kind := textAt(n, "method_id"); kind {
	case "flat_rate":
		return w.flatRate(n, o, m)
	case "free_shipping":
		return w.freeShipping(n, o, m)
	case "local_pickup":
		o.method = "PickUpStore"
		cost := setting(n, "cost")
		if cost.Text == "" {
			cost.Text = "0"
		}
		return w.costs(cost, nil, o, m)
	default:
		w.d.beyond(placeOf(n, "method_id"), "write the option by hand; flexible_shipping has an import of its own",
			"a method of the kind `%s` cannot be imported: `%s`", kind, w.title(n))
		return false
	}
}

// freeShipping costs nothing, from an amount on.
func (w *wooShop) freeShipping(n *diag.Node, o *option, m *wooMethod) bool {
	requires, least := setting(n, "requires"), setting(n, "min_amount")
	o.price = major(0, w.d.currency())
	from := int64(0)
	switch requires.Text {
	case "":
	case "min_amount", "either":
		if least.Text == "" {
			least.Text = "0"
		}
		var ok bool
		if from, ok = w.d.amount(table.Cell{Text: strings.Replace(least.Text, ",", ".", 1), Place: least.Place}); !ok {
			return false
		}
		if from > 0 {
			o.lines = append(o.lines, "when: {min_total: "+major(from, w.d.currency())+"}")
		}
		if requires.Text == "either" {
			w.d.beyond(requires.Place, "add an option with when: {coupon: CODE}", "`%s` is also free with any coupon for free shipping, whose codes the export does not hold: only the amount was taken", o.name)
		}
	default:
		w.d.beyond(requires.Place, "write the option with when: {coupon: CODE}", "`%s` needs a coupon (%s), whose code the export does not hold: it is left out", o.name, requires.Text)
		return false
	}
	if setting(n, "ignore_discounts").Text == "yes" && from > 0 {
		w.d.beyond(setting(n, "ignore_discounts").Place, "order_value: {after_discounts: no} does it for the whole file",
			"`%s` counts the goods before discounts, the rulebook after them", o.name)
	}
	m.answer = func(q *question) (int64, bool) { return 0, q.total() >= from }
	m.carts = edges(byTotal, from, open)
	return true
}

// ask lists what the proof asks.
func (w *wooShop) ask() {
	w.d.price = func(q *question) map[string]int64 {
		found := map[string]int64{}
		z := w.first(q.address)
		for _, m := range w.methods {
			if m.zone != z {
				continue
			}
			if price, ok := m.answer(q); ok {
				found[m.id] = price
			}
		}
		return found
	}
	for _, m := range w.methods {
		a := askedRow{at: m.at, kind: fmt.Sprintf("%s, %s", m.zone.title, m.id), carts: m.carts,
			holds: func(ad address) bool { return w.first(ad) == m.zone }}
		for _, p := range m.zone.areas {
			a.own = append(a.own, slices.DeleteFunc(p.ends(), func(ad address) bool { return w.first(ad) != m.zone })...)
		}
		w.d.asked = append(w.d.asked, a)
	}
}
