package gate_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

func TestGoodAnswersPass(t *testing.T) {
	t.Parallel()
	in, a := answered()
	if v := gate.Answer(in, a); v != nil {
		t.Errorf("freight replaced: %+v", v)
	}
	repriced, out := answered()
	p := out.Lines[0].Prices()
	p.TaxRate, p.TotalTaxAmount = 1200, 642
	out.OrderTaxAmount += 642 - out.Lines[0].TotalTaxAmount
	out.Lines[0] = out.Lines[0].Reprice(p)
	if v := gate.Answer(repriced, out); v != nil {
		t.Errorf("moved to another rate: %+v", v)
	}
	if v := gate.Answer(us(), &order.Answer{PurchaseCurrency: "USD", Lines: us().Lines, OrderAmount: 1412, OrderTaxAmount: 112}); v != nil {
		t.Errorf("sales tax: %+v", v)
	}
}

// withFee appends a surcharge to the lines.
func withFee(lines []order.Line, reference, data string) []order.Line {
	fee := line(order.Surcharge, 1, 0, 0)
	fee.Reference, fee.MerchantData = reference, data
	return append(lines, fee)
}

func TestSurcharges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		in, out func([]order.Line) []order.Line
		pointer string
	}{
		{"ours goes", func(l []order.Line) []order.Line { return withFee(l, "road", "kvitto:v1") }, nil, ""},
		{"ours comes", nil, func(l []order.Line) []order.Line { return withFee(l, "road", "kvitto:v1") }, ""},
		{"ours takes the place of one with its id", func(l []order.Line) []order.Line { return withFee(l, "road", "") },
			func(l []order.Line) []order.Line { return withFee(l, "road", "kvitto:v1") }, ""},
		{"the shop's goes", func(l []order.Line) []order.Line { return withFee(l, "wrapping", "") }, nil, "/order_lines"},
		{"the shop's comes", nil, func(l []order.Line) []order.Line { return withFee(l, "wrapping", "") }, "/order_lines/6/type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in, a := answered()
			if c.in != nil {
				in.Lines = c.in(in.Lines)
			}
			if c.out != nil {
				a.Lines = c.out(a.Lines)
			}
			found := gate.Answer(in, a)
			if c.pointer != "" {
				only(t, found, c.pointer, "(1.4)")
			} else if found != nil {
				t.Errorf("%+v", found)
			}
		})
	}
}

type brokenAnswer struct {
	name    string
	do      func(a *order.Answer)
	pointer string
	rule    string
}

func onOption(i int, f func(o *order.ShippingOption)) func(*order.Answer) {
	return func(a *order.Answer) { f(&a.Options[i]) }
}

