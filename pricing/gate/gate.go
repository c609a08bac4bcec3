// Package gate checks an order's sums and limits the way the provider would, before anything leaves.
//
// Its one rule: it shares no code with the calculation it checks; it imports nothing but the model.
package gate

import (
	"strconv"

	"github.com/kvitto/kvitto/order"
)

// Violation is one thing the provider would refuse. Sent and Allowed are numbers or short words of the
// contract, never text from the order.
type Violation struct {
	Pointer string // RFC 6901
	Line    int    // index into the lines; -1: not of a line
	Field   string
	Sent    string
	Allowed string
	Rule    string // the rule in a sentence, with its section of the contract
}

// Order checks an order that came in: each line by itself, then the order's sums. It is pure and returns nil where
// everything holds. Violations come in the order of the lines, those of the order last.
func Order(o *order.Order) []Violation {
	return judge(o, salesTax(o.Lines))
}

// Incoming checks an order on its way into an update callback, where tables are about to re-rate its lines: sales_tax
// lines may still stand beside lines with a tax of their own.
func Incoming(o *order.Order) []Violation { return judge(o, false) }

func judge(o *order.Order, untaxed bool) []Violation {
	var c check
	c.lines(o.Lines, untaxed)
	c.sums(o.Lines, o.OrderAmount, o.OrderTaxAmount)
	c.currency(o.PurchaseCurrency)
	c.length("merchant_data", o.MerchantData, 6000)
	c.length("merchant_reference1", o.MerchantReference1, 255)
	c.length("merchant_reference2", o.MerchantReference2, 255)
	return c.found
}

// Answer checks an answer before it leaves, also against the order it answers: lines of the shop have to be there,
// in order, and differ in their prices at most. fees are the references of surcharge lines that are not the shop's, even
// where they came without our mark.
func Answer(in *order.Order, a *order.Answer, fees ...string) []Violation {
	c := check{fees: fees}
	c.lines(a.Lines, salesTax(a.Lines))
	c.sums(a.Lines, a.OrderAmount, a.OrderTaxAmount)
	c.currency(a.PurchaseCurrency)
	c.sameCurrency(in.PurchaseCurrency, a.PurchaseCurrency)
	c.foreign(in.Lines, a.Lines)
	c.options(a.Options)
	return c.found
}

// check collects violations.
type check struct {
	found []Violation
	fees  []string // references of our surcharges
}

// order reports a violation that is not of a line.
func (c *check) order(field, sent, allowed, rule string) {
	c.found = append(c.found, Violation{Pointer: "/" + field, Line: -1, Field: field, Sent: sent, Allowed: allowed, Rule: rule})
}

// line reports a violation of a member of a line; an empty field is the line itself.
func (c *check) line(i int, field, sent, allowed, rule string) {
	pointer := "/order_lines/" + strconv.Itoa(i)
	if field != "" {
		pointer += "/" + field
	}
	c.found = append(c.found, Violation{Pointer: pointer, Line: i, Field: field, Sent: sent, Allowed: allowed, Rule: rule})
}

// option reports a violation of a member of a shipping option.
func (c *check) option(i int, field, sent, allowed, rule string) {
	c.found = append(c.found, Violation{Pointer: "/shipping_options/" + strconv.Itoa(i) + "/" + field, Line: -1, Field: field,
		Sent: sent, Allowed: allowed, Rule: rule})
}
