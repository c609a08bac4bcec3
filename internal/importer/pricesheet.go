package importer

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// priceSheet is a plain sheet of prices: a row for each place and limit, or a column for each country.
type priceSheet struct {
	layout
	d       *draft
	measure measure
	limit   role
	limited bool
	commas  bool // numbers have decimal commas
	unit    string
	rows    []sheetRow
	names   []string
}

// sheetRow is one price. Both limits are included; where two rows touch, the lower one holds.
type sheetRow struct {
	at        diag.Place
	option    string
	areas     []area
	several   bool // countries at once: less special than one
	low, high int64
	price     int64 // or blocked
}

// readPriceSheet reads a CSV file or a workbook.
func readPriceSheet(d *draft, fsys fs.FS, name string) bool {
	s, ok := d.readSheet(fsys, name)
	if !ok {
		return false
	}
	p := &priceSheet{d: d}
	if !p.columns(s) || !p.currency(s) {
		return false
	}
	p.commas = decimalCommas(s)
	p.unit = d.options.WeightUnit
	p.unitOfHead(s)
	for _, row := range s.Rows {
		p.row(s, row)
	}
	if !slices.ContainsFunc(p.rows, func(r sheetRow) bool { return r.price != blocked }) {
		return false
	}
	p.options()
	return true
}

// currency finds the currency of the sheet: as given, or of its first row.
func (p *priceSheet) currency(s *sheet) bool {
	at, ok := p.at[roleCurrency]
	if p.d.options.Currency == "" && ok {
		for _, row := range s.Rows {
			if _, known := minorDigits(strings.ToUpper(row[at].Text)); known {
				p.d.options.Currency = strings.ToUpper(row[at].Text)
				break
			}
		}
	}
	if p.d.options.Currency == "" {
		p.d.report.Errorf(codeSource, s.Head[0].Place, "nothing says in which currency the prices are").Help = "name it with --currency, such as --currency SEK"
		return false
	}
	return true
}

// get is a cell of a role; an empty one where there is no such column.
func (p *priceSheet) get(row []table.Cell, r role) table.Cell {
	if i, ok := p.at[r]; ok {
		return row[i]
	}
	return table.Cell{Place: row[0].Place}
}

// row reads one row of the sheet.
func (p *priceSheet) row(s *sheet, row []table.Cell) {
	if c := p.get(row, roleCurrency); c.Text != "" && !strings.EqualFold(c.Text, p.d.options.Currency) {
		p.d.beyond(c.Place, "import the prices of each currency by themselves and put them together: price: [49.00, 4.90 EUR]",
			"the row is in `%s`, the import in %s: it is left out", c.Text, p.d.options.Currency)
		return
	}
	low, high, ok := p.limits(row)
	if !ok {
		return
	}
	r := sheetRow{at: row[0].Place, option: cmpText(p.get(row, roleService).Text, "Standard"), low: low, high: high}
	if len(p.matrix) > 0 {
		p.across(s, row, r)
		return
	}
	if r.areas, r.several, ok = p.places(row); !ok {
		return
	}
	if r.price, ok = p.price(p.get(row, rolePrice)); ok {
		p.add(r)
	}
}

// across reads a row with a price for each country.
func (p *priceSheet) across(s *sheet, row []table.Cell, r sheetRow) {
	for _, i := range p.matrix {
		codes, _ := countriesOf(countryHead(s.Head[i].Text))
		one := r
		one.at, one.areas, one.several = row[i].Place, nil, len(codes) > 1
		for _, c := range codes {
			one.areas = append(one.areas, area{country: c})
		}
		var ok bool
		if one.price, ok = p.price(row[i]); ok {
			p.add(one)
		}
	}
}

func (p *priceSheet) add(r sheetRow) {
	if !slices.Contains(p.names, r.option) {
		p.names = append(p.names, r.option)
	}
	p.rows = append(p.rows, r)
}

