package table

import "iter"

// Holds evaluates one word, for those who analyse a rulebook.
func (t *Term) Holds(f *Facts) Truth { return t.holds(f) }

// LeftOut reports whether another zone leaves a zone out with except.
func (z *Zones) LeftOut(id ZoneID) bool { return z.excepted[id] }

// AddressKind stands for all addresses of a country that the zones cannot tell apart, with one of them as a sample. The
// postcode of the sample is "" where none is known.
type AddressKind struct {
	Country, Region, Postcode string
	Where                     Where
}

// Kinds yields every way in which an address of a country can lie to the zones, each once for each region: with a postcode,
// without one, and with one that is complete only for a unit which zones cut.
func (z *Zones) Kinds(country string) iter.Seq[AddressKind] {
	return func(yield func(AddressKind) bool) {
		c := z.country(country)
		if c == nil {
			return
		}
		variants := append([]string{"", OtherRegion}, c.regions...)
		if len(c.regions) == 0 {
			variants = variants[:1]
		}
		for v, region := range variants {
			if !c.kinds(v, region, yield) {
				return
			}
		}
	}
}

// kinds yields those of one region.
func (c *countryIndex) kinds(v int, region string, yield func(AddressKind) bool) bool {
	k := AddressKind{Country: c.code, Region: region}
	k.Where = Where{Certain: c.whole[v].certain, Possible: c.whole[v].possible, Country: c.present[v]}
	if !yield(k) {
		return false
	}
	seen := map[pair]bool{}
	one := func(p pair, key uint64) bool {
		if seen[p] {
			return true
		}
		seen[p] = true
		k.Where = Where{Certain: p.certain, Possible: p.possible, Known: true, Country: c.present[v]}
		k.Postcode = c.shape.text(key)
		return yield(k)
	}
	for i, key := range c.starts {
		if !one(c.at(i, v), key) {
			return false
		}
	}
	for i := range c.units {
		for n, key := range c.units[i].first {
			if !one(c.units[i].pairs[n*len(c.whole)+v], key) {
				return false
			}
		}
	}
	return true
}
