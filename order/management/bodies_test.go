package management_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

// TestBodies: what a person writes is taken as it is or refused, never in part.
func TestBodies(t *testing.T) {
	t.Parallel()
	got, err := management.DecodeLines([]byte(`[{"type":"physical","name":"Lamp","quantity":2,"unit_price":24900,"total_amount":49800,"product_identifiers":{"brand":"Ljus"}}]`))
	want := []management.Line{{Type: order.Physical, Name: "Lamp", Quantity: 2, UnitPrice: 24900, TotalAmount: 49800,
		ProductIdentifiers: &order.ProductIdentifiers{Brand: "Ljus"}}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	parcels, err := management.DecodeShippingInfo([]byte(`[{"shipping_company":"PostNord"}]`))
	if d := cmp.Diff([]management.ShippingInfo{{ShippingCompany: "PostNord"}}, parcels); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	address, err := management.DecodeAddress([]byte(`{"city":"Ort","country":"SE"}`))
	if d := cmp.Diff(order.Address{City: "Ort", Country: "SE"}, address); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	wire, err := management.DecodeAddress([]byte(`{"shipping_address":{"city":"Ort","country":"SE"}}`))
	if d := cmp.Diff(address, wire); d != "" || err != nil {
		t.Errorf("as on the wire: %v\n%s", err, d)
	}
	lines := func(s string) error { _, err := management.DecodeLines([]byte(s)); return err }
	info := func(s string) error { _, err := management.DecodeShippingInfo([]byte(s)); return err }
	at := func(s string) error { _, err := management.DecodeAddress([]byte(s)); return err }
	for _, tt := range []struct {
		decode     func(string) error
		body, want string
	}{
		{lines, `[{"nmae":"Lamp"}]`, "/0/nmae is a member that the API does not know"},
		{lines, `[{"product_identifiers":{"colour":"red"}}]`, "a member that the API does not know"},
		{lines, `[{"subscription":{"every":"day"}}]`, "a member that the API does not know"},
		{lines, `{"order_lines":[]}`, "not a JSON list"},
		{lines, `[{"quantity":"2"}]`, "/0/quantity has a value of the wrong type"},
		{lines, `[{"unit_price":24.9}]`, "/0/unit_price has a value of the wrong type"},
		{lines, `[{"unit_price":null}]`, "/0/unit_price has a value of the wrong type"},
		{lines, ``, "there is no JSON"},
		{info, `[{"carrier":"x"}]`, "a member that the API does not know"},
		{info, `[]`, "shipping_info is empty"},
		{info, `[{"tracking_number":"` + strings.Repeat("1", 101) + `"}]`, "shipping_info[0].tracking_number has 101 characters"},
		{info, `{}`, "not a JSON list"},
		{at, `{"town":"Ort"}`, "/town is a member that the API does not know; right are those of an address, such as street_address"},
		{at, `{"To Kim Lind":"Ort"}`, "a member is a member that the API does not know"},
		{at, `{"shipping_address":{"town":"Ort"}}`, "/town is a member"},
		{at, `{"shipping_address":{"city":"Ort"},"note":"x"}`, "/note is a member that the API does not know; right is nothing beside shipping_address"},
		{at, `{"shipping_address":{"city":"Ort"},"billing_address":{"city":"By"}}`, "billing_address cannot be changed: right is the shipping address alone"},
		{at, `{"shipping_address":"Ort"}`, "shipping_address is not a JSON object"},
		{at, `{"shipping_address":null}`, "shipping_address is not a JSON object"},
		{at, `{}`, "it is empty: right is the whole address"},
		{at, `{"shipping_address":{}}`, "it is empty: right is the whole address"},
		{at, `{"city":1}`, "/city has a value of the wrong type"},
		{at, `[]`, "not a JSON object"},
	} {
		if err := tt.decode(tt.body); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.body, err, tt.want)
		}
	}
}
