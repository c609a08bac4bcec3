package judge

import (
	"math/big"
	"slices"
	"strconv"
)

// methods are the published values of shipping_method, 2.3.
func methods() []string {
	return []string{"PickUpStore", "Home", "BoxReg", "BoxUnreg", "PickUpPoint", "Own", "Postal", "DHLPackstation", "Digital"}
}

// options judges the shipping options of an answer.
func (c *check) options(d document) {
	values, ok := d.list("shipping_options")
	if !ok {
		c.fault("/shipping_options", d.found("shipping_options"), "a list", ruleList)
		return
	}
	first := map[string]int{}
	preselected := -1
	for i, v := range values {
		at := "/shipping_options/" + strconv.Itoa(i)
		o, ok := object(v)
		if !ok {
			c.fault(at, "no object", "a shipping option", ruleOption)
			continue
		}
		c.option(o, at)
		if id, ok := o.text("id"); ok {
			if j, twice := first[id]; twice {
				c.fault(at+"/id", "that of option "+strconv.Itoa(j), "another id", ruleOptionID)
			} else {
				first[id] = i
			}
		}
		if o["preselected"].Kind() != 't' {
			continue
		}
		if preselected >= 0 {
			c.fault(at+"/preselected", "true, as in option "+strconv.Itoa(preselected), "false", rulePreselect)
			continue
		}
		preselected = i
	}
}

// option judges one option.
func (c *check) option(d document, at string) {
	if id, ok := d.text("id"); !ok || id == "" {
		c.fault(at+"/id", d.found("id"), "an id", ruleOption)
	}
	c.textIn(d, at, "name", 1, 255, true)
	price := c.numberIn(d, at, "price", new(big.Int), big.NewInt(maxAmount), rulePrice)
	rate := c.numberIn(d, at, "tax_rate", new(big.Int), big.NewInt(maxRate), ruleRate)
	tax := c.numberIn(d, at, "tax_amount", new(big.Int), nil, ruleOptionTax)
	if price != nil && rate != nil && tax != nil {
		if ideal, ok := taxFits(tax, price, rate); !ok {
			c.fault(at+"/tax_amount", tax.String(), ideal+" within 1", ruleOptionTax)
		}
	}
	if v, there := d["preselected"]; there && v.Kind() != 't' && v.Kind() != 'f' {
		c.fault(at+"/preselected", d.found("preselected"), "true or false", ruleOption)
	}
	if m, ok := d.text("shipping_method"); ok && !slices.Contains(methods(), m) {
		c.note(at + "/shipping_method: " + strconv.Quote(m) + " is not among the published values (2.3)")
	}
}
