package shipping

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

// found is the price that a list gives. Without a row there is none.
type found struct {
	value order.Amount
	list  *priceList
	row   int // -1: no row fits
	col   int // of a list with columns, else -1
	off   bool
	truth table.Truth // Maybe: the row fits only some postcodes
}

// column returns the column for an address and a currency; Maybe where only some postcodes lead to it.
func (p *priceList) column(w table.Where, c table.Currency) (col int, t table.Truth) {
	for i := range p.index {
		if p.index[i].currency != c {
			continue
		}
		if col := p.index[i].first[w.Certain]; col >= 0 {
			return int(col), table.Yes
		}
		if col := p.index[i].first[w.Possible]; col >= 0 {
			return int(col), table.Maybe
		}
	}
	return -1, table.No
}

// find returns the first row that certainly fits and has money in the order's currency; where none is certain, the
// first that may fit.
func (p *priceList) find(f *table.Facts, goods order.Amount) (found, error) {
	best := found{list: p, row: -1, col: -1}
	most := table.Yes
	if p.cols != nil {
		best.col, most = p.column(f.Where, f.Currency)
		if most == table.No {
			return best, nil
		}
	}
	for i := p.start(f); i < len(p.rows); i++ {
		t := min(p.rows[i].when.Holds(f), most)
		if t == table.No || t == table.Maybe && best.row >= 0 {
			continue
		}
		hit, ok, err := p.rows[i].hit(best.col, f, goods)
		if err != nil {
			return best, err
		}
		if !ok || hit.off && t == table.Maybe {
			continue
		}
		hit.list, hit.row, hit.col, hit.truth = p, i, best.col, t
		if best = hit; t == most {
			return best, nil
		}
	}
	return best, nil
}

// hit reads the price of a row that fits; ok is false where it has none in the order's currency.
func (r *priceRow) hit(col int, f *table.Facts, goods order.Amount) (h found, ok bool, err error) {
	a, ok := r.amount(col, f.Day)
	if !ok {
		return h, false, nil
	}
	if a.kind == notOffered {
		h.off = true
		return h, true, nil
	}
	h.value, ok, err = a.in(f.Currency, goods)
	return h, ok, err
}

// start is the first row worth looking at: with limits that never fall, every row before it is too small and every
// one from it on fits.
func (p *priceList) start(f *table.Facts) int {
	if !p.tiered {
		return 0
	}
	lo, hi := 0, len(p.rows)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if p.rows[mid].when.Holds(f) == table.No {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// priced reports whether a list has any price in a currency for an address, whatever the cart.
func (p *priceList) priced(w table.Where, c table.Currency) bool {
	col := -1
	if p.cols != nil {
		if col, _ = p.column(w, c); col < 0 {
			return false
		}
	}
	for i := range p.rows {
		r := &p.rows[i]
		if col >= 0 {
			if r.cells[col].has(c) {
				return true
			}
			continue
		}
		for j := range r.price.Values {
			if r.price.Values[j].has(c) {
				return true
			}
		}
	}
	return false
}

// has reports whether a is money in a currency or a share.
func (a *amount) has(c table.Currency) bool {
	if a.kind == shareOfGoods {
		return true
	}
	_, ok := a.money.In(c)
	return ok
}
