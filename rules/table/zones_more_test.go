package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

const groundZones = `country,from,to,zone
US,600,606,z2
US,530,549,z3
US,750,799,z5
US,800,816,z5
US,100,149,z6
US,553,567,z4
US,900,961,z8
US,970,979,z7
US,980,994,z8
`

// TestAmericanShop is example 6.2 of the manual.
func TestAmericanShop(t *testing.T) {
	t.Parallel()
	z := soundZones(t, `zones:
  lower48:       {US: all, except: [alaska_hawaii, territories, military]}
  alaska_hawaii: {US: [995 to 999, 967 to 968]}
  territories:   {US: [006 to 009, 969*], PR: all, GU: all, VI: all}
  military:      {US: [090 to 098, 340*, 962 to 966]}
zone_files:
  - zones/us-ground-zones.csv
`, map[string]string{"zones/us-ground-zones.csv": groundZones})
	for code, want := range map[string]string{
		"60601": "lower48 z2", "60601-1234": "lower48 z2", "10001": "lower48 z6", "01001": "lower48", "99501": "alaska_hawaii", "96701": "alaska_hawaii",
		"96910": "territories", "00601": "territories", "34002": "military", "34101": "lower48", "96201": "military", "96101": "lower48 z8",
		"09001": "military", "99401": "lower48 z8", "": "",
	} {
		if got := members(z, z.Locate("US", "", code).Certain); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
	if got := members(z, z.Locate("PR", "", "00901").Certain); got != "territories" {
		t.Errorf("Puerto Rico: got %q", got)
	}
	var ground []string
	for s := range z.Segments("US", "") {
		if names := members(z, s.Certain); strings.Contains(names, "z8") {
			ground = append(ground, s.From+" to "+s.To)
		}
	}
	if diff := cmp.Diff([]string{"900000000 to 961999999", "980000000 to 994999999"}, ground); diff != "" {
		t.Error(diff)
	}
}

// TestManyZones has more zones than a machine word has bits, in files and in YAML.
func TestManyZones(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("country,from,to,zone\n")
	for i := range 200 {
		fmt.Fprintf(&file, "DK,%04d,%04d,z%d\n", i*10, i*10+19, i)
	}
	z := soundZones(t, "zones: {all: {DK: all}, rest: {DK: all, except: [z63, z64, z65]}}\nzone_files: [z.csv]", map[string]string{"z.csv": file.String()})
	for _, tt := range []struct{ code, want string }{
		{"0635", "all z62 z63"}, {"0615", "all rest z60 z61"}, {"0655", "all z64 z65"}, {"0665", "all z65 z66"}, {"0675", "all rest z66 z67"},
		{"1999", "all rest z198 z199"}, {"2009", "all rest z199"}, {"2010", "all rest"},
	} {
		if got := members(z, z.Locate("DK", "", tt.code).Certain); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.code, got, tt.want)
		}
	}
	if z.Has(0, 0) || z.Has(0, 10_000) || z.Has(table.SetID(z.Sets()-1), 10_000) {
		t.Error("the empty set is empty, and zones beyond the last are in none")
	}
}

// TestEqualSetsHaveEqualIDs lets a caller index by set.
func TestEqualSetsHaveEqualIDs(t *testing.T) {
	t.Parallel()
	z := soundZones(t, "zones: {a: {SE: [1*, 3*], NO: [1*], DK: all}, b: {SE: [2*, 3*], NO: [0*]}}", nil)
	seen := map[string]table.SetID{}
	for _, country := range z.Countries() {
		for s := range z.Segments(country, "") {
			names := members(z, s.Certain)
			if id, ok := seen[names]; ok && id != s.Certain {
				t.Errorf("%q is %d and %d", names, id, s.Certain)
			}
			seen[names] = s.Certain
			if int(s.Certain) >= z.Sets() {
				t.Errorf("set %d of %d", s.Certain, z.Sets())
			}
		}
	}
	if len(seen) != 4 || seen[""] != 0 {
		t.Errorf("got %v", seen)
	}
}

