package lint

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// Ends of numbers: no weight, length, total or day is beyond them.
const (
	highest = math.MaxInt64 >> 4
	longest = math.MaxInt64 >> 8
	farDay  = 1 << 24
)

func emptyQuery() *rules.Query { return &rules.Query{} }

// cutBy cuts a fact other than place and day.
func (s *space) cutBy(f fact, terms []use, extra []int64) axis {
	switch f {
	case byTotal:
		return s.numbers(f, terms, extra, -highest, highest)
	case byWeight, byPieces, byHeaviest:
		return s.numbers(f, terms, extra, 0, highest)
	case bySize:
		return s.sizes(terms)
	case byClass:
		return s.classes(terms)
	case byClock:
		return s.clock(terms)
	default:
		return s.names(f, terms)
	}
}

// numbers cuts a number between all its limits.
func (s *space) numbers(f fact, terms []use, extra []int64, lo, hi int64) axis {
	cuts := append([]int64{lo}, extra...)
	for _, u := range terms {
		for _, limit := range s.limits(u.term) {
			if !lower(u.term.Word) {
				limit++
			}
			cuts = append(cuts, limit)
		}
	}
	a := axis{fact: f}
	eachStretch(cuts, lo, hi, func(from, to int64) {
		v := s.value(terms, func(t *table.Term) bool { return s.within(t, from) })
		v.lo, v.hi = from, to
		a.values = append(a.values, v)
	})
	return a
}

// eachStretch visits the stretches from lo to hi that begin at cuts.
func eachStretch(cuts []int64, lo, hi int64, visit func(from, to int64)) {
	cuts = slices.DeleteFunc(cuts, func(c int64) bool { return c < lo || c > hi })
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i, from := range cuts {
		to := hi
		if i+1 < len(cuts) {
			to = cuts[i+1] - 1
		}
		visit(from, to)
	}
}

// lower reports whether a limit is the least that fits.
func lower(w table.Word) bool {
	switch w {
	case table.WordMinTotal, table.WordMinWeight, table.WordMinItems, table.WordFrom:
		return true
	default:
		return false
	}
}

// limits are the numbers of a word that count in the currency.
func (s *space) limits(t *table.Term) []int64 {
	if t.Word != table.WordMinTotal && t.Word != table.WordMaxTotal {
		return []int64{t.Limit}
	}
	if v, ok := t.Money.In(s.currency); ok {
		return []int64{int64(v)}
	}
	return nil
}

// within reports whether a number is within the limit of a word.
func (s *space) within(t *table.Term, n int64) bool {
	limits := s.limits(t)
	switch {
	case len(limits) == 0:
		return false
	case lower(t.Word):
		return n >= limits[0]
	default:
		return n <= limits[0]
	}
}

// names cuts a fact that words compare with names: the names themselves, and none of them. Of coupons and tags an order
// may have several.
func (s *space) names(f fact, terms []use) axis {
	names := []string{}
	for _, u := range terms {
		for _, n := range u.term.Names {
			if f == byCoupon {
				n = strings.ToLower(n)
			}
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	a := axis{fact: f}
	add := func(have []string) {
		q := emptyQuery()
		tell(q, f, have)
		about := &table.Facts{Query: q}
		v := s.value(terms, func(t *table.Term) bool { return t.Holds(about) == table.Yes })
		v.label = strings.Join(have, ", ")
		a.add(v)
	}
	switch f {
	case byCustomer:
		add([]string{"person"})
		add([]string{"organization"})
	case byCoupon, byTag:
		const most = 12
		if s.tooLarge = s.tooLarge || len(names) > most; s.tooLarge {
			names = names[:min(len(names), most)]
		}
		for set := range 1 << len(names) {
			add(subset(names, set))
		}
	default:
		add(nil)
		for _, n := range names {
			add([]string{n})
		}
	}
	return a
}

// add adds a value, unless there is one in which the same holds.
func (a *axis) add(v value) {
	for i := range a.values {
		if slices.Equal(a.values[i].certain, v.certain) {
			return
		}
	}
	a.values = append(a.values, v)
}

func subset(names []string, set int) []string {
	var out []string
	for i, n := range names {
		if set>>i&1 == 1 {
			out = append(out, n)
		}
	}
	return out
}

// days cuts the days at from, until and prices by date, and each stretch by the days of the week in it.
func (s *space) days(terms []use, extra []int64, within [2]int64) axis {
	lo, hi := within[0], within[1]
	if within == [2]int64{} {
		lo, hi = -farDay, farDay
	}
	cuts := append([]int64{lo}, extra...)
	for _, u := range terms {
		switch u.term.Word {
		case table.WordFrom:
			cuts = append(cuts, u.term.Limit)
		case table.WordUntil:
			cuts = append(cuts, u.term.Limit+1)
		}
	}
	a := axis{fact: byDay}
	eachStretch(cuts, lo, hi, func(from, to int64) {
		seen := len(a.values)
		for d := from; d <= min(to, from+6); d++ {
			about := &table.Facts{Query: emptyQuery(), Day: table.Date(d), Weekday: weekday(d)}
			v := s.value(terms, func(t *table.Term) bool { return t.Holds(about) == table.Yes })
			v.lo, v.hi = from, to
			same := func(o value) bool { return slices.Equal(o.certain, v.certain) }
			if !slices.ContainsFunc(a.values[seen:], same) {
				a.values = append(a.values, v)
			}
		}
	})
	return a
}

func weekday(day int64) uint8 { return uint8(table.Date(day).Weekday()) }

// clock cuts the day at the ends of all windows.
func (s *space) clock(terms []use) axis {
	const minutes = 24 * 60
	cuts := []int64{0}
	for _, u := range terms {
		cuts = append(cuts, int64(u.term.Window.From), int64(u.term.Window.To))
	}
	a := axis{fact: byClock}
	eachStretch(cuts, 0, minutes-1, func(from, to int64) {
		v := s.value(terms, func(t *table.Term) bool { return t.Window.Holds(table.Clock(from)) })
		v.lo, v.hi = from, to
		a.values = append(a.values, v)
	})
	return a
}

// dayText writes a day.
func dayText(d int64) string { return time.Unix(d*24*60*60, 0).UTC().Format(time.DateOnly) }
