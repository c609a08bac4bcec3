package cmd_test

import (
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// TestStartWithoutTaking: where orders are to be taken over and none would be, the start fails and says so, since every push
// would be refused without anybody noticing.
func TestStartWithoutTaking(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "    sink:", "    capture: {when: {only_class: bulky}}\n    sink:") // there is no such class
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}, Now: time.Now}
	code := p.Run(t.Context(), []string{"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--config", shop.config})
	if code != 2 || !strings.Contains(errs.String(), "no merchant in mode full can take orders over") || !strings.Contains(errs.String(), "E201") {
		t.Errorf("exit status %d: %s", code, errs.String())
	}
}

// TestOneMerchantIsNotTakenOver: beside another one, a merchant in mode full whose orders cannot be taken over prices on, but
// nobody can overlook it: its pushes are errors in the log, and a gauge says so until it is put right.
func TestOneMerchantIsNotTakenOver(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	text, err := os.ReadFile(shop.config)
	if err != nil {
		t.Fatal(err)
	}
	_, entry, _ := strings.Cut(string(text), "merchants:\n")
	entry = strings.NewReplacer("id: shop", "id: second", "var/orders", "var/second").Replace(entry)
	write(t, shop.config, string(text)+strings.Replace(entry, "    sink:", "    capture: {when: {only_class: bulky}}\n    sink:", 1))
	r := start(t, "--config", shop.config)
	if logs := r.logs.String(); !strings.Contains(logs, `{"level":"error","merchant":"second","taking":false`) || !strings.Contains(logs, "orders of this merchant are not taken over") {
		t.Errorf("not told at the start: %s", logs)
	}
	push := func() int {
		t.Helper()
		resp, err := http.Post("http://"+r.listen+"/v1/second/"+shopToken+"/push?klarna_order_id="+confirmedID, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		status, _ := read(t, resp)
		return status
	}
	if got := push(); got != http.StatusServiceUnavailable {
		t.Errorf("push: got %d, want 503", got)
	}
	if e := r.await(`"class":"not_taken"`); e["level"] != "error" || e["outcome"] != "unavailable" || !strings.Contains(e["hint"].(string), "kvitto check") {
		t.Errorf("%v", e)
	}
	r.eventually("/metrics", `kvitto_orders_taken_over{merchant="second"} 0`)
	r.eventually("/metrics", `kvitto_orders_taken_over{merchant="shop"} 1`)
	write(t, shop.config, string(text)+entry)
	r.await("configuration in use")
	if got := push(); got != http.StatusAccepted {
		t.Errorf("push when it is put right: got %d, want 202", got)
	}
	r.eventually("/metrics", `kvitto_orders_taken_over{merchant="second"} 1`)
	write(t, shop.config, string(text)+strings.Replace(entry, "mode: full", "mode: pricing", 1))
	r.await("configuration in use")
	if _, got := r.get("/metrics"); strings.Contains(got, `kvitto_orders_taken_over{merchant="second"}`) {
		t.Error("a merchant in mode pricing is gauged")
	}
}
