package page_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/page"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// token is that of the callbacks of all shops.
const token = "a-token-of-the-pages-tests-that-nobody-may-see"

// began is when the worlds of tests begin: a Tuesday morning in Stockholm.
var began = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// world is the pages over a simulator, a provider and, where it was asked for, a real service that keeps orders.
type world struct {
	provider *fakeprovider.Provider
	sim      *simulator.Simulator
	site     *httptest.Server
	options  page.Options
	stop     func() // the service
	logs     *logs
}

// clock shows began when it is made, and runs.
func clock() func() time.Time {
	start := time.Now()
	return func() time.Time { return began.Add(time.Since(start)) }
}

// newWorld makes pages over callbacks that a handler answers.
func newWorld(t testing.TB, answers http.Handler, change func(*page.Options)) *world {
	t.Helper()
	w := &world{}
	service := httptest.NewServer(answers)
	t.Cleanup(service.Close)
	w.open(t, clock())
	w.options.Shops = []page.Shop{{ID: "demo", Title: "Lyktan", URLs: callbackURLs(service.URL, "demo")}}
	w.serve(t, change)
	return w
}

// open starts provider and simulator.
func (w *world) open(t testing.TB, now func() time.Time) {
	t.Helper()
	var err error
	if w.provider, err = fakeprovider.New(fakeprovider.Options{Now: now, Control: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.provider.Close)
	if w.sim, err = simulator.New(simulator.Options{Now: now, Provider: w.provider, Seed: 5}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sim.Close)
	w.options = page.Options{Simulator: w.sim, Now: now}
}

// serve serves the pages.
func (w *world) serve(t testing.TB, change func(*page.Options)) {
	t.Helper()
	if change != nil {
		change(&w.options)
	}
	w.site = httptest.NewServer(simulator.Site(w.provider, page.New(w.options)))
	t.Cleanup(w.site.Close)
}

// callbackURLs are the merchant_urls of a shop.
func callbackURLs(base, merchant string) map[string]string {
	urls := map[string]string{"terms": "https://shop.example/terms", "checkout": "https://shop.example/checkout", "confirmation": "https://shop.example/done"}
	for _, name := range []string{"address_update", "country_change", "shipping_option_update", "validation", "push", "notification"} {
		urls[name] = base + "/v1/" + merchant + "/" + token + "/" + strings.ReplaceAll(name, "_", "-") + "?klarna_order_id={checkout.order.id}"
	}
	return urls
}

// realShops are the shops of a world with a service: their rulebooks, and the carts that they sell.
func realShops() []page.Shop {
	return []page.Shop{
		{ID: "demo", Title: "Lyktan, Gothenburg", Market: "Sweden, Norway, Denmark, Finland", Carts: []string{"books-and-lamps", "sofa", "digital", "gift-card", "business"}},
		{ID: "german", Title: "Haus & Garten, Berlin", Market: "Germany, Austria, Switzerland", Carts: []string{"german", "german-bulky", "german-business"}},
		{ID: "us", Title: "Lighthouse Supply, Chicago", Market: "United States", Carts: []string{"us", "us-freight", "us-gift-card"}},
	}
}

func rulesOf(id string) string {
	if id == "demo" {
		return "../../../configs/demo/rules"
	}
	return "../../../configs/examples/" + id
}

// realWorld is newWorld with a service of three shops in this process, which keeps orders.
func realWorld(t *testing.T, change func(*page.Options)) *world {
	t.Helper()
	w := &world{}
	now := clock()
	w.open(t, now)
	api := httptest.NewServer(w.provider.Handler())
	t.Cleanup(api.Close)
	base := w.start(t, api.URL, now)
	w.options.Explainer = newExplainer(t)
	w.options.Keeper = keeper{w.provider}
	for _, s := range realShops() {
		s.URLs = callbackURLs(base, s.ID)
		w.options.Shops = append(w.options.Shops, s)
	}
	w.serve(t, change)
	return w
}

// demoWorld is the pages of `kvitto simulator --demo`, as make run starts it.
func demoWorld(t *testing.T) *world {
	t.Helper()
	out, in := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	w := &world{logs: &logs{serving: make(chan string, 1)}}
	p := &cmd.Program{Now: clock(), Plugins: cmd.Included(), Stdin: strings.NewReader(""), Stdout: in, Stderr: w.logs}
	done := make(chan int, 1)
	go func() {
		done <- p.Run(ctx, []string{"simulator", "--demo", "--listen", "127.0.0.1:0", "--serve", "127.0.0.1:0", "--admin", "127.0.0.1:0"})
		_ = in.Close()
	}()
	printed := bufio.NewReader(out)
	line, err := printed.ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("%v, exit status %d:\n%s", err, <-done, w.logs)
	}
	drained := make(chan struct{})
	go func() { // what else it prints
		defer close(drained)
		_, _ = io.Copy(io.Discard, printed)
	}()
	t.Cleanup(func() { cancel(); <-drained; <-done })
	at, _, _ := strings.Cut(strings.TrimPrefix(line, "Play the buyer at "), ". ")
	w.site = &httptest.Server{URL: at}
	return w
}

