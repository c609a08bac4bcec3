package cmd_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// onRedis makes the shop keep its orders in Redis.
func (s *shopWithOrders) onRedis(t *testing.T, addr string) {
	t.Helper()
	edit(t, s.config, "store: {file: var/kvitto.db}", fmt.Sprintf("store: {redis: {addrs: [%q]}}", addr))
	edit(t, s.config, "confirm: {", "confirm: {seal: [{env: KVITTO_SHOP_TOKEN}], ")
}

// checkShop is kvitto check of a shop.
func (s *shopWithOrders) check() (status int, stdout, stderr string) {
	return runCommand(new(counted), "check", "--config", s.config)
}

// TestRedisThatForgets is row 31: a Redis that may drop records is refused by check and by serve.
func TestRedisThatForgets(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--maxmemory-policy", "allkeys-lru")
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.onRedis(t, server.Addr())
	const want = "maxmemory-policy is allkeys-lru, so Redis may drop the records of orders when memory is short"
	if status, _, errs := shop.check(); status != 1 || !strings.Contains(errs, "store.redis: "+server.Addr()+": "+want) {
		t.Errorf("check: %d %s", status, errs)
	}
	status, _, errs := runCommand(new(counted), "serve", "--config", shop.config, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	if status != 2 || !strings.Contains(errs, "kvitto: store.redis: ") || !strings.Contains(errs, want) {
		t.Errorf("serve: %d %s", status, errs)
	}
}

// TestRedisThatFits: nothing to say of a Redis as the manual wants it; what only weakens a promise is a warning.
func TestRedisThatFits(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.onRedis(t, server.Addr())
	if status, out, errs := shop.check(); status != 0 || !strings.Contains(out, "orders to the folder") || strings.Contains(errs, "store.redis") {
		t.Errorf("%d %s%s", status, out, errs)
	}
	server.Must(t, "CONFIG", "SET", "appendfsync", "no")
	if status, _, errs := shop.check(); status != 0 || !strings.Contains(errs, "set appendfsync everysec") {
		t.Errorf("%d %s", status, errs)
	}
	r := start(t, "--config", shop.config)
	if !strings.Contains(r.logs.String(), `"setting":"sync"`) {
		t.Errorf("serve does not say so: %s", r.logs)
	}
	for _, want := range []string{`kvitto_orders_store_up{merchant="shop"} 1`, `kvitto_orders_unreplicated{merchant="shop"} 0`, `kvitto_orders_oldest_seconds{merchant="shop"} 0`} {
		r.eventually("/metrics", want)
	}
}

// TestRedisThatIsDown is row 21 for the settings: check says that it could not look, serve starts and prices.
func TestRedisThatIsDown(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	server.Shutdown()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.onRedis(t, server.Addr())
	if status, _, errs := shop.check(); status != 0 || !strings.Contains(errs, "store.redis: it does not answer here, so its settings were not looked at") {
		t.Errorf("check: %d %s", status, errs)
	}
	r := start(t, "--config", shop.config)
	if !strings.Contains(r.logs.String(), "Redis does not answer: its settings are looked at when it does") {
		t.Errorf("log: %s", r.logs)
	}
	if status, got := r.post("address-update", body(t)); status != 200 {
		t.Errorf("price: %d %s", status, got)
	}
	if status := r.push("klarna_order_id=" + confirmedID); status != 503 {
		t.Errorf("push: %d", status)
	}
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 0`)
	server.MustRestart(t)
	if status := r.push("klarna_order_id=" + confirmedID); status != 202 {
		t.Errorf("push once it is back: %d", status)
	}
	r.await(`"step":"store_up"`)
}

// TestStreamIsGauged is row 65: entries that somebody removed before a group had read them show.
func TestStreamIsGauged(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	shop := takingShop(t, "{stream: {}}")
	shop.onRedis(t, server.Addr())
	shop.addMany(t, 2)
	r := start(t, "--config", shop.config)
	server.Must(t, "XGROUP", "CREATE", "kco:{shop}:out", "erp", "0", "MKSTREAM")
	for i := range 2 {
		if status := r.push("klarna_order_id=" + manyID(i)); status != 202 {
			t.Fatalf("push: %d", status)
		}
		r.await(`"step":"acked"`)
	}
	r.eventually("/metrics", `kvitto_orders_stream_length{merchant="shop"} 2`)
	r.eventually("/metrics", `kvitto_orders_stream_lost{merchant="shop"} 0`)
	server.Must(t, "XTRIM", "kco:{shop}:out", "MAXLEN", "1")
	r.eventually("/metrics", `kvitto_orders_stream_lost{merchant="shop"} 1`)
}

// TestWarningsOfTheConfigurationAreLogged: what check would warn of is in the log of serve too, also after a reload.
func TestWarningsOfTheConfigurationAreLogged(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	if strings.Contains(r.logs.String(), `"level":"warn"`) {
		t.Errorf("warnings of nothing: %s", r.logs)
	}
	edit(t, config, "mode: pricing,", "mode: pricing, expect_push: 10m,")
	if e := r.await("`expect_push` does nothing in mode pricing"); e["code"] != "C018" || !strings.HasSuffix(e["at"].(string), "kvitto.yaml:2:44") {
		t.Errorf("%v", e)
	}
	again := start(t, "--config", config)
	if !strings.Contains(again.logs.String(), `"code":"C018"`) {
		t.Errorf("log: %s", again.logs)
	}
}

// TestSettingsAreLookedAtLater: a Redis that was down at the start is looked at when it answers, once.
func TestSettingsAreLookedAtLater(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--maxmemory-policy", "volatile-ttl")
	server.Shutdown()
	store, err := redisstore.New(redisstore.Options{Addrs: []string{server.Addr()}})
	if err != nil {
		t.Fatal(err)
	}
	out := newLogs()
	end, err := cmd.LookAtSettings(store, zerolog.New(out), 10*time.Millisecond, "shop")
	if err != nil {
		t.Errorf("a Redis that is down keeps the service from starting: %v", err)
	}
	server.MustRestart(t)
	r := &running{t: t, logs: out}
	if e := r.await(`"setting":"eviction"`); e["level"] != "error" || e["server"] != server.Addr() {
		t.Errorf("%v", e)
	}
	if e := r.await("the next start will be refused"); !strings.Contains(e["error"].(string), "maxmemory-policy is volatile-ttl") {
		t.Errorf("%v", e)
	}
	end()
	if n := strings.Count(out.String(), `"setting":"eviction"`); n != 1 {
		t.Errorf("told %d times", n)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// TestRedisThatRefusesUs: a wrong password is told as one, and fails the check; it is no server that is away.
func TestRedisThatRefusesUs(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	server.Must(t, "CONFIG", "SET", "requirepass", "another-password")
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.onRedis(t, server.Addr())
	status, _, errs := shop.check()
	if status != 1 || !strings.Contains(errs, "store.redis: it refuses the user and password of the configuration") || strings.Contains(errs, "another-password") {
		t.Errorf("%d %s", status, errs)
	}
}

// TestRedisThatIsFull is row 30: what reads but takes no writes is no store that is up, and is one again with the next order that
// can be recorded.
func TestRedisThatIsFull(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.onRedis(t, server.Addr())
	shop.addMany(t, 1)
	r := start(t, "--config", shop.config)
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 1`)
	server.Must(t, "CONFIG", "SET", "maxmemory", "1")
	if got := r.push("klarna_order_id=" + manyID(0)); got != 503 {
		t.Errorf("push: %d", got)
	}
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 0`)
	server.Must(t, "CONFIG", "SET", "maxmemory", "0")
	if got := r.push("klarna_order_id=" + manyID(0)); got != 202 {
		t.Errorf("push with room again: %d", got)
	}
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 1`)
}
