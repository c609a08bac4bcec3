package simulator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// TestABuyersWay: the callbacks come in the provider's order, the first with nothing but the country, and the option that
// is selected is echoed from the first answer on.
func TestABuyersWay(t *testing.T) {
	t.Parallel()
	s := good()
	sim, x := checkout(t, s)
	must(t, x.Address(t.Context(), stockholm(), nil))
	must(t, x.Choose(t.Context(), "home"))
	must(t, x.Buy(t.Context(), simulator.Purchase{ThreeDSecure: 1}))
	if diff := cmp.Diff("address_update address_update shipping_option_update validation validation", s.called()); diff != "" {
		t.Fatal(diff)
	}
	for _, c := range []struct {
		call         int
		member, want string
	}{
		{0, "billing_address", `{"country":"SE"}`},
		{0, "shipping_address", `{"country":"SE"}`},
		{0, "customer", `{}`},
		{0, "selected_shipping_option", ""},
		{0, "merchant_data", `"m"`},
		{0, "order_id", ""},
		{0, "purchase_country", ""},
		{1, "billing_address", `{"country":"SE","given_name":"Ada","postal_code":"118 26"}`},
		{1, "selected_shipping_option", pickup},
		{2, "selected_shipping_option", home},
		{3, "order_id", `"` + x.ID() + `"`},
		{3, "selected_shipping_option", home},
		{3, "order_amount", "15000"},
	} {
		if got := s.member(t, c.call, c.member); got != c.want {
			t.Errorf("call %d, %s: %s, want %s", c.call, c.member, got, c.want)
		}
	}
	v := x.View()
	if v.Stage != simulator.Bought || v.Total != 15000 || v.Tax != 3000 || v.Selected != "home" || v.Standing.Status != "AUTHORIZED" || len(v.Freight()) != 1 {
		t.Errorf("%+v", v)
	}
	list := sim.Exchanges(x.ID(), 0)
	if len(list) != 5 || list[4].Repeat != 1 || list[0].Deadline != 3*time.Second || !strings.HasSuffix(list[0].URL, "?klarna_order_id="+x.ID()) {
		t.Errorf("%+v", list)
	}
	wantError(t, x.Address(t.Context(), stockholm(), nil), simulator.ErrOver)
	wantError(t, x.Buy(t.Context(), simulator.Purchase{}), simulator.ErrOver)
}

// TestValidationIsTheWholeOrder: its body is what reading the order shows.
func TestValidationIsTheWholeOrder(t *testing.T) {
	t.Parallel()
	var x *simulator.Session
	s := good()
	priced := s.answer
	s.answer = func(ctx context.Context, callback, body string) (int, string, string, error) {
		if callback == "validation" {
			if diff := cmp.Diff(string(x.View().JSON), body); diff != "" {
				t.Error(diff)
			}
		}
		return priced(ctx, callback, body)
	}
	_, x = checkout(t, s)
	must(t, x.Address(t.Context(), stockholm(), nil))
	must(t, x.Buy(t.Context(), simulator.Purchase{}))
	if s.called() != "address_update address_update validation" {
		t.Error(s.called())
	}
}

// TestCountries: a change of country is one callback, the country that is there already is none, and where the order has no
// URL for it an address_update comes instead.
func TestCountries(t *testing.T) {
	t.Parallel()
	s := good()
	sim, x := checkout(t, s)
	must(t, x.Country(t.Context(), "SE"))
	must(t, x.Country(t.Context(), "se"))
	must(t, x.Country(t.Context(), "NO"))
	must(t, x.Address(t.Context(), map[string]string{"postal_code": "0150"}, nil))
	must(t, x.Address(t.Context(), stockholm(), nil))
	if want := "address_update country_change address_update country_change"; s.called() != want {
		t.Errorf("%s, want %s", s.called(), want)
	}
	if v := x.View(); v.Country != "SE" || !strings.Contains(string(v.JSON), `"purchase_country":"SE"`) {
		t.Errorf("%s %s", v.Country, v.JSON)
	}
	all := urls()
	delete(all, "country_change")
	y, err := sim.Start([]byte(lampCart), all)
	must(t, err)
	must(t, y.Country(t.Context(), "NO"))
	if !strings.HasSuffix(s.called(), "country_change address_update") {
		t.Error(s.called())
	}
}

