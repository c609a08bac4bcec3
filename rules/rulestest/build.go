package rulestest

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// body is the callback that a question arrives as.
func (in *input) body(s *Subject) ([]byte, error) {
	o, err := in.order(s)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("the made-up order: %w", err)
	}
	return body, nil
}

// order makes the order of a question, or reads the recorded one.
func (in *input) order(s *Subject) (*order.Order, error) {
	if in.recorded != nil {
		o, err := order.DecodeUpdate(in.recorded.body, order.DefaultLimits())
		if err == nil && in.choose != "" {
			o.SelectedShippingOption = chosen(in.choose)
		}
		return o, err
	}
	o := &order.Order{PurchaseCurrency: string(in.currency), Locale: in.language, ShippingAddress: in.to.wire(), Tags: in.tags}
	if c := &in.customer; c.Type != "" || c.VATID != "" || c.DateOfBirth != "" || c.OrganizationRegistrationID != "" {
		c := in.customer
		o.Customer = &c
	}
	if in.choose != "" {
		o.SelectedShippingOption = chosen(in.choose)
	}
	if err := in.lines(s, o); err != nil {
		return nil, err
	}
	for i := range o.Lines {
		o.OrderAmount += o.Lines[i].TotalAmount
		o.OrderTaxAmount += o.Lines[i].TotalTaxAmount
	}
	if o.OrderAmount < 0 {
		return nil, fmt.Errorf("discounts and cards take off more than the goods cost: the order is %s",
			moneyText(o.OrderAmount, table.Currency(o.PurchaseCurrency)))
	}
	return o, nil
}

// chosen is an option as the checkout sends it back; nothing but its id counts.
func chosen(id string) *order.ShippingOption { return &order.ShippingOption{ID: id, Name: id} }

// lines fills in the lines, taxed as at home.
func (in *input) lines(s *Subject, o *order.Order) error {
	o.Lines = make([]order.Line, 0, len(in.items)+len(in.discounts))
	for i := range in.items {
		l, err := in.items[i].line()
		if err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
		o.Lines = append(o.Lines, l)
	}
	rates, err := in.homeRates(s, o)
	if err != nil {
		return err
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if i < len(rates) && rates[i].Apply {
			l.TaxRate = rates[i].Rate
		}
		if l.TotalTaxAmount, err = pricing.TaxWithin(l.TotalAmount, l.TaxRate); err != nil {
			return err
		}
	}
	return in.discountLines(o)
}

// line makes the line of an item, not taxed yet.
func (it *item) line() (order.Line, error) {
	gross, err := pricing.Mul(it.price, it.quantity)
	if err != nil {
		return order.Line{}, err
	}
	l := order.Line{Type: it.kind, Reference: it.sku, Name: it.name, Quantity: it.quantity, UnitPrice: it.price,
		TotalAmount: gross - it.discount, TotalDiscountAmount: it.discount}
	if l.TotalAmount < 0 {
		return l, errors.New("the discount is larger than the price")
	}
	if l.Name == "" {
		l.Name = "item"
	}
	switch it.kind {
	case order.GiftCard, order.StoreCredit: // they pay: their amounts are negative
		l.UnitPrice, l.TotalAmount = -l.UnitPrice, -l.TotalAmount
	}
	if it.category != "" {
		l.ProductIdentifiers = &order.ProductIdentifiers{CategoryPath: it.category}
	}
	if it.grams > 0 || len(it.tags) > 0 || it.sides != [3]int64{} {
		a := &order.ShippingAttributes{Weight: it.grams, Tags: it.tags}
		if it.sides != [3]int64{} {
			a.Dimensions = &order.Dimensions{Length: it.sides[0], Width: it.sides[1], Height: it.sides[2]}
		}
		l.ShippingAttributes = a
	}
	return l, nil
}

// homeRates asks what the lines are taxed at where the shop is: that is how its shelf prices are made.
func (in *input) homeRates(s *Subject, o *order.Order) ([]pricing.LineRate, error) {
	if s.Tax == nil || s.Home == "" || len(o.Lines) == 0 {
		return nil, nil
	}
	at := *o
	at.Customer = nil
	at.ShippingAddress = &order.Address{Country: s.Home}
	q := &rules.Query{Callback: rules.AddressUpdate, Now: in.now.In(s.location()), Order: &at, Lines: o.Lines,
		Destination: rules.Destination{Country: s.Home}, Currency: o.PurchaseCurrency, Language: in.language}
	g, err := s.Tax.Goods(context.Background(), q)
	if err != nil {
		return nil, fmt.Errorf("tax at home: %w", err)
	}
	if g.Reject != nil {
		return nil, fmt.Errorf("tax at home: the tax tables do not serve %s itself", s.Home)
	}
	return g.Rates, nil
}

// discountLines adds the discounts of the order. One without a rate takes that of the goods, if they have but one.
func (in *input) discountLines(o *order.Order) error {
	goods := len(o.Lines)
	for i, d := range in.discounts {
		rate := d.rate
		if !d.rated {
			var err error
			if rate, err = onlyRate(o.Lines[:goods]); err != nil {
				return fmt.Errorf("discount %d: %w", i+1, err)
			}
		}
		tax, err := pricing.TaxWithin(-d.total, rate)
		if err != nil {
			return fmt.Errorf("discount %d: %w", i+1, err)
		}
		o.Lines = append(o.Lines, order.Line{Type: order.Discount, Reference: d.reference, Name: "discount", Quantity: 1,
			UnitPrice: -d.total, TotalAmount: -d.total, TaxRate: rate, TotalTaxAmount: tax})
	}
	return nil
}

func onlyRate(lines []order.Line) (order.Rate, error) {
	rate := order.Rate(-1)
	for i := range lines {
		l := &lines[i]
		switch {
		case !l.Goods():
		case rate < 0:
			rate = l.TaxRate
		case rate != l.TaxRate:
			return 0, errors.New("the goods have several tax rates; write the discount's `rate`, e.g. rate: 25%")
		}
	}
	return max(rate, 0), nil
}
