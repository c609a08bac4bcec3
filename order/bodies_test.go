package order_test

import (
	"fmt"
	"strings"
)

// fullLine is a line as a shop with many members sends it; i tells lines apart.
func fullLine(i int) string {
	return fmt.Sprintf(`{
      "type": "physical",
      "reference": "KETTLE-17-%04d",
      "name": "Kettle of brushed steel, 1,7 l, röd, with a long cord and a longer name",
      "quantity": 2,
      "quantity_unit": "pcs",
      "unit_price": 5548,
      "tax_rate": 700,
      "total_amount": 11096,
      "total_discount_amount": 0,
      "total_tax_amount": 726,
      "merchant_data": "{\"warehouse\":\"north\",\"row\":%d}",
      "product_url": "https://shop.example/products/kettle-of-brushed-steel-1-7-l?variant=%d",
      "image_url": "https://shop.example/images/kettle-of-brushed-steel-1-7-l.jpg?variant=%d",
      "product_identifiers": {
        "brand": "Steelhouse",
        "category_path": "Home > Kitchen > Kettles",
        "global_trade_item_number": "7350000000000"
      },
      "shipping_attributes": {
        "weight": 1200,
        "dimensions": { "height": 250, "width": 200, "length": 200 },
        "tags": ["fragile"]
      }
    }`, i, i, i, i)
}

const fullAddress = `{
    "given_name": "Kim",
    "family_name": "Lind",
    "email": "buyer@shop.example",
    "title": "Ms",
    "street_address": "Norra vägen 73",
    "street_address2": "2 tr",
    "postal_code": "12345",
    "city": "Ort",
    "phone": "+46700000000",
    "country": "se"
  }`

// fullBody is a realistic order of n lines; with four it is 6.6 KB.
func fullBody(n int) []byte {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fullLine(i)
	}
	return fmt.Appendf(nil, `{
  "order_id": "8f7c1a7e-0b6f-4f0e-9d7e-8f5c9b1c2d3e",
  "status": "checkout_incomplete",
  "purchase_country": "se",
  "purchase_currency": "SEK",
  "locale": "sv-SE",
  "order_amount": %d,
  "order_tax_amount": %d,
  "order_lines": [%s],
  "billing_address": %s,
  "shipping_address": %s,
  "selected_shipping_option": {
    "id": "home",
    "name": "To your door",
    "description": "Evenings and Saturdays",
    "price": 4900,
    "tax_amount": 980,
    "tax_rate": 2500,
    "preselected": true,
    "shipping_method": "Home"
  },
  "customer": { "type": "person" },
  "html_snippet": "%s",
  "merchant_reference1": "100017",
  "merchant_data": "{\"cart\":\"%s\"}",
  "started_at": "2026-03-01T09:00:00Z",
  "last_modified_at": "2026-03-01T09:02:11Z",
  "payment_type_allows_increase": true,
  "tags": ["web"]
}`, 11096*n, 726*n, strings.Join(lines, ", "), fullAddress, fullAddress,
		strings.Repeat(`<div id=\"checkout\">\n`, 52), strings.Repeat("abcdef0123", 30))
}
