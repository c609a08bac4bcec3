package cmd_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

const explained = "f3392f8b-6116-4073-ab96-e330819e2c07"

// explainShop is a running shop that has priced an order, refused to send another, and priced the first one again.
func explainShop(t *testing.T, more string) (r *running, dir, config string) {
	t.Helper()
	dir, config = shopFolder(t)
	if more != "" {
		edit(t, config, "merchants:", more+"\nmerchants:")
	}
	r = startProgram(t, &cmd.Program{Now: soldAt, Plugins: cmd.Included(), Epoch: "5be0942c"}, "--config", config)
	for _, ask := range []struct{ callback, body string }{
		{"address-update?klarna_order_id=" + explained, body(t)},
		{"address-update?klarna_order_id=a-2", strings.ReplaceAll(body(t), `"country": "se"`, `"country": "br"`)},
		{"shipping-option-update?klarna_order_id=" + explained, body(t)},
	} {
		if status, answer := r.post(ask.callback, ask.body); status >= http.StatusInternalServerError {
			t.Fatalf("%d %s", status, answer)
		}
	}
	return r, dir, config
}

// explainDecisions has the commands of a document ask such a shop.
func (s *shell) explainDecisions(t *testing.T) {
	t.Helper()
	r, dir, _ := explainShop(t, "")
	if err := os.CopyFS(filepath.Join(dir, "configs"), os.DirFS("../configs")); err != nil {
		t.Fatal(err)
	}
	s.dir = dir
	s.env = append(s.env, "KVITTO_SHOP_TOKEN="+shopToken, "KVITTO_ADMIN="+r.admin)
}

// runRules runs a command of rules as a person at a terminal does.
func runRules(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}}
	status = p.Run(t.Context(), append([]string{"rules"}, args...))
	return status, out.String(), errs.String()
}

// TestDecisionsAPI: every answer of the API, the refusals included; each log line names its decision.
func TestDecisionsAPI(t *testing.T) {
	t.Parallel()
	r, _, _ := explainShop(t, "")
	if line := r.await(`"callback":"shipping_option_update"`); line["decision"] != "5be0942c-3" {
		t.Errorf("the log line does not name its decision: %v", line)
	}
	for _, tt := range []struct {
		path   string
		status int
		want   []string
	}{
		{"/api/decisions", 200, []string{`{"decisions":[{"id":"5be0942c-3",`, `"id":"5be0942c-2"`, `"id":"5be0942c-1"`, `"kind":"rejected"`}},
		{"/api/decisions?order_id=" + strings.ToUpper(explained), 200, []string{`"id":"5be0942c-3"`, `"id":"5be0942c-1"`}},
		{"/api/decisions?callback=shipping-option-update&merchant=shop&kind=priced", 200, []string{`{"decisions":[{"id":"5be0942c-3"`, `"duration_us":0}]}`}},
		{"/api/decisions?limit=1", 200, []string{`"5be0942c-3"`, `"more":true}`}},
		{"/api/decisions?since=1m", 200, []string{`"5be0942c-1"`}},
		{"/api/decisions?since=2026-11-24T09:30:00Z", 200, []string{`"5be0942c-1"`}},
		{"/api/decisions?since=2026-11-24T09:30:01Z", 200, []string{`{"decisions":[]}`}},
		{"/api/decisions?merchant=nobody", 200, []string{`{"decisions":[]}`}},
		{"/api/decisions?limit=0", 400, []string{"limit is 1 to 1000"}},
		{"/api/decisions?since=yesterday", 400, []string{"since is how long ago, such as 15m, or a time such as"}},
		{"/api/decisions?since=-5m", 400, []string{"since is how long ago"}},
		{"/api/decisions?callback=push", 400, []string{"callback is one of address_update, country_change, shipping_option_update, validation and quote"}},
		{"/api/decisions?kind=good", 400, []string{"kind is one of priced, approved"}},
		{"/api/decisions?order_id=a_b", 400, []string{"order_id is no order id"}},
		{"/api/decisions/5be0942c-1", 200, []string{`"order_id":"` + explained, `"question":{"purchase_currency":"SEK"`, `"answer":{"options":[{"id":"ombud","price":7900`, `"revision":`}},
		{"/api/decisions/5be0942c-2", 200, []string{`"answer":{"error_type":"unsupported_shipping_address"`}},
		{"/api/decisions/5be0942c-4", 404, []string{"this decision is not kept: it is too old, of another process, or never was"}},
		{"/api/decisions/x", 404, []string{"this decision is not kept"}},
		{"/metrics", 200, []string{"\nkvitto_decisions_kept 3\n", "\nkvitto_decisions_bytes "}},
		{"/api/rules", 200, []string{`"id":"shop","revision":"`, `"rules":"/`}},
	} {
		status, got := r.get(tt.path)
		for _, want := range tt.want {
			if status != tt.status || !strings.Contains(got, want) {
				t.Errorf("%s: %d, want %d and %s in\n%s", tt.path, status, tt.status, want, got)
			}
		}
	}
	if _, got := r.get("/api/decisions?order_id=" + explained); strings.Contains(got, "5be0942c-2") {
		t.Errorf("a decision about another order: %s", got)
	}
	resp, err := http.Get("http://" + r.listen + "/api/decisions")
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := read(t, resp); status != http.StatusNotFound {
		t.Errorf("on the public port: %d", status)
	}
}

