package table

import "slices"

// covered returns the countries of which every address, whatever its postcode and region, is in at least one of these zones.
func (z *Zones) covered(zones []ZoneID) []string {
	if z == nil || len(zones) == 0 {
		return nil
	}
	var codes []string
	for _, c := range z.countries {
		if z.coveredIn(c, zones) {
			codes = append(codes, c.code)
		}
	}
	return codes
}

// coveredIn asks once per state of a country, for each region that some zone names and for all others.
func (z *Zones) coveredIn(c *countryIndex, zones []ZoneID) bool {
	for row := 0; row < len(c.rows); row += c.stride {
		sets := c.rows[row : row+c.stride]
		if len(sets) > variantFirst {
			sets = sets[2:] // behind what is certain and possible without a region
		}
		for _, set := range sets {
			if !slices.ContainsFunc(zones, func(id ZoneID) bool { return z.Has(set, id) }) {
				return false
			}
		}
	}
	return len(c.rows) > 0
}
