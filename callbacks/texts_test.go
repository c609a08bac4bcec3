package callbacks_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

// TestTexts asks what a buyer is told, by the order's locale and what is configured.
func TestTexts(t *testing.T) {
	t.Parallel()
	both := map[string]string{"en": "Sorry.", "sv": "Tyvärr."}
	tests := []struct {
		name   string
		texts  map[string]map[string]string
		locale string
		reject rules.Reject
		want   string
	}{
		{"in the language of the order", map[string]map[string]string{"fault": both}, "sv-SE", rules.Reject{TextKey: "fault"}, "Tyvärr."},
		{"row 84: an underscore", map[string]map[string]string{"fault": both}, "sv_SE", rules.Reject{TextKey: "fault"}, "Tyvärr."},
		{"row 84: in capitals", map[string]map[string]string{"fault": both}, "SV", rules.Reject{TextKey: "fault"}, "Tyvärr."},
		{"row 84: a language that is not there", map[string]map[string]string{"fault": both}, "xx-YY", rules.Reject{TextKey: "fault"}, "Sorry."},
		{"no English either", map[string]map[string]string{"fault": {"no": "Beklager.", "fi": "Pahoittelut."}}, "de-DE",
			rules.Reject{TextKey: "fault"}, "Pahoittelut."},
		{"a key of its own", map[string]map[string]string{"fault": both, "changed": {"en": "Changed."}}, "en-GB",
			rules.Reject{TextKey: "changed"}, "Changed."},
		{"a key that is not there", map[string]map[string]string{"fault": both}, "en-GB", rules.Reject{TextKey: "changed"}, "Sorry."},
		{"a text of the rule", map[string]map[string]string{"fault": both}, "sv-SE", rules.Reject{Text: `Inte "dit" <b>`, TextKey: "fault"},
			`Inte "dit" <b>`},
		{"a text that is not UTF-8", map[string]map[string]string{"fault": both}, "sv-SE", rules.Reject{Text: "\xff", TextKey: "fault"}, "Tyvärr."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.reject.Kind = rules.AddressError
			e := newEngine(t, &tables{}, func(o *rules.Options) {
				o.Members = append(o.Members, rules.Member{Name: "says", Inline: true,
					Impl: &plugin{validate: func(context.Context, *rules.Query) (rules.Decision, error) {
						return rules.Decision{Verdict: rules.Rejected, Reject: tt.reject}, nil
					}}})
			})
			s := newServer(t, withEngine(e), func(o *callbacks.Options) { o.Texts = tt.texts })
			got := s.call(base+"/validation", strings.Replace(orderJSON(""), "en-SE", tt.locale, 1))
			var said struct {
				Kind string `json:"error_type"`
				Text string `json:"error_text"`
			}
			if err := json.Unmarshal([]byte(got.body), &said); err != nil {
				t.Fatalf("got %v: %v", got, err)
			}
			if got.status != 400 || said.Kind != "address_error" || said.Text != tt.want {
				t.Errorf("got %v, want 400 address_error %q", got, tt.want)
			}
		})
	}
}

// TestOwnParameters takes the id from parameters that the merchant named, and from no others.
func TestOwnParameters(t *testing.T) {
	t.Parallel()
	s := newServer(t, withEngine(newEngine(t, &tables{}), func(m *callbacks.Merchant) { m.OrderIDParameters = []string{"oid", "id"} }))
	for query, want := range map[string]string{
		"?oid=A1": "no_store", "?id=A1": "no_store", "?oid=A1&id=A1": "order_id_twice",
		"?klarna_order_id=A1": "order_id_missing", "?oid=A1&klarna_order_id=B2": "no_store",
	} {
		s.call(base+"/push"+query, "")
		if got := field(lastLine(s), "class"); got != want {
			t.Errorf("%s: got class %q, want %q", query, got, want)
		}
	}
}

// TestTextsOfMerchant changes the texts together with the merchants.
func TestTextsOfMerchant(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bad := strings.Replace(cartJSON(""), `"en-SE"`, `"sv-SE"`, 1)
	bad = strings.Replace(bad, `"total_amount":12500`, `"total_amount":12501`, 1)
	m := newMerchant("demo", newEngine(t, &tables{}))
	for _, text := range []string{"Ring oss.", "Ring 08-123 45."} {
		m.Texts = map[string]map[string]string{"fault": {"sv": text}}
		if err := s.server.SetMerchants([]*callbacks.Merchant{m}); err != nil {
			t.Fatal(err)
		}
		if got := s.call(base+"/address-update", bad); got.status != 400 || !strings.Contains(got.body, text) {
			t.Errorf("got %v, want 400 with %q", got, text)
		}
	}
	m.Texts = map[string]map[string]string{"changed": {"sv": "Ny text"}}
	if err := s.server.SetMerchants([]*callbacks.Merchant{m}); err == nil {
		t.Error("texts without fault: taken")
	}
}
