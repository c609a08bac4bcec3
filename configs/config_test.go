package configs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// goodToken is 256 bits of hex, as the tests need them.
const goodToken = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func hash(token string) [32]byte { return sha256.Sum256([]byte(token)) }

// findings fails the test where there are any.
func findings(t *testing.T, r *diag.Report) {
	t.Helper()
	var short strings.Builder
	if err := r.Short(&short); err != nil {
		t.Fatal(err)
	}
	if short.Len() > 0 {
		t.Error(short.String())
	}
}

// TestEveryFileLoads walks configs/: each YAML file is a configuration, or is parsed strictly at least.
func TestEveryFileLoads(t *testing.T) {
	t.Parallel()
	files := 0
	err := fs.WalkDir(configs.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		files++
		var r diag.Report
		if filepath.Base(name) == "kvitto.yaml" {
			if configs.LoadFS(configs.FS(), name, []string{"KVITTO_SHOP_TOKEN=" + goodToken}, &r) == nil {
				t.Errorf("%s: not loaded", name)
			}
		} else if data, ok := diag.ReadFile(configs.FS(), name, diag.MaxYAML, diag.Place{}, &r); ok {
			diag.Parse(name, data, &r)
		}
		findings(t, &r)
		return nil
	})
	if err != nil || files < 6 {
		t.Errorf("%d files: %v", files, err)
	}
}

// TestSampleCommentsLoad takes the comment signs from the settings of the sample: what it offers must be right too.
func TestSampleCommentsLoad(t *testing.T) {
	t.Parallel()
	data, err := fs.ReadFile(configs.FS(), "kvitto.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, setting := range []string{
		"admin_token", "public_url", "trusted_proxies", "store: {redis", "confirm", "audit", "ephemeral", "egress", "publish", "- {file: secrets/old-token", "shop_tokens",
		"order_id_parameters", "shipping_lines_kept", "country_change", `  "NO"`, "products", "shop_check", "quote", "provider:",
		"  base_url", "  credentials", "  requests_per_second", "  checkout", "sink:", "  webhook: {url", "expect_push", "webhook: {secrets", "capture", "redis_down", "plugins:", "  - {name: acme",
	} {
		if !strings.Contains(text, "# "+setting) {
			t.Errorf("the sample has no %q", setting)
		}
		text = strings.Replace(text, "# "+setting, setting, 1)
	}
	text = strings.Replace(text, "mode: pricing", "mode: full", 1)
	files := tree(text, map[string]string{
		"secrets/redis": "r\n", "secrets/check": "c", "secrets/user": "u", "secrets/password": "p", "secrets/orders": "o", "secrets/kustom": "k", "secrets/old-token": strings.Repeat(goodToken, 2),
		"examples/nordic/shipping.yaml": "",
	})
	var r diag.Report
	env := []string{"KVITTO_SHOP_TOKEN=" + goodToken, "KVITTO_SHOP_QUOTE_TOKEN=" + strings.ToUpper(goodToken), "KVITTO_CONSOLE_TOKEN=" + goodToken + "00", "KVITTO_SEAL_KEY=" + sealKey, "KVITTO_ANNA_TOKEN=" + goodToken + "01"}
	if configs.LoadFS(files, "kvitto.yaml", env, &r) == nil {
		t.Error("not loaded")
	}
	for _, f := range r.Findings() {
		t.Errorf("%d:%d: %s [%s]", f.Line, f.Col, f.Message, f.Code)
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	c := configs.Demo()
	if c.Listen != "127.0.0.1:8080" || c.Admin != "127.0.0.1:9090" || len(c.Merchants) != 3 {
		t.Errorf("%+v", c)
	}
	m := c.Merchants[0]
	if m.ID != "demo" || m.Rules != "demo/rules" || len(m.Tokens) != 1 || m.Tokens[0].Hash != hash(configs.DemoToken) ||
		len(m.ShopTokens) != 1 || m.ShopTokens[0].Hash != hash(configs.DemoShopToken) {
		t.Errorf("%+v; the hash of the token is %s", m, hex.EncodeToString(m.Tokens[0].Hash[:]))
	}
	for _, m := range c.Merchants {
		if len(m.Tokens) != 1 || m.Tokens[0].Hash != hash(configs.DemoTokenOf(m.ID)) {
			t.Errorf("%s: no such token", m.ID)
		}
		if _, err := fs.Stat(configs.FS(), m.Rules+"/shipping.yaml"); err != nil {
			t.Error(err)
		}
	}
}

// sealKey is as openssl rand -base64 32 prints it.
const sealKey = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="

const least = "merchants:\n  - id: demo\n    rules: rules\n    tokens: [{env: TOKEN}]\n"

func TestDefaults(t *testing.T) {
	t.Parallel()
	var r diag.Report
	c := configs.LoadFS(tree(least, nil), "kvitto.yaml", []string{"TOKEN=" + goodToken}, &r)
	findings(t, &r)
	if c == nil {
		t.Fatal("not loaded")
	}
	if got := c.Texts["fault"]; len(got) != 6 || got["sv"] == "" || got["nb"] == "" || got["da"] == "" || got["fi"] == "" || got["en"] == "" || got["de"] == "" {
		t.Errorf("texts: %v", got)
	}
	c.Texts = nil
	want := &configs.Config{
		Listen: "127.0.0.1:8080", Admin: "127.0.0.1:9090",
		Log:       configs.Log{Level: "info", Format: "json"},
		Limits:    configs.Limits{Body: 5 << 20, InFlight: 64 << 20},
		Store:     configs.Store{File: "var/kvitto.db"},
		Audit:     configs.Audit{File: "var/audit.jsonl"},
		Decisions: configs.Decisions{Keep: 1000, Bytes: 16 << 20},
		Confirm: configs.Confirm{
			Lease: 30 * time.Second, Poll: time.Second, Horizon: 47 * time.Hour,
			Backoff: []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour},
		},
		Merchants: []configs.Merchant{{
			ID: "demo", Mode: "pricing", Rules: "rules", Rulebook: "rules", Tokens: []configs.Token{{Hash: hash(goodToken), Plain: configs.NewSecret(goodToken)}},
			OrderIDParameters: []string{"klarna_order_id", "kustom_order_id"}, ShippingLine: "merchant",
			UpdateDeadline: 2 * time.Second, ValidationTimeout: 2500 * time.Millisecond, ApproveOnDeadline: true,
			RequireOption: true, Grace: time.Hour, RedisDown: "refuse", Quote: configs.Quote{Digest: true},
			Place: diag.Place{File: "kvitto.yaml", Line: 2, Col: 5, EndCol: 7},
		}},
	}
	if diff := cmp.Diff(want, c, options()...); diff != "" {
		t.Error(diff)
	}
}

func options() []cmp.Option {
	return []cmp.Option{
		cmp.Comparer(func(a, b configs.Secret) bool { return a.Reveal() == b.Reveal() }),
		cmpopts.EquateComparable(netip.Prefix{}), cmpopts.IgnoreUnexported(diag.Node{}),
	}
}
