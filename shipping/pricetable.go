package shipping

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// priceCol is a price column: of a zone, or of every address.
type priceCol struct {
	zone       table.ZoneID
	everywhere bool
	currency   table.Currency
}

// column is a column of a sheet while it is read.
type column struct {
	word  string // a condition word; empty: a price column
	price priceCol
	head  table.Cell
	coded bool // the head names a currency
}

// priceSheet parses {table: |}, {csv: file} and {csv: workbook, sheet: name}.
func (l *loader) priceSheet(n *diag.Node) *priceList {
	if !diag.Fields(n, "a price", append([]string{"table"}, table.SourceKeys()...), l.r) {
		return nil
	}
	pipe, csv := n.Get("table"), n.Get("csv")
	var sheet *table.Sheet
	ok := false
	switch {
	case (pipe != nil) == (csv != nil):
		f := l.r.Errorf(diag.CodeShape, n.Place, "a price has `table` or `csv`, not both")
		f.Help = "keep one of them"
		if pipe == nil {
			f.Message, f.Help = "this price is empty", "write 49.00, rows, {table: |} or {csv: rates.csv}"
		}
		return nil
	case pipe != nil:
		sheet, ok = table.PipeTable(pipe, l.r)
	case csv != nil:
		sheet, ok = l.sideSheet(n)
	}
	if !ok || sheet == nil {
		return nil
	}
	return l.compileSheet(sheet, n)
}

// sideSheet reads the side file that a map names.
func (l *loader) sideSheet(n *diag.Node) (*table.Sheet, bool) {
	src, ok := table.SourceOf(n, l.r)
	if !ok {
		return nil, false
	}
	return table.ReadSheet(l.fsys, src, l.r)
}

func (l *loader) compileSheet(sheet *table.Sheet, n *diag.Node) *priceList {
	cols, ok := l.columnsOf(sheet)
	if !ok || !sheet.PointDecimals(l.scope, numberColumns(cols)...) {
		return nil
	}
	p := &priceList{}
	var limits []limit
	for _, cells := range sheet.Rows {
		row, lim, okRow := l.sheetRow(cols, cells, n.Path)
		if ok = ok && okRow; okRow {
			p.rows, limits = append(p.rows, row), append(limits, lim)
		}
	}
	if !ok || len(p.rows) == 0 {
		return nil
	}
	if prices := priceColumns(cols); p.rows[0].cells != nil {
		p.cols, p.index = prices, l.columnIndex(prices)
	}
	l.reach(p, limits)
	return p
}

// numberColumns are the columns that hold no names.
func numberColumns(cols []column) []int {
	var list []int
	for i, c := range cols {
		if !slices.Contains(nameWords(), c.word) {
			list = append(list, i)
		}
	}
	return list
}

func priceColumns(cols []column) []priceCol {
	var list []priceCol
	for _, c := range cols {
		if c.word == "" {
			list = append(list, c.price)
		}
	}
	return list
}

// single reports whether the only price column is `price`: its cells may then name their own currency.
func single(cols []column) bool {
	list := priceColumns(cols)
	return len(list) == 1 && list[0].everywhere
}

// sheetRow compiles a row: the condition cells become a map as a person would have written it.
func (l *loader) sheetRow(cols []column, cells []table.Cell, path string) (priceRow, limit, bool) {
	m := &diag.Node{Kind: diag.Map, Place: cells[0].Place, Path: path}
	row := priceRow{}
	good := true
	for i, c := range cols {
		cell := cells[i]
		if c.word == "" {
			a, ok := l.cellAmount(c, cell, single(cols), path)
			row.cells, good = append(row.cells, a), good && ok
			continue
		}
		if cell.Text != "" && cell.Text != "any" {
			m.Keys = append(m.Keys, &diag.Node{Text: c.word, Place: cell.Place, Path: path})
			m.Values = append(m.Values, cellNode(c.word, cell, path))
		}
	}
	var ok bool
	row.when, ok = l.scope.Condition(m, "a row of a price list", nil)
	if single(cols) && good {
		row.price, row.cells = table.Always(row.cells[0], row.cells[0].place), nil
	}
	return row, limitOf(&row.when, m.Place), good && ok
}

// cellNode makes a node of a cell; several names in a cell are parted by commas.
func cellNode(word string, cell table.Cell, path string) *diag.Node {
	if !slices.Contains(nameWords(), word) || !strings.Contains(cell.Text, ",") {
		return &diag.Node{Text: cell.Text, Place: cell.Place, Path: path}
	}
	list := &diag.Node{Kind: diag.List, Place: cell.Place, Path: path}
	for _, name := range strings.Split(cell.Text, ",") {
		list.Items = append(list.Items, &diag.Node{Text: strings.TrimSpace(name), Place: cell.Place, Path: path})
	}
	return list
}

// cellAmount parses a price cell.
func (l *loader) cellAmount(c column, cell table.Cell, free bool, path string) (amount, bool) {
	switch {
	case cell.Text == "-":
		return amount{kind: notOffered, place: cell.Place}, true
	case strings.HasSuffix(cell.Text, ofGoods):
		return l.share(cell.Text, cell.Place, path)
	case !strings.ContainsAny(cell.Text, "0123456789"):
		f := l.r.Errorf(codeCell, cell.Place, "`%s` is not an amount of money", cell.Text)
		if cell.Text == "" {
			f.Message = "this price is empty"
		}
		f.Label = "in the price column `" + c.head.Text + "`"
		f.Help = "write an amount like 49.00, or - where it is not offered"
		return amount{}, false
	}
	m, ok := l.scope.MoneyText(cell.Text, c.price.currency, cell.Place)
	if !ok {
		return amount{}, false
	}
	if m.Currency != c.price.currency && (!free || c.coded) {
		l.foreignCell(c, cell, m)
		return amount{}, false
	}
	return amount{money: table.MoneyList{m}, place: cell.Place}, true
}

// foreignCell tells a cell whose currency is not its column's.
func (l *loader) foreignCell(c column, cell table.Cell, m table.Money) {
	own := c.price.currency
	f := l.r.Errorf(codeCurrency, cell.Place, "`%s` is in %s, the column `%s` is in %s", cell.Text, m.Currency, c.head.Text, own)
	f.Label = "a column has one currency"
	bare := strings.TrimSpace(strings.TrimSuffix(cell.Text, string(m.Currency)))
	name, _ := l.headParts(c.head.Text)
	f.Help = "write " + bare + " if it is " + string(own) + ", or give " + string(m.Currency) + " a column: " + name + " " + string(m.Currency)
	f.Notes = []string{"no order in " + string(m.Currency) + " would ever look into this column"}
	f.Cause = &diag.Cause{Place: c.head.Place, Label: "this column is in " + string(own)}
}
