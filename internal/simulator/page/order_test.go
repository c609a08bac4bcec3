package page_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator/page"
)

// sold opens a checkout and buys.
func (w *world) sold(t *testing.T, form ...string) string {
	t.Helper()
	id := w.settled(t)
	if res := w.post(t, "/checkouts/"+id+"/buy", form...); res.path != "/orders/"+id {
		t.Fatalf("the purchase leads to %s:\n%s", res.path, mainOf(res.body))
	}
	return id
}

// acknowledge does what a service does with an order.
func (w *world) acknowledge(t *testing.T, id string) int {
	t.Helper()
	rec := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/ordermanagement/v1/orders/"+id+"/acknowledge", nil)
	req.SetBasicAuth("K1", "p")
	w.provider.Handler().ServeHTTP(rec, req)
	return rec.Code
}

// taker is how a service has orders, in tests.
type taker struct {
	kept page.Kept
	err  error
}

// Kept implements page.Keeper.
func (k *taker) Kept(context.Context, string) (page.Kept, error) { return k.kept, k.err }

// TestMilestones: an order's way says where it is, in words.
func TestMilestones(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		kept  *taker
		push  int // status of the service; 0: no push is sent
		acked bool
		shows []string
		hides []string
	}{
		{"just bought", nil, 0, false, []string{"Pushed waiting", "Handed over to come", "Acknowledged to come", "waits to be pushed"}, []string{"The service has it as"}},
		{"pushed", nil, 202, false, []string{"Pushed done", "1 push, answered", "Handed over under way", "waits to be handed over", "Push 1 ✓ 202 Accepted"}, nil},
		{"push refused", nil, 503, false, []string{"Pushed failing", "none was answered well", "Push 1 ✕ 503 Service Unavailable"}, nil},
		{"written down", &taker{kept: page.Kept{State: "PENDING"}}, 202, false, []string{"the service has written it down", "PENDING"}, nil},
		{"handed over", &taker{kept: page.Kept{State: "HANDED", Receipt: "evt_7"}}, 202, false, []string{"the shop has it, as evt_7", "Acknowledged waiting", "handed over and waits to be acknowledged"}, nil},
		{"handed over twice", &taker{kept: page.Kept{State: "HANDED", Handovers: 2}}, 202, false, []string{"the shop has it, 2 events"}, nil},
		{"parked", &taker{kept: page.Kept{State: "PARKED"}}, 202, false, []string{"Handed over parked", "waits for a person"}, nil},
		{"nobody knows", &taker{err: errors.New("the service is down")}, 202, false, []string{"not known: the service is down"}, nil},
		{"acknowledged", &taker{kept: page.Kept{State: "ACKED", Done: true}}, 202, true, []string{"Acknowledged done", "The order is acknowledged.", "ACKED , done", "Next push none", "The service acknowledges ✓ 204"}, nil},
		{"acknowledged before any push", nil, 0, true, []string{"was not needed", "only what the shop has is acknowledged"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, shop{"push": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.push) }}, func(o *page.Options) {
				if c.kept != nil {
					o.Keeper = c.kept
				}
			})
			id := w.sold(t)
			if c.push != 0 {
				w.post(t, "/orders/"+id+"/push")
				w.await(t, func() bool {
					return w.provider.History().Count(fakeprovider.Filter{Order: id, Kinds: []fakeprovider.Kind{fakeprovider.Push}}) > 0
				})
			}
			if c.acked {
				w.acknowledge(t, id)
			}
			res := w.get(t, "/orders/"+id)
			got := plain(mainOf(res.body))
			for _, text := range c.shows {
				if !strings.Contains(got, text) {
					t.Errorf("the page lacks %q:\n%s", text, got)
				}
			}
			for _, text := range c.hides {
				if strings.Contains(got, text) {
					t.Errorf("the page has %q:\n%s", text, got)
				}
			}
			if faults := audit(res.body); len(faults) > 0 {
				t.Errorf("%q", faults)
			}
			if strings.Contains(res.body, token) {
				t.Error("the page shows the token")
			}
		})
	}
}

