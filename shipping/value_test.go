package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
)

// TestOrderValue shows what counts as the total, for limits, free shipping and shares.
func TestOrderValue(t *testing.T) {
	t.Parallel()
	const options = "options:\n" +
		"  - {id: free, name: F, price: 10.00, free_from: 500.00}\n" +
		"  - {id: row, name: R, price: [{max_total: 499.99, price: 20.00}, {price: 30.00}]}\n" +
		"  - {id: share, name: S, price: 10% of goods}\n"
	discounted := []item{{price: 60000}, {price: -15000, kind: order.Discount}}
	digital := []item{{price: 40000}, {price: 20000, kind: order.Digital}}
	card := []item{{price: 60000}, {price: -20000, kind: order.GiftCard}}
	credit := []item{{price: 60000}, {price: -20000, kind: order.StoreCredit}}
	tests := []struct {
		name, value string
		items       []item
		want        string
	}{
		{"after discounts", "", discounted, "free 1000, row 2000, share 4500"},
		{"before discounts", "order_value: {after_discounts: no}\n", discounted, "free 0, row 3000, share 4500"},
		{"digital goods do not count", "", digital, "free 1000, row 2000, share 4000"},
		{"digital goods count", "order_value: {ignore: [gift_card]}\n", digital, "free 0, row 3000, share 6000"},
		{"a gift card is payment", "", card, "free 0, row 3000, share 6000"},
		{"a gift card lowers the value", "order_value: {ignore: []}\n", card, "free 1000, row 2000, share 4000"},
		{"store credit is payment", "", credit, "free 0, row 3000, share 6000"},
		{"store credit lowers the value", "order_value: {ignore: []}\n", credit, "free 1000, row 2000, share 4000"},
		{"store credit alone is payment", "order_value: {ignore: store_credit}\n", credit, "free 0, row 3000, share 6000"},
		{"only a gift card lowers the value", "order_value: {ignore: store_credit}\n", card, "free 1000, row 2000, share 4000"},
		{"discounts above the goods", "", []item{{price: 100}, {price: -200, kind: order.Discount}}, "free 1000, row 2000, share 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := short(offer(t, load(t, shopHead+tt.value+options), ask{items: tt.items})); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestWaysOfWeighing gives each option the cart as its carrier weighs it.
func TestWaysOfWeighing(t *testing.T) {
	t.Parallel()
	table := load(t, strings.Replace(shopHead, "item_weight_if_missing: 0 g", "item_weight_if_missing: 1 kg", 1)+"volumetric: 200 kg/m3\noptions:\n"+
		"  - {id: file, name: A, price: [{max_weight: 3 kg, price: 1.00}, {price: 2.00}]}\n"+
		"  - {id: heavy, name: B, volumetric: 400 kg/m3, price: [{max_weight: 3 kg, price: 1.00}, {price: 2.00}]}\n"+
		"  - {id: same, name: C, volumetric: 400 kg/m3, price: [{max_weight: 3 kg, price: 1.00}, {price: 2.00}]}\n"+
		"  - {id: missing, name: D, item_weight_if_missing: 4 kg, price: [{max_weight: 3 kg, price: 1.00}, {price: 2.00}]}\n")
	tests := []struct {
		name, want string
		item       item
	}{
		{"light and large", "file 100, heavy 200, same 200, missing 100", item{grams: 100, price: 1, size: [3]int64{200, 200, 300}}},
		{"no weight", "file 100, heavy 100, same 100, missing 200", item{price: 1}},
		{"heavy", "file 200, heavy 200, same 200, missing 200", item{grams: 3001, price: 1}},
	}
	for _, tt := range tests {
		if got := short(offer(t, table, ask{items: []item{tt.item}})); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestLongNames are cut to what the provider takes, by characters.
func TestLongNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("å", 300)
	table := load(t, oneOption("price: 1.00\npickup_points: {csv: stores.csv}")+
		"  - {id: b, name: "+long+", price: 1.00}\n  - {id: c, name: "+strings.Repeat("å", 200)+", price: 1.00}\n",
		"stores.csv", "id,name\nx,"+long+"\ny,Y\n")
	want := []int{255, 4, 255, 200}
	for i, o := range offer(t, table, ask{}).Options {
		if got := len([]rune(o.Name)); got != want[i] {
			t.Errorf("%s: %d characters, want %d", o.ID, got, want[i])
		}
	}
}

// TestFallbackLanguage takes the first language of the file that has the text.
func TestFallbackLanguage(t *testing.T) {
	t.Parallel()
	table := load(t, shopHead+"options:\n  - {id: a, name: {en: Home, sv: Hem}, description: {en: Evening}, price: 1.00}\n")
	for lang, want := range map[string]string{"sv": "Hem/Evening", "en": "Home/Evening", "fi": "Hem/Evening", "": "Hem/Evening"} {
		q := ask{}.query(t)
		q.Language = lang
		out, err := table.Offer(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s/%s", out.Options[0].Name, out.Options[0].Description); got != want {
			t.Errorf("%q: got %s, want %s", lang, got, want)
		}
	}
}

// TestExamplesLoad loads every shipping.yaml of the sample files.
func TestExamplesLoad(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"first", "nordic"} {
		if table := example(t, dir); len(table.OptionIDs()) == 0 {
			t.Errorf("%s has no options", dir)
		}
	}
}