func TestZonesWrittenWrongly(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"zones is a list", "zones: [a]", "1:8 E005"},
		{"zones is nothing", "zones:", "1:7 E005"},
		{"a zone is a text", "zones: {a: SE}", "1:12 E005"},
		{"a postcode is a map", "zones: {a: {SE: {x: y}}}", "1:17 E005"},
		{"a postcode is a list in a list", "zones: {a: {SE: [[620*]]}}", "1:18 E005"},
		{"a postcode is nothing", "zones: {a: {SE: }}", "1:17 E005"},
		{"except is a map", "zones: {a: {SE: all, except: {b: c}}}", "1:30 E005"},
		{"files are a text", "zone_files: z.csv", "1:13 E005"},
		{"a file is a list", "zone_files: [[z.csv]]", "1:14 E005"},
		{"a decimal comma is no postcode", "zones: {a: {SE: '620,624'}}", "1:18 E214"},
		{"a name of the country", "zones: {a: {Sweden: all}}", "1:13 E216"},
		{"a region in small letters", "zones: {a: {us-ca: all}}", "1:13 E216"},
		{"three in a circle", "zones: {a: {SE: all, except: b}, b: {SE: all, except: c}, c: {SE: all, except: a}}", "1:59 E215"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, findings := compileZones(tt.text+"\n", nil)
			var got []string
			for _, f := range findings {
				got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Col, f.Code))
			}
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnionUnknown(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte("zones: {a: {EU: all}}"), &r)
	table.CompileZones(table.ZonesSource{Zones: n.Get("zones")}, &r)
	if got := brief(r.Findings()); got != "shipping.yaml:1:13-15 E216 the members of `EU` are not known here |  | name the countries | " {
		t.Error(got)
	}
}

// TestKeysOfYourOwn are ignored.
func TestKeysOfYourOwn(t *testing.T) {
	t.Parallel()
	z := soundZones(t, "zones: {a: {SE: all, x-note: {by: me}}}", nil)
	if got := members(z, z.Locate("SE", "", "").Certain); got != "a" {
		t.Errorf("got %q", got)
	}
}

// TestRegionsAndPostcodes mixes patterns of a country and of its regions.
func TestRegionsAndPostcodes(t *testing.T) {
	t.Parallel()
	z := soundZones(t, `zones:
  west:  {US-CA: all, US-WA: all, US-OR: [970 to 979]}
  sf:    {US: [941*]}
  inner: {US: all, except: west}
  local: {US-CA: all, except: sf}
`, nil)
	tests := []struct{ region, code, certain, possible string }{
		{"CA", "94103", "west sf", ""},
		{"CA", "90001", "west local", ""},
		{"WA", "98101", "west", ""},
		{"OR", "97201", "west", ""},
		{"OR", "98101", "inner", ""},
		{"OR", "", "", "west sf inner"},
		{"NY", "94103", "sf inner", ""},
		{"NY", "10001", "inner", ""},
		{"", "94103", "sf", "west sf inner"},
		{"", "90001", "", "west inner local"},
		{"", "97201", "", "west inner local"},
		{"CALIFORNIA", "90001", "", "west inner local"},
	}
	for _, tt := range tests {
		w := z.Locate("US", tt.region, tt.code)
		if tt.possible == "" {
			tt.possible = tt.certain
		}
		if got := [2]string{members(z, w.Certain), members(z, w.Possible)}; got != [2]string{tt.certain, tt.possible} {
			t.Errorf("%s %s: got %q, want %q", tt.region, tt.code, got, [2]string{tt.certain, tt.possible})
		}
	}
	if diff := cmp.Diff([]string{"CA", "WA", "OR"}, z.Regions("US")); diff != "" {
		t.Error(diff)
	}
	var elsewhere []string
	for s := range z.Segments("US", table.OtherRegion) {
		elsewhere = append(elsewhere, s.From+" "+members(z, s.Certain))
	}
	if diff := cmp.Diff([]string{"000000000 inner", "941000000 sf inner", "942000000 inner"}, elsewhere); diff != "" {
		t.Error(diff)
	}
}
