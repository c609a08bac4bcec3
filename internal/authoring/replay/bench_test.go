package replay_test

import (
	"testing"

	"github.com/kvitto/kvitto/internal/authoring/replay"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/order"
)

// BenchmarkOrders runs decoded orders through the Nordic shop; issue 6 asks for 50 000 a second on two processors.
func BenchmarkOrders(b *testing.B) {
	book := samplebook.Example(b, "../../..", "nordic")
	var list []*order.Order
	err := replay.Generate(b.Context(), book, 10_000, 1, samplebook.Monday()).Each(func(c replay.Case) bool {
		o, _, err := c.Make(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, o)
		return true
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r, err := replay.Run(b.Context(), book, nil, replay.Orders(list), replay.Options{Now: samplebook.Monday(), Workers: 2})
		if err != nil || r.Orders != int64(len(list)) {
			b.Fatal(r, err)
		}
		n += len(list)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "orders/s")
}
