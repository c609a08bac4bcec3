package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

// parse fails the test where the text has a finding.
func parse(t *testing.T, text string) *diag.Node {
	t.Helper()
	var r diag.Report
	n := diag.Parse("f.yaml", []byte(text), &r)
	for _, f := range r.Findings() {
		t.Errorf("%s:%d:%d: %s [%s]", f.File, f.Line, f.Col, f.Message, f.Code)
	}
	if n == nil {
		t.Fatal("nothing parsed")
	}
	return n
}

// codes parses a text and returns "line:col code" of what was found.
func codes(text string) []string {
	var r diag.Report
	diag.Parse("f.yaml", []byte(text), &r)
	return places(&r)
}

func TestScalarsStayRaw(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"NO", "yes", "no", "on", "off", "true", "Y", "01067", "0123", "0x1F", "0b1", "1_000", "14:00", "12:30:45",
		"49.00", "49", "1e3", ".5", "+1", "-0", "2026-01-01", "2026-11-23 10:00", "2026-11-23T10:00:00Z", ".inf", ".NaN",
		"Null", "NULL", "620 to 624", "60 x 40 x 40 cm", "25.5 %", "22*", "KW15 to KW17", "SE1 4", "a-b",
	} {
		n := parse(t, "key: "+text)
		if got := n.Get("key"); got.Text != text || got.Null || got.Quoted || got.Kind != diag.Scalar {
			t.Errorf("%q became %+v", text, got)
		}
	}
}

