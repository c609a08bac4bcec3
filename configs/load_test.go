package configs_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

const everything = `
listen: :8080
admin: "[::]:9090"
admin_token: {file: secrets/admin}
log: {level: debug, format: console}
store: {redis: {addrs: ["127.0.0.1:26379", "redis-1:26379"], sentinel: mymaster, sentinel_user: watcher, sentinel_password: {env: REDIS}, user: kvitto, password: {env: REDIS}, database: 3, tls: yes}}
confirm: {lease: 1m, poll: 250ms, backoff: [1s, 1s, 1h], horizon: 24h, seal: [{file: secrets/seal}, {env: SEAL}]}
audit: {file: log/audit.jsonl, required: yes}
trusted_proxies: [10.0.0.0/8, "::1"]
limits: {body: 1 MiB, in_flight: 2GiB}
texts:
  fault: {sv: Fel, en: Wrong}
  sold_out: {sv: Slut}
ephemeral: accepted
egress: {allow: [192.168.1.0/24]}
x-note: {mine: [1]}
merchants:
  - id: shop-1
    mode: full
    rules: rules
    tokens: [{env: TOKEN}, {sha256: AB00000000000000000000000000000000000000000000000000000000000000, until: 2027-01-31}]
    shop_tokens: [{file: secrets/shop, until: 2027-01-31T12:00:00+01:00}]
    order_id_parameters: [order]
    provider: {base_url: https://api.example/eu/, credentials: {user_file: secrets/user, password_env: REDIS}, requests_per_second: 200, checkout: no}
    webhook: {secrets: [{file: secrets/user}, {env: REDIS}], unconfirmed: accepted}
    expect_push: 5m
    shipping_line: provider
    shipping_lines_kept: [PARCEL-*, "a b"]
    deadlines: {update: 1s, validation: 1500ms}
    on_deadline: {validation: deny}
    country_change: {NO: {redirect: https://shop.example/no}, DK: {redirect: https://shop.example/dk?x=1}}
    validation: {deny_url: https://shop.example/sorry, require_option: no, grace: 0s}
    products: lists/products.csv
    facts: {coupon: /cart/~1coupon~0/0, group: /g}
    shop_check: {url: https://shop.example/check, secret_env: REDIS, deadline: 500ms, on_fault: deny}
    sink: {webhook: {url: "http://[::1]:8000/orders", secrets: [{file: secrets/user}, {env: REDIS}], payload: full, personal_ids: yes}}
    capture: {when: {only_class: digital}}
    redis_down: inline
    plugins:
      - {name: acme.age_limit, deadline: 200ms, on_fault: skip, config: {age: 018}}
      - name: stock
    quote: {require: yes, secrets: [{file: secrets/shop}, {env: TOKEN}]}
  - {id: b, rules: rules, tokens: [{env: TOKEN}], sink: {stream: {payload: thin}}, order_id_parameters: [a, b]}
public_url: https://kvitto.shop.example/k/
decisions: {keep: 50, bytes: 2MiB}
`

func everythingFiles() map[string]string {
	return map[string]string{"secrets/admin": strings.Repeat("AZaz09-_xy", 5) + "\r\n", "secrets/shop": strings.Repeat("AZaz09-_xy", 5), "secrets/user": "user\n",
		"secrets/seal": sealKey + "\n"}
}

