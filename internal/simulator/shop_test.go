package simulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
)

// shop is a service under test: a RoundTripper that answers callbacks by hand.
type shop struct {
	mu     sync.Mutex
	calls  []string // last word of the path
	bodies []string
	answer func(ctx context.Context, callback, body string) (status int, header, answer string, err error)
}

// RoundTrip implements http.RoundTripper.
func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	callback := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	s.mu.Lock()
	s.calls, s.bodies = append(s.calls, callback), append(s.bodies, string(body))
	s.mu.Unlock()
	status, location, answer, err := s.answer(r.Context(), callback, string(body))
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Location": {location}}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

func (s *shop) called() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.calls, " ")
}

// member reads a member of the body of call n.
func (s *shop) member(t *testing.T, n int, name string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(s.bodies[n]), &m); err != nil {
		t.Fatal(err)
	}
	return string(m[name])
}

const (
	lampLine = `{"type":"physical","reference":"L","name":"Lamp","quantity":1,"unit_price":10000,"tax_rate":2500,"total_amount":10000,"total_tax_amount":2000}`
	lampCart = `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":10000,"order_tax_amount":2000,"order_lines":[` + lampLine + `],"merchant_data":"m"}`
	home     = `{"id":"home","name":"Home","price":5000,"tax_amount":1000,"tax_rate":2500}`
	pickup   = `{"id":"pickup","name":"Pickup","price":0,"tax_amount":0,"tax_rate":2500,"preselected":true}`
)

// priced answers with the lamp, both options, and the line of the one that is selected.
func priced(body string) string {
	var in struct {
		Selected struct {
			ID string `json:"id"`
		} `json:"selected_shipping_option"`
	}
	if json.Unmarshal([]byte(body), &in) != nil {
		return ""
	}
	line, total, tax := `,{"type":"shipping_fee","reference":"pickup","name":"Pickup","quantity":1,"unit_price":0,"tax_rate":2500,"total_amount":0,"total_tax_amount":0}`, "10000", "2000"
	if in.Selected.ID == "home" {
		line, total, tax = `,{"type":"shipping_fee","reference":"home","name":"Home","quantity":1,"unit_price":5000,"tax_rate":2500,"total_amount":5000,"total_tax_amount":1000}`, "15000", "3000"
	}
	return `{"order_amount":` + total + `,"order_tax_amount":` + tax + `,"purchase_currency":"SEK","order_lines":[` + lampLine + line + `],"shipping_options":[` + pickup + "," + home + `]}`
}

// good is a shop that always prices and approves.
func good() *shop {
	return &shop{answer: func(_ context.Context, callback, body string) (int, string, string, error) {
		if callback == "validation" {
			return 200, "", "{}", nil
		}
		return 200, "", priced(body), nil
	}}
}

// urls are those of all four callbacks.
func urls() map[string]string {
	all := map[string]string{}
	for _, name := range []string{"address_update", "country_change", "shipping_option_update", "validation"} {
		all[name] = "https://kvitto.example/v1/demo/token/" + name + "?klarna_order_id={checkout.order.id}"
	}
	return all
}

// world is a simulator whose callbacks go to s.
func world(t *testing.T, s *shop) *simulator.Simulator {
	t.Helper()
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	sim, err := simulator.New(simulator.Options{Now: time.Now, Provider: p, Transport: s, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

// checkout starts a lamp's checkout.
func checkout(t *testing.T, s *shop) (*simulator.Simulator, *simulator.Session) {
	t.Helper()
	sim := world(t, s)
	x, err := sim.Start([]byte(lampCart), urls())
	if err != nil {
		t.Fatal(err)
	}
	return sim, x
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want one that is %v", err, want)
	}
}

func stockholm() map[string]string {
	return map[string]string{"given_name": "Ada", "postal_code": "118 26", "country": "SE"}
}

// quiet is a good shop that remembers nothing.
type quiet struct{}

// RoundTrip implements http.RoundTripper.
func (quiet) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(priced(string(body)))), Request: r}, err
}
