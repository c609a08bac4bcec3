package lint

import (
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

func moneyText(n int64, c table.Currency) string {
	return table.Money{Amount: order.Amount(n), Currency: c}.String()
}

// tellColumns tells zone columns that share places: the left one wins there. A column for a part of the next one's places,
// written before it, is how an exception is made, and no mistake.
func (r *reach) tellColumns(p *shipping.PriceLayout, l *listReach) {
	for right := range p.Cols {
		for left := range right {
			a, b := p.Cols[left], p.Cols[right]
			if a.Currency != b.Currency || a.Everywhere || b.Everywhere {
				continue
			}
			if both, onlyA, onlyB := r.shares(a.Zone, b.Zone); both != nil && (onlyA || !onlyB) {
				r.tellOverlap(p, l, [2]int{left, right}, both)
				break
			}
		}
	}
}

// shares looks at all addresses that the option lets in: one that is in both zones, and whether some are in one only. An
// address with a postcode and a region is not asked for both: the two may contradict each other.
func (r *reach) shares(a, b table.ZoneID) (both *table.AddressKind, onlyA, onlyB bool) {
	zones := r.places.zones
	for i := range r.places.kinds {
		k := &r.places.kinds[i]
		if !r.words.unknown && !r.words.admitted[i] {
			continue
		}
		inA, inB := zones.Has(k.Where.Certain, a), zones.Has(k.Where.Certain, b)
		switch {
		case inA && inB && both == nil && (k.Postcode == "" || k.Region == ""):
			both = k
		case inA && !zones.Has(k.Where.Possible, b):
			onlyA = true
		case inB && !zones.Has(k.Where.Possible, a):
			onlyB = true
		}
	}
	return both, onlyA, onlyB
}

func (r *reach) tellOverlap(p *shipping.PriceLayout, l *listReach, cols [2]int, k *table.AddressKind) {
	zones := r.places.zones
	left, right := zones.Name(p.Cols[cols[0]].Zone), zones.Name(p.Cols[cols[1]].Zone)
	at := p.Rows[0].Cells[cols[1]].At
	f := r.r.Warnf(codeColumns, at, "the columns `%s` and `%s` share places, e.g. %s: there `%s` wins", left, right, placeText(k), left)
	f.Label = "not charged in places that are in `" + left + "` too"
	f.Help = "let one zone leave out the other: except: " + left + "; or put the narrower column first"
	f.Cause = &diag.Cause{Place: p.Rows[0].Cells[cols[0]].At, Label: "the left one"}
	if !l.unknown && !l.colUsed[cols[1]] {
		f.Message = "the column `" + right + "` is never used: all its places are in columns before it, e.g. in `" + left + "`"
		f.Label = "no order is ever charged these prices"
		f.Help = "put the narrower zone first"
	}
}

// placeText writes an address.
func placeText(k *table.AddressKind) string {
	text := k.Country
	if k.Region != "" && k.Region != table.OtherRegion {
		text += "-" + k.Region
	}
	if k.Postcode != "" {
		text += " " + k.Postcode
	}
	return text
}

// tellMissing tells rows that lack a currency in which other orders to the same places have a price.
func (r *reach) tellMissing(p *shipping.PriceLayout, l *listReach) {
	if l.unknown {
		return
	}
	var told []missing
	for _, m := range l.missing {
		if slices.ContainsFunc(told, func(o missing) bool { return o.row == m.row && o.currency == m.currency }) {
			continue
		}
		told = append(told, m)
	}
	slices.SortFunc(told, func(a, b missing) int { return a.row - b.row })
	for _, m := range told {
		at := rowPlace(p, m.row)
		if values := p.Rows[m.row].Price.Values; len(values) > 0 {
			at = values[0].At
		}
		f := r.r.Warnf(codeCurrency, at, "this row has no price in %s, other rows have", m.currency)
		f.Label = "an order in " + string(m.currency) + " that fits here finds no price"
		f.Help = "add one, e.g. [49.00, … " + string(m.currency) + "]; or write a row `currency: " + string(m.currency) + "` with the price `-`"
		f.Notes = []string{"such a buyer does not see `" + r.o.ID + "`"}
	}
}
