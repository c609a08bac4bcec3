package pricing

import "github.com/kvitto/kvitto/order"

// Untax takes the tax out of all lines that tables may move, discounts among them, as sales tax wants it: it has lines of
// its own, and no other line carries a rate. KeepGross leaves the amounts, KeepNet strips each line's own rate first; see
// Rerate. Lines at 0 with no tax, and lines that are not Rated, are returned as they are; so is the slice where no line
// changes. Errors: ErrOverflow, ErrRate.
func Untax(lines []order.Line, keep Keep) ([]order.Line, error) {
	out := lines
	for i := range lines {
		l := &lines[i]
		if !l.Rated() || l.TaxRate == 0 && l.TotalTaxAmount == 0 {
			continue
		}
		var err error
		if out, err = untax(out, lines, i, keep); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// untax moves one line to 0; a tax without a rate is dropped.
func untax(out, lines []order.Line, i int, keep Keep) ([]order.Line, error) {
	l := &lines[i]
	if l.TaxRate != 0 {
		return move(out, lines, i, 0, keep)
	}
	if &out[0] == &lines[0] {
		out = append([]order.Line(nil), lines...)
	}
	p := l.Prices()
	p.TotalTaxAmount = 0
	out[i] = l.Reprice(p)
	return out, nil
}
