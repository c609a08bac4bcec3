package table_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// checkFaults demands that a refusal has a finding, and that every finding has a place within the text, a code of the catalogue
// and something to say.
func checkFaults(t *testing.T, ok bool, r *diag.Report) {
	t.Helper()
	if ok == r.Failed() {
		t.Fatalf("ok is %v, told: %s", ok, told(r))
	}
	codes := map[string]bool{}
	for _, c := range diag.Codes() {
		codes[c.Code] = true
	}
	for _, c := range table.Codes() {
		codes[c.Code] = true
	}
	for _, f := range r.Findings() {
		if f.File == "" || f.Line < 1 || f.Col < 1 || f.EndCol != 0 && f.EndCol <= f.Col {
			t.Errorf("no place: %+v", f)
		}
		if !codes[f.Code] || f.Message == "" || f.Help == "" {
			t.Errorf("no known code, or nothing to say: %+v", f)
		}
	}
}

// FuzzValues reads one text as a value of each kind. What is read is written back and reads as the same; what is not has a
// finding with a place inside the text.
func FuzzValues(f *testing.F) {
	for _, seed := range []string{
		"49.00", "4.90 EUR", "79,00 NOK", "1 000.00", "-5", "500 g", "1.5 kg", "2 lb", "8 oz", "1 oz", "16 oz", "60 x 40 x 40 cm", "150 cm",
		"12 in", "280 kg/m3", "5000 cm3/kg", "139 in3/lb", "25.5 %", "8.875%", "2026-02-30", "31.1.2026", "14:00", "2 pm", "25:00",
		"08:00 to 14:00", "22:00-06:00", "mon to fri", "Monday", "1 to 3", "3-1", "yes", "99999999999999999999", "1.2.3", "€ 5", "49:-",
		"0.000000001 t", "1'000", "a\u00a0b", "5\u00a0kg", "sat to mon", "\u2212", "-", ".", ",", "1,", ",5 kg", "x x x", " to ", "12am", "00:00 to 24:00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("files are UTF-8 by then")
		}
		for kind, parse := range parsers() {
			s := newScope()
			v, ok := parse(s, cellNode(text))
			checkFaults(t, ok, s.Report)
			if !ok || isText(kind) {
				continue
			}
			again := newScope()
			w, ok := parse(again, cellNode(v.String()))
			if !ok || w.String() != v.String() {
				t.Errorf("%s: %q reads as %q, and that as %q: %s", kind, text, v, w, told(again.Report))
			}
		}
	})
}

func cellNode(text string) *diag.Node {
	at := diag.Place{File: "t.yaml", Line: 2, Col: 5, EndCol: 5 + max(1, utf8.RuneCountInString(text))}
	return &diag.Node{Kind: diag.Scalar, Text: text, Place: at}
}

// isText reports whether a kind's written form is not the one that is read (bits, pairs, texts), or is for reading only.
func isText(kind string) bool {
	switch kind {
	case "days", "range", "yesno", "text", "names", "density", "moneys":
		return true
	}
	return false
}

// FuzzPipeTable reads a table from a block and looks whether every cell is where it says.
func FuzzPipeTable(f *testing.F) {
	for _, seed := range []string{"a | b\n1 | 2\n", "a|å|\n", "# x\n\na | b\n1\n1|2|3\n", " a |\t b\n  1 | 2 ", "|", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		lines := strings.Split(body, "\n")
		data := "t: |2\n  " + strings.Join(lines, "\n  ") + "\n"
		var r diag.Report
		root := diag.Parse("t.yaml", []byte(data), &r)
		if root == nil || root.Get("t") == nil || r.Failed() {
			t.Skip("not a block")
		}
		sheet, ok := table.PipeTable(root.Get("t"), &r)
		if ok {
			checkPlaces(t, sheet, "t.yaml", data)
		} else {
			checkFaults(t, false, &r)
		}
	})
}

// FuzzCSV reads a side file and looks whether every cell is where it says.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a;b\n", "\"a\",\"b\nc\"\n1,2\n", "å, ä \r\n\r\nö,\"\"\n", "a,b\n\"1,2\n", "a\"b,c\n", "a,a\n", ",\n", "\"\n0\"\n0", "a,b\n1\x00,2\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		if !utf8.ValidString(data) {
			t.Skip("files are UTF-8 by then")
		}
		var r diag.Report
		sheet, ok := table.ReadSheet(fstest.MapFS{"a.csv": {Data: []byte(data)}}, table.Source{File: "a.csv"}, &r)
		if ok {
			checkPlaces(t, sheet, "a.csv", data)
		} else {
			checkFaults(t, false, &r)
		}
	})
}

// checkPlaces looks up the text of each cell in the file. Cells with quotes or line ends in them are written otherwise.
func checkPlaces(t *testing.T, sheet *table.Sheet, file, data string) {
	t.Helper()
	lines := strings.Split(data, "\n")
	for _, row := range append([][]table.Cell{sheet.Head}, sheet.Rows...) {
		if len(row) != len(sheet.Head) {
			t.Fatalf("a row of %d cells below a head of %d", len(row), len(sheet.Head))
		}
		for _, c := range row {
			p := c.Place
			if p.File != file || p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.EndCol != 0 && p.EndCol <= p.Col {
				t.Fatalf("%q stands at %+v", c.Text, p)
			}
			if c.Text == "" || p.EndCol == 0 || strings.ContainsAny(c.Text, "\"\r\n") {
				continue
			}
			if line := []rune(lines[p.Line-1]); p.EndCol-1 > len(line) || string(line[p.Col-1:p.EndCol-1]) != c.Text {
				t.Errorf("%q does not stand at %d:%d-%d of %q", c.Text, p.Line, p.Col, p.EndCol, lines[p.Line-1])
			}
		}
	}
}
