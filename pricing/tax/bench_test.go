package tax_test

import (
	"context"
	"os"
	"testing"

	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules/diag"
)

func BenchmarkGoods4Lines(b *testing.B) {
	table := tax.Load(os.DirFS("../../configs/examples/nordic"), "tax.yaml",
		tax.Options{Shipped: os.DirFS("../../configs"), Location: stockholm()}, &diag.Report{})
	now := at(b, "2026-11-23 10:00")
	for _, to := range []string{"SE 113 51", "FI 22100", "NO 0150", "FI"} {
		b.Run(to, func(b *testing.B) {
			q := query(to, now, "NOK", goods(10000, "food"), goods(20000), goods(300000, "book"), goods(40000))
			b.ReportAllocs()
			for b.Loop() {
				if g, err := table.Goods(context.Background(), q); err != nil || !g.Rates[3].Apply {
					b.Fatal(g, err)
				}
			}
		})
	}
}

func BenchmarkFreight(b *testing.B) {
	table := sound(b, header+"destinations: {EU: charge}\nshipping_tax: {SE: standard, '*': split}\n")
	q := query("SE 113 51", at(b, "2026-11-23 10:00"), "SEK", goods(10000))
	b.ReportAllocs()
	for b.Loop() {
		if f, err := table.Freight(context.Background(), q, ""); err != nil || f.Rate != 2500 {
			b.Fatal(f, err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := &diag.Report{}
		if tax.Load(os.DirFS("../../configs/examples/nordic"), "tax.yaml", tax.Options{Shipped: os.DirFS("../../configs")}, r) == nil {
			b.Fatal(brief(r))
		}
	}
}
