package management_test

import (
	"testing"

	"github.com/kvitto/kvitto/order/management"
)

func BenchmarkDecodeOrder(b *testing.B) {
	body := []byte(readFile(b, "order-two-captures.json"))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := management.DecodeOrder(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = management.Key("demo", orderID, "acknowledge")
	}
}
