package cmd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// unserved asks the doctor about a configuration that nobody serves.
func unserved(t *testing.T, config string) *setUp {
	t.Helper()
	return &setUp{t: t, config: config, admin: "127.0.0.1:1", now: time.Now}
}

// TestDoctorAdmin: who is let in, and what is in use.
func TestDoctorAdmin(t *testing.T) {
	t.Parallel()
	dir, config := shopFolder(t)
	r := start(t, "--config", config)
	s := &setUp{t: t, config: config, admin: r.admin, now: time.Now}
	raw, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.yaml")
	write(t, other, "admin: 0.0.0.0:9090\nadmin_token: {env: KVITTO_SHOP_TOKEN}\n"+string(raw))
	s.config = other
	s.doctor().want("failed admin token", "200, no token is asked for -> write admin_token")

	write(t, other, strings.Replace(string(raw), "id: shop", "id: other", 1))
	s.doctor().want("failed admin in use", "does not serve this merchant")

	if err := os.CopyFS(filepath.Join(dir, "changed"), os.DirFS(filepath.Join(dir, "rules"))); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, "changed", "shipping.yaml"), "Till ombud", "Ombud")
	write(t, other, strings.Replace(string(raw), "rules: rules", "rules: changed", 1))
	s.doctor().want("warning admin in use", "the files are ")

	edit(t, filepath.Join(dir, "changed", "shipping.yaml"), "price: 59.00", "price: 60.00") // its own tests fail
	e := s.doctor()
	e.want("failed configuration rulebook", "of the rulebook's own tests fail")
	if e.status != 1 {
		t.Errorf("status %d", e.status)
	}

	edit(t, config, "[{env: KVITTO_SHOP_TOKEN}]", "[{env: NOT_SET}]")
	r.await("configuration refused")
	write(t, other, string(raw))
	s.doctor().want("warning admin configuration", "the last configuration was refused")

	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	s.admin = page.URL
	s.doctor().want("failed admin reachable", "404, not the answer of a Kvitto that is ready")
}

// TestDoctorAdminToken: the token of the configuration opens, another one does not.
func TestDoctorAdminToken(t *testing.T) {
	t.Parallel()
	dir, config := shopFolder(t)
	raw, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, "admin_token: {env: KVITTO_SHOP_TOKEN}\n"+string(raw))
	r := start(t, "--config", config)
	s := &setUp{t: t, config: config, admin: r.admin, now: time.Now}
	e := s.doctor()
	e.want("ok admin token", "401: it asks for the token")
	e.want("ok admin in use", "revision")
	write(t, filepath.Join(dir, "token"), strings.Repeat("fedcba9876543210", 4))
	edit(t, config, "admin_token: {env: KVITTO_SHOP_TOKEN}", "admin_token: {file: token}")
	s.doctor().want("failed admin metrics", "401: the admin_token of this configuration is not that of the running service")
}

