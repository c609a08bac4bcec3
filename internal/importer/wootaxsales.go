package importer

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// salesFile is the name of the rate file.
const salesFile = "tax/rates.csv"

// salesState is a state in which tax is collected.
type salesState struct {
	code    string
	rate    int64 // where there is no ZIP
	freight bool
}

// states makes the rates of each state, by ZIP where the source has ZIPs.
func (t *wooTax) states() {
	d := t.d
	tax := d.book.tax
	var codes []string
	t.rows = t.kept(t.salesRow)
	for _, r := range t.rows {
		if r.class == standard && !slices.Contains(codes, r.region) {
			codes = append(codes, r.region)
		}
	}
	slices.Sort(codes)
	d.book.seeCountry("US")
	for _, code := range codes {
		s := salesState{code: code}
		s.rate = t.sumAt(code, -1)
		for _, r := range t.rows {
			switch {
			case r.region != code:
			case r.class == standard:
				s.freight = s.freight || r.freight
			default:
				tax.addClass(r.class)
			}
		}
		tax.states = append(tax.states, s)
		t.zipRows(code)
	}
	d.note("priorities 1 to 4 of a state became the levels state, county, city and special, in this order")
	d.note("a state taxes freight where one of its rows does")
}

// salesRow leaves out what a rulebook of sales tax has no words for.
func (t *wooTax) salesRow(r *wooRate) bool {
	var of []wooRate
	for _, o := range t.rows {
		if o.region == r.region && o.class == standard {
			of = append(of, o)
		}
	}
	const levels = 4
	why := ""
	switch list := priorities(of); {
	case len(of) == 0:
		why = "the state has no standard rate"
	case r.class != standard && (r.exact != 0 || len(r.areas) > 0):
		why = "a class of goods can be exempt in a state, and has no other rates"
	case r.class == standard && slices.Index(list, r.priority) >= levels:
		why = "there are four levels of sales tax"
	}
	if why != "" {
		t.d.beyond(r.at, "write it by hand", "the row is left out: %s", why)
	}
	return why == ""
}

// zipAt is the first and the last ZIP of an area.
func (a area) zipAt() (from, to int) {
	end := a.from
	if a.to != "" {
		end = a.to
	}
	from, _ = strconv.Atoi((a.from + "00000")[:5]) // a zone of digits, looked at when it was read
	to, _ = strconv.Atoi((end + "99999")[:5])
	return from, to
}

// winner is the row of a priority at a ZIP, nil where there is none; zip -1 is one that is not known.
func (t *wooTax) winner(state string, priority, zip int) *wooRate {
	for i := range t.rows {
		r := &t.rows[i]
		if r.region != state || r.priority != priority || r.class != standard {
			continue
		}
		if len(r.areas) == 0 || slices.ContainsFunc(r.areas, func(a area) bool { from, to := a.zipAt(); return from <= zip && zip <= to }) {
			return r
		}
	}
	return nil
}

// sumAt is the sum of all priorities.
func (t *wooTax) sumAt(state string, zip int) (sum int64) {
	for _, p := range priorities(t.rows) {
		if r := t.winner(state, p, zip); r != nil {
			sum += r.exact
		}
	}
	return sum
}

// zipRows writes a row of the rate file for each stretch of ZIPs in which nothing changes.
func (t *wooTax) zipRows(state string) {
	cuts := []int{}
	var of []wooRate
	for _, r := range t.rows {
		if r.region != state || r.class != standard {
			continue
		}
		of = append(of, r)
		for _, a := range r.areas {
			from, to := a.zipAt()
			cuts = append(cuts, from, to+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i := 0; i+1 < len(cuts); i++ {
		row := []string{"US-" + state, fmt.Sprintf("%05d", cuts[i]), fmt.Sprintf("%05d", cuts[i+1]-1)}
		special := false
		for _, p := range priorities(of) {
			rate := int64(0)
			if r := t.winner(state, p, cuts[i]); r != nil {
				rate, special = r.exact, special || len(r.areas) > 0
			}
			row = append(row, exactPercent(rate))
		}
		for len(row) < 7 {
			row = append(row, "0")
		}
		if special {
			t.d.book.tax.rates = append(t.d.book.tax.rates, append(row, ""))
		}
	}
}

// exactPercent writes 1/10 000 per cent.
func exactPercent(n int64) string {
	text := fmt.Sprintf("%d.%04d", n/10_000, n%10_000)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// salesFiles writes a tax.yaml of sales tax and its rate file.
func (d *draft) salesFiles(t *taxes) []File {
	var w bytes.Buffer
	fmt.Fprintf(&w, "# Imported from %s (%s); what was converted or left out stands in %s.\n", oneLine(d.source), d.kind, reportFile)
	w.WriteString("version: 1\nmode: sales_tax\nprices: exclude tax\n")
	var in, rates, freight strings.Builder
	for i, s := range t.states {
		if i > 0 {
			in.WriteString(", ")
		}
		in.WriteString("US-" + s.code)
		fmt.Fprintf(&rates, "  US-%s: %s%%\n", s.code, exactPercent(s.rate))
		fmt.Fprintf(&freight, "  US-%s: %s\n", s.code, map[bool]string{true: "follow goods", false: "none"}[s.freight])
	}
	fmt.Fprintf(&w, "collect_in: [%s]                # elsewhere no tax is added\n", in.String())
	if len(t.rates) > 0 {
		fmt.Fprintf(&w, "rate_files: [%s]\n", salesFile)
	}
	fmt.Fprintf(&w, "rates:                               # where the rate file has no row for the ZIP\n%s", rates.String())
	if len(t.classes) > 0 {
		w.WriteString("classes:                             # the goods need these tags\n")
		for _, c := range t.classes {
			fmt.Fprintf(&w, "  %s: {tags: [%s]}\n", c, c)
		}
		w.WriteString("exempt:                              # in every state: a class without a rate is not taxed\n")
		for _, c := range t.classes {
			fmt.Fprintf(&w, "  - {class: %s}\n", c)
		}
	}
	fmt.Fprintf(&w, "shipping_tax:\n%slines: by_level\nround: order\n", freight.String())
	files := []File{{"tax.yaml", w.Bytes()}}
	if len(t.rates) > 0 {
		files = append(files, File{salesFile, sheetOf([]string{"state", "zip_from", "zip_to", "state_rate", "county_rate", "city_rate", "special_rate", "from"}, t.rates)})
	}
	return files
}
