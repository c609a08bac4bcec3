package callbacks_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	goleak.VerifyTestMain(m)
}

const (
	token   = "nZ8Jr0uTqk3yV5wC"
	orderID = "0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0"
	base    = "/v1/demo/" + token
	query   = "?klarna_order_id=" + orderID
	fault   = `{"error_type":"approval_failed","error_text":"Something went wrong. Please try again."}`
)

// tables is a shop of two options and one tax rate, with a hook for each question.
type tables struct {
	tax    func(context.Context, *rules.Query) error
	offers func(context.Context, *rules.Query) (rules.Offers, error)
}

var (
	_ rules.TaxEngine      = (*tables)(nil)
	_ rules.ShippingEngine = (*tables)(nil)
)

// Goods taxes everything at 25 %.
func (t *tables) Goods(ctx context.Context, q *rules.Query) (rules.GoodsTax, error) {
	g := rules.GoodsTax{Rates: make([]pricing.LineRate, len(q.Lines))}
	for i := range q.Lines {
		g.Rates[i] = pricing.LineRate{Rate: 2500, Apply: q.Lines[i].Rated()}
	}
	if q.Destination.Country == "XX" {
		g.Reject = &rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: rules.TextUnsupported}
		g.Reasons = []rules.Reason{{Rule: "destination", File: "tax.yaml", Line: 3}}
	}
	if t.tax != nil {
		return g, t.tax(ctx, q)
	}
	return g, nil
}

// Freight taxes freight at 25 %.
func (t *tables) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return pricing.FreightTax{Rate: 2500}, nil
}

// Offer offers a parcel to the shop and one to the door; nothing goes to Svalbard.
func (t *tables) Offer(ctx context.Context, q *rules.Query) (rules.Offers, error) {
	if t.offers != nil {
		return t.offers(ctx, q)
	}
	if strings.HasPrefix(q.Destination.Postcode, "917") {
		return rules.Offers{NoOption: &rules.Reject{Kind: rules.UnsupportedShippingAddress, Text: "Vi skickar inte dit."},
			Reasons: []rules.Reason{{Rule: "no_option", File: "shipping.yaml", Line: 12}}}, nil
	}
	return rules.Offers{Options: []rules.Offer{
		{ID: "shop", Name: "Parcel shop", Price: 4900, Method: "PickUpPoint"},
		{ID: "door", Name: "Home", Price: 9900, Method: "Home"},
	}}, nil
}

// shop is a server under test on loopback, with its log and metrics.
type shop struct {
	t        testing.TB
	server   *callbacks.Server
	addr     string
	log      *logBuffer
	registry *prometheus.Registry
	now      func() time.Time
}

// logBuffer takes log lines from many goroutines.
type logBuffer struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	discard bool
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.discard {
		return len(p), nil
	}
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logBuffer) lines() []string {
	return strings.Split(strings.TrimSuffix(l.String(), "\n"), "\n")
}