// TestDoctorStore: the file, its disk and its lock.
func TestDoctorStore(t *testing.T) {
	t.Parallel()
	_, config := fullFolder(t, "")
	s := unserved(t, config)
	s.disk = func(string) (string, error) { return "a disk in memory (tmpfs)", nil }
	s.doctor().want("failed store disk", "is on a disk in memory (tmpfs)")
	s.disk = func(string) (string, error) { return "", nil }
	e := s.doctor()
	e.want("ok store disk", "it stays")
	e.want("failed store writable", "or it is not there")
	e.want("skipped store lock", "there is no such file yet")
	e.want("skipped sink writable", "there is no such folder yet")

	file := filepath.Join(filepath.Dir(config), "var", "kvitto.db")
	store := boltstore.Open(file, boltstore.Options{Now: time.Now})
	if _, err := store.Epoch(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	s.doctor().want("warning store lock", "held by ")
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	s.doctor().want("ok store lock", "nobody holds it, and no service is running")
	again, err := boltstore.OpenNow(file, time.Second, boltstore.Options{Now: time.Now}) // the doctor has let it go
	if err != nil || again.Close() != nil {
		t.Errorf("%v", err)
	}
}

// TestDoctorRedis: what Redis says of itself, and entries of the stream that were removed unread.
func TestDoctorRedis(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	shop := takingShop(t, "{stream: {}}")
	shop.onRedis(t, server.Addr())
	s := unserved(t, shop.config)
	e := s.doctor()
	e.want("ok store settings", "as the manual wants them")
	e.want("ok store latency", "from here")
	e.want("ok sink stream", "entries: 0")
	server.Must(t, "CONFIG", "SET", "appendfsync", "no")
	server.Must(t, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
	server.Must(t, "XGROUP", "CREATE", "kco:{shop}:out", "erp", "0", "MKSTREAM")
	for range 3 {
		server.Must(t, "XADD", "kco:{shop}:out", "*", "a", "b")
	}
	server.Must(t, "XTRIM", "kco:{shop}:out", "MAXLEN", "1")
	e = s.doctor()
	e.want("warning store sync", "set appendfsync everysec")
	e.want("failed store eviction", "set maxmemory-policy noeviction")
	e.want("failed sink stream", `at least 2 entries were removed before the group "erp" had them`)
	edit(t, shop.config, server.Addr(), "127.0.0.1:1")
	e = s.doctor()
	e.want("failed store redis", "pushes get 503")
	e.want("failed sink stream", "cannot be reached")
}

// TestDoctorSink: a webhook is asked for headers, and gets no event.
func TestDoctorSink(t *testing.T) {
	t.Parallel()
	var status, others atomic.Int32
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			others.Add(1)
		}
		w.Header().Set("Location", "https://shop.example/")
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(hook.Close)
	shop := takingShop(t, fmt.Sprintf(`{webhook: {url: %q, secret_file: signing}}`, hook.URL+"/orders?key=secret-of-the-provider"))
	write(t, filepath.Join(shop.dir, "signing"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	s := unserved(t, shop.config)
	for _, tt := range []struct {
		status     int32
		line, part string
	}{
		{200, "ok sink webhook", "200, without TLS: it is there; no order was sent"},
		{405, "ok sink webhook", "405"},
		{401, "ok sink webhook", "401"},
		{404, "warning sink webhook", "whether it takes a signed POST cannot be seen"},
		{301, "failed sink webhook", "a redirect, which is never followed"},
		{502, "warning sink webhook", "the server is there and fails"},
	} {
		status.Store(tt.status)
		s.doctor().want(tt.line, tt.part)
	}
	if n := others.Load(); n > 0 {
		t.Errorf("the shop was asked for more than headers: %d times", n)
	}
	edit(t, shop.config, "egress: {allow: [127.0.0.0/8]}", "egress: {allow: [10.0.0.0/8]}")
	e := s.doctor()
	e.want("failed sink webhook", "not allowed -> the service never calls it; if it is meant so, name its network in egress.allow, such as [127.0.0.1/32]")
	e.want("failed provider credentials", "name its network in egress.allow")
	edit(t, shop.config, "egress: {allow: [10.0.0.0/8]}", "egress: {allow: [127.0.0.0/8]}")
	hook.Close()
	s.doctor().want("failed sink webhook", "connection refused -> orders wait until it answers, and are parked after 47h")
}

// TestDoctorProvider: credentials, hosts and keys that do not fit.
func TestDoctorProvider(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	s := unserved(t, shop.config)
	for _, tt := range []struct {
		fault      fakeprovider.Fault
		line, part string
	}{
		{fakeprovider.Fault{Mode: fakeprovider.Unauthorized}, "failed provider credentials", "401: they are not taken"},
		{fakeprovider.Fault{Mode: fakeprovider.Missing}, "ok provider credentials", "404"},
		{fakeprovider.Fault{Mode: fakeprovider.TooMany}, "warning provider credentials", "429"},
		{fakeprovider.Fault{Mode: fakeprovider.Forbidden}, "failed provider credentials", "may not read orders"},
		{fakeprovider.Fault{Mode: fakeprovider.Failing}, "failed provider credentials", "503"},
	} {
		if err := shop.provider.SetFault(fakeprovider.Read, tt.fault); err != nil {
			t.Fatal(err)
		}
		s.doctor().want(tt.line, tt.part)
	}
	var media atomic.Value
	media.Store("text/html")
	all := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media.Load().(string))
		w.Header().Set("Date", time.Now().Add(10*time.Second).UTC().Format(http.TimeFormat))
		_, _ = w.Write([]byte(`{"order_id":"00000000-0000-4000-8000-000000000000","status":"AUTHORIZED","purchase_country":"SE","purchase_currency":"SEK","fraud_status":"ACCEPTED",` +
			`"order_amount":0,"original_order_amount":0,"captured_amount":0,"refunded_amount":0,"remaining_authorized_amount":0,"order_lines":[]}`))
	}))
	t.Cleanup(all.Close)
	raw, err := os.ReadFile(shop.config)
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(string(raw), "base_url: ")
	_, after, _ = strings.Cut(after, ", ")
	at := func(base string) *examined {
		t.Helper()
		write(t, shop.config, before+"base_url: "+base+", "+after)
		return s.doctor()
	}
	at(all.URL).want("failed provider credentials", "not of type application/json -> is base_url the provider's?")
	media.Store("application/json")
	e := at(all.URL)
	e.want("failed provider credentials", "an order that cannot exist is shown")
	e.want("warning provider clock", "behind it")
	e = at("https://api-na.playground.klarna.com")
	e.want("failed provider host", "ended for Checkout on 2026-03-31")
	e.want("failed provider host", "write base_url: https://api.playground.kustom.co;")
	e.want("skipped provider credentials", "is not asked")
	at("https://api.klarna.com").want("failed provider host", "write base_url: https://api.kustom.co;")
}

