package rulestest_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestCartOfAFlag: the parts of --cart in any order and spelling, and what is told about those that are none.
func TestCartOfAFlag(t *testing.T) {
	t.Parallel()
	s := shop(t)
	for _, tt := range []struct {
		cart   string
		pieces int64
		grams  int64
		goods  order.Amount
		told   string // the one finding: place, message, help
	}{
		{"4 kg, 700.00", 1, 4000, 70000, ""},
		{"700.00,4kg", 0, 0, 0, "1:1 `700.00,4kg`"}, // a comma between digits
		{"700.00 SEK, 4kg", 1, 4000, 70000, ""},
		{"3 items", 3, 0, 0, ""},
		{"3items, 1 kg", 3, 1000, 0, ""},
		{"2 Pieces, 10.00, 1 kg", 2, 1000, 1000, ""},
		{" 1 item ,  500 g ", 1, 500, 0, ""},
		{"60 x 40 x 40 cm, 1 kg", 1, 1000, 0, ""},
		{"4 KG", 0, 0, 0, "1:3 `KG` is not a unit of weight"},
		{"4,5 kg", 0, 0, 0, "1:1 `4,5 kg` is written with a decimal comma write 4.5 kg"},
		{"-1 kg", 0, 0, 0, "1:1 `-1 kg` is negative; a weight"},
		{"700.00, ", 0, 0, 0, "1:1 a part of the cart is empty"},
		{",", 0, 0, 0, "1:1 a part of the cart is empty"},
		{"4 kg, 5 kg", 0, 0, 0, "1:7 the cart has two weights"},
		{"3 items, 2 pieces", 0, 0, 0, "1:10 the cart has two numbers of items"},
		{"1.00, 2.00", 0, 0, 0, "1:7 the cart has two totals"},
		{"1x1x1 cm, 2x2x2 cm", 0, 0, 0, "1:11 the cart has two sizes"},
		{"items", 0, 0, 0, "1:1 `items` is not a whole number"},
		{"1.5 items", 0, 0, 0, "1:1 `1.5` is not a whole number"},
		{"0 items", 0, 0, 0, "1:1 0 pieces cannot be in a cart"},
		{"700 kr", 0, 0, 0, "1:5 `kr` is not a currency"},
		{"SEK 700", 0, 0, 0, "1:1 `SEK 700` has its currency in front of the amount"},
		{"7.00 EUR", 0, 0, 0, "1:1 `7.00 EUR` is in EUR"},
		{"2 lb 3 oz", 0, 0, 0, "of weight"},
	} {
		t.Run(tt.cart, func(t *testing.T) {
			t.Parallel()
			r := new(diag.Report)
			x := rulestest.Explain(s, rulestest.Asked{To: "SE 113 51", Cart: tt.cart}, noon(), r)
			if tt.told == "" {
				if x == nil || x.Cart.Pieces != tt.pieces || x.Cart.Grams != tt.grams || x.Cart.Goods != tt.goods {
					t.Errorf("got %+v, %s", x, short(t, r))
				}
				return
			}
			found := r.Findings()
			if x != nil || len(found) != 1 {
				t.Fatalf("got %+v, %s", x, short(t, r))
			}
			f := found[0]
			got := strings.TrimPrefix(f.String(), "--cart:") + " " + f.Message + " " + f.Help
			if f.File != "--cart" || !strings.Contains(got, tt.told) {
				t.Errorf("got  %s\nwant %s", got, tt.told)
			}
		})
	}
}
