package rules_test

import (
	"context"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// courier offers one option whose price depends on the destination.
type courier struct{}

var _ rules.ShippingEngine = courier{}

func (courier) Offer(_ context.Context, q *rules.Query) (rules.Offers, error) {
	price := order.Amount(99_00)
	if q.Destination.Country != "SE" {
		price = 199_00
	}
	return rules.Offers{Options: []rules.Offer{{ID: "acme-courier", Name: "Courier", Price: price}}}, nil
}

func ExampleShippingEngine() {
	q := &rules.Query{Destination: rules.Destination{Country: "NO"}}
	o, err := courier{}.Offer(context.Background(), q)
	fmt.Println(o.Options[0].ID, o.Options[0].Price, err)
	// Output: acme-courier 19900 <nil>
}

// vat taxes everything at one rate, freight as the goods.
type vat struct{ rate order.Rate }

var _ rules.TaxEngine = vat{}

func (v vat) Goods(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
	rates := make([]pricing.LineRate, len(q.Lines))
	for i := range q.Lines {
		rates[i] = pricing.LineRate{Rate: v.rate, Apply: q.Lines[i].Rated()}
	}
	return rules.GoodsTax{Rates: rates, Keep: pricing.KeepGross}, nil
}

func (v vat) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return pricing.FreightTax{Mode: pricing.FreightSplit, Rate: v.rate}, nil
}

func ExampleTaxEngine() {
	q := &rules.Query{Lines: []order.Line{{Name: "Shirt", Quantity: 1, UnitPrice: 125_00, TotalAmount: 125_00}}}
	tax, err := vat{rate: 2500}.Goods(context.Background(), q)
	fmt.Println(tax.Rates[0].Rate, err)
	// Output: 2500 <nil>
}

// ageLimit refuses buyers who were born too late. The birth date is looked at and goes nowhere.
type ageLimit struct{ years int }

var _ rules.Validator = ageLimit{}

func (a ageLimit) Validate(_ context.Context, q *rules.Query) (rules.Decision, error) {
	c := q.Order.Customer
	if c == nil {
		return rules.Decision{}, nil
	}
	born, err := time.ParseInLocation(time.DateOnly, c.DateOfBirth, q.Now.Location())
	if err == nil && !born.AddDate(a.years, 0, 0).After(q.Now) {
		return rules.Decision{}, nil
	}
	return rules.Decision{
		Verdict: rules.Rejected,
		Reject:  rules.Reject{Kind: rules.ApprovalFailed, Text: fmt.Sprintf("You must be %d or older.", a.years)},
		Reasons: []rules.Reason{{Rule: "acme.age_limit", Detail: "too young, or no date of birth"}},
	}, nil
}

func ExampleValidator() {
	q := &rules.Query{Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		Order: &order.Order{Customer: &order.Customer{DateOfBirth: "2008-11-25"}}}
	d, err := ageLimit{years: 18}.Validate(context.Background(), q)
	fmt.Println(d.Reject.Kind, d.Reject.Text, err)
	// Output: approval_failed You must be 18 or older. <nil>
}

// stores knows where a parcel can be fetched in a town.
type stores map[string][]rules.PickupPoint

var _ rules.FactProvider = stores{}

func (s stores) Facts(_ context.Context, q *rules.Query) (rules.Facts, error) {
	if q.Order.ShippingAddress == nil {
		return rules.Facts{}, nil
	}
	return rules.Facts{Pickup: map[string][]rules.PickupPoint{"": s[q.Order.ShippingAddress.City]}}, nil
}

func ExampleFactProvider() {
	shops := stores{"Visby": {{ID: "12", Name: "Adelsgatan"}}}
	q := &rules.Query{Order: &order.Order{ShippingAddress: &order.Address{City: "Visby"}}}
	f, err := shops.Facts(context.Background(), q)
	fmt.Println(f.Pickup[""][0].Name, err)
	// Output: Adelsgatan <nil>
}

// Example puts engines together and asks them as a callback does.
func ExampleEngine_Price() {
	e, err := rules.NewEngine(rules.Options{
		Revision: "3f1c9a",
		Members: []rules.Member{
			{Name: "acme.courier", Impl: courier{}, Deadline: 500 * time.Millisecond},
			{Name: "tax", Impl: vat{rate: 2500}, Inline: true},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	o := &order.Order{
		PurchaseCurrency: "SEK",
		ShippingAddress:  &order.Address{Country: "se", PostalCode: "113 51"},
		Lines: []order.Line{{Name: "Shirt", Quantity: 1, UnitPrice: 250_00, TaxRate: 2500,
			TotalAmount: 250_00, TotalTaxAmount: 50_00}},
	}
	q := e.Query(rules.AddressUpdate, o, time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	plan, decision, err := e.Price(context.Background(), q)
	if err != nil || decision.Verdict != rules.Accept {
		fmt.Println(decision, err)
		return
	}
	a, err := pricing.Recompute(plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("order_amount", a.OrderAmount, "order_tax_amount", a.OrderTaxAmount)
	for _, option := range a.Options {
		fmt.Println(option.ID, option.Price, option.TaxAmount, option.Preselected)
	}
	// Output:
	// order_amount 34900 order_tax_amount 6980
	// acme-courier 9900 1980 true
}

// ExampleEngine_Judge: a price that was changed on its way does not complete.
func ExampleEngine_Judge() {
	e, err := rules.NewEngine(rules.Options{
		Revision: "3f1c9a",
		Members: []rules.Member{
			{Name: "acme.courier", Impl: courier{}},
			{Name: "tax", Impl: vat{rate: 2500}, Inline: true},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	o := &order.Order{
		PurchaseCurrency: "SEK", PurchaseCountry: "SE",
		SelectedShippingOption: &order.ShippingOption{ID: "acme-courier"},
		Lines: []order.Line{
			{Name: "Shirt", Quantity: 1, UnitPrice: 250_00, TaxRate: 2500, TotalAmount: 250_00, TotalTaxAmount: 50_00},
			{Type: order.ShippingFee, Name: "Courier", Quantity: 1, UnitPrice: 1_00, TaxRate: 2500, TotalAmount: 1_00, TotalTaxAmount: 20},
		},
	}
	q := e.Query(rules.Validation, o, time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	d, err := e.Judge(context.Background(), q, nil, time.Hour)
	fmt.Println(d.Reject.Kind, d.Reject.TextKey, err)
	fmt.Println(d.Reasons[0].Rule, d.Reasons[0].Revision)
	fmt.Println(d.Reasons[0].Detail)
	// Output:
	// approval_failed changed <nil>
	// shipping_line 3f1c9a
	// shipping_fee lines [100 at 2500 with tax 20], the tables say [9900 at 2500 with tax 1980]: option "acme-courier"
}
