package shipping

import "github.com/kvitto/kvitto/rules/table"

// Scope is what the other files of a rulebook may refer to: currency, time zone, languages, zones and classes. Its Report
// is nil; whoever parses with it gives it one of their own.
func (t *Table) Scope() table.Scope {
	return table.Scope{Currency: t.currency, Location: t.location, Languages: t.languages, Zones: t.zones, Classes: t.classes}
}

// CartRules is how the file reads a cart, as far as no option says otherwise.
func (t *Table) CartRules() table.CartRules { return t.carts[0] }
