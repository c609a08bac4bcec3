package tax

import (
	"maps"
	"slices"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
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

// RateChange is a day on which the rate of a class changes at a destination that is charged.
type RateChange struct {
	Place    string // country, or country and region
	Class    string // "standard" for goods without a class
	Day      table.Date
	From, To order.Rate
	At       diag.Place // where the class got its rate
}

// RateChanges lists the changes of all classes that have a rate of their own, and of the standard rates, by place, class
// and day.
func (t *Table) RateChanges() []RateChange { return slices.Clone(t.changes) }

// rateChanges collects them.
func (l *loader) rateChanges() []RateChange {
	var out []RateChange
	for _, code := range slices.Sorted(maps.Keys(l.table.places)) {
		p := l.table.places[code]
		if !l.charged(code) || p.card == nil || p.card.place != code {
			continue
		}
		out = append(out, l.changesOf(p.card)...)
		for i := range p.regions {
			if c := p.regions[i].card; c != nil {
				out = append(out, l.changesOf(c)...)
			}
		}
	}
	return out
}

func (l *loader) changesOf(c *card) []RateChange {
	var out []RateChange
	for i, s := range c.classes {
		name := standard
		if i > 0 {
			if name = l.classes.Name(table.ClassID(i - 1)); &s[0] == &c.classes[0][0] {
				continue
			}
		}
		for j := 1; j < len(s); j++ {
			if s[j].rate != s[j-1].rate {
				out = append(out, RateChange{Place: c.place, Class: name, Day: s[j].from, From: s[j-1].rate, To: s[j].rate, At: s[j].at})
			}
		}
	}
	return out
}

// Changes implements rules.Dated: midnights, in the table's time zone, on which a rate changes.
func (t *Table) Changes(from, to time.Time) []time.Time {
	if t.sales != nil {
		return t.salesChanges(from, to)
	}
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
