package shipping

import (
	"sync/atomic"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// calendar is a named set of closed days.
type calendar = table.Calendar

// promise says when an order arrives: days of delivery after the day it ships. Only days on which the shop ships and
// that the calendar does not close are counted, for shipping as for delivery.
type promise struct {
	from, to int64
	cutoff   table.Clock // orders from this minute on ship a day later; noCutoff: the day's end
	ships    uint8       // bit i is time.Weekday(i)
	calendar *calendar
	at       diag.Place
	cache    atomic.Pointer[slotted] // of the last days that were asked for
}

// slotted is what an answer says about days of delivery; it is shared by answers and never changed.
type slotted struct {
	days    days
	slot    *order.Timeslot
	details *order.DeliveryDetails // of the option, without a pickup point
}

const (
	noCutoff  = table.Clock(24 * 60)
	everyDay  = uint8(1<<7 - 1)
	maxDays   = 365     // most days of delivery that can be promised
	maxSearch = 3 * 365 // days to look through before giving up
)

// days is a promise worked out: the first and the last day of delivery.
type days struct {
	first, last table.Date
	ok          bool
}

// delivering reads the promise and the pickup points.
func (c *optionCompiler) delivering() {
	if n := c.n.Get("delivery"); n != nil {
		c.o.promise = c.delivery(n)
	}
	if n := c.n.Get("pickup_points"); n != nil {
		c.o.pickup = c.pickupPoints(n)
	}
}

func (l *loader) delivery(n *diag.Node) *promise {
	if !diag.Fields(n, "`delivery`", []string{"days", "cutoff", "ships", "calendar"}, l.r) {
		return nil
	}
	p := &promise{cutoff: noCutoff, ships: everyDay, at: n.Place}
	v := n.Get("days")
	if v == nil {
		f := l.r.Errorf(diag.CodeMissingKey, n.Place, "`delivery` has no `days`")
		f.Help = "write delivery: {days: 1 to 3}"
		return nil
	}
	var ok bool
	if p.from, p.to, ok = l.scope.CountRange(v); ok && p.to > maxDays {
		f := l.r.Errorf("E115", v.Place, "`%s` days are more than a year", v.Text)
		f.Help = "write at most 365"
	}
	if v := n.Get("cutoff"); v != nil {
		p.cutoff, _ = l.scope.Clock(v)
	}
	if v := n.Get("ships"); v != nil {
		p.ships, _ = l.scope.Days(v)
	}
	if v := n.Get("calendar"); v != nil {
		p.calendar = l.calendar(v)
	}
	return p
}

// calendar finds a calendar by name.
func (l *loader) calendar(n *diag.Node) *calendar {
	name, ok := l.scalar(n, "calendar", "sweden")
	if !ok {
		return nil
	}
	if c := l.calendars[name]; c != nil {
		l.scope.Uses.Calendar(name)
		return c
	}
	f := l.r.Errorf(codeCalendar, n.Place, "there is no calendar `%s`", name)
	f.Label = "not declared under `calendars`"
	var names []string
	if l.calendarNode != nil {
		for _, k := range l.calendarNode.Keys {
			names = append(names, k.Text)
		}
	}
	if s := diag.Suggest(name, names); s != "" {
		f.Help, f.Fix = "did you mean "+s+"?", s
		k, _ := l.calendarNode.Entry(s)
		f.Cause = &diag.Cause{Place: k.Place, Label: "a calendar with a similar name is declared here"}
	} else {
		f.Help = "declare it: calendars: {" + name + ": {closed: [2026-12-24, 2026-12-25]}}"
	}
	return nil
}

// window works out the days of delivery of an order. There is none where the calendar ends before the last of
// them: closed days that nobody wrote down are not guessed.
func (p *promise) window(day table.Date, clock table.Clock) days {
	if p == nil {
		return days{}
	}
	ship := day
	if p.works(day) && clock >= p.cutoff {
		ship++
	}
	ship, ok := p.next(ship)
	if !ok {
		return days{}
	}
	d := days{first: ship, last: ship}
	for n := int64(0); n < p.to; n++ {
		if d.last, ok = p.next(d.last + 1); !ok {
			return days{}
		}
		if n < p.from {
			d.first = d.last
		}
	}
	end, limited := p.calendar.Last()
	d.ok = !limited || d.last <= end
	return d
}

// works reports whether a day is a working day.
func (p *promise) works(d table.Date) bool {
	return p.ships&(1<<d.Weekday()) != 0 && !p.calendar.Closed(d)
}

// next returns the first working day from d on.
func (p *promise) next(d table.Date) (table.Date, bool) {
	for end := d + maxSearch; d < end; d++ {
		if p.works(d) {
			return d, true
		}
	}
	return d, false
}

// date is the calendar date of a day.
func date(d table.Date) (year int, month time.Month, day int) {
	return time.Unix(int64(d)*24*60*60, 0).UTC().Date()
}
