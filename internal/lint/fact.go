package lint

import "github.com/kvitto/kvitto/rules/table"

// fact is something about an order that words look at. Facts are taken to be independent of each other, but for what
// space.possible says: orders that cannot exist are looked at too, so a warning may be missed and is never false.
type fact int

const (
	byPlace fact = iota
	byWeight
	byPieces
	byTotal
	byHeaviest
	bySize
	byClass
	byCustomer
	byGroup
	byCoupon
	byTag
	byLanguage
	byDay
	byClock
	facts
)

// factOf returns what a word looks at; ok is false for words that are decided otherwise, see space.
func factOf(w table.Word) (f fact, ok bool) {
	switch w {
	case table.WordTo, table.WordNotTo:
		return byPlace, true
	case table.WordMinWeight, table.WordMaxWeight:
		return byWeight, true
	case table.WordMinItems, table.WordMaxItems:
		return byPieces, true
	case table.WordMinTotal, table.WordMaxTotal:
		return byTotal, true
	case table.WordMaxItemWeight:
		return byHeaviest, true
	case table.WordMaxItemLength, table.WordMaxItemGirth, table.WordMaxItemSize:
		return bySize, true
	case table.WordClass, table.WordOnlyClass, table.WordNoClass:
		return byClass, true
	case table.WordFrom, table.WordUntil, table.WordDays:
		return byDay, true
	case table.WordTime:
		return byClock, true
	default:
		return nameFactOf(w)
	}
}

func nameFactOf(w table.Word) (f fact, ok bool) {
	switch w {
	case table.WordCustomer:
		return byCustomer, true
	case table.WordGroup:
		return byGroup, true
	case table.WordCoupon:
		return byCoupon, true
	case table.WordTag:
		return byTag, true
	case table.WordLanguage:
		return byLanguage, true
	default:
		return 0, false
	}
}

// ofGoods reports whether a fact is one of the goods, of which price_per shows each row a part only.
func (f fact) ofGoods() bool { return f >= byWeight && f <= byClass }

// ladder reports whether a fact is a number that tables climb.
func (f fact) ladder() bool { return f == byWeight || f == byPieces || f == byTotal }

// bitset is a set of conditions.
type bitset []uint64

func newBits(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) drop(i int)     { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i int) bool { return b[i>>6]>>(i&63)&1 == 1 }

func (b bitset) fill() {
	for i := range b {
		b[i] = ^uint64(0)
	}
}

// and puts a AND o into b.
func (b bitset) and(a, o bitset) {
	for i := range b {
		b[i] = a[i] & o[i]
	}
}
