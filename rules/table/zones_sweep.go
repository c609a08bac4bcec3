package table

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
)

// maxSetBytes bounds the memory of interned sets, and of the states of one country.
const maxSetBytes = 16 << 20

// build turns the patterns into indexes.
func (b *zoneBuilder) build() *Zones {
	z := b.zones
	z.sets = newSetTable(len(z.names))
	order := b.exceptOrder()
	for _, code := range slices.Sorted(maps.Keys(b.countries)) {
		s := sweeper{in: b.countries[code], sets: &z.sets, excepts: b.excepts, order: order}
		c, ok := s.run()
		if !ok {
			b.tell(&flaw{code: codeZoneTooMany, message: "the zones of " + code + " overlap in too many ways",
				help: "does every row name a zone of its own? Zones are few; rows may be many"}, raw{at: b.firstPlace()})
			break
		}
		z.countries = append(z.countries, c)
		z.byCountry[int(code[0]-'A')*26+int(code[1]-'A')] = uint16(len(z.countries))
		b.countries[code] = nil
	}
	z.sets.ids = nil
	z.sets.bits = slices.Clone(z.sets.bits)
	return z
}

func (b *zoneBuilder) firstPlace() diag.Place {
	if len(b.zones.places) == 0 {
		return diag.Place{}
	}
	return b.zones.places[0]
}

// exceptOrder lists the zones with an except, each after those it leaves out.
func (b *zoneBuilder) exceptOrder() []ZoneID {
	var order []ZoneID
	seen := make([]bool, len(b.excepts))
	var visit func(id ZoneID)
	visit = func(id ZoneID) {
		if seen[id] {
			return
		}
		seen[id] = true
		for _, other := range b.excepts[id] {
			visit(other)
		}
		if len(b.excepts[id]) > 0 {
			order = append(order, id)
		}
	}
	for id := range b.excepts {
		visit(ZoneID(id))
	}
	return order
}

// sweeper makes the index of one country.
type sweeper struct {
	in      *countryPatterns
	sets    *setTable
	excepts [][]ZoneID
	order   []ZoneID

	counts []int32 // patterns that hold, by slot
	active zoneBits
	ids    map[string]int32
	list   []zoneBits // states: bits of slots
	starts []uint64
	states []int32
}

func (s *sweeper) run() (*countryIndex, bool) {
	if !s.segments() {
		return nil, false
	}
	c := &countryIndex{code: s.in.code, shape: s.in.shape, regions: s.in.regions, stride: 1,
		starts: slices.Clone(s.starts), states: slices.Clone(s.states)}
	s.starts, s.states, s.in.ivals = nil, nil, nil
	for i := 0; i < len(c.starts); i += coarseStep {
		c.coarse = append(c.coarse, c.starts[i])
	}
	if len(c.regions) > 0 {
		c.stride = len(c.regions) + 3
	}
	if !s.rows(c) {
		return nil, false
	}
	s.wholes(c)
	return c, s.shared(c)
}

// segments sweeps over the ends of all patterns and cuts the keys where the state changes.
func (s *sweeper) segments() bool {
	type stop struct {
		hi   uint64
		slot int32
	}
	in := s.in.ivals
	stops := make([]stop, len(in))
	for i, v := range in {
		stops[i] = stop{v.hi, v.slot}
	}
	slices.SortFunc(in, func(a, b ival) int { return cmp.Compare(a.lo, b.lo) })
	slices.SortFunc(stops, func(a, b stop) int { return cmp.Compare(a.hi, b.hi) })
	s.counts, s.active, s.ids = make([]int32, len(s.in.list)), make(zoneBits, (len(s.in.list)+7)/8), map[string]int32{}
	i, j := 0, 0
	for key := uint64(0); ; {
		for ; i < len(in) && in[i].lo == key; i++ {
			s.enter(in[i].slot)
		}
		for ; j < len(stops) && stops[j].hi+1 == key; j++ {
			s.leave(stops[j].slot)
		}
		if !s.cut(key) {
			return false
		}
		next := s.in.shape.top + 1
		if i < len(in) {
			next = in[i].lo
		}
		if j < len(stops) {
			next = min(next, stops[j].hi+1)
		}
		if next > s.in.shape.top {
			return true
		}
		key = next
	}
}

func (s *sweeper) enter(slot int32) {
	if s.counts[slot]++; s.counts[slot] == 1 {
		s.active.set(ZoneID(slot))
	}
}

func (s *sweeper) leave(slot int32) {
	if s.counts[slot]--; s.counts[slot] == 0 {
		s.active.drop(ZoneID(slot))
	}
}

