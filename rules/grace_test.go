package rules_test

import (
	"context"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// midnight is a shipping engine whose price goes from 4900 to 5900 at an instant.
func midnight(at time.Time, asked *[]time.Time) *datedShipping {
	return &datedShipping{
		fakeShipping: fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
			if asked != nil {
				*asked = append(*asked, q.Now)
			}
			if q.Now.Before(at) {
				return priced([]string{"hem"}, 4_900), nil
			}
			return priced([]string{"hem"}, 5_900), nil
		}},
		changes: func(from, to time.Time) []time.Time {
			if at.After(from) && !at.After(to) {
				return []time.Time{at}
			}
			return nil
		},
	}
}

func TestJudgeGraceOfTheClock(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change time.Time
		price  order.Amount
		accept bool
		rule   string
	}{
		{"the new price", noon().Add(-30 * time.Minute), 5_900, true, "tables"},
		{"the old price, half an hour ago", noon().Add(-30 * time.Minute), 4_900, true, "grace"},
		{"the old price, at this instant", noon(), 4_900, true, "grace"},
		{"the old price, too long ago", noon().Add(-2 * time.Hour), 4_900, false, "shipping_line"},
		{"a price to come", noon().Add(time.Minute), 5_900, false, "shipping_line"},
		{"a price that never was", noon().Add(-30 * time.Minute), 4_901, false, "shipping_line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := engine(t, rules.Options{}, table("s", midnight(tt.change, nil)))
			d := judge(t, e, choose(cart(shirt(), freight("hem", tt.price)), "hem"))
			if (d.Verdict == rules.Accept) != tt.accept || d.Reasons[0].Rule != tt.rule {
				t.Errorf("decision: got %+v, want accept %v by %q", d, tt.accept, tt.rule)
			}
		})
	}
}

// TestJudgeBetweenChanges: a price that held between two changes, and at neither end of grace.
func TestJudgeBetweenChanges(t *testing.T) {
	t.Parallel()
	from, until := noon().Add(-40*time.Minute), noon().Add(-20*time.Minute)
	s := &datedShipping{
		fakeShipping: fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
			if !q.Now.Before(from) && q.Now.Before(until) {
				return priced([]string{"hem"}, 100), nil
			}
			return priced([]string{"hem"}, 5_900), nil
		}},
		changes: func(time.Time, time.Time) []time.Time { return []time.Time{from, until} },
	}
	e := engine(t, rules.Options{}, table("s", s))
	d := judge(t, e, choose(cart(shirt(), freight("hem", 100)), "hem"))
	if d.Verdict != rules.Accept || d.Reasons[0].Detail != "matches the tables as of 2026-11-24T11:20:00Z" {
		t.Errorf("decision: got %+v", d)
	}
}

// TestJudgeIgnoresInstantsOutsideGrace: a plug-in that names more than it was asked for does not lengthen grace.
func TestJudgeIgnoresInstantsOutsideGrace(t *testing.T) {
	t.Parallel()
	s := midnight(noon().Add(-90*time.Minute), nil)
	s.changes = func(from, to time.Time) []time.Time {
		return []time.Time{from.Add(-time.Hour), from.Add(time.Minute), to.Add(time.Hour)}
	}
	e := engine(t, rules.Options{}, table("s", s))
	if d := judge(t, e, choose(cart(shirt(), freight("hem", 4_900)), "hem")); d.Reject != changed {
		t.Errorf("a price from before grace passes: %+v", d)
	}
}

func TestJudgeIsLazy(t *testing.T) {
	t.Parallel()
	var asked []time.Time
	e := engine(t, rules.Options{}, table("s", midnight(noon().Add(-30*time.Minute), &asked)))
	judge(t, e, choose(cart(shirt(), freight("hem", 5_900)), "hem"))
	if len(asked) != 1 {
		t.Errorf("an order that matches now was asked about %d times", len(asked))
	}
	asked = nil
	still := engine(t, rules.Options{}, table("s", midnight(noon().AddDate(-1, 0, 0), &asked)))
	judge(t, still, choose(cart(shirt(), freight("hem", 1)), "hem"))
	if len(asked) != 1 {
		t.Errorf("tables that do not change were asked %d times", len(asked))
	}
}

