package tax_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
)

// usShop is a tax file of sales tax.
const usShop = `version: 1
mode: sales_tax
collect_in: [US-CA, US-CO, US-NY, US-TX, US-WA]
rate_files: [rates.csv]
rates: {US-CA: 7.25%, US-CO: 2.9%, US-NY: 4%, US-TX: 6.25%, US-WA: 6.5%}
classes: {clothing: {tags: [clothing]}, grocery: {tags: [grocery]}}
exempt:
  - {class: grocery}
  - {class: clothing, in: US-NY, below_item_price: 110.00}
shipping_tax: {US-CA: none, US-CO: none, US-NY: follow goods, US-TX: follow goods, US-WA: all}
fees:
  - id: delivery
    name: {en: Delivery fee, es: Tasa}
    in: US-CO
    when: {min_taxable: 0.01}
    unless: {method: [PickUpStore, Digital]}
    amount: {2024-07-01: 0.29, 2025-07-01: 0.28}
`

const usRates = `state,zip_from,zip_to,state_rate,county_rate,city_rate,special_rate,from
US-NY,10001,10282,4,0,4.5,0.375,2024-01-01
US-CA,90001,90089,6,0.25,0,3.5,2025-04-01
US-CO,80202,80299,2.9,0,4.81,1.1,2024-01-01
US-CO,80202,80299,2.9,0,5.15,1.1,2025-01-01
US-WA,98101,,6.5,0,2.45,1.4,
US-OR,97201,97299,0,0,0,0,2024-01-01
`

// usTable loads a shop with the rates above.
func usTable(t testing.TB, text string) *tax.Table {
	t.Helper()
	table, r := load(text, map[string]string{"rates.csv": usRates})
	if table == nil {
		t.Fatal(brief(r))
	}
	return table
}

// paidFor is freight of an option that is delivered.
func paidFor(price order.Amount) *rules.Paid {
	return &rules.Paid{Ships: true, Chosen: true, Price: price, Method: "Home"}
}

// piece is a line of goods without tax.
func piece(price order.Amount, tags ...string) order.Line {
	l := goods(price, tags...)
	l.TaxRate = 0
	return l
}

// off is a discount line.
func off(amount order.Amount) order.Line {
	return order.Line{Type: order.Discount, Name: "off", Quantity: 1, UnitPrice: -amount, TotalAmount: -amount}
}

// lines asks for tax lines and writes them as "state 288 city 324".
func lines(t testing.TB, table *tax.Table, q *rules.Query, paid *rules.Paid) string {
	t.Helper()
	made, err := table.TaxLines(context.Background(), q, paid)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range made {
		l := &made[i]
		if l.Quantity != 1 || l.UnitPrice != l.TotalAmount || l.TaxRate != 0 || l.TotalTaxAmount != 0 || l.TotalAmount <= 0 || l.Name == "" {
			t.Errorf("line %d: %+v", i, l)
		}
		if fee := l.Type == order.Surcharge; fee != (l.MerchantData == pricing.Mark) || !fee && l.Type != order.SalesTax {
			t.Errorf("line %d is neither a fee nor sales tax: %+v", i, l)
		}
		out = append(out, fmt.Sprintf("%s %d", l.Reference, l.TotalAmount))
	}
	return strings.Join(out, " ")
}

// today is the day of most tests.
func today(t testing.TB) time.Time { return at(t, "2026-11-24 10:00") }
