package rulestest

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// inputColumns are the columns of a table that say something about the question.
func inputColumns() []string {
	return []string{"to", "weight", "total", "items", "size", "sku", "tags", "category", "type", "discount", "currency", "language",
		"customer", "vat_id", "group", "coupon", "tag", "now", "choose"}
}

// resultColumns are those that say something about the option.
func resultColumns() []string {
	return []string{"option", "price", "tax", "tax_rate", "method", "preselected", "name"}
}

// table reads a case with a table: one run for each row.
func (p *parser) table(n *diag.Node, c *testCase) {
	sheet, ok := table.PipeTable(n.Get("table"), p.r)
	if !ok || !p.head(n, sheet) {
		return
	}
	for i, row := range sheet.Rows {
		r, ok := p.row(n, sheet, row, i+1)
		r.sheet, r.row = sheet, i
		c.add(r, ok)
	}
}

// head checks the columns.
func (p *parser) head(n *diag.Node, sheet *table.Sheet) bool {
	known := append(inputColumns(), resultColumns()...)
	ok := true
	for _, cell := range sheet.Head {
		switch {
		case !slices.Contains(known, cell.Text):
			f := p.r.Errorf(codeColumn, cell.Place, "there is no column `%s` in a test", cell.Text)
			f.Help = "possible are " + strings.Join(known, ", ")
			f.Fix = diag.Suggest(cell.Text, known)
			ok = false
		case n.Get("order") != nil && slices.Contains(inputColumns(), cell.Text) && !beside(cell.Text):
			f := p.r.Errorf(codeTogether, cell.Place, "the recorded order says `%s` itself", cell.Text)
			f.Help = "leave the column out"
			ok = false
		}
	}
	if sheet.Column("price") < 0 {
		f := p.r.Errorf(codeNoPrice, sheet.Head[0].Place, "the table has no column `price`")
		f.Help = "write in it what the option should cost, or `not offered`"
		ok = false
	}
	if n.Get("option") == nil && sheet.Column("option") < 0 {
		f := p.r.Errorf(diag.CodeMissingKey, n.Place, "a test case with a table needs `option`")
		f.Help = "name the option whose prices the table lists, or give the table a column `option`"
		ok = false
	}
	return ok
}

// row makes a run of a row. An empty cell says nothing: then the case and the defaults count.
func (p *parser) row(n *diag.Node, sheet *table.Sheet, row []table.Cell, number int) (run, bool) {
	cells := map[string]*diag.Node{}
	var said []string
	for i, head := range sheet.Head {
		if row[i].Text == "" {
			continue
		}
		cells[head.Text] = cellNode(head.Text, row[i])
		switch head.Text {
		case "weight", "total":
			said = append(said, row[i].Text)
		default:
			if slices.Contains(inputColumns(), head.Text) {
				said = append(said, head.Text+" "+row[i].Text)
			}
		}
	}
	b := builder{p: p, src: source{cells: cells, node: n, p: p}, r: new(diag.Report)}
	in, ok := b.input()
	want, good := b.rowWants(row[0].Place)
	p.collect(b.r)
	label := "row " + itoa(number)
	if len(said) > 0 {
		label += ": " + strings.Join(said, ", ")
	}
	return run{in: in, label: label, at: row[0].Place, want: want}, ok && good
}

// cellNode is a cell as a value; columns with names may hold several, parted by commas.
func cellNode(column string, c table.Cell) *diag.Node {
	n := c.Node()
	switch column {
	case "tags", "tag", "coupon":
	default:
		return n
	}
	if !strings.Contains(c.Text, ",") {
		return n
	}
	list := &diag.Node{Kind: diag.List, Place: c.Place}
	for part := range strings.SplitSeq(c.Text, ",") {
		item := *n
		item.Text = strings.TrimSpace(part)
		list.Items = append(list.Items, &item)
	}
	return list
}

// rowWants reads what a row expects of its option.
func (b *builder) rowWants(at diag.Place) (want expectation, ok bool) {
	id := b.src.get("option")
	if id == nil {
		b.r.Errorf(diag.CodeMissingKey, at, "this row names no option").Help = "write its id in the column `option`"
		return want, false
	}
	if !diag.WantText(id, "`option`", b.r) || !b.optionID(id, strings.TrimSpace(id.Text)) {
		return want, false
	}
	want.row = &wantOption{id: strings.TrimSpace(id.Text)}
	price := b.src.cells["price"]
	switch {
	case price == nil:
		b.r.Errorf(codeNoPrice, at, "this row says nothing about the price").Help = "write a price or `not offered`"
	case price.Text == "not offered" || price.Text == "-":
		want.absent = true
		b.saysNothing()
		return want, !b.r.Failed()
	}
	for _, key := range resultColumns() {
		if n := b.src.cells[key]; n != nil {
			if f, ok := b.field(key, n); ok {
				want.row.fields = append(want.row.fields, f)
			}
		}
	}
	return want, !b.r.Failed()
}

// saysNothing tells what a row says about an option that is not offered.
func (b *builder) saysNothing() {
	for _, key := range resultColumns() {
		n := b.src.cells[key]
		if n == nil || key == "option" || n.Text == "-" || n.Text == "not offered" && key == "price" {
			continue
		}
		f := b.r.Errorf(codeTogether, n.Place, "an option that is not offered has no `%s`", key)
		f.Help = "leave the cell empty"
	}
}
