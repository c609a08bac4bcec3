package cmd_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// TestPauseAndCredentials is row 49: while the provider refuses our credentials nothing is tried; another change of the
// configuration does not lift that, new credentials do at once.
func TestPauseAndCredentials(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	if err := shop.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Unauthorized}); err != nil {
		t.Fatal(err)
	}
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	if e := r.await(`"step":"paused"`); e["reason"] != "unauthorized" || e["level"] != "error" || e["again_in"] != "1m0s" {
		t.Errorf("%v", e)
	}
	r.await(`"step":"failed"`)
	shop.provider.ClearFaults()
	edit(t, shop.config, "    sink:", "    deadlines: {update: 1s}\n    sink:")
	r.await("configuration in use")
	const paused = `kvitto_orders_paused{merchant="shop",reason="unauthorized"} 1`
	if _, got := r.get("/metrics"); !strings.Contains(got, paused) {
		t.Error("another change lifted the pause")
	}
	if n := shop.provider.History().Count(fakeprovider.Filter{Kinds: []fakeprovider.Kind{fakeprovider.Read}}); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
	write(t, filepath.Join(shop.dir, "password"), "the-new-one")
	r.await(`"step":"acked"`) // long before the minute is over
	if _, got := r.get("/metrics"); strings.Contains(got, "kvitto_orders_paused{") {
		t.Error("still paused")
	}
	if strings.Contains(r.logs.String(), "the-new-one") {
		t.Error("a secret is in the log")
	}
}

