package tax_test

import (
	"context"
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

func ExampleLoad() {
	book := fstest.MapFS{"tax.yaml": &fstest.MapFile{Data: []byte(`
version: 1
mode: vat
home: SE
data: vat-rates.yaml
destinations: {SE: charge, FI: charge}
`)}}
	var r diag.Report
	table := tax.Load(book, "tax.yaml", tax.Options{Shipped: os.DirFS("../../configs")}, &r)

	lines := []order.Line{{Name: "Lamp", Quantity: 1, UnitPrice: 10000, TotalAmount: 10000, TaxRate: 2500, TotalTaxAmount: 2000}}
	for _, postcode := range []string{"00100", "22100"} {
		goods, err := table.Goods(context.Background(), &rules.Query{
			Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Order: &order.Order{Lines: lines}, Lines: lines, Currency: "EUR",
			Destination: rules.Destination{Country: "FI", Postcode: postcode},
		})
		fmt.Println(postcode, goods.Rates[0].Rate, err)
	}
	// Output:
	// 00100 2550 <nil>
	// 22100 0 <nil>
}

func ExampleTable_Changes() {
	book := fstest.MapFS{"tax.yaml": &fstest.MapFile{Data: []byte(`
version: 1
mode: vat
home: FI
data: vat-rates.yaml
destinations: {FI: charge}
`)}}
	var r diag.Report
	table := tax.Load(book, "tax.yaml", tax.Options{Shipped: os.DirFS("../../configs")}, &r)
	from := time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC)
	for _, at := range table.Changes(from, from.AddDate(0, 2, 0)) {
		fmt.Println(at.Format(time.RFC3339))
	}
	// Output:
	// 2024-09-01T00:00:00Z
}
