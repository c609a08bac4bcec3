package callbacks_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/floor"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// loaded makes an engine of a rulebook.
func loaded(t testing.TB, fsys fs.FS) *rules.Engine {
	t.Helper()
	var r diag.Report
	book := rulebook.LoadFS(fsys, rulebook.Options{Shipped: os.DirFS("../configs")}, &r)
	if book == nil {
		for _, f := range r.Findings() {
			t.Logf("%s:%d: %s %s", f.File, f.Line, f.Code, f.Message)
		}
		t.Fatal("the rulebook does not load")
	}
	e, err := book.Engine(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func nordic(t testing.TB) *rules.Engine { return loaded(t, os.DirFS("../configs/examples/nordic")) }

// TestNordic walks a buyer through a whole checkout with the sample rulebook: each answer is what the next question
// holds, and validation approves what the updates answered.
func TestNordic(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(nordic(t)))
	body, err := floor.Body("41119")
	if err != nil {
		t.Fatal(err)
	}
	answer := s.cart("address-update", decoded(t, string(body)))
	for _, option := range answer["shipping_options"].([]any) {
		next := merged(t, string(body), answer)
		next["selected_shipping_option"] = option
		chosen := s.cart("shipping-option-update", next)
		whole := merged(t, string(body), chosen)
		whole["order_id"], whole["purchase_country"], whole["selected_shipping_option"] = orderID, "SE", option
		if got := s.post(base+"/validation"+query, marshal(t, whole)); got.status != 200 || got.body != "{}" {
			t.Errorf("option %v: got %v and %s, want it approved", option.(map[string]any)["id"], got, lastLine(s))
		}
		whole["order_amount"] = chosen["order_amount"].(float64) - 1
		if got := s.post(base+"/validation"+query, marshal(t, whole)); got.status != 400 {
			t.Errorf("option %v, one öre less: got %v, want it refused", option.(map[string]any)["id"], got)
		}
	}
}

// cart posts an update and reads the cart that it answers.
func (s *shop) cart(callback string, body map[string]any) map[string]any {
	s.t.Helper()
	got := s.post(base+"/"+callback+query, marshal(s.t, body))
	if got.status != 200 {
		s.t.Fatalf("%s: got %v and %s, want 200", callback, got, lastLine(s))
	}
	return decoded(s.t, got.body)
}

func decoded(t testing.TB, body string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// merged is the order as the provider keeps it after an answer.
func merged(t testing.TB, body string, answer map[string]any) map[string]any {
	t.Helper()
	m := decoded(t, body)
	for name, v := range answer {
		m[name] = v
	}
	return m
}

// TestOddAddresses sends rows 80 to 82 to the sample rulebook: countries and postcodes that cannot be.
func TestOddAddresses(t *testing.T) {
	t.Parallel()
	s := newShop(t, withEngine(nordic(t)))
	address := func(country, postcode string) string {
		a := marshal(t, map[string]any{"country": country, "postal_code": postcode})
		return strings.Replace(cartJSON(""), `{"country":"se","postal_code":"11122"}`, a, 1)
	}
	const unsupported = "unsupported_shipping_address"
	for name, tt := range map[string]struct {
		body string
		want string // the error_type; empty: 200
	}{
		"row 81: se":                     {address("se", "11122"), ""},
		"row 81: SWE":                    {address("SWE", "11122"), unsupported},
		"row 81: ZZ":                     {address("ZZ", "11122"), unsupported},
		"row 81: UK":                     {address("UK", "11122"), unsupported},
		"row 81: EU":                     {address("EU", "11122"), unsupported},
		"row 81: empty":                  {address("", "11122"), ""},
		"row 81: no address":             {strings.Replace(cartJSON(""), `"shipping_address"`, `"x"`, 1), ""},
		"row 82: spaces":                 {address("SE", "11122 "), ""},
		"row 82: with the country":       {address("SE", "SE-111 22"), ""},
		"row 79: another currency":       {strings.Replace(cartJSON(""), `"SEK"`, `"USD"`, 1), unsupported},
		"row 80: a currency without öre": {strings.Replace(cartJSON(""), `"SEK"`, `"JPY"`, 1), unsupported},
	} {
		got := s.post(base+"/address-update", tt.body)
		if kind := field(strings.TrimPrefix(got.body, "{"), "error_type"); kind != tt.want || (got.status == 200) != (tt.want == "") {
			t.Errorf("%s: got %v, want error_type %q", name, got, tt.want)
		}
	}
	for postcode, want := range map[string]string{
		"１１１２２": "", strings.Repeat("1", 10_000): "address_error", "../../etc": "address_error", "' OR 1=1": "address_error",
		"\u202e22111": "address_error", "1234": "address_error", "abcde": "address_error",
	} {
		got := s.post(base+"/address-update", address("SE", postcode))
		if kind := field(strings.TrimPrefix(got.body, "{"), "error_type"); kind != want || strings.Contains(got.body, postcode) {
			t.Errorf("row 82: %q: got %v, want error_type %q, without the postcode", postcode, got, want)
		}
		s.served()
	}
}