// TestLive: an order that did not change costs no page; one that did says so aloud.
func TestLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.sold(t)
	first := w.get(t, "/orders/"+id+"/live")
	_, rest, _ := strings.Cut(first.body, "live?seen=")
	mark, _, _ := strings.Cut(rest, `"`)
	if mark == "" {
		t.Fatalf("no mark in %s", first.body)
	}
	if res := w.get(t, "/orders/"+id+"/live?seen="+mark); res.status != http.StatusNoContent {
		t.Errorf("nothing changed: status %d", res.status)
	}
	w.acknowledge(t, id)
	res := w.get(t, "/orders/"+id+"/live?seen="+mark)
	res.holds(t, `role="status" id="order-said" hx-swap-oob="true">The order is acknowledged.`)
}

// TestEvents: what the history says is told in words, and what was done without the service being told is said so.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.sold(t)
	if err := w.provider.SetFault(fakeprovider.Acknowledge, fakeprovider.Fault{Mode: fakeprovider.FailingAfter, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if got := w.acknowledge(t, id); got != http.StatusGatewayTimeout {
		t.Errorf("acknowledge: %d", got)
	}
	for range 3 {
		w.acknowledge(t, id)
	}
	w.get(t, "/orders/"+id).holds(t, "done, but the service was not told so", "fault: failing after", "3 times until ")
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	for decision, want := range map[string]string{"ACCEPTED": "ACCEPTED", "REJECTED": "REJECTED", "STOPPED": "REJECTED"} {
		w := newWorld(t, shop{}, nil)
		id := w.sold(t, "fraud", "PENDING")
		res := w.post(t, "/orders/"+id+"/decide", "decision", decision)
		if s := w.view(t, id).Standing; s.FraudStatus != want || strings.Contains(res.body, "Fraud decision") {
			t.Errorf("%s: fraud status %s", decision, s.FraudStatus)
		}
		w.await(t, func() bool {
			return w.provider.History().Count(fakeprovider.Filter{Order: id, Kinds: []fakeprovider.Kind{fakeprovider.Notification}}) == 1
		})
		w.get(t, "/orders/"+id).holds(t, "The provider notifies of its decision")
		if res := w.post(t, "/orders/"+id+"/decide", "decision", "MAYBE"); res.status != 422 {
			t.Errorf("no decision: status %d", res.status)
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{"push": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }}, nil)
	id := w.sold(t)
	w.post(t, "/provider/clock", "speed", "60", "back", "/orders/"+id).holds(t, "· 60×", `value="60" aria-pressed="true"`)
	if err := w.provider.SetSpeed(10); err != nil { // elsewhere, as through /_control/
		t.Fatal(err)
	}
	w.get(t, "/").holds(t, "· 10×")
	for _, bad := range []string{"0", "-1", "3601", "fast", ""} {
		if res := w.post(t, "/provider/clock", "speed", bad); res.status != http.StatusBadRequest {
			t.Errorf("speed %q: status %d", bad, res.status)
		}
	}
	w.post(t, "/orders/"+id+"/jump")
	w.await(t, func() bool { return w.view(t, id).Standing.Pushes > 0 })
	w.acknowledge(t, id)
	if res := w.post(t, "/orders/"+id+"/jump"); res.status != 422 || !strings.Contains(res.body, "no push is due any more") {
		t.Errorf("status %d", res.status)
	}
	if res := w.post(t, "/orders/"+id+"/dance"); res.status != http.StatusNotFound {
		t.Errorf("status %d", res.status)
	}
}

// TestSwitches: each switch is set at the provider and taken back, and leaves the others alone.
func TestSwitches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.sold(t)
	set := func(name, on string) answer {
		t.Helper()
		return w.post(t, "/provider/fault", "fault", name, "on", on, "back", "/orders/"+id)
	}
	for i, f := range page.Faults() {
		res := set(f.Name, "yes")
		if n := strings.Count(res.body, `aria-checked="true"`); n != i+1 {
			t.Errorf("%s on: %d switches are on, want %d", f.Name, n, i+1)
		}
	}
	all := w.provider.Faults()
	for kind, want := range map[fakeprovider.Kind][]fakeprovider.Mode{
		fakeprovider.Any:         {fakeprovider.Slow, fakeprovider.Failing, fakeprovider.TooMany},
		fakeprovider.Read:        {fakeprovider.Missing, fakeprovider.Slow, fakeprovider.Failing, fakeprovider.TooMany},
		fakeprovider.Acknowledge: {fakeprovider.LostReply, fakeprovider.Slow, fakeprovider.Failing, fakeprovider.TooMany},
		fakeprovider.Push:        {fakeprovider.Duplicated, fakeprovider.Dropped},
	} {
		var got []fakeprovider.Mode
		for _, f := range all[kind] {
			got = append(got, f.Mode)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", kind, got, want)
		}
	}
	set("slow", "no")
	if got := w.provider.Faults()[fakeprovider.Read]; len(got) != 3 {
		t.Errorf("slow off: read has %v", got)
	}
	w.post(t, "/provider/calm", "back", "/orders/"+id)
	if got := w.provider.Faults(); len(got) > 0 {
		t.Errorf("all off: %v", got)
	}
	if res := set("gremlins", "yes"); res.status != http.StatusBadRequest {
		t.Errorf("status %d", res.status)
	}
	if res := w.post(t, "/provider/dance"); res.status != http.StatusNotFound {
		t.Errorf("status %d", res.status)
	}
}

