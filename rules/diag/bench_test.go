package diag_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
)

// rulebook is a shipping file of n options.
func rulebook(n int) []byte {
	var b strings.Builder
	b.WriteString("version: 1\ncurrency: SEK\noptions:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - id: option-%d\n    name: {sv: Hem, en: Home}\n    to: [sweden, denmark]\n", i)
		b.WriteString("    price:\n      table: |\n        max_weight | sweden | denmark DKK\n        5 kg       |  49.00 |       45.00\n")
	}
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	data := rulebook(1000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var r diag.Report
		if diag.Parse("shipping.yaml", data, &r) == nil {
			b.Fatal("nothing parsed")
		}
	}
}

// BenchmarkParseOneLine holds the walk over columns to a linear cost.
func BenchmarkParseOneLine(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		data := []byte("[" + strings.Repeat("åäö,", n) + "x]")
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				var r diag.Report
				diag.Parse("f.yaml", data, &r)
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	var r diag.Report
	n := diag.Parse("shipping.yaml", rulebook(100), &r)
	for _, o := range n.Get("options").Items {
		diag.Fields(o, "an option", []string{"id", "name", "tu"}, &r)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Render(io.Discard, false); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	names := make([]string, 200)
	for i := range names {
		names[i] = fmt.Sprintf("zone-%d", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		diag.Suggest("zone-19x", names)
	}
}
