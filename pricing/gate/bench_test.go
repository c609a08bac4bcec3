package gate_test

import (
	"testing"

	"github.com/kvitto/kvitto/pricing/gate"
)

func BenchmarkGate(b *testing.B) {
	in, a := answered()
	b.ReportAllocs()
	for b.Loop() {
		if v := gate.Answer(in, a); v != nil {
			b.Fatal(v)
		}
	}
}
