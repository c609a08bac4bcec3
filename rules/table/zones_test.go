package table_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// compileZones compiles the zones of a YAML text with side files.
func compileZones(text string, files map[string]string) (*table.Zones, []diag.Finding) {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte(text), &r)
	z := table.CompileZones(table.ZonesSource{Zones: n.Get("zones"), ZoneFiles: n.Get("zone_files"), FS: fsys,
		Countries: func(string) []string { return []string{"DE", "FI", "SE"} }}, &r)
	return z, r.Findings()
}

// soundZones is compileZones for what has no fault.
func soundZones(t testing.TB, text string, files map[string]string) *table.Zones {
	t.Helper()
	z, findings := compileZones(text, files)
	for _, f := range findings {
		t.Errorf("finding %s %d:%d %s", f.Code, f.Line, f.Col, f.Message)
	}
	return z
}

// members are the names of a set.
func members(z *table.Zones, set table.SetID) string {
	var names []string
	for id, name := range z.Names() {
		if z.Has(set, table.ZoneID(id)) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

const nordicZones = `zones:
  sweden:    {SE: all}
  gotland:   {SE: [620 to 624]}
  far_north: {SE: [980 to 984]}
  mainland:  {SE: all, except: [gotland, far_north]}
  norway:    {NO: all, except: svalbard}
  svalbard:  {NO: [9170 to 9179], SJ: all}
  finland:   {FI: all, except: aland}
  aland:     {FI: [22*], AX: all}
  dresden:   {DE: [01067, "01069"]}
  highlands: {GB: [IV, KW15 to KW17, PA20 to PA80]}
  london_se1: {GB: [SE1]}
  sector:    {GB: [SE1 4]}
  amsterdam: {NL: [1000 to 1109]}
  one_street: {NL: [1011 AB]}
  toronto:   {CA: [M5V]}
  dublin6w:  {IE: [D6W]}
  lisbon:    {PT: [1000 to 1900]}
  porto:     {PT: [4000-001 to 4000-500]}
  manhattan: {US: [100 to 102]}
  plus4:     {US: [12345-6789]}
  california: {US-CA: all}
  usa:       {US: all, except: california}
  bay:       {US-CA: [940 to 949]}
  union:     {EU: all}
  hong_kong: {HK: all}
  kyoto:     {JP: [600-0000 to 616-9999]}
`

func TestLocate(t *testing.T) {
	t.Parallel()
	z := soundZones(t, nordicZones, nil)
	tests := []struct {
		name, country, region, postcode string
		certain, possible               string // possible: "" is the same as certain
		known, odd                      bool
	}{
		{"stockholm", "SE", "", "113 51", "sweden mainland union", "", true, false},
		{"gotland from", "SE", "", "620 00", "sweden gotland union", "", true, false},
		{"gotland until", "SE", "", "62499", "sweden gotland union", "", true, false},
		{"behind gotland", "SE", "", "62500", "sweden mainland union", "", true, false},
		{"country mark", "SE", "", "SE-62157", "sweden gotland union", "", true, false},
		{"car sign", "SE", "", "s-621 57", "sweden gotland union", "", true, false},
		{"full width", "SE", "", "６２１５７", "sweden gotland union", "", true, false},
		{"spaces around", "SE", "", " 621 57 \t", "sweden gotland union", "", true, false},
		{"no postcode", "SE", "", "", "sweden union", "sweden gotland far_north mainland union", false, false},
		{"only a hyphen", "SE", "", " - ", "sweden union", "sweden gotland far_north mainland union", false, false},
		{"a digit lost", "SE", "", "6215", "sweden union", "sweden gotland far_north mainland union", false, true},
		{"a digit too many", "SE", "", "621577", "sweden union", "sweden gotland far_north mainland union", false, true},
		{"zero first", "SE", "", "01234", "sweden union", "sweden gotland far_north mainland union", false, true},
		{"a path", "SE", "", "../../etc", "sweden union", "sweden gotland far_north mainland union", false, true},
		{"a quote", "SE", "", "' OR 1=1", "sweden union", "sweden gotland far_north mainland union", false, true},
		{"very long", "SE", "", strings.Repeat("1", 10_000), "sweden union", "sweden gotland far_north mainland union", false, true},
		{"not UTF-8", "SE", "", "621\xff57", "sweden union", "sweden gotland far_north mainland union", false, true},
		{"oslo", "NO", "", "0150", "norway", "", true, false},
		{"longyearbyen", "NO", "", "9170", "svalbard", "", true, false},
		{"svalbard's own code", "SJ", "", "9170", "svalbard", "", true, false},
		{"svalbard without code", "SJ", "", "", "svalbard", "", false, false},
		{"norway without code", "NO", "", "", "", "norway svalbard", false, false},
		{"mariehamn", "FI", "", "22100", "aland union", "", true, false},
		{"helsinki", "FI", "", "FI-00100", "finland union", "", true, false},
		{"aland", "AX", "", "AX-22100", "aland", "", true, false},
		{"dresden", "DE", "", "D-01067", "dresden union", "", true, false},
		{"next to dresden", "DE", "", "01068", "union", "", true, false},
		{"excel's dresden", "DE", "", "1067", "union", "dresden union", false, true},
		{"inverness", "GB", "", "iv1 1aa", "highlands", "", true, false},
		{"orkney", "GB", "", "KW151AA", "highlands", "", true, false},
		{"thurso is not", "GB", "", "KW14 7AA", "", "", true, false},
		{"paisley is not", "GB", "", "PA1 1AA", "", "", true, false},
		{"oban", "GB", "", "PA34 4AA", "highlands", "", true, false},
		{"sector of SE1", "GB", "", "SE1 4AB", "london_se1 sector", "", true, false},
		{"the same without space", "GB", "", "SE14AB", "london_se1 sector", "", true, false},
		{"the same, odd space", "GB", "", "SE 14 AB", "london_se1 sector", "", true, false},
		{"district SE14", "GB", "", "SE14 5AB", "", "", true, false},
		{"district SE1 alone", "GB", "", "SE1", "london_se1", "london_se1 sector", true, false},
		{"district SE14 alone", "GB", "", "SE14", "", "", true, false},
		{"sector alone", "GB", "", "SE1 4", "london_se1 sector", "", true, false},
		{"area alone", "GB", "", "SE", "", "highlands london_se1 sector", false, true},
		{"amsterdam", "NL", "", "1011 ac", "amsterdam", "", true, false},
		{"one street", "NL", "", "NL-1011AB", "amsterdam one_street", "", true, false},
		{"four digits", "NL", "", "1011", "amsterdam", "amsterdam one_street", true, false},
		{"four digits elsewhere", "NL", "", "1110", "", "", true, false},
		{"toronto", "CA", "ON", "m5v 3l9", "toronto", "", true, false},
		{"forward sortation area", "CA", "", "M5V", "toronto", "", true, false},
		{"dublin", "IE", "", "D6W XY00", "dublin6w", "", true, false},
		{"dublin 6", "IE", "", "D06XY00", "", "", true, false},
		{"lisbon", "PT", "", "1900-999", "lisbon", "", true, false},
		{"porto", "PT", "", "4000-500", "porto", "", true, false},
		{"porto, beyond", "PT", "", "4000-501", "", "", true, false},
		{"porto, four digits", "PT", "", "4000", "", "porto", true, false},
		{"new york", "US", "NY", "10001-1234", "manhattan usa", "", true, false},
		{"schenectady", "US", "NY", "12345-6789", "plus4 usa", "", true, false},
		{"schenectady, neighbour", "US", "NY", "12345-6788", "usa", "", true, false},
		{"schenectady, five digits", "US", "NY", "12345", "usa", "plus4 usa", true, false},
		{"state not given", "US", "", "94103", "", "california usa bay", true, false},
		{"state given", "US", "CA", "94103", "california bay", "", true, false},
		{"state with mark", "US", "US-CA", "94103", "california bay", "", true, false},
		{"state, no code", "US", "CA", "", "california", "california manhattan plus4 bay", false, false},
		{"other state", "US", "TX", "", "usa", "manhattan plus4 usa", false, false},
		{"unknown state", "US", "XQ", "94103", "", "california usa bay", true, false},
		{"shape unknown", "HK", "", "999077", "hong_kong", "", true, false},
		{"kyoto", "JP", "", "604-8571", "kyoto", "", true, false},
		{"no zone", "BR", "", "01310-100", "", "", false, false},
		{"not a country", "s", "", "1", "", "", false, false},
		{"lower case", "se", "", "11351", "", "", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := z.Locate(tt.country, tt.region, tt.postcode)
			possible := tt.possible
			if possible == "" {
				possible = tt.certain
			}
			sorted := func(s string) string { f := strings.Fields(s); slices.Sort(f); return strings.Join(f, " ") }
			if got := sorted(members(z, w.Certain)); got != sorted(tt.certain) {
				t.Errorf("certain: got %q, want %q", got, tt.certain)
			}
			if got := sorted(members(z, w.Possible)); got != sorted(possible) {
				t.Errorf("possible: got %q, want %q", got, possible)
			}
			if w.Known != tt.known || w.Odd != tt.odd {
				t.Errorf("got known %v odd %v, want %v %v", w.Known, w.Odd, tt.known, tt.odd)
			}
		})
	}
}

func TestZonesNames(t *testing.T) {
	t.Parallel()
	z := soundZones(t, "zones: {b: {SE: all}, a: {DK: all, except: c}}\nzone_files: [z.csv]\n",
		map[string]string{"z.csv": "zone,country,from,to\r\nc,DK,37*,\r\n\r\n c , DK ,\"3900\",39 99\nb,NO,all,\n"})
	if diff := cmp.Diff([]string{"b", "a", "c"}, z.Names()); diff != "" {
		t.Error(diff)
	}
	for _, tt := range []struct{ country, postcode, want string }{
		{"DK", "3650", "a"}, {"DK", "3700", "c"}, {"DK", "3999", "c"}, {"DK", "4000", "a"}, {"NO", "", "b"}, {"SE", "", "b"},
	} {
		if got := members(z, z.Locate(tt.country, "", tt.postcode).Certain); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.country, tt.postcode, got, tt.want)
		}
	}
	id, ok := z.ID("c")
	if !ok || z.Name(id) != "c" || z.Place(id) != (diag.Place{File: "z.csv", Line: 2, Col: 1, EndCol: 2}) {
		t.Errorf("got %v %v %+v", id, ok, z.Place(id))
	}
	if _, ok := z.ID("d"); ok {
		t.Error("there is no zone d")
	}
}

