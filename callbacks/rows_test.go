package callbacks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// TestHTTP2 speaks HTTP/2 in the ways that need no TLS: none is understood, so its floods cannot begin.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	const (
		preface  = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
		settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
		stream   = "\x00\x00\x01\x01\x05\x00\x00\x00\x01\x82" // HEADERS of a request, ended
		reset    = "\x00\x00\x04\x03\x00\x00\x00\x00\x01\x00\x00\x00\x08"
	)
	tests := []struct {
		name   string
		send   string
		status int
	}{
		{"row 13: prior knowledge", preface + settings, 404},
		{"row 13: rapid reset", preface + settings + strings.Repeat(stream+reset, 10_000), 404},
		{"row 13: continuation flood", preface + settings + strings.Repeat("\x00\x00\x00\x09\x00\x00\x00\x00\x01", 10_000), 404},
		{"row 13: 10,000 streams", preface + settings + strings.Repeat(stream, 10_000), 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, closed := s.raw(2, tt.send)
			if len(status) == 0 || status[0] != tt.status || len(status) > 1 && status[1] != 400 || !closed {
				t.Errorf("got %v, closed %v; want %d, at most a 400 after it, and the end", status, closed, tt.status)
			}
			s.served()
		})
	}
	t.Run("row 13: upgrade", func(t *testing.T) {
		send := request(base+"/address-update"+query, cartJSON(""), "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
		if status, _ := s.raw(1, send); len(status) != 1 || status[0] != 200 {
			t.Errorf("got %v, want the answer in HTTP/1.1", status)
		}
	})
}

// idle is a listener to which clients connect as fast as they are accepted, and then say nothing.
type idle struct{ *net.TCPListener }

// Accept implements net.Listener.
func (idle) Accept() (net.Conn, error) {
	server, _ := net.Pipe()
	return server, nil
}

func TestIdleConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := callbacks.Limit(idle{}, callbacks.MaxConnections)
		accepted := make(chan net.Conn, 5_000)
		go func() {
			for range 5_000 {
				c, err := l.Accept()
				if err != nil {
					t.Error(err)
					return
				}
				accepted <- c
			}
			close(accepted)
		}()
		synctest.Wait()
		if n := len(accepted); n != callbacks.MaxConnections {
			t.Errorf("row 14: got %d of 5,000 connections open at once, want %d", n, callbacks.MaxConnections)
		}
		shut(t, <-accepted)
		synctest.Wait()
		if n := len(accepted); n != callbacks.MaxConnections {
			t.Errorf("row 14: got %d after one ended, want the next one in its place", n)
		}
		for c := range accepted {
			shut(t, c)
		}
	})
	if srv := newServer(t).server.HTTP(); srv.IdleTimeout <= 0 {
		t.Error("row 14: idle connections stay for ever")
	}
}

// freight is a shipping_fee line of an answer as a test compares it.
type freight struct {
	Reference string
	Total     int64
}

// freightOf lists the shipping_fee lines of an answer, and checks that its sums hold them.
func freightOf(t *testing.T, body string) []freight {
	t.Helper()
	var a struct {
		Amount int64 `json:"order_amount"`
		Lines  []struct {
			Type, Reference string
			Total           int64 `json:"total_amount"`
		} `json:"order_lines"`
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	var out []freight
	for _, l := range a.Lines {
		a.Amount -= l.Total
		if l.Type == "shipping_fee" {
			out = append(out, freight{l.Reference, l.Total})
		}
	}
	if a.Amount != 0 {
		t.Errorf("order_amount is %d off: %s", a.Amount, body)
	}
	return out
}

// feeJSON is a freight line of 10.00 without tax that somebody else made.
func feeJSON(reference string) string {
	return `{"type":"shipping_fee","reference":"` + reference + `","name":"Freight","quantity":1,"unit_price":1000,"tax_rate":0,` +
		`"total_amount":1000,"total_tax_amount":0}`
}

func TestForeignFreight(t *testing.T) {
	t.Parallel()
	kept := func(o *rules.Options) { o.Policy.Kept = []string{"PARCEL-*"} }
	provider := func(o *rules.Options) { o.Policy = pricing.ShippingPolicy{Provider: true} }
	ours := freight{"shop", 4900}
	tests := []struct {
		name   string
		policy func(*rules.Options)
		in     []string
		want   []freight
	}{
		{"row 76: one that is not ours", func(*rules.Options) {}, []string{"DHL"}, []freight{ours}},
		{"row 76: two", func(*rules.Options) {}, []string{"shop", "DHL"}, []freight{ours}},
		{"row 76: ours twice", func(*rules.Options) {}, []string{"shop", "shop"}, []freight{ours}},
		{"row 76: without reference", func(*rules.Options) {}, []string{""}, []freight{ours}},
		{"row 76: kept by name", kept, []string{"DHL", "PARCEL-1", "PARCEL-2"}, []freight{ours, {"PARCEL-1", 1000}, {"PARCEL-2", 1000}}},
		{"row 76: the checkout writes it", provider, []string{"shop", "DHL"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, withEngine(newEngine(t, &tables{}, tt.policy)))
			lines := lineJSON
			for _, reference := range tt.in {
				lines += "," + feeJSON(reference)
			}
			sum := fmt.Sprintf(`"order_amount":%d`, 12500+1000*len(tt.in))
			body := each(replace(lineJSON, lines), replace(`"order_amount":12500`, sum))(cartJSON(""))
			for _, cb := range []string{"address-update", "country-change", "shipping-option-update"} {
				got := s.call(base+"/"+cb, body)
				if got.status != http.StatusOK {
					t.Fatalf("%s: %v", cb, got)
				}
				less := func(f []freight) map[freight]int {
					m := map[freight]int{}
					for _, l := range f {
						m[l]++
					}
					return m
				}
				if diff := cmp.Diff(less(tt.want), less(freightOf(t, got.body))); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", cb, diff)
				}
			}
		})
	}
}

