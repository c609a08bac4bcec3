package cmd_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

const sealKey = "c2VhbC1rZXktc2VhbC1rZXktc2VhbC1rZXktc2VhbC0="

// storeCommand runs `kvitto store` and returns its exit status and all that it says.
func storeCommand(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now,
		Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken, "KVITTO_SEAL_KEY=" + sealKey}}
	code := p.Run(t.Context(), append([]string{"store"}, args...))
	return code, out.String()
}

// says runs the command and holds its exit status and what it says.
func says(t *testing.T, code int, text string, args ...string) {
	t.Helper()
	got, out := storeCommand(t, args...)
	if got != code || !strings.Contains(out, text) {
		t.Errorf("kvitto store %s: exit status %d, want %d; it said\n%swant\n%s", strings.Join(args, " "), got, code, out, text)
	}
}

// shopWithAParkedOrder is a shop that has stopped; an order waits in its store.
func shopWithAParkedOrder(t *testing.T) *shopWithOrders {
	t.Helper()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	if err := shop.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	r.push("klarna_order_id=" + confirmedID)
	r.await(`"step":"failed"`)
	if code := r.stop(); code != 0 {
		t.Fatalf("exit status %d", code)
	}
	shop.provider.ClearFaults()
	return shop
}

func (s *shopWithOrders) file(name string) string { return filepath.Join(s.dir, name) }

// variant writes the shop's configuration with a piece replaced.
func (s *shopWithOrders) variant(t *testing.T, name, from, to string) string {
	t.Helper()
	raw, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), from) {
		t.Fatalf("%q is not in the configuration", from)
	}
	write(t, s.file(name), strings.Replace(string(raw), from, to, 1))
	return s.file(name)
}

// TestBackupOfARunningService: a copy is given to whoever has the admin token, and to nobody else.
func TestBackupOfARunningService(t *testing.T) {
	t.Parallel()
	shop := shopWithAParkedOrder(t)
	open := start(t, "--config", shop.config)
	says(t, 2, "the service has no admin_token", "backup", "--config", shop.config, "--admin", open.admin, "--to", shop.file("a.db"))
	says(t, 2, "another process holds the lock of "+shop.file("var/kvitto.db")+": stop the service, or ask it, without --offline",
		"backup", "--config", shop.config, "--offline", "--to", shop.file("a.db"))
	open.stop()
	guarded := shop.variant(t, "guarded.yaml", "egress:", "admin_token: {env: KVITTO_SHOP_TOKEN}\negress:")
	r := start(t, "--config", guarded)
	resp, err := http.Get("http://" + r.admin + "/api/store/backup")
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := read(t, resp); status != http.StatusUnauthorized {
		t.Errorf("without the token: %d", status)
	}
	backup := []string{"backup", "--config", guarded, "--admin", r.admin, "--to", shop.file("a.db")}
	says(t, 0, "a.db holds orders of 1 merchants: ", backup...)
	says(t, 2, "a.db: file already exists; --force replaces it", backup...)
	says(t, 0, "a.db holds", append(backup, "--force")...)
	if st, err := os.Stat(shop.file("a.db")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st, err)
	}
	r.stop()
	says(t, 2, "no running service answers at http://"+r.admin, append(backup, "--force")...)
	says(t, 2, "--offline copies the store of a service that is stopped", append(backup, "--force")...)
}

// TestRestoredOrderIsTakenOver: a lost file comes back from its backup, and the order that waited in it goes on.
func TestRestoredOrderIsTakenOver(t *testing.T) {
	t.Parallel()
	shop := shopWithAParkedOrder(t)
	says(t, 0, ": 1 open, 0 done\n", "backup", "--config", shop.config, "--offline", "--to", shop.file("a.db"))
	restore := []string{"restore", "--config", shop.config, "--from", shop.file("a.db")}
	says(t, 2, "kvitto.db: file already exists; --force replaces it", restore...)
	if err := os.Remove(shop.file("var/kvitto.db")); err != nil {
		t.Fatal(err)
	}
	says(t, 0, "kvitto.db holds orders of 1 merchants: 1 open, 0 done\n", restore...)
	r := start(t, "--config", shop.config)
	r.await(`"step":"acked"`)
	says(t, 2, "another process holds the lock of "+shop.file("var/kvitto.db")+": stop the service first", append(restore, "--force")...)
	r.stop()
	says(t, 0, ": 1 open, 0 done\n", append(restore, "--force")...)
	says(t, 2, "this is the store itself", "restore", "--config", shop.config, "--from", shop.file("var/kvitto.db"), "--force")
	if err := os.WriteFile(shop.file("text.db"), []byte(strings.Repeat("id;name\n", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, 2, "text.db: the backup: the file is damaged or not a store of orders", "restore", "--config", shop.config, "--from", shop.file("text.db"), "--force")
	says(t, 2, "no such file", "restore", "--config", shop.config, "--from", shop.file("none.db"), "--force")
	says(t, 0, ": 1 open, 0 done\n", "backup", "--config", shop.config, "--offline", "--to", shop.file("b.db"))
}

// TestOrdersMoveToRedis: what waited in the file goes on with Redis; a second run finds it, and what Redis has is never overwritten.
func TestOrdersMoveToRedis(t *testing.T) {
	t.Parallel()
	shop := shopWithAParkedOrder(t)
	server := miniredis.RunT(t)
	target := shop.variant(t, "redis.yaml", "store: {file: var/kvitto.db}", "store: {redis: {addrs: ["+server.Addr()+"]}}")
	edit(t, target, "backoff: [100ms]", "backoff: [100ms], seal: [{env: KVITTO_SEAL_KEY}]")
	move := []string{"move", "--config", shop.config, "--to", target}
	says(t, 0, "merchant shop: orders moved and read back: 1, of which were there already: 0\nall orders of "+shop.file("var/kvitto.db")+" are in Redis", move...)
	says(t, 0, "merchant shop: orders moved and read back: 1, of which were there already: 1\n", move...)
	s, err := redisstore.New(redisstore.Options{Addrs: []string{server.Addr()}})
	if err != nil {
		t.Fatal(err)
	}
	k := confirm.Key{Merchant: "shop", Order: confirmedID}
	if r, err := s.Get(t.Context(), k); err != nil || r.State != confirm.Pending || r.Attempts == 0 {
		t.Errorf("%+v %v", r, err)
	}
	if e, err := s.Epoch(t.Context(), "shop"); err != nil || e.New {
		t.Errorf("epoch %+v %v", e, err)
	}
	if err := s.Acked(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	says(t, 2, "order "+confirmedID+": the store has another record of this order; it was not overwritten", move...)
	r := start(t, "--config", shop.config)
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 1`) // it has the lock
	says(t, 2, "another process holds the lock of "+shop.file("var/kvitto.db")+": stop the service first", move...)
	r.stop()
	server.Close()
	says(t, 2, "the store cannot be reached", move...)
	says(t, 2, "its store is a file, and orders move to Redis", "move", "--config", shop.config, "--to", shop.config)
	says(t, 2, "its store is Redis, which has its own backups", "backup", "--config", target, "--offline", "--to", shop.file("a.db"))
}
