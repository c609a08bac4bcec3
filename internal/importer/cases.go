package importer

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/kvitto/kvitto/internal/authoring"
)

// testCase is a case of the generated test: rows of one kind.
type testCase struct {
	name string
	rows []caseRow
}

// caseRow is a question and the price of an option, blocked where it is not offered.
type caseRow struct {
	q      question
	option string
	price  int64
}

// Limits of the generated test: enough to see each kind of row, and few enough to be read.
const (
	rowsOfKind = 4
	maxCases   = 40
)

// chooseCases picks some questions of each kind of row for the test.
func (d *draft) chooseCases(book *authoring.Book) {
	if d.book.tax != nil {
		return
	}
	places := addressesOf(book)
	d.seen = map[caseRow]bool{}
	count, index := map[string]int{}, map[string]int{}
	for i := range d.asked {
		r := &d.asked[i]
		ad, ok := r.sample(places)
		if count[r.kind]++; !ok || count[r.kind] > rowsOfKind || len(index) == maxCases {
			continue
		}
		at, known := index[r.kind]
		if !known {
			at = len(d.cases)
			index[r.kind] = at
			d.cases = append(d.cases, testCase{name: r.kind})
		}
		d.cases[at].ask(d, r, ad)
	}
}

// sample is an address that a row is asked at: its own, or one that it holds for.
func (r *askedRow) sample(places []address) (address, bool) {
	if len(r.own) > 0 {
		return r.own[0], true
	}
	for _, ad := range places {
		if r.holds != nil && r.holds(ad) {
			return ad, true
		}
	}
	return address{}, false
}

// ask adds the carts of a row, for each option that the source offers or could offer.
func (c *testCase) ask(d *draft, r *askedRow, ad address) {
	for _, q := range r.carts {
		if q.goods[1].pieces > 0 || q.coupon != "" || q.total() == 0 || q.grams() == 0 {
			continue
		}
		q.address = ad
		prices := d.price(&q)
		for _, o := range d.book.options {
			price, ok := prices[o.id]
			if !ok {
				price = blocked
			}
			row := caseRow{q, o.id, price}
			if !d.seen[row] && len(c.rows) < rowsOfKind*8 {
				d.seen[row] = true
				c.rows = append(c.rows, row)
			}
		}
	}
}

// tests writes the test file, nil where there is nothing to test.
func (d *draft) tests() []byte {
	switch {
	case d.book.tax != nil:
		return d.taxTests()
	case len(d.cases) == 0:
		return nil
	}
	var w bytes.Buffer
	fmt.Fprintf(&w, "# What %s says, a case for each kind of row; made by the import.\n", oneLine(d.source))
	fmt.Fprintf(&w, "version: 1\nrules: [shipping.yaml, tax.yaml]\nnow: %s 12:00\ncases:\n", d.options.Now.Format("2006-01-02"))
	for _, c := range d.cases {
		if len(c.rows) == 0 {
			continue
		}
		fmt.Fprintf(&w, "  - name: %s\n    table: |\n", plain(noBraces(c.name)))
		lines := [][]string{{"to", "items", "weight", "total", "tags", "option", "price"}}
		for _, r := range c.rows {
			price := "not offered"
			if r.price != blocked {
				price = major(r.price, d.currency())
			}
			g := r.q.goods[0]
			lines = append(lines, []string{toText(r.q.address), strconv.FormatInt(g.pieces, 10), grams(r.q.grams()),
				major(r.q.total(), d.currency()), g.tag, r.option, price})
		}
		pipeTable(&w, "      ", withoutEmpty(lines))
	}
	return w.Bytes()
}

// toText writes an address as tests do.
func toText(ad address) string {
	where := area{country: ad.country, region: ad.region}.key()
	if ad.postcode == "" {
		return where
	}
	return where + " " + ad.postcode
}

// withoutEmpty leaves out columns that say nothing.
func withoutEmpty(lines [][]string) [][]string {
	out := make([][]string, len(lines))
	for i := range lines[0] {
		used := false
		for _, row := range lines[1:] {
			used = used || row[i] != ""
		}
		if !used {
			continue
		}
		for k, row := range lines {
			out[k] = append(out[k], row[i])
		}
	}
	return out
}
