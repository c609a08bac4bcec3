package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/cmd"
)

const shopToken = "6f1d1c0a4b8e4f7d9a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081"

// running is a service that a test started in its own process.
type running struct {
	t      *testing.T
	logs   *logs
	listen string
	admin  string
	stop   func() int
}

// logs collects what the program writes and lets a test wait for a line.
type logs struct {
	mu    sync.Mutex
	all   bytes.Buffer
	rest  string // of a line that has not ended
	lines chan string
}

func newLogs() *logs { return &logs{lines: make(chan string, 10_000)} }

// Write implements io.Writer. zerolog writes whole lines; a pipe from another process may bring several, or a part of one.
func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Write(p)
	l.rest += string(p)
	for {
		line, rest, whole := strings.Cut(l.rest, "\n")
		if !whole {
			return len(p), nil
		}
		l.rest = rest
		l.lines <- line + "\n"
	}
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// await reads lines until one has the text.
func (r *running) await(text string) map[string]any {
	r.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case line := <-r.logs.lines:
			if !strings.Contains(line, text) {
				continue
			}
			var entry map[string]any
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				r.t.Fatalf("%v: %s", err, line)
			}
			return entry
		case <-deadline:
			r.t.Fatalf("no log line with %q; log:\n%s", text, r.logs)
		}
	}
}

// start runs `kvitto serve` and waits until it serves.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	return startOn(t, nil, args...)
}

// startOn is start on a machine with disks as disk says.
func startOn(t *testing.T, disk func(string) (string, error), args ...string) *running {
	t.Helper()
	return startProgram(t, &cmd.Program{Now: time.Now, Plugins: cmd.Included(), Disk: disk}, args...)
}

// startProgram is start of a program with plug-ins, clock and disks as they are; the streams and the environment are set here.
func startProgram(t *testing.T, p *cmd.Program, args ...string) *running {
	t.Helper()
	r := &running{t: t, logs: newLogs()}
	ctx, cancel := context.WithCancel(context.Background())
	p.Stdin, p.Stdout, p.Stderr, p.Environ = strings.NewReader(""), io.Discard, r.logs, []string{"KVITTO_SHOP_TOKEN=" + shopToken}
	done := make(chan int, 1)
	go func() {
		done <- p.Run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"}, args...))
	}()
	var once sync.Once
	status := -1
	r.stop = func() int {
		once.Do(func() { cancel(); status = <-done })
		return status
	}
	t.Cleanup(func() { r.stop() })
	entry := r.serving()
	r.listen, r.admin = entry["listen"].(string), entry["admin"].(string)
	return r
}

// serving awaits the line that tells the addresses. Orders that waited go on at the same time: lines about them stay to be awaited.
func (r *running) serving() map[string]any {
	r.t.Helper()
	var orders []string
	for deadline := time.After(30 * time.Second); ; {
		select {
		case line := <-r.logs.lines:
			if strings.Contains(line, `"order_id"`) {
				orders = append(orders, line)
			}
			if !strings.Contains(line, `"message":"serving"`) {
				continue
			}
			var entry map[string]any
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				r.t.Fatalf("%v: %s", err, line)
			}
			for _, earlier := range orders {
				r.logs.lines <- earlier
			}
			return entry
		case <-deadline:
			r.t.Fatalf("it does not serve; log:\n%s", r.logs)
		}
	}
}

func (r *running) post(callback, body string) (int, string) {
	r.t.Helper()
	resp, err := http.Post("http://"+r.listen+"/v1/shop/"+shopToken+"/"+callback, "application/json", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	return read(r.t, resp)
}

func (r *running) get(path string) (int, string) {
	r.t.Helper()
	resp, err := http.Get("http://" + r.admin + path)
	if err != nil {
		r.t.Fatal(err)
	}
	return read(r.t, resp)
}

// eventually asks until the answer has the text: metrics follow a log line a moment later.
func (r *running) eventually(path, want string) {
	r.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if _, got := r.get(path); strings.Contains(got, want) {
			return
		}
	}
	r.t.Errorf("%s lacks %q", path, want)
}

func read(t *testing.T, resp *http.Response) (int, string) {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// shopFolder is the README's example as a shop with a configuration, in a folder of its own.
func shopFolder(t *testing.T) (dir, config string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "rules"), os.DirFS("../configs/examples/first")); err != nil {
		t.Fatal(err)
	}
	config = filepath.Join(dir, "kvitto.yaml")
	write(t, config, "merchants:\n  - {id: shop, mode: pricing, rules: rules, tokens: [{env: KVITTO_SHOP_TOKEN}]}\n")
	return dir, config
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file+".new", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil { // as editors do
		t.Fatal(err)
	}
}

func edit(t *testing.T, file, from, to string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %q", file, from)
	}
	write(t, file, strings.ReplaceAll(string(text), from, to))
}

func body(t *testing.T) string {
	t.Helper()
	return readRepo(t, "configs/examples/first/address-update.json")
}

// price is the price of the first option of an answer.
func price(t *testing.T, answer string) string {
	t.Helper()
	var a struct {
		Options []struct{ Price json.Number } `json:"shipping_options"`
	}
	if err := json.Unmarshal([]byte(answer), &a); err != nil || len(a.Options) == 0 {
		t.Fatalf("%v: %s", err, answer)
	}
	return a.Options[0].Price.String()
}

// TestFirstAnswer is the README's example over HTTP; -update rewrites configs/examples/first/answer.json.
func TestFirstAnswer(t *testing.T) {
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	status, got := r.post("address-update", body(t))
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, got)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(got), "", "  "); err != nil {
		t.Fatal(err)
	}
	const file = "../configs/examples/first/answer.json"
	if *update {
		write(t, file, indented.String()+"\n")
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if indented.String()+"\n" != string(want) {
		t.Errorf("got\n%s\nwant\n%s", &indented, want)
	}
	if status := r.stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
}

