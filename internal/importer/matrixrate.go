package importer

import (
	"io/fs"
	"math/big"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// matrixRow is a row of Matrixrate. Source: module MatrixRate for Magento 2 of WebShopApps, method getRate of
// Model/ResourceModel/Carrier/Matrixrate; read 2026-11-25.
type matrixRow struct {
	at              diag.Place
	country, region string // "": a star
	zip, zipTo      string // compact; "": a star
	area            area
	above, upTo     *big.Rat // in units; nil: no limit
	price           int64
	kind            string // delivery type
}

// matrixrate is a file of them.
type matrixrate struct {
	d       *draft
	measure measure
	ranges  bool // postcodes of digits are looked up between from and to
	rows    []matrixRow
	kinds   []string
	seen    map[string]diag.Place
}

// Columns of Matrixrate.
const (
	mCountry = iota
	mRegion
	mCity
	mZipFrom
	mZipTo
	mFrom
	mTo
	mPrice
	mType
	mTotal // not in all versions
)

func readMatrixrate(d *draft, fsys fs.FS, name string) bool {
	s, ok := d.readSheet(fsys, name)
	if !ok {
		return false
	}
	if len(s.Head) <= mType {
		d.report.Errorf(codeSource, s.Head[0].Place, "this is not a file of Matrixrate: it has %d columns, not 9", len(s.Head)).Help =
			"the columns are country, region, city, postcode from and to, condition from and to, price, delivery type"
		return false
	}
	m := &matrixrate{d: d, seen: map[string]diag.Place{}}
	if m.measure, ok = conditionOf(headOf(s.Head[mFrom])); !ok {
		d.report.Errorf(codeSource, s.Head[mFrom].Place, "the head `%s` does not say what is counted", s.Head[mFrom].Text).Help =
			"Matrixrate writes Weight From, Order Subtotal From or # of Items From"
		return false
	}
	for _, row := range s.Rows {
		m.ranges = m.ranges || !wildcard(row[mZipTo])
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

// row reads one row.
func (m *matrixrate) row(cells []table.Cell) {
	d := m.d
	r := matrixRow{at: cells[mCountry].Place, kind: cells[mType].Text}
	var ok [5]bool
	if r.country, ok[0] = d.country(cells[mCountry]); !ok[0] {
		return
	}
	r.region, ok[1] = d.region(r.country, cells[mRegion])
	r.price, ok[2] = d.amount(cells[mPrice])
	r.above, r.upTo, ok[3] = m.limits(cells[mFrom], cells[mTo])
	if ok[4] = !wildcard(cells[mType]); !ok[4] {
		d.bad(cells[mType], "name the delivery type, such as Standard", "the row has no delivery type")
	}
	if ok != [5]bool{true, true, true, true, true} {
		return
	}
	key := strings.Join([]string{r.country, r.region, cells[mCity].Text, cells[mZipFrom].Text, cells[mFrom].Text, cells[mTo].Text, r.kind}, "\x00")
	if first, twice := m.seen[key]; twice {
		f := d.report.Errorf(codeRow, r.at, "this place, stretch and delivery type already have a price")
		f.Cause, f.Help = &diag.Cause{Place: first, Label: "the first one"}, "Matrixrate refuses such a file; take one of the rows away"
		return
	}
	m.seen[key] = r.at
	if m.sayable(cells) && m.place(&r, cells) {
		m.rows = append(m.rows, r)
	}
}

// limits reads the condition: more than from, up to to.
func (m *matrixrate) limits(from, to table.Cell) (above, upTo *big.Rat, ok bool) {
	ok1, ok2 := true, true
	if !wildcard(from) && from.Text != "-1" {
		above, ok1 = m.d.limit(from, m.measure)
	}
	if !wildcard(to) {
		upTo, ok2 = m.d.limit(to, m.measure)
	}
	return above, upTo, ok1 && ok2
}

// sayable tells what a rulebook has no words for.
func (m *matrixrate) sayable(cells []table.Cell) bool {
	if !wildcard(cells[mCity]) {
		m.d.beyond(cells[mCity].Place, "use the postcodes of the city", "a rulebook cannot look at a city: the row for `%s` is left out", cells[mCity].Text)
		return false
	}
	if len(cells) > mTotal && strings.Trim(cells[mTotal].Text, "0.") != "" {
		m.d.beyond(cells[mTotal].Place, "add min_total to the rows of the option", "the row also asks for an order total of `%s` and is left out", cells[mTotal].Text)
		return false
	}
	return true
}

// place reads the postcodes; rows that no address can have are left out.
func (m *matrixrate) place(r *matrixRow, cells []table.Cell) bool {
	d, from, to := m.d, cells[mZipFrom], cells[mZipTo]
	r.area = area{country: r.country, region: r.region}
	if wildcard(from) {
		return true
	}
	r.zip, r.zipTo = compact(from.Text), strings.Trim(compact(to.Text), "*")
	start := strings.TrimRight(r.zip, "%")
	if strings.ContainsAny(start, "%_") {
		d.beyond(from.Place, "write the beginning of the postcodes", "a rulebook cannot look for `%s` within postcodes: the row is left out", from.Text)
		return false
	}
	if why := m.stretch(r, start); why != "" {
		d.leave(from.Place, "`%s` can never apply in Matrixrate either: %s", from.Text, why)
		return false
	}
	if f := flawOf(r.area); f != nil {
		d.beyond(from.Place, cmpText(f.Help, "mend the postcodes"), "the postcodes cannot be taken over: %s", f.Message)
		return false
	}
	return true
}

// stretch sets the postcodes of a row, or says why no address can have them. start is the postcode without its wildcard.
func (m *matrixrate) stretch(r *matrixRow, start string) (why string) {
	between := m.ranges && digits(start) && wholeCode(r.country) == 0
	switch {
	case r.country == "":
		return "a postcode without a country is not looked up"
	case between && (r.zip != start || r.zipTo == "" || !digits(r.zipTo)):
		return "postcodes of digits are looked up between from and to, and there is no to"
	case between:
		r.area.from, r.area.to = r.zip, upTo(r.country, r.zipTo)
		if r.area.to < r.area.from {
			return "no postcode is between them"
		}
	case wholeCode(r.country) > len(start) && start == r.zip:
		return "it is compared with whole postcodes, and this is a part of one"
	default:
		r.area.from, r.area.begins = start, start != r.zip
	}
	return ""
}

// upTo is the upper end of a range as a rulebook says it. Matrixrate compares as texts: a part of a postcode is before all that
// begins with it.
func upTo(country, to string) string {
	if flawOf(area{country: country, from: to}) == nil {
		return to
	}
	n := []byte(to)
	for i := len(n) - 1; i >= 0; i-- {
		if n[i] > '0' {
			n[i]--
			return string(n)
		}
		n[i] = '9'
	}
	return ""
}

// level orders places as Matrixrate does.
func (r *matrixRow) level() int {
	switch {
	case r.country == "":
		return 4
	case r.zip != "" && r.region != "":
		return 0
	case r.zip != "":
		return 1
	case r.region != "":
		return 2
	default:
		return 3
	}
}

func matrixLevels() []string {
	return []string{"Postcodes of a region", "Postcodes of a country", "A region", "A country", "Everywhere else"}
}

// options makes an option of each delivery type.
func (m *matrixrate) options() {
	d := m.d
	g := &grid{measure: m.measure, currency: d.options.Currency}
	known := map[string]bool{}
	for i := range m.rows {
		r := &m.rows[i]
		low, high := int64(0), open
		if r.above != nil {
			low = floor(r.above) + 1
		}
		if r.upTo != nil {
			high = floor(r.upTo)
		}
		if high < low {
			d.leave(r.at, "no whole %s is above the lower and up to the upper limit", unitWord(m.measure))
			continue
		}
		if !known[r.kind] {
			known[r.kind] = true
			m.kinds = append(m.kinds, r.kind)
		}
		g.rates = append(g.rates, rate{at: r.at, option: r.kind, level: r.level(), area: r.area, low: low, high: high, price: r.price})
	}
	d.book.options = g.options(&d.book, m.kinds, true)
	d.book.top = append(d.book.top, "sort: price                        # as Matrixrate shows them")
	m.ask(g.rates)
	d.note("Matrixrate means \"above from, up to to\"; converted to min_%s and max_%s", m.measure.word(), m.measure.word())
	d.note("the most special place that has any price decides for all delivery types: postcodes of a region, postcodes, region, country, everywhere")
	d.note("of several prices of one delivery type for the same place the lowest is taken; Matrixrate shows them all")
	if m.measure == byWeight {
		d.note("weights are in %s (--weight-unit)", d.options.WeightUnit)
	}
}

// ask lists what the proof asks.
func (m *matrixrate) ask(rates []rate) {
	ids := map[string]string{}
	for i, kind := range m.kinds {
		ids[kind] = m.d.book.options[i].id
	}
	m.d.price = func(q *question) map[string]int64 { return m.price(q, ids) }
	for i := range rates {
		r := &rates[i]
		a := askedRow{at: r.at, kind: matrixLevels()[r.level] + ", " + r.option, holds: r.area.holds, carts: edges(m.measure, r.low, r.high)}
		a.own = r.area.ends()
		m.d.asked = append(m.d.asked, a)
	}
}

// price answers as Matrixrate does: level by level, the first that has any row gives all its rows.
func (m *matrixrate) price(q *question, ids map[string]string) map[string]int64 {
	value := new(big.Rat).SetInt64(q.value(m.measure))
	for level := range matrixLevels() {
		var found map[string]int64
		for i := range m.rows {
			r := &m.rows[i]
			if r.level() != level || !m.matches(r, q.address) || r.above != nil && r.above.Cmp(value) >= 0 || r.upTo != nil && value.Cmp(r.upTo) > 0 {
				continue
			}
			if found == nil {
				found = map[string]int64{}
			}
			if before, ok := found[ids[r.kind]]; !ok || r.price < before {
				found[ids[r.kind]] = r.price
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// matches compares postcodes as the database does: digits between from and to, else as a pattern.
func (m *matrixrate) matches(r *matrixRow, ad address) bool {
	switch {
	case r.country != "" && r.country != ad.country, r.region != "" && r.region != ad.region:
		return false
	case r.zip == "":
		return true
	case m.ranges && digits(ad.postcode):
		return ad.postcode >= r.zip && ad.postcode <= r.zipTo
	}
	start, open := strings.CutSuffix(r.zip, "%")
	return ad.postcode == start || open && strings.HasPrefix(ad.postcode, start)
}
