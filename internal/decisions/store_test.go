package decisions_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/internal/decisions"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// priced is a decision about an order of one line.
func priced(orderID string, at time.Duration) *callbacks.Decision {
	return &callbacks.Decision{At: noon().Add(at), Took: 290 * time.Microsecond, Merchant: "demo", Callback: rules.AddressUpdate, OrderID: orderID,
		Revision: "6775d10251ae", Kind: "priced", Status: 200,
		Order: &order.Order{PurchaseCurrency: "SEK", Locale: "sv-SE", OrderAmount: 34900, OrderTaxAmount: 6980,
			ShippingAddress: &order.Address{Country: "se", PostalCode: "118 26", GivenName: "Anna"},
			Lines:           []order.Line{{Type: order.Physical, Reference: "LAMP-2", Name: "Lampa", Quantity: 1, UnitPrice: 34900, TaxRate: 2500, TotalAmount: 34900, TotalTaxAmount: 6980}}},
		Group: "vip", Coupons: []string{"SUMMER"}, Paid: "ombud",
		Answer: &order.Answer{PurchaseCurrency: "SEK", OrderAmount: 39800, OrderTaxAmount: 7960,
			Options: []order.ShippingOption{{ID: "ombud", Name: "Till ombud", Price: 4900, TaxAmount: 980, TaxRate: 2500, Preselected: true}}}}
}

