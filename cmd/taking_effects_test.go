package cmd_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/rules"
)

const (
	ebook    = `{"type": "digital", "reference": "EBOOK", "name": "Bok", "quantity": 1, "unit_price": 9900, "tax_rate": 2500, "total_amount": 9900, "total_tax_amount": 1980}`
	song     = `{"type": "digital", "reference": "SONG", "name": "Visa", "quantity": 1, "unit_price": 9900, "tax_rate": 2500, "total_amount": 9900, "total_tax_amount": 1980}`
	paper    = `{"type": "physical", "reference": "EBOOK", "name": "Bok", "quantity": 1, "unit_price": 9900, "tax_rate": 2500, "total_amount": 9900, "total_tax_amount": 1980}`
	discount = `{"type": "discount", "reference": "SALE", "name": "Rea", "quantity": 1, "unit_price": -900, "tax_rate": 2500, "total_amount": -900, "total_tax_amount": -180}`
)

// addLines adds an order of lines, complete and never pushed.
func (s *shopWithOrders) addLines(t *testing.T, amount, tax int, fraud string, lines ...string) {
	t.Helper()
	order := fmt.Sprintf(`{"order_id": %q, "purchase_country": "SE", "purchase_currency": "SEK", "locale": "sv-SE", "order_amount": %d, "order_tax_amount": %d,
		"shipping_address": {"given_name": "Canary", "postal_code": "11826", "country": "SE"}, "order_lines": [%s]}`, confirmedID, amount, tax, strings.Join(lines, ","))
	if _, err := s.provider.AddOrder([]byte(order), fakeprovider.Completion{NoPush: true, Fraud: fraud}); err != nil {
		t.Fatal(err)
	}
}

// withClasses declares a class of goods in the shop's tables.
func (s *shopWithOrders) withClasses(t *testing.T) {
	t.Helper()
	edit(t, filepath.Join(s.dir, "rules", "shipping.yaml"), "\noptions:", "\nclasses:\n  digital: {sku: [EBOOK]}\n\noptions:")
}

// committed counts the calls of a kind that did what they ask for.
func (s *shopWithOrders) committed(k fakeprovider.Kind) int {
	n := 0
	for _, e := range s.provider.History().Entries(fakeprovider.Filter{Kinds: []fakeprovider.Kind{k}}) {
		if e.Committed {
			n++
		}
	}
	return n
}

// TestCaptureByRule: what the rule names is captured once and in full, goods that a parcel holds only where that is said, all
// else never.
func TestCaptureByRule(t *testing.T) {
	t.Parallel()
	const rule = "capture: {when: {only_class: digital}}"
	for _, tt := range []struct {
		name, capture string
		undeclared    bool // the rulebook has no classes
		amount, tax   int
		fraud         string
		lines         []string
		want          int
	}{
		{"an order of digital goods", rule, false, 9900, 1980, "", []string{ebook}, 1},
		{"with a discount", rule, false, 9000, 1800, "", []string{ebook, discount}, 1},
		{"no rule", "", false, 9900, 1980, "", []string{ebook}, 0},
		{"another class too", rule, false, 19800, 3960, "", []string{ebook, song}, 0},
		{"goods of the class in a parcel", rule, false, 9900, 1980, "", []string{paper}, 0},
		{"the same, said so", "capture: {when: {only_class: digital}, physical: yes}", false, 9900, 1980, "", []string{paper}, 1},
		{"rejected for fraud", rule, false, 9900, 1980, "REJECTED", []string{ebook}, 0},
		{"a rulebook without classes, lines of type digital", rule, true, 9900, 1980, "", []string{ebook}, 1},
		{"a rulebook without classes, a parcel", rule, true, 9900, 1980, "", []string{paper}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			shop := takingShop(t, "{spool: {dir: var/orders}}")
			if !tt.undeclared {
				shop.withClasses(t)
			}
			if tt.capture != "" {
				edit(t, shop.config, "    sink:", "    "+tt.capture+"\n    sink:")
			}
			shop.addLines(t, tt.amount, tt.tax, tt.fraud, tt.lines...)
			r := start(t, "--config", shop.config)
			r.push("klarna_order_id=" + confirmedID)
			r.await(`"step":"acked"`)
			r.eventually("/api/orders/shop/"+confirmedID, `"done":true`)
			if n := shop.committed(fakeprovider.Capture); n != tt.want {
				t.Errorf("captured %d times, want %d\n%s", n, tt.want, r.logs)
			}
		})
	}
}