func brokenAnswers() []brokenAnswer {
	return []brokenAnswer{
		{"currency in lower case", func(a *order.Answer) { a.PurchaseCurrency = "sek" }, "/purchase_currency", "(1.4)"},
		{"another currency", func(a *order.Answer) { a.PurchaseCurrency = "EUR" }, "/purchase_currency", "(1.4)"},
		{"amount off by one", func(a *order.Answer) { a.OrderAmount++ }, "/order_amount", "(3.3)"},
		{"a line renamed", func(a *order.Answer) { a.Lines[0].Name = "M" }, "/order_lines/0/name", "(1.4)"},
		{"a line of another type", func(a *order.Answer) { a.Lines[0].Type = order.Digital }, "/order_lines/0/type", "(1.4)"},
		{"another reference", func(a *order.Answer) { a.Lines[1].Reference = "S" }, "/order_lines/1/reference", "(1.4)"},
		{"another unit", func(a *order.Answer) { a.Lines[1].QuantityUnit = "kg" }, "/order_lines/1/quantity_unit", "(1.4)"},
		{"other data", func(a *order.Answer) { a.Lines[1].MerchantData = "d" }, "/order_lines/1/merchant_data", "(1.4)"},
		{"another page", func(a *order.Answer) { a.Lines[1].ProductURL = "u" }, "/order_lines/1/product_url", "(1.4)"},
		{"another picture", func(a *order.Answer) { a.Lines[1].ImageURL = "u" }, "/order_lines/1/image_url", "(1.4)"},
		{"another quantity", func(a *order.Answer) { a.Lines[0].Quantity, a.Lines[0].UnitPrice = 1, 5997 }, "/order_lines/0/quantity", "(1.4)"},
		{"other identifiers", func(a *order.Answer) { a.Lines[0].ProductIdentifiers = &order.ProductIdentifiers{Brand: "b"} },
			"/order_lines/0/product_identifiers", "(1.4)"},
		{"another weight", func(a *order.Answer) { a.Lines[0].ShippingAttributes = &order.ShippingAttributes{Weight: 1} },
			"/order_lines/0/shipping_attributes", "(1.4)"},
		{"a subscription", func(a *order.Answer) {
			a.Lines[0].Subscription = &order.Subscription{Interval: "DAY", IntervalCount: 1}
		},
			"/order_lines/0/subscription", "(1.4)"},
		{"an unknown member", func(a *order.Answer) { a.Lines[0].Unknown = jsontext.Value(`{"x":1}`) }, "/order_lines/0", "(1.4)"},
		{"a line lost", func(a *order.Answer) { a.Lines[4] = line(order.ShippingFee, 0, 0, 0); a.OrderAmount++ }, "/order_lines", "(1.4)"},
		{"option for less than nothing", onOption(1, func(o *order.ShippingOption) { o.Price = -1 }), "/shipping_options/1/price", "(2.3)"},
		{"option that no line can carry", onOption(1, func(o *order.ShippingOption) { o.Price = 100_000_001 }), "/shipping_options/1/price", "(2.3)"},
		{"option with rate above 100 %", onOption(1, func(o *order.ShippingOption) { o.TaxRate = 10_001 }), "/shipping_options/1/tax_rate", "(2.3)"},
		{"option with tax off by two", onOption(0, func(o *order.ShippingOption) { o.TaxAmount = 982 }), "/shipping_options/0/tax_amount", "(2.3)"},
		{"option with negative tax", onOption(1, func(o *order.ShippingOption) { o.TaxAmount = -1 }), "/shipping_options/1/tax_amount", "(2.3)"},
		{"option without id", onOption(1, func(o *order.ShippingOption) { o.ID = "" }), "/shipping_options/1/id", "(2.3)"},
		{"option without name", onOption(1, func(o *order.ShippingOption) { o.Name = "" }), "/shipping_options/1/name", "(2.3)"},
		{"option with long name", onOption(1, func(o *order.ShippingOption) { o.Name = strings.Repeat("å", 256) }), "/shipping_options/1/name", "(2.3)"},
		{"two of an id", onOption(1, func(o *order.ShippingOption) { o.ID = "home" }), "/shipping_options/1/id", "(2.3)"},
		{"two of an id among many", func(a *order.Answer) { a.Options = options(40); a.Options[39].ID = "7" }, "/shipping_options/39/id", "(2.3)"},
		{"two preselected", onOption(1, func(o *order.ShippingOption) { o.Preselected = true }), "/shipping_options/1/preselected", "(2.3)"},
		{"ten thousand", func(a *order.Answer) { a.Options = options(10_000) }, "/shipping_options", "(2.3)"},
	}
}

func options(n int) []order.ShippingOption {
	o := make([]order.ShippingOption, n)
	for i := range o {
		o[i] = order.ShippingOption{ID: strconv.Itoa(i), Name: "N"}
	}
	return o
}

func TestAnswerFindsTheOneThing(t *testing.T) {
	t.Parallel()
	for _, b := range brokenAnswers() {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			in, a := answered()
			b.do(a)
			only(t, gate.Answer(in, a), b.pointer, b.rule)
		})
	}
}

func TestLinesInAnotherOrder(t *testing.T) {
	t.Parallel()
	in, a := answered()
	in.Lines[0].Reference, a.Lines[0].Reference = "first", "first"
	a.Lines[0], a.Lines[1] = a.Lines[1], a.Lines[0]
	only(t, gate.Answer(in, a), "/order_lines/0/type", "(1.4)")
}
