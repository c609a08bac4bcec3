package quantitylimit_test

import (
	"context"
	"fmt"

	"github.com/kvitto/kvitto/internal/quantitylimit"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Example goes the way of the service: register, configure, ask.
func Example() {
	registry, err := rules.NewRegistry(quantitylimit.Plugin())
	if err != nil {
		fmt.Println(err)
		return
	}
	var found diag.Report
	config := diag.Parse("kvitto.yaml", []byte(`
limits:
  - {sku: "LEGO-*", most: 2}
text: {sv: "Högst {most} exemplar per kund.", en: "At most {most} per customer."}
`), &found)
	impl, ok := registry.New("kvitto.quantity_limit", config.Place, config, &found)
	if !ok {
		fmt.Println(found.Findings())
		return
	}
	cart := &order.Order{Lines: []order.Line{
		{Reference: "LEGO-10307", Name: "Tower", Quantity: 2},
		{Reference: "LEGO-21060", Name: "Castle", Quantity: 1},
	}}
	d, err := impl.(rules.Validator).Validate(context.Background(), &rules.Query{Order: cart, Language: "en"})
	fmt.Println(d.Reject.Kind, d.Reject.Text, err)
	fmt.Println(d.Reasons[0].File, d.Reasons[0].Line, d.Reasons[0].Detail)
	// Output:
	// approval_failed At most 2 per customer. <nil>
	// kvitto.yaml 3 more than 2 pieces
}
