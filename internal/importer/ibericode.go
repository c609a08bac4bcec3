package importer

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// ibPeriod is the rates of a country from a day on. Source: the file vat-rates.json of ibericode/vat-rates, version 4; read
// 2026-11-25.
type ibPeriod struct {
	at         diag.Place
	from       string
	rates      map[string]int64
	exceptions []ibException
}

// ibException is a part of the country with other rates.
type ibException struct {
	name  string
	areas []area
	rates map[string]int64
}

// ibericode is the whole file.
type ibericode struct {
	d         *draft
	countries []string
	periods   map[string][]ibPeriod
}

// readIbericode reads items: country → periods, each with rates and exceptions.
func readIbericode(d *draft, fsys fs.FS, name string) bool {
	root, ok := d.readJSON(fsys, name)
	if !ok {
		return false
	}
	items := root.Get("items")
	if items == nil || items.Kind != diag.Map {
		d.report.Errorf(codeSource, root.Place, "there are no `items` in this file").Help = "want {\"items\": {\"SE\": [{\"effective_from\": \"…\", \"rates\": {…}}]}}"
		return false
	}
	b := &ibericode{d: d, periods: map[string][]ibPeriod{}}
	for i, k := range items.Keys {
		b.country(k, items.Values[i])
	}
	if len(b.countries) == 0 {
		return false
	}
	d.book.tax = &taxes{}
	d.book.countries = b.countries
	for _, code := range b.countries {
		b.write(code)
	}
	d.leastShipping()
	b.ask()
	d.note("the classes are the levels of the source (reduced, reduced1 …): give the goods their tags, or rename them")
	d.note("where a period or an exception has no rate for a level, its standard rate holds")
	d.note("the rates and special areas are those of the source alone; data: vat-rates.yaml would add those that come with the program")
	return true
}

