package table

import (
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
)

// Dated is a value by date: X from that day until the next. A value without dates holds always.
type Dated[T any] struct {
	From   []Date // ascending; empty with one Value: always
	Values []T
	Places []diag.Place // of the values
}

// At returns the value of a day; ok is false before the first date and for the zero Dated.
func (d *Dated[T]) At(day Date) (v T, ok bool) {
	i := d.Index(day)
	if i < 0 {
		return v, false
	}
	return d.Values[i], true
}

// Index returns the place in Values of the one that holds on a day, or -1.
func (d *Dated[T]) Index(day Date) int {
	if len(d.From) == 0 {
		return len(d.Values) - 1
	}
	i, found := slices.BinarySearch(d.From, day)
	if found {
		return i
	}
	return i - 1
}

// Always returns a value without dates.
func Always[T any](v T, at diag.Place) Dated[T] {
	return Dated[T]{Values: []T{v}, Places: []diag.Place{at}}
}

// DatedOf parses what value parses, or a map from dates to it, in any order. All faults are told; ok is false if there is
// one.
func DatedOf[T any](s *Scope, n *diag.Node, value func(*diag.Node) (T, bool)) (Dated[T], bool) {
	if n.Kind != diag.Map {
		v, ok := value(n)
		return Always(v, n.Place), ok
	}
	type entry struct {
		from  Date
		value T
		at    diag.Place
	}
	entries, good := make([]entry, 0, len(n.Keys)), true
	for i, key := range n.Keys {
		if diag.TellDecimalComma(n, i, s.Report) {
			good = false
			continue
		}
		from, okDate := s.Date(key)
		v, okValue := value(n.Values[i])
		good = good && okDate && okValue
		entries = append(entries, entry{from, v, n.Values[i].Place})
	}
	if len(entries) == 0 && good {
		s.tell(diag.CodeShape, nodeRaw(n), "write e.g. {2026-01-01: 49.00}", "there is no value in the map")
		return Dated[T]{}, false
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return int(a.from - b.from) })
	var d Dated[T]
	for _, e := range entries {
		d.From, d.Values, d.Places = append(d.From, e.from), append(d.Values, e.value), append(d.Places, e.at)
	}
	return d, good
}