// TestReload breaks and repairs a table while it serves (rows 72 to 74 of the fault matrix).
func TestReload(t *testing.T) {
	dir, config := shopFolder(t)
	shipping, tests := filepath.Join(dir, "rules", "shipping.yaml"), filepath.Join(dir, "rules", "first.test.yaml")
	r := start(t, "--config", config)
	expect := func(want string) {
		t.Helper()
		status, got := r.post("address-update", body(t))
		if status != http.StatusOK || price(t, got) != want {
			t.Errorf("%d %s, want price %s", status, got, want)
		}
	}
	metric := func(want string) {
		t.Helper()
		r.eventually("/metrics", want)
	}
	expect("7900")

	edit(t, shipping, "price: 59.00", "price: 59,00") // a decimal comma
	if e := r.await(`"E108"`); e["at"] == "" || e["help"] == "" {
		t.Errorf("%v", e)
	}
	r.await("rules not taken over")
	expect("7900")
	metric(`kvitto_rules_reload_success{merchant="shop"} 0`)

	edit(t, shipping, "price: 59,00", "price: 69.00") // valid, but its own tests fail
	if e := r.await("rules not taken over"); !strings.Contains(fmt.Sprint(e["error"]), "first.test.yaml:") {
		t.Errorf("%v", e)
	}
	expect("7900")

	text, err := os.ReadFile(tests)
	if err != nil {
		t.Fatal(err)
	}
	write(t, tests, strings.NewReplacer("59.00", "69.00", "79.00", "89.00", "tax: 7.57", "tax: 8.85",
		"29.50", "34.50").Replace(string(text)))
	r.await("rules in use")
	expect("8900")
	metric(`kvitto_rules_reload_success{merchant="shop"} 1`)

	edit(t, config, "[{env: KVITTO_SHOP_TOKEN}]", "[{env: NOT_SET}]")
	r.await("configuration refused")
	metric(`kvitto_config_reload_success 0`)
	expect("8900")

	if err := os.Remove(shipping); err != nil { // gone altogether
		t.Fatal(err)
	}
	r.await("rules not taken over")
	expect("8900")
}

// TestReloadBySymlink swaps the folder's link, as orchestrators do.
func TestReloadBySymlink(t *testing.T) {
	dir, config := shopFolder(t)
	old, next := filepath.Join(dir, "v1"), filepath.Join(dir, "v2")
	if err := os.Rename(filepath.Join(dir, "rules"), old); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(next, os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(next, "first.test.yaml")); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(next, "shipping.yaml"), "59.00", "61.00")
	link := filepath.Join(dir, "rules")
	if err := os.Symlink("v1", link); err != nil {
		t.Fatal(err)
	}
	r := start(t, "--config", config)
	if err := os.Symlink("v2", link+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(link+".new", link); err != nil {
		t.Fatal(err)
	}
	r.await("rules in use")
	if status, got := r.post("address-update", body(t)); status != http.StatusOK || price(t, got) != "8100" {
		t.Errorf("%d %s", status, got)
	}
}

// TestMerchantsReload adds a merchant while serving.
func TestMerchantsReload(t *testing.T) {
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, string(text)+"  - {id: second, mode: pricing, rules: rules, tokens: [{env: KVITTO_SHOP_TOKEN}]}\n")
	r.await("configuration in use")
	if status, got := r.get("/api/rules"); status != http.StatusOK || !strings.Contains(got, `"second"`) {
		t.Errorf("%d %s", status, got)
	}
}

func TestAdmin(t *testing.T) {
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	for _, tc := range []struct {
		path, want string
		status     int
	}{
		{"/healthz", "alive\n", 200},
		{"/readyz", "ready\n", 200},
		{"/metrics", "kvitto_rules_revision{", 200},
		{"/api/rules", `"id":"shop"`, 200},
		{"/nothing", "", 404},
	} {
		t.Run(tc.path, func(t *testing.T) {
			if status, got := r.get(tc.path); status != tc.status || !strings.Contains(got, tc.want) {
				t.Errorf("%d %s", status, got)
			}
		})
	}
}

func TestAdminToken(t *testing.T) {
	_, config := shopFolder(t)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, "admin_token: {env: KVITTO_SHOP_TOKEN}\n"+string(text))
	r := start(t, "--config", config)
	if status, _ := r.get("/metrics"); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", status)
	}
	if status, _ := r.get("/readyz"); status != http.StatusOK {
		t.Errorf("readyz: %d", status)
	}
	for token, want := range map[string]int{shopToken: http.StatusOK, shopToken[1:]: http.StatusUnauthorized} {
		req, err := http.NewRequest(http.MethodGet, "http://"+r.admin+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := read(t, resp); status != want {
			t.Errorf("%d, want %d", status, want)
		}
	}
}

// TestMain makes this test binary the program where a script calls kvitto, and ends with no goroutine left.
func TestMain(m *testing.M) {
	testscript.Main(checked{m}, map[string]func(){"kvitto": func() { os.Exit(cmd.Main(cmd.Included()...)) }})
}

// checked is the tests with what must be so after them.
type checked struct{ m *testing.M }

// Run implements testscript.TestingM.
func (c checked) Run() int {
	status := c.m.Run()
	http.DefaultClient.CloseIdleConnections()
	if built.dir != "" {
		if err := os.RemoveAll(built.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	// A goroutine of a pool whose Redis was dead sleeps for a second before it sees that the pool is closed.
	if err := goleak.Find(goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	return status
}