// cut begins a segment where the state is another than before.
func (s *sweeper) cut(key uint64) bool {
	id, ok := s.ids[string(s.active)]
	if !ok {
		id = int32(len(s.list))
		s.ids[string(s.active)] = id
		s.list = append(s.list, slices.Clone(s.active))
		if len(s.list)*(len(s.active)+48) > maxSetBytes {
			return false
		}
	}
	if n := len(s.states); n == 0 || s.states[n-1] != id {
		s.starts, s.states = append(s.starts, key), append(s.states, id)
	}
	return true
}

// rows works out the zones of every state and variant, and which variants occur at all.
func (s *sweeper) rows(c *countryIndex) bool {
	variants := max(1, c.stride-1)
	c.present = make([]bool, variants)
	for _, sl := range s.in.list {
		for v := range c.present {
			if sl.scope == 0 || v == variantUnknown || int(sl.scope) == v-variantOther {
				c.present[v] = true
			}
		}
	}
	certain, possible, zones := s.bits(), s.bits(), s.bits()
	for _, state := range s.list {
		if c.stride == 1 {
			s.resolve(state, 0, zones)
			c.rows = append(c.rows, s.sets.intern(zones))
			continue
		}
		certain.fill(0xFF)
		possible.fill(0)
		at := len(c.rows)
		c.rows = append(c.rows, 0, 0)
		for scope := range int32(variants - 1) {
			s.resolve(state, scope, zones)
			certain.and(zones)
			possible.or(zones)
			c.rows = append(c.rows, s.sets.intern(zones))
		}
		c.rows[at], c.rows[at+1] = s.sets.intern(certain), s.sets.intern(possible)
		if s.sets.bytes() > maxSetBytes || len(c.rows)*4 > maxSetBytes {
			return false
		}
	}
	return s.sets.bytes() <= maxSetBytes
}

func (s *sweeper) bits() zoneBits { return make(zoneBits, s.sets.words*8) }

// resolve puts into zones those of a state for the country (scope 0) or for one of its regions, less what they leave out.
func (s *sweeper) resolve(state zoneBits, scope int32, zones zoneBits) {
	zones.fill(0)
	for i, sl := range s.in.list {
		if state.has(ZoneID(i)) && (sl.scope == 0 || sl.scope == scope) {
			zones.set(sl.zone)
		}
	}
	for _, id := range s.order {
		if zones.has(id) && slices.ContainsFunc(s.excepts[id], zones.has) {
			zones.drop(id)
		}
	}
}

// over returns the zones that are in all, and in some, of the sets that pairs gives.
func (s *sweeper) over(certain, possible zoneBits, pairs func(yield func(pair) bool)) pair {
	certain.fill(0xFF)
	possible.fill(0)
	last := pair{-1, -1}
	for p := range pairs {
		if p != last {
			s.fold(p, certain, possible)
		}
		last = p
	}
	return pair{s.sets.intern(certain), s.sets.intern(possible)}
}

func (s *sweeper) fold(p pair, certain, possible zoneBits) {
	for w := range s.sets.words {
		c, q := s.sets.bits[int(p.certain)*s.sets.words+w], s.sets.bits[int(p.possible)*s.sets.words+w]
		for i := range 8 {
			certain[w*8+i] &= byte(c >> (8 * i))
			possible[w*8+i] |= byte(q >> (8 * i))
		}
	}
}

// wholes works out what is so for the whole country where the postcode is not known: over all states, the uncovered rest among them.
func (s *sweeper) wholes(c *countryIndex) {
	certain, possible := s.bits(), s.bits()
	first := make([]int, len(s.list)) // a segment of each state
	for i, st := range c.states {
		first[st] = i
	}
	for v := range c.present {
		c.whole = append(c.whole, s.over(certain, possible, func(yield func(pair) bool) {
			for _, segment := range first {
				if !yield(c.at(segment, v)) {
					return
				}
			}
		}))
	}
}

// shared finds the units that segments share.
func (s *sweeper) shared(c *countryIndex) bool {
	certain, possible := s.bits(), s.bits()
	for _, keys := range s.in.shape.units() {
		u := unitIndex{keys: keys}
		for i := 1; i < len(c.starts); i++ {
			first := c.starts[i] - c.starts[i]%keys
			if first == c.starts[i] || len(u.first) > 0 && u.first[len(u.first)-1] == first {
				continue
			}
			u.first = append(u.first, first)
			from, to := i-1, i
			for to < len(c.starts) && c.starts[to] < first+keys {
				to++
			}
			for v := range c.present {
				u.pairs = append(u.pairs, s.over(certain, possible, func(yield func(pair) bool) {
					for at := from; at < to; at++ {
						if !yield(c.at(at, v)) {
							return
						}
					}
				}))
			}
			if s.sets.bytes() > maxSetBytes || len(u.pairs)*8 > maxSetBytes {
				return false
			}
		}
		c.units = append(c.units, unitIndex{keys, slices.Clone(u.first), slices.Clone(u.pairs)})
	}
	return true
}
