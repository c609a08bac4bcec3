// Package tax is tax.yaml: parse, check, look up; and the adapter that makes it a tax engine.
//
// Its one rule: area before region before country, then class, then date; the order of the file decides nothing.
package tax

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Options of Load.
type Options struct {
	Shipped  fs.FS          // data files that come with the program, e.g. vat-rates.yaml; the rulebook's own win
	Location *time.Location // of dates; nil: UTC
	Currency table.Currency // of amounts without a code in a file of sales tax; empty: USD
}

// Table is a compiled tax.yaml. It is read-only and safe for concurrent use.
type Table struct {
	file     string
	loc      *time.Location
	home     string
	homeCard *card
	keep     pricing.Keep
	classes  *table.Classes
	places   map[string]*place // by country
	star     *destination
	union    *destination
	areas    []*area
	zones    *table.Zones
	uses     *table.Uses // what the rulebook names, while it loads
	areaOf   []int16     // by set of zones: index into areas, -1: none
	freight  freightRules
	b2b      b2b
	days     []table.Date // on which some rate changes, ascending
	changes  []RateChange
	used     []usedEntry // of the data file
	checked  table.Date  // of the data file; 0: not said
	dataAt   diag.Place  // where it says so
	sales    *sales      // mode sales_tax: of the members above only file, loc, home, keep, classes, zones count; nil: VAT
}

var (
	_ rules.TaxEngine = (*Table)(nil)
	_ rules.Dated     = (*Table)(nil)
	_ rules.Homed     = (*Table)(nil)
)

// loader is a tax.yaml while it is being read.
type loader struct {
	fsys    fs.FS
	o       Options
	report  *diag.Report
	scope   table.Scope
	table   *Table
	classes *table.Classes
	data    *dataFile
	rates   map[string]rateWords // by country or region
	root    *diag.Node
	unsure  bool // collect_in has a fault, so nothing is told that is only missing there
}

