package gate_test

import (
	"github.com/kvitto/kvitto/order"
)

// line is one that holds: price times quantity, tax in it rounded down.
func line(kind order.LineType, quantity int64, price order.Amount, rate order.Rate) order.Line {
	total := order.Amount(quantity) * price
	return order.Line{Type: kind, Reference: "R", Name: "N", Quantity: quantity, UnitPrice: price, TaxRate: rate,
		TotalAmount: total, TotalTaxAmount: total * order.Amount(rate) / order.Amount(10_000+rate)}
}

// sum makes an order of lines in the VAT scheme.
func sum(lines ...order.Line) *order.Order {
	o := &order.Order{PurchaseCurrency: "sek", Lines: lines}
	for i := range lines {
		o.OrderAmount += lines[i].TotalAmount
		o.OrderTaxAmount += lines[i].TotalTaxAmount
	}
	return o
}

// vat is an order with goods, a discount and a card, all of it right.
func vat() *order.Order {
	return sum(
		line(order.Physical, 3, 1999, 2500),
		line(order.Digital, 1, 5548, 700),
		line(order.Discount, 1, -1000, 2500),
		line(order.GiftCard, 1, -500, 0),
		line("package", 1, -1, 0),
	)
}

// us is the recorded order of the contract: 1000 + 700 - 100 + 112 - 300 = 1412, tax 112.
func us() *order.Order {
	o := sum(
		line(order.Physical, 2, 500, 0),
		line(order.ShippingFee, 1, 700, 0),
		line(order.Discount, 1, -100, 0),
		line(order.SalesTax, 1, 112, 0),
		line(order.StoreCredit, 1, -300, 0),
	)
	o.PurchaseCurrency, o.OrderTaxAmount = "USD", 112
	return o
}

// answered is an order and a right answer to it, with a freight line and two options.
func answered() (*order.Order, *order.Answer) {
	in := vat()
	in.Lines = append(in.Lines, line(order.ShippingFee, 1, 100, 2500))
	in.OrderAmount += 100
	in.OrderTaxAmount += 20
	out := sum(append(vat().Lines, line(order.ShippingFee, 1, 4900, 2500))...)
	return in, &order.Answer{PurchaseCurrency: "SEK", Lines: out.Lines, OrderAmount: out.OrderAmount,
		OrderTaxAmount: out.OrderTaxAmount, Options: []order.ShippingOption{
			{ID: "home", Name: "To your door", Price: 4900, TaxAmount: 980, TaxRate: 2500, Preselected: true},
			{ID: "shop", Name: "In the shop"},
		}}
}
