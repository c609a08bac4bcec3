package callbacks_test

import (
	"crypto/sha256"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/callbacks/quote"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/digest"
	"github.com/kvitto/kvitto/pricing/gate"
)

const (
	shopToken = "s4pT0kXw9LmB2vQe"
	shopBase  = "/v1/demo/" + shopToken
)

func quoteKey(t testing.TB, secret string) digest.Key {
	t.Helper()
	k, err := digest.FromSecret("demo", secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// quoting gives a merchant a shop token, addresses and a key, and what else a test changes about it.
func quoting(t testing.TB, change ...func(*callbacks.Merchant)) func(*callbacks.Merchant) {
	t.Helper()
	return func(m *callbacks.Merchant) {
		m.ShopTokens = []callbacks.Token{{Hash: sha256.Sum256([]byte(shopToken))}}
		m.Quoting = callbacks.Quoting{
			URLs: []quote.URL{
				{Name: "validation", Address: "https://kvitto.shop.example/v1/demo/T/validation?klarna_order_id={checkout.order.id}"},
				{Name: "address_update", Address: "https://kvitto.shop.example/v1/demo/T/address-update?klarna_order_id={checkout.order.id}"},
			},
			Keys: digest.Keys{quoteKey(t, "before"), quoteKey(t, "now")},
		}
		for _, f := range change {
			f(m)
		}
	}
}

// draftJSON is a draft with nothing priced; extra is more members.
func draftJSON(extra string) string {
	return `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_lines":[` +
		`{"type":"physical","reference":"A1","name":"Mug","quantity":2,"unit_price":12500}]` + extra + `}`
}

// TestQuotes tells each story of testdata/quotes: what the shop asks, the answer byte for byte, the log line.
func TestQuotes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/quotes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			tellQuote(t, file)
		})
	}
}

func tellQuote(t *testing.T, file string) {
	story := readStory(t, file)
	s := newServer(t, withEngine(storyEngine(t, story), quoting(t, terms(t, part(story, "terms")))))
	path, w := play(t, s, file, story)
	if w.Code == http.StatusOK && strings.Contains(path, "/quote") {
		sound(t, w.Body.Bytes())
	}
}

// terms are what a story changes about the merchant.
func terms(t *testing.T, text string) func(*callbacks.Merchant) {
	t.Helper()
	return func(m *callbacks.Merchant) {
		for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
			switch line {
			case "":
			case "no addresses":
				m.Quoting.URLs, m.Quoting.URLsLeft = nil, "public_url is not configured"
			case "no digest":
				m.Quoting.Keys = nil
			case "digest required":
				m.Quoting.Require = true
			default:
				t.Fatalf("terms: %q is unknown", line)
			}
		}
	}
}

// sound fails the test unless the provider would take the order.
func sound(t testing.TB, body []byte) *order.Order {
	t.Helper()
	o, err := order.DecodeOrder(body, order.DefaultLimits())
	if err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if v := gate.Order(o); len(v) > 0 {
		t.Fatalf("%v: %s", v, body)
	}
	return o
}

// TestQuoteDoors: the two token lists open nothing of each other, and whatever does not open looks the same.
func TestQuoteDoors(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	s := newShop(t, func(o *callbacks.Options) {
		demo, other := newMerchant("demo", e), newMerchant("other", e)
		quoting(t)(demo)
		o.Merchants = []*callbacks.Merchant{demo, other}
	})
	for _, path := range []string{"/quote", "/freight-from"} {
		if got := s.post(shopBase+path, `{}`); got.status == 404 {
			t.Errorf("%s with the shop's token: got %v", path, got)
		}
	}
	want := s.post("/unknown", "{}")
	closed := []string{
		base + "/quote", base + "/freight-from", "/v1/demo/wrong/quote", "/v1/nobody/" + shopToken + "/quote",
		"/v1/other/" + shopToken + "/quote", "/v1/other/" + token + "/quote", shopBase + "/quote/", shopBase + "/QUOTE",
		shopBase + "/address-update", shopBase + "/country-change", shopBase + "/shipping-option-update", shopBase + "/validation",
		shopBase + "/push" + query, shopBase + "/notification", shopBase + "/webhook", base + "/ensure" + query,
	}
	for _, path := range closed {
		got := s.post(path, draftJSON(""))
		if diff := cmp.Diff([]any{want.status, want.header, want.body}, []any{got.status, got.header, got.body}); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", path, diff)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.addr+shopBase+"/freight-from?country=SE", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.do(req); got.status != 404 {
		t.Errorf("GET: got %v, want 404", got)
	}
}

// TestQuoteRefusals: the usual status codes, and what is right, in words.
func TestQuoteRefusals(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(newEngine(t, &tables{}), quoting(t)))
	tests := []struct {
		name, path, body string
		header           []string
		status           int
		says             string
	}{
		{"not JSON", "/quote", `{`, nil, 400, "not an order as the Checkout API takes it\",\"problem\":\"found a body that ends too early"},
		{"a list", "/quote", `[]`, nil, 400, "right is an object"},
		{"a form", "/quote", `a=b`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "must be application/json"},
		{"compressed", "/quote", `{}`, []string{"Content-Encoding", "gzip"}, 415, "must not be compressed"},
		{"too large", "/quote", draftJSON(`,"x":"` + strings.Repeat("x", 1<<20) + `"`), nil, 413, "too large"},
		{"no country", "/quote", `{"purchase_currency":"SEK","locale":"sv","order_lines":[]}`, nil, 400, `"pointer":"/purchase_country","problem":"found nothing; right is a string"`},
		{"a name of the sender is not repeated", "/quote", draftJSON(`,"Canary":{"Zq7":1,"Zq7":2}`), nil, 400, `"pointer":"/*/*"`},
		{"merchant_data is a text", "/quote", draftJSON(`,"merchant_data":"order 7"`), nil, 400, "must be empty or a JSON object"},
		{"merchant_data is full", "/quote", draftJSON(`,"merchant_data":"{\"a\":\"` + strings.Repeat("a", 5980) + `\"}"`), nil, 400, "longer than 6000 characters"},
		{"discounts above the goods", "/quote", strings.Replace(draftJSON(""), "}]", `},{"type":"discount","name":"d","quantity":1,"unit_price":-999999}]`, 1), nil, 400, "below zero"},
		{"an unknown member", "/freight-from", `{"country":"SE","currency":"SEK","wait":1}`, nil, 400, "weight in grams"},
		{"no country of a piece", "/freight-from", `{"currency":"SEK"}`, nil, 400, "country must be two letters"},
		{"no currency of a piece", "/freight-from", `{"country":"SE","currency":"kr"}`, nil, 400, "currency must be a code"},
		{"a weight below zero", "/freight-from", `{"country":"SE","currency":"SEK","weight":-1}`, nil, 400, "weight is grams"},
		{"a weight as text", "/freight-from", `{"country":"SE","currency":"SEK","weight":"1 kg"}`, nil, 400, "look at /weight"},
		{"a piece too large", "/freight-from", `{"country":"` + strings.Repeat("S", 17<<10) + `"}`, nil, 413, "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.call(shopBase+tt.path, tt.body) // a large body would be reset while it is sent
			if len(tt.header) > 0 {
				got = s.post(shopBase+tt.path, tt.body, tt.header...)
			}
			if got.status != tt.status || !strings.Contains(got.body, tt.says) || strings.Contains(got.body, "Canary") {
				t.Errorf("got %v, want %d with %s", got, tt.status, tt.says)
			}
			if got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("got %s, want a problem", got.header.Get("Content-Type"))
			}
		})
	}
	s.served()
}
