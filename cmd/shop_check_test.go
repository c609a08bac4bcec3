package cmd_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	shopSecret = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5"
	boxCheck   = "version: 1\nchecks:\n  - {id: no-boxes, matches: {street_address: [\"box *\"]}, reject: {error: address_error, text: Inga boxar.}}\n"
)

// ownServer is a shop's own server: it keeps what it was asked and answers what it is told to.
type ownServer struct {
	mu     sync.Mutex
	bodies []string
	status int
	text   string
}

func (s *ownServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && r.Header.Get("webhook-signature") != "" {
		s.bodies = append(s.bodies, string(body))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.text) // the test sees what is missing
}

func (s *ownServer) answer(status int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.text = status, text
}

func (s *ownServer) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies
}

// whole is a validation body of an order that the service priced, sent to a street.
func (r *running) whole(street string) string {
	r.t.Helper()
	address := fmt.Sprintf(`{"country":"SE","postal_code":"118 26","street_address":%q,"given_name":"CanaryZq7"}`, street)
	status, body := r.post("address-update", `{"purchase_currency":"SEK","locale":"sv-SE","order_amount":10000,"order_tax_amount":2000,`+
		`"shipping_address":`+address+`,"order_lines":[{"type":"physical","name":"Lamp","quantity":1,"unit_price":10000,"tax_rate":2500,`+
		`"total_amount":10000,"total_tax_amount":2000,"shipping_attributes":{"weight":900}}]}`)
	var priced struct {
		Amount  json.RawMessage   `json:"order_amount"`
		Tax     json.RawMessage   `json:"order_tax_amount"`
		Lines   json.RawMessage   `json:"order_lines"`
		Options []json.RawMessage `json:"shipping_options"`
	}
	if err := json.Unmarshal([]byte(body), &priced); err != nil || status != 200 {
		r.t.Fatalf("%d %s: %v", status, body, err)
	}
	return fmt.Sprintf(`{"order_id":"0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0", "purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE",`+
		`"order_amount":%s,"order_tax_amount":%s,"order_lines":%s,"selected_shipping_option":%s,"shipping_address":%s}`,
		priced.Amount, priced.Tax, priced.Lines, priced.Options[0], address)
}

// TestShopCheck: the tables' checks come first, then the shop's own server decides; its faults are the policy's; neither
// the secret nor the buyer is in the log.
func TestShopCheck(t *testing.T) {
	t.Parallel()
	own := &ownServer{status: http.StatusOK}
	server := httptest.NewServer(own)
	defer server.Close()
	dir, config := shopFolder(t)
	write(t, filepath.Join(dir, "rules", "checks.yaml"), boxCheck)
	write(t, filepath.Join(dir, "secret"), shopSecret+"\n")
	write(t, config, "merchants:\n  - id: shop\n    mode: pricing\n    rules: rules\n    tokens: [{env: KVITTO_SHOP_TOKEN}]\n"+
		"    validation: {deny_url: https://shop.example/denied}\n    shop_check: {url: \""+server.URL+"/check\", secret_file: secret, deadline: 2s, on_fault: deny}\n")
	r := start(t, "--config", config)
	good := r.whole("Storgatan 1")
	for _, tt := range []struct {
		name   string
		status int
		text   string
		body   string
		want   string
		asked  int
	}{
		{"yes", 200, "", good, "200 {}", 1},
		{"no", 400, `{"error_type":"approval_failed","error_text":"Slut i lager."}`, good, `400 {"error_type":"approval_failed","error_text":"Slut i lager."}`, 2},
		{"nonsense", 418, "", good, `400 {"error_type":"approval_failed","error_text":"Något gick fel`, 3},
		{"a check of the tables asks nobody", 200, "", r.whole("Box 12"), `400 {"error_type":"address_error","error_text":"Inga boxar."}`, 3},
	} {
		own.answer(tt.status, tt.text)
		status, body := r.post("validation", tt.body)
		if got := fmt.Sprintf("%d %s", status, body); !strings.HasPrefix(got, tt.want) || len(own.asked()) != tt.asked {
			t.Errorf("%s: got %s, %d questions", tt.name, got, len(own.asked()))
		}
	}
	if own.asked()[0] != good {
		t.Errorf("the shop got %q\nwant %q", own.asked()[0], good)
	}
	if status := r.stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	log := r.logs.String()
	for _, leak := range []string{"whsec_", "Y2FuYXJ5", "canarycanary", "CanaryZq7", "Storgatan", "Box 12"} {
		if strings.Contains(log, leak) {
			t.Errorf("the log holds %q", leak)
		}
	}
	for _, line := range []string{`"rule":"shop_check"`, `"rule":"check:no-boxes"`, `"plugin":"shop_check"`, "status 418, want 200, 400 or 303"} {
		if !strings.Contains(log, line) {
			t.Errorf("the log does not hold %s:\n%s", line, log)
		}
	}
}
