package pricing_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// drawPaid is a cart that is paid with cards, as it travels: goods, perhaps a discount that is smaller, and cards between them.
func drawPaid(t *rapid.T) (body string, balances []order.Amount, due order.Amount) {
	var parts []string
	for i := range rapid.IntRange(1, 5).Draw(t, "goods") {
		total := order.Amount(rapid.Int64Range(0, 100_000).Draw(t, "total"))
		due += total
		parts = append(parts, fmt.Sprintf(`{"type":"physical","reference":"g%d","name":"Goods","quantity":1,"unit_price":%d,`+
			`"tax_rate":2500,"total_amount":%d,"total_tax_amount":%d,"x-shelf":[1.50]}`, i, total, total, within(total, 2500)))
	}
	if off := order.Amount(rapid.Int64Range(0, int64(due)).Draw(t, "off")); off > 0 {
		due -= off
		parts = append(parts, fmt.Sprintf(`{"type":"discount","reference":"d","name":"Off","quantity":1,"unit_price":%d,`+
			`"tax_rate":0,"total_amount":%d,"total_tax_amount":0}`, -off, -off))
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "cards") {
		came := order.Amount(rapid.Int64Range(0, 150_000).Draw(t, "came"))
		balance, data := came, ""
		if rapid.Bool().Draw(t, "told") {
			balance = order.Amount(rapid.Int64Range(0, 150_000).Draw(t, "balance"))
			data = fmt.Sprintf(`,"merchant_data":"{\"id\":\"x\",\"balance\":%d}"`, balance)
		}
		balances = append(balances, balance)
		kind := rapid.SampledFrom([]order.LineType{order.GiftCard, order.StoreCredit}).Draw(t, "kind")
		parts = append(parts, fmt.Sprintf(`{"type":%q,"reference":"c%d","name":"Card","quantity":1,"unit_price":%d,`+
			`"tax_rate":0,"total_amount":%d,"total_tax_amount":0%s}`, kind, i, -came, -came, data))
	}
	return `{"order_amount":0,"order_tax_amount":0,"purchase_currency":"SEK","order_lines":[` + strings.Join(parts, ",") + `]}`, balances, due
}

// TestCardsProperties: cards pay together min(what they hold, what is due), each at most what it holds, the earlier ones
// first; the order never falls below zero, and every other line goes back as the bytes that came.
func TestCardsProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body, balances, due := drawPaid(t)
		o, err := order.DecodeUpdate([]byte(body), order.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		p := &pricing.Plan{Order: o, Lines: o.Lines, Effective: -1}
		if rapid.Bool().Draw(t, "ships") {
			priced, err := pricing.PriceFreight(pricing.Freight{Price: order.Amount(rapid.Int64Range(0, 20_000).Draw(t, "freight")),
				TaxRules: pricing.FreightTax{Rate: 2500}}, o.Lines)
			if err != nil {
				t.Fatal(err)
			}
			due += priced.Price
			p.Effective, p.Priced = 0, []pricing.Priced{priced}
			p.Options = []order.ShippingOption{{ID: "opt0", Name: "Option", Price: priced.Price, TaxAmount: priced.Tax, TaxRate: priced.Rate}}
		}
		a, err := pricing.Recompute(p)
		if err != nil {
			payable(t, err) // a discount without tax may not make the order's tax negative, nor does it
			t.Fatalf("got %v; want an answer", err)
		}
		left, card := due, 0
		for i := range a.Lines {
			l := &a.Lines[i]
			switch l.Type {
			case order.ShippingFee:
			case order.GiftCard, order.StoreCredit:
				want := min(balances[card], left)
				if l.TotalAmount != -want || l.UnitPrice != -want || l.TotalTaxAmount != 0 {
					t.Errorf("card %d: pays %d; want %d of %d, due %d", card, -l.TotalAmount, want, balances[card], left)
				}
				left, card = left-want, card+1
			default:
				raw, err := l.AppendJSON(nil)
				if err != nil || !strings.Contains(body, string(raw)) {
					t.Errorf("line %d: %v, got %s; want the bytes that came", i, err, raw)
				}
			}
		}
		if a.OrderAmount != left || a.OrderAmount < 0 || card != len(balances) {
			t.Errorf("order_amount %d; want %d", a.OrderAmount, left)
		}
	})
}
