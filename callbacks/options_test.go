package callbacks_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	merchant := func(change func(*callbacks.Merchant)) func(*callbacks.Options) { return withEngine(e, change) }
	tests := []struct {
		name   string
		change func(*callbacks.Options)
		want   string
	}{
		{"no clock", func(o *callbacks.Options) { o.Now = nil }, "Now is missing"},
		{"no registry", func(o *callbacks.Options) { o.Registerer = nil }, "Registerer is missing"},
		{"no body", func(o *callbacks.Options) { o.BodyLimit = 0 }, "BodyLimit: 0"},
		{"less in flight than one body", func(o *callbacks.Options) { o.InFlightLimit = 1 }, "InFlightLimit: 1 is less than BodyLimit"},
		{"negative concurrency", func(o *callbacks.Options) { o.Concurrency = -1 }, "Concurrency: -1"},
		{"no texts", func(o *callbacks.Options) { o.Texts = nil }, `"fault" is missing`},
		{"no fault text", func(o *callbacks.Options) { delete(o.Texts, "fault") }, `"fault" is missing`},
		{"empty text", func(o *callbacks.Options) { o.Texts["changed"]["sv"] = "" }, "changed: sv:"},
		{"text not in UTF-8", func(o *callbacks.Options) { o.Texts["fault"]["sv"] = "\xff" }, "fault: sv:"},
		{"no merchants", func(o *callbacks.Options) { o.Merchants = []*callbacks.Merchant{} }, "none given"},
		{"nil merchant", func(o *callbacks.Options) { o.Merchants = []*callbacks.Merchant{nil} }, "Merchants[0]: nil"},
		{"merchant twice", func(o *callbacks.Options) {
			o.Merchants = []*callbacks.Merchant{newMerchant("a", e), newMerchant("a", e)}
		}, `"a": given twice`},
		{"id with a slash", merchant(func(m *callbacks.Merchant) { m.ID = "a/b" }), "id must match"},
		{"empty id", merchant(func(m *callbacks.Merchant) { m.ID = "" }), "id must match"},
		{"no rules", merchant(func(m *callbacks.Merchant) { m.Rules = nil }), "rules are missing"},
		{"no engine", merchant(func(m *callbacks.Merchant) { m.Rules = callbacks.NewRules(nil) }), "rules are missing"},
		{"no token", merchant(func(m *callbacks.Merchant) { m.Tokens = nil }), "no token"},
		{"empty token", merchant(func(m *callbacks.Merchant) { m.Tokens = []callbacks.Token{{}} }), "without hash"},
		{"parameter without name", merchant(func(m *callbacks.Merchant) { m.OrderIDParameters = []string{""} }), "parameter without name"},
		{"no update deadline", merchant(func(m *callbacks.Merchant) { m.UpdateDeadline = 0 }), "update deadline 0s"},
		{"update deadline over 10 s", merchant(func(m *callbacks.Merchant) { m.UpdateDeadline = 11 * time.Second }), "update deadline 11s"},
		{"no validation deadline", merchant(func(m *callbacks.Merchant) { m.ValidationDeadline = -1 }), "validation deadline -1ns"},
		{"negative grace", merchant(func(m *callbacks.Merchant) { m.Grace = -time.Second }), "grace -1s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := goodOptions(e)
			tt.change(&o)
			s, err := callbacks.New(o)
			if err == nil || s != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func goodOptions(e *rules.Engine) callbacks.Options {
	return callbacks.Options{
		Now: noon, Registerer: prometheus.NewRegistry(), BodyLimit: 1 << 20, InFlightLimit: 1 << 24,
		Texts:     map[string]map[string]string{"fault": {"en": "Sorry."}, "changed": {"en": "Changed."}},
		Merchants: []*callbacks.Merchant{newMerchant("demo", e)},
	}
}

func TestNewRegistersOnce(t *testing.T) {
	t.Parallel()
	o := goodOptions(newEngine(t, &tables{}))
	if _, err := callbacks.New(o); err != nil {
		t.Fatal(err)
	}
	if _, err := callbacks.New(o); err == nil || !strings.Contains(err.Error(), "metrics") {
		t.Errorf("the same registry again: got %v, want an error about metrics", err)
	}
}

func TestTrustedProxies(t *testing.T) {
	t.Parallel()
	o := goodOptions(newEngine(t, &tables{}))
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if _, err := callbacks.New(o); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

// TestSetMerchants keeps what is served where the new merchants are no good.
func TestSetMerchants(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bad := newMerchant("demo", newEngine(t, &tables{}))
	bad.Tokens = nil
	if err := s.server.SetMerchants([]*callbacks.Merchant{bad}); err == nil {
		t.Error("got no error for a merchant without token")
	}
	if got := s.call(base+"/address-update", cartJSON("")); got.status != 200 {
		t.Errorf("after the refused ones: got %v, want 200", got)
	}
	other := newMerchant("other", newEngine(t, &tables{}))
	if err := s.server.SetMerchants([]*callbacks.Merchant{other}); err != nil {
		t.Fatal(err)
	}
	other.UpdateDeadline = 0 // the server has its own copy
	if got := s.call("/v1/other/"+token+"/address-update", cartJSON("")); got.status != 200 {
		t.Errorf("the new one: got %v, want 200", got)
	}
	if got := s.call(base+"/address-update", cartJSON("")); got.status != 404 {
		t.Errorf("the old one: got %v, want 404", got)
	}
}