// price reads money; an empty cell or a dash is not offered.
func (p *priceSheet) price(c table.Cell) (int64, bool) {
	switch strings.TrimSpace(c.Text) {
	case "", "-", "–", "—", "x", "n/a":
		return blocked, true
	}
	text, ok := p.decimal(c.Text)
	if !ok || text == "" {
		p.d.bad(c, "write it without signs between the thousands, such as 1299.00 or 1299,00", "`%s` is not an amount, or could be two", c.Text)
		return 0, false
	}
	return p.d.amount(table.Cell{Text: text, Place: c.Place})
}

// limits reads from and to, or both in one cell: "5", "0-5 kg", "upp till 5 kg".
func (p *priceSheet) limits(row []table.Cell) (low, high int64, ok bool) {
	if !p.limited {
		return 0, open, true
	}
	from, to := p.get(row, p.limit+ofFrom), p.get(row, p.limit+ofTo)
	if one := p.get(row, p.limit); one.Text != "" {
		from, to = table.Cell{Place: one.Place}, one
		if a, b, found := cutRange(one.Text); found {
			from, to = table.Cell{Text: a, Place: one.Place}, table.Cell{Text: b, Place: one.Place}
		}
	}
	high = open
	if from.Text != "" && from.Text != "*" {
		if low, ok = p.value(from, to, false); !ok {
			return 0, 0, false
		}
	}
	if !unlimited(to.Text) {
		if high, ok = p.value(to, to, true); !ok {
			return 0, 0, false
		}
	}
	if high < low {
		p.d.bad(to, "write the lower limit first", "the upper limit is below the lower one")
		return 0, 0, false
	}
	return low, high, true
}

func unlimited(text string) bool {
	return slices.Contains([]string{"", "*", "-", "∞", "any", "max"}, strings.TrimSpace(strings.ToLower(text)))
}

// cutRange parts "0-5 kg" and "0 till 5 kg".
func cutRange(text string) (from, to string, ok bool) {
	for _, sign := range []string{"–", "—", " to ", " till ", " bis ", "-"} {
		if from, to, ok = strings.Cut(text, sign); ok && strings.ContainsAny(from, "0123456789") {
			return from, to, true
		}
	}
	return "", "", false
}

// value reads a limit; a weight may carry its unit, that of the upper limit counts for both.
func (p *priceSheet) value(c, withUnit table.Cell, upper bool) (int64, bool) {
	text, ok := p.decimal(c.Text)
	x, ok2 := number(text)
	if !ok || !ok2 {
		p.d.bad(c, "write a number, such as 2.5 or 2,5 kg", "`%s` is not a number, or could be two", c.Text)
		return 0, false
	}
	scale := p.measure.scale(&p.d.options)
	if p.measure == byWeight {
		scale = gramsPer(p.unit)
		for _, cell := range []table.Cell{withUnit, c} {
			if u := gramsPer(unitAt(cell.Text)); u != nil {
				scale = u
			}
		}
	}
	if x = times(x, scale); upper {
		return floor(x), true
	}
	return ceil(x), true
}

// unitAt is the word behind a number.
func unitAt(text string) string {
	return strings.Trim(text[strings.LastIndexAny(text, "0123456789")+1:], " .\u00a0")
}

// places reads where a row holds.
func (p *priceSheet) places(row []table.Cell) (areas []area, several, ok bool) {
	c := p.get(row, roleCountry)
	if c.Text == "" {
		if zone := p.get(row, roleZone); zone.Text != "" {
			c = zone
		}
	}
	codes, ok := countriesOf(c.Text)
	if !ok {
		p.d.bad(c, "write two letters such as SE, or give the sheet a column with the country", "`%s` is not a country", c.Text)
		return nil, false, false
	}
	for _, code := range codes {
		a := area{country: code}
		if a.region, ok = p.d.region(code, p.get(row, roleRegion)); !ok {
			return nil, false, false
		}
		list, ok := p.postcodes(row, a)
		if !ok {
			return nil, false, false
		}
		areas = append(areas, list...)
	}
	return areas, len(codes) > 1, true
}

