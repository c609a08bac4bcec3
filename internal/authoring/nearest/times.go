package nearest

import (
	"slices"
	"time"

	"github.com/kvitto/kvitto/rules/rulestest"
)

const (
	near     = 8 * 24 * time.Hour   // within which days of the week and hours are looked at
	far      = 400 * 24 * time.Hour // within which dates are
	maxTimes = 400                  // in each direction
)

// byTime looks at the moments at which the tables can change, ahead and back.
func (f *finder) byTime() {
	f.inTime(true)
	f.inTime(false)
}

func (f *finder) inTime(up bool) {
	open := make([]int, len(f.parts))
	for i := range open {
		open[i] = i
	}
	for _, t := range f.moments(up) {
		at := t
		if !up {
			at = t.Add(-time.Second)
		}
		states := f.ask(f.q.Order, at)
		if states == nil || len(open) == 0 {
			return
		}
		open = slices.DeleteFunc(open, func(i int) bool {
			if !inTax(f.parts[i], &f.base[i], &states[i]) {
				return false
			}
			c := f.change(i, rulestest.ByTime, up, f.when(t, up), &f.base[i], &states[i])
			c.Past = !up
			f.found = append(f.found, c)
			return true
		})
	}
}

// moments are those in one direction, the nearest first.
func (f *finder) moments(up bool) []time.Time {
	now, loc := f.q.Now, f.b.Rules.Shipping.Location()
	from, to, nearFrom, nearTo := now, now.Add(far), now, now.Add(near)
	if !up {
		from, to, nearFrom, nearTo = now.Add(-far), now, now.Add(-near), now
	}
	list := f.b.Rules.Tax.Changes(from, to)
	for _, p := range f.parts {
		list = append(append(list, p.Days(from, to, loc)...), p.Changes(nearFrom, nearTo, loc)...)
	}
	slices.SortFunc(list, time.Time.Compare)
	list = slices.CompactFunc(list, time.Time.Equal)
	if !up {
		slices.Reverse(list)
	}
	return list[:min(len(list), maxTimes)]
}

// when writes a moment: a day, or with a time where it is not midnight or not far away.
func (f *finder) when(t time.Time, up bool) string {
	word := "before "
	if up {
		word = "from "
	}
	t = t.In(f.b.Rules.Shipping.Location())
	layout := time.DateOnly
	if t.Hour() != 0 || t.Minute() != 0 {
		layout = "Mon 2006-01-02 15:04"
	} else if t.Sub(f.q.Now).Abs() <= near {
		layout = "Mon 2006-01-02"
	}
	return word + t.Format(layout)
}
