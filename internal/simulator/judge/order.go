package judge

import "regexp"

var countryForm = regexp.MustCompile(`^[A-Za-z]{2}$`)

// Order judges an order as a shop creates it: what the Checkout API would refuse, in order of the lines; nil where it is
// taken.
func Order(body []byte) []Fault {
	var c check
	d, ok := c.body(body)
	if !ok {
		return c.faults
	}
	for _, name := range []string{"purchase_country", "purchase_currency", "locale", "order_amount", "order_tax_amount", "order_lines"} {
		if _, there := d[name]; !there {
			c.fault("/"+name, "nothing", "the member", ruleNeeded)
		}
	}
	if s, ok := d.text("purchase_country"); d["purchase_country"] != nil && (!ok || !countryForm.MatchString(s)) {
		c.fault("/purchase_country", d.found("purchase_country"), "two letters such as SE", ruleCountry)
	}
	if s, ok := d.text("locale"); d["locale"] != nil && (!ok || !localeForm.MatchString(s)) {
		c.fault("/locale", d.found("locale"), "a tag such as sv-SE", ruleLocale)
	}
	c.textIn(d, "", "merchant_data", 0, 6000, false)
	c.textIn(d, "", "merchant_reference1", 0, 255, false)
	c.textIn(d, "", "merchant_reference2", 0, 255, false)
	c.order(d)
	return c.faults
}

// The rules of an order that an answer does not have.
const (
	ruleNeeded  = "an order has purchase_country, purchase_currency, locale, order_amount, order_tax_amount and order_lines (2.1)"
	ruleCountry = "purchase_country is two letters (2.1)"
)