// TestDecisionsOff: a service may keep none; with a token the API asks for it.
func TestDecisionsOff(t *testing.T) {
	t.Parallel()
	r, _, config := explainShop(t, "admin_token: {env: KVITTO_SHOP_TOKEN}\ndecisions: {keep: 0}")
	for _, path := range []string{"/api/decisions", "/api/decisions/5be0942c-1"} {
		if status, got := r.get(path); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", path, status, got)
		}
	}
	if line := r.await(`"callback":"address_update"`); line["decision"] != nil {
		t.Errorf("a decision that is not kept: %v", line)
	}
	for _, args := range [][]string{{"decisions"}, {"explain", "--decision", "5be0942c-1"}, {"explain", "--order-id", explained}} {
		if status, _, errs := runRules(t, append(args, "--admin", r.admin)...); status != 2 || !strings.Contains(errs, "asks for its admin token: name its configuration with --config") {
			t.Errorf("%v: %d %s", args, status, errs)
		}
		if status, _, errs := runRules(t, append(args, "--admin", r.admin, "--config", config)...); status != 2 || !strings.Contains(errs, "this service keeps no decisions: decisions.keep is 0") {
			t.Errorf("%v: %d %s", args, status, errs)
		}
	}
}

// TestExplainDecision: a decision by its id and by its order, with the tables as they were, and after they have changed.
func TestExplainDecision(t *testing.T) {
	t.Parallel()
	r, dir, _ := explainShop(t, "")
	status, out, errs := runRules(t, "explain", "--decision", "5be0942c-1", "--admin", r.admin)
	for _, want := range []string{"Decision 5be0942c-1: address_update, priced, 2026-11-24 09:30:00 UTC, in 0s\n", "Order    " + explained + ", merchant shop\n",
		"Then     ombud 79.00 SEK; ombud in the order, ", "the same as below\n", "✓ ombud   79.00 SEK", "Time     Tue 2026-11-24 10:30 +01:00", "Nearest change\n"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("%d %s: no %q in\n%s", status, errs, want, out)
		}
	}
	if status, out, _ := runRules(t, "explain", "--decision", "5be0942c-2", "--admin", r.admin); status != 0 || !strings.Contains(out, "Then     unsupported_shipping_address: ") ||
		!strings.Contains(out, "Because  ") || strings.Contains(out, "Differs") {
		t.Errorf("a refusal: %d\n%s", status, out)
	}
	status, out, _ = runRules(t, "explain", "--order-id", explained, "--admin", r.admin)
	if status != 0 || strings.Count(out, "Decision ") != 1 || !strings.HasPrefix(out, "Decision 5be0942c-3") || !strings.HasSuffix(out, "\nEarlier decisions about this order: 1. --all explains them too.\n") {
		t.Errorf("the last one: %d\n%s", status, out)
	}
	status, out, _ = runRules(t, "explain", "--order-id", explained, "--all", "--admin", r.admin)
	if status != 0 || strings.Index(out, "Decision 5be0942c-3") != 0 || !strings.Contains(out, "\n\nDecision 5be0942c-1") || strings.Contains(out, "Earlier") {
		t.Errorf("all: %d\n%s", status, out)
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.CopyFS(other, os.DirFS(filepath.Join(dir, "rules"))); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(other, "shipping.yaml"), "59.00", "62.00")
	status, out, _ = runRules(t, "explain", other, "--decision", "5be0942c-1", "--admin", r.admin)
	for _, want := range []string{" decided; the tables have changed: what is below is how revision ", "Differs  ombud costs 82.00 and not 79.00\n"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("%d: no %q in\n%s", status, want, out)
		}
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--decision", "5be0942c-9"}, "this decision is not kept"},
		{[]string{"--order-id", "b-7"}, "no decision about order b-7 is kept"},
		{[]string{"--order-id", "a_b"}, "order_id is no order id"},
		{[]string{"nowhere", "--decision", "5be0942c-1"}, "nowhere: there is no such folder"},
	} {
		if status, _, errs := runRules(t, append([]string{"explain", "--admin", r.admin}, tt.args...)...); status != 2 || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: %d %s", tt.args, status, errs)
		}
	}
}