// TestLock: while an update callback is out the shop cannot change the order through the Checkout API; afterwards it can.
func TestLock(t *testing.T) {
	t.Parallel()
	var x *simulator.Session
	s := good()
	answer := s.answer
	s.answer = func(ctx context.Context, callback, body string) (int, string, string, error) {
		v := x.View()
		err := x.Change([]byte(`{"merchant_reference1":"R"}`))
		if update := callback != "validation"; v.Locked != update || (err != nil) != update || string(v.Out) != callback {
			t.Errorf("%s: out %q, locked %v, change: %v", callback, v.Out, v.Locked, err)
		} else if update && !strings.Contains(err.Error(), "READ_ONLY_ORDER") {
			t.Error(err)
		}
		return answer(ctx, callback, body)
	}
	_, x = checkout(t, s)
	must(t, x.Address(t.Context(), stockholm(), nil))
	if v := x.View(); v.Locked || v.Out != "" {
		t.Errorf("%+v", v)
	}
	must(t, x.Change([]byte(`{"merchant_reference1":"R"}`)))
	must(t, x.Buy(t.Context(), simulator.Purchase{}))
}

// TestRefusedAndMended: an answer that is refused takes nothing over and keeps the buyer from buying.
func TestRefusedAndMended(t *testing.T) {
	t.Parallel()
	s := good()
	answer, bad := s.answer, ""
	s.answer = func(ctx context.Context, callback, body string) (int, string, string, error) {
		switch bad {
		case "refuse":
			return 400, "", `{"error_type":"address_error","error_text":"No boxes."}`, nil
		case "spoil":
			return 200, "", strings.Replace(priced(body), `"order_amount":1`, `"order_amount":2`, 1), nil
		case "redirect":
			return 303, "https://shop.example/no", "", nil
		}
		return answer(ctx, callback, body)
	}
	_, x := checkout(t, s)
	wantError(t, x.Buy(t.Context(), simulator.Purchase{}), simulator.ErrHeld)
	must(t, x.Enter(t.Context()))
	wantError(t, x.Buy(t.Context(), simulator.Purchase{}), simulator.ErrHeld) // no address yet
	must(t, x.Address(t.Context(), stockholm(), nil))
	before := x.View()
	for word, outcome := range map[string]judge.Outcome{"refuse": judge.Refused, "spoil": judge.Unusable} {
		bad = word
		must(t, x.Choose(t.Context(), "home"))
		v := x.View()
		if v.Stage != simulator.Held || v.Last.Outcome != outcome || v.Total != before.Total || v.Selected != "pickup" {
			t.Errorf("%s: %+v", word, v)
		}
		wantError(t, x.Buy(t.Context(), simulator.Purchase{}), simulator.ErrHeld)
	}
	bad = ""
	must(t, x.Choose(t.Context(), "home"))
	wantError(t, x.Choose(t.Context(), "rocket"), simulator.ErrOption)
	bad = "redirect"
	must(t, x.Buy(t.Context(), simulator.Purchase{}))
	if v := x.View(); v.Stage != simulator.Left || v.Last.Location != "https://shop.example/no" || v.Standing.Status != "" {
		t.Errorf("%+v", v)
	}
}

// TestOptionsThatVanish: the option that is selected stays as long as it is offered, at its new price; else the preselected
// one is selected, or none.
func TestOptionsThatVanish(t *testing.T) {
	t.Parallel()
	offers := []string{
		pickup + "," + home,
		pickup + "," + strings.Replace(home, "5000", "6000", 1) + "",
		pickup,
		strings.Replace(home, `"id":"home"`, `"id":"other"`, 1),
	}
	s := &shop{}
	n := 0
	s.answer = func(context.Context, string, string) (int, string, string, error) {
		offer := strings.Replace(offers[n], `"price":6000,"tax_amount":1000`, `"price":6000,"tax_amount":1200`, 1)
		return 200, "", `{"order_amount":10000,"order_tax_amount":2000,"purchase_currency":"SEK","order_lines":[` + lampLine + `],"shipping_options":[` + offer + `]}`, nil
	}
	_, x := checkout(t, s)
	must(t, x.Enter(t.Context()))
	must(t, x.Choose(t.Context(), "home"))
	for i, want := range []string{"home", "home", "pickup", ""} {
		n = i
		must(t, x.Address(t.Context(), stockholm(), nil))
		if v := x.View(); v.Selected != want || v.Last.Outcome != judge.Applied {
			t.Errorf("%d: selected %q, want %q: %+v", i, v.Selected, want, v.Last)
		}
	}
	wantError(t, x.Buy(t.Context(), simulator.Purchase{}), simulator.ErrHeld) // an option has to be chosen
}