func TestKeysStayRaw(t *testing.T) {
	t.Parallel()
	n := parse(t, "NO: 1\n01067: 2\n2026-01-01: 3\n'*': 4\n\"EU\": 5\nyes: 6\n~: 7\nnull: 8\n")
	var got []string
	for i, k := range n.Keys {
		got = append(got, k.Text+"="+n.Values[i].Text)
	}
	want := []string{"NO=1", "01067=2", "2026-01-01=3", "*=4", "EU=5", "yes=6", "~=7", "null=8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNull(t *testing.T) {
	t.Parallel()
	n := parse(t, "a:\nb: ~\nc: null\nd: ''\ne: \"null\"\nf: {g, h: }\n")
	for key, want := range map[string]bool{"a": true, "b": true, "c": true, "d": false, "e": false} {
		if got := n.Get(key); got.Null != want || want && got.Text != "" {
			t.Errorf("%s: Null %v, Text %q", key, got.Null, got.Text)
		}
	}
	if n.Get("e").Text != "null" || !n.Get("e").Quoted {
		t.Errorf("quoted null became %+v", n.Get("e"))
	}
	if !n.Get("f").Get("g").Null || !n.Get("f").Get("h").Null {
		t.Error("an entry without a value is not Null")
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	const text = "\ufeffzones:\r\n" +
		"  gotland: {SE: [620 to 624], \"é\": 'it''s'}\r\n" +
		"options:\r\n" +
		"  - id: brev\r\n" +
		"    name: {sv: Brevlåda, \"en\": \"Letter \\\"box\\\"\"}\r\n" +
		"    text: one\r\n" +
		"      two\r\n"
	n := parse(t, text)
	zone := n.Get("zones").Get("gotland")
	option := n.Get("options").Items[0]
	for _, tc := range []struct {
		name           string
		node           *diag.Node
		line, col, end int
		path           string
	}{
		{"root", n, 1, 1, 6, ""},
		{"flow map", zone, 2, 12, 44, "zones.gotland"},
		{"flow list", zone.Get("SE"), 2, 17, 29, "zones.gotland.SE"},
		{"in a flow list", zone.Get("SE").Items[0], 2, 18, 28, "zones.gotland.SE[0]"},
		{"quoted key", zone.Keys[1], 2, 31, 34, `zones.gotland["é"]`},
		{"single quotes", zone.Get("é"), 2, 36, 43, `zones.gotland["é"]`},
		{"block list", n.Get("options"), 4, 3, 4, "options"},
		{"block map", option, 4, 5, 7, "options[0]"},
		{"behind å", option.Get("name").Keys[1], 5, 26, 30, "options[0].name.en"},
		{"double quotes", option.Get("name").Get("en"), 5, 32, 48, "options[0].name.en"},
		{"folded", option.Get("text"), 6, 11, 14, "options[0].text"},
	} {
		want := diag.Place{File: "f.yaml", Line: tc.line, Col: tc.col, EndCol: tc.end}
		if diff := cmp.Diff(want, tc.node.Place); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		if tc.node.Path != tc.path {
			t.Errorf("%s: path %q, want %q", tc.name, tc.node.Path, tc.path)
		}
	}
	if got := option.Get("text").Text; got != "one two" {
		t.Errorf("folded text: %q", got)
	}
	if got := zone.Get("é").Text; got != "it's" {
		t.Errorf("quotes inside quotes: %q", got)
	}
}

func TestBlockLines(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string // line:col text
	}{
		{"table", "price:\n  table: | # weights\n    a | å | c\n    1 |  2 | 3\n  x: 1\n",
			[]string{"3:5 a | å | c", "4:5 1 |  2 | 3"}},
		{"empty line and deeper line", "price:\n  table: |\n    a\n\n      b\n", []string{"3:5 a", "4:1 ", "5:5   b"}},
		{"empty lines first", "price: {}\ntable: |\n\n\n  a\n", []string{"3:1 ", "4:1 ", "5:3 a"}},
		{"indentation given", "price: {}\ntable: |2\n    a\n  b\n", []string{"3:3   a", "4:3 b"}},
		{"strip", "table: |-\n  a\n  b\n\n\n", []string{"2:3 a", "3:3 b"}},
		{"keep", "table: |+\n  a\n\n", []string{"2:3 a", "3:1 "}},
		{"crlf", "table: |\r\n  a\r\n  b\r\n", []string{"2:3 a", "3:3 b"}},
		{"on the next line", "table:\n  |\n  a\n", []string{"3:3 a"}},
		{"in a list", "table:\n- |\n   a\n- 1\n", []string{"3:4 a"}},
		{"no end of line", "table: |\n  a", []string{"2:3 a"}},
		{"nothing", "table: |\nx: 1\n", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			n := parse(t, tc.text)
			table := n.Get("table")
			if table == nil {
				table = n.Get("price").Get("table")
			}
			if table.Kind == diag.List {
				table = table.Items[0]
			}
			if !table.Block {
				t.Fatal("not a Block")
			}
			var got []string
			for _, l := range table.BlockLines() {
				got = append(got, at(l.Place)+" "+l.Text)
				if width := len([]rune(l.Text)); l.Place.EndCol != l.Place.Col+width {
					t.Errorf("%q: EndCol %d", l.Text, l.Place.EndCol)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFoldedIsNoBlock(t *testing.T) {
	t.Parallel()
	n := parse(t, "a: >\n  one\n  two\n")
	if got := n.Get("a"); got.Block || got.BlockLines() != nil || got.Text != "one two\n" {
		t.Errorf("%+v", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"duplicates in depth", "a: {b: 1, b: 2}\nc:\n  d: 1\n  'd': 2\n", []string{"1:11 E003", "4:3 E003"}},
		{"two decimal commas are no duplicate", "a: {b: 1,5 kg, c: 2,5 kg}\n", nil},
		{"anchor", "a: &x 1\n", []string{"1:4 E006"}},
		{"anchor on a key", "&x a: 1\n", []string{"1:1 E006"}},
		{"unknown alias", "a: *x\n", []string{"1:4 E006"}},
		{"tag without sense", "a: !!int abc\n", []string{"1:4 E007"}},
		{"list as a name", "? [a, b]\n: 1\n", []string{"1:3 E005"}},
		{"no name", "{: 1}\n", []string{"1:2 E005"}},
		{"second document", "a: 1\n---\n", []string{"2:1 E008"}},
		{"second document, broken", "a: 1\n---\nb: [\n", []string{"4:1 E001"}},
		{"end of document", "--- # first\na: 1\n...\n", nil},
		{"empty", "", []string{"1:1 E014"}},
		{"only null", "~\n", []string{"1:1 E014"}},
		{"only a line", "---\n", []string{"1:1 E014"}},
		{"not utf-8", "a: 1\nb: \xe5\n", []string{"2:4 E013"}},
		{"utf-16", "\xff\xfea\x00", []string{"1:1 E013"}},
		{"control character", "a: 1\nb: \x07\n", []string{"2:4 E001"}},
		{"line separator", "a: 1\u2028b: 2\n", []string{"1:5 E001"}},
		{"too deep", strings.Repeat("[", 100) + strings.Repeat("]", 100), []string{"1:65 E015"}},
		{"too deep in lines", deepLines(100), []string{"65:66 E015"}},
		{"too many entries", "[" + strings.Repeat("1,", diag.MaxEntries) + "]", []string{"1:1 E009"}},
		{"too large", "a: 1 #" + strings.Repeat("x", diag.MaxYAML), []string{"1:1 E009"}},
		{"directive", "%FOO bar\n---\na: 1\n", []string{"1:5 E001"}},
		{"a scalar and a map", "a\nb: 1\n", []string{"2:2 E001"}},
		{"lone comma", "a: [1,,2]\n", []string{"1:7 E001"}},
		{"list on the line of its name", "a: - b\n", []string{"1:4 E001"}},
		{"comment glued to quotes", "a: 'b'c\n", []string{"1:7 E001"}},
		{"text after the bar", "a: | b\n  c\n", []string{"1:6 E001"}},
		{"percent at the start", "a: %b\n", []string{"1:4 E001"}},
		{"unclosed", "a: {b: 1\n", []string{"2:1 E001"}},
		{"lone carriage returns", "a: 1\ra: 2\r", []string{"2:1 E003"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, codes(tc.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func deepLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestUsableAfterFindings(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("f.yaml", []byte("a: 1\na: 2\nb: !!str x\n"), &r)
	if n.Get("a").Text != "1" || n.Get("b").Text != "x" || len(n.Keys) != 2 {
		t.Errorf("%+v", n)
	}
	if n := diag.Parse("f.yaml", []byte("a: &x 1\nb: *x\n"), &r); n != nil {
		t.Errorf("a tree with an alias was used: %+v", n)
	}
}

func TestGetOfNothing(t *testing.T) {
	t.Parallel()
	var n *diag.Node
	if n.Get("a") != nil || n.BlockLines() != nil {
		t.Error("something came of nothing")
	}
	if k, v := parse(t, "a: 1").Entry("b"); k != nil || v != nil {
		t.Error("an entry that is not there was found")
	}
}