// country reads the periods of a country.
func (b *ibericode) country(k, list *diag.Node) {
	c := placeCell(k)
	if c.Text == "EL" {
		c.Text = "GR"
	}
	code, ok := b.d.country(c)
	if !ok || code == "" || b.periods[code] != nil {
		return
	}
	var periods []ibPeriod
	for _, n := range mapsOf(list) {
		b.d.rows++
		p := ibPeriod{at: n.Place, from: textAt(n, "effective_from")}
		if p.from == "" || p.from < "1970-01-02" {
			p.from = ""
		} else if _, err := time.Parse(time.DateOnly, p.from); err != nil {
			b.d.bad(cellAt(n, "effective_from"), "write a day such as 2026-01-31", "`%s` is not a day", p.from)
			continue
		}
		if p.rates = b.rates(n.Get("rates")); p.rates == nil {
			b.d.report.Errorf(codeCell, n.Place, "this period of `%s` has no standard rate", code).Help = "write rates: {\"standard\": 25}"
			continue
		}
		for _, e := range itemsAt(n, "exceptions") {
			b.exception(&p, code, e)
		}
		periods = append(periods, p)
	}
	slices.SortFunc(periods, func(a, b ibPeriod) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(periods); i++ {
		if periods[i].from == periods[i-1].from {
			b.d.report.Errorf(codeRow, periods[i].at, "two periods of `%s` begin on the same day", code).Help = "take one of them away"
			return
		}
	}
	if len(periods) > 0 {
		b.countries = append(b.countries, code)
		b.periods[code] = periods
	}
}

// rates reads levels; nil where there is no standard one.
func (b *ibericode) rates(n *diag.Node) map[string]int64 {
	if n == nil || n.Kind != diag.Map {
		return nil
	}
	rates := map[string]int64{}
	for i, k := range n.Keys {
		name := strings.ReplaceAll(slug(k.Text), "-", "_")
		if k.Text == "name" || k.Text == "postcode" || name == "" {
			continue
		}
		if r, ok := b.d.basis(placeCell(n.Values[i])); ok {
			rates[name] = r
		}
	}
	if _, ok := rates[standard]; !ok {
		return nil
	}
	return rates
}

// exception reads a part of a country by the pattern of its postcodes.
func (b *ibericode) exception(p *ibPeriod, code string, n *diag.Node) {
	e := ibException{name: textAt(n, "name"), rates: b.rates(n)}
	c := cellAt(n, "postcode")
	starts, ok := postcodePattern(c.Text)
	for _, a := range starts {
		a.country = code
		ok = ok && flawOf(a) == nil
		e.areas = append(e.areas, a)
	}
	if !ok || e.rates == nil || len(e.areas) == 0 {
		b.d.beyond(c.Place, "write the zone by hand", "the exception `%s` of %s is left out: its postcodes `%s` or its rates cannot be taken over", e.name, code, c.Text)
		return
	}
	p.exceptions = append(p.exceptions, e)
}

// level is the rate of a level, the standard one where there is none.
func level(rates map[string]int64, class string) int64 {
	if r, ok := rates[class]; ok {
		return r
	}
	return rates[standard]
}

// write makes the rates of a country and its areas.
func (b *ibericode) write(code string) {
	t := b.d.book.tax
	country := vatCountry{code: code, rates: map[string][]vatPeriod{}}
	classes, names := []string{standard}, []string(nil)
	for _, p := range b.periods[code] {
		classes = withKeys(classes, p.rates)
		for _, e := range p.exceptions {
			classes = withKeys(classes, e.rates)
			if !slices.Contains(names, e.name) {
				names = append(names, e.name)
			}
		}
	}
	slices.Sort(classes)
	for _, class := range classes {
		t.addClass(class)
		for _, p := range b.periods[code] {
			country.rates[class] = addPeriod(country.rates[class], p.from, level(p.rates, class))
		}
	}
	t.vat = append(t.vat, country)
	for _, name := range names {
		b.area(code, name, classes)
	}
}

// withKeys adds the levels that are not there yet.
func withKeys(classes []string, rates map[string]int64) []string {
	for class := range rates {
		if !slices.Contains(classes, class) {
			classes = append(classes, class)
		}
	}
	return classes
}

// addPeriod adds a rate where it differs from the one before.
func addPeriod(list []vatPeriod, from string, rate int64) []vatPeriod {
	if n := len(list); n > 0 && list[n-1].rate == rate {
		return list
	}
	return append(list, vatPeriod{from, rate})
}

// area makes the rates of an exception over all periods; where one lacks it, the rates of the country hold.
func (b *ibericode) area(code, name string, classes []string) {
	a := vatArea{rates: map[string][]vatPeriod{}}
	for _, p := range b.periods[code] {
		rates := p.rates
		if i := slices.IndexFunc(p.exceptions, func(e ibException) bool { return e.name == name }); i >= 0 {
			rates = p.exceptions[i].rates
			a.areas = append(a.areas, p.exceptions[i].areas...)
		}
		for _, class := range classes {
			a.rates[class] = addPeriod(a.rates[class], p.from, level(rates, class))
		}
	}
	slices.SortFunc(a.areas, area.compare)
	a.areas = slices.Compact(a.areas)
	for _, o := range b.d.book.tax.areas {
		for _, x := range o.areas {
			if slices.ContainsFunc(a.areas, x.meets) {
				b.d.report.Warnf(codeBeyond, b.periods[code][0].at, "the exceptions `%s` and `%s` share postcodes: the second is left out", o.name, name).Help = "write the zones by hand"
				b.d.leave(b.periods[code][0].at, "the exception `%s` shares postcodes with `%s`", name, o.name)
				b.drop(code, name)
				return
			}
		}
	}
	a.name = b.d.book.freeName(strings.ToLower(code) + "_" + cmpText(strings.ReplaceAll(slug(name), "-", "_"), "area"))
	b.d.book.tax.areas = append(b.d.book.tax.areas, a)
}

// drop takes an exception out of the source, so that both sides leave it out.
func (b *ibericode) drop(code, name string) {
	for i := range b.periods[code] {
		p := &b.periods[code][i]
		p.exceptions = slices.DeleteFunc(p.exceptions, func(e ibException) bool { return e.name == name })
	}
}

// ask lists what the proof asks: each level on the day on which a period begins, and on the day before.
func (b *ibericode) ask() {
	d := b.d
	d.price = func(q *question) map[string]int64 {
		if p, ok := b.at(q.country, q.day); ok {
			return map[string]int64{"rate": level(p.ratesAt(q.address), cmpText(q.goods[0].tag, standard))}
		}
		return nil
	}
	for _, code := range b.countries {
		for _, p := range b.periods[code] {
			r := askedRow{at: p.at, kind: code, holds: func(ad address) bool { return ad.country == code }, own: []address{{country: code}}}
			for _, class := range append([]string{standard}, d.book.tax.classes...) {
				for _, day := range daysAround(p.from, d.options.Now) {
					if _, ok := b.at(code, day); ok {
						r.carts = append(r.carts, taxCart(class, day))
					}
				}
			}
			d.asked = append(d.asked, r)
		}
	}
}

// at is the period of a day.
func (b *ibericode) at(code, day string) (found *ibPeriod, ok bool) {
	for i := range b.periods[code] {
		if p := &b.periods[code][i]; p.from <= day {
			found, ok = p, true
		}
	}
	return found, ok
}

// ratesAt are the rates of an address.
func (p *ibPeriod) ratesAt(ad address) map[string]int64 {
	for i := range p.exceptions {
		if slices.ContainsFunc(p.exceptions[i].areas, func(a area) bool { return a.holds(ad) }) {
			return p.exceptions[i].rates
		}
	}
	return p.rates
}
