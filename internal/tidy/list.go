package tidy

import (
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/kvitto/kvitto/rules/diag"
)

// entry is a line of a list that holds one map in braces: "- {max_weight: 5 kg, price: 59.00}   # letters".
type entry struct {
	at      int // line, from 0
	before  string
	keys    []string
	parts   []string // "max_weight: 5 kg", as written
	comment string   // with its #
	column  int      // that the comment begins in, from 0
}

// list lines up the entries of a list: those beside each other, as far as they have the same keys.
func (p *page) list(n *diag.Node) {
	var group []entry
	for _, item := range n.Items {
		e, ok := p.entry(item)
		if len(group) > 0 {
			last := &group[len(group)-1]
			if !ok || e.at != last.at+1 || e.before != last.before {
				p.write(group)
				group = nil
			}
		}
		if ok {
			group = append(group, e)
		}
	}
	p.write(group)
}

// entry takes a line apart; false where there is more on it than one map in braces, or where the map goes on below.
func (p *page) entry(n *diag.Node) (entry, bool) {
	e := entry{at: n.Place.Line - 1}
	line := []rune(p.line(e.at))
	from, to := n.Place.Col-1, n.Place.EndCol-1
	if n.Kind != diag.Map || !n.Flow || len(n.Keys) == 0 || from < 0 || to > len(line) || to <= from+1 || line[from] != '{' || line[to-1] != '}' {
		return e, false
	}
	head := string(line[:from])
	if strings.TrimSpace(head) != "-" {
		return e, false
	}
	e.before = strings.TrimRight(head, " ") + " "
	if rest := string(line[to:]); strings.TrimSpace(rest) != "" {
		e.comment = strings.TrimSpace(rest)
		if !strings.HasPrefix(e.comment, "#") {
			return e, false
		}
		e.column = runewidth.StringWidth(string(line[:to])) + len(rest) - len(strings.TrimLeft(rest, " \t"))
	}
	return e, e.take(n, line, from, to)
}

// take reads the parts of a map in braces, which stand on one line one after the other.
func (e *entry) take(n *diag.Node, line []rune, from, to int) bool {
	for i, key := range n.Keys {
		begin, end := key.Place.Col-1, to-1
		if key.Place.Line != n.Place.Line || begin < from || begin >= end {
			return false
		}
		if i+1 < len(n.Keys) {
			if n.Keys[i+1].Place.Line != n.Place.Line || n.Keys[i+1].Place.Col <= key.Place.Col {
				return false
			}
			end = n.Keys[i+1].Place.Col - 1
		}
		e.keys = append(e.keys, key.Text)
		part := strings.TrimRight(string(line[begin:end]), " \t")
		e.parts = append(e.parts, strings.TrimRight(strings.TrimSuffix(part, ","), " \t"))
	}
	return true
}

// write puts a group of entries back.
func (p *page) write(group []entry) {
	if len(group) == 0 {
		return
	}
	texts := make([]string, len(group))
	widths := widthsIn(group)
	for i := range group {
		texts[i] = group[i].text(widths[i])
	}
	columns := commentColumns(group, texts)
	for i := range group {
		p.lines[group[i].at] = texts[i]
		if group[i].comment != "" {
			p.lines[group[i].at] += strings.Repeat(" ", columns[i]-runewidth.StringWidth(texts[i])) + group[i].comment
		}
	}
}

// widthsIn are those of the parts of each entry: of the widest among those beside it that have the same keys up to the next.
func widthsIn(group []entry) [][]int {
	widths := make([][]int, len(group))
	for i := range group {
		widths[i] = make([]int, len(group[i].parts))
	}
	for i := range group {
		for k := range len(group[i].parts) - 1 {
			if widths[i][k] > 0 {
				continue // done with an earlier one
			}
			end, widest := i, 0
			for ; end < len(group) && len(group[end].keys) > k+1 && slices.Equal(group[end].keys[:k+2], group[i].keys[:k+2]); end++ {
				widest = max(widest, runewidth.StringWidth(group[end].parts[k]))
			}
			for j := i; j < end; j++ {
				widths[j][k] = widest
			}
		}
	}
	return widths
}

// text writes an entry without its comment.
func (e *entry) text(widths []int) string {
	var b strings.Builder
	b.WriteString(e.before + "{")
	for k, part := range e.parts {
		if k == len(e.parts)-1 {
			b.WriteString(part)
			break
		}
		b.WriteString(part + "," + strings.Repeat(" ", widths[k]-runewidth.StringWidth(part)+1))
	}
	b.WriteString("}")
	return b.String()
}

// commentColumns says where comments begin: where they did, unless the entries have grown; those in one column stay in one.
func commentColumns(group []entry, texts []string) []int {
	columns := make([]int, len(group))
	first, together, most := -1, true, 0
	for i := range group {
		if group[i].comment == "" {
			continue
		}
		if first < 0 {
			first = group[i].column
		}
		together = together && group[i].column == first
		least := runewidth.StringWidth(texts[i]) + 1
		columns[i] = max(group[i].column, least)
		most = max(most, columns[i])
	}
	if together {
		for i := range columns {
			columns[i] = most
		}
	}
	return columns
}
