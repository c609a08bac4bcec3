package table

import (
	"slices"
	"time"
)

// Instants collects the moments in (from, to] at which an answer can change: the beginnings of days and of windows in a time
// zone. It may hold moments at which nothing changes, never misses one. Not for concurrent use.
type Instants struct {
	from, to time.Time
	loc      *time.Location
	list     []time.Time
	zoned    bool
}

// NewInstants returns an empty collection; a nil loc is UTC.
func NewInstants(from, to time.Time, loc *time.Location) *Instants {
	if loc == nil {
		loc = time.UTC
	}
	return &Instants{from: from.In(loc), to: to.In(loc), loc: loc}
}

// Times returns what was collected, ascending, each once.
func (in *Instants) Times() []time.Time {
	if in.zoned {
		in.clockChanges()
		in.zoned = false
	}
	slices.SortFunc(in.list, time.Time.Compare)
	in.list = slices.CompactFunc(in.list, time.Time.Equal)
	return in.list
}

// Day adds the beginning of a day.
func (in *Instants) Day(d Date) { in.at(d, 0) }

// Daily adds a time of every day.
func (in *Instants) Daily(c Clock) {
	first, _, _ := DateOf(in.from)
	last, _, _ := DateOf(in.to)
	for d := first - 1; d <= last+1; d++ {
		in.at(d, c)
	}
}

// at adds the moments that clocks on the wall show a day and a time: two where clocks are set back. Where they are set
// forward over it, the change itself counts, see clockChanges.
func (in *Instants) at(d Date, c Clock) {
	in.zoned = true
	wall := d.utc().Add(time.Duration(c) * time.Minute)
	const dayAndMore = 26 * time.Hour
	for _, near := range [2]time.Time{wall.Add(-dayAndMore), wall.Add(dayAndMore)} {
		_, offset := near.In(in.loc).Zone()
		in.add(wall.Add(-time.Duration(offset) * time.Second))
	}
}

// clockChanges adds the moments at which the zone's offset changes.
func (in *Instants) clockChanges() {
	for t := in.from; ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || end.After(in.to) {
			return
		}
		in.add(end)
		t = end
	}
}

func (in *Instants) add(t time.Time) {
	if t.After(in.from) && !t.After(in.to) {
		in.list = append(in.list, t.In(in.loc))
	}
}

// Instants adds the moments at which c can change.
func (c *Condition) Instants(in *Instants) {
	for i := range c.terms {
		switch t := &c.terms[i]; t.Word {
		case WordFrom:
			in.Day(Date(t.Limit))
		case WordUntil:
			in.Day(Date(t.Limit) + 1)
		case WordDays:
			in.Daily(0)
		case WordTime:
			in.Daily(t.Window.From)
			in.Daily(t.Window.To)
		}
	}
}

// Instants adds the moments at which a member of cs can change.
func (cs Conditions) Instants(in *Instants) {
	for i := range cs {
		cs[i].Instants(in)
	}
}

// Instants adds the days on which the value changes.
func (d *Dated[T]) Instants(in *Instants) {
	for _, from := range d.From {
		in.Day(from)
	}
}
