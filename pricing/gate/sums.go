package gate

import "github.com/kvitto/kvitto/order"

// sums checks the two sums of an order. With sales_tax lines the tax is what these amount to, which the order's amount
// holds once; else it is the sum of the lines' own taxes.
func (c *check) sums(lines []order.Line, amount, tax order.Amount) {
	us := salesTax(lines)
	var total, taxes order.Amount
	fits := true
	for i := range lines {
		part := lines[i].TotalTaxAmount
		if us {
			part = 0
			if lines[i].Type == order.SalesTax {
				part = lines[i].TotalAmount
			}
		}
		var ok, okTax bool
		total, ok = add(total, lines[i].TotalAmount)
		taxes, okTax = add(taxes, part)
		fits = fits && ok && okTax
	}
	rule := ruleTaxSum
	if us {
		rule = ruleTaxLines
	}
	c.sum("order_amount", amount, total, fits, ruleOrderSum)
	c.sum("order_tax_amount", tax, taxes, fits, rule)
}

// sum checks one of them.
func (c *check) sum(field string, sent, want order.Amount, fits bool, rule string) {
	switch {
	case !fits:
		c.order(field, digits(sent), "a number of 64 bits", rule)
	case sent != want:
		c.order(field, digits(sent), digits(want), rule)
	}
	if sent < 0 {
		c.order(field, digits(sent), "0 or more", ruleOrderSign)
	}
}

// currency checks that there is such a currency.
func (c *check) currency(code string) {
	if _, ok := order.CurrencyExponent(order.Upper(code)); !ok {
		c.order("purchase_currency", "no currency", "a code such as SEK", ruleCurrency)
	}
}

// sameCurrency checks an answer's currency against that of the order.
func (c *check) sameCurrency(in, out string) {
	if out != order.Upper(in) {
		c.order("purchase_currency", "another one", "that of the order in upper case", ruleSame)
	}
}
