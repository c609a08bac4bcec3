package tidy

import (
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// table lines up the columns of a pipe table. In price lists the columns with prices are flush right.
func (p *page) table(n *diag.Node, prices bool) {
	first, last, ok := p.block(n)
	if !ok {
		return
	}
	head := -1
	var rows [][]string
	for i := first; i <= last; i++ {
		cells := cut(p.lines[i])
		rows = append(rows, cells)
		if head < 0 && isRow(cells) {
			head = i - first
		}
	}
	if head < 0 || rows[head][0] == "" {
		return
	}
	right := make([]bool, len(rows[head]))
	for i, name := range rows[head] {
		right[i] = prices && !isWord(name)
	}
	widths := widthsOf(rows, len(right))
	margin := strings.Repeat(" ", indent(p.lines[first+head]))
	for i, cells := range rows {
		switch {
		case len(cells) == 1 && cells[0] == "":
			p.lines[first+i] = ""
		case !isRow(cells):
			p.lines[first+i] = margin + cells[0]
		default:
			p.lines[first+i] = margin + row(cells, widths, right, i == head)
		}
	}
}

// block returns the lines of a | block, from 0. They must be where the parser saw them.
func (p *page) block(n *diag.Node) (first, last int, ok bool) {
	lines := n.BlockLines()
	if len(lines) == 0 {
		return 0, 0, false
	}
	first, last = n.Place.Line, n.Place.Line+len(lines)-1
	for i, l := range lines {
		if !strings.HasSuffix(p.line(first+i), l.Text) {
			return 0, 0, false
		}
	}
	return first, last, true
}

// isRow tells the head and the rows from empty lines and comments.
func isRow(cells []string) bool {
	return len(cells) > 1 || cells[0] != "" && !strings.HasPrefix(cells[0], "#")
}

// isWord reports whether a column is headed by a condition word.
func isWord(head string) bool {
	_, ok := new(table.Scope).Word(head)
	return ok
}

// widthsOf are those of the columns, by the rows that have a cell for each.
func widthsOf(rows [][]string, columns int) []int {
	widths := make([]int, columns)
	for _, cells := range rows {
		if len(cells) != columns || !isRow(cells) {
			continue
		}
		for i, c := range cells {
			widths[i] = max(widths[i], runewidth.StringWidth(c))
		}
	}
	return widths
}

// row writes a line of a table. The head is flush left.
func row(cells []string, widths []int, right []bool, head bool) string {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteString(" | ")
		}
		space := 0
		if len(cells) == len(widths) {
			space = widths[i] - runewidth.StringWidth(c)
		}
		flushRight := i < len(right) && right[i] && !head
		if flushRight {
			b.WriteString(strings.Repeat(" ", space))
		}
		b.WriteString(c)
		if !flushRight && i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", space))
		}
	}
	return strings.TrimRight(b.String(), " ")
}
