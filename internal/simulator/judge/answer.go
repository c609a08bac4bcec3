package judge

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxLines is the most lines of an order.
const maxLines = 1000

var (
	currencyForm = regexp.MustCompile(`^[A-Za-z]{3}$`)
	localeForm   = regexp.MustCompile(`^[A-Za-z]{2}(-[A-Za-z]{2})*$`)
)

// answerMembers are those that are read back, 1.4.
func answerMembers() []string {
	return []string{"order_amount", "order_tax_amount", "order_lines", "purchase_currency", "shipping_options", "merchant_data", "locale",
		"attachment", "external_payment_methods", "tags"}
}

// answer judges the 200 body of an update callback.
func (c *check) answer(d document) {
	c.members(d)
	c.order(d)
	if _, there := d["shipping_options"]; there {
		c.options(d)
	}
	if s, ok := d.text("merchant_data"); ok && len([]rune(s)) > 1024 {
		c.fault("/merchant_data", strconv.Itoa(len([]rune(s)))+" characters", "1024 at most; better leave it out", ruleEcho)
	}
	if s, ok := d.text("locale"); ok && !localeForm.MatchString(s) {
		c.fault("/locale", strconv.Quote(s), "a tag such as sv-SE", ruleLocale)
	}
	if v, there := d["attachment"]; there {
		c.attachment(v)
	}
}

// members tells members that are missing, of another kind, or not read back.
func (c *check) members(d document) {
	for _, name := range answerMembers()[:4] {
		if _, there := d[name]; !there {
			c.fault("/"+name, "nothing", "the member", ruleRequired)
		}
	}
	kinds := map[string]byte{"merchant_data": '"', "locale": '"', "attachment": '{', "external_payment_methods": '[', "tags": '['}
	var ignored []string
	for name, v := range d {
		if !slices.Contains(answerMembers(), name) {
			ignored = append(ignored, name+" is not read back: the provider ignores it (1.4)")
		}
		if kind, ok := kinds[name]; ok && byte(v.Kind()) != kind {
			c.fault("/"+name, d.found(name), kindWord(kind), ruleMember)
		}
	}
	slices.Sort(ignored)
	c.notes = append(c.notes, ignored...)
	slices.SortFunc(c.faults, func(a, b Fault) int { return strings.Compare(a.Pointer, b.Pointer) })
}

func kindWord(kind byte) string {
	switch kind {
	case '"':
		return "a text"
	case '{':
		return "an object"
	}
	return "a list"
}

// attachment has two members that are both needed.
func (c *check) attachment(v value) {
	d, ok := object(v)
	if !ok {
		return
	}
	for _, name := range []string{"content_type", "body"} {
		if _, ok := d.text(name); !ok {
			c.fault("/attachment/"+name, d.found(name), "a text", ruleMember)
		}
	}
}

// order judges what an order and an answer have in common: lines, sums, currency.
func (c *check) order(d document) {
	if s, ok := d.text("purchase_currency"); !ok && d["purchase_currency"] != nil || ok && !currencyForm.MatchString(s) {
		c.fault("/purchase_currency", d.found("purchase_currency"), "three letters such as SEK", ruleCurrency)
	}
	if d["order_lines"] == nil {
		return
	}
	values, ok := d.list("order_lines")
	switch {
	case !ok:
		c.fault("/order_lines", d.found("order_lines"), "a list", ruleList)
		return
	case len(values) > maxLines:
		c.fault("/order_lines", strconv.Itoa(len(values))+" lines", strconv.Itoa(maxLines)+" at most", ruleCount)
		return
	}
	c.sums(d, c.lines(values))
}

// sums judges the two sums of an order; lines are nil where one of them cannot be read.
func (c *check) sums(d document, lines []*line) {
	total, tax, sales := new(big.Int), new(big.Int), new(big.Int)
	us, whole := false, true
	for _, l := range lines {
		if l == nil {
			whole = false
			continue
		}
		total.Add(total, l.total)
		tax.Add(tax, l.tax)
		if l.kind == "sales_tax" {
			us = true
			sales.Add(sales, l.total)
		}
	}
	rule := ruleTaxSum
	if us {
		tax, rule = sales, ruleSalesSum
	}
	c.sum(d, "order_amount", total, whole, ruleSum)
	c.sum(d, "order_tax_amount", tax, whole, rule)
}

func (c *check) sum(d document, name string, want *big.Int, whole bool, rule string) {
	if d[name] == nil {
		return // told as missing
	}
	n := c.numberIn(d, "", name, new(big.Int), nil, ruleNegative)
	if n != nil && whole && n.Cmp(want) != 0 {
		c.fault("/"+name, n.String(), want.String(), rule)
	}
}
