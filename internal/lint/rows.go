package lint

import (
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// tellNever tells an option that no order whatever is offered, or none whose place is known.
func (r *reach) tellNever() bool {
	if r.unknown || r.words.unknown || r.known || len(r.lists) == 0 {
		return false
	}
	f := r.r.Warnf(codeNever, r.o.At, "the option `%s` can never be offered", r.o.ID)
	f.Label = "no order gets through its conditions and finds a price"
	f.Help = "look at its words together: to, not_to, when, unless, from, until and the rows of its price;\n" +
		"if it is meant to rest, write off: yes"
	f.Notes = []string{"no buyer ever sees it, whatever it costs"}
	if r.anyOffer {
		f.Message = "the option `" + r.o.ID + "` is offered only while the postcode is not known"
		f.Notes = []string{"it vanishes as soon as the buyer has given a postcode, whichever it is"}
	}
	if cause := r.contradiction(); cause != nil {
		f.Cause = cause
	}
	return true
}

// contradiction finds a single place that explains why an option is never offered: the words that let nobody in.
func (r *reach) contradiction() *diag.Cause {
	w := r.words
	switch {
	case w.admits:
		return &diag.Cause{Place: r.o.Prices[0].At, Label: "no row of this price fits an order that is let in"}
	case len(r.o.When) > 0 && !slices.Contains(w.whenHolds, true):
		return &diag.Cause{Place: placeOf(r.o.When[0].Terms(), r.o.At), Label: "contradicts the other words of the option"}
	}
	for i := range r.o.Gates {
		if w.gateMatters[i] {
			return &diag.Cause{Place: placeOf(r.o.Gates[i].Terms(), r.o.At), Label: "keeps out every order that the other words let in"}
		}
	}
	return nil
}

// tellRows tells the rows of a price list that decide nothing.
func (r *reach) tellRows(p *shipping.PriceLayout, l *listReach) {
	for i, used := range l.used {
		if used && (l.unknown || l.known[i]) {
			continue
		}
		at := rowPlace(p, i)
		if !r.first(codeRow, at) {
			continue
		}
		if used {
			f := r.r.Warnf(codeRow, at, "this row is used only while the postcode is not known")
			f.Label = "earlier rows take every order with a postcode"
			f.Help = "take the row away, or say in its words for whom it is"
			f.Notes = []string{"nobody ever pays its price: it gives way to another one as soon as the buyer has given a postcode"}
			continue
		}
		f := r.r.Warnf(codeRow, at, "this row can never be used")
		if !l.fits[i] {
			f.Label = "no order that gets this far can fit it"
			f.Help = "compare it with the words of the option: " + r.gateWords() + "; take the row away, or mend one of them"
			f.Notes = []string{"its price is never charged"}
			continue
		}
		r.taken(f, p, l, i)
	}
}

// taken says which rows take what a row would take.
func (r *reach) taken(f *diag.Finding, p *shipping.PriceLayout, l *listReach, i int) {
	f.Label, f.Help = "every order that fits it is taken by an earlier row", "put the narrower row first, or take it away"
	f.Notes = []string{"its price is never charged; the earlier row's is"}
	at := l.taker[i]
	if at < 0 {
		return
	}
	f.Cause = &diag.Cause{Place: rowPlace(p, at), Label: "taken here"}
	switch n := l.takers[i] - 1; {
	case n == 1:
		f.Cause.Label = "taken here and by 1 more row"
	case n > 1:
		f.Cause.Label = fmt.Sprintf("taken here and by %d more rows", n)
	}
}

// gateWords lists the words that decide whether the option is offered.
func (r *reach) gateWords() string {
	text := ""
	add := func(c *table.Condition) {
		for _, t := range c.Terms() {
			if text != "" {
				text += ", "
			}
			text += t.String()
		}
	}
	for _, cs := range [][]table.Condition{r.o.Gates, r.o.When, r.o.Unless} {
		for i := range cs {
			add(&cs[i])
		}
	}
	if text == "" {
		return "it has none, so the row contradicts itself"
	}
	return text
}

// rowPlace is where a row is told about: its first limit, else its price.
func rowPlace(p *shipping.PriceLayout, i int) diag.Place {
	row := &p.Rows[i]
	if terms := row.When.Terms(); len(terms) > 0 {
		return terms[0].ValueAt
	}
	at := p.At
	if len(row.Cells) > 0 {
		at = row.Cells[0].At
	} else if len(row.Price.Values) > 0 {
		at = row.Price.Values[0].At
	}
	return at
}

// tellGaps tells stretches of weight, pieces or value without a price, between others that have one.
func (r *reach) tellGaps(p *shipping.PriceLayout, l *listReach) {
	if l.unknown {
		return
	}
	for _, g := range l.gaps {
		from, to := g.text()
		f := r.r.Warnf(codeGap, p.At, "`%s` has no price %s, but has one below and above", r.o.ID, g.between())
		f.Label = "no row fits from " + from + " to " + to
		f.Help = "widen the row below or the one above; if nothing is to be offered there, say so with a row whose price is `-`"
		f.Notes = []string{"buyers with such a cart do not see the option"}
	}
}

// text writes the ends of a gap, both included.
func (g *gap) text() (from, to string) {
	switch g.fact {
	case byWeight:
		return table.Weight(g.lo).String(), table.Weight(g.hi).String()
	case byTotal:
		return moneyText(g.lo, g.currency), moneyText(g.hi, g.currency)
	default:
		return fmt.Sprint(g.lo), fmt.Sprint(g.hi)
	}
}

// between says where a gap is, as a person would.
func (g *gap) between() string {
	switch g.fact {
	case byWeight:
		return "over " + table.Weight(g.lo-1).String() + " and below " + table.Weight(g.hi+1).String()
	case byTotal:
		return "over " + moneyText(g.lo-1, g.currency) + " and below " + moneyText(g.hi+1, g.currency)
	default:
		return fmt.Sprintf("from %d to %d items", g.lo, g.hi)
	}
}

// tellFalling tells a ladder of weights on which a heavier parcel costs less than a lighter one: usually two rows or two
// prices have been exchanged.
func (r *reach) tellFalling(p *shipping.PriceLayout) {
	for i := 1; i < len(p.Rows); i++ {
		low, high := onlyWeight(p.Rows[i-1].When), onlyWeight(p.Rows[i].When)
		if low == nil || high == nil || high.Limit <= low.Limit {
			continue
		}
		if a, b := fallen(&p.Rows[i-1], &p.Rows[i]); a != nil {
			f := r.r.Warnf(codeFalling, b.At, "the heavier parcel costs less: %s up to %s, %s up to %s", a.Money, low.Value(), b.Money, high.Value())
			f.Cause = &diag.Cause{Place: a.At, Label: "the lighter one"}
			f.Label, f.Help = "the heavier one", "are the two prices exchanged?"
		}
	}
}

// onlyWeight returns the limit of a row that has no other.
func onlyWeight(c *table.Condition) *table.Term {
	if terms := c.Terms(); len(terms) != 1 || terms[0].Word != table.WordMaxWeight {
		return nil
	}
	return c.Term(table.WordMaxWeight)
}

// fallen returns the prices of two rows where the second is lower in the same currency.
func fallen(low, high *shipping.RowLayout) (a, b *shipping.AmountLayout) {
	pairs := min(len(low.Cells), len(high.Cells))
	for i := range pairs {
		if a, b := &low.Cells[i], &high.Cells[i]; cheaper(b.Money, a.Money) {
			return a, b
		}
	}
	if len(low.Price.Values) == 1 && len(high.Price.Values) == 1 {
		if a, b := &low.Price.Values[0], &high.Price.Values[0]; cheaper(b.Money, a.Money) {
			return a, b
		}
	}
	return nil, nil
}

// cheaper reports whether an amount is lower in some currency that both have.
func cheaper(a, than table.MoneyList) bool {
	for _, m := range a {
		if other, ok := than.In(m.Currency); ok && m.Amount < other {
			return true
		}
	}
	return false
}
