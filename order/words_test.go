package order_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
)

func TestUpperAndLower(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{"": {"", ""}, "SEK": {"SEK", "sek"}, "sEk": {"SEK", "sek"}, "å@[`{z": {"å@[`{Z", "å@[`{z"}} {
		if got := [2]string{order.Upper(in), order.Lower(in)}; got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestUpperDoesNotAllocateWhereThereIsNothingToDo(t *testing.T) { //nolint:paralleltest // it counts allocations
	if n := testing.AllocsPerRun(100, func() { order.Upper("SEK"); order.Lower("sek") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"sv-SE": "sv", "sv_SE": "sv", "EN": "en", "en-gb-x": "en", "gsw-CH": "gsw", "xx-YY": "xx",
		"": "", "s": "", "-SE": "", "s1-SE": "", "språk": "", strings.Repeat("x", 1<<20): "",
	} {
		if got := (&order.Order{Locale: locale}).Language(); got != want {
			t.Errorf("%.10q: %q, want %q", locale, got, want)
		}
	}
}

func TestCurrencyExponent(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"SEK": 2, "EUR": 2, "JPY": 0, "ISK": 0, "KWD": 3, "CLF": 4, "ZWG": 2,
		"sek": -1, "XXX": -1, "XAU": -1, "XDR": -1, "BTC": -1, "HRK": -1, "": -1, "SEKK": -1} {
		got, ok := order.CurrencyExponent(code)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%s: %d, %v", code, got, ok)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind                order.LineType
		goods, ships, rated bool
	}{
		{"", true, true, true}, {order.Physical, true, true, true}, {order.Digital, true, false, true},
		{order.Discount, false, false, true}, {order.ShippingFee, false, false, false}, {order.SalesTax, false, false, false},
		{order.GiftCard, false, false, false}, {order.StoreCredit, false, false, false}, {order.Surcharge, false, false, true},
		{order.ReturnFee, false, false, false}, {"package", true, true, false},
	} {
		l := order.Line{Type: c.kind}
		if l.Goods() != c.goods || l.Ships() != c.ships || l.Rated() != c.rated {
			t.Errorf("%s: goods %v, ships %v, rated %v", c.kind, l.Goods(), l.Ships(), l.Rated())
		}
	}
}
