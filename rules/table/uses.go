package table

import (
	"fmt"

	"github.com/kvitto/kvitto/rules/diag"
)

// Codes of findings about what is declared and never named.
const (
	codeUnusedZone     = "W501"
	codeUnusedClass    = "W502"
	codeUnusedCalendar = "W503"
)

// Uses remembers which zones, classes and calendars of a file were named. The files of a rulebook that refer to the same
// declarations share one; it belongs to one goroutine. A nil *Uses remembers nothing.
type Uses struct {
	zones     map[ZoneID]bool
	classes   ClassSet
	calendars []calendarUse
}

type calendarUse struct {
	name string
	at   diag.Place
	used bool
}

// NewUses returns one that has seen nothing.
func NewUses() *Uses { return &Uses{zones: map[ZoneID]bool{}} }

// Zone remembers that a zone was named.
func (u *Uses) Zone(id ZoneID) {
	if u != nil {
		u.zones[id] = true
	}
}

// Classes remembers that classes were named.
func (u *Uses) Classes(set ClassSet) {
	if u != nil {
		u.classes |= set
	}
}

// Calendar remembers that a calendar was named.
func (u *Uses) Calendar(name string) {
	if u == nil {
		return
	}
	for i := range u.calendars {
		if c := &u.calendars[i]; c.name == name {
			c.used = true
		}
	}
}

// declare remembers that there is a calendar.
func (u *Uses) declare(name string, at diag.Place) {
	if u != nil {
		u.calendars = append(u.calendars, calendarUse{name: name, at: at})
	}
}

// TellZones warns of the zones that nothing names, W501; a zone that another one leaves out is used. Of a zone file, which
// may be the whole map of a carrier, only the first is told, and how many more there are. label says what it means, help
// what to do; %s stands for the name.
func (u *Uses) TellZones(z *Zones, label, help string, r *diag.Report) {
	first, more := map[string]*diag.Finding{}, map[string]int{}
	for i, name := range z.Names() {
		id := ZoneID(i)
		if u.zones[id] || z.excepted[id] {
			continue
		}
		at := z.Place(id)
		if f := first[at.File]; f != nil && i >= z.written {
			more[at.File]++
			f.Label = "nor " + plural(int64(more[at.File]), "more zone") + " of this file"
			continue
		}
		f := r.Warnf(codeUnusedZone, at, "nothing uses the zone `%s`", name)
		f.Label, f.Help = label, fmt.Sprintf(help, name)
		if i >= z.written {
			first[at.File] = f
		}
	}
}

// TellClasses warns of the classes that nothing names, W502; label and help as in TellZones.
func (u *Uses) TellClasses(c *Classes, label, help string, r *diag.Report) {
	for i, name := range c.Names() {
		if id := ClassID(i); !u.classes.Has(id) {
			f := r.Warnf(codeUnusedClass, c.Place(id), "nothing uses the class `%s`", name)
			f.Label, f.Help = label, fmt.Sprintf(help, name)
		}
	}
}

// TellCalendars warns of the calendars that nothing names, W503.
func (u *Uses) TellCalendars(r *diag.Report) {
	for _, c := range u.calendars {
		if !c.used {
			f := r.Warnf(codeUnusedCalendar, c.at, "nothing uses the calendar `%s`", c.name)
			f.Label = "no delivery date keeps off its closed days"
			f.Help = "write calendar: " + c.name + " under `delivery` of an option, or take it away"
		}
	}
}
