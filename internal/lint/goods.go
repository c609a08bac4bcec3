package lint

import (
	mathbits "math/bits"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// stretch is the numbers from lo to hi.
type stretch struct{ lo, hi int64 }

// sizes cuts the largest sides of all pieces and the largest girth. The sides need not be of one piece.
func (s *space) sizes(terms []use) axis {
	var cuts [4][]int64 // longest to shortest side, girth
	for i := range cuts {
		cuts[i] = []int64{0}
	}
	for _, u := range terms {
		switch t := u.term; t.Word {
		case table.WordMaxItemLength:
			cuts[0] = append(cuts[0], t.Limit+1)
		case table.WordMaxItemGirth:
			cuts[3] = append(cuts[3], t.Limit+1)
		default:
			for i, side := range t.Size {
				cuts[i] = append(cuts[i], int64(side)+1)
			}
		}
	}
	a := axis{fact: bySize}
	const most = 20_000
	if s.tooLarge = s.tooLarge || len(cuts[0])*len(cuts[1])*len(cuts[2])*len(cuts[3]) > most; s.tooLarge {
		return a
	}
	eachStretch(cuts[0], 0, longest, func(lo, hi int64) {
		x := stretch{lo, hi}
		eachStretch(cuts[1], 0, longest, func(lo, hi int64) {
			y := stretch{lo, hi}
			eachStretch(cuts[2], 0, longest, func(lo, hi int64) {
				z := stretch{lo, hi}
				eachStretch(cuts[3], 0, 8*longest, func(lo, hi int64) {
					if sizeExists(x, y, z, stretch{lo, hi}) {
						a.add(s.value(terms, func(t *table.Term) bool { return sizeHolds(t, x.lo, y.lo, z.lo, lo) }))
					}
				})
			})
		})
	})
	return a
}

// sizeExists reports whether sides x >= y >= z can go with a girth: each side is of a piece that is at least as long in the
// sides above it.
func sizeExists(x, y, z, girth stretch) bool {
	second := min(y.hi, x.hi)
	if x.hi < y.lo || second < y.lo || second < z.lo {
		return false
	}
	third := min(z.hi, second)
	most := x.hi + 2*(second+third)
	least := max(x.lo, 3*y.lo, 5*z.lo)
	return girth.lo <= most && least <= girth.hi
}

func sizeHolds(t *table.Term, x, y, z, girth int64) bool {
	switch t.Word {
	case table.WordMaxItemLength:
		return x <= t.Limit
	case table.WordMaxItemGirth:
		return girth <= t.Limit
	default:
		return x <= int64(t.Size[0]) && y <= int64(t.Size[1]) && z <= int64(t.Size[2])
	}
}

// classState is what a cart of some goods does with each set of classes that words name: some goods are of it, all are.
type classState struct{ some, all uint64 }

// classes finds every way in which a cart can lie to the classes that words name.
func (s *space) classes(terms []use) axis {
	var sets []table.ClassSet
	named := table.ClassSet(0)
	for _, u := range terms {
		named |= u.term.Classes
		if !slices.Contains(sets, u.term.Classes) {
			sets = append(sets, u.term.Classes)
		}
	}
	a := axis{fact: byClass}
	const mostNamed, mostSets = 12, 64
	if mathbits.OnesCount64(uint64(named)) > mostNamed || len(sets) > mostSets {
		s.tooLarge = true
		return a
	}
	states := carts(sets, named)
	if s.tooLarge = s.tooLarge || len(states) >= mostCarts; s.tooLarge {
		return a
	}
	for _, st := range states {
		a.add(s.value(terms, func(t *table.Term) bool {
			i := slices.Index(sets, t.Classes)
			switch t.Word {
			case table.WordClass:
				return st.some>>i&1 == 1
			case table.WordNoClass:
				return st.some>>i&1 == 0
			default:
				return st.all>>i&1 == 1
			}
		}))
	}
	return a
}

// mostCarts is how many states of a cart are looked at.
const mostCarts = 4096

// carts lists the states of all carts: those of single pieces of goods of any classes, and of any number of them together,
// but no more than mostCarts.
func carts(sets []table.ClassSet, named table.ClassSet) []classState {
	var list []classState
	seen := map[classState]bool{}
	add := func(st classState) {
		if !seen[st] && len(list) < mostCarts {
			seen[st] = true
			list = append(list, st)
		}
	}
	for of := named; ; of = (of - 1) & named {
		one := uint64(0)
		for i, set := range sets {
			if of&set != 0 {
				one |= 1 << i
			}
		}
		add(classState{one, one})
		if of == 0 {
			break
		}
	}
	single := len(list)
	for i := 0; i < len(list); i++ {
		for j := range single {
			add(classState{list[i].some | list[j].some, list[i].all & list[j].all})
		}
	}
	return list
}

// tell writes names of an order into a question.
func tell(q *rules.Query, f fact, names []string) {
	switch f {
	case byCustomer:
		q.Order = &order.Order{Customer: &order.Customer{Type: names[0]}}
	case byCoupon:
		q.Facts.Coupons = names
	case byTag:
		q.Facts.Tags = names
	case byGroup:
		if len(names) > 0 {
			q.Facts.Group = names[0]
		}
	case byLanguage:
		if len(names) > 0 {
			q.Language = names[0]
		}
	}
}