// TestMerchantsComeAndGo: a merchant that turns to mode full is taken over for at once where another is already; one that goes
// leaves no series, and its orders wait in the store.
func TestMerchantsComeAndGo(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.addMany(t, 2)
	text, err := os.ReadFile(shop.config)
	if err != nil {
		t.Fatal(err)
	}
	_, entry, _ := strings.Cut(string(text), "merchants:\n")
	second := strings.NewReplacer("id: shop", "id: second", "var/orders", "var/second").Replace(entry)
	write(t, shop.config, string(text)+strings.Replace(second, "mode: full", "mode: pricing", 1))
	r := start(t, "--config", shop.config)
	push := func(merchant, id string) int {
		t.Helper()
		resp, err := http.Post("http://"+r.listen+"/v1/"+merchant+"/"+shopToken+"/push?klarna_order_id="+id, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		status, _ := read(t, resp)
		return status
	}
	if status := push("second", manyID(0)); status != http.StatusServiceUnavailable {
		t.Errorf("in mode pricing: %d", status)
	}
	write(t, shop.config, string(text)+second)
	r.await("configuration in use")
	if status := push("second", manyID(0)); status != http.StatusAccepted {
		t.Errorf("in mode full: %d", status)
	}
	if e := r.await(`"step":"acked"`); e["merchant"] != "second" {
		t.Errorf("%v", e)
	}
	if status := push("shop", manyID(1)); status != http.StatusAccepted {
		t.Errorf("the other: %d", status)
	}
	r.await(`"step":"acked"`)
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="second"} 1`)
	if _, got := r.get("/api/orders/merchants"); got != "{\"merchants\":[\"second\",\"shop\"]}\n" {
		t.Errorf("merchants: %s", got)
	}
	if status, _, errs := runOrders(t, "", "show", "--admin", r.admin, manyID(0)); status != 2 || !strings.Contains(errs, "--merchant is needed: the service takes orders over for second, shop") {
		t.Errorf("show: %d %s", status, errs)
	}
	if status, got := r.get("/api/orders?after=" + manyID(0)); status != 400 || !strings.Contains(got, "after needs merchant") {
		t.Errorf("%d %s", status, got)
	}
	write(t, shop.config, string(text))
	if e := r.await("orders of this merchant are no longer taken over"); e["merchant"] != "second" {
		t.Errorf("%v", e)
	}
	r.await("configuration in use")
	if _, got := r.get("/metrics"); strings.Contains(got, `kvitto_order_steps_total{merchant="second"`) || strings.Contains(got, `kvitto_orders_store_up{merchant="second"`) ||
		!strings.Contains(got, `kvitto_orders_store_up{merchant="shop"} 1`) {
		t.Errorf("series of a merchant that is gone: %s", got)
	}
	if status := push("second", manyID(0)); status != http.StatusNotFound {
		t.Errorf("push for a merchant that is gone: %d", status)
	}
}

// TestFirstFullMerchantNeedsAStart: the store is opened at the start only; until then pushes are refused, which the log says.
func TestFirstFullMerchantNeedsAStart(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	text, err := os.ReadFile(shop.config)
	if err != nil {
		t.Fatal(err)
	}
	edit(t, shop.config, "mode: full", "mode: pricing")
	r := start(t, "--config", shop.config)
	write(t, shop.config, string(text))
	r.await("the first merchant in mode full take effect at the next start")
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusServiceUnavailable {
		t.Errorf("push: %d", status)
	}
}

// TestBrokenAccountKeepsTheLast: what cannot be made in a reload is told, and orders go on as before.
func TestBrokenAccountKeepsTheLast(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	edit(t, shop.config, "sink: {spool: {dir: var/orders}}", `plugins: [{name: kvitto.quantity_limit, config: {limits: [{sku: "*", most: 3}], text: Too many.}}]
    sink: {plugin: kvitto.quantity_limit}`)
	if e := r.await("how orders are taken over was not changed"); e["taking"] != true || !strings.Contains(e["error"].(string), "sink.plugin: the plug-in") {
		t.Errorf("%v", e)
	}
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"acked"`)
	if got := shop.spooled(t); got["order.confirmed"] != 1 {
		t.Errorf("events: %v", got)
	}
}

// TestAuditDiskIsFull is row 18: pricing goes on and lost lines are counted; pushes are refused only where the audit is required.
func TestAuditDiskIsFull(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("there is no /dev/full")
	}
	for name, tt := range map[string]struct {
		required string
		status   int
	}{"required": {"yes", 503}, "not required": {"no", 202}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop := takingShop(t, "{spool: {dir: var/orders}}")
			edit(t, shop.config, "{file: var/audit.jsonl}", "{file: /dev/full, required: "+tt.required+"}")
			shop.add(t, fakeprovider.Completion{NoPush: true})
			r := start(t, "--config", shop.config)
			if status, got := r.post("address-update", body(t)); status != 200 {
				t.Errorf("price: %d %s", status, got)
			}
			if status := r.push("klarna_order_id=" + confirmedID); status != tt.status {
				t.Errorf("push: %d", status)
			}
			r.await("a change of an order is not in the audit")
			if _, got := r.get("/metrics"); strings.Contains(got, "kvitto_audit_lost_total 0") {
				t.Error("nothing was counted")
			}
			r.await(`"step":"acked"`) // what is recorded is worked on, whatever became of the audit
		})
	}
}

// TestFewDescriptors is row 16 for pushes: with 64 descriptors the service lives, and takes orders once there are some free.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash to set the limit: ", err)
	}
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	logs := newLogs()
	c := exec.CommandContext(t.Context(), "bash", "-c", `ulimit -n 64; exec "$0" serve --config "$1" --listen 127.0.0.1:0 --admin 127.0.0.1:0`, binary(t), shop.config)
	c.Env = append(os.Environ(), "KVITTO_SHOP_TOKEN="+shopToken)
	c.Stderr = logs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	r := &running{t: t, logs: logs}
	entry := r.await(`"message":"serving"`)
	r.listen, r.admin = entry["listen"].(string), entry["admin"].(string)
	idle := &http.Transport{}
	var held []*http.Response
	for range 100 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.listen+"/", strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: idle, Timeout: 200 * time.Millisecond}
		if resp, err := client.Do(req); err == nil {
			held = append(held, resp) // keeps its connection as long as the body is open
		}
	}
	for _, resp := range held {
		_ = resp.Body.Close()
	}
	idle.CloseIdleConnections()
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Errorf("push: %d; log:\n%s", status, logs)
	}
	r.await(`"step":"acked"`)
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("%v; log:\n%s", err, logs)
	}
}
