package callbacks_test

import (
	"os"
	"testing"
)

// TestUS walks a buyer of the US rulebook through a checkout: from New York to Colorado, whose fee comes and goes with the
// address. Each answer is what the next question holds, and validation approves what the updates answered.
func TestUS(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(loaded(t, os.DirFS("../configs/examples/us"))))
	const start = `{"order_amount":1412,"order_tax_amount":112,"order_lines":[
		{"type":"physical","name":"Mug","reference":"SKU","quantity":2,"unit_price":500,"total_amount":1000,"shipping_attributes":{"weight":400}},
		{"type":"shipping_fee","name":"Freight","quantity":1,"unit_price":700,"total_amount":700},
		{"type":"discount","name":"Off","quantity":1,"unit_price":-100,"total_amount":-100},
		{"type":"sales_tax","name":"Tax","quantity":1,"unit_price":112,"total_amount":112},
		{"type":"store_credit","name":"Credit","quantity":1,"unit_price":-300,"total_amount":-300}],
		"purchase_currency":"USD","locale":"en-US",
		"shipping_address":{"region":"NY","postal_code":"10001","country":"us"}}`
	answer := s.cart("address-update", decoded(t, start))
	steps := []struct {
		name, region, zip string
		amount, tax       float64 // of the order
		lines             int
	}{
		// 9.00 of goods, 11.90 of freight, 8.875 % of both by level
		{"back to Manhattan", "NY", "10001", 900 + 1190 + 186 - 300, 186, 7},
		// 9.00 of goods at 9.15 %, 10.90 of freight, the fee
		{"to Denver", "CO", "80202", 900 + 1090 + 82 + 28 - 300, 82, 8},
		{"no ZIP yet", "CO", "", 0, 26, 0},
		// outside collect_in
		{"to Chicago", "IL", "60601", 900 + 890 - 300, 0, 4},
		{"to Beverly Hills", "CA", "90210", 900 + 1390 + 88 - 300, 88, 7},
	}
	for _, step := range steps {
		next := merged(t, start, answer)
		next["shipping_address"] = map[string]any{"country": "US", "region": step.region, "postal_code": step.zip}
		answer = s.cart("address-update", next)
		if got := answer["order_tax_amount"]; got != step.tax {
			t.Errorf("%s: tax %v, want %v: %v", step.name, got, step.tax, answer["order_lines"])
		}
		if step.lines == 0 {
			continue
		}
		if got := answer["order_amount"]; got != step.amount || len(answer["order_lines"].([]any)) != step.lines {
			t.Errorf("%s: amount %v with %d lines, want %v with %d", step.name, got, len(answer["order_lines"].([]any)), step.amount, step.lines)
		}
		whole := merged(t, start, answer)
		whole["shipping_address"] = next["shipping_address"]
		whole["order_id"], whole["purchase_country"] = orderID, "US"
		whole["selected_shipping_option"] = answer["shipping_options"].([]any)[0]
		if got := s.post(base+"/validation"+query, marshal(t, whole)); got.status != 200 || got.body != "{}" {
			t.Errorf("%s: got %v and %s, want it approved", step.name, got, lastLine(s))
		}
	}
}
