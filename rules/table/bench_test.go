package table_test

import (
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

const usualCondition = "{to: [denmark, sweden], not_to: denmark, min_total: [1.00, 1.00 EUR], max_weight: 20 kg, max_item_size: 200 x 200 x 200 cm, " +
	"class: bulky, only_class: [letter, bulky], customer: organization, coupon: freeship, tag: vip, days: mon to fri, time: 08:00 to 18:00}"

func BenchmarkHolds(b *testing.B) {
	s, f := shop(b)
	c, ok := s.Condition(node(b, usualCondition, s.Report), "a test", nil)
	if !ok {
		b.Fatal(told(s.Report))
	}
	b.ReportAllocs()
	for b.Loop() {
		if c.Holds(f) != table.Yes {
			b.Fatal("does not hold")
		}
	}
}

func BenchmarkFill(b *testing.B) {
	s, f := shop(b)
	r := defaultRules()
	r.Classes, r.Volumetric = s.Classes, table.Density{Micrograms: 280, CubicMillimetres: 1}
	var c table.Cart
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Fill(f.Query, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGroup(b *testing.B) {
	_, f := shop(b)
	var part table.Cart
	b.ReportAllocs()
	for b.Loop() {
		f.Cart.Group(&part, 0)
	}
}

func BenchmarkDatedAt(b *testing.B) {
	s := newScope()
	d, _ := s.DatedMoneyList(node(b, "{2024-01-01: 1.00, 2025-01-01: 2.00, 2026-01-01: 3.00}", s.Report))
	on := day(b, "2025-06-01")
	b.ReportAllocs()
	for b.Loop() {
		d.At(on)
	}
}

// TestNothingIsAllocated holds the look-ups to what the benchmarks show.
func TestNothingIsAllocated(t *testing.T) {
	s, f := shop(t)
	c, ok := s.Condition(node(t, usualCondition, s.Report), "a test", nil)
	if !ok {
		t.Fatal(told(s.Report))
	}
	r := defaultRules()
	r.Classes, r.Volumetric = s.Classes, table.Density{Micrograms: 280, CubicMillimetres: 1}
	lines := append(f.Query.Lines, order.Line{Reference: "X", Quantity: 1})
	q := &rules.Query{Lines: lines}
	var cart, part table.Cart
	text := table.Text{Langs: []string{"sv", "en"}, Texts: []string{"Hem", "Home"}}
	for name, run := range map[string]func(){
		"Holds":   func() { c.Holds(f) },
		"Any":     func() { table.Conditions{c}.Any(f) },
		"Fill":    func() { _ = cart.Fill(q, r) },
		"Group":   func() { _ = cart.Fill(q, r); cart.Group(&part, 1); cart.Piece(&part, 0) },
		"Classes": func() { s.Classes.Of(&lines[0], nil) },
		"Text":    func() { text.In("fi", s.Languages) },
	} {
		run()
		if n := testing.AllocsPerRun(20, run); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
