package coverage_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kvitto/kvitto/internal/authoring/coverage"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
)

// million is a shop with rows of postcodes of their own, in eight zones and with some holes.
func million(t testing.TB, rows int) (shipping string, files map[string]string) {
	var csv bytes.Buffer
	csv.WriteString("country,from,to,zone\n")
	for i := range rows {
		if i%1009 != 0 {
			fmt.Fprintf(&csv, "BR,%07d0,%07d9,z%d\n", i, i, i*2654435761>>7%8)
		}
	}
	shipping = `version: 1
currency: BRL
time_zone: America/Sao_Paulo
languages: [pt]
prices: include tax
item_weight_if_missing: 300 g
zone_files: [zones.csv]
options:
  - id: parcel
    name: Parcel
    to: [z0, z1, z2, z3, z4, z5, z6, z7]
    price:
      table: |
        max_weight | z0   | z1   | z2   | z3   | z4   | z5   | z6   | z7
        1 kg       | 1.00 | 2.00 | 3.00 | 4.00 | 5.00 | 6.00 | 7.00 | 8.00
        5 kg       | 2.00 | 3.00 | 4.00 | 5.00 | 6.00 | 7.00 | 8.00 | -
`
	return shipping, map[string]string{"zones.csv": csv.String()}
}

const noVAT = "version: 1\nmode: vat\nhome: BR\ndestinations: {BR: none}\nrates: {BR: {standard: 0%}}\n"

// BenchmarkMillionRows loads a rulebook of a million rows of postcodes and asks about every place; issue 6 allows 10 s.
func BenchmarkMillionRows(b *testing.B) {
	shipping, files := million(b, 1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		book := samplebook.Load(b, shipping, noVAT, files)
		p := ask(b, book)
		var out bytes.Buffer
		if err := p.Text(b.Context(), &out, book); err != nil {
			b.Fatal(err)
		}
	}
}

// TestHolesOfManyRows: holes among ten thousand rows are all found.
func TestHolesOfManyRows(t *testing.T) {
	t.Parallel()
	shipping, files := million(t, 10_000)
	gaps := ask(t, samplebook.Load(t, shipping, noVAT, files)).OpenPlaces()
	if len(gaps) != 1 || len(gaps[0].Ranges) != 11 {
		t.Fatalf("%d gaps: %+v", len(gaps), gaps)
	}
	if r := gaps[0].Ranges[1]; r.From != "00010090" || r.To != "00010099" {
		t.Errorf("the second hole is %v", r)
	}
	var c coverage.Cart
	if got := len(ask(t, samplebook.Load(t, shipping, noVAT, files), c).Places); got != 3 {
		t.Errorf("%d places for one cart, want with and without an option, and elsewhere", got)
	}
}