// TestSwitchesSetElsewhere: faults that were set past the page are shown.
func TestSwitchesSetElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.sold(t)
	if err := w.provider.SetFault(fakeprovider.Capture, fakeprovider.Fault{Mode: fakeprovider.Forbidden}); err != nil {
		t.Fatal(err)
	}
	w.get(t, "/orders/"+id).holds(t, "Set elsewhere: capture: forbidden", "1 fault is on")
}

// socket is a service that can be unplugged.
type socket struct {
	out  atomic.Bool
	fail error
}

// Plugged implements page.Plug.
func (s *socket) Plugged() bool { return !s.out.Load() }

// Plug implements page.Plug.
func (s *socket) Plug(_ context.Context, in bool) error {
	s.out.Store(!in)
	return s.fail
}

func TestPlug(t *testing.T) {
	t.Parallel()
	s := &socket{}
	w := newWorld(t, shop{}, func(o *page.Options) { o.Plug = s })
	id := w.sold(t)
	w.get(t, "/orders/"+id).holds(t, "It is running.", "service running")
	w.post(t, "/service", "plugged", "no", "back", "/orders/"+id).holds(t, "It is unplugged.", "service unplugged")
	w.post(t, "/service", "plugged", "yes", "back", "/orders/"+id).holds(t, "It is running.")
	s.fail = errors.New("the port is taken")
	if res := w.post(t, "/service", "plugged", "no"); res.status != http.StatusInternalServerError || !strings.Contains(res.body, "the port is taken") {
		t.Errorf("status %d", res.status)
	}
	w = newWorld(t, shop{}, nil)
	if res := w.post(t, "/service", "plugged", "no"); res.status != http.StatusConflict {
		t.Errorf("status %d", res.status)
	}
}

// TestOrderInFull: the order as Order Management has it stands on its page once it is unfolded, and alone without script.
func TestOrderInFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	open := w.opened(t, "digital")
	if res := w.get(t, "/orders/"+open+"/json"); res.status != http.StatusNotFound {
		t.Errorf("an order that is not bought: status %d", res.status)
	}
	id := w.sold(t)
	w.get(t, "/orders/"+id).holds(t, "/orders/"+id+"/json", "As reading it in Order Management shows it")
	whole := w.get(t, "/orders/"+id+"/json")
	if want, ok := w.provider.ManagedJSON(id); !ok || !strings.HasPrefix(whole.header.Get("Content-Type"), "text/plain") || !sameJSON(t, whole.body, string(want)) {
		t.Errorf("%s\n%s", whole.header.Get("Content-Type"), whole.body)
	}
	for _, member := range []string{`"remaining_authorized_amount"`, `"expires_at"`, `"captures"`, `"order_lines"`} {
		if !strings.Contains(whole.body, member) {
			t.Errorf("no %s", member)
		}
	}
	part := w.get(t, "/orders/"+id+"/json", "HX-Request", "true")
	if strings.Contains(part.body, "<html") || !strings.Contains(part.body, `<span class="j-k">&#34;fraud_status&#34;</span>`) {
		t.Errorf("the part for htmx:\n%s", part.body)
	}
}

// sameJSON compares two JSON texts but for their spaces.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var got, want any
	if err := errors.Join(json.Unmarshal([]byte(a), &got), json.Unmarshal([]byte(b), &want)); err != nil {
		t.Error(err)
	}
	return cmp.Equal(got, want)
}
