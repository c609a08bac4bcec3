package shipping

import (
	"strconv"
	"time"
)

// dayStyle is how a language writes a day and a month.
type dayStyle struct {
	months [12]string // short names; empty: numbers
	point  bool       // a point behind the day
	join   string     // between day and month
	tail   string     // behind the month
}

// style returns a language's way of writing days; ok is false for languages that are not in the table: their days are
// written as 2026-11-24.
func style(lang string) (s dayStyle, ok bool) {
	switch lang {
	case "sv":
		return dayStyle{months: [12]string{"jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"}, join: " "}, true
	case "nb", "no", "nn":
		return dayStyle{months: [12]string{"jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."}, point: true, join: " "}, true
	case "da":
		return dayStyle{months: [12]string{"jan.", "feb.", "mar.", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."}, point: true, join: " "}, true
	case "de":
		return dayStyle{months: [12]string{"Jan.", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."}, point: true, join: " "}, true
	case "fi":
		return dayStyle{point: true, tail: "."}, true
	case "en":
		return dayStyle{months: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}, join: " "}, true
	case "nl":
		return dayStyle{months: [12]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}, join: " "}, true
	case "fr":
		return dayStyle{months: [12]string{"janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}, join: " "}, true
	case "es":
		return dayStyle{months: [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"}, join: " "}, true
	default:
		return dayStyle{}, false
	}
}

// text writes the days of delivery in a language: "24–26 nov", "30 nov–2 dec", "24 nov".
func (d days) text(lang string) string {
	s, ok := style(lang)
	if !ok {
		if d.first == d.last {
			return d.last.String()
		}
		return d.first.String() + "–" + d.last.String()
	}
	_, m1, d1 := date(d.first)
	_, m2, d2 := date(d.last)
	switch {
	case d.first == d.last:
		return s.full(m2, d2)
	case m1 == m2 && d.last-d.first < 31:
		return s.day(d1) + "–" + s.full(m2, d2)
	default:
		return s.full(m1, d1) + "–" + s.full(m2, d2)
	}
}

func (s dayStyle) day(d int) string {
	if s.point {
		return strconv.Itoa(d) + "."
	}
	return strconv.Itoa(d)
}

func (s dayStyle) full(m time.Month, d int) string {
	name := s.months[m-1]
	if name == "" {
		name = strconv.Itoa(int(m))
	}
	return s.day(d) + s.join + name + s.tail
}
