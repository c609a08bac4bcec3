package table_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/table"
)

// TestShapesAsWritten has a real postcode of each kind of country as people write it, and one that cannot be there.
func TestShapesAsWritten(t *testing.T) {
	t.Parallel()
	tests := []struct{ country, right, wrong string }{
		{"AD", "AD500", "5000"}, {"FO", "FO-100", "10"}, {"IS", "101", "1012"}, {"SE", "113 51", "01351"}, {"BE", "B-1000", "0100"},
		{"LV", "LV-1010", "101"}, {"LT", "LT-01103", "1103"}, {"LU", "L-1009", "10091"}, {"MD", "MD-2001", "20011"}, {"GL", "3900", "390"},
		{"FR", "75008", "7500"}, {"RE", "97400", "974"}, {"YT", "97600", "976000"}, {"PL", "00-950", "0095"}, {"RO", "010011", "10011"},
		{"CL", "832-0000", "832000"}, {"JP", "100-0001", "100001"}, {"PT", "1900-999", "0900-999"}, {"BR", "01310-100", "1310-100"},
		{"US", "10001-1234", "1000"}, {"PR", "00901", "901"}, {"FM", "96941", "9694"}, {"SA", "11564-1234", "1156"},
		{"NL", "1011 AC", "101 AC"}, {"CA", "M5V 3L9", "M5V 33L"}, {"IE", "D6W XY00", "D60 XY0"}, {"MT", "VLT 1117", "V1 1117"},
		{"BN", "BA1111", "B11111"}, {"SZ", "H100", "HH10"}, {"IL", "9614303", "961430"}, {"TW", "100-12", "1001"},
		{"VN", "100000", "1000"}, {"IR", "11369-12345", "1136"}, {"GI", "GX11 1AA", "1111"}, {"JE", "JE2 3AB", "22222"},
		{"CZ", "CZ-110 00", "1100"}, {"GR", "GR-105 57", "1055"}, {"JP", "１００－０００１", "１００"}, {"GB", "ＳＷ１Ａ　１ａａ", "ＳＷ"},
		{"DE", "D\u201310115", "1011"}, {"SE", "SE\u00a0113\u202f51", "113\u00b751"},
		{"AR", "C1425CLA", "C1425·CLA"}, {"HK", "999077", strings.Repeat("9", 60)},
	}
	for _, tt := range tests {
		t.Run(tt.country+" "+tt.right, func(t *testing.T) {
			t.Parallel()
			z := soundZones(t, "zones:\n  whole: {"+tt.country+": all}\n", nil)
			if w := z.Locate(tt.country, "", tt.right); w.Odd || !w.Known || members(z, w.Certain) != "whole" {
				t.Errorf("%s: %+v", tt.right, w)
			}
			if w := z.Locate(tt.country, "", tt.wrong); !w.Odd || w.Known {
				t.Errorf("%s: %+v", tt.wrong, w)
			}
		})
	}
}

// TestOwnHyphen: a code that a country writes with a hyphen is one code in a zone, not a range.
func TestOwnHyphen(t *testing.T) {
	t.Parallel()
	for country, code := range map[string]string{
		"PL": "00-950", "JP": "100-0001", "PT": "1900-999", "BR": "01310-100", "US": "10001-1234", "CL": "832-0000", "TW": "100-12", "IR": "11369-12345",
	} {
		z := soundZones(t, "zones:\n  one: {"+country+": [\""+code+"\"]}\n", nil)
		for _, in := range []string{code, strings.ReplaceAll(code, "-", ""), country + "-" + code} {
			if w := z.Locate(country, "", in); members(z, w.Certain) != "one" {
				t.Errorf("%s %s: %+v", country, in, w)
			}
		}
	}
}

// TestCountryHints: what people write for a country that has another code.
func TestCountryHints(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"UK": "GB", "EL": "GR", "se": "SE", "us-ca": "US-CA", "eu": "EU", "ZZ": ""} {
		_, findings := compileZones("zones:\n  a: {"+in+": all}\n", nil)
		if len(findings) != 1 || findings[0].Code != "E216" || findings[0].Fix != want {
			t.Errorf("%s: %+v", in, findings)
		}
	}
}

// TestRegions: regions of each country that has them in zones, as ISO 3166-2 writes them, and not others.
func TestRegions(t *testing.T) {
	t.Parallel()
	for country, regions := range map[string]string{
		"US": "CA AK DC PR", "CA": "ON QC YT", "AU": "NSW ACT WA", "MX": "CMX JAL ZAC", "BR": "SP RJ TO",
	} {
		for region := range strings.SplitSeq(regions, " ") {
			if !table.KnownRegion(country, region) {
				t.Errorf("%s-%s is not known", country, region)
			}
		}
		if table.KnownRegion(country, "XX") || table.KnownRegion(country, "") || table.KnownRegion(country, strings.ReplaceAll(regions, " ", "  ")) {
			t.Errorf("%s: knows what is no region", country)
		}
	}
}
