package quote_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/callbacks/quote"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/digest"
	"github.com/kvitto/kvitto/rules"
)

const draft = `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv","order_lines":[{"name":"Mug","quantity":1,"unit_price":12500,"tax_rate":2500}]`

// priced asks the tables and computes the answer.
func priced(t testing.TB, body string) (*pricing.Plan, *order.Answer) {
	t.Helper()
	o, err := order.DecodeDraft([]byte(body), order.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	e := engine(t, &tables{})
	plan, d, err := e.Price(t.Context(), e.Query(rules.Quote, o, noon()))
	if err != nil || plan == nil {
		t.Fatalf("got %v, %v", d, err)
	}
	a, err := pricing.Recompute(plan)
	if err != nil {
		t.Fatal(err)
	}
	return plan, a
}

func TestAssemble(t *testing.T) {
	t.Parallel()
	key, err := digest.FromSecret("shop", "secret")
	if err != nil {
		t.Fatal(err)
	}
	urls := []quote.URL{{Name: "validation", Address: "https://k.example/v?id={checkout.order.id}"}}
	tests := []struct {
		name, extra string
		terms       quote.Terms
		has, not    string
	}{
		{"no terms", `}`, quote.Terms{}, `"order_amount":12626`, "merchant_"},
		{"addresses", `}`, quote.Terms{URLs: urls}, `"merchant_urls":{"validation":"https://k.example/v?id={checkout.order.id}"}`, "merchant_data"},
		{"addresses beside others", `,"merchant_urls":{"terms":"t","validation":"old","push":"p"}}`, quote.Terms{URLs: urls},
			`"merchant_urls":{"terms":"t","validation":"https://k.example/v?id={checkout.order.id}","push":"p"}`, "old"},
		{"addresses instead of null", `,"merchant_urls":null}`, quote.Terms{URLs: urls}, `"merchant_urls":{"validation":`, "null"},
		{"a seal", `}`, quote.Terms{Key: &key}, `"merchant_data":"{\"kvitto_cart\":\"1.`, "merchant_urls"},
		{"a seal instead of null", `,"merchant_data":null}`, quote.Terms{Key: &key}, `"merchant_data":"{\"kvitto_cart\":\"1.`, "null"},
		{"nothing was selected", `,"selected_shipping_option":null}`, quote.Terms{}, `"selected_shipping_option":null`, `"id":"x"`},
		{"the selected one is gone", `,"selected_shipping_option":{"id":"x","name":"x","price":0,"tax_amount":0,"tax_rate":0}}`, quote.Terms{},
			`"selected_shipping_option":{"id":"dear","name":"Dear","price":126,"tax_amount":25,"tax_rate":2500,"preselected":true}`, `"id":"x"`},
		{"members of the shop", `,"x":{"order_amount":1.50},"\u0079":"\u00e5"}`, quote.Terms{}, `"x":{"order_amount":1.50},"\u0079":"\u00e5"`, "null"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body := draft + tt.extra
			plan, a := priced(t, body)
			out, err := quote.Assemble([]byte("before "), []byte(body), plan, a, tt.terms)
			if err != nil {
				t.Fatal(err)
			}
			got := string(out)
			if !strings.HasPrefix(got, `before {"purchase_country":"SE"`) || !strings.Contains(got, tt.has) || strings.Contains(got, tt.not) {
				t.Errorf("got %s; want %s and not %s", got, tt.has, tt.not)
			}
		})
	}
}

func TestAssembleErrors(t *testing.T) {
	t.Parallel()
	key, err := digest.FromSecret("shop", "secret")
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]error{"order 7": digest.ErrNotObject, `{\"a\":\"` + strings.Repeat("a", 5950) + `\"}`: digest.ErrNoRoom} {
		body := draft + `,"merchant_data":"` + data + `"}`
		plan, a := priced(t, body)
		if _, err := quote.Assemble(nil, []byte(body), plan, a, quote.Terms{Key: &key}); !errors.Is(err, want) {
			t.Errorf("got %v; want %v", err, want)
		}
	}
}

func BenchmarkAssemble(b *testing.B) {
	key, err := digest.FromSecret("shop", "secret")
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(draft + "}")
	plan, a := priced(b, string(body))
	terms := quote.Terms{Key: &key, URLs: []quote.URL{{Name: "validation", Address: "https://k.example/v"}}}
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		if out, err = quote.Assemble(out[:0], body, plan, a, terms); err != nil {
			b.Fatal(err)
		}
	}
}
