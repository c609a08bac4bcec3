package lint

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// Fixed is a file with what could be mended in it.
type Fixed struct {
	File     string
	Old, New []byte
	Codes    []string // of the findings that are mended, in the order of the file
}

// Fixes mends what can only be meant in one way, in YAML files of the folder: a misspelt key, class, calendar, zone or option
// with a single similar name; a decimal comma; signs between thousands; a time, range, unit or price that is written in
// another style. Digits are never changed, and nothing that is a mere warning is. It writes nothing.
func Fixes(fsys fs.FS, r *diag.Report) []Fixed {
	byFile := map[string][]diag.Finding{}
	var files []string
	for _, f := range r.Findings() {
		if ext := path.Ext(f.File); f.Severity != diag.Error || f.Cell != "" || ext != ".yaml" && ext != ".yml" {
			continue
		}
		if len(byFile[f.File]) == 0 {
			files = append(files, f.File)
		}
		byFile[f.File] = append(byFile[f.File], f)
	}
	var out []Fixed
	for _, file := range files {
		old, err := fs.ReadFile(fsys, file)
		if err != nil || len(old) > diag.MaxYAML {
			continue
		}
		if f := mend(fsys, file, old, byFile[file]); len(f.Codes) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// edit is a stretch of bytes and what is to stand there.
type edit struct {
	from, to int
	text     string
	code     string
}

func mend(fsys fs.FS, file string, old []byte, findings []diag.Finding) Fixed {
	text := lines(old)
	var edits []edit
	for i := range findings {
		f := &findings[i]
		from, to, ok := text.span(f.Place)
		if !ok {
			continue
		}
		if fix := remedy(fsys, f, string(old[from:to])); fix != "" {
			edits = append(edits, edit{from, to, fix, f.Code})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	out := Fixed{File: file, Old: old}
	at := 0
	for _, e := range edits {
		if e.from < at {
			continue // overlaps with the one before
		}
		out.New = append(append(out.New, old[at:e.from]...), e.text...)
		out.Codes = append(out.Codes, e.code)
		at = e.to
	}
	out.New = append(out.New, old[at:]...)
	return out
}

// remedy returns what should stand in the place of a text; "" where that is not certain.
func remedy(fsys fs.FS, f *diag.Finding, old string) string {
	fix := f.Fix
	switch f.Code {
	case diag.CodeUnknownKey:
		list, ok := strings.CutPrefix(f.Help, "allowed are ")
		if !ok || !onlyNear(old, fix, strings.Split(list, ", ")) {
			return ""
		}
	case "E201", "E202", "E203", "E204":
		if !onlyNear(old, fix, declared(fsys, f.File, f.Code)) {
			return ""
		}
	case diag.CodeDecimalComma:
		if fix == "" && strings.Count(old, ",") == 1 {
			fix = strings.Replace(old, ",", ".", 1)
		}
	case "E102", "E112", "E113", "E114", "E119", "E213":
	default:
		return ""
	}
	if fix == "" || fix == old || strings.ContainsAny(old, "\"'") || digits(fix) != digits(old) {
		return ""
	}
	return fix
}

// onlyNear reports whether a name is the only one that another one is a slip for.
func onlyNear(slip, name string, names []string) bool {
	if !slices.Contains(names, name) || name == "" {
		return false
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
	return diag.Suggest(slip, rest) == ""
}

// declared lists the names of a kind that a rulebook declares in YAML: in the file itself, and in the shipping file.
func declared(fsys fs.FS, file, code string) []string {
	var names []string
	for _, name := range []string{file, rulebook.ShippingFile} {
		quiet := new(diag.Report)
		data, ok := diag.ReadFile(fsys, name, diag.MaxYAML, diag.Place{}, quiet)
		if !ok {
			continue
		}
		root := diag.Parse(name, data, quiet)
		if root == nil {
			continue
		}
		for _, n := range namesUnder(root, code) {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

func namesUnder(root *diag.Node, code string) []string {
	section := map[string]string{"E201": "classes", "E202": "calendars", "E203": "zones"}[code]
	var names []string
	if n := root.Get(section); section != "" && n != nil {
		for _, k := range n.Keys {
			names = append(names, k.Text)
		}
	}
	if n := root.Get("options"); code == "E204" && n != nil {
		for _, o := range n.Items {
			if id := o.Get("id"); id != nil {
				names = append(names, id.Text)
			}
		}
	}
	return names
}

// digits are the digits of a text, which a fix never changes.
func digits(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return c
		}
		return -1
	}, s)
}

// linesOf is a text and where its lines begin.
type linesOf struct {
	data   []byte
	starts []int
}

// lines cuts a text as package diag does: after \n, \r\n and a lone \r; a byte order mark is before the first one.
func lines(data []byte) linesOf {
	l := linesOf{data: data, starts: []int{len(data) - len(bytes.TrimPrefix(data, []byte("\ufeff")))}}
	for i, c := range data {
		if c == '\n' || c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// span returns the bytes of a place; ok is false where it is not within a line.
func (l *linesOf) span(p diag.Place) (from, to int, ok bool) {
	if p.Line < 1 || p.Line > len(l.starts) || p.EndCol <= p.Col {
		return 0, 0, false
	}
	end := len(l.data)
	if p.Line < len(l.starts) {
		end = l.starts[p.Line]
	}
	line := bytes.TrimRight(l.data[l.starts[p.Line-1]:end], "\r\n")
	a, okA := offset(line, p.Col)
	b, okB := offset(line, p.EndCol)
	return l.starts[p.Line-1] + a, l.starts[p.Line-1] + b, okA && okB
}

// offset returns where a character of a line begins; one past the last counts too.
func offset(line []byte, col int) (at int, ok bool) {
	for ; col > 1; col-- {
		if at >= len(line) {
			return 0, false
		}
		_, n := utf8.DecodeRune(line[at:])
		at += n
	}
	return at, true
}

// Diff writes what changes, in the unified form; a fix never changes the number of lines.
func (f *Fixed) Diff(dir string) string {
	name := path.Join(dir, f.File)
	old, now := strings.Split(string(f.Old), "\n"), strings.Split(string(f.New), "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", name, name)
	for i := range old {
		if i < len(now) && old[i] != now[i] {
			fmt.Fprintf(&b, "@@ -%d +%d @@\n-%s\n+%s\n", i+1, i+1, strings.TrimRight(old[i], "\r"), strings.TrimRight(now[i], "\r"))
		}
	}
	return b.String()
}
