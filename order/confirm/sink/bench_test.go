package sink_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order/confirm/sink"
)

// BenchmarkWebhook signs and sends an order of 6.6 KB to a transport that answers at once.
func BenchmarkWebhook(b *testing.B) {
	way := trip(func(*http.Request) (*http.Response, error) {
		return response("", `{"merchant_reference1":"A-4711"}`), nil
	})
	w := webhook(b, sink.Options{URL: "https://shop.example/", Transport: way})
	e := event()
	e.Body = []byte(strings.Repeat("x", 6600))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Take(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSpool brings an order of 6.6 KB to the disk: two fsync.
func BenchmarkSpool(b *testing.B) {
	s := spool(b, b.TempDir())
	e := event()
	e.Body = []byte(strings.Repeat("x", 6600))
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		e.ID = fmt.Sprintf("evt_%d", n)
		if _, err := s.Take(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}
