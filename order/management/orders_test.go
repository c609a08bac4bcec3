package management_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

const (
	orderID   = "e967c32c-6ac9-44a7-86a5-710723aee2cc"
	captureID = "ba3b02f1-8b16-49a8-84ca-549e8cef6f40"
	refundID  = "5f2f1cb9-6d5a-4d3b-9d0c-25f1f2a4b7d1"
)

// seen is a request as the provider gets it.
type seen struct {
	Method, Path, Key, Type, Body string
}

// provider answers every request alike and remembers them.
type provider struct {
	server *httptest.Server
	seen   []seen
}

func newProvider(t *testing.T, answer http.HandlerFunc) (*provider, *management.Client) {
	t.Helper()
	p := &provider{}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if user, password, ok := r.BasicAuth(); !ok || user != "M123_abc" || password != "secret" {
			t.Errorf("Authorization: got %q, %q, %v", user, password, ok)
		}
		p.seen = append(p.seen, seen{r.Method, r.URL.EscapedPath(), r.Header.Get("Klarna-Idempotency-Key"),
			r.Header.Get("Content-Type"), string(body)})
		answer(w, r)
	}))
	t.Cleanup(p.server.Close)
	credentials, err := management.UserPassword("M123_abc", "secret")
	if err != nil {
		t.Fatal(err)
	}
	way := &http.Transport{}
	t.Cleanup(way.CloseIdleConnections)
	c, err := management.New(management.Options{BaseURL: p.server.URL, Credentials: credentials, Transport: way, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

func now() time.Time { return time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) }

func sends(status int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		if body != "" {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	key := management.Key("demo", orderID, "test")
	rate, tax := order.Rate(2500), order.Amount(1980)
	lines := []management.Line{{Type: order.Digital, Reference: "MUG", Name: "Mug", Quantity: 1, UnitPrice: 9900, TaxRate: &rate,
		TotalAmount: 9900, TotalTaxAmount: &tax}}
	const linesJSON = `"order_lines":[{"type":"digital","reference":"MUG","name":"Mug","quantity":1,"unit_price":9900,"tax_rate":2500,"total_amount":9900,"total_tax_amount":1980}]`
	parcel := []management.ShippingInfo{{ShippingCompany: "PostNord", TrackingNumber: "123SE"}}
	const parcelJSON = `"shipping_info":[{"shipping_company":"PostNord","tracking_number":"123SE"}]`
	for _, tt := range []struct {
		name             string
		call             func(*management.Client) error
		method, at, body string
	}{
		{"acknowledge", func(c *management.Client) error { return c.Acknowledge(t.Context(), orderID, key) },
			"POST", "/acknowledge", ""},
		{"references", func(c *management.Client) error {
			return c.SetReferences(t.Context(), orderID, management.References{Reference1: "10001"}, key)
		}, "PATCH", "/merchant-references", `{"merchant_reference1":"10001"}`},
		{"authorization", func(c *management.Client) error {
			return c.UpdateAuthorization(t.Context(), orderID, management.Authorization{Amount: 9900, Lines: lines}, key)
		}, "PATCH", "/authorization", `{"order_amount":9900,` + linesJSON + `}`},
		{"authorization of nothing", func(c *management.Client) error {
			return c.UpdateAuthorization(t.Context(), orderID, management.Authorization{Description: "all back"}, key)
		}, "PATCH", "/authorization", `{"order_amount":0,"description":"all back"}`},
		{"customer details", func(c *management.Client) error {
			return c.UpdateCustomerDetails(t.Context(), orderID, order.Address{City: "Ort", Country: "SE"}, key)
		}, "PATCH", "/customer-details", `{"shipping_address":{"city":"Ort","country":"SE"}}`},
		{"extend", func(c *management.Client) error { return c.ExtendAuthorizationTime(t.Context(), orderID, key) },
			"POST", "/extend-authorization-time", ""},
		{"release", func(c *management.Client) error { return c.ReleaseRemainingAuthorization(t.Context(), orderID, key) },
			"POST", "/release-remaining-authorization", ""},
		{"cancel", func(c *management.Client) error { return c.Cancel(t.Context(), orderID, key) }, "POST", "/cancel", ""},
		{"shipping info", func(c *management.Client) error { return c.AddShippingInfo(t.Context(), orderID, parcel, key) },
			"POST", "/shipping-info", `{` + parcelJSON + `}`},
		{"capture", func(c *management.Client) error {
			_, err := c.Capture(t.Context(), orderID, management.CaptureRequest{Amount: 9900, Reference: "10001", Lines: lines, ShippingInfo: parcel}, key)
			return err
		}, "POST", "/captures", `{"captured_amount":9900,"reference":"10001",` + linesJSON + `,` + parcelJSON + `}`},
		{"capture's shipping info", func(c *management.Client) error {
			return c.AddCaptureShippingInfo(t.Context(), orderID, captureID, parcel, key)
		}, "POST", "/captures/" + captureID + "/shipping-info", `{` + parcelJSON + `}`},
		{"send out", func(c *management.Client) error { return c.TriggerSendOut(t.Context(), orderID, captureID, key) },
			"POST", "/captures/" + captureID + "/trigger-send-out", ""},
		{"due date", func(c *management.Client) error { return c.ExtendDueDate(t.Context(), orderID, captureID, 14, key) },
			"PATCH", "/captures/" + captureID + "/extend-due-date", `{"number_of_days":14}`},
		{"refund", func(c *management.Client) error {
			_, err := c.Refund(t.Context(), orderID, management.RefundRequest{Amount: 500, Description: "broken"}, key)
			return err
		}, "POST", "/refunds", `{"refunded_amount":500,"description":"broken"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			// Copies of the documents give 200, 201 and 204 for the same call.
			for _, status := range []int{http.StatusNoContent, http.StatusOK, http.StatusCreated} {
				p, c := newProvider(t, sends(status, "", ""))
				if err := tt.call(c); err != nil {
					t.Fatalf("status %d: %v", status, err)
				}
				want := []seen{{tt.method, "/ordermanagement/v1/orders/" + orderID + tt.at, key, "", tt.body}}
				if tt.body != "" {
					want[0].Type = "application/json"
				}
				if d := cmp.Diff(want, p.seen); d != "" {
					t.Error(d)
				}
			}
			_, c := newProvider(t, sends(http.StatusForbidden, "", `{"error_code":"NOT_ALLOWED","error_messages":["no"],"correlation_id":"abc-1"}`))
			var e *management.Error
			if err := tt.call(c); !errors.Is(err, management.ErrNotAllowed) || !errors.As(err, &e) || e.Code != "NOT_ALLOWED" {
				t.Errorf("403: got %v", err)
			}
		})
	}
}
