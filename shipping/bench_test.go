package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// BenchmarkOffer asks the example of the manual.
func BenchmarkOffer(b *testing.B) {
	table := nordic(b)
	for _, bb := range []struct {
		name string
		ask  ask
	}{
		{"stockholm", ask{}},
		{"gotland", ask{to: "SE 621 57"}},
		{"thin", ask{to: "SE"}},
		{"nothing", ask{currency: "USD"}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			q := bb.ask.query(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.Offer(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkZoneRows asks a shop with few and with very many postcode rows: the cost must not differ.
func BenchmarkZoneRows(b *testing.B) {
	for _, rows := range []int{10, 10_000, 1_000_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			if rows > 10_000 && testing.Short() {
				b.Skip("long to load")
			}
			table := zoned(b, rows)
			queries := make([]ask, 64)
			for i := range queries {
				queries[i] = ask{to: fmt.Sprintf("US %05d", (i*2654435761)%100_000), currency: "USD"}
			}
			qs := make([]func() error, len(queries))
			for i := range queries {
				q := queries[i].query(b)
				qs[i] = func() error { _, err := table.Offer(b.Context(), q); return err }
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if err := qs[i%len(qs)](); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

// zoned is a US shop with seven zone columns and a zone file of n rows; its zones repeat over the whole country.
func zoned(b *testing.B, n int) *shipping.Table {
	b.Helper()
	var csv strings.Builder
	csv.WriteString("country,from,to,zone\n")
	for i := range n {
		code := i * 99_999 / n
		if n <= 99_999 {
			fmt.Fprintf(&csv, "US,%05d,%05d,z%d\n", code, (i+1)*99_999/n-1, i%7+2)
		} else {
			plus := fmt.Sprintf("%09d", i*(999_999_999/n))
			fmt.Fprintf(&csv, "US,%s,%s,z%d\n", plus, plus, i%7+2)
		}
	}
	const yaml = `version: 1
currency: USD
time_zone: America/Chicago
languages: [en]
zones:
  us: {US: all}
zone_files: [zones.csv]
options:
  - id: ground
    name: Ground
    to: us
    price:
      table: |
        max_weight | z2 | z3 | z4 | z5 | z6 | z7 | z8 | us
        1 lb | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
        20 lb | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
  - {id: air, name: Air, to: us, price: 18.00, surcharges: [{over: 1 lb, each: 1 lb, add: 1.75}, {to: z8, add: 3.00}]}
`
	var r diag.Report
	table := shipping.Load(files("shipping.yaml", yaml, "zones.csv", csv.String()), "shipping.yaml", shipping.Options{}, &r)
	if table == nil {
		b.Fatal(render(b, &r))
	}
	return table
}

// BenchmarkPriceRows asks price lists of 3 and of 10,000 tiers: halving keeps the cost near.
func BenchmarkPriceRows(b *testing.B) {
	for _, rows := range []int{3, 10_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			var t strings.Builder
			t.WriteString("price:\n  table: |\n    max_weight | price\n")
			for i := range rows {
				fmt.Fprintf(&t, "    %d g | %d.00\n", (i+1)*20_000/rows, i+1)
			}
			table := load(b, oneOption(t.String()))
			q := ask{items: []item{{grams: 19_999, price: 1}}}.query(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.Offer(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad compiles the example of the manual.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		nordic(b)
	}
}
