package management_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

func readFile(tb testing.TB, name string) string {
	tb.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

// way is a transport as a function.
type way func(*http.Request) (*http.Response, error)

func (w way) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

func over(tb testing.TB, w way) *management.Client {
	tb.Helper()
	credentials, err := management.RawValue("kco_test_api_x")
	if err != nil {
		tb.Fatal(err)
	}
	c, err := management.New(management.Options{BaseURL: "https://api.example", Credentials: credentials, Transport: w, Now: now, PerSecond: 1 << 30})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// calls are all calls that take an id, or two.
func calls(tb testing.TB, c *management.Client, id, second string) map[string]error {
	tb.Helper()
	ctx, key := tb.Context(), management.Key("m", "o", "a")
	parcel := []management.ShippingInfo{{TrackingNumber: "1"}}
	errOf := func(_ any, err error) error { return err }
	return map[string]error{
		"":                                    errOf(c.Order(ctx, id)),
		"/acknowledge":                        c.Acknowledge(ctx, id, key),
		"/merchant-references":                c.SetReferences(ctx, id, management.References{Reference2: "x"}, key),
		"/authorization":                      c.UpdateAuthorization(ctx, id, management.Authorization{}, key),
		"/customer-details":                   c.UpdateCustomerDetails(ctx, id, order.Address{}, key),
		"/extend-authorization-time":          c.ExtendAuthorizationTime(ctx, id, key),
		"/release-remaining-authorization":    c.ReleaseRemainingAuthorization(ctx, id, key),
		"/cancel":                             c.Cancel(ctx, id, key),
		"/shipping-info":                      c.AddShippingInfo(ctx, id, parcel, key),
		"POST /captures":                      errOf(c.Capture(ctx, id, management.CaptureRequest{}, key)),
		"/captures":                           errOf(c.Captures(ctx, id)),
		"POST /refunds":                       errOf(c.Refund(ctx, id, management.RefundRequest{}, key)),
		"/captures/*":                         errOf(c.CaptureOf(ctx, id, second)),
		"/captures/*/shipping-info":           c.AddCaptureShippingInfo(ctx, id, second, parcel, key),
		"/captures/*/trigger-send-out":        c.TriggerSendOut(ctx, id, second, key),
		"/captures/*/extend-due-date":         c.ExtendDueDate(ctx, id, second, 1, key),
		"/captures/*/extend-due-date-options": errOf(c.ExtendDueDateOptions(ctx, id, second)),
		"/refunds/*":                          errOf(c.RefundOf(ctx, id, second)),
	}
}

// FuzzOrderID: whatever the id, either nothing is sent, or exactly the segments that were meant.
func FuzzOrderID(f *testing.F) {
	for _, seed := range []string{orderID, "", "..", "../../../v1/x", "a#f", "a?x=1", "a%2fb", "//evil.example/", "@evil.example", "a\r\nb",
		"{checkout.order.id}", "a;klarna_order_id=b", strings.Repeat("a", 65), "A-", "-a", "\x00", "é"} {
		f.Add(seed, seed)
	}
	form := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)
	f.Fuzz(func(t *testing.T, id, second string) {
		var sent []string
		c := over(t, func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "api.example" || r.URL.RawQuery != "" || r.URL.Fragment != "" || r.Host != "api.example" {
				t.Errorf("%q, %q: sent to %s", id, second, r.URL)
			}
			sent = append(sent, r.URL.EscapedPath())
			return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
		})
		want := map[string]int{}
		for at, err := range calls(t, c, id, second) {
			good := form.MatchString(id) && (!strings.Contains(at, "*") || form.MatchString(second))
			if good {
				want["/ordermanagement/v1/orders/"+id+strings.Replace(strings.TrimPrefix(at, "POST "), "*", second, 1)]++
			}
			if errors.Is(err, management.ErrID) == good {
				t.Errorf("%s of %q, %q: got %v", at, id, second, err)
			}
		}
		for _, path := range sent {
			if want[path] == 0 {
				t.Errorf("%q, %q: sent %s", id, second, path)
			}
			want[path]--
		}
	})
}

