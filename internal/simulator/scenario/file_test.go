package scenario_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/simulator/scenario"
	"github.com/kvitto/kvitto/rules/diag"
)

// one is a file of one scenario with these steps.
func one(steps string) string {
	return "version: 1\nscenarios:\n  - name: S\n    cart: digital\n    steps:\n" + steps
}

// carts is a scenario with this cart.
func withCart(cart string) string {
	return "version: 1\nscenarios:\n  - name: S\n    cart: " + cart + "\n    steps: [{open: yes, expect: {answer: applied}}]\n"
}

// parse reads a file and writes its findings as line:col code, one a line.
func parse(t *testing.T, text string) (f *scenario.File, found string) {
	t.Helper()
	fsys := fstest.MapFS{"order.json": {Data: []byte(`{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":0,"order_tax_amount":0,"order_lines":[]}`)},
		"page.json": {Data: []byte("<html>")}, "wrong.json": {Data: []byte(`{"order_amount":1}`)}}
	r := new(diag.Report)
	f = scenario.Parse(fsys, "x.scenario.yaml", []byte(text), r)
	var lines []string
	for _, x := range r.Findings() {
		lines = append(lines, fmt.Sprintf("%d:%d %s", x.Line, x.Col, x.Code))
		if x.Message == "" || x.Severity == diag.Warning != strings.HasPrefix(x.Code, "S1") {
			t.Errorf("%+v", x)
		}
	}
	if (f == nil) != r.Failed() {
		t.Errorf("file %v, failed %v", f, r.Failed())
	}
	return f, strings.Join(lines, ", ")
}

