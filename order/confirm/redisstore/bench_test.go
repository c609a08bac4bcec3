package redisstore_test

import (
	"strconv"
	"testing"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
)

func BenchmarkEnqueue(b *testing.B) {
	s := at(b, redistest.New(b, "--appendonly", "no").Addr())
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, _, err := s.Enqueue(b.Context(), key(strconv.Itoa(i)), confirm.Nudge{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnqueueAgain(b *testing.B) {
	s := at(b, redistest.New(b, "--appendonly", "no").Addr())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.Enqueue(b.Context(), key("a"), confirm.Nudge{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOrder is an order from the push to the acknowledgement.
func BenchmarkOrder(b *testing.B) {
	s := at(b, redistest.New(b, "--appendonly", "no").Addr())
	body := make([]byte, 8<<10)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k := key(strconv.Itoa(i))
		enqueue(b, s, k)
		claim(b, s, k, "x")
		_, err := s.Prepare(b.Context(), k, "x", confirm.Prepared{SHA: "s1", Body: body, Revision: 1})
		ok(b, err)
		ok(b, s.Handed(b.Context(), k, "s1", confirm.Receipt{Text: "r"}))
		ok(b, s.Acked(b.Context(), k))
	}
}

// BenchmarkStats has ten thousand open orders.
func BenchmarkStats(b *testing.B) {
	s := at(b, redistest.New(b, "--appendonly", "no").Addr())
	for i := range 10_000 {
		enqueue(b, s, key(strconv.Itoa(i)))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := s.Stats(b.Context(), "shop"); err != nil {
			b.Fatal(err)
		}
	}
}
