package rulebook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// usEngine is the engine of the shipped US rulebook with other words in its tax.yaml, old and new by turns.
func usEngine(t testing.TB, words ...string) *rules.Engine {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, name := range []string{"shipping.yaml", "tax.yaml", "tax/us-rates.csv", "zones/us-ground-zones.csv", "rates/ground.csv"} {
		data, err := os.ReadFile(examples + "/us/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "tax.yaml" {
			data = []byte(strings.NewReplacer(words...).Replace(string(data)))
		}
		fsys[name] = &fstest.MapFile{Data: data}
	}
	r := new(diag.Report)
	book := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
	if book == nil {
		t.Fatal(r.Findings())
	}
	e, err := book.Engine(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// usEngines are the US rulebook as it is, and with the other choices that a tax file has.
func usEngines(t *testing.T, check func(t *testing.T, e *rules.Engine)) {
	t.Helper()
	for name, words := range map[string][]string{
		"as it is":     nil,
		"net, one":     {"prices: exclude tax", "keep: net", "lines: by_level", "lines: one"},
		"net, by line": {"prices: exclude tax", "keep: net", "round: order", "round: line", "US-CO: none", "US-CO: follow goods"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, usEngine(t, words...))
		})
	}
}

// body is an order as the checkout sends it.
type body map[string]any

func (b body) decoded(t *rapid.T) *order.Order {
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	o, err := order.DecodeUpdate(text, order.DefaultLimits())
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return o
}

// usTime is the time of all questions.
func usTime() time.Time { return time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC) }

// price asks for the answer to an order, and has it gated; nil where the order is refused.
func price(t *rapid.T, e *rules.Engine, b body) (*order.Answer, []byte) {
	o := b.decoded(t)
	plan, d, err := e.Price(context.Background(), e.Query(rules.ShippingOptionUpdate, o, usTime()))
	if err != nil {
		t.Fatal(err)
	}
	if d.Verdict != rules.Accept {
		return nil, nil
	}
	a, err := pricing.Recompute(plan)
	if errors.Is(err, pricing.ErrNegative) { // discounts beyond all goods and freight
		return nil, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if v := gate.Answer(o, a, plan.Policy.Fees...); len(v) > 0 {
		t.Fatalf("the gate refuses: %+v", v)
	}
	text, err := a.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return a, text
}

// next is the order that holds an answer.
func (b body) next(t *rapid.T, answer []byte) body {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(answer, &members); err != nil {
		t.Fatal(err)
	}
	out := body{}
	for name, v := range b {
		out[name] = v
	}
	for name, v := range members {
		if name != "shipping_options" {
			out[name] = v
		}
	}
	return out
}

func drawUSLine(t *rapid.T, i int) map[string]any {
	quantity := rapid.Int64Range(1, 5).Draw(t, "quantity")
	price := rapid.Int64Range(0, 15_000).Draw(t, "price")
	l := map[string]any{"reference": fmt.Sprint("ref-", i), "name": "line", "quantity": quantity, "unit_price": price, "total_amount": quantity * price}
	switch kind := rapid.SampledFrom([]string{"", "physical", "digital", "discount", "store_credit", "surcharge", "sales_tax", "shipping_fee", "ours"}).Draw(t, "kind"); kind {
	case "discount", "store_credit":
		l["type"], l["unit_price"], l["total_amount"] = kind, -price, -quantity*price
	case "ours":
		l["type"], l["merchant_data"] = "surcharge", pricing.Mark
	case "":
	default:
		l["type"] = kind
		if off := rapid.Int64Range(0, quantity*price).Draw(t, "off"); kind == "physical" {
			l["total_discount_amount"], l["total_amount"] = off, quantity*price-off
		}
	}
	if rapid.Bool().Draw(t, "rated") && l["type"] != "sales_tax" && l["type"] != "store_credit" {
		rate := order.Rate(rapid.SampledFrom([]int64{0, 700, 2500}).Draw(t, "rate"))
		tax, err := pricing.TaxWithin(order.Amount(l["total_amount"].(int64)), rate)
		if err != nil {
			t.Fatal(err)
		}
		l["tax_rate"], l["total_tax_amount"] = rate, tax
	}
	tags := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"clothing", "grocery", "book"}), rapid.ID).Draw(t, "tags")
	l["shipping_attributes"] = map[string]any{"weight": rapid.IntRange(1, 3000).Draw(t, "weight"), "tags": tags}
	return l
}

func drawUSOrder(t *rapid.T) body {
	lines := []map[string]any{}
	for i := range rapid.IntRange(1, 8).Draw(t, "lines") {
		lines = append(lines, drawUSLine(t, i))
	}
	address := rapid.SampledFrom([]map[string]any{
		{"region": "NY", "postal_code": "10001"}, {"region": "ny", "postal_code": "14201-0001"}, {"region": "US-CO", "postal_code": "80202"},
		{"region": "MN", "postal_code": "55401"}, {"region": "WA", "postal_code": "98101"}, {"region": "TX"}, {"region": "CA", "postal_code": "90001"},
		{"postal_code": "80202"}, {}, {"region": "OR", "postal_code": "97201"},
	}).Draw(t, "address")
	to := map[string]any{"country": "us"}
	for k, v := range address {
		to[k] = v
	}
	b := body{"order_amount": 0, "order_tax_amount": 0, "order_lines": lines, "purchase_currency": "usd", "locale": "en-US", "shipping_address": to}
	if id := rapid.SampledFrom([]string{"", "ground", "two-day", "gone"}).Draw(t, "selected"); id != "" {
		b["selected_shipping_option"] = map[string]any{"id": id, "name": "x", "price": 0, "tax_amount": 0, "tax_rate": 0}
	}
	return b
}

