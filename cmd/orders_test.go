package cmd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// manyID is the id of an order of addMany.
func manyID(i int) string { return fmt.Sprintf("2f0c6c8e-8d5a-4a6f-9a5e-%012d", i) }

// addMany adds orders that are complete and never pushed.
func (s *shopWithOrders) addMany(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		if _, err := s.provider.AddOrder([]byte(strings.Replace(confirmedOrder, confirmedID, manyID(i), 1)), fakeprovider.Completion{NoPush: true}); err != nil {
			t.Fatal(err)
		}
	}
}

type shownOrder struct {
	ID     string `json:"order_id"`
	State  string
	Reason string
	Before string `json:"before_parked"`
	Done   bool
}

func shownOrders(t *testing.T, out string) (list []shownOrder, more bool) {
	t.Helper()
	var page struct {
		Orders []shownOrder
		More   bool
	}
	if err := json.Unmarshal([]byte(out), &page); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return page.Orders, page.More
}

// TestOrdersCommands looks after an order of a running service by every command.
func TestOrdersCommands(t *testing.T) {
	t.Parallel()
	r := idleShop(t)
	fails := func(want string, args ...string) {
		t.Helper()
		if status, _, errs := runOrders(t, "", append(args, "--admin", r.admin)...); status != 2 || !strings.Contains(errs, want) {
			t.Errorf("%v: %d %s; want %q", args, status, errs, want)
		}
	}
	works := func(args ...string) string {
		t.Helper()
		status, out, errs := runOrders(t, "", append(args, "--admin", r.admin)...)
		if status != 0 {
			t.Fatalf("%v: %d %s", args, status, errs)
		}
		return out
	}
	if list, more := shownOrders(t, works("list", "--format", "json")); len(list) != 1 || more || list[0].Reason != "unavailable" {
		t.Errorf("list: %+v", list)
	}
	if list, more := shownOrders(t, works("list", "--format", "json", "--limit", "1")); len(list) != 1 || !more {
		t.Errorf("list of one: %+v %v", list, more)
	}
	for _, want := range []string{"shop", confirmedID, "PENDING", "unavailable"} {
		if got := works("list"); !strings.Contains(got, want) {
			t.Errorf("list lacks %q: %s", want, got)
		}
	}
	if got := works("list", "--limit", "1"); !strings.Contains(got, "there are more: --limit, --state, --why or --merchant show others") {
		t.Errorf("list of one: %s", got)
	}
	if got := works("list", "--state", "handed"); got != "no orders\n" {
		t.Errorf("list of none: %s", got)
	}
	for _, want := range []string{"state", "PENDING", "failed attempts", "the provider showed it", "no"} {
		if got := works("show", strings.ToUpper(confirmedID)); !strings.Contains(got, want) {
			t.Errorf("show lacks %q: %s", want, got)
		}
	}
	fails(`--state "lost": right is pending, handed, acked or parked`, "list", "--state", "lost")
	fails(`--limit 0: right is 1 to 1000`, "list", "--limit", "0")
	fails(`--format "xml": right is text or json`, "list", "--format", "xml")
	fails("there is no record of this order: it was never pushed to this service, or is long done", "show", "2f0c6c8e")
	fails(`"a/b" is no order id`, "show", "a/b")
	fails("there is no such merchant in mode full", "show", "--merchant", "other", confirmedID)
	fails("accepts 1 arg(s)", "show")
	fails("by names who asks", "park", "--by", strings.Repeat("x", 101), confirmedID)
	if list, _ := shownOrders(t, works("park", "--format", "json", "--by", "anna", confirmedID)); list[0].State != "PARKED" || list[0].Before != "PENDING" {
		t.Errorf("park: %+v", list)
	}
	if e := r.await(`"step":"parked"`); e["by"] != "anna" || e["level"] != "error" || e["reason"] != "by_hand" {
		t.Errorf("%v", e)
	}
	status, out, errs := runOrders(t, "", "release", "--admin", r.admin, "--by", "bo", confirmedID, "2f0c6c8e")
	if status != 2 || !strings.Contains(out, confirmedID) || !strings.Contains(errs, "2f0c6c8e: there is no record of this order") {
		t.Errorf("release of two: %d %s%s", status, out, errs)
	}
	if e := r.await(`"step":"released"`); e["by"] != "bo" {
		t.Errorf("%v", e)
	}
	r.stop()
	fails("no running service answers at http://"+r.admin+" (is it serving? --admin names another address)", "list")
}

