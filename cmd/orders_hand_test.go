package cmd_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// byHand asks a service that is served with these arguments.
type byHand struct {
	*testing.T
	args []string
}

func (h byHand) run(args ...string) (status int, out, errs string) {
	h.Helper()
	return runOrders(h.T, "", append(args, h.args...)...)
}

// works ends the test unless a command does what it says.
func (h byHand) works(want string, args ...string) string {
	h.Helper()
	status, out, errs := h.run(args...)
	if status != 0 || !strings.Contains(out, want) {
		h.Fatalf("%v: %d %s%s; want %q", args, status, out, errs, want)
	}
	return out
}

func (h byHand) fails(want string, args ...string) {
	h.Helper()
	if status, out, errs := h.run(args...); status != 2 || !strings.Contains(errs, want) {
		h.Errorf("%v: %d %s%s; want %q", args, status, out, errs, want)
	}
}

// TestWhatWasDoneIsSaid: a command that changes nothing says why, and what helps; one that does says what goes on.
func TestWhatWasDoneIsSaid(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "backoff: [100ms]", "backoff: [1h]")
	if err := shop.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"failed"`)
	h := byHand{t, []string{"--admin", r.admin}}
	h.works("not parked: nothing to release. It is tried again at 20", "release", confirmedID)
	h.works("kvitto orders retry has it tried now", "release", confirmedID)
	h.works(confirmedID+": is tried now, after 1 failed attempts, the last one unavailable", "retry", "--by", "anna", confirmedID)
	if e := r.await(`"step":"retried"`); e["by"] != "anna" || e["level"] != "info" {
		t.Errorf("%v", e)
	}
	r.await(`"step":"failed"`)
	h.works(confirmedID+": parked", "park", confirmedID)
	h.works("was parked already: by_hand", "park", confirmedID)
	h.fails("this order is parked: look why with kvitto orders show, then kvitto orders release", "retry", confirmedID)
	shop.provider.ClearFaults()
	h.works("released: it was parked (by_hand) and goes on now", "release", confirmedID)
	r.await(`"step":"acked"`)
	h.works("not parked: nothing is left to do", "release", confirmedID)
	h.fails("nothing is left to do with this order", "retry", confirmedID)
	h.fails("nothing is left to do with this order", "park", confirmedID)
	h.fails("the provider has shown this order, so it is not forgotten", "forget", "--yes", confirmedID)
	if out := h.works("released by hand", "show", confirmedID); !strings.Contains(out, "once") || strings.Contains(out, "why") {
		t.Errorf("show: %s", out)
	}
	audit := strings.Join(auditText(t, shop.file("var/audit.jsonl")), "")
	for want, n := range map[string]int{`"step":"enqueued"`: 1, `"step":"retried","from":"PENDING"`: 1} {
		if strings.Count(audit, want) != n {
			t.Errorf("the audit has not %d of %s:\n%s", n, want, audit)
		}
	}
}

// TestUnknownIDs: ids that the provider never showed are listed, counted apart, and dropped by hand.
func TestUnknownIDs(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "backoff: [100ms]", "backoff: [1h]")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	if err := shop.provider.SetFault(fakeprovider.Acknowledge, fakeprovider.Fault{Mode: fakeprovider.Forbidden, Order: confirmedID}); err != nil {
		t.Fatal(err)
	}
	r := start(t, "--config", shop.config)
	for i := range 2 {
		r.push("klarna_order_id=" + manyID(i)) // nobody's
		r.await(`"step":"failed"`)
	}
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"parked"`)
	h := byHand{t, []string{"--admin", r.admin}}
	if out := h.works(manyID(0), "list", "--unknown", "--ids"); out != manyID(0)+"\n"+manyID(1)+"\n" {
		t.Errorf("ids: %q", out)
	}
	if out := h.works(confirmedID, "list", "--known", "--ids"); out != confirmedID+"\n" {
		t.Errorf("ids: %q", out)
	}
	if out := h.works(manyID(0), "list", "--why", "unknown_order", "--ids", "--limit", "1"); out != manyID(0)+"\n" {
		t.Errorf("ids: %q", out)
	}
	_, metrics := r.get("/metrics")
	for _, want := range []string{`kvitto_orders_unknown{merchant="shop"} 2`, `kvitto_orders_open{merchant="shop",state="PENDING"} 2`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	h.fails("forget 1 ids that the provider has not shown: they are not asked for any more, and there is no terminal to ask at: give --yes", "forget", manyID(0))
	h.works(manyID(0)+": forgotten", "forget", "--yes", "--by", "anna", manyID(0))
	if e := r.await(`"step":"forgotten"`); e["by"] != "anna" || e["level"] != "info" {
		t.Errorf("%v", e)
	}
	h.fails("there is no record of this order", "forget", "--yes", manyID(0))
	h.fails("the provider has shown this order", "forget", "--yes", confirmedID)
	for _, bad := range []struct{ query, want string }{{"shown=perhaps", "shown is yes or no"}} {
		if status, got := r.get("/api/orders?" + bad.query); status != http.StatusBadRequest || !strings.Contains(got, bad.want) {
			t.Errorf("%s: %d %s", bad.query, status, got)
		}
	}
}

