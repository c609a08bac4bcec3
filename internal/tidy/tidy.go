// Package tidy lines up the files of a rulebook: columns of tables, entries of lists in braces, ends of lines.
//
// Its one rule: it never changes what a file says. What comes out is parsed and compared with what went in; only Sort, which
// has to be asked for, changes the order of rows, and it tells each table that it touches.
package tidy

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Options of Format.
type Options struct {
	Sort bool // price lists with one limit: rows are brought into the order in which each of them is used
}

// Note tells what was changed beyond looks.
type Note struct {
	Line    int // of what went in
	Message string
}

// Format returns a file lined up: LF at the end of each line, no spaces before it, one line break at the end of the file.
// Comments stay, and so does the order of everything. It returns false where r has an error: a file that cannot be read is
// not touched. Formatting what was formatted changes nothing.
func Format(name string, data []byte, o Options, r *diag.Report) (out []byte, notes []Note, ok bool) {
	text := plain(data)
	before := parse(name, text, r)
	if before == nil {
		return nil, nil, false
	}
	if o.Sort {
		if text, notes = sorted(text, before); len(notes) > 0 {
			if before = parse(name, text, r); before == nil {
				return nil, nil, false
			}
		}
	}
	for _, trim := range []bool{true, false} { // spaces at the end of a line may be part of a text
		out = lined(text, before, trim)
		if after := parse(name, out, new(diag.Report)); after != nil && same(before, after, "") {
			return out, notes, true
		}
	}
	r.Errorf(diag.CodeNotYAML, diag.Place{File: name, Line: 1, Col: 1}, "this file cannot be lined up without changing what it says").
		Help = "it stays as it is; please report it as a fault of the program"
	return nil, nil, false
}

// parse reads a file; nil where it has an error.
func parse(name string, text []byte, r *diag.Report) *diag.Node {
	own := new(diag.Report)
	n := diag.Parse(name, text, own)
	if own.Failed() {
		r.Add(own, diag.Place{}, "")
		return nil
	}
	return n
}

// plain drops a byte order mark and writes every line break as LF.
func plain(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
}

// page is a file while it is lined up.
type page struct {
	lines []string // without line breaks
	texts map[int]bool
}

// lined returns a file lined up; with trim, spaces at the ends of lines are taken away.
func lined(text []byte, root *diag.Node, trim bool) []byte {
	p := &page{lines: strings.Split(string(text), "\n"), texts: map[int]bool{}}
	p.protect(root)
	walk(root, "", func(key string, n *diag.Node) {
		switch {
		case key == "table" && n.Block:
			p.table(n, root.Get("cases") == nil)
		case n.Kind == diag.List && !n.Flow:
			p.list(n)
		}
	})
	if !trim {
		return []byte(strings.Join(p.lines, "\n"))
	}
	for i, line := range p.lines {
		if !p.texts[i] {
			p.lines[i] = strings.TrimRight(line, " \t")
		}
	}
	return []byte(strings.TrimRight(strings.Join(p.lines, "\n"), "\n") + "\n")
}

// walk visits every value with the key that it stands under, that of the list for an entry of a list.
func walk(n *diag.Node, key string, visit func(key string, n *diag.Node)) {
	visit(key, n)
	for _, item := range n.Items {
		walk(item, key, visit)
	}
	for i, v := range n.Values {
		walk(v, n.Keys[i].Text, visit)
	}
}

// protect notes the lines of texts that go over several lines: spaces at their ends may count.
func (p *page) protect(root *diag.Node) {
	walk(root, "", func(key string, n *diag.Node) {
		if n.Kind != diag.Scalar || key == "table" && n.Block {
			return
		}
		at := n.Place.Line - 1
		line := []rune(p.line(at))
		if n.Block || n.Place.Col <= len(line) && line[n.Place.Col-1] == '>' {
			for i := at + 1; i < len(p.lines) && (strings.TrimSpace(p.lines[i]) == "" || indent(p.lines[i]) > indent(p.lines[at])); i++ {
				p.texts[i] = true
			}
		}
	})
	last := len(p.lines) - 1
	for last >= 0 && strings.TrimSpace(p.lines[last]) == "" { // the end of the file is no part of a text
		delete(p.texts, last)
		last--
	}
}

// line returns line i, "" where there is none.
func (p *page) line(i int) string {
	if i < 0 || i >= len(p.lines) {
		return ""
	}
	return p.lines[i]
}

// indent counts the spaces before a line.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// same reports whether two trees say the same; in tables the space around cells says nothing.
func same(a, b *diag.Node, key string) bool {
	if a.Kind != b.Kind || a.Null != b.Null || a.Quoted != b.Quoted || a.Block != b.Block || len(a.Items) != len(b.Items) || len(a.Keys) != len(b.Keys) {
		return false
	}
	if a.Kind == diag.Scalar {
		if key == "table" && a.Block {
			return slices.Equal(cellsOf(a), cellsOf(b))
		}
		return a.Text == b.Text
	}
	for i := range a.Items {
		if !same(a.Items[i], b.Items[i], key) {
			return false
		}
	}
	for i := range a.Keys {
		if a.Keys[i].Text != b.Keys[i].Text || !same(a.Values[i], b.Values[i], a.Keys[i].Text) {
			return false
		}
	}
	return true
}

// cellsOf lists the lines of a table with single spaces around their cells.
func cellsOf(n *diag.Node) []string {
	var all []string
	for _, line := range n.BlockLines() {
		all = append(all, strings.Join(cut(line.Text), "|"))
	}
	for len(all) > 0 && all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

// cut parts a line of a table into its cells; a comment is one.
func cut(line string) []string {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "#") {
		return []string{line}
	}
	cells := strings.Split(line, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// String writes a note with its line.
func (n Note) String() string { return fmt.Sprintf("%d: %s", n.Line, n.Message) }
