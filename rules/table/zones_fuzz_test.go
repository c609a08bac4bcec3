package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// FuzzPostcode looks up whatever a buyer may type: never a panic, Certain within Possible, and the answer does not
// depend on how the code is spaced.
func FuzzPostcode(f *testing.F) {
	for _, code := range []string{"11351", "SE-113 51", "12345 ", "６２１５７", "../../etc", "' OR 1=1", "SE1 4AB", "iv1 1aa", "1011 AB", "m5v3l9",
		"12345-6789", "\x00", "\xff", "D6W XY00", "4000-001", "-", "\u3000", strings.Repeat("9", 70)} {
		for _, country := range []string{"SE", "GB", "US", "HK"} {
			f.Add(country, "CA", code)
		}
	}
	z := soundZones(f, nordicZones, nil)
	f.Fuzz(func(t *testing.T, country, region, code string) {
		w := z.Locate(country, region, code)
		for id := range z.Names() {
			if z.Has(w.Certain, table.ZoneID(id)) && !z.Has(w.Possible, table.ZoneID(id)) {
				t.Errorf("zone %d is certain and not possible", id)
			}
		}
		if w.Known && w.Odd {
			t.Error("a code is known and odd")
		}
		if len(code) < 40 && country != "GB" && country != "HK" && !strings.ContainsAny(code, "- \t\u00a0\u3000") {
			if spaced := z.Locate(country, region, " "+code+"\t"); spaced != w {
				t.Errorf("%q: %+v, with spaces around %+v", code, w, spaced)
			}
		}
	})
}

// FuzzZones compiles arbitrary zones: no panic, every fault has a place, and what is accepted answers for the ends of
// all its segments.
func FuzzZones(f *testing.F) {
	f.Add(nordicZones, "country,from,to,zone\nSE,620,624,gotland\n")
	f.Add("zones: {a: {SE: all, except: a}}\nzone_files: [z.csv]", "country;from\n")
	f.Add("zones: {a: {US: [969, 62-63, '*'], UK: all}}\nzone_files: [z.csv, y.csv]", "zone,from,country\n\"a\",x,SE\n,,\n")
	f.Add("zones: {a: {GB: [B*, SE1*, 'SE1 4A*', GX11*]}, b: {EU: all, US-CA: all}}", "")
	f.Add("zones: {a: {HK: [A1, A1*, B2 to C3]}}", "")
	f.Fuzz(func(t *testing.T, text, file string) {
		var r diag.Report
		n := diag.Parse("shipping.yaml", []byte(text), &r)
		z := table.CompileZones(table.ZonesSource{Zones: n.Get("zones"), ZoneFiles: n.Get("zone_files"),
			FS:        fstest.MapFS{"z.csv": &fstest.MapFile{Data: []byte(file)}},
			Countries: func(string) []string { return []string{"SE", "FI"} }}, &r)
		for _, finding := range r.Findings() {
			if finding.File == "" || finding.Line < 1 || finding.Col < 1 || finding.Message == "" {
				t.Errorf("no place: %+v", finding)
			}
		}
		if r.Failed() {
			return
		}
		for _, country := range z.Countries() {
			for s := range z.Segments(country, "") {
				w := z.Locate(country, "", s.From)
				if s.From != "" && country != "GB" && w.Known && w.Certain != s.Certain {
					t.Errorf("%s %s to %s: %+v is not %+v", country, s.From, s.To, w, s)
				}
			}
		}
	})
}
