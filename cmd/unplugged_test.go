package cmd_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
)

// process is the built program.
type process struct {
	t *testing.T
	c *exec.Cmd
}

// run starts the built program and waits until it says something on that stream.
func run(t *testing.T, dir, stream, said string, args ...string) *process {
	t.Helper()
	c := exec.Command(binary(t), args...)
	c.Dir, c.Env = dir, append(os.Environ(), "KVITTO_SHOP_TOKEN="+shopToken)
	open := c.StdoutPipe
	if stream == "stderr" {
		open = c.StderrPipe
	}
	out, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, c: c}
	t.Cleanup(p.kill)
	var log strings.Builder
	lines := bufio.NewReader(out)
	for !strings.Contains(log.String(), said) {
		line, err := lines.ReadString('\n')
		log.WriteString(line)
		if err != nil {
			t.Fatalf("kvitto %s: %v:\n%s", args[0], err, log.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }() // it ends with the process
	return p
}

// kill ends it as kill -9 does.
func (p *process) kill() {
	if p.c.ProcessState == nil {
		_ = p.c.Process.Kill() // it may have ended
		_ = p.c.Wait()
	}
}

// freeAddress is an address of loopback that is free now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// buyer is who looks at the pages of a simulator.
type buyer struct {
	t    *testing.T
	site string
}

// does submits a form and returns where it leads.
func (b *buyer) does(path string, form url.Values) (at string) {
	b.t.Helper()
	resp, err := http.PostForm(b.site+path, form)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = read(b.t, resp)
	return resp.Request.URL.Path
}

// sees waits until a page shows all of it.
func (b *buyer) sees(path string, want ...string) {
	b.t.Helper()
	for deadline := time.Now().Add(90 * time.Second); ; { // who is killed holds the order for a lease of 30 s
		body, _ := visited(b.t)(http.Get(b.site + path))
		missing := ""
		for _, w := range want {
			if !strings.Contains(body, w) {
				missing = w
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s does not show %q:\n%s", path, missing, body)
		}
	}
}

// TestUnplugged: the service is killed and the store stopped in mid-order, and plugged in again. Nothing is lost, the shop gets
// the order once, and the page shows each of it. Both are the built program, each a process of its own.
func TestUnplugged(t *testing.T) {
	t.Parallel()
	store := redistest.New(t)
	shop := takingShop(t, "{spool: {dir: var/orders}}").withSecret(t)
	shop.onRedis(t, store.Addr())
	public, admin, provider := freeAddress(t), freeAddress(t), freeAddress(t)
	edit(t, shop.config, "backoff: [100ms]", "backoff: [3s]") // so that it is mostly killed between two attempts
	edit(t, shop.config, "base_url: ", fmt.Sprintf("base_url: %q, x-was: ", "http://"+provider))
	write(t, filepath.Join(shop.dir, "token"), shopToken)
	run(t, shop.dir, "stdout", "Play the buyer", "simulator", "--listen", provider, "--url", "http://"+public, "--merchant", "shop", "--token", "token")
	plug := func() *process {
		return run(t, shop.dir, "stderr", `"serving"`, "serve", "--config", shop.config, "--listen", public, "--admin", admin)
	}
	service := plug()
	b := &buyer{t, "http://" + provider}
	checkout := b.does("/checkouts", url.Values{"cart": {"books-and-lamps"}})
	b.does(checkout+"/address", url.Values{"sample": {"Stockholm"}})
	b.sees(checkout, "727.00")

	service.kill()
	b.does(checkout+"/address", url.Values{"sample": {"Visby, on Gotland"}})
	b.sees(checkout, "no answer", "connection refused", "The last answer keeps the buyer from buying")
	service = plug()
	b.does(checkout+"/address", url.Values{"sample": {"Visby, on Gotland"}})
	b.sees(checkout, "747.00")
	order := b.does(checkout+"/buy", nil)

	store.Shutdown()
	b.does(order+"/push", nil)
	b.sees(order, "503 Service Unavailable", "none was answered well", "<dd>not yet</dd>")
	store.MustRestart(t)
	b.does("/provider/fault", url.Values{"fault": {"failing"}, "on": {"yes"}, "back": {order}})
	b.does(order+"/push", nil)
	b.sees(order, "202 Accepted", "1 fault is on", "TEMPORARILY_UNAVAILABLE", "2 times until", "<dd>not yet</dd>")

	service.kill()
	b.does(order+"/push", nil)
	b.sees(order, "connection refused", "<dd>not yet</dd>")
	b.does("/provider/calm", url.Values{"back": {order}})
	plug()
	b.sees(order, "The order is acknowledged.", "204 No Content", "<dd><b>yes</b></dd>")
	events, err := filepath.Glob(filepath.Join(shop.dir, "var/orders/evt_*.json"))
	if err != nil || len(events) != 1 {
		t.Errorf("the shop has %d events, want 1: %v", len(events), err)
	}
}
