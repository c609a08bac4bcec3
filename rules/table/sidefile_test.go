package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// csvOf reads the text of a side file as a rulebook would.
func csvOf(text string, r *diag.Report) *table.Sheet {
	sheet, _ := table.ReadSheet(fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte(text)}}, table.Source{File: "a.csv"}, r)
	return sheet
}

// TestSeparators: what parts the cells is seen from the head; quoted signs do not count, and the comma wins a tie.
func TestSeparators(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"commas", "a,b\n1,2\n", []string{"a|b", "1|2"}},
		{"semicolons", "a;b\n1,5;2\n", []string{"a|b", "1,5|2"}},
		{"tabs", "a\tb\n1\t\n", []string{"a|b", "1|"}},
		{"tabs and an empty cell in front", "a\tb\n\t2\n", []string{"a|b", "|2"}},
		{"a semicolon in quotes", "\"a;b;c\",d\n1,2\n", []string{"a;b;c|d", "1|2"}},
		{"as many of both", "a;b,c\n1,2\n", []string{"a;b|c", "1|2"}},
		{"one column", "a\n1;2\n", []string{"a", "1;2"}},
		{"named by the spreadsheet", "sep=;\r\na;b\r\n1;2\r\n", []string{"a|b", "1|2"}},
		{"named, and the head would say otherwise", "sep=;\na,b\n1\n", []string{"a,b", "1"}},
		{"empty lines above", "\n \na;b\n1;2\n", []string{"a|b", "1|2"}},
		{"line ends of Windows", "a;b\r\n1;2\r\n", []string{"a|b", "1|2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			sheet := csvOf(tt.in, &r)
			if sheet == nil || r.Failed() {
				t.Fatal(told(&r))
			}
			if d := cmp.Diff(tt.want, rows(sheet)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestSepLineCounts: a line sep=; is a line of the file.
func TestSepLineCounts(t *testing.T) {
	t.Parallel()
	var r diag.Report
	csvOf("sep=;\na;b\n1\n", &r)
	if got := told(&r); !strings.HasPrefix(got, "3:1-2 E301") {
		t.Error(got)
	}
	r = diag.Report{}
	csvOf("sep=;\na;b\n1;\"2\n3;4\n", &r)
	if got := told(&r); !strings.HasPrefix(got, "3:1-0 E306") {
		t.Error(got)
	}
}

// TestPointDecimals: a decimal comma is one only where semicolons or tabs part the cells.
func TestPointDecimals(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want, told string }{
		{"a price", "a;b\n49,90;x\n", "49.90|x", ""},
		{"with a unit", "a;b\n1,5 kg;30,5 x 20 x 5,25 cm\n", "1.5 kg|30.5 x 20 x 5.25 cm", ""},
		{"a point stays", "a;b\n49.90;4.9 EUR\n", "49.90|4.9 EUR", ""},
		{"points part thousands", "a;b\n1.299,90;1.000.000,5\n", "1299.90|1000000.5", ""},
		{"a list of money", "a;b\n599,00, 69,00 EUR;-\n", "599.00, 69.00 EUR|-", ""},
		{"a share", "a;b\n8,5% of goods;any\n", "8.5% of goods|any", ""},
		{"dates and times", "a;b\n2026-01-31;08:00 to 14:00\n", "2026-01-31|08:00 to 14:00", ""},
		{"three decimals of a weight", "a;b\n1,250 kg;2\n", "1.250 kg|2", ""},
		{"tabs", "a\tb\n49,90\t2\n", "49.90|2", ""},
		{"commas in quotes are no decimal commas", "a,b\n\"49,90\",2\n", "49,90|2", ""},
		{"a point with three digits and no comma anywhere", "a;b\n1.299 kg;2\n", "1.299 kg|2", ""},
		{"below one there are no thousands", "a;b\n0.299 kg;2,5\n", "0.299 kg|2.5", ""},
		{"read in two ways", "a;b\n2,5 kg;3\n1.299 kg;2\n", "2.5 kg|3",
			"3:1-6 E112 `1.299` can be read in two ways in a file with decimal commas [write 1299 if the point parts thousands, 1.2990 if not]"},
		{"nonsense stays", "a;b\n1,2,3;1.2,\n", "1,2,3|1.2,", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScope()
			sheet := csvOf(tt.in, s.Report)
			if sheet == nil {
				t.Fatal(told(s.Report))
			}
			if ok := sheet.PointDecimals(s); ok != (tt.told == "") {
				t.Errorf("ok is %v", ok)
			}
			if d := cmp.Diff(tt.want, rows(sheet)[1]); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.told, told(s.Report)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestPointDecimalsOfSomeColumns leaves names alone.
func TestPointDecimalsOfSomeColumns(t *testing.T) {
	t.Parallel()
	s := newScope()
	sheet := csvOf("name;weight\nDisk 3,5;2,5 kg\n", s.Report)
	if !sheet.PointDecimals(s, 1) {
		t.Fatal(told(s.Report))
	}
	if d := cmp.Diff("Disk 3,5|2.5 kg", rows(sheet)[1]); d != "" {
		t.Error(d)
	}
}

// TestCharsets: what a spreadsheet saves is recognised, named and converted, or told with its place.
func TestCharsets(t *testing.T) {
	t.Parallel()
	const save = ` [save it as UTF-8; a spreadsheet calls it "CSV UTF-8"]`
	tests := []struct{ name, in, want, told string }{
		{"UTF-8", "a,b\nå,1\n", "å|1", ""},
		{"UTF-8 with a mark", "\ufeffa,b\nå,1\n", "å|1", ""},
		{"Windows-1252", "a,b\nGr\xe4dd\xf6 5,1\n", "Gräddö 5|1",
			"2:1-7 W301 this file is Windows-1252 (Latin-1) text, not UTF-8; this was read as `Gräddö`" + save},
		{"the euro sign", "a,b\n1,\x80\n", "1|€", "2:3-4 W301 this file is Windows-1252 (Latin-1) text, not UTF-8; this was read as `€`" + save},
		{"at the end of the file", "a;b\n1;\xe5", "1|å", "2:3-4 W301 this file is Windows-1252 (Latin-1) text, not UTF-8; this was read as `å`" + save},
		{"UTF-16 with a mark", "\xff\xfea\x00,\x00b\x00\n\x00\xe5\x00,\x001\x00", "å|1", "1:1-0 W301 this file is UTF-16 text and was read as such" + save},
		{"UTF-16, the other end first", "\xfe\xff\x00a\x00,\x00b\x00\n\x00\xe5\x00,\x001", "å|1", "1:1-0 W301 this file is UTF-16 text and was read as such" + save},
		{"UTF-16, a byte short", "\xff\xfea\x00,", "", "1:1-0 E013 this file begins as UTF-16 text and goes on as something else" + save},
		{"UTF-16, half a character", "\xff\xfe\x00\xd8a\x00", "", "1:1-0 E013 this file begins as UTF-16 text and goes on as something else" + save},
		{"UTF-16 without a mark", "a\x00,\x00b\x00", "", "1:2-0 E013 this file is not text: a zero byte stands here" + save},
		{"damaged UTF-8", "a,b\nå,\xe5\n", "", "2:3-0 E013 this file is UTF-8 text, but the byte 0xE5 that stands here is not" + save},
		{"another alphabet", "a,b\n\xe5\x81,1\n", "", "2:2-0 E013 this file is neither UTF-8 nor Windows-1252 text: the byte 0x81 stands here" + save},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			sheet := csvOf(tt.in, &r)
			if d := cmp.Diff(tt.told, told(&r)); d != "" {
				t.Error(d)
			}
			got := ""
			if sheet != nil {
				got = rows(sheet)[1]
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestSourceOf: {csv, sheet} and its slips.
func TestSourceOf(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want, told string }{
		{"a file", "{csv: a.csv}", "a.csv ", ""},
		{"a workbook", "{csv: a.xlsx, sheet: Prices}", "a.xlsx Prices", ""},
		{"a sheet of a CSV file", "{csv: a.csv, sheet: Prices}", " ", "E005"},
		{"no file", "{sheet: Prices}", " ", diag.CodeMissingKey},
		{"a list", "{csv: [a]}", " ", "E005"},
		{"no name of a sheet", "{csv: a.xlsx, sheet: }", " ", "E005"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			src, ok := table.SourceOf(yaml(t, "t: "+tt.in, &r).Get("t"), &r)
			if got := src.File + " " + src.Sheet; got != tt.want || ok != (tt.told == "") {
				t.Errorf("got %q, %v", got, ok)
			}
			if f := r.Findings(); (len(f) > 0) != (tt.told != "") || len(f) > 0 && f[0].Code != tt.told {
				t.Error(told(&r))
			}
		})
	}
}