func everythingWanted() *configs.Config {
	place := func(line, col, end int) diag.Place {
		return diag.Place{File: "kvitto.yaml", Line: line, Col: col, EndCol: end}
	}
	upper := [32]byte{0xAB}
	return &configs.Config{
		PublicURL: "https://kvitto.shop.example/k",
		Decisions: configs.Decisions{Keep: 50, Bytes: 2 << 20},
		Listen:    ":8080", Admin: "[::]:9090", AdminToken: configs.NewSecret(strings.Repeat("AZaz09-_xy", 5)),
		Log:            configs.Log{Level: "debug", Format: "console"},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		Limits:         configs.Limits{Body: 1 << 20, InFlight: 2 << 30},
		Store: configs.Store{Redis: &configs.Redis{Addrs: []string{"127.0.0.1:26379", "redis-1:26379"}, Sentinel: "mymaster", SentinelUser: "watcher", SentinelPassword: configs.NewSecret("canary"),
			User: "kvitto", Password: configs.NewSecret("canary"), Database: 3, TLS: true}},
		Confirm: configs.Confirm{Lease: time.Minute, Poll: 250 * time.Millisecond, Horizon: 24 * time.Hour,
			Backoff: []time.Duration{time.Second, time.Second, time.Hour},
			Seal:    []configs.Secret{configs.NewSecret(sealKey), configs.NewSecret(sealKey + "2")}},
		Audit:     configs.Audit{File: "log/audit.jsonl", Required: true},
		Ephemeral: true, Egress: []netip.Prefix{netip.MustParsePrefix("192.168.1.0/24")},
		Merchants: []configs.Merchant{{
			ID: "shop-1", Mode: "full", Rules: "rules", Rulebook: "rules", Place: place(18, 5, 7),
			Tokens: []configs.Token{{Hash: hash(goodToken), Plain: configs.NewSecret(goodToken)}, {Hash: upper, Until: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}},
			ShopTokens: []configs.Token{{Hash: hash(strings.Repeat("AZaz09-_xy", 5)), Plain: configs.NewSecret(strings.Repeat("AZaz09-_xy", 5)),
				Until: time.Date(2027, 1, 31, 11, 0, 0, 0, time.UTC)}},
			Quote: configs.Quote{Digest: true, Require: true, Secrets: []configs.Secret{
				configs.NewSecret(strings.Repeat("AZaz09-_xy", 5)), configs.NewSecret(goodToken)}},
			OrderIDParameters: []string{"order"},
			Provider: &configs.Provider{BaseURL: "https://api.example/eu", User: configs.NewSecret("user"),
				Password: configs.NewSecret("canary"), PerSecond: 200, Place: place(24, 15, 151)},
			Webhook:      &configs.SignedWebhook{Secrets: []configs.Secret{configs.NewSecret("user"), configs.NewSecret("canary")}},
			ExpectPush:   5 * time.Minute,
			ShippingLine: "provider", ShippingLinesKept: []string{"PARCEL-*", "a b"},
			UpdateDeadline: time.Second, ValidationTimeout: 1500 * time.Millisecond,
			CountryChange: map[string]string{"NO": "https://shop.example/no", "DK": "https://shop.example/dk?x=1"},
			DenyURL:       "https://shop.example/sorry", Products: "lists/products.csv",
			Facts: map[string]string{"coupon": "/cart/~1coupon~0/0", "group": "/g"},
			ShopCheck: &configs.ShopCheck{URL: "https://shop.example/check", Secret: configs.NewSecret("canary"),
				Deadline: 500 * time.Millisecond},
			Sink: configs.Sink{PersonalIDs: true, Webhook: &configs.Webhook{URL: "http://[::1]:8000/orders",
				Secrets: []configs.Secret{configs.NewSecret("user"), configs.NewSecret("canary")}}},
			RedisDown: "inline",
			Plugins: []configs.Plugin{
				{Name: "acme.age_limit", Deadline: 200 * time.Millisecond, OnFault: "skip", Place: place(40, 16, 30)},
				{Name: "stock", Place: place(41, 15, 20)},
			},
		}, {
			ID: "b", Mode: "pricing", Rules: "rules", Rulebook: "rules", Place: place(43, 5, 112), Quote: configs.Quote{Digest: true}, Tokens: []configs.Token{{Hash: hash(goodToken), Plain: configs.NewSecret(goodToken)}},
			OrderIDParameters: []string{"a", "b"}, ShippingLine: "merchant", UpdateDeadline: 2 * time.Second,
			ValidationTimeout: 2500 * time.Millisecond, ApproveOnDeadline: true, RequireOption: true, Grace: time.Hour,
			Sink: configs.Sink{Stream: true, Thin: true}, RedisDown: "refuse",
		}},
		Files: []string{"secrets/seal", "secrets/admin", "secrets/user", "secrets/user", "secrets/user", "secrets/shop", "secrets/shop"},
	}
}

