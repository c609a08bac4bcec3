package pricing

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/order"
)

// payCards resizes the gift_card and store_credit lines, in order, to what is left to pay of due: each pays
// min(balance, due), so never more than its balance and never below zero. A line whose amount does not change
// stays as it is. A payment line with a positive total is none; it has been counted into due. lines is changed in
// place and must be ours.
func payCards(lines []order.Line, due order.Amount) error {
	for i := range lines {
		l := &lines[i]
		if !Pays(l) {
			continue
		}
		pays := min(Balance(l), max(due, 0))
		due -= pays // both are at least 0
		if pays == -l.TotalAmount {
			continue
		}
		p, err := cardPrices(l, pays)
		if err != nil {
			return fmt.Errorf("lines[%d]: %w", i, err)
		}
		lines[i] = l.Reprice(p)
	}
	return nil
}

// Pays reports whether the line pays for the order: a gift card or store credit that is not above zero.
func Pays(l *order.Line) bool {
	k := l.Kind()
	return (k == order.GiftCard || k == order.StoreCredit) && l.TotalAmount <= 0
}

// Balance is what a line that pays could pay: merchant_data {"balance": minor units} where the shop gives it as a whole
// number that is not negative, else the amount that came.
func Balance(l *order.Line) order.Amount {
	came := -max(l.TotalAmount, -1<<62)
	if l.MerchantData == "" || l.MerchantData[0] != '{' {
		return came
	}
	var b struct {
		Balance *order.Amount `json:"balance"`
	}
	// The shop may keep anything in merchant_data: what is not a balance says nothing, and is no fault.
	if err := json.Unmarshal([]byte(l.MerchantData), &b); err != nil || b.Balance == nil || *b.Balance < 0 {
		return came
	}
	return *b.Balance
}

// cardPrices makes the line pay an amount. The quantity is not ours to change: where it does not divide the
// amount, unit_price is rounded towards zero and the units left over go into total_discount_amount (contract 3,
// rule 7). A card with a tax rate keeps it, and its tax follows.
func cardPrices(l *order.Line, pays order.Amount) (order.Prices, error) {
	p := l.Prices()
	p.TotalAmount, p.TotalDiscountAmount = -pays, pays
	if l.Quantity > 0 {
		q := order.Amount(l.Quantity)
		p.UnitPrice, p.TotalDiscountAmount = -(pays / q), pays%q
	}
	var err error
	if p.TotalTaxAmount, err = TaxWithin(p.TotalAmount, p.TaxRate); err != nil {
		return p, fmt.Errorf("total_tax_amount: %w", err)
	}
	return p, nil
}
