package nearest_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/nearest"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// benchmark explains one question after loading, with all that is near; issue 6 allows 50 ms.
func benchmark(b *testing.B, book *authoring.Book, a rulestest.Asked) {
	s, err := book.Rules.Subject(rules.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		x := rulestest.Explain(s, a, samplebook.Monday(), new(diag.Report))
		if x == nil {
			b.Fatal("not explained")
		}
		if err := nearest.Find(b.Context(), book, x); err != nil || len(x.Changes) == 0 {
			b.Fatal(err, len(x.Changes))
		}
	}
}

func BenchmarkFind(b *testing.B) {
	benchmark(b, samplebook.Example(b, "../../..", "nordic"), rulestest.Asked{To: "SE 621 57", Cart: "4 kg, 700.00", Now: "2026-11-23T10:00"})
}

const noVAT = "version: 1\nmode: vat\nhome: BR\ndestinations: {BR: none}\nrates: {BR: {standard: 0%}}\n"

// rows is a shop with a million rows of postcodes of their own, in eight zones.
func rows(b *testing.B, price string) *authoring.Book {
	const million = 1_000_000
	var csv bytes.Buffer
	csv.WriteString("country,from,to,zone\n")
	for i := range million {
		fmt.Fprintf(&csv, "BR,%07d0,%07d9,z%d\n", i, i, i*2654435761>>7%8)
	}
	return samplebook.Load(b, "version: 1\ncurrency: BRL\ntime_zone: America/Sao_Paulo\nlanguages: [pt]\nprices: include tax\n"+
		"item_weight_if_missing: 300 g\nzone_files: [zones.csv]\noptions:\n  - id: parcel\n    name: Parcel\n    to: [z0, z1, z2, z3, z4, z5, z6, z7]\n    price:\n"+price,
		noVAT, map[string]string{"zones.csv": csv.String()})
}

// BenchmarkFindMillionRows is the same in a rulebook of a million rows of postcodes: where every zone has its price, and where none
// has, so that no change is near.
func BenchmarkFindMillionRows(b *testing.B) {
	asked := rulestest.Asked{To: "BR 50000-005", Cart: "1 kg, 100.00", Now: "2026-11-23T10:00"}
	b.Run("prices", func(b *testing.B) {
		benchmark(b, rows(b, "      table: |\n        max_weight | z0   | z1   | z2   | z3   | z4   | z5   | z6   | z7\n"+
			"        1 kg       | 1.00 | 2.00 | 3.00 | 4.00 | 5.00 | 6.00 | 7.00 | 8.00\n        5 kg       | 2.00 | 3.00 | 4.00 | 5.00 | 6.00 | 7.00 | 8.00 | -\n"), asked)
	})
	b.Run("one price", func(b *testing.B) {
		benchmark(b, rows(b, "      - {max_weight: 1 kg, price: 1.00}\n      - {max_weight: 5 kg, price: 2.00}\n"), asked)
	})
}
