package floor_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kvitto/kvitto/internal/floor"
)

func TestBody(t *testing.T) {
	t.Parallel()
	body, err := floor.Body("118 26")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(body); n < 6400 || n > 6800 {
		t.Errorf("body has %d bytes, want about 6600", n)
	}
	var o floor.Order
	if err := json.Unmarshal(body, &o); err != nil {
		t.Fatal(err)
	}
	var total, tax int64
	for _, l := range o.OrderLines {
		total += l.TotalAmount
		tax += l.TotalTaxAmount
	}
	if total != o.OrderAmount || tax != o.OrderTaxAmount {
		t.Errorf("sums of the lines: %d and %d, want %d and %d", total, tax, o.OrderAmount, o.OrderTaxAmount)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	body, err := floor.Body("118 26")
	if err != nil {
		t.Fatal(err)
	}
	h := floor.Handler(&floor.Answer{OrderAmount: 1, PurchaseCurrency: "SEK"})
	for _, tc := range []struct {
		name string
		body []byte
		want int
	}{{"an order", body, http.StatusOK}, {"not JSON", []byte("{"), http.StatusBadRequest}} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/v1/m/t/address-update", bytes.NewReader(tc.body)))
			if w.Code != tc.want {
				t.Errorf("status %d, want %d", w.Code, tc.want)
			}
		})
	}
}