func TestEveryKey(t *testing.T) {
	t.Parallel()
	var r diag.Report
	c := configs.LoadFS(tree(everything, everythingFiles()), "kvitto.yaml", []string{"TOKEN=" + goodToken, "REDIS=canary", "SEAL=" + sealKey + "2"}, &r)
	if c == nil {
		findings(t, &r)
		t.Fatal("not loaded")
	}
	if got := c.Texts; got["fault"]["sv"] != "Fel" || got["fault"]["en"] != "Wrong" || got["fault"]["fi"] == "" || got["sold_out"]["sv"] != "Slut" {
		t.Errorf("texts: %v", got)
	}
	m := &c.Merchants[0]
	if got := m.Plugins[0].Config.Get("age"); got == nil || got.Text != "018" {
		t.Errorf("the raw configuration of a plug-in: %+v", got)
	}
	if got := m.Capture.When.Get("only_class"); got == nil || got.Text != "digital" {
		t.Errorf("the raw condition: %+v", got)
	}
	c.Texts, m.Plugins[0].Config, m.Capture = nil, nil, nil
	if diff := cmp.Diff(everythingWanted(), c, options()...); diff != "" {
		t.Error(diff)
	}
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	env := []string{
		"TOKEN=" + goodToken, "OTHER=" + strings.ToUpper(goodToken), "THIRD=" + goodToken[1:] + goodToken[:1],
		"KVITTO_LISTEN=:1", "KVITTO_LISTEN=:2", // the last holds
		"KVITTO_LOG_LEVEL=error", "KVITTO_LIMITS_IN_FLIGHT=128MiB", "KVITTO_TRUSTED_PROXIES_0=10.0.0.0/8",
		"KVITTO_TEXTS_FAULT_SV=Fel", "KVITTO_TEXTS_SOLD_OUT_EN=Gone",
		"KVITTO_MERCHANTS_0_RULES=other", "KVITTO_MERCHANTS_0_DEADLINES_UPDATE=1s", "KVITTO_MERCHANTS_0_VALIDATION_DENY_URL=",
		"KVITTO_MERCHANTS_0_COUNTRY_CHANGE_NO_REDIRECT=https://shop.example/no", "KVITTO_MERCHANTS_0_FACTS_GROUP=/g",
		"KVITTO_MERCHANTS_0_TOKENS_1_ENV=OTHER", "KVITTO_MERCHANTS_0_PLUGINS_0_NAME=acme.age",
		"KVITTO_MERCHANTS_1_ID=second", "KVITTO_MERCHANTS_1_RULES=rules", "KVITTO_MERCHANTS_1_TOKENS_0_ENV=THIRD",
	}
	var r diag.Report
	c := configs.LoadFS(tree(least+"    deadlines:\n", map[string]string{"other/shipping.yaml": ""}), "kvitto.yaml", env, &r)
	findings(t, &r)
	if c == nil {
		t.Fatal("not loaded")
	}
	m := c.Merchants[0]
	got := []any{
		c.Listen, c.Log.Level, c.Limits.InFlight, c.TrustedProxies[0].String(), c.Texts["fault"]["sv"], c.Texts["sold_out"]["en"],
		m.Rules, m.UpdateDeadline, m.DenyURL, m.CountryChange["NO"], m.Facts["group"], len(m.Tokens), m.Plugins[0].Name,
		len(c.Merchants), c.Merchants[1].ID,
	}
	want := []any{
		":2", "error", int64(128 << 20), "10.0.0.0/8", "Fel", "Gone",
		"other", time.Second, "", "https://shop.example/no", "/g", 2, "acme.age",
		2, "second",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOverridesInOrderOfNumbers(t *testing.T) {
	t.Parallel()
	env := []string{"TOKEN=" + goodToken}
	for _, i := range []string{"10", "2", "0", "1", "9", "3", "8", "4", "7", "5", "6"} {
		env = append(env, "KVITTO_TRUSTED_PROXIES_"+i+"=10.0.0."+i)
	}
	var r diag.Report
	c := configs.LoadFS(tree(least, nil), "kvitto.yaml", env, &r)
	findings(t, &r)
	if c == nil || len(c.TrustedProxies) != 11 || c.TrustedProxies[10].String() != "10.0.0.10/32" {
		t.Errorf("%+v", c)
	}
}

// machine writes files into a folder and returns its path.
func machine(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPathsBeginAtTheFile(t *testing.T) {
	t.Parallel()
	elsewhere := machine(t, map[string]string{"token": goodToken[1:] + goodToken[:1], "tables/shipping.yaml": ""})
	dir := machine(t, map[string]string{
		"etc/kvitto.yaml": "store: {file: ../var/kvitto.db}\nmerchants:\n" +
			"  - {id: a, rules: ../rules/a, tokens: [{file: ../run/token}], sink: {spool: {dir: out}}}\n" +
			"  - {id: b, rules: " + filepath.Join(elsewhere, "tables") + ", tokens: [{file: " + filepath.Join(elsewhere, "token") + "}]}\n",
		"rules/a/shipping.yaml": "", "run/data": goodToken + "\n",
	})
	if err := os.Symlink("data", filepath.Join(dir, "run/token")); err != nil { // as a cluster mounts secrets
		t.Skip(err)
	}
	var r diag.Report
	c := configs.Load(filepath.Join(dir, "etc/kvitto.yaml"), nil, &r)
	findings(t, &r)
	if c == nil {
		t.Fatal("not loaded")
	}
	got := []string{c.Store.File, c.Merchants[0].Rules, c.Merchants[0].Sink.SpoolDir, c.Merchants[1].Rules}
	want := []string{filepath.Join(dir, "var/kvitto.db"), filepath.Join(dir, "rules/a"), filepath.Join(dir, "etc/out"), filepath.Join(elsewhere, "tables")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.Merchants[0].Tokens[0].Hash != hash(goodToken) || c.Merchants[1].Tokens[0].Hash != hash(goodToken[1:]+goodToken[:1]) {
		t.Error("tokens were not read")
	}
}

func TestFaultsNameTheFileAsGiven(t *testing.T) {
	t.Parallel()
	dir := machine(t, map[string]string{"bad.yaml": "a: 1\n", "latin.yaml": "a: \xe5\n"})
	for _, name := range []string{"bad.yaml", "latin.yaml", "none.yaml", "."} {
		var r diag.Report
		file := filepath.Join(dir, name)
		if configs.Load(file, nil, &r) != nil {
			t.Errorf("%s was loaded", name)
		}
		all := r.Findings()
		if len(all) == 0 || slices.ContainsFunc(all, func(f diag.Finding) bool { return f.File != file }) {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func TestLimitsOfWhatIsRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"huge": strings.Repeat("a", 100<<10), "latin": "\xe5canary", "nul": "a\x00b"} {
		var r diag.Report
		config := "merchants:\n  - {id: a, rules: rules, tokens: [{file: secret}]}\n"
		if configs.LoadFS(tree(config, map[string]string{"secret": text}), "kvitto.yaml", nil, &r) != nil {
			t.Errorf("%s was taken", name)
		}
		if all := r.Findings(); len(all) != 1 || all[0].File != "kvitto.yaml" || all[0].Line != 2 || all[0].Col != 43 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}