// TestReconcile takes over a list from the provider's portal: comments, blank lines and capitals are fine, the rest is refused
// as a whole.
func TestReconcile(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.addMany(t, 3)
	r := start(t, "--config", shop.config)
	list := "\uFEFF# of the portal\n\n  " + strings.ToUpper(manyID(0)) + "  \r\n" + manyID(1) + "\n"
	for name, tt := range map[string]struct{ text, want string }{
		"nonsense": {list + "a b\n", `--ids -:5: "a b" is no order id; right is one id a line`},
		"empty":    {"# nothing\n", "--ids -: there is no id in it"},
		"a novel":  {strings.Repeat("a", 1<<20), "--ids -:1: "},
	} {
		if status, _, errs := runOrders(t, tt.text, "reconcile", "--ids", "-", "--admin", r.admin); status != 2 || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: %d %s", name, status, errs)
		}
	}
	if status, _, errs := runOrders(t, "", "reconcile", "--ids", "nowhere", "--admin", r.admin); status != 2 || !strings.Contains(errs, "--ids: open nowhere") {
		t.Errorf("%d %s", status, errs)
	}
	if status, _, errs := runOrders(t, "", "reconcile", "--admin", r.admin); status != 2 || !strings.Contains(errs, `required flag(s) "ids" not set`) {
		t.Errorf("%d %s", status, errs)
	}
	status, out, errs := runOrders(t, list, "reconcile", "--ids", "-", "--admin", r.admin, "--format", "json")
	if taken, _ := shownOrders(t, out); status != 0 || len(taken) != 2 {
		t.Fatalf("%d %s%s", status, out, errs)
	}
	for range 2 {
		r.await(`"step":"acked"`)
	}
	if s, _ := shop.provider.Standing(manyID(2)); s.Acknowledged {
		t.Error("an order that was not on the list was acknowledged")
	}
}

// TestReconcileInBatches: a list that is longer than one request goes in several.
func TestReconcileInBatches(t *testing.T) {
	t.Parallel()
	r := idleShop(t)
	var list strings.Builder
	for i := range 501 {
		fmt.Fprintln(&list, manyID(i))
	}
	status, out, errs := runOrders(t, list.String(), "reconcile", "--ids", "-", "--admin", r.admin, "--format", "json")
	if taken, _ := shownOrders(t, out); status != 0 || len(taken) != 501 || taken[500].ID != manyID(500) {
		t.Errorf("%d, %d taken: %s", status, len(taken), errs)
	}
}

