package gate

import (
	"strconv"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
)

// lines checks each line by itself, and how many there are. untaxed: no line may carry a tax of its own.
func (c *check) lines(lines []order.Line, untaxed bool) {
	for i := range lines {
		l := &lines[i]
		c.lengths(i, l)
		c.signs(i, l)
		if untaxed && (l.TaxRate != 0 || l.TotalTaxAmount != 0) {
			c.untaxed(i, l)
		}
		if c.ranges(i, l) {
			c.arithmetic(i, l)
		}
	}
	if len(lines) > order.MaxLines {
		c.order("order_lines", strconv.Itoa(len(lines)), strconv.Itoa(order.MaxLines), ruleCount)
	}
}

// salesTax reports whether the order is in the scheme of the United States: tax is a line.
func salesTax(lines []order.Line) bool {
	for i := range lines {
		if lines[i].Type == order.SalesTax {
			return true
		}
	}
	return false
}

// untaxed reports a line with a tax of its own among sales_tax lines.
func (c *check) untaxed(i int, l *order.Line) {
	if l.TaxRate != 0 {
		c.line(i, "tax_rate", digits(order.Amount(l.TaxRate)), "0", ruleUntaxed)
	}
	if l.TotalTaxAmount != 0 {
		c.line(i, "total_tax_amount", digits(l.TotalTaxAmount), "0", ruleUntaxed)
	}
}

// ranges reports numbers outside the contract, and returns whether there were none.
func (c *check) ranges(i int, l *order.Line) bool {
	before := len(c.found)
	for _, m := range [...]struct {
		field       string
		n           order.Amount
		least, most order.Amount
		rule        string
	}{
		{"quantity", order.Amount(l.Quantity), 0, 1<<63 - 1, ruleQuantity},
		{"unit_price", l.UnitPrice, -order.MaxLineAmount, order.MaxLineAmount, ruleAmount},
		{"tax_rate", order.Amount(l.TaxRate), 0, order.Amount(order.MaxRate), ruleRate},
		{"total_amount", l.TotalAmount, -order.MaxLineAmount, order.MaxLineAmount, ruleAmount},
		{"total_discount_amount", l.TotalDiscountAmount, 0, 1<<63 - 1, ruleDiscount},
		{"total_tax_amount", l.TotalTaxAmount, -order.MaxLineAmount, order.MaxLineAmount, ruleAmount},
	} {
		if m.n < m.least || m.n > m.most {
			c.line(i, m.field, digits(m.n), digits(m.least)+" to "+digits(m.most), m.rule)
		}
	}
	return len(c.found) == before
}

// arithmetic checks the line's total and tax; its numbers are in range.
func (c *check) arithmetic(i int, l *order.Line) {
	want, ok := lineTotal(l.Quantity, l.UnitPrice, l.TotalDiscountAmount)
	switch {
	case !ok:
		c.line(i, "total_amount", digits(l.TotalAmount), "a number of 64 bits", ruleLineTotal)
	case want != l.TotalAmount:
		c.line(i, "total_amount", digits(l.TotalAmount), digits(want), ruleLineTotal)
	}
	if !taxHolds(l.TotalTaxAmount, l.TotalAmount, l.TaxRate) {
		c.line(i, "total_tax_amount", digits(l.TotalTaxAmount), taxRange(l.TotalAmount, l.TaxRate), ruleLineTax)
	}
}

// signs checks what may be below zero and what above. Types that are not in the contract may be either.
func (c *check) signs(i int, l *order.Line) {
	switch l.Type {
	case order.Physical, "", order.Digital, order.ShippingFee, order.SalesTax:
		if l.UnitPrice < 0 {
			c.line(i, "unit_price", digits(l.UnitPrice), "0 or more", ruleGoodsSign)
		}
		if l.TotalAmount < 0 {
			c.line(i, "total_amount", digits(l.TotalAmount), "0 or more", ruleGoodsSign)
		}
	case order.Discount, order.GiftCard, order.StoreCredit:
		if l.UnitPrice > 0 {
			c.line(i, "unit_price", digits(l.UnitPrice), "0 or less", ruleCreditSign)
		}
		if l.TotalAmount > 0 {
			c.line(i, "total_amount", digits(l.TotalAmount), "0 or less", ruleCreditSign)
		}
		if l.Type == order.Discount && l.TotalTaxAmount > 0 {
			c.line(i, "total_tax_amount", digits(l.TotalTaxAmount), "0 or less", ruleTaxSign)
		}
	}
}

// lengths checks a line's strings.
func (c *check) lengths(i int, l *order.Line) {
	c.text(i, "name", l.Name, 1, 255)
	c.text(i, "reference", l.Reference, 0, 255)
	c.text(i, "quantity_unit", l.QuantityUnit, 0, 8)
	c.text(i, "merchant_data", l.MerchantData, 0, 1024)
	c.text(i, "product_url", l.ProductURL, 0, 1024)
	c.text(i, "image_url", l.ImageURL, 0, 1024)
	if p := l.ProductIdentifiers; p != nil {
		c.text(i, "product_identifiers/brand", p.Brand, 0, 70)
		c.text(i, "product_identifiers/color", p.Color, 0, 64)
		c.text(i, "product_identifiers/category_path", p.CategoryPath, 0, 750)
		c.text(i, "product_identifiers/global_trade_item_number", p.GlobalTradeItemNumber, 0, 50)
		c.text(i, "product_identifiers/manufacturer_part_number", p.ManufacturerPartNumber, 0, 70)
		c.text(i, "product_identifiers/size", p.Size, 0, 64)
	}
	if s := l.Subscription; s != nil && s.IntervalCount < 1 {
		c.line(i, "subscription/interval_count", strconv.FormatInt(s.IntervalCount, 10), "1 or more", ruleLength)
	}
}

// text checks one string of a line.
func (c *check) text(i int, field, s string, least, most int) {
	if n := characters(s, most); n < least || n > most {
		c.line(i, field, characterCount(s), between(least, most), ruleLength)
	}
}

// length checks one string of the order.
func (c *check) length(field, s string, most int) {
	if characters(s, most) > most {
		c.order(field, characterCount(s), between(0, most), ruleOrderText)
	}
}

// characters counts those of s; where there are at most most bytes these will do.
func characters(s string, most int) int {
	if len(s) <= most {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

func characterCount(s string) string { return strconv.Itoa(utf8.RuneCountInString(s)) + " characters" }

func between(least, most int) string {
	return strconv.Itoa(least) + " to " + strconv.Itoa(most) + " characters"
}