// TestSelectedOption sends choices as a buyer's browser could: price and tax are those of the tables.
func TestSelectedOption(t *testing.T) {
	t.Parallel()
	selected := func(id string, price, tax int) string {
		return fmt.Sprintf(`,"selected_shipping_option":{"id":%q,"name":"X","price":%d,"tax_amount":%d,"tax_rate":2500}`, id, price, tax)
	}
	tests := []struct {
		name, extra string
		want        freight
	}{
		{"row 85: as offered", selected("door", 9900, 1980), freight{"door", 9900}},
		{"row 85: price altered", selected("door", 1, 0), freight{"door", 9900}},
		{"row 85: price raised", selected("door", 100_000_000, 0), freight{"door", 9900}},
		{"row 85: price negative", selected("door", -9900, -1980), freight{"door", 9900}},
		{"row 85: unknown", selected("drone", 1, 0), freight{"shop", 4900}},
		{"row 85: empty id", selected("", 1, 0), freight{"shop", 4900}},
		{"row 85: none", "", freight{"shop", 4900}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			for _, cb := range []string{"address-update", "country-change", "shipping-option-update"} {
				got := s.call(base+"/"+cb, cartJSON(tt.extra))
				if got.status != http.StatusOK {
					t.Fatalf("%s: %v", cb, got)
				}
				if diff := cmp.Diff([]freight{tt.want}, freightOf(t, got.body)); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", cb, diff)
				}
			}
		})
	}
	t.Run("row 85: unknown on validation", func(t *testing.T) {
		s := newServer(t)
		got := s.call(base+"/validation", replace(`"selected_shipping_option":{"id":"shop"`, `"selected_shipping_option":{"id":"drone"`)(orderJSON("")))
		if got.status != http.StatusBadRequest || strings.Contains(got.body, "drone") {
			t.Errorf("got %v, want 400 without the id", got)
		}
	})
}

// TestAnswerOverLimits lets the rules offer what the contract does not take: the buyer is asked to try again, and the
// alarm counts.
func TestAnswerOverLimits(t *testing.T) {
	t.Parallel()
	option := func(change func(*rules.Offer)) []rules.Offer {
		o := rules.Offer{ID: "shop", Name: "Parcel shop", Price: 4900}
		change(&o)
		return []rules.Offer{o}
	}
	tests := []struct {
		name   string
		offers []rules.Offer
	}{
		{"row 93: a name of 256", option(func(o *rules.Offer) { o.Name = strings.Repeat("å", 256) })},
		{"row 93: no name", option(func(o *rules.Offer) { o.Name = "" })},
		{"row 93: no id", option(func(o *rules.Offer) { o.ID = "" })},
		{"row 93: a price over the limit", option(func(o *rules.Offer) { o.Price = 100_000_001 })},
		{"row 93: a negative price", option(func(o *rules.Offer) { o.Price = -1 })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, withEngine(newEngine(t, &tables{offers: func(context.Context, *rules.Query) (rules.Offers, error) {
				return rules.Offers{Options: tt.offers}, nil
			}})))
			got := s.call(base+"/address-update", cartJSON(""))
			if got.status != http.StatusBadRequest || got.body != fault {
				t.Errorf("got %v, want 400 %s", got, fault)
			}
			if line := lastLine(s); field(line, "level") != "error" {
				t.Errorf("not told as an error: %s", line)
			}
			undecided := s.counter("kvitto_callback_gate_failures_total", "merchant", "demo", "callback", "address_update") +
				s.counter("kvitto_callback_fallbacks_total", "merchant", "demo", "callback", "address_update", "answer", "deny")
			if undecided == 0 {
				t.Errorf("no alarm counts: %s", lastLine(s))
			}
		})
	}
}
