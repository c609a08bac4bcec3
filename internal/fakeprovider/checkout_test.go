package fakeprovider_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

const checkoutPath = "/checkout/v3/orders"

func TestACheckoutOrderFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }, Origin: "https://api.example"})
	made := p.ask("POST", checkoutPath, orderJSON, "")
	if made.Status != 201 {
		t.Fatalf("create: %d %s", made.Status, made.Body)
	}
	m := members(t, made.Body)
	id := m["order_id"].(string)
	if id == "ID" || m["status"] != "checkout_incomplete" || m["started_at"] != "2026-11-25T08:00:00Z" || made.Header.Get("Location") != "https://api.example"+checkoutPath+"/"+id {
		t.Fatalf("created %s at %s", made.Body, made.Header.Get("Location"))
	}
	path := checkoutPath + "/" + id
	if g := p.ask("POST", path, `{"merchant_reference2":"B","status":"checkout_complete"}`, ""); g.Status != 200 || members(t, g.Body)["status"] != "checkout_incomplete" {
		t.Errorf("update: %d %s", g.Status, g.Body)
	}
	unlock, err := p.Lock(id)
	if err != nil {
		t.Fatal(err)
	}
	if g := p.ask("POST", path, `{"merchant_reference2":"C"}`, ""); g.Status != 403 || g.Code != "READ_ONLY_ORDER" {
		t.Errorf("update while a callback is out: %d %s", g.Status, g.Code)
	}
	unlock()
	if g := p.ask("POST", path, `{"order_amount":1}`, ""); g.Code != "BAD_VALUE" || !strings.Contains(g.Body, "Bad value: order_amount") {
		t.Errorf("update with a wrong sum: %d %s", g.Status, g.Body)
	}
	if g := p.ask("GET", "/ordermanagement/v1/orders/"+id, "", ""); g.Status != 404 {
		t.Errorf("before completion Order Management answers %d", g.Status)
	}
	if err := p.Complete(id, fakeprovider.Completion{NoPush: true}); err != nil {
		t.Fatal(err)
	}
	m = members(t, p.ask("GET", path, "", "").Body)
	if m["status"] != "checkout_complete" || m["completed_at"] != "2026-11-25T08:00:00Z" || m["merchant_reference2"] != "B" {
		t.Errorf("completed: %v", m)
	}
	for _, step := range []string{"", "/abort"} {
		if g := p.ask("POST", path+step, "{}", ""); g.Status != 403 || g.Code != "READ_ONLY_ORDER" {
			t.Errorf("POST %s of a completed order: %d %s", step, g.Status, g.Code)
		}
	}
	if err := p.Complete(id, fakeprovider.Completion{}); err == nil {
		t.Error("an order was completed twice")
	}
	if g := p.ask("GET", "/ordermanagement/v1/orders/"+id, "", ""); g.Status != 200 {
		t.Errorf("after completion Order Management answers %d", g.Status)
	}
}

func TestACheckoutOrderEnds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }})
	aborted := checkoutPath + "/" + members(t, p.ask("POST", checkoutPath, orderJSON, "").Body)["order_id"].(string)
	left := checkoutPath + "/" + members(t, p.ask("POST", checkoutPath, orderJSON, "").Body)["order_id"].(string)
	if g := p.ask("POST", aborted+"/abort", "", ""); g.Status != 200 {
		t.Errorf("abort: %d", g.Status)
	}
	at = at.Add(48*time.Hour + time.Second)
	got := []string{}
	for _, path := range []string{aborted, left} {
		got = append(got, fmt.Sprint(p.ask("POST", path, "{}", "").Status))
	}
	if diff := cmp.Diff([]string{"403", "404"}, got); diff != "" {
		t.Errorf("an aborted order is read-only, one that was left alone for 48 h is gone (-want +got):\n%s", diff)
	}
}

