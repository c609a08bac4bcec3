package table_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/rules/table"
)

// modelPattern is a pattern as the manual explains it: from and to are beginnings of codes, "" for all.
type modelPattern struct{ from, to string }

func (p modelPattern) holds(code string) bool {
	return code[:len(p.from)] >= p.from && code[:len(p.to)] <= p.to
}

// modelZone is a zone that is looked up by trying every pattern.
type modelZone struct {
	name    string
	places  map[string][]modelPattern // by country or region
	excepts []int                     // zones further down
}

func holds(zones []modelZone, i int, country, region, code string) bool {
	in := false
	for _, place := range []string{country, country + "-" + region} {
		for _, p := range zones[i].places[place] {
			in = in || p.holds(code)
		}
	}
	for _, e := range zones[i].excepts {
		in = in && !holds(zones, e, country, region, code)
	}
	return in
}

// modelCountries are countries with the length of their codes and of the unit that is complete by itself.
func modelCountries() map[string][2]int {
	return map[string][2]int{"FI": {5, 5}, "DK": {4, 4}, "US": {9, 5}, "BR": {8, 8}, "IS": {3, 3}}
}

func drawDigits(t *rapid.T, n int) string {
	return fmt.Sprintf("%0*d", n, rapid.IntRange(0, []int{0, 9, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999}[n]).Draw(t, "digits"))
}

// drawPattern draws a pattern and how it is written.
func drawPattern(t *rapid.T, length, unit int) (modelPattern, string) {
	n := rapid.IntRange(1, length).Draw(t, "length")
	from := drawDigits(t, n)
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return modelPattern{}, "all"
	case 1:
		return modelPattern{from, from}, from + "*"
	case 2:
		whole := drawDigits(t, rapid.SampledFrom([]int{length, unit}).Draw(t, "whole"))
		return modelPattern{whole, whole}, whole
	default:
		to := drawDigits(t, n)
		return modelPattern{min(from, to), max(from, to)}, min(from, to) + " to " + max(from, to)
	}
}

// drawZones draws zones and the file that declares them.
func drawZones(t *rapid.T) ([]modelZone, string) {
	var b strings.Builder
	b.WriteString("zones:\n")
	zones := make([]modelZone, rapid.IntRange(1, 9).Draw(t, "zones"))
	for i := range zones {
		z := &zones[i]
		z.name, z.places = fmt.Sprintf("z%d", i), map[string][]modelPattern{}
		fmt.Fprintf(&b, "  %s:\n", z.name)
		for _, place := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"FI", "DK", "US", "BR", "IS", "US-CA", "US-NY"}), 1, 3, rapid.ID).Draw(t, "places") {
			country, _, _ := strings.Cut(place, "-")
			size := modelCountries()[country]
			var texts []string
			for range rapid.IntRange(1, 5).Draw(t, "patterns") {
				p, text := drawPattern(t, size[0], size[1])
				z.places[place] = append(z.places[place], p)
				texts = append(texts, text)
			}
			fmt.Fprintf(&b, "    %s: [%s]\n", place, strings.Join(texts, ", "))
		}
		if i+1 < len(zones) && rapid.Bool().Draw(t, "except") {
			z.excepts = rapid.SliceOfNDistinct(rapid.IntRange(i+1, len(zones)-1), 1, 2, rapid.ID).Draw(t, "excepts")
			var names []string
			for _, e := range z.excepts {
				names = append(names, fmt.Sprintf("z%d", e))
			}
			fmt.Fprintf(&b, "    except: [%s]\n", strings.Join(names, ", "))
		}
	}
	return zones, b.String()
}

