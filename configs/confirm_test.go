package configs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// fullShop is a merchant whose orders are taken over; what follows stands below it.
const fullShop = "merchants:\n  - id: demo\n    mode: full\n    rules: rules\n    tokens: [{env: TOKEN}]\n" +
	"    provider: {base_url: \"https://api.example\", credentials: {raw_file: key}}\n"

// codes loads a configuration and returns the codes of its errors.
func codes(t *testing.T, text string, env ...string) (*configs.Config, []string) {
	t.Helper()
	var r diag.Report
	c := configs.LoadFS(tree(text, map[string]string{"key": "k", "seal": sealKey}), "kvitto.yaml", append(env, "TOKEN="+goodToken), &r)
	var out []string
	for _, f := range r.Findings() {
		if f.Severity == diag.Error {
			out = append(out, f.Code)
		}
	}
	return c, out
}

func TestSeal(t *testing.T) {
	t.Parallel()
	const redis = "store: {redis: {addrs: [\"127.0.0.1:6379\"]}}\n"
	sink := fullShop + "    sink: {spool: {dir: out}}\n"
	tests := []struct {
		name, text string
		key        string
		keys       int
		want       []string
	}{
		{"a store of our own needs none", sink, "", 0, nil},
		{"Redis without orders needs none", redis + least, "", 0, nil},
		{"Redis with orders needs one", redis + sink, "", 0, []string{"C018"}},
		{"an empty list is none", redis + "confirm: {seal: []}\n" + sink, "", 0, []string{"C018"}},
		{"base64", redis + "confirm: {seal: [{env: K}]}\n" + sink, sealKey, 1, nil},
		{"a file", redis + "confirm: {seal: [{file: seal}]}\n" + sink, "", 1, nil},
		{"both", "confirm: {seal: [{file: seal}, {env: K}]}\n" + sink, sealKey[4:] + "new1", 2, nil},
		{"hex", "confirm: {seal: [{env: K}]}\n" + sink, "0123456789abcdef0123456789abcdef", 1, nil},
		{"31 characters", "confirm: {seal: [{env: K}]}\n" + sink, sealKey[:31], 0, []string{"C013"}},
		{"32 letters that are not ASCII", "confirm: {seal: [{env: K}]}\n" + sink, strings.Repeat("åäöéüñçøæß", 4)[:64], 1, nil},
		{"not UTF-8", "confirm: {seal: [{env: K}]}\n" + sink, sealKey + "\xff", 0, []string{"C013"}},
		{"256 characters", "confirm: {seal: [{env: K}]}\n" + sink, strings.Repeat("0123456789abcdef", 16), 1, nil},
		{"257 characters", "confirm: {seal: [{env: K}]}\n" + sink, strings.Repeat("0123456789abcdef", 16) + "0", 0, []string{"C013"}},
		{"nine characters over and over", "confirm: {seal: [{env: K}]}\n" + sink, strings.Repeat("012345678", 5), 0, []string{"C013"}},
		{"five keys", "confirm: {seal: [{env: K}, {env: A}, {env: B}, {env: C}, {file: seal}]}\n" + sink, sealKey + "K", 0, []string{"C003"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, got := codes(t, tt.text, "K="+tt.key, "A="+sealKey+"A", "B="+sealKey+"B", "C="+sealKey+"C")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
			if c != nil && len(c.Confirm.Seal) != tt.keys {
				t.Errorf("got %d keys, want %d", len(c.Confirm.Seal), tt.keys)
			}
		})
	}
}

func TestAuditFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       configs.Audit
	}{
		{"beside the store", "store: {file: data/orders.db}\n", configs.Audit{File: "data/audit.jsonl"}},
		{"with Redis", "store: {redis: {addrs: [\"127.0.0.1:6379\"]}}\n", configs.Audit{File: "var/audit.jsonl"}},
		{"named", "audit: {file: log/a.jsonl, required: yes}\n", configs.Audit{File: "log/a.jsonl", Required: true}},
		{"off", "audit: {file: \"\"}\n", configs.Audit{}},
		{"required beside the store", "audit: {required: yes}\n", configs.Audit{File: "var/audit.jsonl", Required: true}},
		{"nothing said", "audit:\n", configs.Audit{File: "var/audit.jsonl"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, got := codes(t, tt.text+least)
			if len(got) > 0 || c.Audit != tt.want {
				t.Errorf("got %v and %+v, want %+v", got, c, tt.want)
			}
		})
	}
}

