package tax

import (
	"cmp"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// baseLine is a line that may be taxed.
type baseLine struct {
	value   order.Amount // after discounts, never below zero
	taxable bool
	goods   bool // no surcharge: discounts and freight are spread over it
}

// base is what an order is taxed on.
type base struct {
	t   *Table
	st  *taxState
	q   *rules.Query
	day table.Date

	lines    []baseLine
	off      order.Amount // discount lines, without sign
	kept     order.Amount // freight lines of the shop's own
	taxable  order.Amount // goods, after discounts
	exempt   order.Amount // goods, after discounts
	shipping order.Amount // the taxable part of the freight
}

// read sorts the lines that stay into goods, surcharges, discounts and freight. Gift cards and store credit pay, so they do
// not lower the base. A line below zero that is no discount counts as one.
func (b *base) read() error {
	tags := b.q.LineTags()
	for i := range b.q.Lines {
		l := &b.q.Lines[i]
		kind, tagged := l.Kind(), tags.Of(i)
		var err error
		switch {
		case kind == order.ShippingFee:
			b.kept, err = pricing.Add(b.kept, max(l.TotalAmount, 0))
		case kind == order.Discount || (l.Goods() || kind == order.Surcharge) && l.TotalAmount < 0:
			b.off, err = pricing.Sub(b.off, l.TotalAmount)
		case l.Goods() || kind == order.Surcharge:
			b.lines = append(b.lines, baseLine{l.TotalAmount, b.isTaxable(i, l, tagged), l.Goods()})
		}
		if err != nil {
			return err
		}
	}
	if err := b.discount(); err != nil {
		return err
	}
	return b.sum()
}

// isTaxable reports whether no exemption frees a line.
func (b *base) isTaxable(i int, l *order.Line, tags []string) bool {
	set := b.t.classes.In(b.q, l, tags)
	for _, x := range b.st.exempt {
		if x.frees(b, set, l) {
			b.explainExempt(i, l, x)
			return false
		}
	}
	b.explainTaxable(i, l)
	return true
}

// frees reports whether an exemption holds for a line; limits look at the price of a piece after the line's own discount.
// Without a limit in the order's currency nothing is freed.
func (x *exemption) frees(b *base, set table.ClassSet, l *order.Line) bool {
	if x.classes&set == 0 || b.day < x.from || b.day > x.until {
		return false
	}
	if !x.limited {
		return true
	}
	list, _ := x.below.At(b.day)
	limit, ok := list.In(table.Currency(b.q.Currency))
	return ok && pieceValue(l) < limit
}

// discount spreads the discounts over all goods in proportion to their totals, taxable or not, by largest remainder. Ties
// go to the dearer line, then to the taxable one, so that the order of the lines does not count. A discount larger than the
// goods ends with them.
func (b *base) discount() error {
	if b.off <= 0 {
		return nil
	}
	var whole order.Amount
	at := make([]int, 0, len(b.lines))
	for i := range b.lines {
		if l := &b.lines[i]; l.goods && l.value > 0 {
			var err error
			if whole, err = pricing.Add(whole, l.value); err != nil {
				return err
			}
			at = append(at, i)
		}
	}
	if whole == 0 {
		return nil
	}
	slices.SortStableFunc(at, func(i, k int) int {
		x, y := &b.lines[i], &b.lines[k]
		return cmp.Or(cmp.Compare(y.value, x.value), cmp.Compare(taxableFirst(x), taxableFirst(y)))
	})
	weights := make([]int64, len(at))
	for k, i := range at {
		weights[k] = int64(b.lines[i].value)
	}
	parts, err := pricing.Split(min(b.off, whole), weights)
	if err != nil {
		return err
	}
	for k, i := range at {
		b.lines[i].value -= parts[k]
	}
	return nil
}

func taxableFirst(l *baseLine) int {
	if l.taxable {
		return 0
	}
	return 1
}

// sum adds up the goods after discounts.
func (b *base) sum() (err error) {
	for i := range b.lines {
		l := &b.lines[i]
		switch {
		case !l.goods:
		case l.taxable:
			b.taxable, err = pricing.Add(b.taxable, l.value)
		default:
			b.exempt, err = pricing.Add(b.exempt, l.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// freight sets the part of the freight that is taxed. It follows the goods by their value after discounts; over goods of
// no value it is taxed where some of them are taxable.
func (b *base) freight(paid *rules.Paid) error {
	freight := b.kept
	if paid.Chosen {
		var err error
		if freight, err = pricing.Add(freight, paid.Price); err != nil {
			return err
		}
	}
	at := max(b.st.freight.Index(b.day), 0)
	word := b.st.freight.Values[at]
	switch {
	case word == freightAll:
		b.shipping = freight
	case word == freightNone:
	case b.taxable == 0 && b.exempt == 0:
		if slices.ContainsFunc(b.lines, func(l baseLine) bool { return l.goods && l.taxable }) {
			b.shipping = freight
		}
	default:
		parts, err := pricing.Split(freight, []int64{int64(b.taxable), int64(b.exempt)})
		if err != nil {
			return err
		}
		b.shipping = parts[0]
	}
	b.explainFreight(freight, word, b.st.freight.Places[at])
	return nil
}

// taxLines appends the lines of the tax.
func (b *base) taxLines(lines []order.Line) ([]order.Line, error) {
	rate, at, ok := b.t.sales.rates(b.st, &b.q.Destination, b.day)
	if !ok {
		b.explain("no rate of US-"+b.st.code+" holds on this day yet", at)
		return lines, nil
	}
	single := b.t.sales.single
	if single {
		rate = levels{rate.sum()}
	}
	for i, p := range rate {
		if p == 0 {
			continue
		}
		on, tax, err := b.tax(p)
		if err != nil {
			return nil, err
		}
		b.explainTax(i, p, on, tax, at)
		if tax == 0 {
			continue
		}
		reference, name := levelText(i, single, b.q.Language)
		lines = append(lines, order.Line{Type: order.SalesTax, Reference: reference, Name: name, Quantity: 1, UnitPrice: tax, TotalAmount: tax})
	}
	return lines, nil
}

// tax is the tax at a rate, half away, and what it is taken from: of the whole, or of each line and the freight.
func (b *base) tax(p table.Percent) (on, tax order.Amount, err error) {
	each := func(value order.Amount) error {
		if on, err = pricing.Add(on, value); err != nil || !b.t.sales.perLine {
			return err
		}
		part, err := pricing.MulDiv(value, int64(p), int64(wholePercent))
		if err == nil {
			tax, err = pricing.Add(tax, part)
		}
		return err
	}
	for i := range b.lines {
		if l := &b.lines[i]; l.taxable {
			if err := each(l.value); err != nil {
				return 0, 0, err
			}
		}
	}
	if err := each(b.shipping); err != nil {
		return 0, 0, err
	}
	if !b.t.sales.perLine {
		tax, err = pricing.MulDiv(on, int64(p), int64(wholePercent))
	}
	return on, tax, err
}

// levelText is the reference and the name of a line.
func levelText(level int, single bool, language string) (reference, name string) {
	spanish := language == "es"
	switch {
	case single && spanish:
		return "sales_tax", "Impuesto sobre las ventas"
	case single:
		return "sales_tax", "Sales tax"
	case spanish:
		name = [...]string{"Impuesto estatal", "Impuesto del condado", "Impuesto municipal", "Impuesto especial"}[level]
	default:
		name = [...]string{"State tax", "County tax", "City tax", "Special tax"}[level]
	}
	return Levels()[level], name
}

// Levels are the references of the lines of sales tax, where there is one for each level.
func Levels() []string { return []string{"state", "county", "city", "special"} }
