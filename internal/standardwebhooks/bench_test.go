package standardwebhooks_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

// Both directions over a body of 6.6 KB, as an order has.
func BenchmarkSign(b *testing.B) {
	body, h := bytes.Repeat([]byte("x"), 6600), http.Header{}
	k := keys(b, secret)
	b.ReportAllocs()
	for b.Loop() {
		k.Sign(h, id, at(), body)
	}
}

func BenchmarkVerify(b *testing.B) {
	body, h := bytes.Repeat([]byte("x"), 6600), http.Header{}
	k := keys(b, secret)
	k.Sign(h, id, at(), body)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Verify(h, body, at(), standardwebhooks.Tolerance); err != nil {
			b.Fatal(err)
		}
	}
}
