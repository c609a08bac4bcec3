package importer

import (
	"cmp"
	"io/fs"
	"math/big"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// tablerate is a row of Magento's table rates. Source: Magento 2.4, module OfflineShipping, RowParser and RateQuery of
// Model/ResourceModel/Carrier/Tablerate; read 2026-11-25.
type tablerate struct {
	at              diag.Place
	country, region string // "": a star
	zip             string // compact; "": a star
	from            *big.Rat
	units           int64 // the first value that is taken
	price           int64
}

// magento is a file of table rates.
type magento struct {
	d       *draft
	measure measure
	rows    []tablerate
	seen    map[string]diag.Place
}

// readMagento reads Country, Region/State, Zip/Postal Code, a condition, Shipping Price.
func readMagento(d *draft, fsys fs.FS, name string) bool {
	s, ok := d.readSheet(fsys, name)
	if !ok {
		return false
	}
	const columns = 5
	if len(s.Head) < columns {
		d.report.Errorf(codeSource, s.Head[0].Place, "this is not a file of Magento's table rates: it has %d columns", len(s.Head)).Help =
			"export it under Stores, Configuration, Delivery Methods, Table Rates: Country, Region/State, Zip/Postal Code, a condition, Shipping Price"
		return false
	}
	m := &magento{d: d, seen: map[string]diag.Place{}}
	if m.measure, ok = conditionOf(headOf(s.Head[3])); !ok {
		d.report.Errorf(codeSource, s.Head[3].Place, "the head `%s` does not say what is counted", s.Head[3].Text).Help =
			"Magento writes Weight (and above), Order Subtotal (and above) or # of Items (and above)"
		return false
	}
	for _, row := range s.Rows {
		m.row(row)
	}
	if len(m.rows) == 0 {
		return false
	}
	m.options()
	return true
}

// conditionOf says what the head of a column counts.
func conditionOf(head string) (measure, bool) {
	for _, w := range []struct {
		part string
		m    measure
	}{{"weight", byWeight}, {"vikt", byWeight}, {"gewicht", byWeight}, {"poids", byWeight}, {"peso", byWeight}, {"item", byItems}, {"artik", byItems},
		{"qty", byItems}, {"quantity", byItems}, {"antal", byItems}, {"anzahl", byItems}, {"#", byItems}, {"total", byTotal}, {"price", byTotal},
		{"value", byTotal}, {"summ", byTotal}, {"pris", byTotal}, {"preis", byTotal}} {
		if strings.Contains(head, w.part) {
			return w.m, true
		}
	}
	return 0, false
}

// row reads one row.
func (m *magento) row(cells []table.Cell) {
	d := m.d
	country, ok1 := d.country(cells[0])
	if !ok1 {
		return
	}
	region, ok1 := d.region(country, cells[1])
	from, ok2 := d.limit(cells[3], m.measure)
	price, ok3 := d.amount(cells[4])
	if !ok1 || !ok2 || !ok3 {
		return
	}
	r := tablerate{at: cells[0].Place, country: country, region: region, from: from, units: ceil(from), price: price}
	if !wildcard(cells[2]) {
		r.zip = compact(cells[2].Text)
	}
	key := strings.Join([]string{country, region, r.zip, from.RatString()}, "\x00")
	if first, twice := m.seen[key]; twice {
		f := d.report.Errorf(codeRow, r.at, "this place and limit already have a price")
		f.Cause, f.Help = &diag.Cause{Place: first, Label: "the first one"}, "Magento refuses such a file; take one of the rows away"
		return
	}
	m.seen[key] = r.at
	if why := r.never(); why != "" {
		d.leave(cells[2].Place, "`%s` can never apply in Magento either: %s", cells[2].Text, why)
		return
	}
	m.rows = append(m.rows, r)
}

// never says why no address can have a row, "" where one can.
func (r *tablerate) never() string {
	switch {
	case r.zip == "":
		return ""
	case r.country == "":
		return "a postcode without a country is not looked up"
	case strings.Contains(r.zip, "*"):
		return "Magento knows no postcodes with a star in them"
	case wholeCode(r.country) > len(r.zip):
		return "Magento compares whole postcodes, and this is a part of one"
	}
	if f := flawOf(r.area()); f != nil {
		return f.Message
	}
	return ""
}

// area is where a row holds. Of a postcode with a hyphen Magento also looks up what stands before it.
func (r *tablerate) area() area {
	a := area{country: r.country, region: r.region, from: r.zip}
	if n := beforeHyphen(r.country); r.country != "US" && n > 0 && len(r.zip) == n {
		a.begins = true
	}
	return a
}

// level orders places as Magento does: region before postcode, a whole postcode before its first part, each before a star.
func (r *tablerate) level() int {
	level := 0
	switch {
	case r.country == "":
		return len(levels()) - 1
	case r.zip == "":
		level = 2
	case len(r.zip) == beforeHyphen(r.country):
		level = 1
	}
	if r.region == "" {
		level += 3
	}
	return level
}

// levels are the names of what level returns.
func levels() []string {
	return []string{"A postcode of a region", "The first part of a postcode of a region", "A region",
		"A postcode of a country", "The first part of a postcode of a country", "A country", "Everywhere else"}
}

// options makes the one option that table rates are.
func (m *magento) options() {
	d := m.d
	g := &grid{measure: m.measure, currency: d.options.Currency}
	byPlace := map[area][]*tablerate{}
	for i := range m.rows {
		a := m.rows[i].area()
		byPlace[a] = append(byPlace[a], &m.rows[i])
	}
	for i := range m.rows {
		r := &m.rows[i]
		high := open
		for _, o := range byPlace[r.area()] {
			if o.units > r.units || o.units == r.units && o.from.Cmp(r.from) > 0 {
				high = min(high, o.units-1)
			}
		}
		if high < r.units {
			d.leave(r.at, "no whole %s is from here to the next row", unitWord(m.measure))
			continue
		}
		g.rates = append(g.rates, rate{at: r.at, option: "Table rate", level: r.level(), area: r.area(), low: r.units, high: high, price: r.price})
	}
	d.book.options = g.options(&d.book, []string{"Table rate"}, false)
	m.ask(d.book.options[0].id, g.rates)
	m.notes()
}

func unitWord(m measure) string {
	switch m {
	case byTotal:
		return "minor unit"
	case byItems:
		return "piece"
	default:
		return "gram"
	}
}

func (m *magento) notes() {
	d := m.d
	d.note("Magento means \"%s and above\"; converted to max_%s, one %s below the next limit", m.measure.word(), m.measure.word(), unitWord(m.measure))
	d.note("the most special place that has a price wins: region and postcode, region, postcode, country, everywhere")
	d.note("postcodes are compared without spaces and hyphens")
	switch m.measure {
	case byWeight:
		d.note("weights are in %s (--weight-unit); goods without a weight count 0 g, as in Magento", d.options.WeightUnit)
	case byTotal:
		d.note("the value of the goods is taken after discounts and as the checkout has it, with tax; Magento may be set to count without")
	}
}

// ask lists what the proof asks.
func (m *magento) ask(id string, rates []rate) {
	order := slices.Clone(m.rows)
	slices.SortStableFunc(order, func(a, b tablerate) int {
		return cmp.Or(cmp.Compare(b.country, a.country), cmp.Compare(b.region, a.region), cmp.Compare(b.zip, a.zip), b.from.Cmp(a.from))
	})
	m.d.price = func(q *question) map[string]int64 {
		value := new(big.Rat).SetInt64(q.value(m.measure))
		for i := range order {
			if r := &order[i]; r.matches(q.address) && r.from.Cmp(value) <= 0 {
				return map[string]int64{id: r.price}
			}
		}
		return nil
	}
	for i := range rates {
		r := &rates[i]
		a := askedRow{at: r.at, kind: levels()[r.level], holds: r.area.holds, carts: edges(m.measure, r.low, r.high)}
		if r.area.from != "" && !r.area.begins {
			a.own = []address{{r.area.country, r.area.region, r.area.from}}
		}
		m.d.asked = append(m.d.asked, a)
	}
}

// matches reports whether Magento's query finds the row for an address.
func (r *tablerate) matches(ad address) bool {
	if r.country != "" && r.country != ad.country || r.region != "" && r.region != ad.region {
		return false
	}
	if r.zip == "" || r.zip == ad.postcode {
		return true
	}
	before := beforeHyphen(r.country)
	return before == len(r.zip) && len(ad.postcode) > before && ad.postcode[:before] == r.zip
}
