package shipping

import (
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Scope is what the other files of a rulebook may refer to: currency, time zone, languages, zones and classes, and where to note that they do. Its Report
// is nil; whoever parses with it gives it one of their own.
func (t *Table) Scope() table.Scope {
	return table.Scope{Currency: t.currency, Location: t.location, Languages: t.languages, Zones: t.zones, Classes: t.classes, Uses: t.uses}
}

// TellUnused warns of zones, classes and calendars that nothing uses, once all files of a rulebook are read with Scope.
func (t *Table) TellUnused(r *diag.Report) {
	t.uses.TellZones(t.zones, "addresses in it are treated like all others",
		"name %s in an option, a price or a check, or take it away", r)
	t.uses.TellClasses(t.classes, "its goods are treated like all others",
		"name it in a condition, e.g. class: %s, or take it away", r)
	t.uses.TellCalendars(r)
}

// CartRules is how the file reads a cart, as far as no option says otherwise.
func (t *Table) CartRules() table.CartRules { return t.carts[0] }
