package floor

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Body is an ordinary callback body of 4 lines and about 6.6 KB for a buyer at a Swedish postcode: two pieces at 25 %, one
// at 6 % and one at 25 % with a discount.
func Body(postcode string) ([]byte, error) {
	lines := []Line{
		line("LAMP-2041", "Bordslampa Vinga, mässing", 1, 84900, 0, 2500, 1400),
		line("SHADE-77", "Lampskärm, linne, 30 cm", 2, 24900, 0, 2500, 350),
		line("BOOK-512", "Ljus i mörkret: en handbok", 1, 28900, 0, 600, 780),
		line("BULB-9", "Glödlampa E27, varm, 4-pack", 3, 9900, 2970, 2500, 120),
	}
	o := Order{OrderLines: lines, PurchaseCurrency: "SEK", Locale: "sv-SE", MerchantReference1: "cart-20261124-000381",
		BillingAddress: address(postcode), ShippingAddress: address(postcode),
		MerchantData: `{"cart":"c-83aa1177","note":"` + strings.Repeat("leave at the door ", 20) + `"}`,
		SelectedShippingOption: &Option{ID: "ombud", Name: "Till ombud", Description: "Att hämta om 1–3 dagar", Price: 7900,
			TaxAmount: 1580, TaxRate: 2500, Preselected: true, ShippingMethod: "PickUpPoint"}}
	o.Customer.Type = "person"
	for _, l := range lines {
		o.OrderAmount += l.TotalAmount
		o.OrderTaxAmount += l.TotalTaxAmount
	}
	return json.Marshal(o)
}

func line(sku, name string, quantity, price, discount, rate, grams int64) Line {
	l := Line{Type: "physical", Reference: sku, Name: name, Quantity: quantity, QuantityUnit: "pcs", UnitPrice: price, TaxRate: rate,
		TotalDiscountAmount: discount, TotalAmount: quantity*price - discount,
		MerchantData: fmt.Sprintf(`{"sku":%q,"warehouse":"gbg-2","note":%q}`, sku, strings.Repeat("x", 230)),
		ProductURL:   "https://shop.example/produkter/" + strings.ToLower(sku) + "?utm_source=checkout&variant=" + strings.Repeat("a", 120),
		ImageURL:     "https://cdn.shop.example/bilder/" + strings.ToLower(sku) + "/stor.jpg?w=800&h=800&sig=" + strings.Repeat("b", 160)}
	l.TotalTaxAmount = (l.TotalAmount*rate + (10000+rate)/2) / (10000 + rate)
	const details = `{"product_identifiers":{"brand":"Lyktan","color":"mässing","category_path":"Hem > Belysning > Inomhus > Bordslampor","global_trade_item_number":"0735858293167","manufacturer_part_number":"VG-30-2041","size":"M"},"shipping_attributes":{"weight":%d,"dimensions":{"height":240,"width":180,"length":310},"tags":["fragile","indoor"]}}`
	if err := json.Unmarshal(fmt.Appendf(nil, details, grams), &l); err != nil {
		panic(err) // the text above is a constant
	}
	return l
}

func address(postcode string) *Address {
	return &Address{GivenName: "Kim", FamilyName: "Lind", Email: "kim.lind@buyer.example", StreetAddress: "Drottninggatan 9",
		StreetAddress2: "c/o Berg", PostalCode: postcode, City: "Stockholm", Phone: "+46700000000", Country: "se"}
}
