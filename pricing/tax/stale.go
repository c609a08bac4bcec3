package tax

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

const (
	oldDays     = 180 // a data file is old after so many days
	plannedDays = 60  // a planned change is told so many days before
)

// usedEntry is an entry of the data file that some order can be taxed by.
type usedEntry struct {
	name string
	at   diag.Place
	remarks
}

// usedEntries lists the countries that are charged, and the special areas in them.
func (l *loader) usedEntries() []usedEntry {
	var out []usedEntry
	for _, code := range l.data.codes {
		if c := l.data.countries[code]; l.charged(code) {
			out = append(out, usedEntry{code, c.place, c.remarks})
		}
	}
	for _, a := range l.data.areas {
		if a.vat != "state" && l.charged(a.state) {
			out = append(out, usedEntry{a.name, a.place, a.remarks})
		}
	}
	return out
}

// charged reports whether orders to a country can carry its rates.
func (l *loader) charged(code string) bool {
	t := l.table
	p := t.places[code]
	if p == nil {
		return false
	}
	for i := range p.regions {
		if d := p.regions[i].dest; d != nil && d.rated() {
			return true
		}
	}
	switch {
	case p.dest != nil:
		return p.dest.rated()
	case p.union && t.union != nil:
		return t.union.rated()
	default:
		return false
	}
}

// Warn tells what a person should look at on a day, whatever the rules say: a data file that is old (W422), entries in use
// that nobody has confirmed (W420), changes that are expected soon (W425).
func (t *Table) Warn(now time.Time, r *diag.Report) {
	today, _, _ := table.DateOf(now.In(t.loc))
	if t.checked != 0 && today-t.checked > oldDays {
		f := r.Warnf(codeOld, t.dataAt, "the rates were checked on %s, %d days ago", t.checked, today-t.checked)
		f.Label, f.Help = "older than 180 days", "update the program, or check the rates in use and write the day of that"
	}
	for _, e := range t.used {
		if e.low {
			f := r.Warnf(codeLow, e.at, "`%s` is in use and its entry has low confidence", e.name)
			f.Label, f.Help = "not confirmed by any source seen", "check it, and set it under `rates` or `areas` if it is wrong"
			if e.uncertain != "" {
				f.Notes = []string{e.uncertain}
			}
		}
		for _, p := range e.planned {
			t.warnPlanned(e.name, p, today, r)
		}
	}
}

// warnPlanned tells a planned change, written "2028-01-01: standard 8.5 …", if it is near.
func (t *Table) warnPlanned(name string, p *diag.Node, today table.Date, r *diag.Report) {
	date, text, ok := strings.Cut(p.Text, ": ")
	if !ok {
		return
	}
	day, ok := (&table.Scope{Report: &diag.Report{}}).DateText(date, p.Place)
	if !ok || day < today || day-today > plannedDays {
		return
	}
	f := r.Warnf(codePlanned, p.Place, "a change of `%s` is expected on %s, in %d days", name, day, day-today)
	f.Label, f.Help = text, "the file does not apply it; set it under `rates` by date once it is certain"
}
