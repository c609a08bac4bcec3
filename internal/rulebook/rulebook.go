// Package rulebook is a folder of rules as one thing: shipping.yaml, tax.yaml, checks.yaml, side files and tests, read,
// checked and named by a revision.
//
// Its one rule: all or nothing; a rulebook with an error is not returned.
package rulebook

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// The two files that every rulebook has.
const (
	ShippingFile = "shipping.yaml"
	TaxFile      = "tax.yaml"
)

// Options of LoadFS.
type Options struct {
	Plugins func(name string) bool // whether a plug-in of that name is registered; nil: none is
	Shipped fs.FS                  // data files that come with the program, mandatory
}

// Rulebook is a loaded folder. It is read-only.
type Rulebook struct {
	Shipping *shipping.Table
	Tax      *tax.Table
	Checks   *checks.Table // nil: there is no checks.yaml
	Revision string        // first 12 hex digits of the SHA-256 over all files that were read, names included
	Files    []string
	Products rules.Products // see WithProducts
}

// Open opens the folder of a rulebook so that nothing outside it can be read; the second result closes it.
func Open(dir string, r *diag.Report) (fs.FS, func(), bool) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		r.Errorf("E010", diag.Place{File: dir, Line: 1, Col: 1}, "the rulebook folder cannot be opened: %v", pathless(err)).
			Help = "name a folder that holds " + ShippingFile + " and " + TaxFile
		return nil, nil, false
	}
	// A folder that was only read has nothing to lose when closing fails.
	return root.FS(), func() { _ = root.Close() }, true
}

// pathless drops the operation and path from an error: the place says them already.
func pathless(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // os.OpenRoot returns it unwrapped
		return pe.Err
	}
	return err
}

// LoadFS reads a rulebook from a file system, that of Open or e.g. the embedded demo shop; it returns nil where r has an error.
func LoadFS(fsys fs.FS, o Options, r *diag.Report) *Rulebook {
	rec := newRecorder(fsys)
	eu, err := tax.EU(o.Shipped)
	if err != nil {
		r.Errorf("E010", diag.Place{File: TaxFile, Line: 1, Col: 1}, "the shipped VAT data cannot be read: %v", err)
		return nil
	}
	ship := shipping.Load(rec, ShippingFile, shipping.Options{Plugins: o.Plugins, EU: eu}, r)
	loc, currency := time.UTC, table.Currency("")
	if ship != nil {
		loc, currency = ship.Location(), ship.Currency()
	}
	vat := tax.Load(rec, TaxFile, tax.Options{Shipped: o.Shipped, Location: loc, Currency: currency}, r)
	if ship == nil || vat == nil {
		return nil
	}
	if vat.SalesTax() {
		tellTaxClasses(ship, r)
	} else {
		checkTaxClasses(ship, vat, r)
	}
	b := &Rulebook{Shipping: ship, Tax: vat, Checks: loadChecks(rec, ship, r)}
	if r.Failed() {
		return nil
	}
	tellUnused(ship, vat, r)
	b.Revision, b.Files = rec.revision()
	return b
}

// checkTaxClasses tells options whose tax_class tax.yaml does not know: neither file can see that alone.
func checkTaxClasses(ship *shipping.Table, vat *tax.Table, r *diag.Report) {
	known := append(vat.Classes(), "standard", "split", "highest", "largest", "none")
	for _, use := range ship.TaxClasses() {
		if slices.Contains(known, use.Name) {
			continue
		}
		f := r.Errorf("E201", use.Place, "there is no class `%s` in %s", use.Name, TaxFile)
		f.Label, f.Help = "freight at this class could not be taxed", "known are "+strings.Join(known, ", ")
		if near := diag.Suggest(use.Name, known); near != "" {
			f.Help = "did you mean `" + near + "`? known are " + strings.Join(known, ", ")
		}
	}
}

// tellUnused warns of what the files declare and none of them names.
func tellUnused(ship *shipping.Table, vat *tax.Table, r *diag.Report) {
	ship.TellUnused(r)
	uses := ship.TaxClasses()
	names := make([]string, len(uses))
	for i := range uses {
		names[i] = uses[i].Name
	}
	vat.TellUnused(names, r)
}

// Engine makes an engine of the tables and the members in o, tables first. Revision and Location come from b.
func (b *Rulebook) Engine(o rules.Options) (*rules.Engine, error) {
	if o.Policy.Provider && b.Tax.TaxesFreight() {
		return nil, errProviderLine
	}
	tables := []rules.Member{
		{Name: "tax", Impl: b.Tax, Inline: true},
		{Name: "shipping", Impl: b.Shipping, Inline: true},
	}
	if b.Checks != nil {
		tables = append(tables, rules.Member{Name: "checks", Impl: b.Checks, Inline: true})
	}
	o.Members = append(tables, o.Members...)
	o.Revision, o.Location, o.Products = b.Revision, b.Shipping.Location(), b.Products
	return rules.NewEngine(o)
}

// Subject is what the rulebook's own tests run against: its tables alone, without plug-ins.
func (b *Rulebook) Subject(o rules.Options) (rulestest.Subject, error) {
	o.Members = nil
	e, err := b.Engine(o)
	if err != nil {
		return rulestest.Subject{}, err
	}
	var ids []string
	if b.Checks != nil {
		ids = b.Checks.IDs()
	}
	return rulestest.Subject{Engine: e, Tax: b.Tax, Checks: ids, Currency: string(b.Shipping.Currency()), Languages: b.Shipping.Languages(),
		Home: b.Tax.Home(), Location: b.Shipping.Location(), Options: b.Shipping.OptionIDs()}, nil
}
