package compare

// bits is a set of cells of a grid.
type bits struct {
	sizes []int
	set64 []uint64
}

func newBits(sizes []int) *bits {
	return &bits{sizes: sizes, set64: make([]uint64, (product(sizes, all(len(sizes)))+63)/64)}
}

func (b *bits) index(at []int) int {
	n := 0
	for i, cell := range at {
		n = n*b.sizes[i] + cell
	}
	return n
}

func (b *bits) set(at []int) {
	n := b.index(at)
	b.set64[n/64] |= 1 << (n % 64)
}

func (b *bits) has(at []int) bool {
	n := b.index(at)
	return b.set64[n/64]>>(n%64)&1 == 1
}

// widen lets a box reach over all cells of an axis where the further ones are in b: what is offered by nobody there need not be
// left out in words.
func (b *bits) widen(box box, may func(axis int) bool) {
	for axis := range box {
		if len(box[axis]) == b.sizes[axis] || !may(axis) {
			continue
		}
		own := box[axis]
		var others []int
		for cell, next := 0, 0; cell < b.sizes[axis]; cell++ {
			if next < len(own) && own[next] == cell {
				next++
				continue
			}
			others = append(others, cell)
		}
		box[axis] = others
		if !b.holds(box, make([]int, len(box)), 0) {
			box[axis] = own
			continue
		}
		box[axis] = union(own, others)
	}
}

// holds reports whether all cells of a box are in b.
func (b *bits) holds(box box, at []int, axis int) bool {
	if axis == len(box) {
		return b.has(at)
	}
	for _, cell := range box[axis] {
		at[axis] = cell
		if !b.holds(box, at, axis+1) {
			return false
		}
	}
	return true
}