// TestLimits: what the provider would refuse by its own documents is not sent.
func TestLimits(t *testing.T) {
	t.Parallel()
	c := over(t, func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent %s %s", r.Method, r.URL)
		return nil, errors.New("no")
	})
	key, ctx := management.Key("m", "o", "a"), t.Context()
	long, tooMany := strings.Repeat("å", 256), make([]management.Line, 1001)
	capture := func(r management.CaptureRequest) error { _, err := c.Capture(ctx, "a", r, key); return err }
	refund := func(r management.RefundRequest) error { _, err := c.Refund(ctx, "a", r, key); return err }
	for want, err := range map[string]error{
		"there is no reference":                   c.SetReferences(ctx, "a", management.References{}, key),
		"merchant_reference1 has 256 characters":  c.SetReferences(ctx, "a", management.References{Reference1: long}, key),
		"merchant_reference2 has 256 characters":  c.SetReferences(ctx, "a", management.References{Reference2: long}, key),
		"order_amount is -1 minor units":          c.UpdateAuthorization(ctx, "a", management.Authorization{Amount: -1}, key),
		"order_lines has 1001 lines":              c.UpdateAuthorization(ctx, "a", management.Authorization{Lines: tooMany}, key),
		"captured_amount is 200000001 minor":      capture(management.CaptureRequest{Amount: 200_000_001}),
		"description has 256 characters":          capture(management.CaptureRequest{Description: long}),
		"shipping_delay is negative":              capture(management.CaptureRequest{ShippingDelay: -1}),
		"shipping_info has 501 entries":           capture(management.CaptureRequest{ShippingInfo: make([]management.ShippingInfo, 501)}),
		"refunded_amount is -5 minor units":       refund(management.RefundRequest{Amount: -5}),
		"reference has 256 characters":            refund(management.RefundRequest{Reference: long}),
		"shipping_info is empty":                  c.AddShippingInfo(ctx, "a", nil, key),
		"shipping_info[1].tracking_number has 10": c.AddCaptureShippingInfo(ctx, "a", "b", []management.ShippingInfo{{}, {TrackingNumber: strings.Repeat("1", 101)}}, key),
	} {
		if !errors.Is(err, management.ErrRequest) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestMadeIDs: the id of a capture and of a refund, wherever the provider says it.
func TestMadeIDs(t *testing.T) {
	t.Parallel()
	key := management.Key("m", "o", "a")
	for _, tt := range []struct{ name, header, want string }{
		{"header", "-Id: " + captureID, captureID},
		{"location", "Location: https://api.example/ordermanagement/v1/orders/a/captures/" + captureID, captureID},
		{"location without host", "Location: /ordermanagement/v1/orders/a/captures/" + captureID, captureID},
		{"nothing", "", ""},
		{"a header that is no id", "-Id: ../x", ""},
		{"a location that is none", "Location: /", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := func(kind string) string {
				if strings.HasPrefix(tt.header, "-Id") {
					return kind + tt.header
				}
				return tt.header
			}
			_, c := newProvider(t, sends(http.StatusCreated, header("Capture"), ""))
			if got, err := c.Capture(t.Context(), orderID, management.CaptureRequest{Amount: 1}, key); err != nil || got != tt.want {
				t.Errorf("capture: got %q, %v", got, err)
			}
			_, c = newProvider(t, sends(http.StatusCreated, header("Refund"), ""))
			if got, err := c.Refund(t.Context(), orderID, management.RefundRequest{Amount: 1}, key); err != nil || got != tt.want {
				t.Errorf("refund: got %q, %v", got, err)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	if _, err := management.New(management.Options{}); err == nil {
		t.Error("no options: got no error")
	}
	c := over(t, nil)
	if management.Over(c.Way()).Way() != c.Way() {
		t.Error("another way")
	}
	if _, err := management.UserPassword("a", "b"); err != nil {
		t.Error(err)
	}
}