// TestReleaseAll: many parked orders are released at once, those that are meant and no others, once somebody has agreed.
func TestReleaseAll(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.addMany(t, 3)
	if err := shop.provider.SetFault(fakeprovider.Acknowledge, fakeprovider.Fault{Mode: fakeprovider.Forbidden}); err != nil {
		t.Fatal(err)
	}
	r := start(t, "--config", shop.config)
	for i := range 3 {
		r.push("klarna_order_id=" + manyID(i))
		r.await(`"step":"parked"`)
	}
	h := byHand{t, []string{"--admin", r.admin}}
	if out := h.works("the provider said", "show", manyID(0)); !strings.Contains(out, "status 403 NOT_ALLOWED (correlation id") {
		t.Errorf("show: %s", out)
	}
	shop.provider.ClearFaults()
	h.fails("right is either order ids or --all", "release")
	h.fails("right is either order ids or --all", "release", "--all", manyID(0))
	h.fails("--why, --was and --yes go with --all", "release", "--why", "refused", manyID(0))
	h.fails(`--was "lost": right is pending, handed or acked`, "release", "--all", "--was", "lost")
	h.fails("no parked order is like that: nothing was released", "release", "--all", "--why", "stale", "--yes")
	h.fails("no parked order is like that: nothing was released", "release", "--all", "--was", "acked", "--yes")
	h.fails("release 3 parked orders of merchant shop, parked for refused, HANDED before: all of them are worked on then, and there is no terminal to ask at: give --yes",
		"release", "--all", "--why", "refused", "--was", "handed")
	for i := range 3 { // as fast as pushes are forbidden, they are refused again
		if s, _ := shop.provider.Standing(manyID(i)); s.Acknowledged {
			t.Fatal("an order was acknowledged that nobody released")
		}
	}
	out := h.works("released: it was parked (refused) and goes on now", "release", "--all", "--why", "refused", "--yes", "--by", "anna")
	if n := strings.Count(out, "goes on now"); n != 3 {
		t.Errorf("%d released: %s", n, out)
	}
	for range 3 {
		r.await(`"step":"acked"`)
	}
}

// TestErrorsInJSON: a machine that asked for JSON gets why a command failed, with what was done before.
func TestErrorsInJSON(t *testing.T) {
	t.Parallel()
	r := idleShop(t)
	h := byHand{t, []string{"--admin", r.admin, "--format", "json"}}
	var got struct {
		Orders []shownOrder
		Error  struct{ Message string }
	}
	read := func(args ...string) {
		t.Helper()
		status, out, errs := h.run(args...)
		got.Orders, got.Error.Message = nil, ""
		if err := json.Unmarshal([]byte(out), &got); err != nil || status != 2 || errs != "kvitto: "+got.Error.Message+"\n" {
			t.Errorf("%v: %d %s%s%v", args, status, out, errs, err)
		}
	}
	read("show", "2f0c6c8e")
	if !strings.HasPrefix(got.Error.Message, "there is no record of this order") {
		t.Errorf("%+v", got)
	}
	read("park", confirmedID, "2f0c6c8e", confirmedID)
	if len(got.Orders) != 1 || got.Orders[0].State != "PARKED" || !strings.HasPrefix(got.Error.Message, "2f0c6c8e: there is no record") {
		t.Errorf("%+v", got)
	}
	read("list", "--state", "lost")
	if !strings.Contains(got.Error.Message, `--state "lost"`) {
		t.Errorf("%+v", got)
	}
}

// TestServiceIsAskedWithoutItsConfiguration: a configuration that was broken meanwhile does not keep anybody from looking after
// orders; the token never stands on the command line.
func TestServiceIsAskedWithoutItsConfiguration(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "egress:", "admin_token: {env: KVITTO_SHOP_TOKEN}\negress:")
	r := start(t, "--config", shop.config)
	write(t, shop.config, "merchants: nonsense\n")
	token, empty, lines := shop.file("token"), shop.file("empty"), shop.file("lines")
	for name, text := range map[string]string{token: shopToken + "\n", empty: "\n", lines: "a\nb\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := byHand{t, []string{"--admin", r.admin}}
	h.works("no orders", "list", "--token-env", "KVITTO_SHOP_TOKEN")
	h.works("no orders", "list", "--token-file", token)
	h.works("no orders", "list", "--token-file", token, "--config", shop.config) // which is not read
	h.fails("the service asks for its admin token", "list")
	h.fails("the service asks for its admin token", "list", "--token-file", shop.file("user"))
	h.fails("--token-env NOBODYS: the variable is not set, or empty", "list", "--token-env", "NOBODYS")
	h.fails("--token-file: open", "list", "--token-file", shop.file("nowhere"))
	h.fails("it is empty", "list", "--token-file", empty)
	h.fails("the admin token has more than one line", "list", "--token-file", lines)
	h.fails("[token-env token-file]", "list", "--token-file", token, "--token-env", "KVITTO_SHOP_TOKEN")
	status, _, errs := h.run("list", "--config", shop.config)
	if status == 0 || !strings.Contains(errs, "a running service can be asked without its configuration: --admin ADDRESS, and where it has a token --token-env NAME or --token-file FILE") {
		t.Errorf("%d %s", status, errs)
	}
	if strings.Contains(r.logs.String(), shopToken) {
		t.Error("the token is in the log")
	}
}
