package simulator

import (
	"context"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// update fires an update callback: the change is the buyer's and stays whatever is answered; a chosen option is taken over
// with the answer only.
func (x *Session) update(ctx context.Context, c Callback, change document, chosen jsontext.Value) error {
	if err := x.put(change); err != nil {
		return err
	}
	d, err := x.document()
	if err != nil {
		return err
	}
	urls := d.object("merchant_urls")
	if c == CountryChange && urls.text(string(c)) == "" {
		c = AddressUpdate
	}
	if urls.text(string(c)) == "" {
		return x.put(entered(c, d))
	}
	unlock, err := x.sim.o.Provider.Lock(x.id)
	if err != nil {
		return err
	}
	defer unlock()
	x.flying(c)
	defer x.flying("")
	if chosen != nil {
		d["selected_shipping_option"] = chosen
	}
	e, reply := x.send(ctx, c, urls.text(string(c)), updateRequest(d), x.sim.o.Deadlines.Update)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e.Verdict = judge.Update(reply)
	if e.Verdict.Outcome == judge.Applied {
		if err := x.put(takenOver(c, d, e.Verdict.Answer)); err != nil {
			return err
		}
	}
	x.judged(&e.Verdict)
	x.sim.ring.add(e)
	return nil
}

// flying says which callback is out.
func (x *Session) flying(c Callback) {
	x.mu.Lock()
	x.out = c
	x.mu.Unlock()
	x.told()
}

// judged sets the stage by a verdict on an update.
func (x *Session) judged(v *judge.Verdict) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.last = *v
	switch v.Outcome {
	case judge.Applied:
		x.stage = Open
	case judge.Redirected:
		x.stage = Left
	default:
		x.stage = Held
	}
}

// entered is what a change of country leaves behind: purchase_country follows the billing country.
func entered(c Callback, d document) document {
	change := document{}
	if at := d.object("billing_address").text("country"); at != "" && (c == CountryChange || !strings.EqualFold(at, d.text("purchase_country"))) {
		change.set("purchase_country", at)
	}
	return change
}

// updateMembers are those of the request of an update callback, 1.3, in their order there.
func updateMembers() []string {
	return []string{"order_amount", "order_tax_amount", "order_lines", "purchase_currency", "billing_address", "shipping_address",
		"selected_shipping_option", "customer", "merchant_data", "merchant_reference1", "merchant_reference2", "locale", "tags"}
}

// updateRequest is the body of an update callback.
func updateRequest(d document) []byte {
	out := []byte{'{'}
	for _, name := range updateMembers() {
		v, ok := d[name]
		if !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, '"')
		out = append(out, name...)
		out = append(out, '"', ':')
		out = append(out, v...)
	}
	return append(out, '}')
}

// takenOver is what an answer changes in the order d: its members, and the option that is selected then: the one that was, as
// it is offered now, or else the preselected one.
func takenOver(c Callback, d document, a *judge.Answer) document {
	change := entered(c, d)
	for name, v := range a.Members {
		change[name] = v
	}
	if offered, ok := a.Members["shipping_options"]; ok {
		change["selected_shipping_option"] = selectedOf(document{"shipping_options": offered}.list("shipping_options"), d.object("selected_shipping_option").text("id"))
	} else if v, ok := d["selected_shipping_option"]; ok {
		change["selected_shipping_option"] = v
	}
	if d.object("merchant_urls").text(string(ShippingOptionUpdate)) == "" {
		change = withFreight(d, change)
	}
	return change
}

// selectedOf is the option with the id, else the preselected one, else null.
func selectedOf(options []jsontext.Value, id string) jsontext.Value {
	if v := findOption(options, id); v != nil && id != "" {
		return v
	}
	for _, v := range options {
		if o, err := parse(v); err == nil && o.yes("preselected") {
			return v
		}
	}
	return jsontext.Value("null")
}

// withFreight adds the line of the selected option to a change, as the provider does where the order has no
// shipping_option_update: an earlier line of an option gives way.
func withFreight(d, change document) document {
	lines, ok := change["order_lines"]
	if !ok {
		lines = d["order_lines"]
	}
	var kept []jsontext.Value
	var total, tax int64
	sales := false
	for _, v := range (document{"order_lines": lines}).list("order_lines") {
		l, err := parse(v)
		if err != nil || l.text("type") == "shipping_fee" && findOption(d.list("shipping_options"), l.text("reference")) != nil {
			continue
		}
		kept = append(kept, v)
		total += l.number("total_amount")
		sales = sales || l.text("type") == "sales_tax"
		tax += l.number("total_tax_amount")
	}
	if sales {
		tax = salesTax(kept)
	}
	if o := change.object("selected_shipping_option"); o != nil {
		l := document{"quantity": jsontext.Value("1"), "reference": o["id"], "name": o["name"], "unit_price": o["price"], "total_amount": o["price"],
			"tax_rate": o["tax_rate"], "total_tax_amount": o["tax_amount"]}
		l.set("type", "shipping_fee")
		kept = append(kept, l.encode())
		total, tax = total+o.number("price"), tax+o.number("tax_amount")
	}
	change.set("order_lines", kept)
	change.set("order_amount", total)
	change.set("order_tax_amount", tax)
	return change
}

// salesTax is what the lines of sales tax come to.
func salesTax(lines []jsontext.Value) int64 {
	var sum int64
	for _, v := range lines {
		if l, err := parse(v); err == nil && l.text("type") == "sales_tax" {
			sum += l.number("total_amount")
		}
	}
	return sum
}
