package cmd_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

const providerSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

// postTo posts JSON to a path of the merchant.
func (r *running) postTo(path, body string, h http.Header) (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, "http://"+r.listen+"/v1/shop/"+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for k, v := range h {
		req.Header[k] = v
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	return read(r.t, resp)
}

// TestSignedWebhookTakesOver: order.created, signed as Standard Webhooks say, is a push by another way; what is not so signed is
// refused, also where the configuration has no webhook.
func TestSignedWebhookTakesOver(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	write(t, filepath.Join(shop.dir, "kustom"), providerSecret)
	edit(t, shop.config, "    sink:", "    webhook: {secrets: [{file: kustom}], unconfirmed: accepted}\n    sink:")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	keys, err := standardwebhooks.NewKeys(providerSecret)
	if err != nil {
		t.Fatal(err)
	}
	const event = `{"type":"order.created","data":{"order_id":"` + confirmedID + `"}}`
	signed := func(at time.Time, body string) http.Header {
		h := http.Header{}
		keys.Sign(h, "msg_1", at, []byte(body))
		return h
	}
	for _, tt := range []struct {
		name   string
		h      http.Header
		status int
	}{
		{"unsigned", nil, 401},
		{"of another body", signed(time.Now(), event+" "), 401},
		{"of an hour ago", signed(time.Now().Add(-time.Hour), event), 401},
	} {
		if status, got := r.postTo(shopToken+"/webhook", event, tt.h); status != tt.status {
			t.Errorf("%s: %d %s", tt.name, status, got)
		}
	}
	if status, got := r.get("/api/orders"); status != 200 || got != "{\"orders\":[]}\n" {
		t.Errorf("what was refused left a record: %d %s", status, got)
	}
	if status, got := r.postTo(shopToken+"/webhook", event, signed(time.Now(), event)); status != 200 {
		t.Errorf("signed: %d %s", status, got)
	}
	r.await(`"step":"acked"`)
	edit(t, shop.config, "    webhook: {secrets: [{file: kustom}], unconfirmed: accepted}\n", "")
	r.await("configuration in use")
	if status, _ := r.postTo(shopToken+"/webhook", event, signed(time.Now(), event)); status != 404 {
		t.Errorf("without the setting: %d", status)
	}
}

// TestEnsureTakesOver: the shop's page takes the order over and gets the answer, with its own token only.
func TestEnsureTakesOver(t *testing.T) {
	t.Parallel()
	shop, e := erpShop(t), &erp{}
	const token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	write(t, filepath.Join(shop.dir, "page"), token)
	edit(t, shop.config, "    sink:", "    shop_tokens: [{file: page}]\n    sink:")
	r := startProgram(t, e.program(), "--config", shop.config)
	const path = "/ensure?wait=8000&klarna_order_id=" + confirmedID
	if status, _ := r.postTo(shopToken+path, "", nil); status != 404 {
		t.Errorf("with the provider's token: %d", status)
	}
	status, got := r.postTo(token+path, "", nil)
	var answer struct {
		State      string
		Reference1 string `json:"merchant_reference1"`
		Receipt    string
	}
	if err := json.Unmarshal([]byte(got), &answer); err != nil || status != 200 || answer.State != "ACKED" || answer.Reference1 != "1001" || answer.Receipt != "r-77" {
		t.Errorf("%d %s", status, got)
	}
	for range 3 { // a page that is loaded again
		if status, got := r.postTo(token+path, "", nil); status != 200 {
			t.Errorf("again: %d %s", status, got)
		}
	}
	e.mu.Lock()
	if len(e.took) != 1 {
		t.Errorf("taken %d times", len(e.took))
	}
	e.mu.Unlock()
	e.fail(errors.New("closed"))
	shop.addMany(t, 1)
	if status, got := r.postTo(token+"/ensure?wait=100&klarna_order_id="+manyID(0), "", nil); status != 202 || !strings.Contains(got, `"state":"PENDING"`) {
		t.Errorf("while the sink fails: %d %s", status, got)
	}
}

// spooled are the types of the events in the shop's folder.
func (s *shopWithOrders) spooled(t *testing.T) map[string]int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "var/orders/evt_*.json"))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]int{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var e struct{ Type string }
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(err)
		}
		types[e.Type]++
	}
	return types
}

