package table_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
	"pgregory.net/rapid"
)

const (
	kg = table.Weight(1_000_000_000)
	g  = table.Weight(1_000_000)
	cm = table.Length(10_000)
)

func goods(ref string, n int64, unit, total order.Amount, grams int64, dims ...int64) order.Line {
	l := order.Line{Reference: ref, Quantity: n, UnitPrice: unit, TotalAmount: total}
	l.ShippingAttributes = &order.ShippingAttributes{Weight: grams}
	if len(dims) == 3 {
		l.ShippingAttributes.Dimensions = &order.Dimensions{Height: dims[0], Width: dims[1], Length: dims[2]}
	}
	return l
}

func typed(kind order.LineType, total order.Amount) order.Line {
	return order.Line{Type: kind, Quantity: 1, UnitPrice: total, TotalAmount: total}
}

func defaultRules() *table.CartRules {
	return &table.CartRules{AfterDiscounts: true, Ignore: map[order.LineType]bool{order.GiftCard: true, order.Digital: true}}
}

func TestCartValue(t *testing.T) {
	t.Parallel()
	lines := []order.Line{
		goods("A", 2, 10000, 18000, 500),
		typed(order.Digital, 5000),
		typed(order.Discount, -3000),
		typed(order.GiftCard, -10000),
		typed(order.StoreCredit, -1000),
		typed(order.ShippingFee, 4900),
		typed(order.Surcharge, 100),
		typed(order.SalesTax, 200),
	}
	tests := []struct {
		name  string
		after bool
		count []order.LineType // not ignored
		want  order.Amount
	}{
		{"after discounts", true, nil, 15000},
		{"before discounts", false, nil, 20000},
		{"digital counts", true, []order.LineType{order.Digital}, 20000},
		{"digital counts, before", false, []order.LineType{order.Digital}, 25000},
		{"cards lower it", true, []order.LineType{order.GiftCard}, 4000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := defaultRules()
			r.AfterDiscounts = tt.after
			for _, kind := range tt.count {
				delete(r.Ignore, kind)
			}
			var c table.Cart
			if err := c.Fill(&rules.Query{Lines: lines}, r); err != nil {
				t.Fatal(err)
			}
			if c.Value != tt.want || c.Discounts != -3000 {
				t.Errorf("value %d and discounts %d, want %d and -3000", c.Value, c.Discounts, tt.want)
			}
			if len(c.Items) != 1 || c.Pieces() != 2 || c.Weight() != kg {
				t.Errorf("%d items, %d pieces, %v: only what ships is an item", len(c.Items), c.Pieces(), c.Weight())
			}
		})
	}
}

func TestCartMeasures(t *testing.T) {
	t.Parallel()
	carrier := table.Density{Micrograms: 280, CubicMillimetres: 1} // 280 kg/m3
	tests := []struct {
		name string
		line order.Line
		want table.Item
	}{
		{"real weight", goods("", 1, 0, 0, 1500),
			table.Item{Quantity: 1, Weight: 1500 * g, Chargeable: 1500 * g}},
		{"no weight", goods("", 1, 0, 0, 0),
			table.Item{Quantity: 1, Weight: 300 * g, Chargeable: 300 * g, NoWeight: true}},
		{"no attributes", order.Line{Quantity: 1},
			table.Item{Quantity: 1, Weight: 300 * g, Chargeable: 300 * g, NoWeight: true}},
		{"light and large", goods("", 1, 0, 0, 1000, 100, 500, 400),
			table.Item{Quantity: 1, Weight: kg, Chargeable: 5600 * g, Size: table.Size{50 * cm, 40 * cm, 10 * cm}}},
		{"heavy and small", goods("", 1, 0, 0, 9000, 10, 10, 10),
			table.Item{Quantity: 1, Weight: 9 * kg, Chargeable: 9 * kg, Size: table.Size{cm, cm, cm}}},
		{"two sides", goods("", 1, 0, 0, 1000, 0, 500, 400),
			table.Item{Quantity: 1, Weight: kg, Chargeable: kg, Size: table.Size{50 * cm, 40 * cm, 0}}},
		{"a side below zero", goods("", 1, 0, 0, -5, -1, 500, 400),
			table.Item{Quantity: 1, Weight: 300 * g, Chargeable: 300 * g, Size: table.Size{50 * cm, 40 * cm, 0}, NoWeight: true}},
		{"fewer than no pieces", goods("", -2, 0, 0, 1000),
			table.Item{Weight: kg, Chargeable: kg}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := defaultRules()
			r.WeightIfMissing, r.Volumetric = 300*g, carrier
			var c table.Cart
			if err := c.Fill(&rules.Query{Lines: []order.Line{tt.line}}, r); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.Items, []table.Item{tt.want}, cmpopts.IgnoreUnexported(table.Item{})); d != "" {
				t.Errorf("(-got +want)\n%s", d)
			}
		})
	}
}

func TestCarriersDivisors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		divisor string
		mm      [3]int64
		want    table.Weight
	}{
		{"6000 cm3/kg", [3]int64{1000, 600, 10}, kg}, // exactly, though 1/6000 is not
		{"5000 cm3/kg", [3]int64{500, 400, 300}, 12 * kg},
		{"280 kg/m3", [3]int64{1000, 1000, 1000}, 280 * kg},
		{"139 in3/lb", [3]int64{1, 1, 1}, 199}, // 199.136 µg
		{"7 cm3/kg", [3]int64{1, 1, 1}, 142857},
		{"0.5 kg/m3", [3]int64{1, 1, 1}, 1}, // half a microgram goes up
	}
	for _, tt := range tests {
		t.Run(tt.divisor, func(t *testing.T) {
			t.Parallel()
			s := newScope()
			d, ok := s.Density(node(t, tt.divisor, s.Report))
			if !ok {
				t.Fatal(told(s.Report))
			}
			r := defaultRules()
			r.Volumetric = d
			var c table.Cart
			l := goods("", 1, 0, 0, 0, tt.mm[0], tt.mm[1], tt.mm[2])
			if err := c.Fill(&rules.Query{Lines: []order.Line{l}}, r); err != nil {
				t.Fatal(err)
			}
			if c.Weight() != tt.want {
				t.Errorf("counts for %d µg, want %d", c.Weight(), tt.want)
			}
		})
	}
}

