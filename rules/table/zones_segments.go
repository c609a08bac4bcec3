package table

import "iter"

// Segment is a stretch of a country in which every address is in the same zones. From and To are full postcodes, both
// included; "" for a country whose zones need no postcodes.
type Segment struct {
	From, To string
	Lo, Hi   uint64 // keys of From and To, which order the postcodes of a country; those of all Zones can be compared
	Certain  SetID  // as in Where; differs from Possible only where the region is not known
	Possible SetID
}

// Countries returns the codes of all countries that some zone names, ascending.
func (z *Zones) Countries() []string {
	if z == nil {
		return nil
	}
	codes := make([]string, len(z.countries))
	for i, c := range z.countries {
		codes[i] = c.code
	}
	return codes
}

// Regions returns the regions of a country that some zone names, without the country's mark.
func (z *Zones) Regions(country string) []string {
	if c := z.country(country); c != nil {
		return c.regions
	}
	return nil
}

// Segments yields the segments of a country in order of postcode, without gaps, for an address in region ("": not known,
// OtherRegion: one that no zone names).
func (z *Zones) Segments(country, region string) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		c := z.country(country)
		if c == nil {
			return
		}
		v := c.variant(region)
		if len(c.starts) == 1 {
			p := c.at(0, v)
			yield(Segment{Hi: c.shape.top, Certain: p.certain, Possible: p.possible})
			return
		}
		for i := 0; i < len(c.starts); {
			from, p := i, c.at(i, v)
			for i++; i < len(c.starts) && c.at(i, v) == p; i++ {
			}
			to := c.shape.top
			if i < len(c.starts) {
				to = c.starts[i] - 1
			}
			if !yield(Segment{From: c.shape.text(c.starts[from]), To: c.shape.text(to), Lo: c.starts[from], Hi: to,
				Certain: p.certain, Possible: p.possible}) {
				return
			}
		}
	}
}