// postcodes reads a stretch, a code, codes with stars, or several of them.
func (p *priceSheet) postcodes(row []table.Cell, a area) ([]area, bool) {
	c, from, to := p.get(row, rolePostcode), p.get(row, rolePostcode+ofFrom), p.get(row, rolePostcode+ofTo)
	var list []area
	switch {
	case !wildcard(from):
		c = from
		b := a
		b.from, b.to = compact(from.Text), strings.Trim(compact(to.Text), "*")
		list = append(list, b)
	case wildcard(c):
		return []area{a}, true
	default:
		for part := range strings.FieldsFuncSeq(c.Text, func(r rune) bool { return r == ';' || r == ',' }) {
			b := a
			lower, upper, ok := cutRange(part)
			if b.from, b.begins = strings.CutSuffix(compact(part), "*"); ok {
				b.from, b.to, b.begins = compact(lower), compact(upper), false
			}
			list = append(list, b)
		}
	}
	for _, b := range list {
		if f := flawOf(b); f != nil || a.country == "" || b.from == "" {
			why := "a postcode needs a country"
			if f != nil {
				why = f.Message
			}
			p.d.bad(c, "write whole codes, 62*, or a stretch 620 to 624", "the postcodes `%s` cannot be read: %s", c.Text, why)
			return nil, false
		}
	}
	return list, len(list) > 0
}

// level orders places: postcodes, regions, countries, several of them, everywhere.
func (r *sheetRow) level(a area) int {
	switch {
	case a.country == "":
		return 4
	case r.several:
		return 3
	case a.from != "":
		return 0
	case a.region != "":
		return 1
	default:
		return 2
	}
}

func sheetLevels() []string {
	return []string{"Postcodes", "A region", "A country", "Several countries", "Everywhere else"}
}

// options makes an option of each service.
func (p *priceSheet) options() {
	d := p.d
	slices.SortStableFunc(p.rows, func(a, b sheetRow) int { return cmp.Compare(a.high, b.high) })
	g := &grid{measure: p.measure, currency: d.options.Currency}
	type key struct {
		option string
		level  int
		area   area
	}
	taken := map[key][]rate{}
	for i := range p.rows {
		r := &p.rows[i]
		for _, a := range r.areas {
			k := key{r.option, r.level(a), a}
			whole := rate{at: r.at, option: r.option, level: k.level, area: a, low: r.low, high: r.high, price: r.price}
			pieces := rest(whole, taken[k])
			if len(pieces) == 0 {
				d.leave(r.at, "this price is never reached: other rows for %s take all up to it", a)
			}
			g.rates = append(g.rates, pieces...)
			taken[k] = append(taken[k], whole)
		}
	}
	d.book.options = g.options(&d.book, p.names, false)
	p.ask(g.rates)
	p.notes()
}

// rest is what others leave of a stretch.
func rest(r rate, others []rate) []rate {
	slices.SortFunc(others, func(a, b rate) int { return cmp.Compare(a.low, b.low) })
	var pieces []rate
	for _, o := range others {
		if r.low > r.high || o.low > r.high {
			break
		}
		if o.low > r.low {
			piece := r
			piece.high = o.low - 1
			pieces = append(pieces, piece)
		}
		if o.high == open {
			return pieces
		}
		r.low = max(r.low, o.high+1)
	}
	if r.low <= r.high {
		pieces = append(pieces, r)
	}
	return pieces
}

func (p *priceSheet) notes() {
	d := p.d
	d.note("the most special place that has a price wins: postcodes, region, country, several countries, everywhere")
	if !p.limited {
		return
	}
	d.note("both limits of a row are included; where two rows touch, the lower one holds")
	if p.measure == byWeight {
		d.note("weights without a unit are in %s", p.unit)
	}
}
