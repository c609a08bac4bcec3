package table

import "sort"

// countryIndex is a country cut into disjoint segments of keys. A segment has a state: which patterns hold in it. A state
// has a row: the zones that follow for an address without a region, with one that no zone names, and with each that some
// zone names.
type countryIndex struct {
	code    string
	shape   shape
	starts  []uint64 // first keys of the segments; the first is 0
	coarse  []uint64 // every coarseStep-th of starts, so that a look-up begins in few cache lines
	states  []int32  // of the segments
	rows    []SetID  // stride per state: [set], or with regions [certain, possible, other, region …]
	stride  int
	regions []string // sorted as first named
	whole   []pair   // by variant: over the whole country
	present []bool   // by variant: some zone names the country or region
	units   []unitIndex
}

// pair is Certain and Possible.
type pair struct{ certain, possible SetID }

// unitIndex holds the units of one size (a British district, a Dutch four digits) that more than one segment shares, for
// addresses that give no more than the unit.
type unitIndex struct {
	keys  uint64 // in a unit
	first []uint64
	pairs []pair // variants per unit
}

// OtherRegion stands for a region that no zone names, for Segments.
const OtherRegion = "*"

// Variants of a row.
const (
	variantUnknown = iota // no region given, or one that nobody knows
	variantOther          // a region that no zone names
	variantFirst          // regions[0]
)

const coarseStep = 16 // two cache lines of starts

// country returns the index of a country, nil where no zone names it.
func (z *Zones) country(code string) *countryIndex {
	if z == nil || len(code) != 2 || !isLetter(code[0]) || !isLetter(code[1]) {
		return nil
	}
	if i := z.byCountry[int(code[0]-'A')*26+int(code[1]-'A')]; i > 0 {
		return z.countries[i-1]
	}
	return nil
}

// Locate looks an address up: one binary search, no allocation. country and region are upper case; region is with or
// without the country's mark. Where postcode or region is not known, Certain holds what is so whatever they turn out to
// be, and Possible what may be. A postcode that is whole only for a unit (a British district, five digits of a ZIP+4) is
// known, and Certain differs from Possible where zones cut the unit.
func (z *Zones) Locate(country, region, postcode string) Where {
	c := z.country(country)
	if c == nil {
		return Where{}
	}
	v := c.variant(region)
	keys, g := c.shape.address(postcode)
	if g != givenCode {
		w := c.whole[v]
		return Where{Certain: w.certain, Possible: w.possible, Country: c.present[v], Odd: g == givenOdd}
	}
	at := c.find(keys.lo)
	w := c.at(at, v)
	if at+1 < len(c.starts) && keys.hi >= c.starts[at+1] {
		w = c.unit(keys, v)
	}
	return Where{Certain: w.certain, Possible: w.possible, Known: true, Country: c.present[v]}
}

// variant returns the number of a region's variant.
func (c *countryIndex) variant(region string) int {
	if len(c.regions) == 0 || region == "" {
		return variantUnknown
	}
	if len(region) > 3 && region[2] == '-' && region[:2] == c.code {
		region = region[3:]
	}
	for i, r := range c.regions {
		if r == region {
			return variantFirst + i
		}
	}
	if region == OtherRegion || KnownRegion(c.code, region) {
		return variantOther
	}
	return variantUnknown
}

// find returns the segment that holds a key.
func (c *countryIndex) find(key uint64) int {
	block := upper(c.coarse, key) - 1
	from := block * coarseStep
	return from + upper(c.starts[from:min(from+coarseStep, len(c.starts))], key) - 1
}

// upper returns how many of the ascending keys are not above key.
func upper(keys []uint64, key uint64) int {
	base := 0
	for n := len(keys); n > 0; {
		half := (n + 1) / 2
		if keys[base+half-1] <= key {
			base += half
			n -= half
		} else {
			n = half - 1
		}
	}
	return base
}

// at returns the sets of a segment.
func (c *countryIndex) at(segment, variant int) pair {
	row := int(c.states[segment]) * c.stride
	switch {
	case c.stride == 1:
		return pair{c.rows[row], c.rows[row]}
	case variant == variantUnknown:
		return pair{c.rows[row], c.rows[row+1]}
	default:
		s := c.rows[row+1+variant]
		return pair{s, s}
	}
}

// unit returns the sets of a unit that segments share; the whole country's where the unit is none.
func (c *countryIndex) unit(keys span, variant int) pair {
	for i := range c.units {
		u := &c.units[i]
		if u.keys != keys.hi-keys.lo+1 {
			continue
		}
		if n := sort.Search(len(u.first), func(i int) bool { return u.first[i] >= keys.lo }); n < len(u.first) && u.first[n] == keys.lo {
			return u.pairs[n*len(c.whole)+variant]
		}
	}
	return c.whole[variant]
}
