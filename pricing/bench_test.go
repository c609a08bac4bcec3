package pricing_test

import (
	"fmt"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// cart has n lines at two rates, the last a discount.
func cart(n int) []order.Line {
	lines := make([]order.Line, 0, n)
	for i := range n - 1 {
		lines = append(lines, goods(fmt.Sprint("sku", i), 12_345, []order.Rate{2500, 600}[i%2]))
	}
	return append(lines, discount("d", 1000, 2500))
}

func benchmarkRecompute(b *testing.B, n int) {
	p := plan(b, pricing.ShippingPolicy{}, cart(n), follow(4900, pricing.FreightSplit), follow(9900, pricing.FreightSplit))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricing.Recompute(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRecompute4Lines(b *testing.B)    { benchmarkRecompute(b, 4) }
func BenchmarkRecompute1000Lines(b *testing.B) { benchmarkRecompute(b, 998) }

func BenchmarkPriceFreight(b *testing.B) {
	lines, f := cart(4), follow(4900, pricing.FreightSplit)
	f.ExclTax, f.Round = true, pricing.Rounding{To: 100}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricing.PriceFreight(f, lines); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRerate(b *testing.B) {
	for _, tt := range []struct {
		name  string
		rates []pricing.LineRate
		keep  pricing.Keep
	}{
		{"stays", to(2500, 600, 2500, -1), pricing.KeepGross},
		{"gross", to(2400, 1400, 2400, -1), pricing.KeepGross},
		{"net", to(2400, 1400, 2400, -1), pricing.KeepNet},
	} {
		b.Run(tt.name, func(b *testing.B) {
			lines := cart(4)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pricing.Rerate(lines, tt.rates, tt.keep); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
