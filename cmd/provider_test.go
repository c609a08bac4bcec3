package cmd_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// soldOrder is the order that the fake provider of scripts and documents holds.
const soldOrder = `{
  "order_id": "e967c32c-6ac9-44a7-86a5-710723aee2cc", "status": "checkout_complete", "purchase_country": "SE", "purchase_currency": "SEK",
  "locale": "sv-SE", "order_amount": 64600, "order_tax_amount": 12920, "merchant_reference1": "10001",
  "order_lines": [
    {"type": "physical", "reference": "LAMP-7", "name": "Lamp", "quantity": 2, "quantity_unit": "pcs", "unit_price": 24900, "tax_rate": 2500, "total_amount": 49800, "total_tax_amount": 9960},
    {"type": "physical", "reference": "MUG-1", "name": "Mug", "quantity": 1, "unit_price": 9900, "tax_rate": 2500, "total_amount": 9900, "total_tax_amount": 1980},
    {"type": "shipping_fee", "reference": "home", "name": "Home delivery", "quantity": 1, "unit_price": 4900, "tax_rate": 2500, "total_amount": 4900, "total_tax_amount": 980}],
  "customer": {"type": "person", "date_of_birth": "1981-09-06", "national_identification_number": "810906-9876"},
  "billing_address": {"given_name": "Kim", "family_name": "Lind", "street_address": "Gatan 4", "postal_code": "123 45", "city": "Ort", "country": "SE", "email": "kim@shop.example", "phone": "+46700000000"},
  "shipping_address": {"given_name": "Kim", "family_name": "Lind", "street_address": "Gatan 4", "postal_code": "123 45", "city": "Ort", "country": "SE", "email": "kim@shop.example", "phone": "+46700000000"}
}`

// soldAt is the fake provider's time, which stands still.
func soldAt() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

// startProvider starts a fake provider with one order, for user M123_abc with password s3cr3t, and returns its address. The ids
// that it makes up are the same in every run: 00000000-0000-4000-8000-000000000001 and so on. Below /html every answer is a
// page, below /busy 429, below /broken 503.
func startProvider(fail func(...any), cleanup func(func())) string {
	p, err := fakeprovider.New(fakeprovider.Options{Now: soldAt,
		Credentials: []fakeprovider.Credential{{User: "M123_abc", Password: "s3cr3t"}, {Raw: "kco_test_api_abc"}}})
	if err != nil {
		fail(err)
	}
	if _, err := p.AddOrder([]byte(soldOrder), fakeprovider.Completion{NoPush: true}); err != nil {
		fail(err)
	}
	n := &namer{provider: p.Handler(), shown: map[string]string{}, meant: map[string]string{}}
	s := httptest.NewServer(n)
	cleanup(func() { s.Close(); p.Close() })
	return s.URL
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// namer stands before a fake provider and gives the ids that it makes up names that are the same in every run.
type namer struct {
	provider http.Handler
	mu       sync.Mutex
	shown    map[string]string // by the provider's id
	meant    map[string]string // by the name
}

func (n *namer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/html"):
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<html>a page</html>")
		return
	case strings.HasPrefix(r.URL.Path, "/broken"):
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case strings.HasPrefix(r.URL.Path, "/busy"):
		w.Header().Set("Retry-After", "17")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	inner := r.Clone(r.Context())
	inner.URL = &url.URL{Path: anyID.ReplaceAllStringFunc(r.URL.Path, func(id string) string {
		if meant := n.meant[id]; meant != "" {
			return meant
		}
		n.shown[id], n.meant[id] = id, id // whoever asks knows it
		return id
	})}
	rec := httptest.NewRecorder()
	n.provider.ServeHTTP(rec, inner)
	for name, values := range rec.Header() {
		for _, v := range values {
			w.Header().Add(name, anyID.ReplaceAllStringFunc(v, n.name))
		}
	}
	body := anyID.ReplaceAllStringFunc(rec.Body.String(), n.name)
	w.Header().Del("Content-Length")
	w.WriteHeader(rec.Code)
	_, _ = fmt.Fprint(w, body)
}

func (n *namer) name(id string) string {
	if n.shown[id] == "" {
		n.shown[id] = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(n.shown)+1)
		n.meant[n.shown[id]] = id
	}
	return n.shown[id]
}

// TestStartProvider: the fake of the scripts is one that refuses strangers.
func TestStartProvider(t *testing.T) {
	t.Parallel()
	res, err := http.Get(startProvider(t.Fatal, t.Cleanup) + "/ordermanagement/v1/orders/e967c32c-6ac9-44a7-86a5-710723aee2cc")
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d, %v", res.StatusCode, err)
	}
}
