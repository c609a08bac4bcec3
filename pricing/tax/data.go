package tax

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// shippedData is the data file that comes with the program.
const shippedData = "vat-rates.yaml"

// slots are rates by name: standard, reduced_1 and so on, by date.
type slots map[string]table.Dated[order.Rate]

// country of a data file.
type country struct {
	code   string
	member bool // of the Union
	union  bool // counts as a member for the sale of goods: members, Northern Ireland, Monaco
	sameAs *diag.Node
	slots  slots
	place  diag.Place
	remarks
}

// remarks of a data file about an entry.
type remarks struct {
	low       bool         // confidence: low
	uncertain string       // what a person should check
	planned   []*diag.Node // changes to come, "2028-01-01: standard 8.5"
}

// dataArea is a part of a state that is special, or is often taken for special.
type dataArea struct {
	name, state string
	postcodes   *diag.Node
	vat         string // outside, own, state
	slots       slots
	place       diag.Place
	remarks
}

// dataFile is a table of VAT rates. The zero value knows nothing.
type dataFile struct {
	horizon   table.Date // rates that begin on this day were in force before
	checked   table.Date // the day the file was put together; 0: not said
	checkedAt diag.Place
	countries map[string]*country
	codes     []string // of countries, in file order
	areas     []*dataArea
}

// readData reads a data file; it returns an empty one where that is not possible.
func readData(fsys fs.FS, name string, at diag.Place, r *diag.Report) *dataFile {
	d := &dataFile{countries: map[string]*country{}}
	text, ok := diag.ReadFile(fsys, name, diag.MaxYAML, at, r)
	if !ok {
		return d
	}
	n := diag.Parse(name, text, r)
	known := []string{"version", "kind", "checked", "horizon", "sources", "countries", "areas", "thresholds"}
	if n == nil || !diag.Fields(n, "a data file", known, r) {
		return d
	}
	if kind := diag.Need(n, "a data file", "kind", r); kind != nil && kind.Text != "vat-rates" {
		r.Errorf(codeData, kind.Place, "`%s` is not a kind of data file", kind.Text).Help = "write vat-rates"
	}
	readVersion(n, "a data file", r)
	s := &table.Scope{Report: r}
	if h := n.Get("horizon"); h != nil {
		d.horizon, _ = s.Date(h)
	}
	if c := n.Get("checked"); c != nil {
		d.checked, _ = s.Date(c)
		d.checkedAt = c.Place
	}
	d.readCountries(s, diag.Need(n, "a data file", "countries", r))
	d.readAreas(s, n.Get("areas"))
	return d
}

// readVersion checks the version of a file.
func readVersion(n *diag.Node, what string, r *diag.Report) {
	v := diag.Need(n, what, "version", r)
	if v == nil || !diag.WantText(v, "`version`", r) || v.Text == "1" {
		return
	}
	r.Errorf(codeWord, v.Place, "version `%s` is not known", v.Text).Help = "this program reads version 1"
}

func (d *dataFile) readCountries(s *table.Scope, n *diag.Node) {
	if n == nil || !diag.WantMap(n, "`countries`", s.Report) {
		return
	}
	for i, key := range n.Keys {
		if !table.KnownCountry(key.Text) {
			s.Report.Errorf(codeCountry, key.Place, "`%s` is not a country", key.Text)
			continue
		}
		v := n.Values[i]
		known := append([]string{"name", "eu", "eea", "currency", "vat_prefix", "same_as", "zero", "confidence", "sources", "moved",
			"planned", "uncertain", "note"}, slotNames()...)
		if !diag.Fields(v, "a country", known, s.Report) {
			continue
		}
		c := &country{code: key.Text, place: key.Place, sameAs: v.Get("same_as"), slots: readSlots(s, v), remarks: readRemarks(v)}
		if eu := v.Get("eu"); eu != nil {
			c.member = eu.Text == "yes" || eu.Text == "true"
			c.union = c.member || eu.Text == "for goods" || eu.Text == "for VAT"
		}
		if _, ok := c.slots[standard]; !ok && c.sameAs == nil {
			s.Report.Errorf(codeNoRate, key.Place, "%s has no standard rate", key.Text)
		}
		d.countries[key.Text] = c
		d.codes = append(d.codes, key.Text)
	}
	d.borrow(s.Report)
}

// readRemarks reads what the file says about its own entry.
func readRemarks(n *diag.Node) remarks {
	var m remarks
	if c := n.Get("confidence"); c != nil {
		m.low = c.Text == "low"
	}
	if u := n.Get("uncertain"); u != nil {
		m.uncertain = u.Text
	}
	if p := n.Get("planned"); p != nil {
		m.planned = p.Items
	}
	return m
}