// TestNotificationIsFollowed is I22 through the program: an order that is pending is handed over as such, and a notification
// leads to one more event, once the order itself says what was decided.
func TestNotificationIsFollowed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ decided, event, want string }{
		"accepted": {"ACCEPTED", "FRAUD_RISK_ACCEPTED", "order.fraud_accepted"},
		"rejected": {"REJECTED", "FRAUD_RISK_REJECTED", "order.fraud_rejected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := takingShop(t, "{spool: {dir: var/orders}}")
			edit(t, shop.config, "backoff: [100ms]", "backoff: [1h]") // nobody comes back by itself
			shop.add(t, fakeprovider.Completion{NoPush: true, Fraud: "PENDING"})
			r := start(t, "--config", shop.config)
			r.push("klarna_order_id=" + confirmedID)
			if e := r.await(`"step":"failed"`); e["reason"] != "fraud_pending" {
				t.Errorf("%v", e)
			}
			notice := `{"order_id":"` + confirmedID + `","event_type":"` + tt.event + `"}`
			if status, _ := r.postTo(shopToken+"/notification", notice, nil); status != 200 { // forged: nothing was decided
				t.Errorf("forged: %d", status)
			}
			if e := r.await(`"step":"failed"`); e["state"] != "ACKED" {
				t.Errorf("%v", e)
			}
			if got := shop.spooled(t); len(got) != 1 || got["order.confirmed"] != 1 {
				t.Errorf("a notification alone is believed: %v", got)
			}
			if err := shop.provider.Decide(confirmedID, tt.decided, ""); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if status, _ := r.postTo(shopToken+"/notification", notice, nil); status != 200 {
					t.Errorf("notification: %d", status)
				}
			}
			r.await(`"step":"finished"`)
			r.eventually("/api/orders/shop/"+confirmedID, `"done":true`)
			if got := shop.spooled(t); len(got) != 2 || got["order.confirmed"] != 1 || got[tt.want] != 1 {
				t.Errorf("events: %v", got)
			}
		})
	}
}

// TestPushThatNeverComes is row 57: an order that was approved here and never pushed is asked for.
func TestPushThatNeverComes(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	r := start(t, "--config", shop.config)
	if status, _ := r.get("/api/orders/shop/" + confirmedID); status != 404 {
		t.Fatalf("%d", status)
	}
	r.stop()
	edit(t, shop.config, "    sink:", "    expect_push: 5m\n    sink:")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	late := newLateClock()
	r = startProgram(t, late.program(), "--config", shop.config)
	status, priced := r.post("address-update", body(t))
	if status != 200 {
		t.Fatalf("%d %s", status, priced)
	}
	if status, got := r.postTo(shopToken+"/validation?klarna_order_id="+confirmedID, chosen(t, body(t), priced), nil); status != 200 {
		t.Fatalf("validation: %d %s; log:\n%s", status, got, r.logs)
	}
	late.pass(6 * time.Minute)
	if e := r.await(`"step":"acked"`); e["order_id"] != confirmedID {
		t.Errorf("%v", e)
	}
	audit := strings.Join(auditText(t, filepath.Join(shop.dir, "var/audit.jsonl")), "")
	if !strings.Contains(audit, `"by":"expected"`) {
		t.Errorf("audit: %s", audit)
	}
}

// chosen is an order as it is validated: what was asked, with what was answered and the option that is preselected.
func chosen(t *testing.T, asked, answered string) string {
	t.Helper()
	order := map[string]any{}
	for _, text := range []string{asked, answered} {
		if err := json.Unmarshal([]byte(text), &order); err != nil {
			t.Fatal(err)
		}
	}
	options, _ := order["shipping_options"].([]any)
	if len(options) == 0 {
		t.Fatalf("no options: %s", answered)
	}
	order["selected_shipping_option"] = options[0]
	delete(order, "shipping_options")
	order["order_id"], order["purchase_country"] = confirmedID, "SE"
	raw, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// lateClock is a clock that a test sets forward.
type lateClock struct{ ahead atomic.Int64 }

func newLateClock() *lateClock { return &lateClock{} }

func (c *lateClock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

func (c *lateClock) program() *cmd.Program {
	return &cmd.Program{Now: func() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }, Plugins: cmd.Included()}
}