// TestExplainDecisionJSON: the same for a machine, and the list.
func TestExplainDecisionJSON(t *testing.T) {
	t.Parallel()
	r, _, _ := explainShop(t, "")
	status, out, errs := runRules(t, "explain", "--order-id", explained, "--format", "json", "--admin", r.admin)
	var doc struct {
		Earlier   int
		Decisions []struct {
			Decision    struct{ ID, Kind string }
			Same        bool `json:"same_rules"`
			Explanation struct {
				Paid    string
				Changes []struct{ Option, By string }
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != 0 || doc.Earlier != 1 || len(doc.Decisions) != 1 {
		t.Fatalf("%d %v %s\n%s", status, err, errs, out)
	}
	if d := doc.Decisions[0]; d.Decision.ID != "5be0942c-3" || !d.Same || d.Explanation.Paid != "ombud" || len(d.Explanation.Changes) == 0 {
		t.Errorf("got %+v", d)
	}
	status, out, errs = runRules(t, "decisions", "--limit", "2", "--admin", r.admin)
	if status != 0 || strings.Count(out, "5be0942c-") != 2 || !strings.Contains(out, "there are more: --limit, --since or another filter show them\n") {
		t.Errorf("%d %s\n%s", status, errs, out)
	}
	if status, out, _ := runRules(t, "decisions", "--kind", "redirected", "--admin", r.admin); status != 0 || out != "no decisions\n" {
		t.Errorf("%d %s", status, out)
	}
	if status, out, _ := runRules(t, "decisions", "--callback", "address-update", "--merchant", "shop", "--order-id", "a-2", "--since", "1m", "--format", "json", "--admin", r.admin); status != 0 || !strings.Contains(out, `"kind": "rejected"`) {
		t.Errorf("%d %s", status, out)
	}
}

// TestDecisionsCanary: what a buyer has written is neither in the store, nor in what the API and the command tell, nor in the log.
func TestDecisionsCanary(t *testing.T) {
	t.Parallel()
	r, _, _ := explainShop(t, "")
	const canary = "CanaryZq7"
	personal := map[string]any{}
	for _, name := range []string{"given_name", "family_name", "email", "title", "street_address", "street_address2", "street_name", "street_number",
		"house_extension", "city", "phone", "care_of", "organization_name", "reference", "attention", "unknown"} {
		personal[name] = canary + " 900101-1234"
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(body(t)), &doc); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"shipping_address", "billing_address"} {
		a := map[string]any{"country": "se", "postal_code": "621 57"}
		for k, v := range personal {
			a[k] = v
		}
		doc[name] = a
	}
	doc["customer"] = map[string]any{"type": "person", "gender": canary, "date_of_birth": canary, "organization_registration_id": canary, "vat_id": canary,
		"national_identification_number": "900101-1234"}
	doc["merchant_data"], doc["merchant_reference1"], doc["recurring_token"] = canary, canary, canary
	for _, l := range doc["order_lines"].([]any) {
		for _, name := range []string{"name", "merchant_data", "product_url", "image_url"} {
			l.(map[string]any)[name] = canary
		}
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, callback := range []string{"address-update", "country-change", "shipping-option-update"} {
		if status, answer := r.post(callback+"?klarna_order_id=c-1", string(raw)); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
	}
	whole := strings.Replace(string(raw), "{", `{"order_id":"c-1","purchase_country":"se",`, 1)
	if status, answer := r.post("validation", whole); status >= http.StatusInternalServerError {
		t.Fatalf("%d %s", status, answer)
	}
	r.await(`"callback":"validation"`)
	var seen strings.Builder
	for _, id := range []string{"4", "5", "6", "7"} {
		status, got := r.get("/api/decisions/5be0942c-" + id)
		if status != http.StatusOK || !strings.Contains(got, "given") {
			t.Errorf("decision %s: %d %s", id, status, got)
		}
		seen.WriteString(got)
	}
	for _, args := range [][]string{{"decisions"}, {"explain", "--order-id", "c-1", "--all"}, {"explain", "--order-id", "c-1", "--all", "--format", "json"}} {
		_, out, errs := runRules(t, append(args, "--admin", r.admin)...)
		seen.WriteString(out + errs)
	}
	_, metrics := r.get("/metrics")
	seen.WriteString(metrics + r.logs.String())
	for _, bad := range []string{canary, "900101"} {
		if at := strings.Index(seen.String(), bad); at >= 0 {
			t.Errorf("%s is told: …%s…", bad, seen.String()[max(at-200, 0):at+20])
		}
	}
}
