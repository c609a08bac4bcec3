package shipping

import (
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// priceList is what every shape of price becomes: rows in order, of which the first that fits decides.
type priceList struct {
	rows   []priceRow
	cols   []priceCol // price columns; none: each row has its own price
	index  []colIndex // of cols, one per currency
	tiered bool       // one upper limit that never falls from row to row: the first row is found by halving
}

// priceRow is one row. Without columns its price is price, else cells holds one per column.
type priceRow struct {
	when  table.Condition
	price table.Dated[amount]
	cells []amount
}

// amount returns what a row says on a day, in a column where there are columns.
func (r *priceRow) amount(col int, day table.Date) (a *amount, ok bool) {
	if r.cells != nil {
		return &r.cells[col], true
	}
	if i := r.price.Index(day); i >= 0 {
		return &r.price.Values[i], true
	}
	return nil, false
}

// price parses the value of an option's price: one of the four shapes, or a map from dates to them.
func (l *loader) price(n *diag.Node) table.Dated[*priceList] {
	d, _ := dated(l, n, func(n *diag.Node) (*priceList, bool) {
		p := l.priceShape(n)
		return p, p != nil
	})
	return d
}

// priceShape parses money, a list of money, rows, or a table; nil after a fault.
func (l *loader) priceShape(n *diag.Node) *priceList {
	switch {
	case n.Kind == diag.List && slices.ContainsFunc(n.Items, isMap):
		return l.priceRows(n)
	case n.Kind != diag.Map:
		a, ok := l.priceAmount(n)
		if !ok {
			return nil
		}
		return &priceList{rows: []priceRow{{price: table.Always(a, a.place)}}}
	case slices.ContainsFunc(n.Keys, func(k *diag.Node) bool { return k.Text == "price" || l.isWord(k.Text) }):
		return l.priceRows(&diag.Node{Kind: diag.List, Items: []*diag.Node{n}, Place: n.Place, Path: n.Path})
	default:
		return l.priceSheet(n)
	}
}

func isMap(n *diag.Node) bool { return n.Kind == diag.Map }

// priceAmount parses an amount or `-`, which is not offered.
func (l *loader) priceAmount(n *diag.Node) (amount, bool) {
	if n.Kind == diag.Scalar && n.Text == "-" {
		return amount{kind: notOffered, place: n.Place}, true
	}
	return l.amountOf(n)
}

// priceRows parses a list of rows.
func (l *loader) priceRows(n *diag.Node) *priceList {
	p := &priceList{}
	var limits []limit
	good := true
	for _, item := range n.Items {
		if item.Kind != diag.Map {
			f := l.r.Errorf(diag.CodeShape, item.Place, "a price list has rows here, `%s` is not one", item.Text)
			f.Help = "write - {price: " + item.Text + "}"
			good = false
			continue
		}
		row, lim, ok := l.priceRow(item)
		if good = good && ok; ok {
			p.rows, limits = append(p.rows, row), append(limits, lim)
		}
	}
	if !good {
		return nil
	}
	l.reach(p, limits)
	return p
}

// priceRow parses condition words and a price.
func (l *loader) priceRow(n *diag.Node) (priceRow, limit, bool) {
	when, ok := l.scope.Condition(n, "a price row", []string{"price"})
	v := n.Get("price")
	if v == nil {
		f := l.r.Errorf(diag.CodeMissingKey, n.Place, "this row has no `price`")
		f.Help = "add price: 49.00, or price: \"-\" where it is not offered"
		return priceRow{}, limit{}, false
	}
	price, okPrice := dated(l, v, l.priceAmount)
	row := priceRow{when: when, price: price}
	return row, limitOf(&row.when, n.Place), ok && okPrice
}

// currencies lists the currencies that a list has prices in; all is true where a row is a share of the goods.
func (p *priceList) currencies() (list []table.Currency, all bool) {
	add := func(a *amount) {
		all = all || a.kind == shareOfGoods
		for _, m := range a.money {
			if !slices.Contains(list, m.Currency) {
				list = append(list, m.Currency)
			}
		}
	}
	for i := range p.rows {
		for j := range p.rows[i].cells {
			add(&p.rows[i].cells[j])
		}
		for j := range p.rows[i].price.Values {
			add(&p.rows[i].price.Values[j])
		}
	}
	return list, all
}
