package rules_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules"
)

func TestNewEngineRefuses(t *testing.T) {
	t.Parallel()
	tax, ship := table("tax", &fakeTax{}), table("s", offers(rules.Offers{}))
	tests := []struct {
		name string
		o    rules.Options
		want string
	}{
		{"revision", rules.Options{Members: []rules.Member{tax, ship}}, "revision: is empty"},
		{"nobody", rules.Options{Revision: "r"}, "members: none is a TaxEngine; want exactly one"},
		{"no shipping", rules.Options{Revision: "r", Members: []rules.Member{tax}}, "members: none is a ShippingEngine; want at least one"},
		{"two taxes", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, table("more", &fakeTax{})}},
			`members[2]: "more" is a second TaxEngine beside "tax"`},
		{"twice", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, ship}}, `members[2]: the name "s" is taken`},
		{"no name", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, {Impl: 1}}}, "members[2]: the name is empty"},
		{"no value", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, {Name: "x"}}}, `members[2]: "x" has no Impl`},
		{"no hook", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, table("x", 1)}}, `members[2]: "x": int implements no hook`},
		{"deadline", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, {Name: "x", Impl: &fakeFacts{}, Deadline: -1}}},
			`"x": deadline -1ns is negative`},
		{"policy", rules.Options{Revision: "r", Members: []rules.Member{tax, ship, {Name: "x", Impl: &fakeFacts{}, OnFault: 9}}},
			`"x": fault policy 9 is unknown`},
		{"skipped tax", rules.Options{Revision: "r", Members: []rules.Member{{Name: "x", Impl: &fakeTax{}, OnFault: rules.FaultSkip}, ship}},
			`"x": a TaxEngine cannot be skipped`},
		{"deny url", rules.Options{Revision: "r", Members: []rules.Member{tax, ship}, DenyURL: "/cart"}, `deny_url: "/cart" is not an absolute https URL`},
		{"country page", rules.Options{Revision: "r", Members: []rules.Member{tax, ship}, CountryChange: map[string]string{"NO": "http://shop.example/"}},
			`country_change.NO: "http://shop.example/" is not`},
		{"country page with a user", rules.Options{Revision: "r", Members: []rules.Member{tax, ship},
			CountryChange: map[string]string{"NO": "https://shop.example@evil.example/"}}, "country_change.NO: "},
		{"country", rules.Options{Revision: "r", Members: []rules.Member{tax, ship}, CountryChange: map[string]string{"no": "https://shop.example/"}},
			`country_change: "no" is not two upper-case letters`},
		{"fact", rules.Options{Revision: "r", Members: []rules.Member{tax, ship}, FactPointers: map[string]string{"colour": "/c"}},
			`facts: "colour" is unknown; want coupon or group`},
		{"pointer", rules.Options{Revision: "r", Members: []rules.Member{tax, ship}, FactPointers: map[string]string{"coupon": "coupon"}},
			`facts.coupon: "coupon" is no JSON pointer, e.g. "/coupon"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, err := rules.NewEngine(tt.o)
			if e != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v; want an error with %q", e, err, tt.want)
			}
		})
	}
}

// TestNewEngineTellsAll: every fault in one run.
func TestNewEngineTellsAll(t *testing.T) {
	t.Parallel()
	_, err := rules.NewEngine(rules.Options{DenyURL: "x", CountryChange: map[string]string{"NO": "y"}})
	if n := strings.Count(err.Error(), "\n") + 1; n != 5 {
		t.Errorf("got %d faults, want 5:\n%v", n, err)
	}
}

// TestNewEngineKeepsItsOwn: what the caller does with its map afterwards changes nothing.
func TestNewEngineKeepsItsOwn(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"SE": "https://shop.example/se"}
	e := engine(t, rules.Options{CountryChange: pages}, table("s", offers(rules.Offers{Unpriced: true})))
	pages["SE"] = "https://evil.example/"
	_, d, err := e.Price(t.Context(), e.Query(rules.CountryChange, cart(shirt()), noon()))
	if err != nil || d.Location != "https://shop.example/se" {
		t.Errorf("got %+v, %v", d, err)
	}
	if e.Revision() != "rev-1" {
		t.Errorf("revision: got %q", e.Revision())
	}
}
