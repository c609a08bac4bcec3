package tax

import (
	"slices"
	"time"

	"github.com/kvitto/kvitto/rules/table"
)

// changeDays lists the days on which a rate changes that some destination can carry.
func (l *loader) changeDays() []table.Date {
	var days []table.Date
	add := func(c *card) {
		if c == nil {
			return
		}
		for _, s := range c.classes {
			for i := 1; i < len(s); i++ {
				days = append(days, s[i].from)
			}
		}
	}
	for _, p := range l.table.places {
		add(p.card)
		for i := range p.regions {
			add(p.regions[i].card)
		}
	}
	for _, a := range l.table.areas {
		for _, c := range a.cards {
			add(c)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// Changes implements rules.Dated: midnights, in the table's time zone, on which a rate changes.
func (t *Table) Changes(from, to time.Time) []time.Time {
	var out []time.Time
	for _, day := range t.days {
		if at := startOf(day, t.loc); at.After(from) && !at.After(to) {
			out = append(out, at)
		}
	}
	return out
}

// startOf is the first instant of a day, also where midnight is skipped by summer time.
func startOf(day table.Date, loc *time.Location) time.Time {
	const secondsPerDay = 24 * 60 * 60
	y, m, d := time.Unix(int64(day)*secondsPerDay, 0).UTC().Date()
	at := time.Date(y, m, d, 0, 0, 0, 0, loc)
	for range 12 {
		if got, _, _ := table.DateOf(at); got >= day {
			break
		}
		at = at.Add(15 * time.Minute)
	}
	return at
}
