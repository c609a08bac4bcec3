package lint

import (
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// Days of warning.
const (
	farAhead  = 366
	shortTime = 30
	shortGap  = 7 // days without a price that are taken for a slip, not for a pause
)

// tellTime tells what is over, far away, or about to end.
func (l *linter) tellTime() {
	seen := map[diag.Place]bool{}
	once := func(at diag.Place) bool { defer func() { seen[at] = true }(); return !seen[at] }
	for i := range l.options {
		o := &l.options[i]
		if o.Off {
			continue
		}
		eachCondition(o, func(c *table.Condition) { l.tellDates(c, once) })
		l.tellDated(o, once)
		l.tellCalendar(o, once)
		if r := l.reaches[i]; !r.unknown {
			r.tellDayGaps()
		}
	}
}

// eachCondition visits every condition of an option.
func eachCondition(o *shipping.Layout, visit func(*table.Condition)) {
	for _, cs := range [][]table.Condition{o.Gates, o.When, o.Unless} {
		for i := range cs {
			visit(&cs[i])
		}
	}
	for i := range o.Prices {
		eachRow(&o.Prices[i], func(_ int, row *shipping.RowLayout) { visit(row.When) })
	}
	for i := range o.Surcharges {
		visit(o.Surcharges[i].When)
	}
	if o.Free != nil {
		visit(o.Free.When)
	}
}

func (l *linter) tellDates(c *table.Condition, once func(diag.Place) bool) {
	if t := c.Term(table.WordUntil); t != nil && table.Date(t.Limit) < l.today && once(t.ValueAt) {
		f := l.r.Warnf(codeExpired, t.ValueAt, "this ended on %s", t.Value())
		f.Label, f.Help = days(int64(l.today)-t.Limit)+" ago", "take it away, or write a later day"
	}
	if t := c.Term(table.WordFrom); t != nil && t.Limit-int64(l.today) > farAhead && once(t.ValueAt) {
		l.tellFar(t.ValueAt, table.Date(t.Limit))
	}
}

func (l *linter) tellFar(at diag.Place, from table.Date) {
	f := l.r.Warnf(codeFar, at, "this begins on %s, in more than a year", from)
	f.Label, f.Help = "in "+days(int64(from-l.today)), "is the year right?"
}

func days(n int64) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// tellDated looks at values by date.
func (l *linter) tellDated(o *shipping.Layout, once func(diag.Place) bool) {
	if len(o.Prices) > 0 && o.Prices[0].Dated {
		from, places := []table.Date{}, []diag.Place{}
		for i := range o.Prices {
			from, places = append(from, o.Prices[i].From), append(places, o.Prices[i].At)
		}
		l.tellFirst(from, places, "the option `"+o.ID+"` has no price yet", "it is not offered before", once)
	}
	for i := range o.Prices {
		eachRow(&o.Prices[i], func(_ int, row *shipping.RowLayout) {
			l.tellFirst(row.Price.From, row.Price.Places, "this row has no price yet", "it is passed over before", once)
		})
	}
	for i := range o.Surcharges {
		l.tellFirst(o.Surcharges[i].Add.From, o.Surcharges[i].Add.Places, "this supplement has no amount yet", "nobody pays it before", once)
	}
	for _, b := range o.Bounds {
		l.tellFirst(b.Money.From, b.Money.Places, "`"+b.Word+"` has no amount yet", "it does nothing before", once)
	}
	if f := o.Free; f != nil {
		l.tellFirst(f.Total.From, f.Total.Places, "`free_from` has no amount yet", "nobody gets it free before", once)
	}
}

// tellFirst tells values of which the first one holds later than today, and those that begin far ahead.
func (l *linter) tellFirst(from []table.Date, at []diag.Place, message, note string, once func(diag.Place) bool) {
	if len(from) == 0 {
		return
	}
	if from[0] > l.today && once(at[0]) {
		f := l.r.Warnf(codeNotToday, at[0], "%s: the first one holds from %s on", message, from[0])
		f.Label, f.Help = "nothing holds today", "write what holds until then too, e.g. {2020-01-01: 49.00, "+from[0].String()+": …}"
		f.Notes = []string{note}
	}
	for i, d := range from {
		if d-l.today > farAhead && once(at[i]) {
			l.tellFar(at[i], d)
		}
	}
}

// tellCalendar tells a calendar that is about to end, or that forgets a year.
func (l *linter) tellCalendar(o *shipping.Layout, once func(diag.Place) bool) {
	last, ok := o.Calendar.Last()
	if !ok || !once(o.DeliveryAt) {
		return
	}
	if last < l.today+shortTime {
		f := l.r.Warnf(codeShort, o.DeliveryAt, "the calendar of `%s` ends on %s", o.ID, last)
		f.Label, f.Help = "no days of delivery are told beyond its last closed day", "write the closed days of the next year"
		f.Notes = []string{"buyers are no longer told when the parcel comes"}
		return
	}
	if year := missingYear(o.Calendar, l.today, last); year > 0 {
		f := l.r.Warnf(codeYear, o.DeliveryAt, "the calendar of `%s` has no closed day in %d, but one later", o.ID, year)
		f.Label, f.Help = fmt.Sprintf("every day of %d counts as open", year), fmt.Sprintf("write the closed days of %d", year)
		f.Notes = []string{"days of delivery are promised on which nobody works"}
	}
}

// missingYear is the first year from that of a day on that has no closed day although a later one has; 0: none.
func missingYear(c *table.Calendar, today, last table.Date) int {
	closed := map[int]bool{}
	end := yearOf(last)
	first := yearOf(today)
	for d := today - farAhead; d <= last; d++ {
		if c.Closed(d) {
			closed[yearOf(d)] = true
		}
	}
	for y := first; y < end; y++ {
		if !closed[y] {
			return y
		}
	}
	return 0
}

func yearOf(d table.Date) int {
	y := 0
	_, _ = fmt.Sscanf(d.String(), "%d", &y)
	return y
}

// tellDayGaps tells a few days without a price between others that have one.
func (r *reach) tellDayGaps() {
	var all []dayReach
	for _, l := range r.lists {
		all = append(all, l.days...)
	}
	slices.SortFunc(all, func(a, b dayReach) int { return int(a.lo - b.lo) })
	for i := 1; i+1 < len(all); i++ {
		d := all[i]
		if d.priced || !all[i-1].priced || !all[i+1].priced || d.hi-d.lo >= shortGap || d.hi < int64(r.today) {
			continue
		}
		f := r.r.Warnf(codeDays, r.o.Prices[0].At, "`%s` has no price from %s to %s, but has one before and after", r.o.ID, dayText(d.lo), dayText(d.hi))
		f.Label, f.Help = "nothing fits on these days", "let the earlier price end on the day before the later one begins; both days count"
		f.Notes = []string{"on " + days(d.hi-d.lo+1) + " no buyer sees the option"}
	}
}
