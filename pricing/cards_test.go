package pricing_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestRecomputeCards(t *testing.T) {
	t.Parallel()
	card := func(pays order.Amount, data string) order.Line {
		l := line(order.GiftCard, "card", -pays, 0)
		l.MerchantData = data
		return l
	}
	pieces := func(quantity int64, unit, off, total order.Amount, data string) order.Line {
		l := card(0, data)
		l.Quantity, l.UnitPrice, l.TotalDiscountAmount, l.TotalAmount = quantity, unit, off, total
		return l
	}
	credit := line(order.StoreCredit, "credit", -4000, 0)
	taxed := line(order.GiftCard, "taxed", -12500, 2500)
	tests := []struct {
		name  string
		due   order.Amount // goods in the cart
		cards []order.Line
		want  []priced
		left  order.Amount
	}{
		{"fits and stays", 10000, []order.Line{card(3000, "")}, []priced{{"card", -3000, 0, -3000, 0, 0}}, 7000},
		{"never below zero", 2000, []order.Line{card(3000, "")}, []priced{{"card", -2000, 0, -2000, 0, 0}}, 0},
		{"without a balance it never grows", 10000, []order.Line{card(2000, "")}, []priced{{"card", -2000, 0, -2000, 0, 0}}, 8000},
		{"grows to its balance", 10000, []order.Line{card(2000, `{"balance": 5000}`)}, []priced{{"card", -5000, 0, -5000, 0, 0}}, 5000},
		{"grows to what is due", 4000, []order.Line{card(2000, `{"balance": 5000}`)}, []priced{{"card", -4000, 0, -4000, 0, 0}}, 0},
		{"comes back from zero", 4000, []order.Line{card(0, `{"id":"x","balance":5000}`)}, []priced{{"card", -4000, 0, -4000, 0, 0}}, 0},
		{"never more than its balance", 9000, []order.Line{card(6000, `{"balance": 5000}`)}, []priced{{"card", -5000, 0, -5000, 0, 0}}, 4000},
		{"a balance of other shape says nothing", 9000,
			[]order.Line{card(1, `{"balance": "5000"}`), card(2, `{"balance": 50.5}`), card(3, `{"balance": -1}`),
				card(4, `{"Balance": 5000}`), card(5, `{"balance": null}`), card(6, `{"balance"`), card(7, `[5000]`), card(8, `5000`)},
			[]priced{{"card", -1, 0, -1, 0, 0}, {"card", -2, 0, -2, 0, 0}, {"card", -3, 0, -3, 0, 0}, {"card", -4, 0, -4, 0, 0},
				{"card", -5, 0, -5, 0, 0}, {"card", -6, 0, -6, 0, 0}, {"card", -7, 0, -7, 0, 0}, {"card", -8, 0, -8, 0, 0}}, 8964},
		{"in order", 5000, []order.Line{card(3000, ""), credit, card(3000, "")},
			[]priced{{"card", -3000, 0, -3000, 0, 0}, {"credit", -2000, 0, -2000, 0, 0}, {"card", 0, 0, 0, 0, 0}}, 0},
		{"nothing due", 0, []order.Line{card(3000, `{"balance": 5000}`)}, []priced{{"card", 0, 0, 0, 0, 0}}, 0},
		{"several pieces, even", 2000, []order.Line{pieces(2, -1500, 0, -3000, "")}, []priced{{"card", -1000, 0, -2000, 0, 0}}, 0},
		{"several pieces, the rest is a discount", 2000, []order.Line{pieces(3, -1000, 0, -3000, "")},
			[]priced{{"card", -666, 2, -2000, 0, 0}}, 0},
		{"more pieces than units", 2, []order.Line{pieces(3, -1, 0, -3, "")}, []priced{{"card", 0, 2, -2, 0, 0}}, 0},
		{"no pieces", 2000, []order.Line{pieces(0, -9, 3000, -3000, "")}, []priced{{"card", -9, 2000, -2000, 0, 0}}, 0},
		{"its tax follows", 10000, []order.Line{goods("more", 2500, 2500), taxed},
			[]priced{{"more", 2500, 0, 2500, 2500, 500}, {"taxed", -12500, 0, -12500, 2500, -2500}}, 0},
		{"its tax follows, resized", 5000, []order.Line{taxed}, []priced{{"taxed", -5000, 0, -5000, 2500, -1000}}, 0},
		{"a positive one is not payment", 5000, []order.Line{line(order.GiftCard, "bought", 500, 0), card(9000, "")},
			[]priced{{"bought", 500, 0, 500, 0, 0}, {"card", -5500, 0, -5500, 0, 0}}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lines := append([]order.Line{goods("goods", tt.due, 2500)}, tt.cards...)
			a, err := pricing.Recompute(plan(t, pricing.ShippingPolicy{}, lines))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(pricesOf(a.Lines[1:]), tt.want); d != "" {
				t.Error(d)
			}
			if a.OrderAmount != tt.left {
				t.Errorf("order_amount %d; want %d", a.OrderAmount, tt.left)
			}
		})
	}
}

// TestCardPaysFreight: freight is part of what is due, and a card that was cut to the goods grows with it.
func TestCardPaysFreight(t *testing.T) {
	t.Parallel()
	card := line(order.GiftCard, "card", -5000, 0)
	card.MerchantData = `{"balance": 20000}`
	a, err := pricing.Recompute(plan(t, pricing.ShippingPolicy{}, []order.Line{goods("a", 5000, 2500), card},
		follow(4900, pricing.FreightHighest)))
	if err != nil {
		t.Fatal(err)
	}
	if a.Lines[1].TotalAmount != -9900 || a.OrderAmount != 0 || a.OrderTaxAmount != 1980 {
		t.Errorf("card %d, order %d, tax %d; want -9900, 0, 1980", a.Lines[1].TotalAmount, a.OrderAmount, a.OrderTaxAmount)
	}
}

// TestCardsCannotLift: discounts above the goods are no card's business.
func TestCardsCannotLift(t *testing.T) {
	t.Parallel()
	_, err := pricing.Recompute(plan(t, pricing.ShippingPolicy{},
		[]order.Line{goods("a", 5000, 0), discount("d", 6000, 0), line(order.GiftCard, "card", -100, 0)}))
	if !errors.Is(err, pricing.ErrNegative) {
		t.Errorf("got %v; want ErrNegative", err)
	}
}
