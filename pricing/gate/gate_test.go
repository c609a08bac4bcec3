package gate_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

func TestGoodOrdersPass(t *testing.T) {
	t.Parallel()
	edge := sum(line("", 1, 100_000_000, 10_000), line(order.Physical, 0, 100, 2500), line(order.Physical, 1<<40, 0, 0))
	first := line(order.Physical, 1, 50000, 1000) // the contract's sample: 4545, not 5000
	first.TotalTaxAmount = 4546
	for name, o := range map[string]*order.Order{
		"value added tax":   vat(),
		"sales tax":         us(),
		"no lines":          sum(),
		"limits":            edge,
		"tax off by less 1": sum(first),
		"1000 lines":        sum(many(1000)...),
	} {
		if v := gate.Order(o); v != nil {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func many(n int) []order.Line {
	lines := make([]order.Line, n)
	for i := range lines {
		lines[i] = line(order.Physical, 1, 100, 2500)
	}
	return lines
}

// The bodies that follow are right but for one thing. What has to be said of it is one violation at this place, by
// this rule, and no other.
type broken struct {
	name    string
	do      func(o *order.Order)
	pointer string
	rule    string
}

// onLine changes a line and adds the order up anew, so that only the line is wrong.
func onLine(i int, f func(l *order.Line)) func(*order.Order) {
	return func(o *order.Order) {
		f(&o.Lines[i])
		n := sum(o.Lines...)
		o.OrderAmount = n.OrderAmount
		if o.PurchaseCurrency != "USD" {
			o.OrderTaxAmount = n.OrderTaxAmount
		}
	}
}

func brokenOrders() []broken {
	long := strings.Repeat("å", 256)
	return []broken{
		{"total off by one", onLine(4, func(l *order.Line) { l.TotalAmount++ }), "/order_lines/4/total_amount", "(3.1)"},
		{"discount left in", onLine(4, func(l *order.Line) { l.TotalDiscountAmount = 10 }), "/order_lines/4/total_amount", "(3.1)"},
		{"64 bits", onLine(0, func(l *order.Line) { l.Quantity = math.MaxInt64 }), "/order_lines/0/total_amount", "(3.1)"},
		{"product that wraps to the total", onLine(4, func(l *order.Line) { l.Quantity, l.UnitPrice, l.TotalAmount = 1<<62+2, 4, 8 }),
			"/order_lines/4/total_amount", "(3.1)"},
		{"tax off by two", onLine(0, func(l *order.Line) { l.TotalTaxAmount -= 2 }), "/order_lines/0/total_tax_amount", "(3.2)"},
		{"tax on top", onLine(1, func(l *order.Line) { l.TotalTaxAmount = 388 }), "/order_lines/1/total_tax_amount", "(3.2)"},
		{"amount off by one", func(o *order.Order) { o.OrderAmount-- }, "/order_amount", "(3.3)"},
		{"tax sum off by one", func(o *order.Order) { o.OrderTaxAmount++ }, "/order_tax_amount", "(3.3)"},
		{"price below 0 of no goods", onLine(4, func(l *order.Line) {
			l.Type, l.Quantity, l.UnitPrice, l.TotalAmount = order.Physical, 0, -1, 0
		}), "/order_lines/4/unit_price", "(3.4)"},
		{"discount larger than its line", onLine(3, func(l *order.Line) {
			l.Type, l.UnitPrice, l.TotalDiscountAmount, l.TotalAmount = order.Digital, 0, 1, -1
		}), "/order_lines/3/total_amount", "(3.4)"},
		{"card that takes", onLine(3, func(l *order.Line) { l.UnitPrice, l.Quantity, l.TotalAmount = 1, 0, 0 }), "/order_lines/3/unit_price", "(3.4)"},
		{"discount with tax", onLine(2, func(l *order.Line) { l.UnitPrice, l.TotalAmount, l.TotalTaxAmount = 0, 0, 1 }),
			"/order_lines/2/total_tax_amount", "(3.4)"},
		{"negative discount", onLine(4, func(l *order.Line) { l.TotalDiscountAmount, l.TotalAmount = -1, 0 }),
			"/order_lines/4/total_discount_amount", "(3.4)"},
		{"price above the limit", onLine(0, func(l *order.Line) { l.UnitPrice = 100_000_001 }), "/order_lines/0/unit_price", "(3.8)"},
		{"total above the limit", onLine(0, func(l *order.Line) { l.TotalAmount = 100_000_001 }), "/order_lines/0/total_amount", "(3.8)"},
		{"tax above the limit", onLine(0, func(l *order.Line) { l.TotalTaxAmount = 100_000_001 }), "/order_lines/0/total_tax_amount", "(3.8)"},
		{"rate above 100 %", onLine(4, func(l *order.Line) { l.TaxRate = 10_001 }), "/order_lines/4/tax_rate", "(2.2)"},
		{"rate below 0", onLine(4, func(l *order.Line) { l.TaxRate = -1 }), "/order_lines/4/tax_rate", "(2.2)"},
		{"quantity below 0", onLine(4, func(l *order.Line) { l.Quantity = -1 }), "/order_lines/4/quantity", "(2.2)"},
		{"1001 lines", func(o *order.Order) { *o = *sum(many(1001)...) }, "/order_lines", "(3.8)"},
		{"no name", onLine(0, func(l *order.Line) { l.Name = "" }), "/order_lines/0/name", "(2.2)"},
		{"long name", onLine(0, func(l *order.Line) { l.Name = long }), "/order_lines/0/name", "(2.2)"},
		{"long reference", onLine(0, func(l *order.Line) { l.Reference = long }), "/order_lines/0/reference", "(2.2)"},
		{"long unit", onLine(0, func(l *order.Line) { l.QuantityUnit = "kilogramm" }), "/order_lines/0/quantity_unit", "(2.2)"},
		{"long data", onLine(0, func(l *order.Line) { l.MerchantData = strings.Repeat("x", 1025) }), "/order_lines/0/merchant_data", "(2.2)"},
		{"long address of the product", onLine(0, func(l *order.Line) { l.ProductURL = strings.Repeat("x", 1025) }), "/order_lines/0/product_url", "(2.2)"},
		{"long address of the picture", onLine(0, func(l *order.Line) { l.ImageURL = strings.Repeat("x", 1025) }), "/order_lines/0/image_url", "(2.2)"},
		{"long brand", onLine(0, func(l *order.Line) { l.ProductIdentifiers = &order.ProductIdentifiers{Brand: strings.Repeat("x", 71)} }),
			"/order_lines/0/product_identifiers/brand", "(2.2)"},
		{"subscription of nothing", onLine(0, func(l *order.Line) { l.Subscription = &order.Subscription{Interval: "DAY"} }),
			"/order_lines/0/subscription/interval_count", "(2.2)"},
		{"no such currency", func(o *order.Order) { o.PurchaseCurrency = "XXX" }, "/purchase_currency", "(2.1)"},
		{"long data of the order", func(o *order.Order) { o.MerchantData = strings.Repeat("x", 6001) }, "/merchant_data", "(2.1)"},
		{"long reference of the order", func(o *order.Order) { o.MerchantReference2 = long }, "/merchant_reference2", "(2.1)"},
	}
}

func TestOrderFindsTheOneThing(t *testing.T) {
	t.Parallel()
	for _, b := range brokenOrders() {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			o := vat()
			b.do(o)
			only(t, gate.Order(o), b.pointer, b.rule)
		})
	}
}

func TestSalesTax(t *testing.T) {
	t.Parallel()
	for _, b := range []broken{
		{"tax counted twice", func(o *order.Order) { o.OrderAmount += 112 }, "/order_amount", "(3.3)"},
		{"tax not that of the lines", func(o *order.Order) { o.OrderTaxAmount-- }, "/order_tax_amount", "(3.5)"},
		{"goods with a rate", onLine(0, func(l *order.Line) { l.TaxRate = 1 }), "/order_lines/0/tax_rate", "(3.5)"},
		{"goods with tax", onLine(0, func(l *order.Line) { l.TotalTaxAmount = 1 }), "/order_lines/0/total_tax_amount", "(3.5)"},
		{"tax line with a rate", onLine(3, func(l *order.Line) { l.TaxRate = 50 }), "/order_lines/3/tax_rate", "(3.5)"},
	} {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			o := us()
			b.do(o)
			only(t, gate.Order(o), b.pointer, b.rule)
		})
	}
}

