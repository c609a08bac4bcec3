package cmd_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProductsReload changes a list of products while it serves: the next cart is weighed by it, a broken list leaves the
// last good one.
func TestProductsReload(t *testing.T) {
	dir, config := shopFolder(t)
	list := filepath.Join(dir, "lists", "products.csv")
	mkdir(t, filepath.Dir(list))
	write(t, list, "sku,weight\nLAMP-2,900 g\n")
	edit(t, config, "mode: pricing", "mode: pricing, products: lists/products.csv")
	r := start(t, "--config", config)
	order := strings.Replace(body(t), `"shipping_attributes": {"weight": 900}`, `"shipping_attributes": {}`, 1)
	ask := func(want string) {
		t.Helper()
		status, answer := r.post("address-update", order)
		if status != http.StatusOK || price(t, answer) != want {
			t.Errorf("%d %s, want %s", status, answer, want)
		}
	}
	ask("7900") // 59.00 and the supplement for Gotland
	write(t, list, "sku;weight\nLAMP-2;6,5 kg\n")
	r.await("rules in use")
	ask("11900")
	write(t, list, "sku;weight\nLAMP-2;6,5\n")
	if e := r.await("rules not taken over"); !strings.Contains(e["error"].(string), "products.csv:2:8") {
		t.Errorf("%v", e)
	}
	ask("11900")
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}
