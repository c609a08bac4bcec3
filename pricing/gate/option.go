package gate

import (
	"strconv"

	"github.com/kvitto/kvitto/order"
)

// maxOptions bounds the options of an answer. The contract names no limit; a longer list is a fault of a plug-in.
const maxOptions = 1000

// options checks the shipping options of an answer.
func (c *check) options(options []order.ShippingOption) {
	if len(options) > maxOptions {
		c.order("shipping_options", strconv.Itoa(len(options)), strconv.Itoa(maxOptions), ruleOptions)
		return
	}
	preselected := false
	for i := range options {
		o := &options[i]
		c.optionPrice(i, o)
		if o.ID == "" {
			c.option(i, "id", "nothing", "an id", ruleOption)
		}
		if n := characters(o.Name, 255); n < 1 || n > 255 {
			c.option(i, "name", characterCount(o.Name), between(1, 255), ruleOption)
		}
		if o.Preselected && preselected {
			c.option(i, "preselected", "true", "false", rulePreselect)
		}
		preselected = preselected || o.Preselected
	}
	c.ids(options)
}

func (c *check) optionPrice(i int, o *order.ShippingOption) {
	switch {
	case o.Price < 0 || o.Price > order.MaxLineAmount:
		c.option(i, "price", digits(o.Price), "0 to "+digits(order.MaxLineAmount), rulePrice)
	case o.TaxRate < 0 || o.TaxRate > order.MaxRate:
		c.option(i, "tax_rate", digits(order.Amount(o.TaxRate)), "0 to "+digits(order.Amount(order.MaxRate)), ruleOptionRate)
	case o.TaxAmount < 0 || !taxHolds(o.TaxAmount, o.Price, o.TaxRate):
		c.option(i, "tax_amount", digits(o.TaxAmount), taxRange(o.Price, o.TaxRate), ruleOptionTax)
	}
}

// ids checks that each id is there once. Lists are short, so they are compared pair by pair; long ones are not.
func (c *check) ids(options []order.ShippingOption) {
	if len(options) > 32 {
		seen := make(map[string]bool, len(options))
		for i := range options {
			if seen[options[i].ID] {
				c.option(i, "id", "one that is there", "one that is not", ruleOptionID)
			}
			seen[options[i].ID] = true
		}
		return
	}
	for i := range options {
		for j := range i {
			if options[i].ID == options[j].ID {
				c.option(i, "id", "that of option "+strconv.Itoa(j), "one that is not there yet", ruleOptionID)
				break
			}
		}
	}
}