// only wants exactly one violation. Its line is that of its pointer, and it holds no text of the order.
func only(t *testing.T, found []gate.Violation, pointer, rule string) {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("found %d violations: %+v", len(found), found)
	}
	v := found[0]
	if v.Pointer != pointer || !strings.HasSuffix(v.Rule, rule) {
		t.Errorf("found %s by %q, want %s by rule %s", v.Pointer, v.Rule, pointer, rule)
	}
	if (v.Line >= 0) != strings.HasPrefix(pointer, "/order_lines/") || v.Sent == "" || v.Allowed == "" || v.Sent == v.Allowed {
		t.Errorf("incomplete: %+v", v)
	}
	if strings.Contains(v.Sent+v.Allowed, "xx") || strings.Contains(v.Sent, "å") {
		t.Errorf("text of the order in %+v", v)
	}
}

func TestViolationSaysWhatIsRight(t *testing.T) {
	t.Parallel()
	o := vat()
	onLine(1, func(l *order.Line) { l.TotalTaxAmount = 388 })(o)
	want := []gate.Violation{{Pointer: "/order_lines/1/total_tax_amount", Line: 1, Field: "total_tax_amount", Sent: "388",
		Allowed: "362 to 363", Rule: "total_tax_amount is the tax in total_amount at tax_rate, within 1 (3.2)"}}
	if d := cmp.Diff(want, gate.Order(o)); d != "" {
		t.Error(d)
	}
}

