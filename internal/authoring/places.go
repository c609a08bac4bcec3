package authoring

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/table"
)

// Range is a stretch of postcodes, both ends included; "" is every postcode.
type Range struct {
	From, To string
	lo, hi   uint64
}

// Place is all addresses of a country, or of a region of it, that the tables cannot tell apart.
type Place struct {
	Country   string
	Region    string  // "": the tables name none there; table.OtherRegion: one that they do not name
	Ranges    []Range // ascending
	Thin      bool    // the postcode is not known yet
	Elsewhere bool    // stands for every country that the tables do not name
	Postcode  string  // one of Ranges, to ask with
}

// Places lists the places of rulebooks that are looked at together: by country, region and first postcode; for each country
// with several places also the one where the postcode is not known, behind them. Every address is in one of them.
func Places(books ...*Book) []Place {
	var zones []*table.Zones
	countries, regions := map[string]bool{}, map[string]map[string]bool{}
	for _, b := range books {
		zones = append(zones, b.zones, b.Tax.Zones)
		for _, code := range b.Tax.Countries {
			countries[code] = true
		}
		for _, key := range b.Tax.Regions {
			code, region, _ := strings.Cut(key, "-")
			addRegion(regions, code, region)
			countries[code] = true
		}
	}
	for _, z := range zones {
		for _, code := range z.Countries() {
			countries[code] = true
			for _, region := range z.Regions(code) {
				addRegion(regions, code, region)
			}
		}
	}
	var list []Place
	for _, code := range slices.Sorted(maps.Keys(countries)) {
		list = append(list, placesOf(zones, code, slices.Sorted(maps.Keys(regions[code])))...)
	}
	return append(list, elsewhere(countries)...)
}

func addRegion(regions map[string]map[string]bool, code, region string) {
	if regions[code] == nil {
		regions[code] = map[string]bool{}
	}
	regions[code][region] = true
}

// elsewhere is a country that stands for those that no table names.
func elsewhere(named map[string]bool) []Place {
	for _, code := range []string{"BR", "ZA", "AU", "NZ", "IN", "CL", "KE", "PE", "GH", "TO"} {
		if !named[code] {
			return []Place{{Country: code, Elsewhere: true, Ranges: []Range{{}}}}
		}
	}
	return nil
}

// placesOf cuts a country into places.
func placesOf(zones []*table.Zones, code string, regions []string) []Place {
	if len(regions) > 0 {
		regions = append(regions, table.OtherRegion)
	} else {
		regions = []string{""}
	}
	var list []Place
	for _, region := range regions {
		list = append(list, stretches(zones, code, region)...)
	}
	if len(list) > 1 {
		list = append(list, Place{Country: code, Thin: true, Ranges: []Range{{}}})
	}
	return list
}

// stretches merges the segments of all zones and groups those that are in the same zones of each.
func stretches(zones []*table.Zones, code, region string) []Place {
	m := newMerger(zones, code, region)
	defer m.stop()
	index := map[string]int{}
	var list []Place
	for {
		key, r, more := m.next()
		if !more {
			break
		}
		i, seen := index[key]
		if !seen {
			index[key] = len(list)
			list = append(list, Place{Country: code, Region: region, Ranges: []Range{r}, Postcode: r.From})
			continue
		}
		list[i].Ranges = join(list[i].Ranges, r)
	}
	if len(list) == 0 {
		return []Place{{Country: code, Region: region, Ranges: []Range{{}}}}
	}
	return list
}

// join appends a stretch; one that follows directly on the last makes it longer.
func join(list []Range, r Range) []Range {
	if n := len(list); n > 0 && list[n-1].hi+1 == r.lo {
		list[n-1].To, list[n-1].hi = r.To, r.hi
		return list
	}
	return append(list, r)
}