func TestJudgeGraceOfTheTables(t *testing.T) {
	t.Parallel()
	flatPrice := func(p order.Amount) rules.Member { return table("s", offers(priced([]string{"hem"}, p))) }
	now := engine(t, rules.Options{Revision: "rev-3"}, flatPrice(5_900))
	older := engine(t, rules.Options{Revision: "rev-2"}, table("s", midnight(noon().Add(-30*time.Minute), nil)))
	failing := engine(t, rules.Options{Revision: "rev-1"}, table("s", &fakeShipping{offer: broken}))
	d := judge(t, now, choose(cart(shirt(), freight("hem", 4_900)), "hem"), failing, nil, older)
	if d.Verdict != rules.Accept || d.Reasons[0].Revision != "rev-2" {
		t.Errorf("decision: got %+v, want the earlier revision", d)
	}
	d = judge(t, now, choose(cart(shirt(), freight("hem", 4_901)), "hem"), failing, nil, older)
	if d.Reject != changed || d.Reasons[0].Revision != "rev-3" {
		t.Errorf("decision: got %+v, want that of the current revision", d)
	}
}

// TestJudgeNewTablesRefuse: a reload that closes a country denies nobody whose order was priced before it.
func TestJudgeNewTablesRefuse(t *testing.T) {
	t.Parallel()
	now := engine(t, rules.Options{Revision: "rev-2"}, table("s", offers(rules.Offers{})))
	older := engine(t, rules.Options{}, table("s", offers(priced([]string{"hem"}, 4_900))))
	o := choose(cart(shirt(), freight("hem", 4_900)), "hem")
	if d := judge(t, now, o, older); d.Verdict != rules.Accept || d.Reasons[0].Revision != "rev-1" {
		t.Errorf("decision: got %+v", d)
	}
	if d := judge(t, now, o); d.Reject.Kind != rules.UnsupportedShippingAddress {
		t.Errorf("without the earlier tables: got %+v", d)
	}
}

func TestJudgeAsksFactsOnce(t *testing.T) {
	t.Parallel()
	asked := 0
	f := &fakeFacts{facts: func(context.Context, *rules.Query) (rules.Facts, error) {
		asked++
		return rules.Facts{Group: "vip"}, nil
	}}
	s := &fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
		if q.Facts.Group != "vip" {
			t.Error("an earlier engine does not see the facts")
		}
		return priced([]string{"hem"}, 1), nil
	}}
	e := engine(t, rules.Options{}, table("f", f), table("s", offers(priced([]string{"hem"}, 5_900))))
	older := engine(t, rules.Options{}, table("f", f), table("s", s))
	judge(t, e, choose(cart(shirt(), freight("hem", 4_900)), "hem"), older)
	if asked != 1 {
		t.Errorf("facts were asked for %d times", asked)
	}
}

// TestJudgeEndlessChanges: a plug-in that panics or names instants without end costs nothing but the comparison.
func TestJudgeEndlessChanges(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]func(from, to time.Time) []time.Time{
		"panic": func(time.Time, time.Time) []time.Time { panic("x") },
		"many": func(from, _ time.Time) []time.Time {
			list := make([]time.Time, 100_000)
			for i := range list {
				list[i] = from.Add(time.Duration(i))
			}
			return list
		},
	} {
		asked := 0
		s := &datedShipping{changes: changes, fakeShipping: fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) {
			asked++
			return priced([]string{"hem"}, 1), nil
		}}}
		e := engine(t, rules.Options{}, table("s", s))
		if d := judge(t, e, choose(cart(shirt(), freight("hem", 4_900)), "hem")); d.Reject != changed {
			t.Errorf("%s: got %+v", name, d)
		}
		if asked > 102 {
			t.Errorf("%s: the tables were asked %d times", name, asked)
		}
	}
}