func TestNegativeSums(t *testing.T) {
	t.Parallel()
	only(t, gate.Order(sum(line(order.GiftCard, 1, -100, 0))), "/order_amount", "(3.4)")
	only(t, gate.Order(sum(line(order.Physical, 1, 2000, 0), line(order.Discount, 1, -2000, 2500))), "/order_tax_amount", "(3.4)")
}

// A credit that adds money breaks two rules whatever else it says, since price and discount cannot both be right.
func TestCreditThatAdds(t *testing.T) {
	t.Parallel()
	o := vat()
	onLine(3, func(l *order.Line) { l.Type, l.TotalAmount = order.StoreCredit, 1 })(o)
	found := gate.Order(o)
	if len(found) != 2 || found[0].Rule != "discounts, gift cards and store credit are not positive (3.4)" {
		t.Errorf("%+v", found)
	}
}

// TestIncomingMayMixSchemes: a shop may still send a sales_tax line beside taxed goods, which the tables are about to take
// away; an order as it stands may not.
func TestIncomingMayMixSchemes(t *testing.T) {
	t.Parallel()
	o := &order.Order{PurchaseCurrency: "SEK", OrderAmount: 12_600, OrderTaxAmount: 100, Lines: []order.Line{
		{Name: "a", Quantity: 1, UnitPrice: 12_500, TaxRate: 2500, TotalAmount: 12_500, TotalTaxAmount: 2_500},
		{Type: order.SalesTax, Name: "tax", Quantity: 1, UnitPrice: 100, TotalAmount: 100},
	}}
	if got := gate.Incoming(o); len(got) != 0 {
		t.Errorf("incoming: %v", got)
	}
	if got := gate.Order(o); len(got) == 0 {
		t.Error("as it stands: found nothing")
	}
	o.Lines[0].TotalTaxAmount = 2_502
	if got := gate.Incoming(o); len(got) != 1 || got[0].Pointer != "/order_lines/0/total_tax_amount" {
		t.Errorf("a wrong tax: %v", got)
	}
}
