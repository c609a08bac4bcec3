package decisions

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// wasGiven stands for what a buyer has written.
const wasGiven = "given"

// order reads a question: a callback body that the tables answer as they answered the one that came in.
func (r *reader) order() *order.Order {
	o := &order.Order{PurchaseCountry: r.text(), PurchaseCurrency: r.text(), Locale: r.text(), OrderAmount: order.Amount(r.number()),
		OrderTaxAmount: order.Amount(r.number()), BillingAddress: r.address(), ShippingAddress: r.address(), Customer: r.customer()}
	if id := r.text(); id != "" {
		o.SelectedShippingOption = &order.ShippingOption{ID: id, Name: id, Price: order.Amount(r.number()), TaxAmount: order.Amount(r.number()),
			TaxRate: order.Rate(r.number())}
	}
	o.Tags = r.words()
	o.Lines = make([]order.Line, r.number())
	for i := range o.Lines {
		r.line(&o.Lines[i])
	}
	return o
}

func (r *reader) address() *order.Address {
	bits := r.number()
	if bits == 0 {
		return nil
	}
	a := &order.Address{Country: r.text(), Region: r.text(), PostalCode: r.text()}
	for i, text := range given(a) {
		if bits&(2<<i) != 0 {
			*text = wasGiven
		}
	}
	return a
}

func (r *reader) customer() *order.Customer {
	kind := r.number()
	if kind == noCustomer {
		return nil
	}
	c := &order.Customer{}
	switch kind {
	case person:
		c.Type = "person"
	case organization:
		c.Type = "organization"
	}
	if r.flag() {
		c.OrganizationRegistrationID = wasGiven
	}
	c.VATID = r.text()
	return c
}

func (r *reader) line(l *order.Line) {
	bits := r.number()
	*l = order.Line{Type: order.LineType(r.text()), Reference: r.text(), Name: "line", Quantity: r.number(), UnitPrice: order.Amount(r.number()),
		TaxRate: order.Rate(r.number()), TotalAmount: order.Amount(r.number()), TotalDiscountAmount: order.Amount(r.number()),
		TotalTaxAmount: order.Amount(r.number())}
	if bits&hasMark != 0 {
		l.MerchantData = pricing.Mark
	}
	if bits&hasGoods != 0 {
		l.ProductIdentifiers = &order.ProductIdentifiers{CategoryPath: r.text()}
	}
	if bits&hasShape == 0 {
		return
	}
	l.ShippingAttributes = &order.ShippingAttributes{Weight: r.number()}
	if bits&hasSides != 0 {
		l.ShippingAttributes.Dimensions = &order.Dimensions{Height: r.number(), Width: r.number(), Length: r.number()}
	}
	l.ShippingAttributes.Tags = r.words()
}
