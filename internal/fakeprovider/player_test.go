package fakeprovider_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// orderJSON is a checkout order of 100.00 SEK, tax 20.00.
const orderJSON = `{"order_id":"ID","purchase_country":"se","purchase_currency":"SEK","locale":"sv-SE","order_amount":10000,"order_tax_amount":2000,
"order_lines":[{"type":"physical","name":"Lamp","quantity":1,"unit_price":10000,"tax_rate":2500,"total_amount":10000,"total_tax_amount":2000}],
"shipping_address":{"given_name":"Maja","country":"se"},"merchant_reference1":"A-1",
"selected_shipping_option":{"id":"home","name":"Home","price":0,"tax_amount":0,"tax_rate":0,"shipping_method":"Home","delivery_details":{"carrier":"Acme","product":{"name":"Day","identifier":"17"}}}}`

const (
	firstID  = "0b1d9815-165e-42e2-8867-35bc03789e00"
	secondID = "0b1d9815-165e-42e2-8867-35bc03789e01"
)

// player calls a provider without a network, as merchant shop.
type player struct {
	*fakeprovider.Provider
	t    *testing.T
	auth string
}

func play(t *testing.T, o fakeprovider.Options) *player {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	p, err := fakeprovider.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return &player{Provider: p, t: t, auth: "Basic c2hvcDpwYXNz"} // shop:pass
}

// add makes a completed order.
func (p *player) add(id string, how fakeprovider.Completion) {
	p.t.Helper()
	if _, err := p.AddOrder([]byte(strings.Replace(orderJSON, "ID", id, 1)), how); err != nil {
		p.t.Fatal(err)
	}
}

// got is an answer.
type got struct {
	Status int
	Code   string // error_code
	Body   string
	Header http.Header
}

// ask calls with a key, "" for none.
func (p *player) ask(method, path, body, key string) got {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if p.auth != "" {
		r.Header.Set("Authorization", p.auth)
	}
	if key != "" {
		r.Header.Set("Klarna-Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	p.Handler().ServeHTTP(w, r)
	g := got{Status: w.Code, Body: w.Body.String(), Header: w.Header()}
	var failure struct {
		Code string `json:"error_code"`
	}
	if w.Code >= 400 && json.Unmarshal(w.Body.Bytes(), &failure) == nil {
		g.Code = failure.Code
	}
	return g
}

// om calls Order Management about the first order.
func (p *player) om(method, rest, body string) got {
	p.t.Helper()
	return p.ask(method, "/ordermanagement/v1/orders/"+firstID+rest, body, "")
}

// members decodes some members of a body.
func members(t *testing.T, body string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return m
}

// transport answers pushes without a network and remembers when they came.
type transport struct {
	now  func() time.Time
	ask  func(*http.Request) int // status
	sent chan hit
}

type hit struct {
	At   time.Time
	URL  string
	Body string
	Type string
}

func (f *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	h := hit{At: f.now(), URL: r.URL.String(), Type: r.Header.Get("Content-Type")}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		h.Body = string(body)
	}
	status := http.StatusAccepted
	if f.ask != nil {
		status = f.ask(r)
	}
	f.sent <- h
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{}, Request: r}, nil
}