func TestCartOverflow(t *testing.T) {
	t.Parallel()
	const big = math.MaxInt64
	tests := []struct {
		name  string
		lines []order.Line
	}{
		{"price", []order.Line{goods("", big, big, 1, 1)}},
		{"lowest price", []order.Line{goods("", big, math.MinInt64, 1, 1)}},
		{"lowest quantity", []order.Line{goods("", math.MinInt64, 1, 1, 1)}},
		{"total", []order.Line{goods("", 1, 1, big, 1)}},
		{"lowest total", []order.Line{goods("", 1, 1, math.MinInt64, 1)}},
		{"discount", []order.Line{typed(order.Discount, math.MinInt64)}},
		{"weight of one", []order.Line{goods("", 1, 1, 1, big)}},
		{"weight of all", []order.Line{goods("", 1_000_000, 1, 1, 1_000_000_000)}},
		{"pieces", []order.Line{goods("", big, 0, 0, 0)}},
		{"side", []order.Line{goods("", 1, 1, 1, 1, big, 1, 1)}},
		{"volume", []order.Line{goods("", 1, 1, 1, 1, 1e12, 1e12, 1e12)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := defaultRules()
			r.Volumetric = table.Density{Micrograms: 280, CubicMillimetres: 1}
			var c table.Cart
			if err := c.Fill(&rules.Query{Lines: tt.lines}, r); !errors.Is(err, table.ErrOverflow) {
				t.Errorf("got %v, want %v", err, table.ErrOverflow)
			}
		})
	}
}

func TestDigitalItems(t *testing.T) {
	t.Parallel()
	r := defaultRules()
	r.Digital = true
	lines := []order.Line{typed(order.Digital, 5000), goods("A", 1, 100, 100, 700, 10, 10, 10)}
	var c table.Cart
	if err := c.Fill(&rules.Query{Lines: lines}, r); err != nil {
		t.Fatal(err)
	}
	if len(c.Items) != 2 || c.Weight() != 700*g || c.Value != 100 || c.WithoutWeight() != 0 {
		t.Errorf("%d items, %v, value %d, %d without weight", len(c.Items), c.Weight(), c.Value, c.WithoutWeight())
	}
}

func TestPartsOfACart(t *testing.T) {
	t.Parallel()
	r := defaultRules()
	r.Classes = classes(t, "a: {sku: A*}\nb: {sku: '*B'}\n")
	lines := []order.Line{
		goods("A", 3, 1000, 3000, 100), goods("AB", 1, 2000, 2000, 200), goods("B", 1, 1000, 1000, 400), goods("C", 2, 50, 100, 800),
		typed(order.Discount, -100),
	}
	var c, part table.Cart
	if err := c.Fill(&rules.Query{Lines: lines}, r); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		take   func()
		value  order.Amount
		weight table.Weight
		pieces int64
	}{ // shares of the discount: 49.18, 32.79, 16.39, 1.64 of 100
		{"first class a", func() { c.Group(&part, 0) }, 4918, 500 * g, 4},
		{"first class b", func() { c.Group(&part, 1) }, 984, 400 * g, 1},
		{"no class", func() { c.Group(&part, table.NoClass) }, 98, 1600 * g, 2},
		{"line", func() { c.Line(&part, 0) }, 2951, 300 * g, 3},
		{"piece", func() { c.Piece(&part, 0) }, 984, 100 * g, 1},
		{"a line of one", func() { c.Piece(&part, 2) }, 984, 400 * g, 1},
	}
	for _, tt := range tests {
		tt.take()
		if part.Value != tt.value || part.Weight() != tt.weight || part.Pieces() != tt.pieces {
			t.Errorf("%s: value %d, %v, %d pieces; want %d, %v, %d", tt.name, part.Value, part.Weight(), part.Pieces(), tt.value, tt.weight, tt.pieces)
		}
	}
	if c.Value != 6000 || c.Pieces() != 7 {
		t.Errorf("the cart itself changed: value %d, %d pieces", c.Value, c.Pieces())
	}
}

// TestPartsSumToTheCart: whatever the discounts, the values of the lines sum to that of the cart.
func TestPartsSumToTheCart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "lines")
		var lines []order.Line
		positive := false
		for range n {
			total := order.Amount(rapid.Int64Range(0, 5000).Draw(t, "total"))
			positive = positive || total > 0
			lines = append(lines, goods("", rapid.Int64Range(1, 5).Draw(t, "quantity"), total, total, 1))
		}
		if positive {
			lines = append(lines, typed(order.Discount, -order.Amount(rapid.Int64Range(0, 9999).Draw(t, "discount"))))
		}
		r := defaultRules()
		r.AfterDiscounts = rapid.Bool().Draw(t, "after")
		var c, part table.Cart
		if err := c.Fill(&rules.Query{Lines: lines}, r); err != nil {
			t.Fatal(err)
		}
		var value, discounts order.Amount
		for i := range c.Items {
			c.Line(&part, i)
			value += part.Value
			discounts += part.Discounts
		}
		if value != c.Value || r.AfterDiscounts && discounts != c.Discounts {
			t.Fatalf("parts sum to %d (%d), the cart to %d (%d)", value, discounts, c.Value, c.Discounts)
		}
	})
}
