package page_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kvitto/kvitto/internal/simulator/page"
)

// BenchmarkPages renders pages with a thousand recorded callbacks.
func BenchmarkPages(b *testing.B) {
	w := newWorld(b, shop{"country-change": refuse("unsupported_shipping_address", "Nej.")}, nil)
	w.crowd(b)
	id := w.sim.Sessions()[0].ID()
	h := page.New(w.options)
	for name, path := range map[string]string{"start": "/", "callbacks": "/callbacks", "stopped": "/callbacks?show=stopped", "checkout": "/checkouts/" + id, "nothing new": "/checkouts/" + id + "/log?after=999999"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
				req.Host = "localhost"
				h.ServeHTTP(rec, req)
				if rec.Code >= 300 {
					b.Fatalf("%s: status %d", path, rec.Code)
				}
			}
		})
	}
}
