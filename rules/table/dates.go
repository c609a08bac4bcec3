package table

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Date counts days since 1970-01-01.
type Date int32

const secondsPerDay = 24 * 60 * 60

// DateOf returns the day, the minute and the weekday of t in its location.
func DateOf(t time.Time) (Date, Clock, time.Weekday) {
	y, m, d := t.Date()
	hour, minute, _ := t.Clock()
	return civil(y, m, d), Clock(hour*60 + minute), t.Weekday()
}

func civil(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func (d Date) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// String writes the date as 2026-01-31.
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// Date parses 2026-01-01; years run from 1970 to 9999.
func (s *Scope) Date(n *diag.Node) (Date, bool) {
	w, ok := s.scalar(n, "a date", "2026-01-31")
	if !ok {
		return 0, false
	}
	return s.date(w)
}

// DateText parses the text of a cell at a place.
func (s *Scope) DateText(text string, at diag.Place) (Date, bool) { return s.date(rawText(text, at)) }

func (s *Scope) date(w raw) (Date, bool) {
	y, m, d, ok := dateParts(w.text)
	if !ok {
		if right := meantDate(w.text); right != "" {
			s.tellFix("E105", w, right, "`%s` is not a date as it is written here: year-month-day", w.text)
			return 0, false
		}
		s.tell("E105", w, "write it as year-month-day, e.g. 2026-01-31", "`%s` is not a date", w.text)
		return 0, false
	}
	month := time.Month(m)
	days := time.Date(y, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	switch {
	case y < 1970:
		s.tell("E105", w, "write a year from 1970 on", "`%s` is too long ago", w.text)
	case m < 1 || m > 12:
		s.tell("E105", w, "write it as year-month-day, e.g. 2026-01-31", "`%s` has no month: there is no month %d", w.text, m)
	case d < 1 || d > days:
		s.tell("E105", w, "write a day from 01 to "+fixed(int64(days), 0, 0), "there is no `%s`: %s %d has %d days", w.text, month, y, days)
	default:
		return civil(y, month, d), true
	}
	return 0, false
}

// dateParts reads dddd-dd-dd.
func dateParts(text string) (y, m, d int, ok bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return 0, 0, 0, false
	}
	if !allDigits(text[:4]) || !allDigits(text[5:7]) || !allDigits(text[8:]) {
		return 0, 0, 0, false
	}
	return smallInt(text[:4]), smallInt(text[5:7]), smallInt(text[8:]), true
}

// smallInt reads at most nine digits.
func smallInt(digits string) int {
	n := 0
	for i := range min(len(digits), 9) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// meantDate rewrites dates whose order is beyond doubt: 2026-1-5, 2026/01/05, 20260105, 31.1.2026.
func meantDate(text string) string {
	if len(text) == 8 && allDigits(text) {
		return existing(text[:4], text[4:6], text[6:])
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(parts) != 3 {
		return ""
	}
	switch {
	case len(parts[0]) == 4:
		return existing(parts[0], parts[1], parts[2])
	case len(parts[2]) == 4 && strings.Count(text, ".") == 2:
		return existing(parts[2], parts[1], parts[0])
	}
	return ""
}

func existing(y, m, d string) string {
	if !allDigits(y) || !allDigits(m) || !allDigits(d) || len(m) > 2 || len(d) > 2 {
		return ""
	}
	t := time.Date(smallInt(y), time.Month(smallInt(m)), smallInt(d), 0, 0, 0, 0, time.UTC)
	if t.Day() != smallInt(d) || int(t.Month()) != smallInt(m) {
		return ""
	}
	return t.Format(time.DateOnly)
}
