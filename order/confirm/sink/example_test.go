package sink_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

func confirmed() *rules.Event {
	return &rules.Event{
		ID: "evt_JBSWY3DPEHPK3PXP0123456789", Type: rules.OrderConfirmed, Merchant: "shop", OrderID: "0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0",
		Attempt: 1, At: time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC), Body: []byte(`{"type":"order.confirmed"}`),
	}
}

// The shop checks who calls, keeps the order, and gives its own order number back.
func ExampleWebhook() {
	keys, err := standardwebhooks.NewKeys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		fmt.Println(err)
		return
	}
	e := confirmed()
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = keys.Verify(r.Header, body, e.At, standardwebhooks.Tolerance)
		}
		if err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		if _, err := io.WriteString(w, `{"receipt": "row 17", "merchant_reference1": "A-4711"}`); err != nil {
			fmt.Println(err)
		}
	}))
	defer shop.Close()
	way := &http.Transport{DisableCompression: true}
	defer way.CloseIdleConnections()

	w, err := sink.NewWebhook(sink.Options{URL: shop.URL, Keys: keys, Transport: way})
	if err != nil {
		fmt.Println(err)
		return
	}
	taken, err := w.Take(context.Background(), e)
	fmt.Printf("%+v %v\n", taken, err)
	// Output: {Receipt:row 17 Reference1:A-4711 Reference2:} <nil>
}

// One file per event; what comes again is known by its name.
func ExampleSpool() {
	dir, err := os.MkdirTemp("", "orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }() // it is the example's
	s, err := sink.NewSpool(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		taken, err := s.Take(context.Background(), confirmed())
		fmt.Println(taken.Receipt, err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.json"))
	fmt.Println(len(found), err)
	// Output:
	// evt_JBSWY3DPEHPK3PXP0123456789.json <nil>
	// evt_JBSWY3DPEHPK3PXP0123456789.json <nil>
	// 1 <nil>
}