// TestDeadlines: the provider waits 3 s, and 10 s for a validation that it demands; what silence means depends on that.
func TestDeadlines(t *testing.T) {
	for _, c := range []struct {
		name, cart string
		update     time.Duration
		validation time.Duration
		stage      simulator.Stage
	}{
		{"by default silence approves", lampCart, 3 * time.Second, 3 * time.Second, simulator.Bought},
		{"where an answer is demanded it denies", strings.Replace(lampCart, "{", `{"options":{"require_validate_callback_success":true},`, 1),
			3 * time.Second, 10 * time.Second, simulator.Open},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, hang := good(), false
				answer := s.answer
				s.answer = func(ctx context.Context, callback, body string) (int, string, string, error) {
					if hang {
						<-ctx.Done()
						return 0, "", "", ctx.Err()
					}
					return answer(ctx, callback, body)
				}
				sim := world(t, s)
				x, err := sim.Start([]byte(c.cart), urls())
				must(t, err)
				must(t, x.Address(t.Context(), stockholm(), nil))
				hang = true
				must(t, x.Choose(t.Context(), "home"))
				e := sim.Exchanges(x.ID(), 2)[0]
				if e.Took != c.update || e.Deadline != c.update || e.Verdict.Outcome != judge.Silent || x.View().Stage != simulator.Held || e.Trouble == "" {
					t.Errorf("%+v", e)
				}
				hang = false
				must(t, x.Choose(t.Context(), "home"))
				hang = true
				must(t, x.Buy(t.Context(), simulator.Purchase{}))
				e = sim.Exchanges(x.ID(), 4)[0]
				if e.Took != c.validation || x.View().Stage != c.stage {
					t.Errorf("%v, stage %s", e.Took, x.View().Stage)
				}
			})
		})
	}
}

// TestBuyerGoesAway: a step whose context ends records nothing and leaves the order unlocked.
func TestBuyerGoesAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &shop{answer: func(ctx context.Context, _, _ string) (int, string, string, error) {
		cancel()
		<-ctx.Done()
		return 0, "", "", ctx.Err()
	}}
	sim, x := checkout(t, s)
	wantError(t, x.Enter(ctx), context.Canceled)
	if v := x.View(); v.Locked || v.Out != "" || len(sim.Exchanges("", 0)) != 0 {
		t.Errorf("%+v", v)
	}
	wantError(t, x.Country(ctx, "NO"), context.Canceled)
}

// TestWithoutURLs: a callback without a URL is not fired; without shipping_option_update the provider adds the line itself.
func TestWithoutURLs(t *testing.T) {
	t.Parallel()
	s := good()
	sim := world(t, s)
	quiet, err := sim.Start([]byte(lampCart), nil)
	must(t, err)
	must(t, quiet.Address(t.Context(), stockholm(), nil))
	must(t, quiet.Country(t.Context(), "NO"))
	must(t, quiet.Address(t.Context(), map[string]string{"city": "Oslo"}, nil))
	must(t, quiet.Buy(t.Context(), simulator.Purchase{NoPush: true}))
	if v := quiet.View(); s.called() != "" || v.Stage != simulator.Bought || v.Total != 10000 || !strings.Contains(string(v.JSON), `"purchase_country":"NO"`) {
		t.Errorf("%q %+v", s.called(), v)
	}
	s.answer = func(context.Context, string, string) (int, string, string, error) {
		return 200, "", `{"order_amount":10000,"order_tax_amount":2000,"purchase_currency":"SEK","order_lines":[` + lampLine + `],"shipping_options":[` + pickup + "," + home + `]}`, nil
	}
	all := urls()
	delete(all, "shipping_option_update")
	x, err := sim.Start([]byte(lampCart), all)
	must(t, err)
	must(t, x.Address(t.Context(), stockholm(), nil))
	for _, c := range []struct {
		id    string
		total int64
	}{{"home", 15000}, {"pickup", 10000}, {"home", 15000}} {
		must(t, x.Choose(t.Context(), c.id))
		if v := x.View(); int64(v.Total) != c.total || len(v.Freight()) != 1 || v.Freight()[0].Reference != c.id || judge.Order(v.JSON) != nil {
			t.Errorf("%s: %+v", c.id, v)
		}
	}
	must(t, x.Address(t.Context(), stockholm(), nil))
	if v := x.View(); v.Total != 15000 || s.called() != "address_update address_update address_update" {
		t.Errorf("%s %+v", s.called(), v)
	}
}

