package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/fakeprovider"
)

const confirmedOrder = `{
	"order_id": "2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b",
	"purchase_country": "SE", "purchase_currency": "SEK", "locale": "sv-SE", "order_amount": 34800, "order_tax_amount": 6960,
	"customer": {"type": "person", "date_of_birth": "1970-01-01"},
	"shipping_address": {"given_name": "Canary", "postal_code": "11826", "country": "SE"},
	"order_lines": [
		{"type": "physical", "reference": "LAMP", "name": "Lampa", "quantity": 1, "unit_price": 29900, "tax_rate": 2500, "total_amount": 29900, "total_tax_amount": 5980},
		{"type": "shipping_fee", "reference": "home", "name": "Hem", "quantity": 1, "unit_price": 4900, "tax_rate": 2500, "total_amount": 4900, "total_tax_amount": 980}
	]
}`

const confirmedID = "2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b"

// shopWithOrders is a shop in mode full whose provider is a fake, and whose sink is a spool.
type shopWithOrders struct {
	provider *fakeprovider.Provider
	dir      string
	config   string
}

func takingShop(t *testing.T, sink string) *shopWithOrders {
	t.Helper()
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	api := httptest.NewServer(p.Handler())
	t.Cleanup(api.Close)
	dir, config := shopFolder(t)
	for name, text := range map[string]string{"user": "K1234", "password": "secret-of-the-provider"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(t, config, fmt.Sprintf(`egress: {allow: [127.0.0.0/8]}
ephemeral: accepted
store: {file: var/kvitto.db}
audit: {file: var/audit.jsonl}
confirm: {poll: 100ms, backoff: [100ms]}
merchants:
  - id: shop
    mode: full
    rules: rules
    tokens: [{env: KVITTO_SHOP_TOKEN}]
    provider: {base_url: %q, credentials: {user_file: user, password_file: password}}
    sink: %s
`, api.URL, sink))
	return &shopWithOrders{provider: p, dir: dir, config: config}
}

func (s *shopWithOrders) add(t *testing.T, how fakeprovider.Completion) {
	t.Helper()
	if _, err := s.provider.AddOrder([]byte(confirmedOrder), how); err != nil {
		t.Fatal(err)
	}
}

func (r *running) push(query string) int {
	r.t.Helper()
	resp, err := http.Post("http://"+r.listen+"/v1/shop/"+shopToken+"/push?"+query, "", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	status, _ := read(r.t, resp)
	return status
}

// TestOrderIsTakenOver: a push is answered at once, the order lies in the spool, is acknowledged, and is in the audit without
// personal data; a second push finds it done, also after a restart.
func TestOrderIsTakenOver(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Fatalf("push: %d; log:\n%s", status, r.logs)
	}
	r.await(`"step":"acked"`)
	if s, _ := shop.provider.Standing(confirmedID); !s.Acknowledged {
		t.Errorf("the provider does not know: %+v", s)
	}
	files, err := filepath.Glob(filepath.Join(shop.dir, "var/orders/evt_*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("spool: %v %v", files, err)
	}
	var event struct {
		Type string
		Data struct {
			OrderID string `json:"order_id"`
			Order   map[string]any
		}
	}
	raw, err := os.ReadFile(files[0])
	if err != nil || json.Unmarshal(raw, &event) != nil || event.Data.OrderID != confirmedID || event.Type != "order.confirmed" {
		t.Errorf("event: %s %v", raw, err)
	}
	if bytes.Contains(raw, []byte("1970-01-01")) {
		t.Errorf("the birth date was not asked for: %s", raw)
	}
	if status := r.push("kustom_order_id=" + confirmedID); status != http.StatusOK {
		t.Errorf("second push: %d", status)
	}
	if _, shown := r.get("/api/orders/shop/" + confirmedID); !strings.Contains(shown, `"state":"ACKED","done":true`) {
		t.Errorf("shown: %s", shown)
	}
	if code := r.stop(); code != 0 {
		t.Errorf("exit status %d", code)
	}
	again := start(t, "--config", shop.config)
	if status := again.push("klarna_order_id=" + confirmedID); status != http.StatusOK {
		t.Errorf("push after a restart: %d", status)
	}
	audit, err := os.ReadFile(filepath.Join(shop.dir, "var/audit.jsonl"))
	if err != nil || bytes.Count(audit, []byte("\n")) < 4 {
		t.Errorf("audit: %v %s", err, audit)
	}
	for _, text := range []string{r.logs.String(), again.logs.String(), string(audit)} {
		if strings.Contains(text, "Canary") || strings.Contains(text, "secret-of-the-provider") {
			t.Errorf("personal data or a secret:\n%s", text)
		}
	}
}

// TestParkedOrderIsReleased: what a person parks waits, and what is released goes on; the commands say so.
func TestParkedOrderIsReleased(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	if err := shop.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"failed"`)
	orders := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now}
		if code := p.Run(t.Context(), append([]string{"orders", "--admin", r.admin}, args...)); code != 0 {
			t.Fatalf("orders %v: %d %s", args, code, &errs)
		}
		return out.String()
	}
	if got := orders("park", "--by", "anna", confirmedID); !strings.Contains(got, "PARKED") {
		t.Errorf("park: %s", got)
	}
	shop.provider.ClearFaults()
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Errorf("a push of a parked order: %d", status)
	}
	if got := orders("list", "--state", "parked"); !strings.Contains(got, "by_hand") {
		t.Errorf("list: %s", got)
	}
	orders("release", "--by", "anna", confirmedID)
	r.await(`"step":"acked"`)
	if got := orders("show", confirmedID); !strings.Contains(got, "ACKED") {
		t.Errorf("show: %s", got)
	}
	r.eventually("/metrics", `kvitto_order_steps_total{merchant="shop",reason="by_hand",step="parked"} 1`)
}
