package management_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

const provided = `{"order_id":"` + orderID + `","purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":10000,"order_tax_amount":2000,
"order_lines":[{"type":"digital","reference":"A","name":"E-book","quantity":1,"unit_price":10000,"tax_rate":2500,"total_amount":10000,"total_tax_amount":2000}]}`

// atProvider is a client over the service's own transport, and the fake that it asks.
func atProvider(t *testing.T) (*fakeprovider.Provider, *management.Client) {
	t.Helper()
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now, Credentials: []fakeprovider.Credential{{User: "M1-abc", Password: "kco_test_api_x"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	if _, err := p.AddOrder([]byte(provided), fakeprovider.Completion{NoPush: true}); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(p.Handler())
	t.Cleanup(s.Close)
	credentials, err := management.UserPassword("M1-abc", "kco_test_api_x")
	if err != nil {
		t.Fatal(err)
	}
	way := egress.Transport(egress.Guard{Loopback: true})
	t.Cleanup(way.CloseIdleConnections)
	c, err := management.New(management.Options{BaseURL: s.URL, Credentials: credentials, Transport: way, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

// TestAtProvider: an order's life, and what the provider allows of it.
func TestAtProvider(t *testing.T) {
	t.Parallel()
	_, c := atProvider(t)
	ctx := t.Context()
	key := func(action string) string { return management.Key("demo", orderID, action) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.Acknowledge(ctx, orderID, key("acknowledge")))
	must(c.Acknowledge(ctx, orderID, key("acknowledge"))) // after a crash: the same key
	must(c.SetReferences(ctx, orderID, management.References{Reference1: "10001"}, key("references")))
	o, err := c.Order(ctx, orderID)
	must(err)
	request := management.CaptureRequest{Amount: 6000, Lines: o.Lines}
	first, err := c.Capture(ctx, orderID, request, key("capture"))
	must(err)
	again, err := c.Capture(ctx, orderID, request, key("capture"))
	must(err)
	if first != again || first == "" {
		t.Errorf("the same capture is %q and %q", first, again)
	}
	if _, err := c.Capture(ctx, orderID, request, key("another")); !errors.Is(err, management.ErrNotAllowed) {
		t.Errorf("a capture beyond the authorization: got %v", err)
	}
	if err := c.Cancel(ctx, orderID, key("cancel")); !errors.Is(err, management.ErrNotAllowed) {
		t.Errorf("cancelled with a capture: got %v", err)
	}
	refund, err := c.Refund(ctx, orderID, management.RefundRequest{Amount: 500}, key("refund"))
	must(err)
	if r, err := c.RefundOf(ctx, orderID, refund); err != nil || r.RefundedAmount != 500 {
		t.Errorf("got %+v, %v", r, err)
	}
	must(c.ReleaseRemainingAuthorization(ctx, orderID, key("release")))
	o, err = c.Order(ctx, orderID)
	must(err)
	got := []any{o.MerchantReference1, o.OrderAmount, o.CapturedAmount, o.RefundedAmount, o.RemainingAuthorizedAmount, len(o.Captures), o.Captures[0].CaptureID}
	want := []any{"10001", order.Amount(10000), order.Amount(6000), order.Amount(500), order.Amount(0), 1, first}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestFaultsAtProvider: rows 47 to 52 and 54 at the fake, over the service's own transport.
func TestFaultsAtProvider(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault fakeprovider.Fault
		want  error
	}{
		{fakeprovider.Fault{Mode: fakeprovider.Failing}, management.ErrUnavailable},
		{fakeprovider.Fault{Mode: fakeprovider.BlackHole}, context.DeadlineExceeded},
		{fakeprovider.Fault{Mode: fakeprovider.Unauthorized}, management.ErrUnauthorized},
		{fakeprovider.Fault{Mode: fakeprovider.Missing}, management.ErrNotFound},
		{fakeprovider.Fault{Mode: fakeprovider.TooMany, DelayMS: 5000}, management.ErrRateLimited},
		{fakeprovider.Fault{Mode: fakeprovider.Forbidden}, management.ErrNotAllowed},
		{fakeprovider.Fault{Mode: fakeprovider.Redirect, Location: "http://127.0.0.1:1/"}, management.ErrAnswer},
		{fakeprovider.Fault{Mode: fakeprovider.LostReply}, management.ErrUnavailable},
		{fakeprovider.Fault{Mode: fakeprovider.FailingAfter}, management.ErrUnavailable},
		{fakeprovider.Fault{Mode: fakeprovider.HTML}, management.ErrAnswer},
		{fakeprovider.Fault{Mode: fakeprovider.HalfJSON}, management.ErrAnswer},
		{fakeprovider.Fault{Mode: fakeprovider.OtherOrder}, management.ErrAnswer},
		{fakeprovider.Fault{Mode: fakeprovider.Huge, Size: 20 << 20}, management.ErrAnswer},
		{fakeprovider.Fault{Mode: fakeprovider.CompressedHuge, Size: 20 << 20}, management.ErrAnswer},
	} {
		t.Run(string(tt.fault.Mode), func(t *testing.T) {
			t.Parallel()
			p, c := atProvider(t)
			if err := p.SetFault(fakeprovider.Read, tt.fault); err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			if tt.fault.Mode == fakeprovider.BlackHole {
				var cancel func()
				ctx, cancel = context.WithTimeout(ctx, 50*time.Millisecond)
				defer cancel()
			}
			var e *management.Error
			_, err := c.Order(ctx, orderID)
			if !errors.Is(err, tt.want) || !errors.As(err, &e) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if tt.fault.Mode == fakeprovider.TooMany && e.RetryAfter != 5*time.Second {
				t.Errorf("RetryAfter: got %v", e.RetryAfter)
			}
			p.ClearFaults()
			if o, err := c.Order(t.Context(), orderID); err != nil || o.OrderID != orderID {
				t.Errorf("afterwards: got %v", err)
			}
		})
	}
}

// TestInside: row 56. A name that leads inside is not dialled, unless the guard says so.
func TestInside(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	credentials, err := management.RawValue("kco_test_api_x")
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{s.URL, strings.Replace(s.URL, "127.0.0.1", "localhost", 1)} {
		way := egress.Transport(egress.Guard{})
		t.Cleanup(way.CloseIdleConnections)
		c, err := management.New(management.Options{BaseURL: base, Credentials: credentials, Transport: way, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		err = c.Acknowledge(t.Context(), orderID, management.Key("demo", orderID, "acknowledge"))
		if !errors.Is(err, management.ErrUnavailable) || !errors.Is(err, egress.ErrForbidden) || !strings.Contains(err.Error(), "egress.allow") {
			t.Errorf("%s: got %v", base, err)
		}
	}
	if asked != 0 {
		t.Errorf("%d requests arrived", asked)
	}
}
