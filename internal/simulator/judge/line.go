package judge

import (
	"math/big"
	"slices"
	"strconv"
)

// Bounds of a line, 2.2 and 3.8.
const (
	maxAmount = 100_000_000
	maxRate   = 10_000
)

// line has the numbers of an order line.
type line struct {
	kind                                        string
	quantity, price, discount, rate, total, tax *big.Int
}

// lines judges each line by itself; a line that cannot be read is nil.
func (c *check) lines(values []value) []*line {
	read := make([]*line, len(values))
	us := false
	for i, v := range values {
		read[i] = c.line(v, "/order_lines/"+strconv.Itoa(i))
		us = us || read[i] != nil && read[i].kind == "sales_tax"
	}
	for i, l := range read {
		if us && l != nil && (l.rate.Sign() != 0 || l.tax.Sign() != 0) {
			c.fault("/order_lines/"+strconv.Itoa(i), "tax_rate "+l.rate.String()+", total_tax_amount "+l.tax.String(), "0 and 0", ruleUntaxed)
		}
	}
	return read
}

// line judges one line; nil where its numbers are not all there and within bounds.
func (c *check) line(v value, at string) *line {
	d, ok := object(v)
	if !ok {
		c.fault(at, "no object", "an order line", ruleList)
		return nil
	}
	c.lineTexts(d, at)
	l := c.lineNumbers(d, at)
	if l == nil {
		return nil
	}
	c.signs(l, at)
	c.lineArithmetic(l, at)
	return l
}

// lineTexts judges the lengths of strings.
func (c *check) lineTexts(d document, at string) {
	c.textIn(d, at, "name", 1, 255, true)
	c.textIn(d, at, "reference", 0, 255, false)
	for _, name := range []string{"merchant_data", "product_url", "image_url"} {
		c.textIn(d, at, name, 0, 1024, false)
	}
	if s, _ := d.text("quantity_unit"); s != "" {
		c.textIn(d, at, "quantity_unit", 1, 8, false)
	}
	if ids, ok := object(d["product_identifiers"]); ok {
		for _, m := range identifiers() {
			c.textIn(ids, at+"/product_identifiers", m.name, 0, m.most, false)
		}
	}
	if s, ok := object(d["subscription"]); ok {
		c.numberIn(s, at+"/subscription", "interval_count", big.NewInt(1), nil, ruleInterval)
	}
}

// limit is the most characters of a member.
type limit struct {
	name string
	most int
}

func identifiers() []limit {
	return []limit{{"brand", 70}, {"color", 64}, {"category_path", 750}, {"global_trade_item_number", 50}, {"manufacturer_part_number", 70}, {"size", 64}}
}

// lineNumbers reads the numbers and judges their bounds.
func (c *check) lineNumbers(d document, at string) *line {
	before := len(c.faults)
	most, zero := big.NewInt(maxAmount), new(big.Int)
	l := &line{discount: new(big.Int)}
	l.kind, _ = d.text("type")
	l.quantity = c.numberIn(d, at, "quantity", zero, nil, ruleQuantity)
	l.price = c.numberIn(d, at, "unit_price", nil, most, ruleAmount)
	l.rate = c.numberIn(d, at, "tax_rate", zero, big.NewInt(maxRate), ruleRate)
	l.total = c.numberIn(d, at, "total_amount", nil, most, ruleAmount)
	l.tax = c.numberIn(d, at, "total_tax_amount", nil, nil, ruleAmount)
	if v, there := d["total_discount_amount"]; there && v.Kind() != 'n' {
		l.discount = c.numberIn(d, at, "total_discount_amount", zero, nil, ruleDiscount)
	}
	if len(c.faults) > before {
		return nil
	}
	return l
}

// signs judges what may not be positive.
func (c *check) signs(l *line, at string) {
	if !slices.Contains([]string{"discount", "gift_card", "store_credit"}, l.kind) {
		return
	}
	if l.price.Sign() > 0 {
		c.fault(at+"/unit_price", l.price.String(), "0 or less", ruleSign)
	}
	if l.total.Sign() > 0 {
		c.fault(at+"/total_amount", l.total.String(), "0 or less", ruleSign)
	}
	if l.kind == "discount" && l.tax.Sign() > 0 {
		c.fault(at+"/total_tax_amount", l.tax.String(), "0 or less", ruleTaxSign)
	}
}

// lineArithmetic judges the total, exactly, and the tax, within 1.
func (c *check) lineArithmetic(l *line, at string) {
	want := new(big.Int).Mul(l.quantity, l.price)
	want.Sub(want, l.discount)
	if want.Cmp(l.total) != 0 {
		c.fault(at+"/total_amount", l.total.String(), want.String()+" ("+l.quantity.String()+" × "+l.price.String()+" − "+l.discount.String()+")", ruleLineTotal)
	}
	if ideal, ok := taxFits(l.tax, l.total, l.rate); !ok {
		c.fault(at+"/total_tax_amount", l.tax.String(), ideal+" within 1", ruleLineTax)
	}
}

// taxFits reports whether |tax - (gross - gross*10000/(10000+rate))| <= 1 as fractions, and writes the exact tax.
func taxFits(tax, gross, rate *big.Int) (ideal string, ok bool) {
	part := new(big.Rat).SetFrac(new(big.Int).Mul(gross, big.NewInt(maxRate)), new(big.Int).Add(big.NewInt(maxRate), rate))
	exact := new(big.Rat).Sub(new(big.Rat).SetInt(gross), part)
	off := new(big.Rat).Sub(new(big.Rat).SetInt(tax), exact)
	return exact.FloatString(2), off.Abs(off).Cmp(big.NewRat(1, 1)) <= 0
}
