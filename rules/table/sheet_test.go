package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// rows writes head and rows with cells parted by |.
func rows(t *table.Sheet) []string {
	if t == nil {
		return nil
	}
	var out []string
	for _, row := range append([][]table.Cell{t.Head}, t.Rows...) {
		texts := make([]string, len(row))
		for i, c := range row {
			texts[i] = c.Text
		}
		out = append(out, strings.Join(texts, "|"))
	}
	return out
}

func TestPipeTable(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := yaml(t, `price:
  table: |
    max_weight | sweden | åland EUR
    # light ones first
    1 kg       |  39.00 |      6.90

    any        |      - |
`, &r)
	sheet, ok := table.PipeTable(n.Get("price").Get("table"), &r)
	if !ok || r.Failed() {
		t.Fatal(told(&r))
	}
	want := []string{"max_weight|sweden|åland EUR", "1 kg|39.00|6.90", "any|-|"}
	if d := cmp.Diff(rows(sheet), want); d != "" {
		t.Errorf("(-got +want)\n%s", d)
	}
	places := map[string]diag.Place{
		"åland EUR": sheet.Head[2].Place, "39.00": sheet.Rows[0][1].Place, "any": sheet.Rows[1][0].Place,
	}
	for text, want := range map[string]diag.Place{
		"åland EUR": {File: "t.yaml", Line: 3, Col: 27, EndCol: 36},
		"39.00":     {File: "t.yaml", Line: 5, Col: 19, EndCol: 24},
		"any":       {File: "t.yaml", Line: 7, Col: 5, EndCol: 8},
	} {
		if places[text] != want {
			t.Errorf("%s stands at %v, want %v", text, places[text], want)
		}
	}
	if sheet.Column("sweden") != 1 || sheet.Column("norway") != -1 {
		t.Errorf("columns %d and %d, want 1 and -1", sheet.Column("sweden"), sheet.Column("norway"))
	}
}

func TestPipeTableFaults(t *testing.T) {
	t.Parallel()
	const wide = "give every column a cell; write - for not offered, any for no limit"
	tests := []struct{ name, in, want string }{
		{"not a block", "t: a | b", "1:4-9 E307 the table is not written as a block of lines [write `table: |` and the rows on the lines below it, further in]"},
		{"a list", "t: [a]", "1:4-7 E307 the table is not written as a block of lines [write `table: |` and the rows on the lines below it, further in]"},
		{"short row", "t: |\n  a | b\n  1\n", "3:3-4 E301 this row has 1 cell, the head has 2 [" + wide + "]"},
		{"a sign at the end", "t: |\n  a | b\n  1 kg | 2.00 |\n", "3:3-17 E301 this row has 3 cells, the head has 2 [take away the sign that parts the cells at the end of the line]"},
		{"long row", "t: |\n  a | b\n  x | y | z\n", "3:3-12 E301 this row has 3 cells, the head has 2 [" + wide + "]"},
		{"no name", "t: |\n  a | | b\n  1 | 2 | 3\n", "2:6-7 E302 column 2 has no name [name it, or leave out the sign that parts it off]"},
		{"twice", "t: |\n  a | b | a\n  1 | 2 | 3\n", "2:11-12 E302 the column `a` stands twice [keep one of them]"},
		{"no rows", "t: |\n  a | b\n", "2:3-4 E305 the table has no rows [write at least one row below the head]"},
		{"nothing", "t: |\n  # later\n", "1:4-5 E305 the table has no head [write the names of the columns in the first line, then the rows]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			table.PipeTable(yaml(t, tt.in, &r).Get("t"), &r)
			if got := told(&r); got != tt.want {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	const data = "\ufeffname, \"lim\nit\",price\r\n\"Åsa \"\"å\"\"\",5 kg,\" 9.00\"\r\n\r\nb,,-\r\n"
	var r diag.Report
	at := diag.Place{File: "t.yaml", Line: 1, Col: 1}
	sheet, ok := table.ReadSheet(fstest.MapFS{"rates/a.csv": &fstest.MapFile{Data: []byte(data)}}, table.Source{File: "rates/a.csv", At: at}, &r)
	if !ok || r.Failed() {
		t.Fatal(told(&r))
	}
	if d := cmp.Diff(rows(sheet), []string{"name|lim\nit|price", "Åsa \"å\"|5 kg|9.00", "b||-"}); d != "" {
		t.Errorf("(-got +want)\n%s", d)
	}
	place := func(line, col, end int) diag.Place {
		return diag.Place{File: "rates/a.csv", Line: line, Col: col, EndCol: end}
	}
	got := []diag.Place{sheet.Head[2].Place, sheet.Rows[0][0].Place, sheet.Rows[0][1].Place, sheet.Rows[0][2].Place, sheet.Rows[1][2].Place}
	want := []diag.Place{place(2, 5, 10), place(3, 2, 9), place(3, 13, 17), place(3, 20, 24), place(5, 4, 5)}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("(-got +want)\n%s", d)
	}
}

func TestCSVFaults(t *testing.T) {
	t.Parallel()
	const quotes = "put the whole cell in quotes and double each quote in it: \"3.5\"\" disk\""
	tests := []struct{ name, in, want string }{
		{"open quote", "a,b\n1,2\n\"3,4\n5,6\n", "3:1-0 E306 a quote in this row is not closed [" + quotes + "]"},
		{"quote inside", "a,b\nåå,3.5\" disk\n", "2:7-0 E306 a quote stands in a cell that does not begin with one [" + quotes + "]"},
		{"text behind quotes", "a,b\n1,\"2\"x\n", "2:5-0 E306 a quote is not closed, or stands within a quoted cell [" + quotes + "]"},
		{"short row", "a,b\n1\n", "2:1-2 E301 this row has 1 cell, the head has 2 [give every column a cell; write - for not offered, any for no limit]"},
		{"decimal comma", "a,b\n1 kg,79,00\n", "2:1-11 E301 this row has 3 cells, the head has 2 [write 79.00 with a point: a comma begins the next cell]"},
		{"decimal comma with a currency", "a,b\n1 kg,6,90 EUR\n", "2:1-14 E301 this row has 3 cells, the head has 2 [write 6.90 EUR with a point: a comma begins the next cell]"},
		{"comma at the end", "a,b\n1 kg,79.00,\n", "2:1-13 E301 this row has 3 cells, the head has 2 [take away the sign that parts the cells at the end of the line]"},
		{"no rows", "a,b\n", "1:1-2 E305 the table has no rows [write at least one row below the head]"},
		{"empty", "\n\n", "1:1-0 E305 the table has no head [write the names of the columns in the first line, then the rows]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			table.ReadSheet(fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte(tt.in)}}, table.Source{File: "a.csv"}, &r)
			if got := told(&r); got != tt.want {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestCSVNotThere(t *testing.T) {
	t.Parallel()
	var r diag.Report
	if _, ok := table.ReadSheet(fstest.MapFS{}, table.Source{File: "a.csv", At: diag.Place{File: "t.yaml", Line: 3, Col: 5}}, &r); ok {
		t.Error("a file that is not there was read")
	}
	if f := r.Findings(); len(f) != 1 || f[0].Line != 3 || f[0].Code != diag.CodeNoFile {
		t.Errorf("told %s; want %s where the name is written", told(&r), diag.CodeNoFile)
	}
}
