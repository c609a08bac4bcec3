package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

func TestQueryDestination(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		shipping, billing *order.Address
		country           string
		want              rules.Destination
	}{
		{"shipping address", &order.Address{Country: "no", Region: "viken", PostalCode: " 0150 "}, &order.Address{Country: "SE"}, "se",
			rules.Destination{Country: "NO", Region: "VIKEN", Postcode: "0150"}},
		{"shipping address without a country", &order.Address{PostalCode: "113 51"}, &order.Address{Country: "dk", PostalCode: "2100"}, "se",
			rules.Destination{Country: "DK", Postcode: "2100"}},
		{"blank country", &order.Address{Country: "  "}, nil, "fi", rules.Destination{Country: "FI"}},
		{"billing address only", nil, &order.Address{Country: "SE"}, "no", rules.Destination{Country: "SE"}},
		{"purchase country has no postcode", &order.Address{PostalCode: "113 51"}, nil, "se", rules.Destination{Country: "SE"}},
		{"home", nil, nil, "", rules.Destination{Country: "DE"}},
	}
	e := engine(t, rules.Options{}, table("shipping", offers(rules.Offers{})), table("tax", &fakeTax{home: "de"}))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := &order.Order{ShippingAddress: tt.shipping, BillingAddress: tt.billing, PurchaseCountry: tt.country}
			q := e.Query(rules.AddressUpdate, o, noon())
			if diff := cmp.Diff(tt.want, q.Destination); diff != "" {
				t.Errorf("destination (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueryLanguage(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("shipping", offers(rules.Offers{})))
	for locale, want := range map[string]string{
		"sv-SE": "sv", "SV_se": "sv", "en": "en", "gsw-CH": "gsw", "": "", "s": "", "svenska": "", "-SE": "", "s1-SE": "", "åä-SE": "",
	} {
		if got := e.Query(rules.AddressUpdate, &order.Order{Locale: locale}, noon()).Language; got != want {
			t.Errorf("language of %q: got %q, want %q", locale, got, want)
		}
	}
}

func TestQueryRest(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("test", 2*60*60)
	e := engine(t, rules.Options{Location: zone}, table("shipping", offers(rules.Offers{})))
	o := choose(cart(shirt()), "hem")
	o.PurchaseCurrency = "sek"
	q := e.Query(rules.ShippingOptionUpdate, o, noon())
	if q.Currency != "SEK" || q.Selected != "hem" || q.Callback != rules.ShippingOptionUpdate || q.Order != o {
		t.Errorf("query: got %+v", q)
	}
	if !q.Now.Equal(noon()) || q.Now.Hour() != 14 {
		t.Errorf("now: got %v, want the same instant in the tables' location", q.Now)
	}
}

func TestQueryOwnFacts(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{FactPointers: map[string]string{"coupon": "/cart/coupons", "group": "/group"}},
		table("shipping", offers(rules.Offers{})))
	discount := order.Line{Type: order.Discount, Reference: "SUMMER", Name: "Discount", Quantity: 1, UnitPrice: -100, TotalAmount: -100}
	tests := []struct {
		name, data string
		want       rules.Facts
	}{
		{"none", "", rules.Facts{Coupons: []string{"SUMMER"}, Tags: []string{"fragile"}}},
		{"opaque", "kvitto {not json}", rules.Facts{Coupons: []string{"SUMMER"}, Tags: []string{"fragile"}}},
		{"broken", `{"group":"vip`, rules.Facts{Coupons: []string{"SUMMER"}, Tags: []string{"fragile"}}},
		{"both", ` {"cart":{"coupons":["A","B"]},"group":"vip"}`,
			rules.Facts{Coupons: []string{"SUMMER", "A", "B"}, Group: "vip", Tags: []string{"fragile"}}},
		{"one coupon", `{"cart":{"other":1,"coupons":"A"}}`, rules.Facts{Coupons: []string{"SUMMER", "A"}, Tags: []string{"fragile"}}},
		{"numbers as they are written", `{"cart":{"coupons":["A",17]},"group":7}`,
			rules.Facts{Coupons: []string{"SUMMER", "A", "17"}, Group: "7", Tags: []string{"fragile"}}},
		{"other shapes", `{"cart":{"coupons":{"x":"A"}},"group":true}`, rules.Facts{Coupons: []string{"SUMMER"}, Tags: []string{"fragile"}}},
		{"a name is no value", `{"x":{"group":"no"},"cart":["coupons"]}`, rules.Facts{Coupons: []string{"SUMMER"}, Tags: []string{"fragile"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := cart(shirt(), discount)
			o.Tags, o.MerchantData = []string{"fragile"}, tt.data
			if diff := cmp.Diff(tt.want, e.Query(rules.AddressUpdate, o, noon()).Facts); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzMerchantData: whatever a shop writes there, a query comes of it, and facts only from a JSON object.
func FuzzMerchantData(f *testing.F) {
	for _, s := range []string{"", "{", `{"group":"vip"}`, `{"coupon":["A","B"]}`, `{"coupon":[["A"]]}`, `[{"group":"x"}]`, "{\"group\":\"\\ud800\"}"} {
		f.Add(s)
	}
	e := engine(f, rules.Options{FactPointers: map[string]string{"coupon": "/coupon", "group": "/group"}},
		table("shipping", offers(rules.Offers{})))
	f.Fuzz(func(t *testing.T, data string) {
		o := cart()
		o.MerchantData = data
		a := e.Query(rules.AddressUpdate, o, noon())
		b := e.Query(rules.AddressUpdate, o, noon())
		if !cmp.Equal(a.Facts, b.Facts) {
			t.Errorf("two queries of the same order differ: %v, %v", a.Facts, b.Facts)
		}
		if n := len(a.Facts.Coupons); n > len(data) {
			t.Errorf("%d coupons from %d bytes", n, len(data))
		}
	})
}