// noon is the instant all stories are told at.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func newEngine(t testing.TB, impl any, change ...func(*rules.Options)) *rules.Engine {
	t.Helper()
	o := rules.Options{
		Revision:      "0123456789ab",
		Members:       []rules.Member{{Name: "tables", Impl: impl, Inline: true}},
		CountryChange: map[string]string{"XX": "https://shop.example/xx"},
	}
	for _, f := range change {
		f(&o)
	}
	e, err := rules.NewEngine(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newMerchant(id string, e *rules.Engine) *callbacks.Merchant {
	return &callbacks.Merchant{
		ID:                 id,
		Tokens:             []callbacks.Token{{Hash: sha256.Sum256([]byte(token))}},
		Rules:              callbacks.NewRules(e),
		UpdateDeadline:     2 * time.Second,
		ValidationDeadline: 2500 * time.Millisecond,
	}
}

// newServer makes a server that listens nowhere.
func newServer(t testing.TB, change ...func(*callbacks.Options)) *shop {
	t.Helper()
	s := &shop{t: t, log: &logBuffer{}, registry: prometheus.NewRegistry(), now: noon}
	o := callbacks.Options{
		Now:           func() time.Time { return s.now() },
		Log:           zerolog.New(s.log),
		Registerer:    s.registry,
		BodyLimit:     1 << 20,
		InFlightLimit: 16 << 20,
		Texts: map[string]map[string]string{
			"fault":       {"en": "Something went wrong. Please try again.", "sv": "Något gick fel. Försök igen."},
			"unsupported": {"en": "We do not ship there."},
			"changed":     {"en": "The price has changed."},
		},
	}
	for _, f := range change {
		f(&o)
	}
	if o.Merchants == nil {
		o.Merchants = []*callbacks.Merchant{newMerchant("demo", newEngine(t, &tables{}))}
	}
	server, err := callbacks.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.server = server
	return s
}

// newShop makes a server that listens on loopback until the test ends.
func newShop(t testing.TB, change ...func(*callbacks.Options)) *shop {
	t.Helper()
	s := newServer(t, change...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	srv := s.server.HTTP()
	done := make(chan error, 1)
	go func() { done <- srv.Serve(callbacks.Limit(l, callbacks.MaxConnections)) }()
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s
}

// withEngine gives the one merchant an engine, and what else a test changes about it.
func withEngine(e *rules.Engine, change ...func(*callbacks.Merchant)) func(*callbacks.Options) {
	return func(o *callbacks.Options) {
		m := newMerchant("demo", e)
		for _, f := range change {
			f(m)
		}
		o.Merchants = []*callbacks.Merchant{m}
	}
}

// reply is what came back, the date left out.
type reply struct {
	status int
	header http.Header
	body   string
}

func (r *reply) String() string { return fmt.Sprintf("%d %s", r.status, r.body) }

// post sends a body over a connection of its own.
func (s *shop) post(path, body string, header ...string) *reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.addr+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return s.do(req)
}

func (s *shop) do(req *http.Request) *reply {
	s.t.Helper()
	tr := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	defer tr.CloseIdleConnections()
	resp, err := tr.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer shut(s.t, resp.Body)
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Header.Del("Date")
	return &reply{status: resp.StatusCode, header: resp.Header, body: string(body)}
}

// lineJSON is an order line of one piece at 125.00 with 25 % of tax.
const lineJSON = `{"type":"physical","reference":"A1","name":"Mug","quantity":1,"unit_price":12500,"tax_rate":2500,` +
	`"total_amount":12500,"total_tax_amount":2500}`

// cartJSON is a good update request; extra is more members.
func cartJSON(extra string) string {
	return `{"order_amount":12500,"order_tax_amount":2500,"purchase_currency":"SEK","locale":"en-SE",` +
		`"shipping_address":{"country":"se","postal_code":"11122"},"order_lines":[` + lineJSON + `]` + extra + `}`
}

// orderJSON is a good validation request: the cart as it is after an update.
func orderJSON(extra string) string {
	return `{"order_id":"` + orderID + `","purchase_country":"se","order_amount":17400,"order_tax_amount":3480,` +
		`"purchase_currency":"SEK","locale":"en-SE","shipping_address":{"country":"se","postal_code":"11122"},` +
		`"order_lines":[` + lineJSON + `,{"type":"shipping_fee","reference":"shop","name":"Parcel shop","quantity":1,` +
		`"unit_price":4900,"tax_rate":2500,"total_amount":4900,"total_tax_amount":980}],` +
		`"selected_shipping_option":{"id":"shop","name":"Parcel shop","price":4900,"tax_amount":980,"tax_rate":2500}` +
		extra + `}`
}

// served fails the test unless the server still prices a good order.
func (s *shop) served() {
	s.t.Helper()
	if r := s.post(base+"/address-update"+query, cartJSON("")); r.status != http.StatusOK {
		s.t.Errorf("good order afterwards: got %v, want 200", r)
	}
	// The client may have the whole answer a moment before the handler gives its share back.
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		if n, held := s.server.InFlight(); n == 0 && held == 0 {
			return
		}
	}
	if n, held := s.server.InFlight(); n != 0 || held != 0 {
		s.t.Errorf("in flight afterwards: got %d requests, %d bytes, want none", n, held)
	}
}
