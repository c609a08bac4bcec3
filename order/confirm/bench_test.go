package confirm_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// quay is a machine over a store in a file, at a provider and a sink that answer at once. acked is told of every order that
// is acknowledged.
func quay(b *testing.B, acked func(id string)) *confirm.Machine {
	b.Helper()
	at := time.Now()
	of := &provider{
		order: func(_ context.Context, id string) (*management.Order, error) {
			m := managed{id: id, created: at, status: management.Authorized, fraud: management.FraudAccepted, amount: 12500}
			return m.shown(), nil
		},
		ack: func(context.Context, string, string) error { return nil },
	}
	store := boltstore.Open(filepath.Join(b.TempDir(), "orders.db"), boltstore.Options{Now: time.Now})
	m, err := confirm.New(confirm.Options{
		Store: store, Now: time.Now, Lease: 30 * time.Second, Poll: time.Second, Horizon: 47 * time.Hour,
		Backoff: []time.Duration{time.Second}, Seal: must(confirm.NewSeal("0123456789abcdef0123456789abcdef")),
		Observe: func(c confirm.Change) error {
			if c.Step == confirm.StepAcked && acked != nil {
				acked(c.Order)
			}
			return nil
		},
		Merchants: []*confirm.Merchant{{ID: shop, Provider: of, Sink: sink{func(context.Context, *rules.Event) (rules.Taken, error) {
			return rules.Taken{Receipt: "r"}, nil
		}}}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := m.Stop(context.Background()); err != nil {
			b.Error(err)
		}
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	return m
}

// One order at a time, from its push to its acknowledgement: the latency, on a disk that is synced.
func BenchmarkPushToAcked(b *testing.B) {
	b.ReportAllocs()
	done := make(chan string, 1)
	m := quay(b, func(id string) { done <- id })
	for n := 0; b.Loop(); n++ {
		if _, err := m.Push(b.Context(), key(fmt.Sprintf("order-%d", n)), confirm.ByPush); err != nil {
			b.Fatal(err)
		}
		<-done
	}
}

// Sixty-four orders at a time, over the eight workers: the throughput.
func BenchmarkPushToAckedTogether(b *testing.B) {
	b.ReportAllocs()
	const together = 64
	var wait sync.WaitGroup
	m := quay(b, func(string) { wait.Done() })
	m.Start()
	for n := 0; b.Loop(); n++ {
		wait.Add(together)
		for i := range together {
			go func() {
				if _, err := m.Push(b.Context(), key(fmt.Sprintf("order-%d-%d", n, i)), confirm.ByPush); err != nil {
					b.Error(err)
				}
			}()
		}
		wait.Wait()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*together), "ns/order")
}

// What the provider waits for: a push of an order that is done, so that nothing but the push is measured.
func BenchmarkPush(b *testing.B) {
	b.ReportAllocs()
	done := make(chan string, 1)
	m := quay(b, func(id string) { done <- id })
	if _, err := m.Push(b.Context(), key(lamp), confirm.ByPush); err != nil {
		b.Fatal(err)
	}
	<-done
	for b.Loop() {
		if _, err := m.Push(b.Context(), key(lamp), confirm.ByPush); err != nil {
			b.Fatal(err)
		}
	}
}

// The first push of an order, with its record on the disk and nobody to work on it.
func BenchmarkPushNew(b *testing.B) {
	b.ReportAllocs()
	m := quay(b, nil)
	if err := m.Stop(b.Context()); err != nil { // pushes are still recorded
		b.Fatal(err)
	}
	for n := 0; b.Loop(); n++ {
		if _, err := m.Push(b.Context(), key(fmt.Sprintf("order-%d", n)), confirm.ByPush); err != nil {
			b.Fatal(err)
		}
	}
}
