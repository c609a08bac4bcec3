package diag_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/rules/diag"
)

// FuzzParse: no panic; every finding has a place in the file; what is accepted has all its nodes inside the file, in
// order, and each plain text stands where its place says.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data)
	}
	f.Add([]byte("a: |\r\n  x | y\r\n\r\n  1 | 2\r\nb: [å, {c: 'd'}]\r"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r diag.Report
		n := diag.Parse("f.yaml", data, &r)
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(data), "\ufeff")), "\n")
		for _, f := range r.Findings() {
			if f.File != "f.yaml" || f.Line < 1 || f.Line > len(lines) || f.Col < 1 || f.Code == "" || f.Message == "" {
				t.Errorf("%+v", f)
			}
		}
		if n == nil && !r.Failed() {
			t.Error("nothing parsed and nothing said")
		}
		if err := r.Render(&bytes.Buffer{}, true); err != nil {
			t.Error(err)
		}
		if !r.Failed() {
			inside(t, n, lines)
		}
	})
}

func inside(t *testing.T, n *diag.Node, lines []string) {
	t.Helper()
	check := func(p diag.Place, text string, exact bool) {
		if p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.Col > utf8.RuneCountInString(lines[p.Line-1])+1 {
			t.Fatalf("%+v is outside of the file", p)
		}
		if line := []rune(lines[p.Line-1]); exact && text != "" && line[p.Col-1] != '>' && (p.EndCol > len(line)+1 || string(line[p.Col-1:p.EndCol-1]) != text) {
			t.Fatalf("%+v is not %q", p, text)
		}
	}
	oneLine := n.Kind == diag.Scalar && !n.Quoted && !n.Block && n.Text != "" && !strings.Contains(n.Text, "\n")
	word := !strings.ContainsAny(n.Text, " ") // a space may have been a line break
	check(n.Place, n.Text, oneLine && word)
	for _, l := range n.BlockLines() {
		check(l.Place, l.Text, true)
	}
	for _, item := range n.Items {
		inside(t, item, lines)
	}
	for i, key := range n.Keys {
		inside(t, key, lines)
		inside(t, n.Values[i], lines)
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("gotlnad", "gotland")
	f.Add("å", "aa")
	f.Fuzz(func(t *testing.T, got, name string) {
		if s := diag.Suggest(got, []string{name}); s != "" && (s != name || s == got) {
			t.Errorf("Suggest(%q, %q) = %q", got, name, s)
		}
	})
}