// start runs `kvitto serve` and returns where its callbacks are.
func (w *world) start(t *testing.T, provider string, now func() time.Time) string {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("egress: {allow: [127.0.0.0/8]}\nephemeral: accepted\nstore: {file: kvitto.db}\nconfirm: {poll: 100ms, backoff: [100ms]}\nmerchants:\n")
	for _, s := range realShops() {
		rules, err := filepath.Abs(rulesOf(s.ID))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  - id: %s\n    mode: full\n    rules: %q\n    tokens: [{env: KVITTO_PAGE_TOKEN}]\n", s.ID, rules)
		fmt.Fprintf(&b, "    provider: {base_url: %q, credentials: {user_file: user, password_file: password}}\n", provider)
		fmt.Fprintf(&b, "    sink: {spool: {dir: orders-%s}}\n", s.ID)
		if s.ID == "demo" {
			b.WriteString("    country_change: {US: {redirect: \"https://shop.example/us\"}}\n")
		}
	}
	for name, text := range map[string]string{"kvitto.yaml": b.String(), "user": "K1", "password": "p"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.logs = &logs{serving: make(chan string, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	p := &cmd.Program{Now: now, Plugins: cmd.Included(), Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: w.logs, Environ: []string{"KVITTO_PAGE_TOKEN=" + token}}
	done := make(chan int, 1)
	go func() {
		done <- p.Run(ctx, []string{"serve", "--config", filepath.Join(dir, "kvitto.yaml"), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"})
	}()
	var once sync.Once
	w.stop = func() { once.Do(func() { cancel(); <-done }) }
	t.Cleanup(w.stop)
	select {
	case at := <-w.logs.serving:
		return "http://" + at
	case status := <-done:
		done <- status
		t.Fatalf("the service ended with %d:\n%s", status, w.logs)
	case <-time.After(30 * time.Second):
		t.Fatalf("the service does not start:\n%s", w.logs)
	}
	return ""
}

// logs collects what the service logs, and sees where it serves.
type logs struct {
	mu      sync.Mutex
	b       bytes.Buffer
	serving chan string
}

// Write implements io.Writer; the service writes a line at a time.
func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var line struct{ Message, Listen string }
	if json.Unmarshal(p, &line) == nil && line.Message == "serving" {
		l.serving <- line.Listen
	}
	return l.b.Write(p)
}

// String returns all of it.
func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// explainer asks the rulebooks of realShops.
type explainer struct {
	subjects map[string]rulestest.Subject
	now      func() time.Time
}

func newExplainer(t *testing.T) *explainer {
	t.Helper()
	x := &explainer{subjects: map[string]rulestest.Subject{}, now: clock()}
	for _, s := range realShops() {
		r := new(diag.Report)
		b := rulebook.LoadFS(os.DirFS(rulesOf(s.ID)), rulebook.Options{Shipped: configs.FS()}, r)
		if b == nil {
			t.Fatalf("rules of %s: %v", s.ID, r.Findings())
		}
		subject, err := b.Subject(rules.Options{})
		if err != nil {
			t.Fatal(err)
		}
		x.subjects[s.ID] = subject
	}
	return x
}

// Explain implements page.Explainer.
func (x *explainer) Explain(_ context.Context, e *simulator.Exchange) (*rulestest.Explanation, error) {
	_, rest, _ := strings.Cut(e.URL, "/v1/")
	merchant, _, _ := strings.Cut(rest, "/")
	r := new(diag.Report)
	why := rulestest.Explain(x.subjects[merchant], rulestest.Asked{Order: e.Request}, x.now(), r)
	if why == nil {
		return nil, fmt.Errorf("%v", r.Findings())
	}
	return why, nil
}

// keeper guesses how the service has an order by what the provider has seen.
type keeper struct{ p *fakeprovider.Provider }

// Kept implements page.Keeper.
func (k keeper) Kept(_ context.Context, order string) (page.Kept, error) {
	s, _ := k.p.Standing(order)
	switch {
	case s.Acknowledged:
		return page.Kept{State: "ACKED", Done: true, Receipt: "evt_" + order[:8], Handovers: 1}, nil
	case s.Pushes > 0:
		return page.Kept{State: "PENDING", Handovers: 0}, nil
	}
	return page.Kept{}, nil
}