// TestOverTheWire: real connections: an answer that breaks off, one that is too long, a redirect that is not followed, and
// nobody there.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	how := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		switch how {
		case "cut off":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		case "too long":
			_, _ = w.Write(make([]byte, 9<<20))
		case "redirect":
			http.Redirect(w, r, "https://shop.invalid/", http.StatusSeeOther)
		}
	}))
	defer server.Close()
	p := world(t, good()).Provider()
	sim, err := simulator.New(simulator.Options{Now: time.Now, Provider: p, Seed: 2})
	must(t, err)
	defer sim.Close()
	for _, c := range []struct {
		how  string
		want judge.Outcome
	}{{"cut off", judge.Unusable}, {"too long", judge.Unusable}, {"redirect", judge.Redirected}, {"gone", judge.Silent}} {
		if how = c.how; how == "gone" {
			server.Close()
		}
		x, err := sim.Start([]byte(lampCart), map[string]string{"address_update": server.URL})
		must(t, err)
		must(t, x.Enter(t.Context()))
		if v := x.View(); v.Last.Outcome != c.want {
			t.Errorf("%s: %+v", c.how, v.Last)
		}
	}
	for _, e := range sim.Exchanges("", 0) {
		if (e.Trouble == "") != (e.Verdict.Outcome == judge.Redirected) || strings.Contains(e.Trouble, server.URL) {
			t.Errorf("%+v", e)
		}
	}
}

// TestStart: what the provider would not take does not become a checkout.
func TestStart(t *testing.T) {
	t.Parallel()
	sim := world(t, good())
	for name, cart := range map[string]string{"no JSON": "{", "no order": "null", "wrong sums": strings.Replace(lampCart, `"order_amount":1`, `"order_amount":2`, 1)} {
		if _, err := sim.Start([]byte(cart), urls()); err == nil {
			t.Errorf("%s: taken", name)
		} else if refused := (*simulator.RefusedError)(nil); errors.As(err, &refused) != (name == "wrong sums") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, u := range []string{"kvitto.example/push", "https://kvitto.example/" + strings.Repeat("x", 2000)} {
		if _, err := sim.Start([]byte(lampCart), map[string]string{"push": u}); err == nil {
			t.Errorf("taken: %.40s", u)
		}
	}
	x, err := sim.Start([]byte(strings.Replace(lampCart, "{", `{"merchant_urls":{"terms":"https://shop.example/terms"},`, 1)), urls())
	must(t, err)
	if v := x.View(); !strings.Contains(string(v.JSON), "https://shop.example/terms") || !strings.Contains(string(v.JSON), "country_change") {
		t.Errorf("%s", v.JSON)
	}
	if _, err := simulator.New(simulator.Options{}); err == nil {
		t.Error("made of nothing")
	}
}

// TestIDs: the same seed gives the same order ids, and the newest checkout comes first.
func TestIDs(t *testing.T) {
	t.Parallel()
	var runs [2]string
	for i := range runs {
		sim := world(t, good())
		for range 3 {
			x, err := sim.Start([]byte(lampCart), nil)
			must(t, err)
			runs[i] += x.ID() + " "
		}
		if newest := sim.Sessions()[0]; !strings.HasSuffix(runs[i], newest.ID()+" ") {
			t.Error(newest.ID())
		}
	}
	if runs[0] != runs[1] {
		t.Errorf("%s\n%s", runs[0], runs[1])
	}
}

// TestKeptExchanges: the last 1,000 callbacks are kept, whoever reads meanwhile.
func TestKeptExchanges(t *testing.T) {
	t.Parallel()
	sim, x := checkout(t, good())
	must(t, x.Enter(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for len(sim.Exchanges("", 1005)) == 0 {
			changed := sim.Changed()
			if len(sim.Exchanges("", 1005)) == 0 {
				<-changed
			}
		}
	}()
	for i := range 1010 {
		must(t, x.Address(t.Context(), map[string]string{"postal_code": fmt.Sprint(10000 + i)}, nil))
	}
	<-done
	list := sim.Exchanges("", 0)
	if len(list) != 1000 || list[0].Seq != 12 || list[999].Seq != 1011 {
		t.Errorf("%d, from %d to %d", len(list), list[0].Seq, list[len(list)-1].Seq)
	}
	if same, ok := sim.Session(x.ID()); !ok || same != x || len(sim.Exchanges("nobody", 0)) != 0 {
		t.Error("sessions and filters")
	}
}