func TestNilZones(t *testing.T) {
	t.Parallel()
	var z *table.Zones
	w := z.Locate("SE", "", "11351")
	if w != (table.Where{}) || z.Has(w.Certain, 0) || len(z.Names()) != 0 || z.Sets() != 1 || z.UsesPostcodes("SE") {
		t.Errorf("got %+v", w)
	}
}

func TestZonesCountry(t *testing.T) {
	t.Parallel()
	z := soundZones(t, "zones: {ca: {US-CA: all}, se: {SE: all}, is: {IS: [101]}}", nil)
	for _, tt := range []struct {
		country, region string
		want            bool
	}{{"US", "CA", true}, {"US", "NY", false}, {"US", "", true}, {"SE", "", true}, {"DK", "", false}} {
		if got := z.Locate(tt.country, tt.region, "").Country; got != tt.want {
			t.Errorf("%s-%s: got %v, want %v", tt.country, tt.region, got, tt.want)
		}
	}
	if z.UsesPostcodes("SE") || z.UsesPostcodes("US") || !z.UsesPostcodes("IS") || z.UsesPostcodes("DK") {
		t.Error("UsesPostcodes: only IS does")
	}
	if diff := cmp.Diff([]string{"IS", "SE", "US"}, z.Countries()); diff != "" {
		t.Error(diff)
	}
}

// TestLocateAllocatesNothing is not parallel: allocations are counted for the whole process.
func TestLocateAllocatesNothing(t *testing.T) {
	z := soundZones(t, nordicZones, nil)
	addresses := [][3]string{{"SE", "", "621 57"}, {"GB", "", "SE1 4AB"}, {"GB", "", "SE1"}, {"US", "US-CA", "94103-1234"}, {"US", "TX", "12345"},
		{"US", "CALIFORNIA", ""}, {"JP", "", "６０４－８５７１"}, {"HK", "KLN", "999077"}, {"SE", "", "../../etc"}, {"ZZ", "", "1"}}
	found := 0
	allocs := testing.AllocsPerRun(100, func() {
		for _, a := range addresses {
			if w := z.Locate(a[0], a[1], a[2]); z.Has(w.Possible, 0) {
				found++
			}
		}
	})
	if allocs != 0 || found == 0 {
		t.Errorf("%v allocations, %d found", allocs, found)
	}
}