// TestFindings: every fault is told at the word that is wrong.
func TestFindings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"another version", "version: 2\nscenarios: []\n", "1:10 S001"},
		{"no version", "scenarios: []\n", "1:1 E016"},
		{"no scenarios", "version: 1\nscenarios: []\n", "2:12 S002"},
		{"no steps", "version: 1\nscenarios:\n  - name: S\n    cart: us\n    steps: []\n", "5:12 S002"},
		{"no moment", "version: 1\nnow: monday\nscenarios: [{name: S, cart: us, steps: [{open: yes, expect: {answer: applied}}]}]\n", "2:6 S008"},
		{"unknown key", one("      - opne: yes\n"), "6:9 E004"},
		{"nothing to do", one("      - {}\n"), "6:9 S003"},
		{"two things at once", one("      - {open: yes, country: SE}\n"), "6:21 S003"},
		{"an unknown cart", withCart("books"), "4:11 S004"},
		{"two carts", withCart("{ready: us, file: order.json}"), "4:11 S004"},
		{"a cart from a file", withCart("{file: order.json}"), ""},
		{"a file that is none", withCart("{file: page.json}"), "4:18 S005"},
		{"a file that is not there", withCart("{file: gone.json}"), "4:18 E010"},
		{"a file outside", withCart("{file: ../order.json}"), "4:18 E012"},
		{"an order that is refused", withCart("{file: wrong.json}"), "4:11 S005"},
		{"an item without a price", withCart("{items: [{name: N}]}"), "4:20 E016"},
		{"a price that is none", withCart("{items: [{price: 1.5}]}"), "4:28 S007"},
		{"a rate that is none", withCart("{items: [{price: 1, rate: 25}]}"), "4:37 S007"},
		{"a weight that is none", withCart("{items: [{price: 1, weight: 1 kg}]}"), "4:39 S011"},
		{"a member that cannot be set", "version: 1\nscenarios:\n  - {name: S, cart: us, data: {order_id: x}, steps: [{open: yes, expect: {answer: applied}}]}\n", "3:32 S012"},
		{"no country", one("      - {country: Sweden, expect: {answer: applied}}\n"), "6:19 S009"},
		{"no address", one("      - {address: Stockholm, expect: {answer: applied}}\n"), "6:19 S009"},
		{"an unknown word", one("      - {open: yes, expect: {answer: aplied}}\n"), "6:38 S006"},
		{"an amount with a comma", one("      - {open: yes, expect: {total: \"1,5\"}}\n"), "6:37 S007"},
		{"a count", one("      - {wait: {pushes: many}, expect: {pushes: 1}}\n"), "6:25 S011"},
		{"no length of time", one("      - {wait: {clock: soon}, expect: {pushes: 1}}\n"), "6:24 S008"},
		{"wait for two things", one("      - {wait: {clock: 1 h, pushes: 1}, expect: {pushes: 1}}\n"), "6:16 S003"},
		{"an unknown call", one("      - {faults: {reed: slow}, expect: {answer: applied}}\n"), "6:25 S010"},
		{"a fault of another call", one("      - {faults: {push: html}, expect: {answer: applied}}\n"), "6:25 S010"},
		{"a fault without a mode", one("      - {faults: {read: {times: 1}}, expect: {answer: applied}}\n"), "6:25 E016, 6:25 S010"},
		{"a fault that no sink has", one("      - {faults: {sink: html}, expect: {answer: applied}}\n"), "6:25 S010"},
		{"rules outside", one("      - {rules: ../next, expect: {answer: applied}}\n"), "6:17 E012"},
		{"no time at all", one("      - {later: soon, expect: {answer: applied}}\n"), "6:17 S008"},
		{"a shop that does something else", one("      - {shop: sleeps, expect: {answer: applied}}\n"), "6:16 S006"},
		{"an answer of the shop", one("      - {shop: {status: 600, body: x}, expect: {answer: applied}}\n"), "6:25 S011, 6:30 E004"},
		{"what nobody can do with an order", one("      - {orders: eat, expect: {answer: applied}}\n"), "6:18 S006"},
		{"what Order Management cannot do", one("      - {manage: refund, expect: {answer: applied}}\n"), "6:18 S006"},
		{"no JSON pointer", one("      - {open: yes, expect: {json: {order_amount: 1}}}\n"), "6:37 S012"},
		{"too many lines", withCart("{items: [{price: 1, lines: 1001}]}"), "4:38 S011"},
		{"how to buy", one("      - {buy: {3d_secure: 9}, expect: {answer: applied}}\n"), "6:27 S011"},
		{"two of one name", "version: 1\nscenarios:\n  - {name: S, cart: us, steps: [{open: yes, expect: {answer: applied}}]}\n  - {name: S, cart: us, steps: [{open: yes, expect: {answer: applied}}]}\n", "4:12 S101"},
		{"nothing expected", one("      - open: yes\n"), "3:11 S102"},
		{"not YAML", "version: [", "1:1 E001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, got := parse(t, c.text); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestCodes: each code of the list has the right form, a fixture above and a line in the manual.
func TestCodes(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := os.ReadFile("file_test.go")
	if err != nil {
		t.Fatal(err)
	}
	form, seen := regexp.MustCompile(`^S[01][0-9]{2}$`), []string{}
	for _, c := range scenario.Codes() {
		if !form.MatchString(c.Code) || slices.Contains(seen, c.Code) {
			t.Errorf("%s: not a code, or listed twice", c.Code)
		}
		seen = append(seen, c.Code)
		if !strings.Contains(string(fixtures), " "+c.Code) && !strings.Contains(string(fixtures), c.Code+`"`) {
			t.Errorf("%s has no fixture", c.Code)
		}
		if row := "\n| " + c.Code + " | " + c.Meaning + " |"; !strings.Contains(string(manual), row) {
			t.Errorf("docs/scenarios.md: want the row %s", row)
		}
	}
}

// TestEverything: a file with all that the format has is read without a finding.
func TestEverything(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/everything.scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, found := parse(t, string(data))
	if f == nil || found != "" {
		t.Fatal(found)
	}
	if diff := cmp.Diff("2026-11-24 09:00:00 +0100", f.Now.Format("2006-01-02 15:04:05 -0700")); diff != "" || f.Merchant != "demo" || len(f.Scenarios) != 3 {
		t.Errorf("%s %+v", diff, f)
	}
}

// FuzzParse wants of any text: it is a file, or there is a finding with a place.
func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/everything.scenario.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(one("      - {open: yes, expect: {total: 1.00, options: [a, {id: b, price: 1}]}}\n"))
	f.Add(withCart("{items: [{price: 1.00, rate: 25%}]}"))
	f.Fuzz(func(t *testing.T, text string) {
		r := new(diag.Report)
		file := scenario.Parse(fstest.MapFS{}, "x.scenario.yaml", []byte(text), r)
		if (file == nil) != r.Failed() {
			t.Fatalf("file %v, failed %v", file, r.Failed())
		}
		for _, x := range r.Findings() {
			if x.Line < 1 || x.Col < 1 || x.Message == "" {
				t.Errorf("%+v", x)
			}
		}
	})
}
