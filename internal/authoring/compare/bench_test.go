package compare_test

import (
	"testing"

	"github.com/kvitto/kvitto/internal/authoring/compare"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
)

// BenchmarkDiff compares the Nordic shop with itself.
func BenchmarkDiff(b *testing.B) {
	before, after := samplebook.Example(b, "../../..", "nordic"), samplebook.Example(b, "../../..", "nordic")
	b.ReportAllocs()
	for b.Loop() {
		r, err := compare.Diff(b.Context(), before, after, compare.Options{Now: samplebook.Monday()})
		if err != nil || !r.Empty() {
			b.Fatal(r, err)
		}
	}
}
