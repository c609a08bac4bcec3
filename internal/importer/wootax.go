package importer

import (
	"cmp"
	"io/fs"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// wooRate is a row of WooCommerce's tax rates. Source: WooCommerce 9, class-wc-tax-rate-importer.php for the columns and
// WC_Tax::get_matched_tax_rates for what they mean; read 2026-11-25.
type wooRate struct {
	at       diag.Place
	index    int
	country  string
	region   string
	areas    []area // nil: all of the country or the region
	codes    int    // postcodes that are listed
	rate     *big.Rat
	priority int
	freight  bool
	class    string
	compound bool
	exact    int64 // VAT: hundredths of a per cent; sales tax: 1/10 000 per cent
}

// Columns of the file.
const (
	tCountry = iota
	tState
	tPostcode
	tCity
	tRate
	tName
	tPriority
	tCompound
	tShipping
	tClass
)

// wooTax is a file of them.
type wooTax struct {
	d    *draft
	rows []wooRate
}

// readWooTax reads the CSV file that WooCommerce exports.
func readWooTax(d *draft, fsys fs.FS, name string) bool {
	s, ok := d.readSheet(fsys, name)
	if !ok {
		return false
	}
	if len(s.Head) < tClass || conditionHead(headOf(s.Head[tRate])) {
		d.report.Errorf(codeSource, s.Head[0].Place, "this is not a file of WooCommerce's tax rates: it has %d columns, not 10, or the fifth is not the rate", len(s.Head)).Help =
			"the columns are country code, state code, postcode, city, rate %, tax name, priority, compound, shipping, tax class"
		return false
	}
	t := &wooTax{d: d}
	for i, row := range s.Rows {
		t.row(i, row)
	}
	sales := t.sales()
	t.rows = t.kept(func(r *wooRate) bool { return t.fits(r, sales) })
	if len(t.rows) == 0 {
		return false
	}
	slices.SortStableFunc(t.rows, wooOrder)
	d.book.tax = &taxes{sales: sales, freight: map[string]string{}}
	if sales {
		d.options.Home = "US"
		t.states()
	} else {
		t.vat()
	}
	d.leastShipping()
	t.ask()
	return true
}

// conditionHead reports whether the head of the rates says something else.
func conditionHead(head string) bool {
	return !strings.Contains(head, "rate") && !strings.Contains(head, "%") && !strings.Contains(head, "satz") && !strings.Contains(head, "sats")
}

// row reads one row.
func (t *wooTax) row(index int, cells []table.Cell) {
	d := t.d
	r := wooRate{at: cells[tCountry].Place, index: index, priority: 1, freight: cells[tShipping].Text != "0", class: standard}
	var ok bool
	if r.country, ok = d.country(cells[tCountry]); !ok {
		return
	}
	if r.region, ok = d.region(r.country, cells[tState]); !ok {
		return
	}
	if r.rate, ok = number(strings.TrimSuffix(cells[tRate].Text, "%")); !ok || r.rate.Cmp(big.NewRat(100, 1)) > 0 {
		d.bad(cells[tRate], "write a per cent such as 25.0000", "`%s` is not a per cent", cells[tRate].Text)
		return
	}
	if p := cells[tPriority].Text; p != "" {
		var err error
		if r.priority, err = strconv.Atoi(p); err != nil {
			d.bad(cells[tPriority], "write 1", "`%s` is not a whole number", p)
			return
		}
	}
	r.compound = cells[tCompound].Text == "1"
	if len(cells) > tClass {
		if c := strings.ReplaceAll(slug(cells[tClass].Text), "-", "_"); c != "" {
			r.class = c
		}
	}
	switch {
	case r.country == "":
		d.beyond(r.at, "write a row for each country", "a rate for every country cannot be taken over")
	case !wildcard(cells[tCity]):
		d.beyond(cells[tCity].Place, "use the postcodes of the city", "a rulebook cannot look at a city: the row for `%s` is left out", cells[tCity].Text)
	case t.postcodes(&r, cells[tPostcode]):
		t.rows = append(t.rows, r)
	}
}

// postcodes reads a list parted by semicolons: codes, 62*, 62000...62499.
func (t *wooTax) postcodes(r *wooRate, c table.Cell) bool {
	if wildcard(c) {
		return true
	}
	for part := range strings.SplitSeq(c.Text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		a := area{country: r.country, region: r.region}
		from, to, isRange := strings.Cut(part, "...")
		a.from, a.begins = strings.CutSuffix(compact(from), "*")
		if isRange {
			a.from, a.to, a.begins = compact(from), compact(to), false
		}
		if f := flawOf(a); f != nil || a.from == "" {
			why := "it names none"
			if f != nil {
				why = f.Message
			}
			t.d.beyond(c.Place, "write 62*, 62000...62499 or a whole code", "the postcode `%s` cannot be taken over, and the row is left out: %s", part, why)
			return false
		}
		r.areas = append(r.areas, a)
	}
	r.codes = len(r.areas)
	return true
}

// sales reports whether the rulebook is one of sales tax: the shop is in the USA, or all rows are.
func (t *wooTax) sales() bool {
	if t.d.options.Home != "" {
		return strings.EqualFold(t.d.options.Home, "US")
	}
	return !slices.ContainsFunc(t.rows, func(r wooRate) bool { return r.country != "US" })
}

// kept are the rows that are to stay.
func (t *wooTax) kept(stays func(*wooRate) bool) []wooRate {
	var list []wooRate
	for i := range t.rows {
		if stays(&t.rows[i]) {
			list = append(list, t.rows[i])
		}
	}
	return list
}

// fits leaves out what the rulebook's kind of tax cannot say.
func (t *wooTax) fits(r *wooRate, sales bool) bool {
	d := t.d
	exact := int64(100)
	if sales {
		exact = 10_000
	}
	n, ok := whole(times(r.rate, big.NewRat(exact, 1)))
	r.exact = n
	first := slices.MinFunc(t.rows, func(a, b wooRate) int {
		return cmp.Or(cmp.Compare(b2i(a.country != r.country), b2i(b.country != r.country)), cmp.Compare(a.priority, b.priority))
	})
	why := ""
	switch {
	case !ok:
		why = "the rate is more exact than the checkout can carry"
	case sales && r.country != "US":
		why = "a rulebook has sales tax of the USA or VAT, not both; import the others with --home of another country"
	case !sales && r.country == "US":
		why = "a rulebook has sales tax of the USA or VAT, not both; import these with --home US"
	case sales && r.region == "":
		why = "sales tax is by state"
	case r.compound && r.priority != first.priority:
		why = "it is a tax on another tax"
	case !sales && r.priority != first.priority:
		why = "rates of several priorities add up, and VAT is one rate"
	}
	if why != "" {
		d.beyond(r.at, "write it by hand", "the row is left out: %s", why)
		return false
	}
	return true
}

// wooOrder is the order in which WooCommerce looks at rates: of each priority the first that matches holds.
func wooOrder(a, b wooRate) int {
	last := func(x, y string) int { return cmp.Or(cmp.Compare(b2i(x == ""), b2i(y == "")), cmp.Compare(x, y)) }
	return cmp.Or(cmp.Compare(a.priority, b.priority), last(a.country, b.country), last(a.region, b.region), cmp.Compare(b.codes, a.codes),
		cmp.Compare(a.index, b.index))
}

// matches reports whether a row holds for an address and a class.
func (r *wooRate) matches(ad address, class string) bool {
	if r.class != class || r.country != ad.country || r.region != "" && r.region != ad.region {
		return false
	}
	return len(r.areas) == 0 || slices.ContainsFunc(r.areas, func(a area) bool { return a.holds(ad) })
}

// priorities are those of some rows, ascending.
func priorities(rows []wooRate) []int {
	var list []int
	for _, r := range rows {
		if !slices.Contains(list, r.priority) {
			list = append(list, r.priority)
		}
	}
	slices.Sort(list)
	return list
}

// byCode reports whether rates of a country depend on the postcode: then nobody can say them without one.
func (t *wooTax) byCode(country string) bool {
	return slices.ContainsFunc(t.rows, func(r wooRate) bool { return r.country == country && len(r.areas) > 0 })
}

// answer adds up the rates of all priorities: VAT as a rate, sales tax as an amount, each priority rounded half up.
func (t *wooTax) answer(q *question) map[string]int64 {
	class := cmpText(strings.ReplaceAll(q.goods[0].tag, "-", "_"), standard)
	var rate, tax int64
	for _, p := range priorities(t.rows) {
		for i := range t.rows {
			if r := &t.rows[i]; r.priority == p && r.matches(q.address, class) {
				rate += r.exact
				tax += (2*q.total()*r.exact + 1_000_000) / 2_000_000
				break
			}
		}
	}
	if t.d.book.tax.sales {
		return map[string]int64{"tax": tax}
	}
	return map[string]int64{"rate": rate}
}

// ask lists what the proof asks.
func (t *wooTax) ask() {
	d := t.d
	d.price = t.answer
	var carts []question
	for _, class := range append([]string{standard}, d.book.tax.classes...) {
		carts = append(carts, taxCart(class, d.options.Now.Format("2006-01-02")))
	}
	for i := range t.rows {
		r := &t.rows[i]
		a := askedRow{at: r.at, kind: r.country, carts: carts, holds: func(ad address) bool { return r.matches(ad, r.class) }}
		for _, p := range r.areas {
			a.own = append(a.own, p.ends()...)
		}
		if len(r.areas) == 0 && (d.book.tax.sales || !t.byCode(r.country)) {
			a.own = append(a.own, address{country: r.country, region: r.region})
		}
		d.asked = append(d.asked, a)
	}
}
