package shipping

import (
	"github.com/kvitto/kvitto/rules/diag"
)

// Row is an amount of a table that a test can use: a price, a `-`, a supplement, free_from, a bound, round. Place is the
// one that the story of an answer gives where the row decided (rules.Step).
type Row struct {
	Option string // id
	Kind   string // price, surcharge, free_from, min_price, max_price, round
	Place  diag.Place
}

// Rows lists the rows of all options that are not off, in file order, those of other days too. A place that several
// options share, by defaults, is listed for each.
func (t *Table) Rows() []Row {
	var rows []Row
	for i := range t.options {
		if o := &t.options[i]; !o.off {
			rows = o.rows(rows, t.exclTax)
		}
	}
	return rows
}

func (o *option) rows(rows []Row, exclTax bool) []Row {
	add := func(kind string, at diag.Place) { rows = append(rows, Row{Option: o.id, Kind: kind, Place: at}) }
	for _, list := range o.price.Values {
		list.eachAmount(func(a *amount) { add("price", a.place) })
	}
	for i := range o.surcharges {
		for j := range o.surcharges[i].add.Values {
			add("surcharge", o.surcharges[i].add.Values[j].place)
		}
	}
	if o.minPrice != nil {
		add("min_price", o.minPrice.at)
	}
	if o.maxPrice != nil {
		add("max_price", o.maxPrice.at)
	}
	if o.free != nil {
		add("free_from", o.free.at)
	}
	if o.round != nil && !exclTax {
		add("round", o.round.at)
	}
	return rows
}

// eachAmount visits every cell of a price list, row by row.
func (p *priceList) eachAmount(visit func(*amount)) {
	for i := range p.rows {
		r := &p.rows[i]
		for j := range r.cells {
			visit(&r.cells[j])
		}
		for j := range r.price.Values {
			visit(&r.price.Values[j])
		}
	}
}
