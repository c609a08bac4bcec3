package scenario_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/junit"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
	"github.com/kvitto/kvitto/rules/diag"
)

var update = flag.Bool("update", false, "rewrite golden files")

const (
	book    = `{"type":"digital","reference":"EBOOK","name":"Book","quantity":1,"unit_price":10600,"tax_rate":600,"total_amount":10600,"total_tax_amount":600}`
	answer  = `{"order_amount":10600,"order_tax_amount":600,"purchase_currency":"SEK","order_lines":[` + book + `],"shipping_options":[{"id":"mail","name":"Mail","price":4900,"tax_amount":980,"tax_rate":2500,"preselected":true}]}`
	refusal = `{"error_type":"approval_failed","error_text":"Sold out."}`
)

// service answers every update with one option, refuses Norway, spoils Finland, and sells nothing with a forbidden reference.
type service struct{ push func(order string) int }

// RoundTrip implements http.RoundTripper.
func (s service) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, text := http.StatusOK, answer
	switch {
	case strings.Contains(r.URL.Path, "push"):
		if status, text = s.push(r.URL.Query().Get("id")), ""; status == 0 {
			return nil, errors.New("nobody there")
		}
	case strings.Contains(r.URL.Path, "validation"):
		if text = "{}"; strings.Contains(string(body), "forbidden") {
			status, text = http.StatusBadRequest, refusal
		}
	case strings.Contains(string(body), `"NO"`):
		status, text = http.StatusBadRequest, `{"error_type":"unsupported_shipping_address","error_text":"Not there."}`
	case strings.Contains(string(body), `"FI"`):
		text = strings.Replace(answer, "10600,", "10700,", 1)
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

// play plays a file in a world whose clock stands still.
func play(t *testing.T, name, text string, change func(*scenario.World)) *scenario.Result {
	t.Helper()
	var r diag.Report
	f := scenario.Parse(fstest.MapFS{}, name, []byte(text), &r)
	if f == nil {
		t.Fatal(r.Findings())
	}
	now := func() time.Time { return time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC) }
	var p *fakeprovider.Provider
	s := service{push: func(order string) int {
		if strings.Contains(text, "x-nobody") {
			return 0
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/ordermanagement/v1/orders/"+order+"/acknowledge", http.NoBody)
		if err != nil {
			t.Error(err)
			return 500
		}
		req.SetBasicAuth("u", "p")
		p.Handler().ServeHTTP(discard{http.Header{}}, req)
		return 202
	}}
	p, err := fakeprovider.New(fakeprovider.Options{Now: now, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	sim, err := simulator.New(simulator.Options{Now: now, Provider: p, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	urls := map[string]string{}
	for _, name := range []string{"address_update", "country_change", "shipping_option_update", "validation", "push"} {
		urls[name] = "https://kvitto.example/" + name + "?id={checkout.order.id}"
	}
	w := &scenario.World{Sim: sim, URLs: urls, Patience: 10 * time.Second}
	if change != nil {
		change(w)
	}
	res, err := scenario.Run(t.Context(), w, f)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// discard is an answer that nobody reads.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return len(b), nil }

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestHowResultsAreTold: each kind of failure in text, JSON and JUnit, beside a scenario that passes.
func TestHowResultsAreTold(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/failing.scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	results := []*scenario.Result{play(t, "failing.scenario.yaml", string(text), nil)}
	for name, write := range map[string]func(io.Writer, []*scenario.Result) error{"failing.txt": scenario.Text, "failing.json": scenario.JSON, "failing.xml": asJUnit} {
		var b bytes.Buffer
		if err := write(&b, results); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
		if err := write(broken{}, results); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if passed, failed := scenario.Count(results); passed != 1 || failed != len(results[0].Cases)-1 {
		t.Errorf("%d passed, %d failed", passed, failed)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

// TestExpectations: each expectation fails where it does not hold, and says what was wanted and what came.
func TestExpectations(t *testing.T) {
	t.Parallel()
	for expect, want := range map[string]string{
		"callbacks: country_change":           "country_change | address_update",
		"answer: refused":                     "refused | applied",
		"error: approval_failed":              "approval_failed | none",
		"text: \"Not*\"":                      "Not* | none",
		"redirect: \"https://*\"":             "https://* | none",
		"wrong: /order_amount":                "/order_amount | none",
		"blocked: yes":                        "yes | no",
		"stage: held":                         "held | open",
		"options: none":                       "none | mail 49.00 SEK",
		"options: [mail, home]":               "mail, home | mail 49.00 SEK",
		"options: [home]":                     "home | mail 49.00 SEK",
		"with: home":                          "home | mail 49.00 SEK",
		"with: {id: mail, price: 50.00}":      "mail 50.00 SEK | mail 49.00 SEK",
		"with: {id: mail, price: 49.005}":     "mail 49.005 (more decimals than SEK has) | mail 49.00 SEK",
		"with: {id: mail, tax: 9.00}":         "mail tax 9.00 SEK | mail tax 9.80 SEK",
		"with: {id: mail, rate: 6.5%}":        "mail rate 6.5% | mail rate 25%",
		"with: {id: mail, name: Post}":        `mail named "Post" | mail named "Mail"`,
		"with: {id: mail, preselected: no}":   "mail not preselected | mail preselected",
		"without: [home, mail]":               "not mail | mail is offered",
		"selected: home":                      "home | mail",
		"total: 107.00":                       "107.00 SEK | 106.00 SEK",
		"tax: 6.01":                           "6.01 SEK | 6.00 SEK",
		"currency: EUR":                       "EUR | SEK",
		"country: \"NO\"":                     "NO | SE",
		"freight: mail":                       "mail | none",
		"lines: {id: EBOOK, price: -1}":       "EBOOK -1.00 SEK | EBOOK 106.00 SEK",
		"lines: [EBOOK, EBOOK]":               "EBOOK | EBOOK 106.00 SEK",
		"acknowledged: yes":                   "yes | no",
		"pushes: 1":                           "1 | 0",
		"status: CAPTURED":                    "CAPTURED | none",
		"fraud: pending":                      "PENDING | none",
		"state: ACKED":                        "ACKED | how the service has an order is not known: it was not started here",
		"events: 1":                           "1 | unknown: the service was not started here",
		"json: {/order_amount: 1}":            "/order_amount 1 | /order_amount 10600",
		"json: {/purchase_country: N*}":       "/purchase_country N* | /purchase_country SE",
		"json: {/order_lines/0/name: none}":   "/order_lines/0/name none | /order_lines/0/name Book",
		"json: {/order_lines/1/name: Book}":   "/order_lines/1/name Book | /order_lines/1/name none",
		"json: {/order_lines/0/name/0: Book}": "/order_lines/0/name/0 Book | /order_lines/0/name/0 none",
		"json: {/order_lines/0/name: Book, /order_lines/0/quantity: 1, /order_lines/7: none, /nothing: none}": "",
		"{}":                                   "",
		"answer: applied\n          pushes: 0": "",
		"text: \"\"\n          error: none":    "",
		"wrong: none\n          callbacks: [address_update]": "",
	} {
		t.Run(expect, func(t *testing.T) {
			t.Parallel()
			if expect != "{}" {
				expect = "\n          " + expect
			}
			res := play(t, "x.scenario.yaml", one("      - open: yes\n        expect: "+expect+"\n"), nil)
			got := ""
			for _, f := range res.Cases[0].Failures {
				got = f.Wanted + " | " + f.Got
			}
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestWaiting: a wait that cannot end says why, and one that can moves the provider's clock.
func TestWaiting(t *testing.T) {
	t.Parallel()
	const bought = "      - {address: SE 118 26, expect: {answer: applied}}\n      - buy: yes\n"
	soon := func(w *scenario.World) { w.Patience = time.Millisecond }
	for _, c := range []struct {
		name, steps, want string
		change            func(*scenario.World)
	}{
		{"the first push", bought + "      - wait: acknowledged\n      - expect: {pushes: 1}\n", "", nil},
		{"nothing comes after it", bought + "      - wait: acknowledged\n      - wait: {clock: 48 h}\n      - expect: {pushes: 1}\n", "", nil},
		{"a second push that never comes", bought + "      - wait: {pushes: 2}\n", "no more pushes come: 1 were sent and the order is acknowledged", nil},
		{"before the order is complete", "      - {open: yes, expect: {answer: applied}}\n      - wait: acknowledged\n", "the order is not complete, so nothing comes", nil},
		{"what the service says, where it cannot be asked", bought + "      - wait: done\n", "how the service has an order is not known: it was not started here", nil},
		{"what never comes", bought + "      - wait: parked\n", "it did not come within 1ms; the order is not acknowledged; no push was sent", func(w *scenario.World) {
			soon(w)
			w.Record = func(ctx context.Context, _ string) (scenario.Record, error) {
				<-ctx.Done()
				return scenario.Record{}, nil
			}
			w.URLs["push"] = ""
			delete(w.URLs, "push")
		}},
		{"a switch that is not there", bought + "      - service: down\n", "the service was not started here, so nothing can be done to it: leave --url out", nil},
		{"pushes that are dropped do not stop the clock", bought[:len(bought)-len("      - buy: yes\n")] + "      - faults: {push: {mode: dropped, times: 2}}\n      - buy: yes\n      - wait: acknowledged\n      - expect: {pushes: 1}\n", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, f := range play(t, "x.scenario.yaml", one(c.steps), c.change).Cases[0].Failures {
				got = f.Got
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func asJUnit(w io.Writer, results []*scenario.Result) error {
	return junit.Write(w, scenario.Suites(results))
}
