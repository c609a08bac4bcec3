package scenario_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/faults"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
)

// fakeLocal notes what is done to a service.
type fakeLocal struct {
	calls []string
	err   error // of everything that can fail
}

var _ scenario.Local = (*fakeLocal)(nil)

func (l *fakeLocal) note(format string, args ...any) error {
	l.calls = append(l.calls, fmt.Sprintf(format, args...))
	return l.err
}

func (l *fakeLocal) Plug(_ context.Context, up bool) error      { return l.note("plug %v", up) }
func (l *fakeLocal) Reload(_ context.Context, dir string) error { return l.note("reload %s", dir) }
func (l *fakeLocal) Pass(d time.Duration) error                 { return l.note("pass %v", d) }
func (l *fakeLocal) Ensure(_ context.Context, order string) error {
	return l.note("ensure %d", len(order))
}
func (l *fakeLocal) Office(_ context.Context, what, _ string) error    { return l.note("office %s", what) }
func (l *fakeLocal) Shop(a scenario.ShopAnswer)                        { _ = l.note("shop %+v", a) }
func (l *fakeLocal) Sink(list ...faults.Fault) error                   { return l.note("sink %d", len(list)) }
func (l *fakeLocal) Quote(_ context.Context, d []byte) ([]byte, error) { return d, l.note("quote") }

// TestLocalSteps: what is done to a service that was started here, and what is played around it until the scenario ends.
func TestLocalSteps(t *testing.T) {
	t.Parallel()
	const last = "      - {open: yes, expect: {answer: applied}}\n"
	for _, c := range []struct {
		steps string
		want  []string
	}{
		{"      - service: down\n      - service: up\n", []string{"plug false", "plug true"}},
		{"      - rules: next/year\n", []string{"reload stories/next/year"}},
		{"      - later: 61 min\n", []string{"pass 1h1m0s"}},
		{"      - ensure: yes\n", []string{"ensure 36"}},
		{"      - orders: release\n      - orders: reconcile\n", []string{"office release", "office reconcile"}},
		{"      - shop: {status: 400, error: approval_failed, text: Slut., delay: 2 s}\n", []string{"shop {Status:400 Error:approval_failed Text:Slut. Location: Delay:2s}", "shop {Status:0 Error: Text: Location: Delay:0s}"}},
		{"      - shop: approves\n", []string{"shop {Status:0 Error: Text: Location: Delay:0s}", "shop {Status:0 Error: Text: Location: Delay:0s}"}},
		{"      - faults: {sink: [{mode: failing, times: 2}, slow]}\n      - faults: off\n", []string{"sink 2", "sink 0", "sink 0"}},
	} {
		l := new(fakeLocal)
		res := play(t, "stories/x.scenario.yaml", one(c.steps+last), func(w *scenario.World) { w.Local = l })
		if fails := res.Cases[0].Failures; len(fails) > 0 {
			t.Errorf("%s: %+v", c.steps, fails)
		}
		if diff := cmp.Diff(c.want, l.calls); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.steps, diff)
		}
		l.err = errors.New("it burns")
		res = play(t, "stories/x.scenario.yaml", one(c.steps+last), func(w *scenario.World) { w.Local = l })
		if fails := res.Cases[0].Failures; !strings.Contains(c.steps, "shop") && (len(fails) != 1 || fails[0].Got != "it burns") {
			t.Errorf("%s: %+v, want that it burns", c.steps, fails)
		}
		res = play(t, "stories/x.scenario.yaml", one(c.steps+last), nil)
		if fails := res.Cases[0].Failures; len(fails) != 1 || !strings.Contains(fails[0].Got, "leave --url out") {
			t.Errorf("%s: %+v, want that nothing can be done", c.steps, fails)
		}
	}
}

// TestQuoted: the order that is created is the one that was quoted.
func TestQuoted(t *testing.T) {
	t.Parallel()
	quoted := strings.Replace(one("      - {open: yes, expect: {answer: applied}}\n"), "    steps:", "    quote: yes\n    steps:", 1)
	l := new(fakeLocal)
	if fails := play(t, "x.scenario.yaml", quoted, func(w *scenario.World) { w.Local = l }).Cases[0].Failures; len(fails) > 0 || len(l.calls) != 1 || l.calls[0] != "quote" {
		t.Errorf("%v %v", fails, l.calls)
	}
	l.err = errors.New("it burns")
	if fails := play(t, "x.scenario.yaml", quoted, func(w *scenario.World) { w.Local = l }).Cases[0].Failures; len(fails) != 1 || fails[0].Got != "quote: it burns" {
		t.Errorf("%+v", fails)
	}
	if fails := play(t, "x.scenario.yaml", quoted, nil).Cases[0].Failures; len(fails) != 1 || !strings.Contains(fails[0].Got, "leave --url out") {
		t.Errorf("%+v", fails)
	}
}

// TestManage: what the merchant does in Order Management by itself is done, or says why not.
func TestManage(t *testing.T) {
	t.Parallel()
	const bought = "      - {address: SE 118 26, expect: {answer: applied}}\n      - buy: {push: never}\n"
	for steps, want := range map[string]string{
		bought + "      - {manage: acknowledge, expect: {acknowledged: yes, status: AUTHORIZED}}\n": "",
		bought + "      - {manage: cancel, expect: {status: CANCELLED}}\n":                          "",
		bought + "      - {manage: capture, expect: {status: CAPTURED, acknowledged: yes}}\n":       "",
		bought + "      - manage: cancel\n      - manage: capture\n":                                "status 403",
		"      - {open: yes, expect: {answer: applied}}\n      - manage: cancel\n":                  "status 404",
	} {
		got := ""
		for _, f := range play(t, "x.scenario.yaml", one(steps), nil).Cases[0].Failures {
			got = f.Got
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", steps, got, want)
		}
	}
}
