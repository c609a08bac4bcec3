package importer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Codes of findings about a source. They are permanent.
const (
	codeSource = "E901" // the file is not of the kind that was named
	codeCell   = "E902" // a cell cannot be understood
	codeRow    = "E903" // a row contradicts another one, or can never be told apart
	codeBeyond = "W904" // a rulebook cannot say it
)

// Codes lists the findings that only an import can have.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: codeSource, Meaning: "a file to import is not of the kind that was named"},
		{Code: codeCell, Meaning: "a cell of a file to import cannot be understood"},
		{Code: codeRow, Meaning: "a row of a file to import contradicts another one"},
		{Code: codeBeyond, Meaning: "a rulebook cannot say what a file to import says; the rest was imported"},
	}
}

// Kinds are the sources that can be read, by name.
func Kinds() []string {
	return []string{"magento-tablerates", "matrixrate", "woocommerce-zones", "woocommerce-tax", "flexible-shipping", "ibericode", "csv", "xlsx"}
}

// Options of Import. Currency is mandatory for all kinds but those of taxes; a price sheet may name it itself.
type Options struct {
	Currency   string    // ISO 4217, of amounts without a code
	WeightUnit string    // of weights without a unit: kg, g, lb or oz; "": kg
	Home       string    // country of the shop, ISO 3166-1; "": the first one of the source
	Columns    string    // what the columns of a price sheet are: "weight to=Maxvikt, price=Pris"
	Now        time.Time // the day of the generated test and of the proof
	Shipped    fs.FS     // data files that come with the program, mandatory
}

// File is one that was written, with its name from the folder of the rulebook.
type File struct {
	Name string
	Data []byte
}

// Result is a rulebook made of a source.
type Result struct {
	Files []File
	Rows  int      // of the source, without its head
	Notes []string // what was converted, and how
	Left  []Left   // rows and words that are not in the rulebook
	Proof Proof
}

// Left is what is not in the rulebook, and why.
type Left struct {
	Place diag.Place
	Why   string
}

// errOptions is what wrong Options are.
var errOptions = errors.New("import")

// Import reads a file of fsys and makes a rulebook of it. Findings are in r: errors are about cells that could not be understood,
// whose rows are left out; nil without an error means that nothing could be read. The error is one of the options, or of a rulebook
// that does not load, which is a fault of this package.
func Import(ctx context.Context, fsys fs.FS, name, kind string, o Options, r *diag.Report) (*Result, error) {
	read, err := readerOf(kind, &o)
	if err != nil {
		return nil, err
	}
	d := &draft{kind: kind, source: name, options: o, report: r}
	if !read(d, fsys, name) || len(d.book.options) == 0 {
		d.nothing()
		return nil, nil
	}
	return d.finish(ctx)
}

// reader fills a draft; it returns false where nothing could be made of the source.
type reader func(d *draft, fsys fs.FS, name string) bool

func readerOf(kind string, o *Options) (reader, error) {
	if o.WeightUnit == "" {
		o.WeightUnit = "kg"
	}
	if gramsPer(o.WeightUnit) == nil {
		return nil, fmt.Errorf("%w: weight unit %q: want kg, g, lb or oz", errOptions, o.WeightUnit)
	}
	o.Currency = strings.ToUpper(o.Currency)
	if _, ok := minorDigits(o.Currency); o.Currency != "" && !ok {
		return nil, fmt.Errorf("%w: currency %q: want a code such as SEK or EUR", errOptions, o.Currency)
	}
	read, money := kindReader(kind)
	switch {
	case read == nil:
		return nil, fmt.Errorf("%w: kind %q: want one of %s", errOptions, kind, strings.Join(Kinds(), ", "))
	case money && o.Currency == "":
		return nil, fmt.Errorf("%w: a file of the kind %s does not say its currency: name it, such as SEK or EUR", errOptions, kind)
	}
	return read, nil
}

// kindReader returns the reader of a kind and whether it needs a currency.
func kindReader(kind string) (read reader, money bool) {
	switch kind {
	case "magento-tablerates":
		return readMagento, true
	case "matrixrate":
		return readMatrixrate, true
	case "woocommerce-zones":
		return readWooZones, true
	case "ibericode":
		return readIbericode, false
	case "woocommerce-tax":
		return readWooTax, false
	case "flexible-shipping":
		return readFlexible, true
	case "csv", "xlsx":
		return readPriceSheet, false
	default:
		return nil, false
	}
}

// nothing tells why nothing could be made of a source, unless it was told.
func (d *draft) nothing() {
	if d.report.Failed() {
		return
	}
	f := d.report.Errorf(codeSource, diag.Place{File: d.source, Line: 1, Col: 1}, "no row of this file can be taken over")
	for i, l := range d.left {
		if i == 5 {
			break
		}
		f.Notes = append(f.Notes, l.Place.String()+": "+l.Why)
	}
}

// draft is a rulebook while it is made.
type draft struct {
	kind, source string
	options      Options
	report       *diag.Report

	book  book
	rows  int
	notes []string
	left  []Left

	asked []askedRow
	price func(q *question) map[string]int64 // by the source's own meaning: id of an option to its price in minor units
	cases []testCase
	seen  map[caseRow]bool // rows of cases
}

// note tells once what was converted.
func (d *draft) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(d.notes, text) {
		d.notes = append(d.notes, text)
	}
}

// leave notes a row that is not taken although it is sound.
func (d *draft) leave(at diag.Place, format string, args ...any) {
	d.left = append(d.left, Left{at, fmt.Sprintf(format, args...)})
}

// beyond tells a warning about what a rulebook cannot say, and notes it for the report.
func (d *draft) beyond(at diag.Place, help, format string, args ...any) {
	d.report.Warnf(codeBeyond, at, format, args...).Help = help
	d.leave(at, format, args...)
}