func TestIndexEqualsTrying(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zones, text := drawZones(t)
		z, findings := compileZones(text, nil)
		if len(findings) > 0 {
			t.Fatalf("%s\n%+v", text, findings[0])
		}
		for country, size := range modelCountries() {
			region := rapid.SampledFrom([]string{"CA", "NY", "TX"}).Draw(t, "region")
			code := drawDigits(t, size[0])
			w := z.Locate(country, region, code)
			unknown := z.Locate(country, region, "")
			nowhere := z.Locate(country, "", code)
			for i := range zones {
				want := holds(zones, i, country, region, code)
				if got := z.Has(w.Certain, table.ZoneID(i)); got != want || z.Has(w.Possible, table.ZoneID(i)) != want {
					t.Fatalf("%s\n%s-%s %s in z%d: got %v, want %v", text, country, region, code, i, got, want)
				}
				for _, loose := range []table.Where{unknown, nowhere} {
					if z.Has(loose.Certain, table.ZoneID(i)) && !want || want && !z.Has(loose.Possible, table.ZoneID(i)) {
						t.Fatalf("%s\n%s-%s %s in z%d is %v, but %+v says otherwise", text, country, region, code, i, want, loose)
					}
				}
			}
		}
	})
}

// TestUnknownIsExact walks a country whose codes are few, so that Certain and Possible can be counted out.
func TestUnknownIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zones, text := drawZones(t)
		z, _ := compileZones(text, nil)
		w := z.Locate("IS", "", "")
		for i := range zones {
			every, some := true, false
			for n := range 1000 {
				in := holds(zones, i, "IS", "", fmt.Sprintf("%03d", n))
				every, some = every && in, some || in
			}
			if z.Has(w.Certain, table.ZoneID(i)) != every || z.Has(w.Possible, table.ZoneID(i)) != some {
				t.Fatalf("%s\nz%d: every %v, some %v, got %+v", text, i, every, some, w)
			}
		}
	})
}

// TestUnitsAreExact asks for five digits of a ZIP+4: certain is what all four-digit ends share.
func TestUnitsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var texts []string
		var patterns []modelPattern
		for range rapid.IntRange(1, 6).Draw(t, "patterns") {
			n := rapid.IntRange(5, 7).Draw(t, "length")
			a, b := "00000"+drawDigits(t, n-5+1)[:n-5], "0000"+drawDigits(t, n-4)
			patterns = append(patterns, modelPattern{min(a, b), max(a, b)})
			texts = append(texts, min(a, b)+" to "+max(a, b))
		}
		z, findings := compileZones("zones: {a: {US: ["+strings.Join(texts, ", ")+"]}}", nil)
		if len(findings) > 0 {
			t.Fatal(findings[0].Message)
		}
		every, some := true, false
		for n := range 10_000 {
			in := false
			for _, p := range patterns {
				in = in || p.holds(fmt.Sprintf("00000%04d", n))
			}
			every, some = every && in, some || in
		}
		w := z.Locate("US", "", "00000")
		if z.Has(w.Certain, 0) != every || z.Has(w.Possible, 0) != some || !w.Known {
			t.Fatalf("%v: every %v, some %v, got %+v", texts, every, some, w)
		}
	})
}

func TestSegmentsCoverTheCountry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, text := drawZones(t)
		z, _ := compileZones(text, nil)
		for _, country := range z.Countries() {
			for _, region := range append(z.Regions(country), "", "TX") {
				last := ""
				for s := range z.Segments(country, region) {
					if s.From == "" {
						if w := z.Locate(country, region, ""); w.Certain != s.Certain {
							t.Fatalf("%s: %+v is not %+v", country, w, s)
						}
						continue
					}
					if last != "" && s.From <= last || s.To < s.From {
						t.Fatalf("%s: %s to %s comes after %s", country, s.From, s.To, last)
					}
					for _, code := range []string{s.From, s.To} {
						if w := z.Locate(country, region, code); !w.Known || w.Certain != s.Certain || w.Possible != s.Possible {
							t.Fatalf("%s\n%s-%s %s: %+v is not %+v", text, country, region, code, w, s)
						}
					}
					last = s.To
				}
			}
		}
	})
}
