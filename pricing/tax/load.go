// Package tax is tax.yaml: parse, check, look up; and the adapter that makes it a tax engine.
//
// Its one rule: area before region before country, then class, then date; the order of the file decides nothing.
package tax

import (
	"context"
	"io/fs"
	"time"

	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Options of Load.
type Options struct {
	Shipped  fs.FS          // data files that come with the program, e.g. vat-rates.yaml; the rulebook's own win
	Location *time.Location // of dates; nil: UTC
}

// Table is a compiled tax.yaml. It is read-only and safe for concurrent use.
type Table struct{}

// Load reads a tax file and its data file; it returns nil where r has an error.
func Load(fsys fs.FS, file string, o Options, r *diag.Report) *Table { return nil }

// EU returns the members of the EU in the shipped data file, upper case, sorted.
func EU(shipped fs.FS) ([]string, error) { return nil, nil }

// Goods implements rules.TaxEngine.
func (t *Table) Goods(ctx context.Context, q *rules.Query) (rules.GoodsTax, error) {
	return rules.GoodsTax{}, nil
}

// Freight implements rules.TaxEngine.
func (t *Table) Freight(ctx context.Context, q *rules.Query, class string) (pricing.FreightTax, error) {
	return pricing.FreightTax{}, nil
}

// Changes implements rules.Dated.
func (t *Table) Changes(from, to time.Time) []time.Time { return nil }

// Home implements rules.Homed.
func (t *Table) Home() string { return "" }

// At returns the table with its dates read in another time zone.
func (t *Table) At(loc *time.Location) *Table { return nil }
