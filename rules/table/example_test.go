package table_test

import (
	"fmt"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// A condition is compiled once, asked often, and says why it does not hold.
func ExampleScope_Condition() {
	var report diag.Report
	file := diag.Parse("shipping.yaml", []byte("when: {max_weight: 2 kg, min_total: [500.00, 50.00 EUR]}\n"), &report)
	scope := &table.Scope{Currency: "SEK", Report: &report}
	when, _ := scope.Condition(file.Get("when"), "`when`", nil)

	lines := []order.Line{{
		Quantity: 2, UnitPrice: 20000, TotalAmount: 40000,
		ShippingAttributes: &order.ShippingAttributes{Weight: 900},
	}}
	query := &rules.Query{Lines: lines}
	cart := &table.Cart{}
	if err := cart.Fill(query, &table.CartRules{AfterDiscounts: true}); err != nil {
		fmt.Println(err)
	}
	facts := &table.Facts{Query: query, Cart: cart, Currency: "SEK"}
	why, at := when.Explain(facts)
	fmt.Println(when.Holds(facts) == table.Yes)
	fmt.Printf("%s:%d:%d %s\n", at.File, at.Line, at.Col, why)
	// Output:
	// false
	// shipping.yaml:1:26 min_total 500.00 SEK, 50.00 EUR; the goods are worth 400.00 SEK
}

// Values that cannot be meant are told with what would be right.
func ExampleScope_Money() {
	var report diag.Report
	file := diag.Parse("shipping.yaml", []byte("price: 79,00 NOK\n"), &report)
	scope := &table.Scope{Currency: "SEK", Report: &report}
	scope.Money(file.Get("price"))
	for _, f := range report.Findings() {
		fmt.Printf("%s:%d:%d: %s [%s]\nhelp: %s\n", f.File, f.Line, f.Col, f.Message, f.Code, f.Help)
	}
	// Output:
	// shipping.yaml:1:8: `79,00 NOK` is written with a decimal comma [E108]
	// help: write 79.00 NOK
}
