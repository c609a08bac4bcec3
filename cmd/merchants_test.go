package cmd_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ask posts to any path of the public listener.
func (r *running) ask(path, body string) (int, string) {
	r.t.Helper()
	resp, err := http.Post("http://"+r.listen+path, "application/json", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	return read(r.t, resp)
}

// tokenOf is a merchant's token, and writeTokens makes the files that hold them.
func tokenOf(id string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte("token of "+id))) }

func writeTokens(t *testing.T, dir string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		write(t, filepath.Join(dir, id+".token"), tokenOf(id))
	}
}

// merchants is a configuration of merchants, each given as id=folder.
func merchants(pairs ...string) string {
	text := "merchants:\n"
	for _, pair := range pairs {
		id, folder, _ := strings.Cut(pair, "=")
		text += fmt.Sprintf("  - {id: %s, rules: %s, tokens: [{file: %s.token}]}\n", id, folder, id)
	}
	return text
}

// cart is an update request in a currency to a country.
func cart(country, postcode, currency string) string {
	return fmt.Sprintf(`{"order_amount":10000,"order_tax_amount":2000,"purchase_currency":%q,"locale":"en","shipping_address":{"country":%q,"postal_code":%q},
		"order_lines":[{"reference":"A","name":"Mug","quantity":1,"unit_price":10000,"tax_rate":2500,"total_amount":10000,"total_tax_amount":2000,
		"shipping_attributes":{"weight":500}}]}`, currency, country, postcode)
}

// TestManyMerchants: one folder serves several merchant ids with countries and currencies of their own, a broken folder leaves the
// others alone at the start and on reload, and tokens open nothing of a neighbour.
func TestManyMerchants(t *testing.T) {
	dir, config := shopFolder(t)
	for _, folder := range []string{"nordic", "first"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS("../configs/examples/"+folder)); err != nil {
			t.Fatal(err)
		}
	}
	writeTokens(t, dir, "se", "no", "alone", "late")
	broken := filepath.Join(dir, "first", "shipping.yaml")
	edit(t, broken, "price: 59.00", "price: 59,00")
	write(t, config, merchants("se=nordic", "no=nordic", "alone=first"))
	r := start(t, "--config", config)
	// The log line of a reload is written just before the swap, so the first requests after it may still see what was.
	asks := func(id, body string, want int) {
		t.Helper()
		status, got := 0, ""
		for range 1000 {
			if status, got = r.ask("/v1/"+id+"/"+tokenOf(id)+"/address-update", body); status == want {
				return
			}
		}
		t.Errorf("%s: got %d %s, want %d", id, status, got, want)
	}
	asks("se", cart("SE", "11122", "SEK"), 200)
	asks("no", cart("NO", "0150", "NOK"), 200)
	asks("alone", cart("SE", "11122", "SEK"), 404) // never had tables: as if it were not there
	if status, _ := r.ask("/v1/no/"+tokenOf("se")+"/address-update", cart("NO", "0150", "NOK")); status != 404 {
		t.Errorf("the neighbour's token: got %d, want 404", status)
	}
	if _, got := r.get("/metrics"); !strings.Contains(got, `kvitto_rules_reload_success{merchant="alone"} 0`) ||
		!strings.Contains(got, `kvitto_rules_reload_success{merchant="se"} 1`) {
		t.Error("the metrics do not say that one of three is broken")
	}

	edit(t, broken, "price: 59,00", "price: 59.00")
	r.await("rules in use")
	asks("alone", cart("SE", "11122", "SEK"), 200)

	// The shared folder breaks: both that share it keep the last good tables, the third is not touched.
	edit(t, filepath.Join(dir, "nordic", "tax.yaml"), "version: 1", "version: one")
	r.await("rules not taken over")
	r.await("rules not taken over")
	for _, id := range []string{"se", "no"} {
		asks(id, cart("SE", "11122", "SEK"), 200)
	}
	asks("alone", cart("SE", "11122", "SEK"), 200)

	// A merchant comes, one goes, while the shared folder is still broken: the new one has no tables to begin with.
	write(t, config, merchants("se=nordic", "late=nordic", "alone=first"))
	r.await(`"late"`)
	r.await("configuration in use")
	asks("se", cart("SE", "11122", "SEK"), 200)
	asks("no", cart("NO", "0150", "NOK"), 404)
	asks("late", cart("SE", "11122", "SEK"), 404)
	edit(t, filepath.Join(dir, "nordic", "tax.yaml"), "version: one", "version: 1")
	r.await(`"merchant":"late"`)
	asks("late", cart("SE", "11122", "SEK"), 200)
}

// TestMissingFolder: a merchant whose folder is not there leaves the others alone, and is served once it comes.
func TestMissingFolder(t *testing.T) {
	dir, config := shopFolder(t)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, string(text)+"  - {id: later, mode: pricing, rules: later, tokens: [{env: KVITTO_SHOP_TOKEN}]}\n")
	r := start(t, "--config", config)
	if status, got := r.post("address-update", body(t)); status != 200 {
		t.Errorf("the merchant whose folder is there: %d %s", status, got)
	}
	later := "/v1/later/" + shopToken + "/address-update"
	if status, _ := r.ask(later, body(t)); status != 404 {
		t.Errorf("the merchant whose folder is missing: got %d, want 404", status)
	}
	if err := os.CopyFS(filepath.Join(dir, "later.new"), os.DirFS("../configs/examples/first")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "later.new"), filepath.Join(dir, "later")); err != nil {
		t.Fatal(err)
	}
	r.await("rules in use")
	for range 1000 {
		if status, _ := r.ask(later, body(t)); status == 200 {
			return
		}
	}
	t.Error("the folder came, and the merchant is not served")
}
