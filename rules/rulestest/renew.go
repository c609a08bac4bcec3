package rulestest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

// renewal is a cell of a table with the text that would make its row pass.
type renewal struct {
	sheet    *table.Sheet
	row, col int // of the sheet, from 0
	text     string
}

// renewals are the numbers with which a failing row of a table would pass: prices, taxes and rates, and whether the option is
// offered at all. What else is expected stays as it is.
func (v *verdict) renewals() []renewal {
	if v.run.sheet == nil || v.run.want.row == nil || len(v.failures) == 0 || len(v.out.faults) > 0 {
		return nil
	}
	var list []renewal
	set := func(column, text string) {
		col := v.run.sheet.Column(column)
		if col < 0 || v.run.sheet.Rows[v.run.row][col].Text == text {
			return
		}
		list = append(list, renewal{v.run.sheet, v.run.row, col, text})
	}
	var o *order.ShippingOption
	if v.out.answer != nil {
		o = v.option(v.run.want.row.id)
	}
	if o == nil {
		set("price", "not offered")
		for _, column := range resultColumns() {
			if column != "price" && column != "option" {
				set(column, "")
			}
		}
		return list
	}
	if v.run.want.absent {
		set("price", bareMoney(o.Price, v.currency()))
		return list
	}
	v.renewFields(o, set)
	return list
}

// renewFields sets what an offered option has otherwise than the row expects.
func (v *verdict) renewFields(o *order.ShippingOption, set func(column, text string)) {
	for i := range v.run.want.row.fields {
		f := &v.run.want.row.fields[i]
		got := f.got(o, v.currency())
		if got == f.want {
			continue
		}
		if text, ok := v.renewed(f, got); ok {
			set(f.name, text)
		}
	}
}

// renewed writes a number in the style of the one that it takes the place of: with the currency or without, with a space before
// the sign of per cent or without.
func (v *verdict) renewed(f *wantField, got string) (string, bool) {
	old := v.run.sheet.Rows[v.run.row][v.run.sheet.Column(f.name)].Text
	switch f.name {
	case "price", "tax":
		bare := strings.TrimSuffix(got, " "+string(v.currency()))
		if number, found := strings.CutSuffix(old, string(v.currency())); found {
			return bare + number[len(strings.TrimRight(number, " ")):] + string(v.currency()), true
		}
		return bare, true
	case "tax_rate":
		if !strings.Contains(old, " ") {
			got = strings.ReplaceAll(got, " ", "")
		}
		return got, true
	default:
		return "", false
	}
}

// Renew returns a test file in which the tables of failing cases expect the numbers that came; renewed is how many cells are
// other ones. Comments, the order of rows and the columns' alignment stay; a column grows where a number needs more room, and no
// line is added or taken away. Where the file does not stand as it was run, nothing is renewed. data is not changed.
func (r *Result) Renew(data []byte) (out []byte, renewed int) {
	var sheets []*table.Sheet
	of := map[*table.Sheet][]renewal{}
	for i := range r.Cases {
		for _, n := range r.Cases[i].renewals {
			if len(of[n.sheet]) == 0 {
				sheets = append(sheets, n.sheet)
			}
			of[n.sheet] = append(of[n.sheet], n)
		}
	}
	lines := strings.Split(string(data), "\n")
	for _, s := range sheets {
		g, ok := gridOf(s, lines)
		if !ok {
			return slices.Clone(data), 0
		}
		for _, n := range of[s] {
			g.rows[n.row+1][n.col].renew(n.text)
		}
		g.fit()
		g.write(lines)
		renewed += len(of[s])
	}
	return []byte(strings.Join(lines, "\n")), renewed
}

// grid is a table as it stands in a file: the head and the rows, each cell with the blanks around it.
type grid struct {
	rows [][]room
	at   []int // index of the line of each row
}

// room is a cell with its blanks.
type room struct {
	text        string
	left, right int // blanks, in characters
	width       int // of the whole room
	renewed     bool
}

func (r *room) renew(text string) { r.text, r.renewed = text, true }

// gridOf takes a table apart; ok is false where the lines are not those that it was read from.
func gridOf(s *table.Sheet, lines []string) (g *grid, ok bool) {
	g = &grid{}
	for _, cells := range append([][]table.Cell{s.Head}, s.Rows...) {
		n := cells[0].Place.Line - 1
		if n < 0 || n >= len(lines) {
			return nil, false
		}
		parts := strings.Split(strings.TrimSuffix(lines[n], "\r"), "|")
		if len(parts) != len(cells) {
			return nil, false
		}
		row := make([]room, len(parts))
		for i, part := range parts {
			text := strings.TrimSpace(part)
			if text != cells[i].Text {
				return nil, false
			}
			left := len(part) - len(strings.TrimLeft(part, " \t"))
			if text == "" {
				left = min(left, 1)
			}
			width := utf8.RuneCountInString(part)
			row[i] = room{text: text, left: left, right: width - left - utf8.RuneCountInString(text), width: width}
		}
		g.rows, g.at = append(g.rows, row), append(g.at, n)
	}
	return g, true
}

// fit gives each text its blanks: a column whose texts ended at the same character does so afterwards too.
func (g *grid) fit() {
	last := len(g.rows[0]) - 1
	for col := 0; col <= last; col++ {
		right, wider := g.endsAlike(col), 0
		for i := range g.rows {
			wider = max(wider, g.rows[i][col].lacks(right, g.indent(col), col == last))
		}
		for i := range g.rows {
			g.rows[i][col].pad(right, wider)
			if r := &g.rows[i][col]; r.renewed && col == last && !right {
				r.right = 0
			}
		}
	}
}

// indent is how many blanks stand at least before a text of a column.
func (g *grid) indent(col int) int {
	if col > 0 {
		return 1
	}
	least := g.rows[0][0].left
	for i := range g.rows {
		least = min(least, g.rows[i][0].left)
	}
	return least
}

// endsAlike reports whether the texts of a column stand to the right: they begin at different characters and end at the same.
func (g *grid) endsAlike(col int) bool {
	starts, ends := map[int]bool{}, map[int]bool{}
	for _, r := range g.rows {
		if r[col].width == r[col].left+r[col].right { // an empty cell
			continue
		}
		starts[r[col].left] = true
		ends[r[col].width-r[col].right] = true
	}
	return len(ends) == 1 && len(starts) > 1
}

// lacks is by how many characters a room is too small for its text.
func (r *room) lacks(right bool, indent int, last bool) int {
	size := utf8.RuneCountInString(r.text)
	if right {
		return indent + size + r.right - r.width
	}
	if last {
		return 0 // there is no sign behind it
	}
	return r.left + size + min(r.right, 1) - r.width
}

// pad sets the blanks of a room that grows by some characters.
func (r *room) pad(right bool, wider int) {
	size := utf8.RuneCountInString(r.text)
	r.width += wider
	if right && size > 0 {
		r.left = r.width - size - r.right
		return
	}
	r.right = max(r.width-r.left-size, 0)
}

// write puts the table back into its lines.
func (g *grid) write(lines []string) {
	for i, row := range g.rows {
		var parts []string
		for _, r := range row {
			parts = append(parts, strings.Repeat(" ", r.left)+r.text+strings.Repeat(" ", r.right))
		}
		end := ""
		if strings.HasSuffix(lines[g.at[i]], "\r") {
			end = "\r"
		}
		lines[g.at[i]] = strings.Join(parts, "|") + end
	}
}
