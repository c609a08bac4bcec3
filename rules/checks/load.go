// Package checks is checks.yaml: orders that a shop does not take, whatever they cost. Parse, check, look up; a
// Table is a validator.
//
// Its one rule: the first check that holds decides, and what it says holds nothing of the order.
package checks

import (
	"io/fs"
	"sync"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Options of Load: what shipping.yaml says for the whole rulebook. A checks file has no zones, classes, currency, time
// zone or languages of its own.
type Options struct {
	Scope table.Scope     // its Report is not used
	Cart  table.CartRules // how a cart is read; digital goods count too, whatever it says
}

// Table is a compiled checks.yaml. It is read-only and safe for concurrent use.
type Table struct {
	scope  table.Scope
	cart   table.CartRules
	checks []check
	pool   sync.Pool // of *state
}

var _ rules.Early = (*Table)(nil)

// MaxChecks is the most checks of a file.
const MaxChecks = 1000

// loader carries what compiling a file needs.
type loader struct {
	r     *diag.Report
	scope *table.Scope
	ids   map[string]diag.Place
}

// Load reads a checks file; it returns nil where r has an error.
func Load(fsys fs.FS, file string, o Options, r *diag.Report) *Table {
	at := diag.Place{File: file, Line: 1, Col: 1}
	data, ok := diag.ReadFile(fsys, file, diag.MaxYAML, at, r)
	if !ok {
		return nil
	}
	root := diag.Parse(file, data, r)
	if root == nil || !diag.Fields(root, "a checks file", fileKeys(), r) || !checkVersion(root, r) {
		return nil
	}
	t := &Table{scope: o.Scope, cart: o.Cart}
	t.scope.Report, t.cart.Digital = nil, true
	own := o.Scope
	own.Report = r
	l := &loader{r: r, scope: &own, ids: map[string]diag.Place{}}
	t.checks = l.list(root)
	if r.Failed() {
		return nil
	}
	t.pool.New = func() any { return new(state) }
	return t
}

func fileKeys() []string { return []string{"version", "checks"} }

func checkKeys() []string {
	return []string{"id", "when", "unless", "missing", "matches", "min_age", "on", "reject", "redirect"}
}

// checkVersion tells a file of another version plainly and alone.
func checkVersion(root *diag.Node, r *diag.Report) bool {
	n := root.Get("version")
	switch {
	case n == nil:
		r.Errorf(diag.CodeMissingKey, root.Place, "`version` is missing").Help = "write `version: 1` as the first line"
		return true
	case n.Kind == diag.Scalar && n.Text == "1":
		return true
	case n.Kind == diag.Scalar && !n.Null:
		f := r.Errorf(codeVersion, n.Place, "this file is written for version %s of the format", n.Text)
		f.Label, f.Help = "this program reads version 1", "write `version: 1`"
	default:
		r.Errorf(codeVersion, n.Place, "`version` has to be 1").Help = "write `version: 1`"
	}
	return false
}

func (l *loader) list(root *diag.Node) []check {
	n := diag.Need(root, "a checks file", "checks", l.r)
	if n == nil || !diag.WantList(n, "`checks`", l.r) {
		return nil
	}
	if len(n.Items) > MaxChecks {
		f := l.r.Errorf(diag.CodeTooLarge, n.Items[MaxChecks].Place, "there are more than %d checks", MaxChecks)
		f.Help = "several patterns of one member fit into one check: matches: {city: [a, b, c]}"
		return nil
	}
	list := make([]check, 0, len(n.Items))
	for _, item := range n.Items {
		if diag.Fields(item, "a check", checkKeys(), l.r) {
			list = append(list, l.check(item))
		}
	}
	return list
}

// IDs are the ids of all checks in file order.
func (t *Table) IDs() []string {
	ids := make([]string, len(t.checks))
	for i := range t.checks {
		ids[i] = t.checks[i].id
	}
	return ids
}
