package table

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Calendar is a set of closed days.
type Calendar struct{ closed []Date } // ascending

// Closed reports whether a day is closed; a nil Calendar has no closed days.
func (c *Calendar) Closed(d Date) bool {
	if c == nil {
		return false
	}
	_, found := slices.BinarySearch(c.closed, d)
	return found
}

// Last returns the last closed day; ok is false where there is none. Behind it the calendar says nothing.
func (c *Calendar) Last() (d Date, ok bool) {
	if c == nil || len(c.closed) == 0 {
		return 0, false
	}
	return c.closed[len(c.closed)-1], true
}

// maxClosed is the longest range of closed days: two years.
const maxClosed = 731

// Calendars compiles the map under calendars (may be nil): name → {closed: [dates]}; a date may also be a range
// "2026-12-24 to 2026-12-26", both days included. Faulty days are told and left out.
func (s *Scope) Calendars(n *diag.Node) map[string]*Calendar {
	all := map[string]*Calendar{}
	if n == nil || !diag.WantMap(n, "`calendars`", s.Report) {
		return all
	}
	for i, key := range n.Keys {
		if isPrivate(key.Text) {
			continue
		}
		body := n.Values[i]
		c := &Calendar{}
		all[key.Text] = c
		s.Uses.declare(key.Text, key.Place)
		if !diag.Fields(body, "a calendar", []string{"closed"}, s.Report) {
			continue
		}
		list := diag.Need(body, "a calendar", "closed", s.Report)
		if list == nil || !diag.WantList(list, "`closed`", s.Report) {
			continue
		}
		for _, item := range list.Items {
			c.closed = append(c.closed, s.closedDays(item, c.closed)...)
		}
		slices.Sort(c.closed)
	}
	return all
}

// isPrivate reports whether a key is the author's own, which no program reads.
func isPrivate(key string) bool { return strings.HasPrefix(key, "x-") }

// closedDays reads an entry of a calendar; have are the days so far.
func (s *Scope) closedDays(n *diag.Node, have []Date) []Date {
	w, ok := s.scalar(n, "a date", "2026-12-24")
	if !ok {
		return nil
	}
	from, ok := s.date(w.split(" to ")[0])
	if !ok {
		return nil
	}
	to := from
	if parts := w.split(" to "); len(parts) > 1 {
		if to, ok = s.date(parts[len(parts)-1]); !ok {
			return nil
		}
	}
	if to < from || to-from > maxClosed {
		s.tell("E114", w, "write the earlier day first, at most two years apart", "`%s` is not a range of days", w.text)
		return nil
	}
	var days []Date
	for d := from; d <= to; d++ {
		if slices.Contains(have, d) {
			s.tell("E116", w, "keep one of them", "%s stands twice", d)
			return nil
		}
		days = append(days, d)
	}
	return days
}
