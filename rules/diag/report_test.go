package diag_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

func at(p diag.Place) string { return fmt.Sprintf("%d:%d", p.Line, p.Col) }

func places(r *diag.Report) []string {
	var out []string
	for _, f := range r.Findings() {
		out = append(out, at(f.Place)+" "+f.Code)
	}
	return out
}

func TestFindingsSortedOnce(t *testing.T) {
	t.Parallel()
	var r diag.Report
	place := func(file string, line, col int) diag.Place { return diag.Place{File: file, Line: line, Col: col} }
	r.Errorf("E203", place("b", 1, 1), "one")
	r.Warnf("W310", place("a", 10, 1), "two")
	r.Errorf("E203", place("a", 2, 9), "three")
	r.Errorf("E203", place("a", 2, 1), "four")
	r.Errorf("E101", place("a", 2, 1), "five")
	r.Errorf("E203", place("a", 2, 1), "four")
	r.Errorf("E203", place("a", 2, 1), "four").Label = "not quite the same"
	var got []string
	for _, f := range r.Findings() {
		got = append(got, f.Code+" "+f.Message+f.Label)
	}
	want := []string{"E101 five", "E203 four", "E203 fournot quite the same", "E203 three", "W310 two", "E203 one"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()
	var r diag.Report
	if r.Failed() || len(r.Findings()) != 0 {
		t.Error("an empty report failed")
	}
	r.Warnf("W310", diag.Place{File: "a", Line: 1, Col: 1}, "a warning")
	if r.Failed() {
		t.Error("a warning failed")
	}
	r.Errorf("E203", diag.Place{File: "a", Line: 1, Col: 1}, "an error")
	if !r.Failed() {
		t.Error("an error did not fail")
	}
}

func TestManyFindingsAreCounted(t *testing.T) {
	t.Parallel()
	var r diag.Report
	for i := range diag.MaxFindings + 5 {
		r.Errorf("E203", diag.Place{File: "a", Line: i + 1, Col: 1}, "row %d", i).Help = "may be set on all"
	}
	if got := len(r.Findings()); got != diag.MaxFindings || r.Dropped() != 5 {
		t.Errorf("kept %d, dropped %d", got, r.Dropped())
	}
	var out bytes.Buffer
	if err := r.Render(&out, false); err != nil || !strings.HasSuffix(out.String(), "1000 findings: 1000 errors (and 5 more, not shown)\n") {
		t.Errorf("%v: …%s", err, out.String()[max(0, out.Len()-80):])
	}
}

func TestPathIsFilledIn(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("f.yaml", []byte("options:\n  - id: a\n    price:\n      table: |\n        a | b\n        1 | 2\n"), &r)
	cell := n.Get("options").Items[0].Get("price").Get("table").BlockLines()[1].Place
	cell.Col += 4
	r.Errorf("E304", cell, "a cell")
	r.Errorf("E205", n.Get("options").Items[0].Get("id").Place, "an id")
	r.Errorf("E205", diag.Place{File: "other.csv", Line: 3, Col: 1}, "not YAML")
	r.Errorf("E001", diag.Place{File: "f.yaml", Line: 3, Col: 1}, "given").Path = "mine"
	var got []string
	for _, f := range r.Findings() {
		got = append(got, f.Path)
	}
	if diff := cmp.Diff([]string{"options[0].id", "mine", "options[0].price.table", ""}, got); diff != "" {
		t.Error(diff)
	}
}

// sample has one finding of each shape: fix, several helps, notes, causes near, far and in another file.
func sample() *diag.Report {
	var r diag.Report
	text := strings.Repeat("#\n", 9) + "gotland: {SE: 620}\n" + strings.Repeat("#\n", 88) + "- {to: gotlnad, add: 20.00}\n"
	n := diag.Parse("shipping.yaml", []byte("zones:\n  gotland: {SE: [620 to 624]}\n"), &r)
	r.AddSource("tax.yaml", []byte(text))
	f := r.Errorf("E203", diag.Place{File: "tax.yaml", Line: 99, Col: 8, EndCol: 15}, "there is no zone `gotlnad`")
	f.Label, f.Fix = "not declared under `zones`", "gotland"
	f.Help = "a zone with a similar name is declared in shipping.yaml"
	f.Notes = []string{"as it stands, no address would ever pay these 20.00 SEK", "run `rules help E203` to read more"}
	f.Cause = &diag.Cause{Place: n.Get("zones").Keys[0].Place, Label: "declared here"}
	f = r.Warnf("W310", diag.Place{File: "tax.yaml", Line: 99, Col: 16}, "only a warning")
	f.Help = "one\ntwo"
	f.Cause = &diag.Cause{Place: diag.Place{File: "tax.yaml", Line: 10, Col: 1, EndCol: 8}, Label: "far above"}
	r.Warnf("W320", diag.Place{File: "never-read.csv", Line: 7, Col: 3}, "no source for this").Help = "as it is"
	r.Errorf("E101", diag.Place{File: "tax.yaml", Line: 99, Col: 400, EndCol: 900}, "behind the end")
	return &r
}

func TestRender(t *testing.T) {
	t.Parallel()
	const want = `warning[W320]: no source for this
 --> never-read.csv:7:3
help: as it is

error[E203]: there is no zone ` + "`gotlnad`" + `
  --> tax.yaml:99:8
   |
99 | - {to: gotlnad, add: 20.00}
   |        ^^^^^^^ not declared under ` + "`zones`" + `
  ::: shipping.yaml:2:3
   |
2  |   gotland: {SE: [620 to 624]}
   |   ------- declared here
   |
help: a zone with a similar name is declared in shipping.yaml
   |
99 | - {to: gotland, add: 20.00}
   |        ~~~~~~~
   = note: as it stands, no address would ever pay these 20.00 SEK
   = note: run ` + "`rules help E203`" + ` to read more

warning[W310]: only a warning
  --> tax.yaml:99:16
   |
10 | gotland: {SE: 620}
   | ------- far above
...
99 | - {to: gotlnad, add: 20.00}
   |                ^
   |
help: one
help: two

error[E101]: behind the end
  --> tax.yaml:99:400
   |
99 | - {to: gotlnad, add: 20.00}
   |                            ^

4 findings: 2 errors, 2 warnings
`
	var out bytes.Buffer
	if err := sample().Render(&out, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	var colored bytes.Buffer
	if err := sample().Render(&colored, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colored.String(), "\x1b[1;31merror[E203]\x1b[0m") {
		t.Error("no colour")
	}
	if diff := cmp.Diff(want, regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(colored.String(), "")); diff != "" {
		t.Errorf("without its colours the text differs:\n%s", diff)
	}
}

func TestRenderNothing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := new(diag.Report).Render(&out, true); err != nil || out.Len() != 0 {
		t.Errorf("%v %q", err, out.String())
	}
}

func TestHostileTextCannotSteerTheTerminal(t *testing.T) {
	t.Parallel()
	var r diag.Report
	r.AddSource("a\x1b[2J", []byte("x\x1b[31m\u202ey"))
	f := r.Errorf("E203", diag.Place{File: "a\x1b[2J", Line: 1, Col: 1}, "bad \x1b]0;title\x07")
	f.Label, f.Help, f.Fix, f.Notes = "\x1b[1m", "\x9b1m", "\x1bX", []string{"\x1b"}
	f.Cause = &diag.Cause{Place: diag.Place{File: "b\x1b", Line: 1, Col: 1}, Label: "\x1b"}
	var out bytes.Buffer
	if err := r.Render(&out, false); err != nil {
		t.Fatal(err)
	}
	if err := r.Short(&out); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexAny(out.String(), "\x1b\x07\u009b\u202e"); i >= 0 {
		t.Errorf("%q", out.String()[i:])
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := sample().JSON(&out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Findings []map[string]any
		Errors   int
		Warnings int
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Errors != 2 || got.Warnings != 2 || len(got.Findings) != 4 {
		t.Errorf("%+v", got)
	}
	want := map[string]any{
		"code": "E203", "severity": "error", "file": "tax.yaml", "line": 99.0, "column": 8.0, "end": 15.0, "path": "",
		"message": "there is no zone `gotlnad`", "label": "not declared under `zones`", "fix": "gotland",
		"help":  "a zone with a similar name is declared in shipping.yaml",
		"notes": []any{"as it stands, no address would ever pay these 20.00 SEK", "run `rules help E203` to read more"},
		"cause": map[string]any{"file": "shipping.yaml", "line": 2.0, "column": 3.0, "end": 10.0, "label": "declared here"},
	}
	if diff := cmp.Diff(want, got.Findings[1]); diff != "" {
		t.Error(diff)
	}
	out.Reset()
	if err := new(diag.Report).JSON(&out); err != nil || !strings.Contains(out.String(), `"findings": []`) {
		t.Errorf("%v %s", err, out.String())
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[EW]\d{3}$`)
	last := ""
	for _, c := range diag.Codes() {
		if !form.MatchString(c.Code) || c.Code <= last || c.Meaning == "" {
			t.Errorf("%q after %q: %q", c.Code, last, c.Meaning)
		}
		last = c.Code
	}
}