func TestWhatTheCheckoutRefuses(t *testing.T) {
	t.Parallel()
	order := func(amount, tax string, lines ...string) string {
		return fmt.Sprintf(`{"purchase_country":"SE","purchase_currency":"sek","locale":"sv-se","order_amount":%s,"order_tax_amount":%s,"order_lines":[%s]}`,
			amount, tax, strings.Join(lines, ","))
	}
	line := func(kind string, numbers ...int64) string {
		n := append(numbers, make([]int64, 6-len(numbers))...)
		return fmt.Sprintf(`{"type":%q,"name":"x","quantity":%d,"unit_price":%d,"tax_rate":%d,"total_amount":%d,"total_tax_amount":%d,"total_discount_amount":%d}`,
			kind, n[0], n[1], n[2], n[3], n[4], n[5])
	}
	for _, row := range []struct {
		name, body string
		want       []string
	}{
		{"fine", order("10000", "2000", line("physical", 1, 10000, 2500, 10000, 2000)), nil},
		{"empty cart", order("0", "0"), nil},
		{"tax on top, the old sample of the provider", order("50000", "5000", line("physical", 1, 50000, 1000, 50000, 5000)), []string{"order_lines[0].total_tax_amount"}},
		{"tax within the price", order("50000", "4545", line("physical", 1, 50000, 1000, 50000, 4545)), nil},
		{"tax one up", order("50000", "4546", line("physical", 1, 50000, 1000, 50000, 4546)), nil},
		{"tax two up", order("50000", "4547", line("physical", 1, 50000, 1000, 50000, 4547)), []string{"order_lines[0].total_tax_amount"}},
		{"discount left out", order("900", "0", line("physical", 1, 1000, 0, 900, 0)), []string{"order_lines[0].total_amount"}},
		{"discount in", order("900", "0", line("physical", 1, 1000, 0, 900, 0, 100)), nil},
		{"negative discount", order("1100", "0", line("physical", 1, 1000, 0, 1100, 0, -100)), []string{"order_lines[0].total_discount_amount"}},
		{"gift card to nothing", order("0", "0", line("physical", 1, 1000, 0, 1000, 0), line("gift_card", 1, -1000, 0, -1000, 0)), nil},
		{"gift card below nothing", order("-1", "0", line("gift_card", 1, -1, 0, -1, 0)), []string{"order_amount"}},
		{"sales tax, recorded", order("1412", "112", line("physical", 1, 1000, 0, 1000, 0), line("physical", 1, 700, 0, 700, 0), line("discount", 1, -100, 0, -100, 0),
			line("sales_tax", 1, 112, 0, 112, 0), line("gift_card", 1, -300, 0, -300, 0)), nil},
		{"sums", order("1", "1", line("physical", 1, 1000, 0, 1000, 0)), []string{"order_amount", "order_tax_amount"}},
		{"limits", order("0", "0", line("physical", 1, 100_000_001, 0, 100_000_001, 0), line("physical", -1, 1, 0, -1, 0), line("physical", 1, 1, 10001, 1, 0), line("physical", 2, 100_000_000, 0, 200_000_000, 0)),
			[]string{"order_lines[0].unit_price", "order_lines[1].quantity", "order_lines[2].tax_rate", "order_lines[3].total_amount"}},
		{"quantity beyond int64", order("0", "0", `{"name":"x","quantity":99999999999999999999,"unit_price":0,"total_amount":0}`), nil},
		{"a number of a million digits", order("0", "0", `{"name":"x","quantity":`+strings.Repeat("9", 1_000_000)+`,"unit_price":0,"total_amount":0}`), []string{"order_lines[0].quantity"}},
		{"decimals", order("1.0", "0", `{"name":"x","quantity":1.5,"unit_price":1,"total_amount":1}`), []string{"order_lines[0].quantity"}},
		{"no name", order("1", "0", `{"quantity":1,"unit_price":1,"total_amount":1}`), []string{"order_lines[0].name"}},
		{"nothing", `{}`, []string{"purchase_country", "purchase_currency", "locale", "order_lines"}},
		{"too many lines", order("0", "0", strings.Repeat(line("physical", 0, 0)+",", 1000)+line("physical", 0, 0)), []string{"order_lines"}},
		{"no object", `[]`, []string{"body"}},
		{"null", `null`, []string{"body"}},
	} {
		if diff := cmp.Diff(row.want, fakeprovider.CheckOrder([]byte(row.body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

// What the formula gives is taken, whichever way a half is rounded; 2 off is not.
func TestLineTaxProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		quantity := rapid.Int64Range(0, 1000).Draw(t, "quantity")
		price := rapid.Int64Range(-100_000, 100_000).Draw(t, "price")
		rate := rapid.Int64Range(0, 10_000).Draw(t, "rate")
		total := quantity * price
		tax := total - total*10000/(10000+rate)
		off := rapid.SampledFrom([]int64{-3, -2, 0, 2, 3}).Draw(t, "off")
		lines := fmt.Sprintf(`[{"name":"x","quantity":%d,"unit_price":%d,"tax_rate":%d,"total_amount":%d,"total_tax_amount":%d},
			{"name":"rest","quantity":1,"unit_price":100000000,"tax_rate":0,"total_amount":100000000,"total_tax_amount":0}]`, quantity, price, rate, total, tax+off)
		body := fmt.Sprintf(`{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv","order_amount":%d,"order_tax_amount":%d,"order_lines":%s}`, total+100_000_000, tax+off, lines)
		bad := fakeprovider.CheckOrder([]byte(body))
		refused := len(bad) > 0 && bad[0] == "order_lines[0].total_tax_amount"
		if total > 100_000_000 {
			return
		}
		if off == 0 && refused || (off < -2 || off > 2) && !refused {
			t.Fatalf("total %d rate %d tax %d off by %d: %v", total, rate, tax, off, bad)
		}
	})
}

func FuzzCheckOrder(f *testing.F) {
	f.Add(orderJSON)
	f.Add(`{"order_lines":[{"quantity":1e9}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		if bad := fakeprovider.CheckOrder([]byte(body)); len(bad) == 0 && !strings.Contains(body, "order_amount") {
			t.Errorf("taken without an order_amount: %q", body)
		}
	})
}