// TestDoctorKeys: a key of the other environment is told before anything is asked.
func TestDoctorKeys(t *testing.T) {
	t.Parallel()
	dir, config := fullFolder(t, "ephemeral: accepted\negress: {allow: [192.0.2.0/24, 169.254.0.0/16]}\n")
	s := unserved(t, config)
	e := s.doctor()
	e.want("ok provider form", "the raw value behind Basic, a key of the playground")
	e.want("failed egress metadata", "egress.allow lets connections go there")
	edit(t, config, "https://api.example", "http://127.0.0.1:1/playground")
	write(t, filepath.Join(dir, "key"), "kco_live_api_0123456789")
	e = s.doctor()
	e.want("failed provider form", "a live key for the playground")
	e.want("warning store disk", "`ephemeral: accepted`")
}

// TestDoctorNoPush: validations are approved, and no push ever comes.
func TestDoctorNoPush(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "    rules: rules", "    rules: rules\n    expect_push: 10m")
	r := start(t, "--config", shop.config)
	const empty = `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":0,"order_tax_amount":0,"order_lines":[]}`
	for range 5 {
		if status, got := r.post("validation", empty); status != http.StatusOK {
			t.Fatalf("%d %s", status, got)
		}
	}
	s := &setUp{t: t, config: shop.config, admin: r.admin, now: time.Now}
	s.doctor().want("skipped acknowledge pushes", "5 validations approved, 0 pushes, 0 by ensure or webhook: too little to judge")
	s.now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	e := s.doctor()
	e.want("warning acknowledge pushes", "somebody else acknowledges first: an order that is acknowledged is never pushed. exactly one party")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Fatalf("push: %d", status)
	}
	r.await(`"step":"acked"`)
	e = s.doctor()
	e.want("ok acknowledge pushes", "5 validations approved, 1 pushes")
	e.want("ok acknowledge found without a push", "none of 1 orders")
}

// TestDoctorAudit: orders that were found by asking are told; later triggers and other merchants do not count.
func TestDoctorAudit(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "    rules: rules", "    rules: rules\n    expect_push: 10m")
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	var audit strings.Builder
	line := func(hours int, merchant, order, step, by string) {
		raw, err := json.Marshal(map[string]any{"time": now.Add(-time.Duration(hours) * time.Hour), "merchant": merchant, "order_id": order, "step": step, "by": by})
		if err != nil {
			t.Fatal(err)
		}
		audit.Write(append(raw, '\n'))
	}
	line(90, "shop", "old", "enqueued", "expected")
	line(20, "shop", "a", "enqueued", "push")
	line(19, "shop", "a", "enqueued", "expected")
	line(18, "shop", "b", "enqueued", "expected")
	line(17, "shop", "b", "enqueued", "push")
	line(16, "shop", "c", "handed", "expected")
	line(15, "other", "d", "enqueued", "expected")
	audit.WriteString(`{"time":"2026-11-25T1`)
	s := unserved(t, shop.config)
	s.now = func() time.Time { return now }
	s.doctor().want("skipped acknowledge found without a push", "there is no such file here")
	if err := os.MkdirAll(filepath.Join(shop.dir, "var"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(shop.dir, "var", "audit.jsonl"), audit.String())
	s.doctor().want("warning acknowledge found without a push", "1 of 2 orders, 10m0s after their validation -> pushes are blocked")
}

// TestDoctorRefusals: an acknowledgement that the provider refused for an order that is alive.
func TestDoctorRefusals(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	if err := shop.provider.SetFault(fakeprovider.Acknowledge, fakeprovider.Fault{Mode: fakeprovider.Forbidden}); err != nil {
		t.Fatal(err)
	}
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Fatalf("push: %d", status)
	}
	r.await(`"step":"parked"`)
	s := &setUp{t: t, config: shop.config, admin: r.admin, now: time.Now}
	e := s.doctor()
	e.want("failed acknowledge parked", "1, of which 1 because the provider refused the acknowledgement (403)")
	e.want("warning acknowledge found without a push", "it is off")
	if e.status != 1 {
		t.Errorf("status %d", e.status)
	}
}