func TestSinks(t *testing.T) {
	t.Parallel()
	secret := func(all ...string) []configs.Secret {
		var out []configs.Secret
		for _, s := range all {
			out = append(out, configs.NewSecret(s))
		}
		return out
	}
	tests := []struct {
		name, sink string
		want       configs.Sink
	}{
		{"spool", "{spool: {dir: out}}", configs.Sink{SpoolDir: "out"}},
		{"spool, thin", "{spool: {dir: out, payload: thin}}", configs.Sink{SpoolDir: "out", Thin: true}},
		{"spool, with ids of persons", "{spool: {dir: out, payload: full, personal_ids: yes}}", configs.Sink{SpoolDir: "out", PersonalIDs: true}},
		{"webhook, one secret", "{webhook: {url: \"https://shop.example\", secret_file: key}}",
			configs.Sink{Webhook: &configs.Webhook{URL: "https://shop.example", Secrets: secret("k")}}},
		{"webhook, a list", "{webhook: {url: \"https://shop.example\", secrets: [{env: TOKEN}, {file: key}], payload: thin}}",
			configs.Sink{Thin: true, Webhook: &configs.Webhook{URL: "https://shop.example", Secrets: secret(goodToken, "k")}}},
		{"plug-in", "{plugin: acme.erp}\n    plugins: [{name: stock}, {name: acme.erp}]", configs.Sink{Plugin: "acme.erp"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, got := codes(t, fullShop+"    sink: "+tt.sink+"\n")
			if len(got) > 0 {
				t.Fatal(got)
			}
			if diff := cmp.Diff(tt.want, c.Merchants[0].Sink, options()...); diff != "" {
				t.Error(diff)
			}
			if p := c.Merchants[0].Provider; p.PerSecond != 20 || !p.Checkout {
				t.Errorf("got %+v, want 20 requests a second and the checkout order read", p)
			}
		})
	}
}

// TestNoSink: whatever leaves no place to hand orders to is told.
func TestNoSink(t *testing.T) {
	t.Parallel()
	for sink, want := range map[string]string{
		`{}`: "C018", `{x-note: 1}`: "C018", `{spool: {dir: ""}}`: "C016", `{spool: }`: "E016", `{plugin: ""}`: "C018", `{plugin: }`: "E005",
		`{webhook: {url: "", secret_file: key}}`: "C006", `{webhook: {url: "https://shop.example", secrets: }}`: "C003",
		`{webhook: {url: "https://shop.example", secrets: []}}`: "C003", `{webhook: {url: "https://shop.example"}}`: "E016",
		`{spool: {dir: a}, plugin: b}`: "C018", `{stream: {}}`: "C018", `{spool: {dir: a, payload: }, x-note: 1}`: "E005",
	} {
		if c, got := codes(t, fullShop+"    sink: "+sink+"\n"); c != nil || len(got) == 0 || got[0] != want {
			t.Errorf("%s: got %v, want %s", sink, got, want)
		}
	}
	if c, got := codes(t, fullShop+"    sink: {x-note: 1, spool: {dir: a}}\n"); c == nil {
		t.Errorf("a note beside the place: got %v", got)
	}
	for webhook, want := range map[string]string{
		`{secrets: , unconfirmed: accepted}`: "C003", `{secrets: [{file: key}]}`: "C018", `{unconfirmed: accepted}`: "E016",
		`{secrets: [{file: none}], unconfirmed: accepted}`: "E010", `{secrets: key, unconfirmed: accepted}`: "E005",
	} {
		if c, got := codes(t, fullShop+"    sink: {spool: {dir: a}}\n    webhook: "+webhook+"\n"); c != nil || len(got) == 0 || got[0] != want {
			t.Errorf("webhook %s: got %v, want %s", webhook, got, want)
		}
	}
}

// TestConfirmOverrides: the new keys are reached from the environment as all others are.
func TestConfirmOverrides(t *testing.T) {
	t.Parallel()
	c, got := codes(t, fullShop+"    sink: {webhook: {url: \"https://shop.example\", secrets: [{file: key}]}}\n",
		"KVITTO_CONFIRM_SEAL_0_ENV=K", "K="+sealKey, "KVITTO_AUDIT_FILE=", "KVITTO_MERCHANTS_0_EXPECT_PUSH=6h",
		"KVITTO_MERCHANTS_0_PROVIDER_REQUESTS_PER_SECOND=1", "KVITTO_MERCHANTS_0_PROVIDER_CHECKOUT=no",
		"KVITTO_MERCHANTS_0_SINK_WEBHOOK_PAYLOAD=thin", "KVITTO_MERCHANTS_0_SINK_WEBHOOK_SECRETS_1_ENV=TOKEN",
		"KVITTO_MERCHANTS_0_WEBHOOK_SECRETS_0_FILE=key", "KVITTO_MERCHANTS_0_WEBHOOK_UNCONFIRMED=accepted")
	if len(got) > 0 {
		t.Fatal(got)
	}
	m := &c.Merchants[0]
	have := []any{len(c.Confirm.Seal), c.Audit.File, m.ExpectPush, m.Provider.PerSecond, m.Provider.Checkout, m.Sink.Thin,
		len(m.Sink.Webhook.Secrets), m.Webhook.Secrets[0].Reveal()}
	if diff := cmp.Diff([]any{1, "", 6 * time.Hour, 1, false, true, 2, "k"}, have); diff != "" {
		t.Error(diff)
	}
}