// borrow gives the rates of another country to those that say same_as.
func (d *dataFile) borrow(r *diag.Report) {
	for _, code := range d.codes {
		c := d.countries[code]
		if c.sameAs == nil {
			continue
		}
		other := d.countries[c.sameAs.Text]
		if other == nil || other.sameAs != nil {
			r.Errorf(codeCountry, c.sameAs.Place, "`%s` is not a country of this file with rates of its own", c.sameAs.Text)
			continue
		}
		c.slots = other.slots
	}
}

// standard is the slot and the class of everything that is not said to be something else.
const standard = "standard"

// slotNames are the names that a rate may have in a data file.
func slotNames() []string {
	return []string{standard, "reduced_1", "reduced_2", "reduced_3", "super_reduced", "parking"}
}

// readSlots reads the rates of a country or area.
func readSlots(s *table.Scope, n *diag.Node) slots {
	all := slots{}
	for _, name := range slotNames() {
		v := n.Get(name)
		if v == nil {
			continue
		}
		d, ok := table.DatedOf(s, v, func(n *diag.Node) (order.Rate, bool) { return readRate(s, n) })
		if !ok { // told; without a rate there would be further findings
			d = table.Always[order.Rate](0, v.Place)
		}
		all[name] = d
	}
	return all
}

// readRate reads a per cent that the checkout can carry: two decimals.
func readRate(s *table.Scope, n *diag.Node) (order.Rate, bool) {
	const perBasisPoint = 100 // a Percent is 1/10 000 %
	p, ok := s.Percent(n, 4)
	if !ok {
		return 0, false
	}
	if p%perBasisPoint != 0 {
		f := s.Report.Errorf(codeDecimals, n.Place, "the checkout cannot carry %s", p)
		f.Label, f.Help = "more than two decimals", "a VAT rate has at most two decimals"
		return 0, false
	}
	return order.Rate(p / perBasisPoint), true
}

func (d *dataFile) readAreas(s *table.Scope, n *diag.Node) {
	if n == nil || !diag.WantMap(n, "`areas`", s.Report) {
		return
	}
	known := []string{"state", "name", "postcodes", "vat", "customs", "rates", "local_rates", "confidence", "sources", "note", "uncertain"}
	for i, key := range n.Keys {
		v := n.Values[i]
		if !diag.Fields(v, "an area", known, s.Report) {
			continue
		}
		state, vat := diag.Need(v, "an area", "state", s.Report), diag.Need(v, "an area", "vat", s.Report)
		if state == nil || vat == nil || !diag.WantText(state, "`state`", s.Report) || !diag.WantText(vat, "`vat`", s.Report) {
			continue
		}
		a := &dataArea{name: key.Text, state: state.Text, postcodes: v.Get("postcodes"), vat: vat.Text, place: key.Place,
			remarks: readRemarks(v)}
		if !table.KnownCountry(a.state) {
			s.Report.Errorf(codeCountry, state.Place, "`%s` is not a country", a.state)
		}
		a.readRates(s, vat, v.Get("rates"))
		d.areas = append(d.areas, a)
	}
}

// readRates reads the rates of an area that has its own.
func (a *dataArea) readRates(s *table.Scope, vat, rates *diag.Node) {
	switch a.vat {
	case "outside", "state":
	case "own":
		if rates == nil || rates.Kind != diag.Map || rates.Get(standard) == nil {
			s.Report.Errorf(codeArea, vat.Place, "the area `%s` has no rates of its own", a.name).Help = "write rates: {standard: …}"
			return
		}
		if diag.Fields(rates, "the rates of an area", slotNames(), s.Report) {
			a.slots = readSlots(s, rates)
		}
	default:
		s.Report.Errorf(codeWord, vat.Place, "`%s` is not one of outside, own, state", vat.Text)
	}
}

// members returns the members of the Union, sorted.
func (d *dataFile) members() []string {
	var all []string
	for _, c := range d.countries {
		if c.member {
			all = append(all, c.code)
		}
	}
	slices.Sort(all)
	return all
}

// EU returns the members of the EU in the shipped data file, upper case, sorted.
func EU(shipped fs.FS) ([]string, error) {
	if shipped == nil {
		return nil, errors.New("no shipped data")
	}
	var r diag.Report
	d := readData(shipped, shippedData, diag.Place{}, &r)
	for _, f := range r.Findings() {
		if f.Severity == diag.Error {
			return nil, fmt.Errorf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.Message)
		}
	}
	return d.members(), nil
}
