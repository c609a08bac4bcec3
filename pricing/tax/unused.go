package tax

import (
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// TellUnused warns of zones and classes of the file that nothing uses; freight are the tax classes that the options of the
// rulebook name.
func (t *Table) TellUnused(freight []string, r *diag.Report) {
	for _, name := range freight {
		if id, ok := t.classes.ID(name); ok {
			t.uses.Classes(table.ClassSet(1) << id)
		}
	}
	zones, classes := "name %s under `areas`, or take it away", "give %s a rate under `rates`, or take it away"
	if t.sales != nil {
		zones, classes = "name %s in a fee, or take it away", "name %s under `exempt` or in a fee, or take it away"
	}
	t.uses.TellZones(t.zones, "addresses in it are taxed like all others", zones, r)
	t.uses.TellClasses(t.classes, "its goods are taxed like those without a class", classes, r)
}
