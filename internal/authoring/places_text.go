package authoring

import (
	"strings"

	"github.com/kvitto/kvitto/rules/table"
)

// maxRanges is the most stretches of postcodes that one line names.
const maxRanges = 4

// String writes a stretch as people write postcodes: 620–624, 22*, 11351, or "all".
func (r Range) String() string {
	from, to := shorten(r.From, r.To)
	switch {
	case from == "" && to == "":
		return "all"
	case from == to && (from == r.From || strings.Trim(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""):
		return from
	case from == to:
		return from + "*"
	default:
		return from + "–" + to
	}
}

// shorten takes off the ends of two codes that together say nothing: 62000 and 62499 are 620 and 624.
func shorten(from, to string) (string, string) {
	if strings.HasSuffix(from, " 0AA") || strings.HasSuffix(to, " 9ZZ") { // British: district, then sector and unit
		from, to = strings.TrimSuffix(from, " 0AA"), strings.TrimSuffix(to, " 9ZZ")
		if strings.HasSuffix(from, "0") && strings.HasSuffix(to, "99Z") {
			from, to = strings.TrimSuffix(from, "0"), strings.TrimSuffix(to, "99Z")
		}
	}
	if len(from) != len(to) {
		return from, to
	}
	for len(from) > 0 && isLowest(from[len(from)-1]) && isHighest(to[len(to)-1]) || strings.HasSuffix(from, " ") && strings.HasSuffix(to, " ") {
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
	return from, to
}

func isLowest(c byte) bool  { return c == '0' || c == 'A' }
func isHighest(c byte) bool { return c == '9' || c == 'Z' }

// Name writes a place: "SE 620–624", "US-CA", "SE, postcode not known yet", "other countries".
func (p *Place) Name() string {
	head := p.head()
	switch {
	case p.Thin:
		return head + ", postcode not known yet"
	case p.Elsewhere:
		return "other countries"
	}
	if text := rangesText(p.Ranges, maxRanges); text != "all" {
		return head + " " + text
	}
	return head
}

func (p *Place) head() string {
	switch p.Region {
	case "":
		return p.Country
	case table.OtherRegion:
		return p.Country + ", other regions"
	default:
		return p.Country + "-" + p.Region
	}
}

// rangesText writes at most n stretches and says how many more there are.
func rangesText(ranges []Range, n int) string {
	var parts []string
	for i, r := range ranges {
		if i == n && len(ranges) > n+1 {
			return strings.Join(parts, ", ") + " and " + Plural(len(ranges)-n, "more stretch", "more stretches") + " of postcodes"
		}
		parts = append(parts, r.String())
	}
	return strings.Join(parts, ", ")
}

// Names writes the places for which in holds, those of a country together: "SE", "SE except 620–624, 980–984", "DK, NO 9170–9179".
// every is what it says where all hold. Places where the postcode is not known are named only where nothing else is.
func Names(places []Place, in func(i int) bool, every string) string {
	var parts []string
	all := true
	for from := 0; from < len(places); {
		to := from + 1
		if p := &places[from]; p.Thin || p.Elsewhere {
			all = all && (p.Thin || in(from))
			if p.Elsewhere && in(from) {
				parts = append(parts, "other countries")
			}
			from = to
			continue
		}
		for to < len(places) && places[to].beside(&places[from]) {
			to++
		}
		held, text := group(places[from:to], func(i int) bool { return in(from + i) })
		if all = all && held == to-from; text != "" {
			parts = append(parts, text)
		}
		from = to
	}
	switch {
	case len(parts) == 0:
		return thinNames(places, in)
	case all:
		return every
	default:
		return strings.Join(parts, "; ")
	}
}

// beside reports whether p is a place with postcodes in the same country or region as o.
func (p *Place) beside(o *Place) bool {
	return p.Country == o.Country && p.Region == o.Region && !p.Thin && !p.Elsewhere
}

// group writes those of the places of one country or region that hold, and how many they are.
func group(places []Place, in func(i int) bool) (held int, text string) {
	var yes, no []Range
	for i := range places {
		if in(i) {
			held++
			yes = append(yes, places[i].Ranges...)
		} else {
			no = append(no, places[i].Ranges...)
		}
	}
	switch head := places[0].head(); {
	case held == 0:
		return 0, ""
	case len(no) == 0:
		return held, head
	case len(no) < len(yes):
		return held, head + " except " + rangesText(no, maxRanges)
	default:
		return held, head + " " + rangesText(yes, maxRanges)
	}
}

// thinNames writes the countries of which only the answer without a postcode is meant.
func thinNames(places []Place, in func(i int) bool) string {
	var codes []string
	for i := range places {
		if in(i) && places[i].Thin {
			codes = append(codes, places[i].Country)
		}
	}
	if len(codes) == 0 {
		return "nowhere"
	}
	return strings.Join(codes, ", ") + " while the postcode is not known"
}
