package table_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// brief writes findings as "file:line:col-end code message | label | help | fix".
func brief(findings []diag.Finding) string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s:%d:%d-%d %s %s | %s | %s | %s", f.File, f.Line, f.Col, f.EndCol, f.Code, f.Message, f.Label,
			strings.ReplaceAll(f.Help, "\n", " / "), f.Fix))
	}
	return strings.Join(lines, "\n")
}

func TestZoneFindings(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, zone, want string }{
		{"a digit lost", "{US: [006 to 009, 969]}",
			"shipping.yaml:2:24-27 E212 `969` is not a complete US ZIP code | 3 digits, a ZIP has 5 | " +
				"for every ZIP that begins with 969, write 969* / if a digit got lost, add it | 969*"},
		{"a hyphen for a range", "{SE: [620-624]}",
			"shipping.yaml:2:12-19 E213 `620-624` is not a range: one is written with `to` | " +
				"a hyphen is part of a code, in Portugal and the USA for one | write 620 to 624 | 620 to 624"},
		{"a hyphen that could hide in six digits", "{RO: 100-200}",
			"shipping.yaml:2:11-18 E213 `100-200` is not a range: one is written with `to` | " +
				"a hyphen is part of a code, in Portugal and the USA for one | write 100 to 200 | 100 to 200"},
		{"a dash", "{SE: 620 – 624}",
			"shipping.yaml:2:11-20 E213 `620 – 624` is not a range: one is written with `to` | " +
				"one code, as it stands | write 620 to 624 | 620 to 624"},
		{"dots for a range", "{SE: [620...624]}",
			"shipping.yaml:2:12-21 E213 `620...624` is not a range: one is written with `to` | " +
				"one code, as it stands | write 620 to 624 | 620 to 624"},
		{"backwards", "{SE: [624 to 620]}",
			"shipping.yaml:2:12-22 E213 the range runs backwards: `624` comes after `620` | holds no code | write 620 to 624 | 620 to 624"},
		{"two shapes", "{SE: [620 to 62499]}",
			"shipping.yaml:2:12-24 E213 `620` and `62499` are not of the same shape | one is 3 characters, the other 5 characters | " +
				"give both ends the same number of characters | "},
		{"two levels", "{GB: [SE1 to SE1 4]}",
			"shipping.yaml:2:12-24 E213 `SE1` and `SE1 4` are not of the same shape | one is a district, the other a sector | " +
				"give both ends the same number of characters | "},
		{"two areas", "{GB: [IV20 to KW5]}",
			"shipping.yaml:2:12-23 E213 `IV20` and `KW5` are in different areas | districts are counted within one area | " +
				"write one range for each area | "},
		{"a star at an end", "{SE: [620* to 624*]}",
			"shipping.yaml:2:12-16 E213 `620*` is an end of a range | no * here | leave out the *: an end takes all that begins with it | "},
		{"a letter", "{SE: [62O to 624]}",
			"shipping.yaml:2:12-15 E214 `62O` cannot be a SE postcode | a postcode has 5 digits, such as 39999 | " +
				"all codes: all; those that begin with 22: 22*; from one to another: 620 to 624 | "},
		{"a letter at the other end", "{SE: [620 to 62A]}",
			"shipping.yaml:2:19-22 E214 `62A` cannot be a SE postcode | a postcode has 5 digits, such as 39999 | " +
				"all codes: all; those that begin with 22: 22*; from one to another: 620 to 624 | "},
		{"no such area", "{GB: [QQ1]}",
			"shipping.yaml:2:12-15 E214 `QQ1` cannot be a GB postcode | there is no such area, district or sector | " +
				"write an area (IV), a district (SE1), a sector (SE1 4), a whole code (SE1 4AB), or BT* | "},
		{"only a star", "{SE: '*'}", "shipping.yaml:2:12-13 E214 `*` stands for every code |  | write all | all"},
		{"the United Kingdom", "{UK: all}", "shipping.yaml:2:7-9 E216 `UK` is not a country | no such country | write GB | GB"},
		{"lower case", "{se: all}", "shipping.yaml:2:7-9 E216 `se` is not a country | no such country | write SE | SE"},
		{"no such country", "{ZZ: all}", "shipping.yaml:2:7-9 E216 `ZZ` is not a country | no such country | " +
			"countries are written by their two letters, e.g. SE, regions like US-CA, the members of the Union EU | "},
		{"the rest of the world", "{'*': all}", "shipping.yaml:2:8-9 E216 `*` is not a country | no such country | " +
			"an option without `to` goes to every country; `not_to` takes zones out | "},
		{"a continent", "{Europe: all}", "shipping.yaml:2:7-13 E216 `Europe` is not a country | no such country | " +
			"countries are written by their two letters, e.g. SE, regions like US-CA, the members of the Union EU | "},
		{"no such region", "{US-XX: all}", "shipping.yaml:2:7-12 E216 `US-XX` is not a region of US | no such region | " +
			"regions are written by their ISO 3166-2 code, e.g. US-CA | "},
		{"the Union's postcodes", "{EU: [620]}", "shipping.yaml:2:11-16 E214 `EU` has no postcodes of its own |  | " +
			"write EU: all, and postcodes under their country | "},
		{"itself", "{SE: all, except: a}", "shipping.yaml:2:24-25 E215 the zone `a` leaves out itself | nothing would be left |  | "},
		{"over another", "{SE: all, except: b}\n  b: {SE: all, except: a}",
			"shipping.yaml:3:3-4 E215 the zone `b` is built from itself | its except leads over `a` back to it |  | "},
		{"unknown", "{SE: all, except: [gotlnad]}\n  gotland: {SE: 620*}",
			"shipping.yaml:2:25-32 E203 there is no zone `gotlnad` | not declared under `zones` | did you mean gotland? | gotland"},
		{"nowhere", "{except: b}\n  b: {SE: all}",
			"shipping.yaml:2:3-4 E211 the zone `a` names no place |  | write its countries, e.g. {SE: all}, or its rows in a file of zone_files | "},
		{"empty list", "{SE: []}", "shipping.yaml:2:11-13 E211 no postcode of SE is named |  | write all, or a list such as [620 to 624] | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, findings := compileZones("zones:\n  a: "+tt.zone+"\n", nil)
			if diff := cmp.Diff(tt.want, brief(findings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestZoneFileFindings(t *testing.T) {
	t.Parallel()
	const columns = "the columns are country, from, to, zone"
	tests := []struct{ name, file, want string }{
		{"ragged", "country,from,to,zone\nSE,620,624\n",
			"z.csv:2:1-11 E301 the row has 3 cells, the head 4 |  | give every row a cell for each column, empty ones too | "},
		{"unknown column", "country,from,until,zone\n",
			"z.csv:1:14-19 E302 `until` is not a column of a zone file |  | " + columns + " | "},
		{"column missing", "country,from,to\n", "z.csv:1:1-16 E302 there is no column `zone` |  | " + columns + " | "},
		{"column twice", "country,from,to,zone,to\n", "z.csv:1:22-24 E302 the column `to` stands twice |  | leave one of them out | "},
		{"quotes", "country,from,to,zone\nSE,\"620,624,a\n",
			"z.csv:2:4-14 E306 the quotes are wrong |  | close the quotes before the sign that parts the cells; a zone file needs none | "},
		{"a quote within a cell", "country,from,to,zone\nSE,620,624,a\"\n",
			"z.csv:2:12-14 E306 a quote stands within a cell |  | take it away; a zone file needs no quotes | "},
		{"empty", "\n", "z.csv:1:1-2 E305 `z.csv` has no rows |  | begin with a line country,from,to,zone | "},
		{"not UTF-8", "country,from,to,zone\nSE,620,624,\x81\n", "z.csv:2:12-0 E013"},
		{"country", "country,from,to,zone\nSE,620,624,a\nUK,IV,,a\n", "z.csv:3:1-3 E216 `UK` is not a country | no such country | write GB | "},
		{"backwards", "country,from,to,zone\nSE,620,61,a\nSE,624,620,a\n",
			"z.csv:2:4-7 E213 `620` and `61` are not of the same shape | one is 3 characters, the other 2 characters | " +
				"give both ends the same number of characters | \n" +
				"z.csv:3:4-7 E213 the range runs backwards: `624` comes after `620` | holds no code | write 620 to 624 | "},
		{"impossible end", "country,from,to,zone\nSE,620,xx,åå\n",
			"z.csv:2:8-10 E214 `xx` cannot be a SE postcode | a postcode has 5 digits, such as 39999 | " +
				"all codes: all; those that begin with 22: 22*; from one to another: 620 to 624 | "},
		{"no postcode", "country,from,to,zone\nSE,,,a\n",
			"z.csv:2:4-5 E214 the row names no postcode |  | write the first postcode, or all for the whole country | "},
		{"no zone", "country,from,to,zone\nSE,620,624,\n", "z.csv:2:12-13 E203 the row names no zone |  | name the zone in each row | "},
		{"incomplete", "country,from,zone\nUS,969,a\n",
			"z.csv:2:4-7 E212 `969` is not a complete US ZIP code | 3 digits, a ZIP has 5 | " +
				"for every ZIP that begins with 969, write 969* / if a digit got lost, add it | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, findings := compileZones("zone_files: [z.csv]\n", map[string]string{"z.csv": tt.file})
			got := brief(findings)
			if strings.HasSuffix(tt.want, "E013") {
				got, _, _ = strings.Cut(got, " ")
				tt.want, _, _ = strings.Cut(tt.want, " ")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestZoneFileNotThere(t *testing.T) {
	t.Parallel()
	_, findings := compileZones("zone_files: [gone.csv, z.csv, z.csv]\n", map[string]string{"z.csv": "country,from,zone\nSE,all,a\n"})
	var codes []string
	for _, f := range findings {
		codes = append(codes, fmt.Sprintf("%d:%s", f.Col, f.Code))
	}
	if diff := cmp.Diff([]string{"14:" + diag.CodeNoFile, "31:E116"}, codes); diff != "" {
		t.Error(diff)
	}
}

func TestTooManyZones(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("country,from,zone\n")
	for i := range table.MaxZones + 2 {
		fmt.Fprintf(&b, "DK,%04d,z%d\n", i, i)
	}
	_, findings := compileZones("zone_files: [z.csv]\n", map[string]string{"z.csv": b.String()})
	if len(findings) != 1 || findings[0].Code != "E210" || findings[0].Line != table.MaxZones+2 {
		t.Errorf("got %+v", brief(findings))
	}
}

func TestTooManyCombinations(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("country,from,to,zone\n")
	for i := range 40_000 { // every code is in another two of the zones
		fmt.Fprintf(&b, "RO,%06d,,z%d\nRO,%06d,,y%d\n", i, i%200, i, i/200)
	}
	for i := range 3000 {
		fmt.Fprintf(&b, "DK,%04d,,x%d\n", i, i)
	}
	_, findings := compileZones("zone_files: [z.csv]\n", map[string]string{"z.csv": b.String()})
	if len(findings) != 1 || findings[0].Code != "E210" {
		t.Errorf("got %s", brief(findings))
	}
}

func TestZoneCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range table.ZoneCodes() {
		if seen[c.Code] || c.Meaning == "" || len(c.Code) != 4 {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
	}
}