// TestUSAnswers: what the US rulebook answers holds by itself: the tax is the sum of the sales_tax lines, no other line has
// tax, nothing of the tax is negative, the answer given back is the same to the byte, and validation approves it.
func TestUSAnswers(t *testing.T) {
	t.Parallel()
	usEngines(t, func(t *testing.T, e *rules.Engine) { rapid.Check(t, func(t *rapid.T) { checkUSAnswer(t, e) }) })
}

func checkUSAnswer(t *rapid.T, e *rules.Engine) {
	b := drawUSOrder(t)
	a, text := price(t, e, b)
	if a == nil {
		return
	}
	var tax order.Amount
	for i := range a.Lines {
		l := &a.Lines[i]
		switch {
		case l.Kind() == order.SalesTax && l.TotalAmount < 0:
			t.Fatalf("line %d: %+v", i, l)
		case l.Kind() == order.SalesTax:
			tax += l.TotalAmount
		case l.TaxRate != 0 || l.TotalTaxAmount != 0:
			t.Fatalf("line %d has tax of its own: %+v", i, l)
		}
	}
	if tax != a.OrderTaxAmount {
		t.Fatalf("tax %d, lines %d", a.OrderTaxAmount, tax)
	}
	next := b.next(t, text)
	if _, again := price(t, e, next); string(again) != string(text) {
		t.Fatalf("the answer changes when it comes back\n%s\n%s", text, again)
	}
	if b["shipping_address"].(map[string]any)["postal_code"] == nil {
		return // validation asks for it
	}
	if d, err := e.Judge(context.Background(), e.Query(rules.Validation, selected(t, next, a), usTime()), nil, 0); err != nil || d.Verdict != rules.Accept {
		t.Fatalf("validation: %+v %v of %s", d, err, text)
	}
}

// selected is the order with the option that the answer marks.
func selected(t *rapid.T, b body, a *order.Answer) *order.Order {
	delete(b, "selected_shipping_option")
	for i := range a.Options {
		if a.Options[i].Preselected {
			b["selected_shipping_option"] = map[string]any{"id": a.Options[i].ID, "name": "x", "price": 0, "tax_amount": 0, "tax_rate": 0}
		}
	}
	return b.decoded(t)
}

// TestUSOrderOfLines: the sums do not depend on the order of the lines.
func TestUSOrderOfLines(t *testing.T) {
	t.Parallel()
	usEngines(t, func(t *testing.T, e *rules.Engine) { rapid.Check(t, func(t *rapid.T) { checkUSOrder(t, e) }) })
}

func checkUSOrder(t *rapid.T, e *rules.Engine) {
	b := drawUSOrder(t)
	a, _ := price(t, e, b)
	b["order_lines"] = rapid.Permutation(b["order_lines"].([]map[string]any)).Draw(t, "order")
	other, _ := price(t, e, b)
	if (a == nil) != (other == nil) {
		t.Fatal("one of them is refused")
	}
	if a != nil && (a.OrderTaxAmount != other.OrderTaxAmount || a.OrderAmount != other.OrderAmount) {
		t.Fatalf("%d with tax %d, and %d with tax %d", a.OrderAmount, a.OrderTaxAmount, other.OrderAmount, other.OrderTaxAmount)
	}
}

// TestUSGrace: an order that was priced before a fee and a rate changed at midnight passes within the grace, and not beyond.
func TestUSGrace(t *testing.T) {
	t.Parallel()
	e := usEngine(t)
	chicago, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2025, 7, 1, 0, 0, 0, 0, chicago)
	line := func(kind order.LineType, reference, data string, amount order.Amount) order.Line {
		return order.Line{Type: kind, Reference: reference, Name: "n", Quantity: 1, UnitPrice: amount, TotalAmount: amount, MerchantData: data}
	}
	goods := line(order.Physical, "A", "", 6000)
	goods.ShippingAttributes = &order.ShippingAttributes{Weight: 900}
	o := &order.Order{PurchaseCurrency: "USD", ShippingAddress: &order.Address{Country: "US", Region: "CO", PostalCode: "80202"},
		SelectedShippingOption: &order.ShippingOption{ID: "ground"},
		Lines: []order.Line{goods, line(order.ShippingFee, "ground", "", 1090), line(order.Surcharge, "co-retail-delivery", pricing.Mark, 29),
			line(order.SalesTax, "state", "", 174), line(order.SalesTax, "city", "", 309), line(order.SalesTax, "special", "", 66)}}
	for name, tt := range map[string]struct {
		after, grace time.Duration
		want         rules.Verdict
	}{
		"before it":         {-time.Minute, 0, rules.Accept},
		"within the grace":  {5 * time.Minute, 30 * time.Minute, rules.Accept},
		"beyond the grace":  {40 * time.Minute, 30 * time.Minute, rules.Rejected},
		"there is no grace": {time.Minute, 0, rules.Rejected},
	} {
		d, err := e.Judge(context.Background(), e.Query(rules.Validation, o, midnight.Add(tt.after)), nil, tt.grace)
		if err != nil || d.Verdict != tt.want {
			t.Errorf("%s: %+v %v", name, d, err)
		}
	}
}
