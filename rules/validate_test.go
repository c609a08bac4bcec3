package rules_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules"
)

// earlyValidator also speaks on some update callbacks.
type earlyValidator struct {
	fakeValidator
	on []rules.Callback
}

func (v *earlyValidator) AsksOn(cb rules.Callback) bool {
	for _, c := range v.on {
		if c == cb {
			return true
		}
	}
	return false
}

var _ rules.Early = (*earlyValidator)(nil)

// bodyValidator looks at the body.
type bodyValidator struct{ fakeValidator }

func (*bodyValidator) ReadsBody() {}

var _ rules.BodyReader = (*bodyValidator)(nil)

func rejecting(rule string) fakeValidator {
	return fakeValidator{func(context.Context, *rules.Query) (rules.Decision, error) {
		return rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.AddressError, Text: "no"},
			Reasons: []rules.Reason{{Rule: rule}}}, nil
	}}
}

// TestEarlyValidators: an update callback asks those that want it, once there is a plan; validation asks all.
func TestEarlyValidators(t *testing.T) {
	t.Parallel()
	early := table("early", &earlyValidator{rejecting("early"), []rules.Callback{rules.AddressUpdate}})
	late := table("late", &fakeValidator{rejecting("late").validate})
	for _, tt := range []struct {
		name    string
		cb      rules.Callback
		members []rules.Member
		want    string // rule that decided; "": accepted
	}{
		{"asked", rules.AddressUpdate, []rules.Member{early}, "early"},
		{"not on this callback", rules.CountryChange, []rules.Member{early}, ""},
		{"a plain validator waits", rules.AddressUpdate, []rules.Member{late}, ""},
		{"order of members does not let it in", rules.AddressUpdate, []rules.Member{late, early}, "early"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := engine(t, rules.Options{}, append([]rules.Member{table("s", offers(priced([]string{"hem"}, 9_900)))}, tt.members...)...)
			plan, d, err := e.Price(t.Context(), e.Query(tt.cb, cart(shirt()), noon()))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if d.Verdict != rules.Accept {
				got = d.Reasons[0].Rule
			}
			if got != tt.want || (plan == nil) != (tt.want != "") {
				t.Errorf("decided by %q with a plan: %v; want %q", got, plan != nil, tt.want)
			}
		})
	}
	e := engine(t, rules.Options{}, table("s", offers(priced([]string{"hem"}, 9_900))), late, early)
	if d := judge(t, e, choose(cart(shirt(), freight("hem", 9_900)), "hem")); d.Reasons[0].Rule != "late" {
		t.Errorf("validation: %+v", d)
	}
}

// TestEarlyAfterTables: what the tables refuse is refused by them.
func TestEarlyAfterTables(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("s", offers(rules.Offers{})),
		table("early", &earlyValidator{rejecting("early"), []rules.Callback{rules.AddressUpdate}}))
	_, d, err := e.Price(t.Context(), e.Query(rules.AddressUpdate, cart(shirt()), noon()))
	if err != nil || d.Reasons[0].Rule != "no_option" {
		t.Errorf("got %+v, %v", d, err)
	}
}

// TestReadsBody: the body is wanted where one member looks at it.
func TestReadsBody(t *testing.T) {
	t.Parallel()
	plain := engine(t, rules.Options{}, table("s", offers(rules.Offers{})))
	var got []byte
	reader := &bodyValidator{fakeValidator{func(_ context.Context, q *rules.Query) (rules.Decision, error) {
		got = q.Body
		return rules.Decision{}, nil
	}}}
	e := engine(t, rules.Options{}, table("s", offers(priced([]string{"hem"}, 9_900))), rules.Member{Name: "shop", Impl: reader})
	if plain.ReadsBody() || !e.ReadsBody() {
		t.Errorf("reads the body: %v and %v", plain.ReadsBody(), e.ReadsBody())
	}
	q := e.Query(rules.Validation, choose(cart(shirt(), freight("hem", 9_900)), "hem"), noon())
	q.Body = []byte(`{"order_id":"x"}`)
	if _, err := e.Judge(t.Context(), q, nil, time.Hour); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(`{"order_id":"x"}`, string(got)); d != "" {
		t.Error(d)
	}
}
