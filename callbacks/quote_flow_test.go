package callbacks_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/pricing/digest"
	"github.com/kvitto/kvitto/rules"
)

// nordicDraft is what a shop knows before the checkout opens: two products, one of them reduced.
const nordicDraft = `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","merchant_data":"{\"cart\":\"77\"}",
	"merchant_urls":{"terms":"https://shop.example/terms","checkout":"https://shop.example/checkout",
	"confirmation":"https://shop.example/thanks","push":"https://shop.example/push"},"x-shop":{"keep":[1.50]},
	"order_lines":[{"reference":"A1","name":"Lamp","quantity":2,"unit_price":24900,"tax_rate":2500,"total_discount_amount":4900,
	"shipping_attributes":{"weight":900}},{"type":"gift_card","reference":"G","name":"Card","quantity":1,"unit_price":-10000,
	"tax_rate":0,"merchant_data":"{\"balance\":60000}"}]}`

// order posts a draft and returns what came back.
func (s *shop) order(draft string) map[string]any {
	s.t.Helper()
	got := s.post(shopBase+"/quote", draft)
	if got.status != 200 {
		s.t.Fatalf("quote: got %v and %s, want 200", got, lastLine(s))
	}
	sound(s.t, []byte(got.body))
	return decoded(s.t, got.body)
}

// preselected chooses the option that the answer marks.
func preselected(o map[string]any) any {
	for _, option := range o["shipping_options"].([]any) {
		if option.(map[string]any)["preselected"] == true {
			return option
		}
	}
	return nil
}

// TestQuoteToValidation walks a buyer from the shop's draft to the order: what was quoted, with an address from the
// checkout, is approved; what the shop or somebody else changed since is denied, and the log says what.
func TestQuoteToValidation(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(nordic(t), quoting(t, func(m *callbacks.Merchant) { m.Quoting.Require = true })))
	o := s.order(nordicDraft)
	urls := o["merchant_urls"].(map[string]any)
	if urls["push"] != "https://shop.example/push" || !strings.HasPrefix(urls["validation"].(string), "https://kvitto.shop.example/") {
		t.Errorf("merchant_urls: got %v", urls)
	}
	if data := o["merchant_data"].(string); !strings.HasPrefix(data, `{"cart":"77","kvitto_cart":"1.`) {
		t.Errorf("merchant_data: got %s", data)
	}
	// The checkout keeps the order and asks for prices at the buyer's address.
	o["shipping_address"] = map[string]any{"country": "se", "postal_code": "62157", "phone": "0701234567", "street_address": "Gatan 1"}
	o = merged(t, marshal(t, o), s.cart("address-update", o))
	o["order_id"], o["selected_shipping_option"] = orderID, preselected(o)
	approve := func(name, detail string, o map[string]any) {
		t.Helper()
		got := s.post(base+"/validation"+query, marshal(t, o))
		switch {
		case detail == "" && (got.status != 200 || got.body != "{}"):
			t.Errorf("%s: got %v and %s, want it approved", name, got, lastLine(s))
		case detail != "" && (got.status != 400 || !strings.Contains(got.body, `"approval_failed"`)):
			t.Errorf("%s: got %v and %s, want it denied", name, got, lastLine(s))
		case detail != "" && !strings.Contains(lastLine(s), `"rule":"cart_digest","detail":"`+detail+`"`):
			t.Errorf("%s: got %s, want %s", name, lastLine(s), detail)
		}
	}
	approve("as quoted", "", o)
	for _, c := range []struct{ name, from, to, detail string }{
		{"a stranger's digest", `\"kvitto_cart\":\"1.`, `\"kvitto_cart\":\"1.A`, "the digest is not signed with a key of this merchant"},
		{"no digest", `kvitto_cart`, `kvitto_other`, "the order has no cart digest, and quote.require asks for one"},
		{"another product", `"reference":"A1"`, `"reference":"A2"`, "line 1 was added; a line of 2 at 24900 is gone"},
	} {
		whole := marshal(t, o)
		if !strings.Contains(whole, c.from) {
			t.Fatalf("%s: no %s in %s", c.name, c.from, whole)
		}
		approve(c.name, c.detail, decoded(t, strings.Replace(whole, c.from, c.to, 1)))
	}
	// A stale tab: the shop writes another cart to the order and keeps merchant_data.
	again := decoded(t, nordicDraft)
	line := again["order_lines"].([]any)[0].(map[string]any)
	line["quantity"], line["total_discount_amount"] = 3, 0
	stale := s.order(marshal(t, again))
	stale["merchant_data"], stale["shipping_address"] = o["merchant_data"], o["shipping_address"]
	stale = merged(t, marshal(t, stale), s.cart("address-update", stale))
	stale["order_id"], stale["selected_shipping_option"] = orderID, preselected(stale)
	approve("a stale tab", "line 1: the quantity was 2, is 3; line 1: the discount was 4900 at 2500, is 0 at 2500", stale)
}