// TestOffline looks after the store of a service that is stopped, and leaves that of a running one alone.
func TestOffline(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	if err := shop.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	shop.add(t, fakeprovider.Completion{NoPush: true})
	shop.addMany(t, 1)
	offline := func(args ...string) (int, string, string) {
		t.Helper()
		return runOrders(t, manyID(0), append(args, "--offline", "--config", shop.config)...)
	}
	if status, _, errs := offline("list"); status != 2 || !strings.Contains(errs, "kvitto.db") {
		t.Errorf("a store that was never made: %d %s", status, errs)
	}
	r := start(t, "--config", shop.config)
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Fatalf("push: %d", status)
	}
	r.await(`"step":"failed"`)
	if status, _, errs := offline("list"); status != 2 || !strings.Contains(errs, "another process holds the lock") {
		t.Errorf("a store that is in use: %d %s", status, errs)
	}
	r.stop()
	shop.provider.ClearFaults()
	audit := filepath.Join(shop.dir, "var/audit.jsonl")
	lines := len(auditText(t, audit))
	if status, out, errs := offline("list"); status != 0 || !strings.Contains(out, confirmedID) {
		t.Errorf("list: %d %s%s", status, out, errs)
	}
	if status, _, errs := offline("show", "--merchant", "other", confirmedID); status != 2 || !strings.Contains(errs, `--merchant "other": there is no such merchant in mode full`) {
		t.Errorf("show: %d %s", status, errs)
	}
	if status, _, errs := offline("park", "2f0c6c8e"); status != 2 || !strings.Contains(errs, "there is no record of this order") {
		t.Errorf("park: %d %s", status, errs)
	}
	if status, _, errs := offline("release", confirmedID); status != 0 {
		t.Errorf("release of what is not parked: %d %s", status, errs)
	}
	if n := len(auditText(t, audit)); n != lines {
		t.Errorf("the audit has %d lines more of nothing", n-lines)
	}
	for range 2 {
		if status, out, errs := offline("park", "--by", "anna", confirmedID); status != 0 || !strings.Contains(out, "PARKED") {
			t.Errorf("park: %d %s%s", status, out, errs)
		}
	}
	if status, out, errs := offline("release", "--by", "bo", confirmedID); status != 0 || !strings.Contains(out, "PENDING") {
		t.Errorf("release: %d %s%s", status, out, errs)
	}
	if status, out, errs := offline("reconcile", "--ids", "-"); status != 0 || !strings.Contains(out, manyID(0)) {
		t.Errorf("reconcile: %d %s%s", status, out, errs)
	}
	text := strings.Join(auditText(t, audit)[lines:], "")
	for want, n := range map[string]int{`"step":"parked","from":"PENDING","to":"PARKED","reason":"by_hand","by":"anna"`: 1,
		`"step":"released","from":"PARKED","to":"PENDING","reason":"by_hand","by":"bo"`: 1, `"by":"reconcile"`: 1} {
		if strings.Count(text, want) != n {
			t.Errorf("the audit has not %d of %s:\n%s", n, want, text)
		}
	}
	if status, seen := checkedAudit(t, audit); status != 0 {
		t.Errorf("%+v", seen)
	}
	again := start(t, "--config", shop.config) // goes on with both
	for range 2 {
		again.await(`"step":"acked"`)
	}
	again.stop()
	if status, _, errs := offline("park", confirmedID); status != 2 || !strings.Contains(errs, "nothing is left to do with this order") {
		t.Errorf("park of what is done: %d %s", status, errs)
	}
}

// TestOfflineRefuses: what cannot be done without a service is said.
func TestOfflineRefuses(t *testing.T) {
	t.Parallel()
	_, pricing := shopFolder(t)
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	two, err := os.ReadFile(shop.config)
	if err != nil {
		t.Fatal(err)
	}
	both := filepath.Join(shop.dir, "both.yaml")
	_, entry, _ := strings.Cut(string(two), "merchants:\n")
	write(t, both, string(two)+strings.ReplaceAll(entry, "id: shop", "id: second"))
	start(t, "--config", both).stop()
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"no configuration", []string{"list", "--offline"}, "--offline needs --config: the configuration names the store"},
		{"mode pricing", []string{"list", "--offline", "--config", pricing}, "no merchant of this service is in mode full"},
		{"which of two", []string{"show", "--offline", "--config", both, confirmedID}, "--merchant is needed: the configuration has shop, second"},
		{"by too long", []string{"park", "--offline", "--config", shop.config, "--by", strings.Repeat("x", 101), confirmedID}, "--by has more than 100 characters"},
	} {
		if status, _, errs := runOrders(t, "", tt.args...); status != 2 || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: %d %s", tt.name, status, errs)
		}
	}
}