// Load reads a tax file and its data file; it returns nil where one of them has an error, or r had one before. A missing
// keep is gross; with VAT a missing shipping_tax is split.
func Load(fsys fs.FS, file string, o Options, r *diag.Report) *Table {
	text, ok := diag.ReadFile(fsys, file, diag.MaxYAML, diag.Place{File: file, Line: 1, Col: 1}, r)
	if !ok {
		return nil
	}
	n := diag.Parse(file, text, r)
	if n == nil || !diag.WantMap(n, "a tax file", r) {
		return nil
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	l := &loader{fsys: fsys, o: o, report: r, root: n, rates: map[string]rateWords{}, data: &dataFile{},
		table: &Table{file: file, loc: o.Location, places: map[string]*place{}, uses: table.NewUses()}}
	if !l.readMode() {
		return nil
	}
	if l.table.sales != nil {
		l.readSales()
	} else {
		l.read()
	}
	if r.Failed() {
		return nil
	}
	return l.table
}

// readMode reads which set of keys the file has: those of VAT or of sales tax.
func (l *loader) readMode() bool {
	readVersion(l.root, "a tax file", l.report)
	mode := diag.Need(l.root, "a tax file", "mode", l.report)
	if mode == nil || !diag.WantText(mode, "`mode`", l.report) {
		return false
	}
	switch mode.Text {
	case "vat":
		return true
	case "sales_tax":
		l.table.sales = &sales{states: map[string]*taxState{}}
		return true
	default:
		l.tellWord(mode, "mode", "vat", "sales_tax")
	}
	return false
}

// tellWord tells a word that is not one of those that are possible.
func (l *loader) tellWord(n *diag.Node, what string, words ...string) {
	f := l.report.Errorf(codeWord, n.Place, "`%s` is not a %s", n.Text, what)
	f.Path, f.Help = n.Path, "write one of "+strings.Join(words, ", ")
	if near := diag.Suggest(n.Text, words); near != "" {
		f.Help, f.Fix = "did you mean "+near+"?", near
	}
}

func (l *loader) read() {
	known := []string{"version", "mode", "home", "prices", "keep", "data", "classes", "zones", "zone_files", "destinations", "rates", "areas",
		"shipping_tax", "b2b"}
	n, t := l.root, l.table
	diag.Fields(n, "a tax file", known, l.report)
	l.classes = table.CompileClasses(n.Get("classes"), l.report)
	t.classes = l.classes
	l.checkClassNames()
	l.scope = table.Scope{Report: l.report, Location: l.o.Location, Classes: l.classes, Uses: t.uses}
	l.readHome()
	l.readPrices()
	l.readData(n.Get("data"))
	if v := n.Get("rates"); v != nil && diag.WantMap(v, "`rates`", l.report) {
		for i, key := range v.Keys {
			if l.knownPlace(key) {
				l.rates[key.Text] = l.readRateWords(v.Values[i], "the rates of "+key.Text)
			}
		}
	}
	l.buildPlaces()
	l.checkHome()
	l.readDestinations(diag.Need(n, "a tax file", "destinations", l.report))
	l.readAreas()
	l.readShippingTax(n.Get("shipping_tax"))
	l.readB2B(n.Get("b2b"))
	t.days, t.changes = l.changeDays(), l.rateChanges()
	t.used, t.checked, t.dataAt = l.usedEntries(), l.data.checked, l.data.checkedAt
}

// readData reads the data file. Where it is of no use, the rates and areas that it would have held are not told as missing.
func (l *loader) readData(n *diag.Node) {
	if n == nil || !diag.WantText(n, "`data`", l.report) {
		return
	}
	l.data = readData(l.dataFS(n.Text), n.Text, n.Place, l.report)
	if len(l.data.codes) == 0 {
		l.report.Silence(codeNoRate, codeSlot, codeArea, codeZone)
	}
}

// checkClassNames tells classes whose names mean something already.
func (l *loader) checkClassNames() {
	for i, name := range l.classes.Names() {
		if !slices.Contains(freightWords(), name) {
			continue
		}
		f := l.report.Errorf(codeTwice, l.classes.Place(table.ClassID(i)), "`%s` cannot be the name of a class", name)
		f.Label, f.Help = "it has a meaning of its own", "give the class another name"
		if name == standard {
			f.Label = "so is called what has no class"
		}
	}
}

// checkHome warns of a home that the data file and the rates do not know: with it, sales at home count as sales abroad.
func (l *loader) checkHome() {
	t := l.table
	if t.home == "" || t.homeCard != nil || len(l.data.codes) == 0 {
		return
	}
	n := l.root.Get("home")
	f := l.report.Warnf(codeNoHome, n.Place, "there are no rates for `%s`, the home of the shop", t.home)
	f.Label, f.Help = "two letters of a country", "write the country from which the shop sells, e.g. SE"
	f.Notes = []string{"sales within another country would be taken for sales across a border, with reverse charge for organizations"}
}

// dataFS returns where a data file lies: in the rulebook, else among those that come with the program.
func (l *loader) dataFS(name string) fs.FS {
	if _, err := fs.Stat(l.fsys, name); errors.Is(err, fs.ErrNotExist) && l.o.Shipped != nil {
		if _, err := fs.Stat(l.o.Shipped, name); err == nil {
			return l.o.Shipped
		}
	}
	return l.fsys
}

func (l *loader) readHome() {
	n := diag.Need(l.root, "a tax file", "home", l.report)
	if n == nil || !diag.WantText(n, "`home`", l.report) {
		return
	}
	if !table.KnownCountry(n.Text) {
		l.tellCountry(n)
		return
	}
	l.table.home = n.Text
}

// knownPlace tells a key that is neither a country nor a region.
func (l *loader) knownPlace(key *diag.Node) bool {
	if strings.HasPrefix(key.Text, "x-") {
		return false
	}
	country, region, hasRegion := strings.Cut(key.Text, "-")
	if table.KnownCountry(country) && (!hasRegion || table.KnownRegion(country, region)) {
		return true
	}
	l.tellCountry(key)
	return false
}

func (l *loader) tellCountry(n *diag.Node) {
	f := l.report.Errorf(codeCountry, n.Place, "`%s` is not a country or region", n.Text)
	f.Path, f.Help = n.Path, "countries are written by their two letters, e.g. SE, regions like US-CA"
	switch up := strings.ToUpper(n.Text); {
	case up == "UK":
		f.Help, f.Fix = "write GB", "GB"
	case up == "EL":
		f.Help, f.Fix = "write GR", "GR"
	case up != n.Text && table.KnownCountry(up):
		f.Help, f.Fix = "write "+up, up
	}
}

func (l *loader) readPrices() {
	if n := l.root.Get("prices"); n != nil && diag.WantText(n, "`prices`", l.report) {
		switch n.Text {
		case "include tax":
		case "exclude tax":
			f := l.report.Errorf(codePrices, n.Place, "with VAT, unit prices always include tax")
			f.Label, f.Help, f.Fix = "the checkout takes no other lines", "write include tax; freight tables may be without tax", "include tax"
		default:
			l.tellWord(n, "way to write prices", "include tax")
		}
	}
	if n := l.root.Get("keep"); n != nil && diag.WantText(n, "`keep`", l.report) {
		switch n.Text {
		case "gross":
		case "net":
			l.table.keep = pricing.KeepNet
		default:
			l.tellWord(n, "price to keep", "gross", "net")
		}
	}
}

// Home implements rules.Homed.
func (t *Table) Home() string { return t.home }

// At returns the table with its dates read in another time zone; nil is UTC.
func (t *Table) At(loc *time.Location) *Table {
	c := *t
	if c.loc = loc; loc == nil {
		c.loc = time.UTC
	}
	return &c
}

// Classes returns the names of the tax classes in order of declaration; standard is not among them.
func (t *Table) Classes() []string { return t.classes.Names() }
