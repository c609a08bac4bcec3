package order_test

import (
	"fmt"

	"github.com/kvitto/kvitto/order"
)

// A line keeps what it came with; repriced, it leaves with other prices and the rest as it was.
func ExampleLine_Reprice() {
	o, err := order.DecodeUpdate([]byte(`{"order_amount": 1250, "order_tax_amount": 250, "purchase_currency": "sek",
		"order_lines": [{"name": "Mug", "quantity": 1, "unit_price": 1250, "tax_rate": 2500, "total_amount": 1250,
			"total_tax_amount": 250, "shelf": "B7"}]}`), order.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	p := o.Lines[0].Prices()
	p.TaxRate, p.TotalTaxAmount = 1200, 134
	a := order.Answer{OrderAmount: 1250, OrderTaxAmount: 134, PurchaseCurrency: order.Upper(o.PurchaseCurrency),
		Lines: []order.Line{o.Lines[0].Reprice(p)}}
	b, err := a.AppendJSON(nil)
	fmt.Println(string(b), err)
	// Output:
	// {"order_amount":1250,"order_tax_amount":134,"order_lines":[{"name": "Mug", "quantity": 1, "unit_price": 1250, "tax_rate": 1200, "total_amount": 1250,
	// 			"total_tax_amount": 134, "shelf": "B7"}],"purchase_currency":"SEK","shipping_options":[]} <nil>
}

// A refusal names the place, what was found there and what is right, and never a text of the body.
func ExampleFault() {
	_, err := order.DecodeUpdate([]byte(`{"order_lines": [{"name": "Mug", "quantity": "two"}]}`), order.DefaultLimits())
	fmt.Println(err)
	// Output: /order_lines/0/quantity: found a string; right is a whole number
}
