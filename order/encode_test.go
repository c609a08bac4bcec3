package order_test

import (
	"math"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
)

func decoded(t testing.TB, body string) *order.Order {
	t.Helper()
	o, err := order.DecodeUpdate([]byte(body), order.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func encoded(t testing.TB, l order.Line) string {
	t.Helper()
	b, err := l.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// oddLine is written as no encoder of ours would write it.
const oddLine = `{ "total_amount" :-0,"x":[1.50, {"y":null}],  "tax_rate":2500,
	"na\u006de":"\u00e5\/", "quantity":2, "image_url":"","reference":null,"unit_price": 0 ,"total_tax_amount":0 }`

func TestUntouchedLineLeavesAsItCame(t *testing.T) {
	t.Parallel()
	body := []byte(with(`"order_lines":[` + oddLine + `, ` + aLine + `]`))
	o, err := order.DecodeUpdate(body, order.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	clear(body) // the order may not live on the caller's bytes
	if got := encoded(t, o.Lines[0]); got != oddLine {
		t.Errorf("got %s", got)
	}
	if got := encoded(t, o.Lines[0].Reprice(o.Lines[0].Prices())); got != oddLine {
		t.Errorf("repriced to what it was: %s", got)
	}
}

func TestRepricedLineKeepsTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"all members there", `{"unit_price":1,"a":{"tax_rate":9},"tax_rate":2,"total_amount":3,"name":"tax_rate","quantity":1,"total_discount_amount":4,"total_tax_amount":5}`,
			`{"unit_price":1000,"a":{"tax_rate":9},"tax_rate":1200,"total_amount":900,"name":"tax_rate","quantity":1,"total_discount_amount":100,"total_tax_amount":96}`},
		{"some missing", `{"name":"A", "quantity":1, "unit_price":1, "total_amount":1` + "\n }",
			`{"name":"A", "quantity":1, "unit_price":1000, "total_amount":900,"tax_rate":1200,"total_discount_amount":100,"total_tax_amount":96}`},
		{"odd", oddLine, strings.NewReplacer("-0", "900", "2500", "1200", `": 0 ,`, `": 1000 ,`, `"total_tax_amount":0 }`,
			`"total_tax_amount":96,"total_discount_amount":100}`).Replace(oddLine)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := strings.ReplaceAll(with(`"order_lines":[`+c.in+`]`), `"total_discount_amount":4`, `"total_discount_amount":0`)
			o := decoded(t, body)
			l := o.Lines[0].Reprice(order.Prices{UnitPrice: 1000, TotalDiscountAmount: 100, TotalAmount: 900, TotalTaxAmount: 96, TaxRate: 1200})
			if d := cmp.Diff(c.want, encoded(t, l)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(o.Lines[0].Unknown, l.Unknown); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLineWithoutTaxLeavesWithTax(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		aLine: strings.TrimSuffix(aLine, "}") + `,"tax_rate":0,"total_tax_amount":0}`,
		`{"name":"A","quantity":1,"unit_price":1,"total_amount":1,"tax_rate":0 }`: `{"name":"A","quantity":1,"unit_price":1,"total_amount":1,"tax_rate":0,"total_tax_amount":0}`,
	} {
		l := decoded(t, with(`"order_lines":[`+in+`]`)).Lines[0]
		if !l.Untaxed() {
			t.Errorf("%s came with tax", in)
		}
		if d := cmp.Diff(want, encoded(t, l)); d != "" {
			t.Error(d)
		}
	}
	if l := decoded(t, lineWith(`"tax_rate":0`, `"total_tax_amount":0`)).Lines[0]; l.Untaxed() {
		t.Error("a line with both is untaxed")
	}
}

func TestRepricedLineDecodesToItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 1_000_000)
		gross, off := amount.Draw(t, "price"), amount.Draw(t, "discount")
		p := order.Prices{UnitPrice: order.Amount(max(gross, off)), TotalDiscountAmount: order.Amount(off),
			TotalAmount: order.Amount(max(gross, off) - off), TotalTaxAmount: order.Amount(amount.Draw(t, "tax")),
			TaxRate: order.Rate(rapid.Int64Range(0, 10_000).Draw(t, "rate"))}
		in := rapid.SampledFrom([]string{aLine, strings.Replace(oddLine, `"quantity":2`, `"quantity":1`, 1)}).Draw(t, "line")
		o, err := order.DecodeUpdate([]byte(with(`"order_lines":[`+in+`]`)), order.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		l := o.Lines[0].Reprice(p)
		b, err := l.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := order.DecodeUpdate([]byte(with(`"order_lines":[`+string(b)+`]`)), order.DefaultLimits())
		if err != nil {
			t.Fatalf("%v in %s", err, b)
		}
		if again.Lines[0].Prices() != p || again.Lines[0].Untaxed() || string(again.Lines[0].Unknown) != string(l.Unknown) {
			t.Fatalf("%s is %+v, want %+v", b, again.Lines[0].Prices(), p)
		}
	})
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	in := decoded(t, with(`"order_lines":[`+oddLine+`]`, `"merchant_data":"never back"`))
	a := order.Answer{OrderAmount: 4900, OrderTaxAmount: 980, PurchaseCurrency: "SEK", Lines: append(in.Lines, order.Line{
		Type: order.ShippingFee, Reference: "home", Name: "Hem \"dörr\"", Quantity: 1, UnitPrice: 4900, TaxRate: 2500, TotalAmount: 4900,
		TotalTaxAmount: 980, Unknown: jsontext.Value(` {"z": 1} `)}),
		Options: []order.ShippingOption{
			{ID: "home", Name: "Hem", Description: "a\nb", Promo: "p", Price: 4900, TaxAmount: 980, TaxRate: 2500, Preselected: true,
				ShippingMethod: "Home", TMSReference: "t", Unknown: jsontext.Value(`{}`)},
			{ID: "shop", Name: "Butik", DeliveryDetails: &order.DeliveryDetails{Carrier: "post", Product: &order.CarrierProduct{Name: "n"},
				Timeslot:       &order.Timeslot{ID: "s"},
				PickupLocation: &order.PickupLocation{ID: "1", Name: "Kiosk", Address: &order.Address{City: "Ort", Country: "SE"}}},
				SelectedAddons: []order.Addon{{Type: "sms"}}},
		}}
	want := `{"order_amount":4900,"order_tax_amount":980,"order_lines":[` + oddLine +
		`,{"type":"shipping_fee","reference":"home","name":"Hem \"dörr\"","quantity":1,"unit_price":4900,"tax_rate":2500,` +
		`"total_amount":4900,"total_tax_amount":980,"z": 1}],"purchase_currency":"SEK","shipping_options":[` +
		`{"id":"home","name":"Hem","description":"a\nb","promo":"p","price":4900,"tax_amount":980,"tax_rate":2500,"preselected":true,` +
		`"shipping_method":"Home","tms_reference":"t"},` +
		`{"id":"shop","name":"Butik","price":0,"tax_amount":0,"tax_rate":0,"delivery_details":{"carrier":"post","product":{"name":"n"},` +
		`"timeslot":{"id":"s"},"pickup_location":{"id":"1","name":"Kiosk","address":{"city":"Ort","country":"SE"}}},` +
		`"selected_addons":[{"type":"sms"}]}]}`
	got, err := a.AppendJSON([]byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("before"+want, string(got)); d != "" {
		t.Error(d)
	}
	if !jsontext.Value(want).IsValid() {
		t.Error("the wanted answer is not JSON")
	}
}

func TestEmptyAnswerHasItsLists(t *testing.T) {
	t.Parallel()
	got, err := (&order.Answer{PurchaseCurrency: "EUR"}).AppendJSON(nil)
	want := `{"order_amount":0,"order_tax_amount":0,"order_lines":[],"purchase_currency":"EUR","shipping_options":[]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

// TestOptionEncodesAsItsTagsSay holds the encoder written by hand against the tags.
func TestOptionEncodesAsItsTagsSay(t *testing.T) {
	t.Parallel()
	for name, body := range bodies(t) {
		o, err := order.DecodeUpdate(body, order.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		all := o.ShippingOptions
		if o.SelectedShippingOption != nil {
			all = append(all, *o.SelectedShippingOption)
		}
		for i := range all {
			got, err := all[i].AppendJSON(nil)
			if err != nil {
				t.Fatal(err)
			}
			want, err := json.Marshal(&all[i])
			if err != nil {
				t.Fatal(err)
			}
			if err := (*jsontext.Value)(&got).Compact(); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
	}
}

func TestEncodeFails(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]order.Answer{
		"order_lines/0: name: ":                                  {Lines: []order.Line{{Name: "\xff"}}},
		"order_lines/1: reference: ":                             {Lines: []order.Line{{}, {Reference: "\"\xff"}}},
		"order_lines/0: unknown members are not a JSON object":   {Lines: []order.Line{{Unknown: jsontext.Value(`[1]`)}}},
		"order_lines/0: product_identifiers: ":                   {Lines: []order.Line{{ProductIdentifiers: &order.ProductIdentifiers{Brand: "\xff"}}}},
		"shipping_options/0: id: ":                               {Options: []order.ShippingOption{{ID: "\xff"}}},
		"shipping_options/0: unknown members are not a JSON obj": {Options: []order.ShippingOption{{Unknown: jsontext.Value(`{`)}}},
		"purchase_currency: ":                                    {PurchaseCurrency: "\xff"},
	} {
		if b, err := a.AppendJSON(nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %s, %v", want, b, err)
		}
	}
}

func TestExtremeNumbersTravel(t *testing.T) {
	t.Parallel()
	a := order.Answer{OrderAmount: math.MaxInt64, OrderTaxAmount: math.MinInt64}
	b, err := a.AppendJSON(nil)
	if err != nil || !strings.HasPrefix(string(b), `{"order_amount":9223372036854775807,"order_tax_amount":-9223372036854775808,`) {
		t.Errorf("%s, %v", b, err)
	}
}
