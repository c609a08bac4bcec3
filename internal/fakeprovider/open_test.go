package fakeprovider_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

const openOrder = `{"order_id":"0b0f3b62-7a1c-4a52-9c55-6f3a0c6f7d11","purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE",` +
	`"order_amount":100,"order_tax_amount":0,"order_lines":[{"name":"N","quantity":1,"unit_price":100,"total_amount":100}]}`

const openID = "0b0f3b62-7a1c-4a52-9c55-6f3a0c6f7d11"

// TestOpenPutUpdate: an order is opened under its own id; the provider's own changes pass a lock, the shop's do not.
func TestOpenPutUpdate(t *testing.T) {
	t.Parallel()
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	for name, body := range map[string]string{"no JSON": "{", "no id": strings.Replace(openOrder, openID, "7", 1), "wrong sum": strings.Replace(openOrder, `"order_amount":100`, `"order_amount":99`, 1)} {
		if err := p.Open([]byte(body), ""); err == nil {
			t.Errorf("opened with %s", name)
		}
	}
	if err := p.Open([]byte(openOrder), "demo"); err != nil {
		t.Fatal(err)
	}
	if err := p.Open([]byte(openOrder), "demo"); err == nil {
		t.Error("opened twice")
	}
	unlock, err := p.Lock(openID)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Update(openID, []byte(`{"merchant_reference1":"R"}`)); err == nil || !strings.Contains(err.Error(), "READ_ONLY_ORDER") || !p.Locked(openID) {
		t.Errorf("updated while locked: %v", err)
	}
	if err := p.Put(openID, []byte(`{"customer":{},"locale":"nb-NO"}`)); err != nil {
		t.Error(err)
	}
	unlock()
	if err := p.Update(openID, []byte(`{"merchant_reference1":"R"}`)); err != nil || p.Locked(openID) {
		t.Error(err)
	}
	if err := p.Put(openID, []byte(`{"customer":null}`)); err != nil {
		t.Error(err)
	}
	body, _ := p.CheckoutJSON(openID)
	if s := string(body); strings.Contains(s, "customer") || !strings.Contains(s, `"locale":"nb-NO"`) || !strings.Contains(s, `"merchant_reference1":"R"`) {
		t.Error(s)
	}
	if err := p.Complete(openID, fakeprovider.Completion{NoPush: true}); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"put after completion": p.Put(openID, []byte(`{}`)), "update after completion": p.Update(openID, []byte(`{}`)),
		"put of nobody's": p.Put("x", []byte(`{}`)), "update of nobody's": p.Update("x", []byte(`{}`)), "put of no JSON": p.Put(openID, nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestAdvance: a clock that is moved on sends what is due then, and tells who waits for the history.
func TestAdvance(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p, err := fakeprovider.New(fakeprovider.Options{Now: func() time.Time { return at }, Transport: accepting{}, PushURLs: []string{"https://shop.example/push"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	if _, err := p.AddOrder([]byte(openOrder), fakeprovider.Completion{}); err != nil {
		t.Fatal(err)
	}
	changed := p.History().Changed()
	if err := p.Advance(2 * time.Minute); err != nil {
		t.Fatal(err)
	}
	<-changed
	if s, _ := p.Standing(openID); s.Pushes != 1 || !s.Next.Equal(at.Add(5*time.Minute)) || !p.Now().Equal(at.Add(2*time.Minute)) {
		t.Errorf("%+v", s)
	}
	if p.Advance(-1) == nil {
		t.Error("a clock that runs backwards")
	}
	if err := fakeprovider.CheckFault(fakeprovider.Push, fakeprovider.Fault{Mode: fakeprovider.Dropped}); err != nil {
		t.Error(err)
	}
	for kind, f := range map[fakeprovider.Kind]fakeprovider.Fault{"pull": {Mode: fakeprovider.Slow}, fakeprovider.Push: {Mode: fakeprovider.HTML}, fakeprovider.Read: {Mode: fakeprovider.Failing, Status: 200}} {
		if fakeprovider.CheckFault(kind, f) == nil {
			t.Errorf("%s takes %+v", kind, f)
		}
	}
}

// accepting answers 202 to everything.
type accepting struct{}

// RoundTrip implements http.RoundTripper.
func (accepting) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusAccepted, Body: http.NoBody, Request: r}, nil
}
