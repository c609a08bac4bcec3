package cmd_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/simulator"
)

// simulate runs `kvitto simulator …`.
func simulate(ctx context.Context, args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now, Plugins: scenarioPlugins()}
	status = p.Run(ctx, append([]string{"simulator"}, args...))
	return status, out.String(), errs.String()
}

// TestScenarios plays the project's end-to-end tests: a folder a rulebook, that of the demo shop or an example.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../internal/simulator/testdata/scenarios/*/*.scenario.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		book := filepath.Base(filepath.Dir(file))
		t.Run(book+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			world := []string{"--rules", "../configs/examples/" + book}
			if book == "demo" {
				world = []string{"--demo"}
			}
			if config := filepath.Join(filepath.Dir(file), "kvitto.yaml"); exists(config) {
				world = []string{"--config", config}
			}
			if status, out, errs := simulate(t.Context(), append(append([]string{"run"}, world...), file)...); status != 0 {
				t.Errorf("exit status %d\n%s%s", status, out, errs)
			}
		})
	}
}

// TestEveryDecisionIsPlayed: each decision of the design about the callbacks, 5.1 to 5.16, has a scenario file of its own.
func TestEveryDecisionIsPlayed(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 16; n++ {
		files, err := filepath.Glob(fmt.Sprintf("../internal/simulator/testdata/scenarios/*/5-%02d-*.scenario.yaml", n))
		if err != nil || len(files) == 0 {
			t.Errorf("5.%d: no scenario file, %v", n, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if want := fmt.Sprintf("# Design 5.%d: ", n); err != nil || !strings.HasPrefix(string(text), want) {
				t.Errorf("%s: want %q at its beginning, %v", file, want, err)
			}
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// played starts `kvitto simulator …` and returns what it printed first, and a function that ends it.
func played(t *testing.T, args ...string) (told string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	logs := newLogs()
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: in, Stderr: logs, Now: time.Now, Plugins: cmd.Included()}
	done := make(chan int, 1)
	go func() {
		status := p.Run(ctx, append([]string{"simulator", "--listen", "127.0.0.1:0", "--serve", "127.0.0.1:0", "--admin", "127.0.0.1:0"}, args...))
		_ = in.Close()
		done <- status
	}()
	printed := bufio.NewReader(out)
	line, err := printed.ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("%v, exit status %d: %s", err, <-done, logs)
	}
	drained := make(chan struct{})
	go func() { // what else it prints
		defer close(drained)
		_, _ = io.Copy(io.Discard, printed)
	}()
	return line, func() int { cancel(); <-drained; return <-done }
}

// TestSimulatorServes: the provider alone, and with a service that it started, until it is asked to stop.
func TestSimulatorServes(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--demo", "--speed", "60"}, {"--rules", "../configs/examples/german"}} {
		told, stop := played(t, args...)
		addresses := regexp.MustCompile(`http://[0-9.:]*[0-9]`).FindAllString(told, -1)
		if len(addresses) != 1+min(len(args), 1) {
			t.Fatalf("%v: told %q", args, told)
		}
		resp, err := http.Get(addresses[0] + "/_control/orders")
		if err != nil {
			t.Fatal(err)
		}
		if status, body := read(t, resp); status != http.StatusOK || strings.TrimSpace(body) != "[]" {
			t.Errorf("provider: %d %s", status, body)
		}
		if len(addresses) > 1 {
			resp, err := http.Post(addresses[1]+"/v1/demo/wrong/push", "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if status, body := read(t, resp); status != http.StatusNotFound {
				t.Errorf("service: %d %s", status, body)
			}
		}
		if resp, err = http.Get(addresses[0] + "/"); err != nil {
			t.Fatal(err)
		}
		if status, body := read(t, resp); status != http.StatusOK || !strings.Contains(body, "<html") {
			t.Errorf("page: %d %s", status, body)
		}
		if status := stop(); status != 0 {
			t.Errorf("%v: exit status %d", args, status)
		}
	}
}

// TestPagesReachTheService: a buyer of the pages gets to an order that the service has taken over, and its page says so.
func TestPagesReachTheService(t *testing.T) {
	t.Parallel()
	told, stop := played(t, "--demo", "--speed", "3600")
	defer stop()
	site := regexp.MustCompile(`http://[0-9.:]*[0-9]`).FindString(told)
	submit := func(path string, form url.Values) string {
		t.Helper()
		resp, err := http.PostForm(site+path, form)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := read(t, resp); status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", path, status, body)
		}
		return resp.Request.URL.Path
	}
	checkout := submit("/checkouts", url.Values{"shop": {"demo"}, "cart": {"books-and-lamps"}})
	submit(checkout+"/address", url.Values{"given_name": {"Ada"}, "street_address": {"Storgatan 1"}, "postal_code": {"118 26"}, "city": {"Stockholm"}})
	submit(checkout+"/option", url.Values{"option": {"hem"}})
	order := submit(checkout+"/buy", url.Values{"require": {"yes"}, "three_d_secure": {"1"}})
	if !strings.HasPrefix(order, "/orders/") {
		t.Fatalf("after buying the buyer is at %s", order)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		resp, err := http.Get(site + order)
		if err != nil {
			t.Fatal(err)
		}
		_, body := read(t, resp)
		if strings.Contains(body, "ACKED") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the service never had the order:\n%s", body)
		}
	}
}

