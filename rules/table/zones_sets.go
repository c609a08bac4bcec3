package table

// setTable interns sets of zones as bits. The empty set is number 0.
type setTable struct {
	words int // 64-bit words of a set
	n     int
	bits  []uint64
	ids   map[string]SetID // while building
}

func newSetTable(zones int) setTable {
	words := max(1, (zones+63)/64)
	return setTable{words: words, n: 1, bits: make([]uint64, words), ids: map[string]SetID{string(make([]byte, words*8)): 0}}
}

// intern returns the number of a set; b has eight bytes per word, lowest zone in the lowest bit of the first byte.
func (t *setTable) intern(b []byte) SetID {
	if id, ok := t.ids[string(b)]; ok {
		return id
	}
	id := SetID(t.n)
	t.n++
	for w := range t.words {
		var word uint64
		for i, x := range b[w*8 : w*8+8] {
			word |= uint64(x) << (8 * i)
		}
		t.bits = append(t.bits, word)
	}
	t.ids[string(b)] = id
	return id
}

func (t *setTable) has(set SetID, zone ZoneID) bool {
	i := int(set)*t.words + int(zone>>6)
	return int(zone>>6) < t.words && i < len(t.bits) && t.bits[i]>>(uint(zone)&63)&1 == 1
}

// bytes is the size of the table.
func (t *setTable) bytes() int { return len(t.bits) * 8 }

// zoneBits is a set of zones while it is being put together.
type zoneBits []byte

func (b zoneBits) set(z ZoneID)      { b[z>>3] |= 1 << (z & 7) }
func (b zoneBits) drop(z ZoneID)     { b[z>>3] &^= 1 << (z & 7) }
func (b zoneBits) has(z ZoneID) bool { return b[z>>3]>>(z&7)&1 == 1 }

func (b zoneBits) and(o zoneBits) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b zoneBits) or(o zoneBits) {
	for i := range b {
		b[i] |= o[i]
	}
}

func (b zoneBits) fill(x byte) {
	for i := range b {
		b[i] = x
	}
}
