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
	"github.com/kvitto/kvitto/internal/redistest"
)

// canaries marks every text of a person in an order.
func canaries(t *testing.T) string {
	t.Helper()
	order := map[string]any{}
	if err := json.Unmarshal([]byte(confirmedOrder), &order); err != nil {
		t.Fatal(err)
	}
	address := map[string]any{"country": "SE", "postal_code": "CANARY 1"}
	for _, key := range []string{"title", "given_name", "family_name", "email", "street_address", "street_address2", "city", "region", "phone",
		"organization_name", "attention", "care_of"} {
		address[key] = "CANARY-" + key
	}
	order["billing_address"], order["shipping_address"] = address, address
	order["customer"] = map[string]any{"type": "person", "date_of_birth": "CANARY-born", "national_identification_number": "CANARY-id"}
	order["merchant_data"] = "CANARY-data"
	raw, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestNothingLeaks is I11 and I12: while an order waits, with its body frozen in Redis, nobody of it is in Redis in clear, in the
// log, the audit, the metrics, the API or the commands, and no secret either, although the shop sends both back.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a shop that complains at length
		var body bytes.Buffer
		if _, err := body.ReadFrom(r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(body.Bytes()) // the client is gone: nobody to tell
	}))
	t.Cleanup(echo.Close)
	shop := takingShop(t, fmt.Sprintf("{webhook: {url: %q, secret_file: user-of-the-sink}}", echo.URL+"/CANARY-path")).withSecret(t)
	shop.onRedis(t, server.Addr())
	edit(t, shop.config, "egress:", "log: {level: debug}\negress:")
	if _, err := shop.provider.AddOrder([]byte(canaries(t)), fakeprovider.Completion{NoPush: true}); err != nil {
		t.Fatal(err)
	}
	r := startProgram(t, &cmd.Program{Now: time.Now, Plugins: cmd.Included()}, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"prepared"`)
	r.await(`"step":"failed"`)
	server.Must(t, "CONFIG", "SET", "rdbcompression", "no") // of DUMP too
	seen := map[string]string{}
	keys, err := server.Do(t.Context(), "KEYS", "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys.([]any) {
		seen["Redis "+k.(string)] = fmt.Sprint(server.Must(t, "DUMP", k))
	}
	if seen["Redis kco:{shop}:s:"+confirmedID] == "" {
		t.Errorf("the frozen body is not in Redis: %v", keys)
	}
	seen["metrics"] = second(r.get("/metrics"))
	seen["list"] = second(r.get("/api/orders"))
	seen["order"] = second(r.get("/api/orders/shop/" + confirmedID))
	_, seen["show"], _ = runOrders(t, "", "show", "--admin", r.admin, confirmedID)
	_, seen["check"], seen["check's findings"] = shop.check()
	r.stop()
	seen["log"] = r.logs.String()
	audit, err := os.ReadFile(filepath.Join(shop.dir, "var/audit.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	seen["audit"] = string(audit)
	for where, text := range seen {
		for _, what := range []string{"CANARY", "secret-of-the-provider", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", shopToken} {
			if strings.Contains(text, what) {
				t.Errorf("%s has %s: %.3000s", where, what, text)
			}
		}
		if text == "" && where != "check's findings" {
			t.Errorf("%s: nothing was looked at", where)
		}
	}
}

func second[A, B any](_ A, b B) B { return b }
