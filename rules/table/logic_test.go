package table_test

import (
	"time"

	"testing"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
	"pgregory.net/rapid"
)

// holdsAt asks a condition about a moment only.
func holdsAt(c *table.Condition, at time.Time) table.Truth {
	f := table.Facts{Query: &rules.Query{}, Cart: &table.Cart{}}
	var weekday time.Weekday
	f.Day, f.Clock, weekday = table.DateOf(at)
	f.Weekday = uint8(weekday)
	return c.Holds(&f)
}

// TestThreeValuedLogic compares conditions at an unknown postcode with all postcodes that it may turn out to be: Yes must hold
// at each of them, No at none; and a single word waits for the postcode exactly where it changes the answer.
func TestThreeValuedLogic(t *testing.T) {
	t.Parallel()
	s, f := shop(t)
	postcodes := []string{"11351", "62157", "62499", "98000"}
	certain := map[string]table.Where{}
	for _, code := range postcodes {
		certain[code] = s.Zones.Locate("SE", "", code)
	}
	unknown := s.Zones.Locate("SE", "", "")
	rapid.Check(t, func(t *rapid.T) {
		var cs table.Conditions
		for range rapid.IntRange(1, 3).Draw(t, "or") {
			var terms []table.Term
			for range rapid.IntRange(0, 3).Draw(t, "and") {
				terms = append(terms, drawTerm(t))
			}
			cs = append(cs, table.NewCondition(terms...))
		}
		g := *f
		g.Where = unknown
		open, _ := cs.Any(&g)
		if lowest, highest := fold(cs, &g); open != highest || lowest > highest {
			t.Fatalf("got %d, folding the words one by one gives %d", open, highest)
		}
		for code, where := range certain {
			g.Where = where
			known, _ := cs.Any(&g)
			if known == table.Maybe || open == table.Yes && known != table.Yes || open == table.No && known != table.No {
				t.Fatalf("unknown: %d, but at %s: %d", open, code, known)
			}
		}
	})
}

// fold computes OR over AND by asking each word alone; lowest is the AND over everything.
func fold(cs table.Conditions, f *table.Facts) (lowest, highest table.Truth) {
	lowest, highest = table.Yes, table.No
	for i := range cs {
		all := table.Yes
		for _, term := range cs[i].Terms() {
			one := table.NewCondition(term)
			all = min(all, one.Holds(f))
		}
		lowest, highest = min(lowest, all), max(highest, all)
	}
	return lowest, highest
}

func drawTerm(t *rapid.T) table.Term {
	zones := rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 2), func(i int) table.ZoneID { return table.ZoneID(i) }), 1, 2, rapid.ID).Draw(t, "zones")
	switch rapid.IntRange(0, 3).Draw(t, "word") {
	case 0:
		return table.Term{Word: table.WordTo, Zones: zones}
	case 1:
		return table.Term{Word: table.WordNotTo, Zones: zones}
	case 2:
		return table.Term{Word: table.WordMaxItems, Limit: rapid.Int64Range(2, 3).Draw(t, "items")}
	default:
		return table.Term{Word: table.WordClass, Classes: table.ClassSet(rapid.Uint64Range(0, 7).Draw(t, "classes"))}
	}
}
