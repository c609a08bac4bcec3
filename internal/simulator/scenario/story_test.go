package scenario_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
)

// TestStories: what a merchant's shop and the provider do besides the buyer.
func TestStories(t *testing.T) {
	t.Parallel()
	const entered = "      - {address: SE 118 26, expect: {answer: applied}}\n"
	for _, c := range []struct{ name, steps, want string }{
		{"the shop changes the cart", entered + "      - {cart: {items: [{type: digital, price: 5.00}]}, expect: {total: 5.00, callbacks: none}}\n", ""},
		{"members are set", entered + "      - data: {merchant_data: forbidden}\n      - {buy: yes, expect: {answer: denied, text: Sold out., stage: open}}\n" +
			"      - data: {merchant_data: \"\"}\n      - {buy: yes, expect: {answer: approved, stage: bought}}\n", ""},
		{"the shop is too late", entered + "      - buy: yes\n      - {cart: {items: [{type: digital, price: 5.00}]}, expect: {blocked: yes}}\n      - {open: yes, expect: {blocked: yes}}\n", ""},
		{"what was to be blocked and was not", "      - {open: yes, expect: {blocked: yes}}\n", "no"},
		{"what else does not hold where a step is blocked", "      - {open: yes, expect: {answer: applied}}\n      - {option: rocket, expect: {blocked: yes, selected: rocket}}\n", "mail"},
		{"a pending order", entered + "      - {buy: {fraud: pending}, expect: {fraud: pending}}\n      - {decide: {fraud: rejected, notify: no}, expect: {fraud: rejected}}\n", ""},
		{"a stop leaves the order as it is", entered + "      - buy: yes\n      - {decide: {fraud: stopped, notify: no}, expect: {fraud: accepted, status: AUTHORIZED}}\n", ""},
		{"a decision about nothing", entered + "      - decide: {fraud: accepted, notify: no}\n", "decide: no such order: "},
		{"a push outside the schedule", entered + "      - buy: {push: never}\n      - push: now\n      - wait: acknowledged\n      - {wait: {clock: 1 h}, expect: {pushes: 1}}\n", ""},
		{"a push before there is anything to push", entered + "      - push: now\n", "push: no such order: "},
		{"faults end with off", entered + "      - faults: {push: dropped, read: [slow, html]}\n      - faults: off\n      - buy: yes\n      - {wait: {pushes: 1}, expect: {pushes: 1}}\n", ""},
		{"another shipping address", "      - {address: {country: SE, postal_code: 118 26, shipping: \"NO 0150\"}, expect: {answer: refused, error: unsupported_shipping_address, stage: held}}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, f := range play(t, "x.scenario.yaml", one(c.steps), nil).Cases[0].Failures {
				got = f.Got
			}
			if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestWhatTheServiceSays: records, events and the explanation are those of the world.
func TestWhatTheServiceSays(t *testing.T) {
	t.Parallel()
	const bought = "      - {address: SE 118 26, expect: {answer: applied}}\n      - buy: yes\n"
	tell := func(rec scenario.Record, err error) func(*scenario.World) {
		return func(w *scenario.World) {
			w.Record = func(context.Context, string) (scenario.Record, error) { return rec, err }
			w.Events = func(string) int { return 2 }
		}
	}
	for _, c := range []struct {
		steps string
		rec   scenario.Record
		err   error
		want  string
	}{
		{"      - {wait: acked, expect: {state: ACKED, events: 2}}\n", scenario.Record{State: "ACKED"}, nil, ""},
		{"      - wait: done\n", scenario.Record{State: "ACKED", Done: true}, nil, ""},
		{"      - wait: parked\n", scenario.Record{State: "PARKED"}, nil, ""},
		{"      - {expect: {state: ACKED}}\n", scenario.Record{}, nil, "none"},
		{"      - wait: done\n", scenario.Record{}, errors.New("the store burns"), "the store burns"},
	} {
		got := ""
		for _, f := range play(t, "x.scenario.yaml", one(bought+c.steps), tell(c.rec, c.err)).Cases[0].Failures {
			got = f.Got
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.steps, got, c.want)
		}
	}
	res := play(t, "x.scenario.yaml", one("      - {address: SE 118 26, expect: {answer: refused}}\n"), func(w *scenario.World) {
		w.Explain = func(_ context.Context, e *simulator.Exchange) []string {
			return []string{"because of " + string(e.Callback)}
		}
	})
	if why := strings.Join(res.Cases[0].Failures[0].Why, "\n"); strings.Count(why, "because of address_update") != 1 || strings.Count(why, "answered 200") != 2 {
		t.Error(why)
	}
}

// TestGivingUp: a wait that ends says how far it came.
func TestGivingUp(t *testing.T) {
	t.Parallel()
	const entered = "      - {address: SE 118 26, expect: {answer: applied}}\n"
	never := func(w *scenario.World) {
		w.Patience = 300 * time.Millisecond
		w.Record = func(context.Context, string) (scenario.Record, error) { return scenario.Record{}, nil }
	}
	for steps, want := range map[string]string{
		"      - buy: yes\n      - wait: done\n": "the order is acknowledged; the last of 1 pushes was answered with status 202",
		"      - faults: {push: {mode: dropped}}\n      - buy: yes\n      - wait: {clock: 48 h}\n      - wait: done\n": "the order is not acknowledged; the last of 16 pushes was dropped",
		"      - buy: yes\n      - {wait: done, x-nobody: takes a push}\n":                                             `the order is not acknowledged; the last push found nobody: Post "…": nobody there`,
	} {
		res := play(t, "x.scenario.yaml", one(entered+steps), never)
		if got := res.Cases[0].Failures; len(got) != 1 || !strings.HasSuffix(got[0].Got, want) {
			t.Errorf("%+v, want %s", got, want)
		}
	}
}

// TestRunEndsWithItsContext: who cancels gets no results.
func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	play(t, "x.scenario.yaml", one("      - {open: yes, expect: {answer: applied}}\n"), func(w *scenario.World) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		f, _ := parse(t, one("      - {open: yes, expect: {answer: applied}}\n"))
		if res, err := scenario.Run(ctx, w, f); res != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%v %v", res, err)
		}
	})
}
