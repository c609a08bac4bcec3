package pricing_test

import (
	"fmt"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// A freight of 39.00 on a cart that is half food (6 %) and half furniture (25 %).
func ExamplePriceFreight() {
	lines := []order.Line{
		{Name: "Jam", Quantity: 1, UnitPrice: 10000, TotalAmount: 10000, TaxRate: 600, TotalTaxAmount: 566},
		{Name: "Lamp", Quantity: 1, UnitPrice: 10000, TotalAmount: 10000, TaxRate: 2500, TotalTaxAmount: 2000},
	}
	priced, err := pricing.PriceFreight(pricing.Freight{
		Price:    3900,
		TaxRules: pricing.FreightTax{Mode: pricing.FreightSplit},
	}, lines)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("option:", priced.Price, "tax", priced.Tax, "at", priced.Rate)
	for _, p := range priced.Parts {
		fmt.Println("line:", p.Gross, "tax", p.Tax, "at", p.Rate)
	}
	// Output:
	// option: 3900 tax 500 at 1471
	// line: 1950 tax 110 at 600
	// line: 1950 tax 390 at 2500
}

// One net price everywhere: a lamp of 125.00 with 25 % in it costs 112.00 where the rate is 12 %.
func ExampleRerate() {
	lamp := order.Line{Name: "Lamp", Quantity: 2, UnitPrice: 12500, TotalAmount: 25000, TaxRate: 2500, TotalTaxAmount: 5000}
	lines, err := pricing.Rerate([]order.Line{lamp}, []pricing.LineRate{{Rate: 1200, Apply: true}}, pricing.KeepNet)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(lines[0].UnitPrice, lines[0].TotalAmount, lines[0].TotalTaxAmount)
	// Output: 11200 22400 2400
}

// A gift card of 300.00 with 500.00 on it grows to pay the freight too.
func ExampleRecompute() {
	in := &order.Order{PurchaseCurrency: "sek", Lines: []order.Line{
		{Name: "Lamp", Quantity: 1, UnitPrice: 30000, TotalAmount: 30000, TaxRate: 2500, TotalTaxAmount: 6000},
		{Type: order.GiftCard, Name: "Card", Quantity: 1, UnitPrice: -30000, TotalAmount: -30000, MerchantData: `{"balance": 50000}`},
	}}
	policy := pricing.ShippingPolicy{}
	answer, err := pricing.Recompute(&pricing.Plan{
		Order:   in,
		Lines:   pricing.Stay(in.Lines, &policy),
		Options: []order.ShippingOption{{ID: "home", Name: "Home delivery", Price: 4900, TaxAmount: 980, TaxRate: 2500}},
		Priced:  []pricing.Priced{{Price: 4900, Tax: 980, Rate: 2500, Parts: []pricing.Part{{Rate: 2500, Gross: 4900, Tax: 980}}}},
		Policy:  policy,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range answer.Lines {
		fmt.Println(l.Name, l.TotalAmount)
	}
	fmt.Println("to pay:", answer.OrderAmount, answer.PurchaseCurrency, "tax", answer.OrderTaxAmount)
	// Output:
	// Lamp 30000
	// Card -34900
	// Home delivery 4900
	// to pay: 0 SEK tax 6980
}

func ExampleSplit() {
	fmt.Println(pricing.Split(100, []int64{1, 1, 1}))
	// Output: [34 33 33] <nil>
}