func TestGet(t *testing.T) {
	t.Parallel()
	s := decisions.New(10, 1<<20, "cafe")
	d := priced("a-1", 0)
	d.Selected, d.Rule, d.File, d.Line = "hem", "check:age", "checks.yaml", 7
	id := s.Keep(d)
	d.Order.Lines[0].Reference = "changed afterwards"
	got, ok := s.Get(id)
	if !ok {
		t.Fatalf("%s is not kept", id)
	}
	want := decisions.Decision{ID: "cafe-1", At: noon(), Merchant: "demo", Callback: "address_update", OrderID: "a-1", Revision: "6775d10251ae", Kind: "priced",
		Status: 200, Rule: "check:age", File: "checks.yaml", Line: 7, DurationUS: 290, Selected: "hem", Facts: &decisions.Facts{Group: "vip", Coupons: []string{"SUMMER"}},
		Question: json.RawMessage(`{"purchase_currency":"SEK","locale":"sv-SE","shipping_address":{"given_name":"given","postal_code":"118 26","country":"se"},"order_amount":34900,"order_tax_amount":6980,` +
			`"order_lines":[{"type":"physical","reference":"LAMP-2","name":"line","quantity":1,"unit_price":34900,"tax_rate":2500,"total_amount":34900,"total_tax_amount":6980}]}`),
		Answer: json.RawMessage(`{"options":[{"id":"ombud","price":4900,"tax_amount":980,"tax_rate":2500,"preselected":true}],"paid":"ombud","currency":"SEK","order_amount":39800,"order_tax_amount":7960}`)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, id := range []string{"", "cafe-", "cafe-0", "cafe-2", "beef-1", "1", "cafe-x!"} {
		if d, ok := s.Get(id); ok {
			t.Errorf("%q is kept: %+v", id, d)
		}
	}
}

// TestAnswers: what is no cart is kept as it went out, if it is JSON and short.
func TestAnswers(t *testing.T) {
	t.Parallel()
	s := decisions.New(10, 1<<20, "x")
	for _, tt := range []struct{ body, location, want string }{
		{`{"error_type":"address_error","error_text":"Nej"}`, "", `{"error_type":"address_error","error_text":"Nej"}`},
		{"", "https://shop.example/no", `{"location":"https://shop.example/no"}`},
		{"", "", "{}"},
		{"404 page not found\n", "", "{}"},
		{`{"x":"` + strings.Repeat("y", 5000) + `"}`, "", "{}"},
	} {
		d := priced("a", 0)
		d.Answer, d.Body, d.Location = nil, []byte(tt.body), tt.location
		if got, _ := s.Get(s.Keep(d)); string(got.Answer) != tt.want {
			t.Errorf("%q %q: got %s, want %s", tt.body, tt.location, got.Answer, tt.want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	s := decisions.New(4, 1<<20, "x")
	for i := range 6 {
		d := priced(fmt.Sprintf("order-%d", i%2), time.Duration(i)*time.Minute)
		if i == 4 {
			d.Merchant, d.Callback, d.Kind = "other", rules.Validation, "rejected"
		}
		s.Keep(d)
	}
	for _, tt := range []struct {
		name   string
		filter decisions.Filter
		want   []string
		more   bool
	}{
		{"all that are kept", decisions.Filter{Limit: 10}, []string{"x-6", "x-5", "x-4", "x-3"}, false},
		{"the last ones", decisions.Filter{Limit: 2}, []string{"x-6", "x-5"}, true},
		{"just all", decisions.Filter{Limit: 4}, []string{"x-6", "x-5", "x-4", "x-3"}, false},
		{"of an order", decisions.Filter{OrderID: "order-1", Limit: 10}, []string{"x-6", "x-4"}, false},
		{"of a merchant", decisions.Filter{Merchant: "other", Limit: 10}, []string{"x-5"}, false},
		{"of a callback", decisions.Filter{Callback: "validation", Limit: 10}, []string{"x-5"}, false},
		{"of a kind", decisions.Filter{Kind: "priced", Limit: 10}, []string{"x-6", "x-4", "x-3"}, false},
		{"since", decisions.Filter{Since: noon().Add(4 * time.Minute), Limit: 10}, []string{"x-6", "x-5"}, false},
		{"nothing", decisions.Filter{Merchant: "nobody", Limit: 10}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, more := s.List(tt.filter)
			var got []string
			for i := range list {
				got = append(got, list[i].ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || more != tt.more {
				t.Errorf("more %v; (-want +got):\n%s", more, diff)
			}
		})
	}
}

// TestBounds: neither more decisions nor more bytes are kept than is said, whatever comes; the youngest stay.
func TestBounds(t *testing.T) {
	t.Parallel()
	const most, bytes = 50, 16 << 10
	s := decisions.New(most, bytes, "x")
	for i := range 1000 {
		d := priced("a", 0)
		lines := i % 97
		if i%331 == 330 {
			lines = 1000 // more than fits
		}
		for range lines {
			d.Order.Lines = append(d.Order.Lines, d.Order.Lines[0])
		}
		id := s.Keep(d)
		count, held := s.Held()
		if count > most || held > bytes || count < 1 || held < 0 {
			t.Fatalf("%d: %d decisions, %d bytes", i, count, held)
		}
		if got, ok := s.Get(id); ok != (lines < 500) || ok && !json.Valid(got.Question) {
			t.Fatalf("%d, of %d lines: kept %v, %d bytes", i, lines, ok, len(got.Question))
		}
	}
	list, _ := s.List(decisions.Filter{Limit: 1000})
	if len(list) < 2 || list[0].ID <= list[len(list)-1].ID {
		t.Errorf("%d are left", len(list))
	}
}

// TestConcurrent: many callbacks at a time, and readers beside them.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	s := decisions.New(30, 1<<20, "x")
	var wg sync.WaitGroup
	ids := make([][]string, 4)
	for g := range ids {
		wg.Go(func() {
			for i := range 200 {
				ids[g] = append(ids[g], s.Keep(priced(fmt.Sprintf("g%d-%d", g, i), 0)))
				if d, ok := s.Get(ids[g][i]); ok && d.OrderID != fmt.Sprintf("g%d-%d", g, i) {
					t.Errorf("%s is of %s", ids[g][i], d.OrderID)
				}
				s.List(decisions.Filter{OrderID: "g1-7", Limit: 3})
			}
		})
	}
	wg.Wait()
	all := slices.Concat(ids...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 800 {
		t.Errorf("%d ids of 800 decisions", n)
	}
	if n, _ := s.Held(); n != 30 {
		t.Errorf("%d are kept", n)
	}
}