// TestCaptureSurvives: what was to be captured when the service ended is captured by the next one.
func TestCaptureSurvives(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.withClasses(t)
	edit(t, shop.config, "    sink:", "    capture: {when: {only_class: digital}}\n    sink:")
	shop.addLines(t, 9900, 1980, "", ebook)
	if err := shop.provider.SetFault(fakeprovider.Capture, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"failed"`)
	r.eventually("/metrics", `kvitto_orders_open{merchant="shop",state="ACKED"} 1`)
	if _, shown := r.get("/api/orders/shop/" + confirmedID); !strings.Contains(shown, `"left_to_do":["capture"]`) {
		t.Errorf("shown: %s", shown)
	}
	r.stop()
	shop.provider.ClearFaults()
	edit(t, shop.config, "    capture: {when: {only_class: digital}}\n", "") // it was decided when the order was frozen
	again := start(t, "--config", shop.config)
	again.await(`"work":"capture"`)
	if n := shop.committed(fakeprovider.Capture); n != 1 {
		t.Errorf("captured %d times", n)
	}
}

// erp is a sink that is a plug-in.
type erp struct {
	mu   sync.Mutex
	err  error
	took []rules.Event
}

func (e *erp) Take(_ context.Context, ev *rules.Event) (rules.Taken, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.err != nil {
		return rules.Taken{}, e.err
	}
	e.took = append(e.took, *ev)
	return rules.Taken{Receipt: "r-77", Reference1: "1001", Reference2: "b-2"}, nil
}

func (e *erp) fail(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.err = err
}

func (e *erp) program() *cmd.Program {
	return &cmd.Program{Now: time.Now, Plugins: append(cmd.Included(), rules.Plugin{Name: "acme.erp", New: func() any { return e }})}
}

// erpShop is a shop whose sink is a plug-in.
func erpShop(t *testing.T) *shopWithOrders {
	t.Helper()
	shop := takingShop(t, "{plugin: acme.erp}")
	edit(t, shop.config, "    sink:", "    plugins: [{name: acme.erp}]\n    sink:")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	return shop
}

// TestPluginTakesOrders: a plug-in is the sink; what it answers becomes the order's references, which survive a restart between
// the acknowledgement and themselves.
func TestPluginTakesOrders(t *testing.T) {
	t.Parallel()
	shop, e := erpShop(t), &erp{}
	if err := shop.provider.SetFault(fakeprovider.MerchantReferences, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	r := startProgram(t, e.program(), "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"acked"`)
	r.stop()
	shop.provider.ClearFaults()
	again := startProgram(t, e.program(), "--config", shop.config)
	again.await(`"work":"references"`)
	again.eventually("/api/orders/shop/"+confirmedID, `"done":true`)
	_, shown := again.get("/api/orders/shop/" + confirmedID)
	for _, want := range []string{`"receipt":"r-77"`, `"merchant_reference1":"1001"`, `"merchant_reference2":"b-2"`, `"was_done":["references"]`} {
		if !strings.Contains(shown, want) {
			t.Errorf("shown lacks %s: %s", want, shown)
		}
	}
	if n := shop.committed(fakeprovider.MerchantReferences); n != 1 {
		t.Errorf("set %d times", n)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.took) != 1 || e.took[0].Type != rules.OrderConfirmed || e.took[0].OrderID != confirmedID {
		t.Errorf("took %+v", e.took)
	}
}

// TestPluginThatFails: an order that the plug-in does not take is not acknowledged; one that says it never will is parked.
func TestPluginThatFails(t *testing.T) {
	t.Parallel()
	shop, e := erpShop(t), &erp{err: errors.New("the warehouse is closed")}
	r := startProgram(t, e.program(), "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	if l := r.await(`"step":"failed"`); l["reason"] != "sink_failed" || l["error"] != "sink: the warehouse is closed" {
		t.Errorf("%v", l)
	}
	e.fail(fmt.Errorf("closed for good: %w", rules.ErrSinkGone))
	if l := r.await(`"step":"parked"`); l["reason"] != "sink_gone" {
		t.Errorf("%v", l)
	}
	if shop.committed(fakeprovider.Acknowledge) != 0 {
		t.Error("acknowledged although nobody has the order")
	}
	e.fail(nil)
	if status, _, errs := runOrders(t, "", "release", "--admin", r.admin, confirmedID); status != 0 {
		t.Errorf("release: %s", errs)
	}
	r.await(`"step":"acked"`)
}

// TestServiceWritesNothing is row 19: with Redis, a webhook and no audit, a service can run on a disk that takes nothing.
func TestServiceWritesNothing(t *testing.T) {
	t.Parallel()
	shop, events := redisShop(t)
	edit(t, shop.config, "audit: {file: var/audit.jsonl}", `audit: {file: ""}`)
	shop.add(t, fakeprovider.Completion{NoPush: true})
	list := func() (names []string) {
		t.Helper()
		err := filepath.WalkDir(shop.dir, func(path string, _ os.DirEntry, err error) error {
			names = append(names, path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	before := list()
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"acked"`)
	r.stop()
	if after := list(); len(after) != len(before) || len(events.Events()) != 1 {
		t.Errorf("before %v, after %v; %d events", before, after, len(events.Events()))
	}
}
