// Package shipping is shipping.yaml: parse, check, look up; and the adapter that makes a table an engine.
//
// Its one rule: what the file says in order happens in order; nothing depends on how it is stored.
package shipping

import (
	"context"
	"io/fs"
	"time"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Options of Load.
type Options struct {
	Plugins func(name string) bool // whether a plug-in of that name is registered; nil: none is
	EU      []string               // members of the EU for zones that name it
}

// Table is a compiled shipping.yaml. It is read-only and safe for concurrent use.
type Table struct{}

// Load reads a shipping file and everything it includes; it returns nil where r has an error.
func Load(fsys fs.FS, file string, o Options, r *diag.Report) *Table { return nil }

// Offer implements rules.ShippingEngine.
func (t *Table) Offer(ctx context.Context, q *rules.Query) (rules.Offers, error) {
	return rules.Offers{}, nil
}

// Changes implements rules.Dated.
func (t *Table) Changes(from, to time.Time) []time.Time { return nil }

// Location is the file's time zone.
func (t *Table) Location() *time.Location { return nil }

// Currency is the file's currency.
func (t *Table) Currency() table.Currency { return "" }

// Languages are the file's languages.
func (t *Table) Languages() []string { return nil }

// OptionIDs are the ids of all options in file order.
func (t *Table) OptionIDs() []string { return nil }
