package tidy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// limited is a price list with one limit column.
type limited struct {
	word  table.Word
	line  int // on which it begins, from 0
	rows  []limitRow
	named int // rows that name the limit
}

// limitRow is a row with the comments above it.
type limitRow struct {
	from, to int    // lines, from 0; to is behind the last
	text     string // of the limit
	any      bool   // no limit
	value    int64
}

// sorted brings the rows of price lists with one limit into the order in which each of them is used.
func sorted(text []byte, root *diag.Node) ([]byte, []Note) {
	if root.Get("cases") != nil {
		return text, nil
	}
	p := &page{lines: strings.Split(string(text), "\n")}
	currency := table.Currency("")
	if c := root.Get("currency"); c != nil {
		currency = table.Currency(c.Text)
	}
	s := &table.Scope{Report: new(diag.Report), Currency: currency}
	var notes []Note
	walk(root, "", func(key string, n *diag.Node) {
		l, ok := limited{}, false
		switch {
		case key == "table" && n.Block:
			l, ok = p.limitedTable(n, s)
		case key == "price" && n.Kind == diag.List && !n.Flow:
			l, ok = p.limitedList(n, s)
		}
		if ok {
			notes = append(notes, p.sort(&l)...)
		}
	})
	return []byte(strings.Join(p.lines, "\n")), notes
}

// limitedTable reads a table; false where it has not one limit column, or a cell that is none.
func (p *page) limitedTable(n *diag.Node, s *table.Scope) (limited, bool) {
	l := limited{line: n.Place.Line - 1}
	first, last, ok := p.block(n)
	if !ok {
		return l, false
	}
	column, columns, from := -1, 0, first
	for i := first; i <= last; i++ {
		cells := cut(p.lines[i])
		if !isRow(cells) {
			continue
		}
		if column < 0 {
			if column, l.word, ok = limitColumn(cells); !ok {
				return l, false
			}
			columns, from = len(cells), i+1
			continue
		}
		if len(cells) != columns || !l.add(s, limitRow{from: from, to: i + 1, text: cells[column]}) {
			return l, false
		}
		from = i + 1
	}
	return l, true
}

// limitColumn finds the one column with a condition, and it is a limit.
func limitColumn(head []string) (column int, word table.Word, ok bool) {
	column = -1
	for i, name := range head {
		w, isWord := new(table.Scope).Word(name)
		if !isWord {
			continue
		}
		if column >= 0 || !isLimit(w) {
			return -1, 0, false
		}
		column, word = i, w
	}
	return column, word, column >= 0
}

// limitedList reads rows such as {max_weight: 5 kg, price: 59.00}, one on each line.
func (p *page) limitedList(n *diag.Node, s *table.Scope) (limited, bool) {
	l := limited{line: n.Place.Line - 1}
	for i, item := range n.Items {
		e, ok := p.entry(item)
		if !ok || i > 0 && e.at != l.rows[i-1].to || len(e.keys) > 2 {
			return l, false
		}
		text := ""
		for k, key := range e.keys {
			if key == "price" {
				continue
			}
			w, known := new(table.Scope).Word(key)
			if v := item.Values[k]; !known || v.Kind != diag.Scalar || !isLimit(w) || i > 0 && l.word != w && l.named > 0 {
				return l, false
			}
			text = item.Values[k].Text
			l.word, l.named = w, l.named+1
		}
		if !l.add(s, limitRow{from: e.at, to: e.at + 1, text: text}) {
			return l, false
		}
	}
	return l, l.named > 0
}

// isLimit reports whether a word is a limit that can be put in order.
func isLimit(w table.Word) bool {
	switch w {
	case table.WordMinTotal, table.WordMaxTotal, table.WordMinWeight, table.WordMaxWeight, table.WordMinItems, table.WordMaxItems,
		table.WordMaxItemWeight, table.WordMaxItemLength, table.WordMaxItemGirth:
		return true
	default:
		return false
	}
}

// add adds a row whose limit can be read.
func (l *limited) add(s *table.Scope, r limitRow) bool {
	if r.text == "" || r.text == "any" {
		r.any = true
		l.rows = append(l.rows, r)
		return true
	}
	n := &diag.Node{Kind: diag.Scalar, Text: r.text}
	ok := false
	switch l.word {
	case table.WordMinTotal, table.WordMaxTotal:
		var m table.Money
		m, ok = s.Money(n)
		ok = ok && m.Currency == s.Currency
		r.value = int64(m.Amount)
	case table.WordMinItems, table.WordMaxItems:
		r.value, ok = s.Count(n)
	case table.WordMaxItemLength, table.WordMaxItemGirth:
		var v table.Length
		v, ok = s.Length(n)
		r.value = int64(v)
	default:
		var v table.Weight
		v, ok = s.Weight(n)
		r.value = int64(v)
	}
	l.rows = append(l.rows, r)
	return ok
}

// sort brings the rows into order and tells what that changes.
func (p *page) sort(l *limited) []Note {
	least := strings.HasPrefix(l.word.String(), "min_")
	order := slices.Clone(l.rows)
	slices.SortStableFunc(order, func(a, b limitRow) int {
		switch {
		case a.any || b.any:
			return cmp.Compare(btoi(a.any), btoi(b.any))
		case least:
			return cmp.Compare(b.value, a.value)
		default:
			return cmp.Compare(a.value, b.value)
		}
	})
	if slices.Equal(order, l.rows) {
		return nil
	}
	var moved []string
	for i := range order { // a row that now stands before one that took what it takes
		if slices.ContainsFunc(order[i+1:], func(r limitRow) bool { return r.from < order[i].from }) {
			moved = append(moved, order[i].text)
		}
	}
	from, to := l.rows[0].from, l.rows[len(l.rows)-1].to
	old := slices.Clone(p.lines)
	at := from
	for _, r := range order {
		at += copy(p.lines[at:to], old[r.from:r.to])
	}
	return []Note{{Line: l.line + 1, Message: fmt.Sprintf("rows sorted by %s: %s came too late before and decide from now on, so prices change", l.word, strings.Join(moved, ", "))}}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
