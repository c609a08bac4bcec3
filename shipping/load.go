// Package shipping is shipping.yaml: parse, check, look up; and the adapter that makes a table an engine.
//
// Its one rule: what the file says in order happens in order; nothing depends on how it is stored.
package shipping

import (
	"io/fs"
	"slices"
	"strings"
	"sync"
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
type Table struct {
	location    *time.Location
	currency    table.Currency
	languages   []string
	exclTax     bool
	zones       *table.Zones
	classes     *table.Classes
	carts       []table.CartRules // the ways in which options weigh a cart; the file's own is the first
	options     []option
	used        []table.ZoneID // zones that options look at
	uses        *table.Uses    // what the rulebook names, while it loads
	groups      int            // how many names one_of has
	preselect   rules.PreselectMode
	preselectID string
	maxOptions  int        // 0: all
	maxAt       diag.Place // of max_options
	sortByPrice bool
	none        noOption
	pool        sync.Pool // of *state
}

// loader carries what compiling a file needs; it lives as long as Load.
type loader struct {
	fsys         fs.FS
	o            Options
	r            *diag.Report
	scope        *table.Scope
	t            *Table
	calendars    map[string]*calendar
	columns      map[string][]colIndex // price columns by head, shared between options
	defaults     *diag.Node
	calendarNode *diag.Node
	fileMissing  bool // the file has item_weight_if_missing
	unknownTold  bool // that something lacks it was told
}

// Load reads a shipping file and everything it includes; it returns nil where r has an error.
func Load(fsys fs.FS, file string, o Options, r *diag.Report) *Table {
	inc := includer{fsys: fsys, r: r}
	root := inc.read(file)
	if root == nil || !checkVersion(root, r) {
		return nil
	}
	l := &loader{fsys: fsys, o: o, r: r, t: &Table{}, columns: map[string][]colIndex{}}
	diag.Fields(root, "a shipping file", fileKeys(), r)
	l.head(root)
	l.names(root)
	l.carts(root)
	l.optionList(root)
	l.list(root)
	l.noOption(root)
	if r.Failed() {
		return nil
	}
	t := l.t // alone: what New holds lives as long as the table
	t.used = t.zonesInUse()
	t.pool.New = func() any { return newState(t) }
	return t
}

func fileKeys() []string {
	return []string{"version", "currency", "time_zone", "languages", "prices", "order_value", "volumetric",
		"item_weight_if_missing", "zones", "zone_files", "classes", "calendars", "defaults", "options", "preselect",
		"max_options", "sort", "no_option", "include"}
}

// checkVersion tells a file of another version plainly and alone: nothing else in it can be judged.
func checkVersion(root *diag.Node, r *diag.Report) bool {
	n := root.Get("version")
	switch {
	case n == nil:
		f := r.Errorf(diag.CodeMissingKey, root.Place, "`version` is missing")
		f.Help = "write `version: 1` as the first line"
		return true
	case n.Kind == diag.Scalar && n.Text == "1":
		return true
	case n.Kind == diag.Scalar && isDigits(n.Text):
		f := r.Errorf(codeVersion, n.Place, "this file is written for version %s of the format", n.Text)
		f.Label = "this program reads version 1"
		f.Help = "use a newer program, or go back to `version: 1` and its words"
		return false
	default:
		f := r.Errorf(codeVersion, n.Place, "`version` has to be 1")
		f.Help = "write `version: 1`"
		return false
	}
}

// head reads what every value in the file refers to.
func (l *loader) head(root *diag.Node) {
	l.t.uses = table.NewUses()
	l.scope = &table.Scope{Report: l.r, Location: time.UTC, Uses: l.t.uses}
	l.t.currency = l.currencyKey(root)
	l.scope.Currency = l.t.currency
	l.t.location = l.timeZone(root)
	l.scope.Location = l.t.location
	l.t.languages = l.languageKey(root)
	l.scope.Languages = l.t.languages
	if n := root.Get("prices"); n != nil {
		w, ok := l.word(n, "prices", "include tax", "exclude tax")
		l.t.exclTax = ok && w == "exclude tax"
	}
}

// names compiles what options may name.
func (l *loader) names(root *diag.Node) {
	l.t.classes = table.CompileClasses(root.Get("classes"), l.r)
	l.scope.Classes = l.t.classes
	src := table.ZonesSource{Zones: root.Get("zones"), ZoneFiles: root.Get("zone_files"), FS: l.fsys}
	if l.o.EU != nil {
		src.Countries = l.members
	}
	l.t.zones = l.compileZones(src)
	l.scope.Zones = l.t.zones
	l.calendarNode = root.Get("calendars")
	l.calendars = l.scope.Calendars(l.calendarNode)
}

// compileZones compiles zones; where a side file is of no use, the zones that it would have held are not told as missing.
func (l *loader) compileZones(src table.ZonesSource) *table.Zones {
	var r diag.Report
	zones := table.CompileZones(src, &r)
	lost := slices.ContainsFunc(r.Findings(), func(f diag.Finding) bool {
		return f.Severity == diag.Error && (strings.HasPrefix(f.Code, "E0") || strings.HasPrefix(f.Code, "E3"))
	})
	l.r.Add(&r, diag.Place{}, "")
	if lost {
		l.r.Silence(codeZone)
	}
	return zones
}

// members returns the countries that a zone may name as one.
func (l *loader) members(name string) []string {
	if name != "EU" {
		return nil
	}
	return l.o.EU
}

// Location is the file's time zone.
func (t *Table) Location() *time.Location { return t.location }

// Currency is the file's currency.
func (t *Table) Currency() table.Currency { return t.currency }

// Languages are the file's languages.
func (t *Table) Languages() []string { return t.languages }

// ClassUse is a tax class that an option names, and where.
type ClassUse struct {
	Name  string
	Place diag.Place
}

// TaxClasses are the tax classes that options name, each at its first place, in file order.
func (t *Table) TaxClasses() []ClassUse {
	var list []ClassUse
	for i := range t.options {
		o := &t.options[i]
		if o.taxClass != "" && !slices.ContainsFunc(list, func(c ClassUse) bool { return c.Name == o.taxClass }) {
			list = append(list, ClassUse{Name: o.taxClass, Place: o.taxAt})
		}
	}
	return list
}

// Classes are the names of the file's classes, in its order.
func (t *Table) Classes() []string { return t.classes.Names() }

// OptionIDs are the ids of all options in file order.
func (t *Table) OptionIDs() []string {
	ids := make([]string, len(t.options))
	for i := range t.options {
		ids[i] = t.options[i].id
	}
	return ids
}
