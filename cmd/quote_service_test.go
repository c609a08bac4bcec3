package cmd_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

const (
	quoteToken = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
	nextToken  = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
)

// quoteFolder is the README's shop with quotes; line is what else its merchant says.
func quoteFolder(t *testing.T, line string) (dir, config string) {
	t.Helper()
	dir, config = shopFolder(t)
	write(t, filepath.Join(dir, "shop-token"), quoteToken)
	write(t, config, "public_url: https://kvitto.shop.example\nmerchants:\n  - id: shop\n    rules: rules\n"+
		"    tokens: [{env: KVITTO_SHOP_TOKEN}]\n    shop_tokens: [{file: shop-token}]\n"+line)
	return dir, config
}

// TestQuoteManual posts the draft of docs/quote.md; -update rewrites configs/examples/first/quoted.json.
func TestQuoteManual(t *testing.T) {
	_, config := quoteFolder(t, "")
	r := start(t, "--config", config)
	status, got := r.ask("/v1/shop/"+quoteToken+"/quote", readRepo(t, "configs/examples/first/draft.json"))
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, got)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(got), "", "  "); err != nil {
		t.Fatal(err)
	}
	const file = "../configs/examples/first/quoted.json"
	if *update {
		write(t, file, indented.String()+"\n")
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if indented.String()+"\n" != string(want) {
		t.Errorf("got\n%s\nwant\n%s", &indented, want)
	}
	o, err := order.DecodeOrder(want, order.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if v := gate.Order(o); len(v) > 0 {
		t.Errorf("the provider would refuse %v", v)
	}
	const piece = `{"country":"SE","currency":"SEK","weight":900,"value":24900}`
	if status, got := r.ask("/v1/shop/"+quoteToken+"/freight-from", piece); status != http.StatusOK || got !=
		`{"purchase_currency":"SEK","shipping_option":{"id":"ombud","name":"Till ombud","price":5900,"tax_amount":1180,"tax_rate":2500}}` {
		t.Errorf("freight-from: %d %s", status, got)
	}
	for _, path := range []string{"/v1/shop/" + shopToken + "/quote", "/v1/shop/" + quoteToken + "/validation"} {
		if status, _ := r.ask(path, "{}"); status != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, status)
		}
	}
}

// validated is a quoted order as the provider sends it to validation: complete, with the option that was marked.
func validated(t *testing.T, quoted string) string {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(quoted), &o); err != nil {
		t.Fatal(err)
	}
	o["order_id"] = "0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0"
	o["shipping_address"] = map[string]any{"country": "se", "postal_code": "11122"}
	o["selected_shipping_option"] = o["shipping_options"].([]any)[0]
	out, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestQuoteSecrets changes what signs quotes while orders are open: those of before pass as long as the old secret is listed.
func TestQuoteSecrets(t *testing.T) {
	for _, tt := range []struct {
		name, line    string // of the merchant
		old, both, on string // what signs: before, while it is changed, afterwards
		token         string // of the shop, from the change on
	}{
		{"shop tokens", "    quote: {require: yes}\n", "[{file: shop-token}]", "[{file: shop-token}, {file: next-token}]", "[{file: next-token}]", nextToken},
		{"secrets of their own", "    quote: {require: yes, secrets: [{file: secret}]}\n",
			"[{file: secret}]", "[{file: secret}, {file: next-token}]", "[{file: next-token}]", quoteToken},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, config := quoteFolder(t, tt.line)
			write(t, filepath.Join(dir, "secret"), strings.Repeat("0123456789abcdef", 4))
			write(t, filepath.Join(dir, "next-token"), nextToken)
			r := start(t, "--config", config)
			draft := readRepo(t, "configs/examples/first/draft.json")
			quoted := func(token string) string {
				t.Helper()
				status, got := r.ask("/v1/shop/"+token+"/quote", draft)
				if status != http.StatusOK {
					t.Fatalf("quote: got %d %s", status, got)
				}
				return validated(t, got)
			}
			validation := func(name, order string, want int) {
				t.Helper()
				if status, got := r.post("validation", order); status != want {
					t.Errorf("%s: got %d %s, want %d\n%s", name, status, got, want, r.logs)
				}
			}
			change := func(from, to string) {
				t.Helper()
				edit(t, config, from, to)
				r.await("configuration in use")
			}
			old := quoted(quoteToken)
			validation("quoted", old, 200)
			change(tt.old, tt.both)
			validation("quoted before", old, 200)
			fresh := quoted(tt.token)
			validation("quoted since", fresh, 200)
			change(tt.both, tt.on)
			validation("quoted since, the old one gone", fresh, 200)
			validation("quoted before, the old one gone", old, 400)
			r.await(`"rule":"cart_digest"`)
		})
	}
}

// TestSecretFileReload changes the file of a shop token and nothing else: the new one opens, the old one does not.
func TestSecretFileReload(t *testing.T) {
	dir, config := quoteFolder(t, "")
	r := start(t, "--config", config)
	draft := readRepo(t, "configs/examples/first/draft.json")
	if status, _ := r.ask("/v1/shop/"+nextToken+"/quote", draft); status != http.StatusNotFound {
		t.Fatalf("got %d, want 404 before the change", status)
	}
	write(t, filepath.Join(dir, "shop-token"), nextToken)
	r.await("configuration in use")
	if status, got := r.ask("/v1/shop/"+nextToken+"/quote", draft); status != http.StatusOK {
		t.Errorf("the new token: got %d %s", status, got)
	}
	if status, _ := r.ask("/v1/shop/"+quoteToken+"/quote", draft); status != http.StatusNotFound {
		t.Errorf("the old token: got %d, want 404", status)
	}
	if strings.Contains(r.logs.String(), nextToken) || strings.Contains(r.logs.String(), quoteToken) {
		t.Error("a token is in the log")
	}
}