// TestEveryDemoCart: each cart that the demo's pages offer, at each of its shops, comes to an order that is taken over and
// acknowledged, from the first address that its page proposes.
func TestEveryDemoCart(t *testing.T) {
	t.Parallel()
	told, stop := played(t, "--demo")
	defer stop()
	site := regexp.MustCompile(`http://[0-9.:]*[0-9]`).FindString(told)
	carts, seen := regexp.MustCompile(`name="cart" value="([^"]*)"`), 0
	for _, shop := range []string{"demo", "demo-de", "demo-us"} {
		start, _ := visited(t)(http.Get(site + "/?shop=" + shop))
		for _, cart := range carts.FindAllStringSubmatch(start, -1) {
			seen++
			buyCart(t, site, shop, cart[1])
		}
	}
	if want := len(simulator.Carts()); seen != want {
		t.Errorf("%d carts are offered, there are %d", seen, want)
	}
}

// visited reads a page that has to be there, and where it is.
func visited(t *testing.T) func(*http.Response, error) (body, at string) {
	return func(resp *http.Response, err error) (string, string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		status, body := read(t, resp)
		if status != http.StatusOK {
			t.Fatalf("%s: %d\n%s", resp.Request.URL.Path, status, body)
		}
		return body, resp.Request.URL.Path
	}
}

// buyCart plays a cart from its address to the acknowledged order.
func buyCart(t *testing.T, site, shop, cart string) {
	t.Helper()
	body, checkout := visited(t)(http.PostForm(site+"/checkouts", url.Values{"shop": {shop}, "cart": {cart}}))
	place := regexp.MustCompile(`name="sample" value="([^"]*)"`).FindStringSubmatch(body)
	if place == nil {
		t.Fatalf("%s: no address is proposed", cart)
	}
	visited(t)(http.PostForm(site+checkout+"/address", url.Values{"sample": {html.UnescapeString(place[1])}}))
	_, order := visited(t)(http.PostForm(site+checkout+"/buy", url.Values{"three_d_secure": {"1"}, "require": {"yes"}}))
	if !strings.HasPrefix(order, "/orders/") {
		t.Fatalf("%s: after buying the buyer is at %s", cart, order)
	}
	visited(t)(http.PostForm(site+order+"/push", nil))
	for deadline := time.Now().Add(20 * time.Second); ; {
		body, _ := visited(t)(http.Get(site + order))
		if strings.Contains(body, "<code>ACKED</code>, done") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: the service never had the order:\n%s", cart, body)
		}
	}
}

// TestPlayRunningService: a service that runs already is played with by its address, and reads orders from the provider that
// is played beside it.
func TestPlayRunningService(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	provider := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	raw, err := os.ReadFile(shop.config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, shop.config, regexp.MustCompile(`base_url: "[^"]*"`).ReplaceAllString(string(raw), `base_url: "http://`+provider+`"`))
	r := start(t, "--config", shop.config)
	token, story := filepath.Join(shop.dir, "played-token"), filepath.Join(shop.dir, "lamp.scenario.yaml")
	write(t, token, shopToken+"\n")
	write(t, story, `version: 1
scenarios:
  - name: A lamp
    cart: {items: [{reference: LAMP, price: 249.00, rate: 25%, weight: 900}]}
    steps:
      - address: SE 118 26
        expect: {answer: applied, stage: open}
      - buy: yes
        expect: {answer: approved}
      - wait: acknowledged
        expect: {acknowledged: yes}
`)
	status, out, errs := simulate(t.Context(), "run", "--url", "http://"+r.listen, "--merchant", "shop", "--token", token, "--provider", provider, story)
	if status != 0 {
		t.Errorf("exit status %d\n%s%s\n%s", status, out, errs, r.logs)
	}
}

// TestFailureSaysWhatDecided: beside the provider's judgement stands the row of the tables.
func TestFailureSaysWhatDecided(t *testing.T) {
	t.Parallel()
	story := filepath.Join(t.TempDir(), "dear.scenario.yaml")
	write(t, story, `version: 1
now: 2026-11-24 09:00
scenarios:
  - name: Dear
    cart: {items: [{reference: LAMP, price: 249.00, rate: 25%, weight: 900}]}
    steps:
      - address: SE 621 57
        expect: {with: [{id: ombud, price: 49.00}]}
`)
	status, out, _ := simulate(t.Context(), "run", "--demo", story)
	for _, want := range []string{"ombud 74.00 SEK", "Gotland", "shipping.yaml:"} {
		if status != 1 || !strings.Contains(out, want) {
			t.Errorf("exit status %d, no %q in\n%s", status, want, out)
		}
	}
}
