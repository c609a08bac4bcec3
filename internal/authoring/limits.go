package authoring

import (
	"cmp"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// Cut parts the values of a fact where an answer can change: Start is the first value above it, in grams, pieces, millimetres or
// minor units.
type Cut struct {
	Start int64
	Text  string // the limit as the tables say it: "5 kg"
	From  bool   // the limit itself is above the cut, as with min_weight
}

// Limits are the cuts of some options, ascending, each start once.
type Limits struct {
	Weight []Cut // of all goods
	Pieces []Cut
	Totals map[table.Currency][]Cut
	Length []Cut      // longest side of one piece
	Sizes  [][3]int64 // of one piece in millimetres, longest side first: on both sides of every limit of girth and of all three sides
	Heavy  []Cut      // weight of one piece
}

const (
	microgramsPerGram        = 1_000_000
	micrometresPerMillimetre = 1000
	perStep                  = 3 // steps of a surcharge that are looked at one by one; all further ones follow from them
)

// LimitsOf collects the limits of options.
func LimitsOf(parts ...*shipping.Anatomy) *Limits {
	l := &Limits{Totals: map[table.Currency][]Cut{}}
	for _, p := range parts {
		for i := range p.Conditions {
			l.condition(p.Conditions[i].Condition)
		}
		for _, list := range p.Free {
			l.money(list, true)
		}
		for _, s := range p.Steps {
			l.step(s)
		}
	}
	for _, p := range parts {
		if p.Cart.Volumetric != parts[0].Cart.Volumetric { // else a volume is no more than a weight
			l.volumes(p.Cart.Volumetric)
			l.volumes(parts[0].Cart.Volumetric)
		}
	}
	l.Weight, l.Pieces, l.Heavy, l.Length = tidy(l.Weight), tidy(l.Pieces), tidy(l.Heavy), tidy(l.Length)
	for c, cuts := range l.Totals {
		l.Totals[c] = tidy(cuts)
	}
	slices.SortFunc(l.Sizes, func(a, b [3]int64) int { return slices.Compare(a[:], b[:]) })
	l.Sizes = slices.Compact(l.Sizes)
	return l
}

// tidy sorts cuts and keeps one of each start.
func tidy(cuts []Cut) []Cut {
	slices.SortStableFunc(cuts, func(a, b Cut) int { return cmp.Compare(a.Start, b.Start) })
	return slices.CompactFunc(cuts, func(a, b Cut) bool { return a.Start == b.Start })
}

func (l *Limits) condition(c *table.Condition) {
	for i := range c.Terms() {
		t := &c.Terms()[i]
		switch t.Word {
		case table.WordMinWeight, table.WordMaxWeight:
			l.Weight = append(l.Weight, weightCut(t.Limit, t.Word == table.WordMinWeight, t.Value()))
		case table.WordMaxItemWeight:
			l.Heavy = append(l.Heavy, weightCut(t.Limit, false, t.Value()))
		case table.WordMinItems, table.WordMaxItems:
			l.Pieces = append(l.Pieces, countCut(t.Limit, t.Word == table.WordMinItems))
		case table.WordMinTotal:
			l.money(t.Money, true)
		case table.WordMaxTotal:
			l.money(t.Money, false)
		case table.WordMaxItemLength, table.WordMaxItemGirth, table.WordMaxItemSize:
			l.size(t)
		}
	}
}

// weightCut is the cut of a limit in micrograms; carts carry whole grams.
func weightCut(limit int64, from bool, text string) Cut {
	if from {
		return Cut{(limit + microgramsPerGram - 1) / microgramsPerGram, text, true}
	}
	return Cut{limit/microgramsPerGram + 1, text, false}
}

func countCut(limit int64, from bool) Cut {
	if from {
		return Cut{limit, Count(limit), true}
	}
	return Cut{limit + 1, Count(limit), false}
}

func (l *Limits) money(list table.MoneyList, from bool) {
	for _, m := range list {
		c := Cut{int64(m.Amount), m.String(), from}
		if !from {
			c.Start++
		}
		l.Totals[m.Currency] = append(l.Totals[m.Currency], c)
	}
}

// step adds the first steps of a surcharge.
func (l *Limits) step(s shipping.UnitStep) {
	for k := range int64(perStep) {
		at := s.Over + k*s.Each
		if k > 0 && s.Each == 0 {
			return
		}
		if s.Weight {
			l.Weight = append(l.Weight, weightCut(at, false, table.Weight(at).String()))
		} else {
			l.Pieces = append(l.Pieces, countCut(at, false))
		}
	}
}

// size adds pieces that just fit and pieces that just do not.
func (l *Limits) size(t *table.Term) {
	mm := t.Limit / micrometresPerMillimetre
	switch t.Word {
	case table.WordMaxItemLength:
		l.Length = append(l.Length, Cut{mm + 1, t.Value(), false})
	case table.WordMaxItemGirth:
		if mm > 4 {
			l.Sizes = append(l.Sizes, [3]int64{mm - 4, 1, 1}, [3]int64{mm - 3, 1, 1})
		}
	default:
		var fits [3]int64
		for i, side := range t.Size {
			fits[i] = int64(side) / micrometresPerMillimetre
		}
		l.Sizes = append(l.Sizes, fits)
		for i := range fits {
			over := fits
			over[i]++
			slices.SortFunc(over[:], func(a, b int64) int { return cmp.Compare(b, a) })
			l.Sizes = append(l.Sizes, over)
		}
	}
}

// volumes adds cubes that weigh by their size just what each limit of weight allows, and just more.
func (l *Limits) volumes(d table.Density) {
	if d.Micrograms == 0 {
		return
	}
	for _, cuts := range [][]Cut{l.Weight, l.Heavy} {
		for _, c := range cuts {
			side := cube(d, c.Start-1)
			l.Sizes = append(l.Sizes, [3]int64{side, side, side}, [3]int64{side + 1, side + 1, side + 1})
		}
	}
}

// cube is the longest side of a cube, in millimetres, that counts for at most so many grams.
func cube(d table.Density, grams int64) int64 {
	const longest = 10_000
	side, beyond := int64(1), int64(longest)
	for beyond-side > 1 {
		mid := (side + beyond) / 2
		w, ok := d.Weigh(mid * mid * mid)
		if ok && int64(w) <= grams*microgramsPerGram {
			side = mid
		} else {
			beyond = mid
		}
	}
	return side
}

// Between writes the values from cell i to cell j of cuts, "" for all of them: "up to 5 kg", "over 1 kg up to 5 kg", "from
// 599.00 SEK". Cell 0 is below the first cut.
func Between(cuts []Cut, i, j int) string {
	low, high := "", ""
	if i > 0 {
		if low = "over "; cuts[i-1].From {
			low = "from "
		}
		low += cuts[i-1].Text
	}
	if j < len(cuts) {
		if high = "up to "; cuts[j].From {
			high = "below "
		}
		high += cuts[j].Text
	}
	if low != "" && high != "" {
		return low + " " + high
	}
	return low + high
}

// Ends are the lowest and the highest value of cell i; the last cell has no highest, so it is some value well above.
func Ends(cuts []Cut, i int, least int64) (low, high int64) {
	low = least
	if i > 0 {
		low = cuts[i-1].Start
	}
	if i < len(cuts) {
		return min(low, cuts[i].Start-1), cuts[i].Start - 1
	}
	return low, low + max(low, least)/2 + 1
}

// Amount is a round amount in minor units: 100 of a currency with decimals, 1000 of one without.
func Amount(currency string) order.Amount {
	exp, known := order.CurrencyExponent(currency)
	if known && exp == 0 {
		return 1000
	}
	a := order.Amount(100)
	for range exp {
		a *= 10
	}
	return a
}
