package table

// Keys are the keys of all postcodes that a postcode stands for: one, or those of a unit. ok is false where no zone names the
// country, or the postcode is none of its.
func (z *Zones) Keys(country, postcode string) (lo, hi uint64, ok bool) {
	c := z.country(country)
	if c == nil {
		return 0, 0, false
	}
	keys, g := c.shape.address(postcode)
	return keys.lo, keys.hi, g == givenCode
}

// SegmentAt is the segment that holds a key, for an address in region as in Segments; the one beside it may be in the same
// zones. Its From and To are empty, see Code. ok is false where no zone names the country, or it has no such key.
func (z *Zones) SegmentAt(country, region string, key uint64) (s Segment, ok bool) {
	c := z.country(country)
	if c == nil || key > c.shape.top {
		return Segment{}, false
	}
	i := c.find(key)
	p := c.at(i, c.variant(region))
	s = Segment{Lo: c.starts[i], Hi: c.shape.top, Certain: p.certain, Possible: p.possible}
	if i+1 < len(c.starts) {
		s.Hi = c.starts[i+1] - 1
	}
	return s, true
}

// Code is the full postcode of a key; "" where no zone names the country.
func (z *Zones) Code(country string, key uint64) string {
	c := z.country(country)
	if c == nil {
		return ""
	}
	return c.shape.text(min(key, c.shape.top))
}
