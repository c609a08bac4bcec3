package importer

import (
	"io/fs"
	"math/big"
	"strings"

	"golang.org/x/text/language"

	"github.com/kvitto/kvitto/rules/table"
)

// sheet is a source of rows.
type sheet struct {
	*table.Sheet
	d *draft
}

// readSheet reads a CSV file or a workbook; false where it cannot be read at all.
func (d *draft) readSheet(fsys fs.FS, name string) (*sheet, bool) {
	t, ok := table.ReadSheet(fsys, table.Source{File: name}, d.report)
	if t == nil || t.Head == nil || !ok {
		return nil, false
	}
	d.rows = len(t.Rows)
	return &sheet{t, d}, true
}

// headOf is a head in lower case without quotes and needless blanks.
func headOf(c table.Cell) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.Trim(c.Text, "\"*"))), " ")
}

// bad tells a cell that cannot be understood.
func (d *draft) bad(c table.Cell, help, format string, args ...any) {
	d.report.Errorf(codeCell, c.Place, format, args...).Help = help
}

// wildcard reports whether a cell says nothing or a star.
func wildcard(c table.Cell) bool { return c.Text == "" || c.Text == "*" }

// country reads a code of two or three letters; "" is every country.
func (d *draft) country(c table.Cell) (string, bool) {
	if wildcard(c) {
		return "", true
	}
	code := strings.ToUpper(c.Text)
	if len(code) == 3 {
		if r, err := language.ParseRegion(code); err == nil && r.ISO3() == code {
			code = r.String()
		}
	}
	if code == "UK" {
		code = "GB"
	}
	if !table.KnownCountry(code) {
		d.bad(c, "write the two letters of ISO 3166-1, such as SE", "`%s` is not a country", c.Text)
		return "", false
	}
	return code, true
}

// region reads a region of a country; "" is all of it.
func (d *draft) region(country string, c table.Cell) (string, bool) {
	if wildcard(c) {
		return "", true
	}
	code := strings.TrimPrefix(strings.ToUpper(c.Text), country+"-")
	if country == "" || !table.KnownRegion(country, code) {
		d.bad(c, "write the code of the region, such as CA for California", "`%s` is not a region of `%s`", c.Text, country)
		return "", false
	}
	return code, true
}

// amount reads money in whole minor units.
func (d *draft) amount(c table.Cell) (int64, bool) {
	x, ok := number(c.Text)
	if !ok {
		d.bad(c, "write a number with a point, such as 49.90, without a sign for the currency", "`%s` is not an amount", c.Text)
		return 0, false
	}
	n, ok := whole(times(x, minorPer(d.currency())))
	if !ok {
		d.bad(c, "round it, or name another currency", "`%s` has more decimals than %s has, or is too large", c.Text, d.currency())
	}
	return n, ok
}

// limit reads a number of a measure.
func (d *draft) limit(c table.Cell, m measure) (*big.Rat, bool) {
	x, ok := number(c.Text)
	if !ok {
		d.bad(c, "write a number with a point, such as 2.5", "`%s` is not a number", c.Text)
		return nil, false
	}
	return times(x, m.scale(&d.options)), true
}