// Merge puts the places of a country together that are the same in some respect; where all its regions then look alike it takes
// them together too. of holds for each place one of those that it is made of, by index.
func Merge(places []Place, same func(i, j int) bool) (merged []Place, of []int) {
	for from := 0; from < len(places); {
		to := from + 1
		for to < len(places) && places[to].Country == places[from].Country && places[to].Thin == places[from].Thin {
			to++
		}
		list, reps := mergeCountry(places, from, to, same)
		merged, of = append(merged, list...), append(of, reps...)
		from = to
	}
	return merged, of
}

func mergeCountry(places []Place, from, to int, same func(i, j int) bool) (merged []Place, of []int) {
	starts := []int{0}
	for i := from; i < to; i++ {
		if i > from && places[i].Region != places[i-1].Region {
			starts = append(starts, len(merged))
		}
		k := starts[len(starts)-1]
		for k < len(merged) && !same(of[k], i) {
			k++
		}
		if k < len(merged) {
			merged[k].Ranges = append(merged[k].Ranges, places[i].Ranges...)
			continue
		}
		p := places[i]
		p.Ranges = slices.Clone(p.Ranges)
		merged, of = append(merged, p), append(of, i)
	}
	for i := range merged {
		tidyRanges(&merged[i])
	}
	first := starts[0]
	size := len(merged) / len(starts)
	for n, at := range starts {
		if at != n*size || len(merged) != size*len(starts) || !alike(merged[first:first+size], merged[at:at+size], of[first:first+size], of[at:at+size], same) {
			return merged, of
		}
	}
	merged, of = merged[:size], of[:size]
	for i := range merged {
		merged[i].Region = ""
	}
	return merged, of
}

func tidyRanges(p *Place) {
	slices.SortFunc(p.Ranges, func(a, b Range) int { return cmp.Compare(a.lo, b.lo) })
	joined := p.Ranges[:0]
	for _, r := range p.Ranges {
		joined = join(joined, r)
	}
	p.Ranges = joined
}

// alike reports whether two regions are cut in the same way.
func alike(a, b []Place, ofA, ofB []int, same func(i, j int) bool) bool {
	for i := range a {
		if !same(ofA[i], ofB[i]) || !slices.Equal(a[i].Ranges, b[i].Ranges) {
			return false
		}
	}
	return true
}

// merger walks the segments of several zones at once.
type merger struct {
	pull  []func() (table.Segment, bool)
	stops []func()
	now   []table.Segment
	at    uint64
	text  string // of at
	done  bool
	key   []byte
}

func newMerger(zones []*table.Zones, code, region string) *merger {
	m := &merger{}
	for _, z := range zones {
		next, stop := iter.Pull(z.Segments(code, region))
		first, ok := next()
		if !ok {
			stop()
			continue
		}
		m.pull, m.stops, m.now = append(m.pull, next), append(m.stops, stop), append(m.now, first)
		m.text = cmp.Or(m.text, first.From)
	}
	m.done = len(m.now) == 0
	return m
}

func (m *merger) stop() {
	for _, stop := range m.stops {
		stop()
	}
}

// next returns the next stretch with a key of the sets of zones that it is in.
func (m *merger) next() (key string, r Range, more bool) {
	if m.done {
		return "", r, false
	}
	m.key = m.key[:0]
	r = Range{From: m.text, lo: m.at, hi: m.now[0].Hi}
	for i := range m.now {
		s := &m.now[i]
		m.key = append(m.key, byte(s.Certain), byte(s.Certain>>8), byte(s.Certain>>16), byte(s.Possible), byte(s.Possible>>8), byte(s.Possible>>16))
		r.hi = min(r.hi, s.Hi)
	}
	m.text = ""
	for i := range m.now {
		if m.now[i].Hi != r.hi {
			continue
		}
		r.To = cmp.Or(r.To, m.now[i].To)
		var ok bool
		if m.now[i], ok = m.pull[i](); !ok {
			m.done = true // all of them end with the country
		}
		m.text = cmp.Or(m.text, m.now[i].From)
	}
	m.at = r.hi + 1
	return string(m.key), r, true
}

// Address fills in where a question goes.
func (p *Place) Address(q *Question) {
	q.Country, q.Region, q.Postcode = p.Country, p.Region, p.Postcode
}
