package boltstore_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// stored makes a store with n open orders, synced or not.
func stored(b *testing.B, n int) *boltstore.Store {
	b.Helper()
	s := boltstore.Open(file(b), boltstore.Options{Now: time.Now})
	b.Cleanup(func() { _ = s.Close() })
	orders := make([]string, n)
	for i := range orders {
		orders[i] = fmt.Sprintf("o%d", i)
	}
	for len(orders) > 0 {
		at := min(1000, len(orders))
		if _, err := s.Epoch(b.Context(), "shop"); err != nil {
			b.Fatal(err)
		}
		for order, err := range s.CommitTogether("shop", orders[:at], "", "") {
			if err != nil {
				b.Fatal(order, err)
			}
		}
		orders = orders[at:]
	}
	return s
}

// BenchmarkEnqueue is a new order, alone and with others at the same time; commits/op is the share of a sync.
func BenchmarkEnqueue(b *testing.B) {
	for _, pushers := range []int{1, 32} {
		b.Run(fmt.Sprintf("pushers=%d", pushers), func(b *testing.B) {
			s := stored(b, 1)
			var serial atomic.Int64
			before := commits(b, s)
			b.ReportAllocs()
			b.SetParallelism(pushers)
			b.ResetTimer()
			push := func() {
				k := confirm.Key{Merchant: "shop", Order: fmt.Sprintf("n%d", serial.Add(1))}
				if _, _, err := s.Enqueue(b.Context(), k, confirm.Nudge{}); err != nil {
					b.Error(err)
				}
			}
			if pushers == 1 {
				for b.Loop() {
					push()
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						push()
					}
				})
			}
			b.ReportMetric(float64(commits(b, s)-before)/float64(serial.Load()), "commits/op")
		})
	}
}

// BenchmarkEnqueueAgain is the push of an order that is known.
func BenchmarkEnqueueAgain(b *testing.B) {
	s := stored(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.Enqueue(b.Context(), confirm.Key{Merchant: "shop", Order: "o5000"}, confirm.Nudge{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTakeOver is a whole order: six changes.
func BenchmarkTakeOver(b *testing.B) {
	s := stored(b, 10_000)
	body := make([]byte, 8<<10)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		k := confirm.Key{Merchant: "shop", Order: fmt.Sprintf("n%d", n)}
		_, _, err := s.Enqueue(b.Context(), k, confirm.Nudge{})
		ok(b, err)
		_, _, err = s.Claim(b.Context(), k, "x", time.Minute)
		ok(b, err)
		_, err = s.Prepare(b.Context(), k, "x", confirm.Prepared{SHA: "s", Body: body})
		ok(b, err)
		ok(b, s.Handed(b.Context(), k, "s", confirm.Receipt{Text: "r"}))
		ok(b, s.Acked(b.Context(), k))
	}
}

func BenchmarkGet(b *testing.B) {
	s := stored(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Get(b.Context(), confirm.Key{Merchant: "shop", Order: "o5000"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDue is what the recovery loop asks every second.
func BenchmarkDue(b *testing.B) {
	s := stored(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if d, err := s.Due(b.Context(), "shop", 32); err != nil || len(d.Others) != 32 {
			b.Fatal(d, err)
		}
	}
}

func BenchmarkStats(b *testing.B) {
	s := stored(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if st, err := s.Stats(b.Context(), "shop"); err != nil || st.States[confirm.Pending] != 10_000 {
			b.Fatal(st, err)
		}
	}
}

func BenchmarkCodec(b *testing.B) {
	raw := boltstore.Encoded(sample())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := boltstore.Recode(raw); err != nil {
			b.Fatal(err)
		}
	}
}
