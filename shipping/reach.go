package shipping

import (
	"math"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// limit is the one upper limit of a row, if that is all that its condition says.
type limit struct {
	word     string         // max_weight, max_items or max_total; empty: the row has no limit
	value    int64          // in the unit of the word; math.MaxInt64: no limit
	currency table.Currency // of max_total
	text     string
	at       diag.Place
	only     bool // the condition says nothing else
}

// limitOf reads the limit of a row; at is where the row stands.
func limitOf(c *table.Condition, at diag.Place) limit {
	terms := c.Terms()
	switch {
	case len(terms) == 0:
		return limit{value: math.MaxInt64, at: at, only: true}
	case len(terms) > 1:
		return limit{}
	}
	t := &terms[0]
	lim := limit{word: t.Word.String(), value: t.Limit, text: t.Value(), at: t.ValueAt, only: true}
	switch t.Word {
	case table.WordMaxWeight, table.WordMaxItems:
		return lim
	case table.WordMaxTotal:
		if len(t.Money) == 1 {
			lim.value, lim.currency = int64(t.Money[0].Amount), t.Money[0].Currency
			return lim
		}
	}
	return limit{}
}

// reach finds out whether the first row that fits can be found by halving, and tells rows that an earlier one makes
// useless.
func (l *loader) reach(p *priceList, limits []limit) {
	word, currency := "", table.Currency("")
	for _, lim := range limits {
		if !lim.only {
			return
		}
		if lim.word == "" {
			continue
		}
		if word != "" && (lim.word != word || lim.currency != currency) {
			return
		}
		word, currency = lim.word, lim.currency
	}
	p.tiered = true
	top := map[table.Currency]int{} // row with the highest limit so far; "": in every currency
	for i, lim := range limits {
		if i > 0 && lim.value < limits[i-1].value {
			p.tiered = false
		}
		if at, taken := covered(&p.rows[i], lim, limits, top); taken {
			l.unreachable(lim, limits[at])
			continue
		}
		raise(&p.rows[i], i, limits, top)
	}
}

// covered reports whether an earlier row takes all that a row with that limit would take, in each of its currencies.
func covered(r *priceRow, lim limit, limits []limit, top map[table.Currency]int) (at int, taken bool) {
	if at, ok := top[""]; ok && limits[at].value >= lim.value {
		return at, true
	}
	for _, m := range rowMoney(r) {
		var ok bool
		if at, ok = top[m]; !ok || limits[at].value < lim.value {
			return 0, false
		}
		taken = true
	}
	return at, taken
}

// raise notes that row i takes all up to its limit in its currencies.
func raise(r *priceRow, i int, limits []limit, top map[table.Currency]int) {
	if len(r.price.From) > 0 {
		return
	}
	for _, c := range rowMoney(r) {
		if at, ok := top[c]; !ok || limits[at].value < limits[i].value {
			top[c] = i
		}
	}
}

// rowMoney lists the currencies of a row; "" stands for all, as a share of the goods and a `-` have, and a row of
// a table with columns, where the column names the currency.
func rowMoney(r *priceRow) []table.Currency {
	if r.cells != nil {
		return []table.Currency{""}
	}
	var list []table.Currency
	for i := range r.price.Values {
		if r.price.Values[i].kind != inMoney {
			return []table.Currency{""}
		}
		for _, m := range r.price.Values[i].money {
			list = append(list, m.Currency)
		}
	}
	return list
}

// unreachable warns of a row that an earlier one makes useless.
func (l *loader) unreachable(lim, earlier limit) {
	f := l.r.Warnf(codeUnreachable, lim.at, "this row can never be used")
	f.Cause = &diag.Cause{Place: earlier.at, Label: "every parcel up to " + earlier.text + " is taken here"}
	switch {
	case earlier.word == "":
		f.Cause.Label = "this row has no limit and takes everything"
		f.Label = "nothing gets this far"
		f.Help = "put the row without a limit last"
		return
	case lim.value == earlier.value:
		f.Label = lim.text + " is taken by the earlier row, so nothing gets this far"
	default:
		f.Label = lim.text + " is not over " + earlier.text + ", so nothing gets this far"
	}
	if lim.word != "max_weight" {
		f.Cause.Label = "everything up to " + earlier.text + " is taken here"
	}
	f.Help = "put lower limits first; `rules fmt` sorts a table that has one limit column"
}