// TestDigestKeepsParcels: freight lines that are the shop's own are sealed as its goods are.
func TestDigestKeepsParcels(t *testing.T) {
	t.Parallel()
	kept := []string{"PARCEL-*"}
	s := newShop(t, withEngine(newEngine(t, &tables{}, func(o *rules.Options) { o.Policy.Kept = kept }), quoting(t,
		func(m *callbacks.Merchant) { m.Quoting.Kept = kept })))
	draft := decoded(t, draftJSON(""))
	draft["order_lines"] = append(draft["order_lines"].([]any), decoded(t, feeJSON("PARCEL-1")))
	o := s.order(marshal(t, draft))
	o["order_id"], o["selected_shipping_option"] = orderID, preselected(o)
	lines := o["order_lines"].([]any)
	if got := s.post(base+"/validation"+query, marshal(t, o)); got.status != 200 || len(lines) != 3 {
		t.Fatalf("as quoted: got %v, %d lines and %s", got, len(lines), lastLine(s))
	}
	o["order_lines"], o["order_amount"] = []any{lines[0], lines[2]}, o["order_amount"].(float64)-1000
	got := s.post(base+"/validation"+query, marshal(t, o))
	if got.status != 400 || !strings.Contains(lastLine(s), `"rule":"cart_digest","detail":"a line of 1 at 1000 is gone"`) {
		t.Errorf("without the parcel: got %v and %s", got, lastLine(s))
	}
}

// TestDigestOptional: without quote.require an order that was never quoted passes, and one that was is held to it.
func TestDigestOptional(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(newEngine(t, &tables{}), quoting(t)))
	seal := func(k digest.Key, body string) string {
		o := sound(t, []byte(body))
		data, err := k.Seal("", o.PurchaseCurrency, o.Lines)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(body, "}") + `,"merchant_data":` + marshal(t, data) + `}`
	}
	for _, tt := range []struct {
		name, body string
		status     int
	}{
		{"never quoted", orderJSON(""), 200},
		{"quoted", seal(quoteKey(t, "now"), orderJSON("")), 200},
		{"quoted before the secret changed", seal(quoteKey(t, "before"), orderJSON("")), 200},
		{"signed by nobody", seal(quoteKey(t, "unknown"), orderJSON("")), 400},
		{"not a digest", orderJSON(`,"merchant_data":"{\"kvitto_cart\":{}}"`), 400},
		{"a text of the shop", orderJSON(`,"merchant_data":"order 7"`), 200},
	} {
		if got := s.post(base+"/validation"+query, tt.body); got.status != tt.status {
			t.Errorf("%s: got %v and %s, want %d", tt.name, got, lastLine(s), tt.status)
		}
	}
}

// TestDigestDeniesSumsFirst: an order with broken sums is refused as such; the digest decides nothing about it.
func TestDigestDeniesSumsFirst(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(newEngine(t, &tables{}), quoting(t, func(m *callbacks.Merchant) { m.ApproveOnDeadline = true })))
	body := strings.Replace(orderJSON(`,"merchant_data":"{\"kvitto_cart\":\"1.x.y\"}"`), `"order_amount":17400`, `"order_amount":17300`, 1)
	if got := s.post(base+"/validation"+query, body); got.status != 400 || !strings.Contains(lastLine(s), `"class":"order_sums"`) {
		t.Errorf("got %v and %s, want 400 for its sums", got, lastLine(s))
	}
}

// TestQuoteOptions: what New refuses about quotes.
func TestQuoteOptions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for want, change := range map[string]func(*callbacks.Merchant){
		"a shop token without hash":                   func(m *callbacks.Merchant) { m.ShopTokens = []callbacks.Token{{}} },
		"a token is both the provider's and the shop": func(m *callbacks.Merchant) { m.ShopTokens = []callbacks.Token{{Hash: sha256.Sum256([]byte(token))}} },
		"no key to check it with":                     func(m *callbacks.Merchant) { m.Quoting.Keys, m.Quoting.Require = nil, true },
	} {
		m := newMerchant("demo", newEngine(t, &tables{}))
		quoting(t, change)(m)
		if err := s.server.SetMerchants([]*callbacks.Merchant{m}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// FuzzQuote wants an answer to every draft, and of a 200 an order that the provider takes, sealed, and quoted again as it is.
func FuzzQuote(f *testing.F) {
	f.Add(draftJSON(""))
	f.Add(draftJSON(`,"selected_shipping_option":{"id":"door","name":"n","price":1,"tax_amount":0,"tax_rate":0},"merchant_urls":null`))
	f.Add(nordicDraft)
	s := newServer(f, withEngine(newEngine(f, &tables{}), quoting(f)))
	f.Fuzz(func(t *testing.T, body string) {
		s.log.discard = true
		first := s.call(shopBase+"/quote", body)
		switch first.status {
		case 200:
		case 400, 413, 415, 422:
			return
		default:
			t.Fatalf("got %d %s", first.status, first.body)
		}
		o := sound(t, []byte(first.body))
		if state, told := (digest.Keys{quoteKey(t, "now")}).Check(o.MerchantData, o.PurchaseCurrency, o.Lines); state != digest.Same {
			t.Fatalf("got digest %d, %s: %s", state, told, first.body)
		}
		again := s.call(shopBase+"/quote", first.body)
		if again.status != 200 || again.body != first.body {
			t.Fatalf("quoted again: got %v; want %s", again, first.body)
		}
	})
}
