package rulestest_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// cellar is the rulebook of the guide to checks.
func cellar(t testing.TB) rulestest.Subject {
	return subject(t, filepath.Join("..", "..", "configs", "examples", "checks"))
}

const (
	written = "to: {country: SE, postcode: 113 51, street_address: Storgatan 1, phone: \"1\"}\n"
	boxed   = "to: {country: SE, postcode: 113 51, street_address: Box 1, phone: \"1\"}\n"
)

// TestRejected: a test names the check that should decide; what failed tells the check that did, with its place.
func TestRejected(t *testing.T) {
	t.Parallel()
	s := cellar(t)
	for _, tt := range []struct{ name, body, want string }{
		{"right", boxed + "expect: {rejected: no-boxes}", ""},
		{"right error", boxed + "expect: {rejected: no-boxes, error: address_error}", ""},
		{"none holds", written + "expect: {rejected: none, with: [hem]}", ""},
		{"another one", boxed + "expect: {rejected: phone}",
			"rejected: expected phone, got no-boxes; check no-boxes: when, matches street_address (checks.yaml:4)"},
		{"none does", written + "expect: {rejected: phone}",
			"rejected: expected phone, got none; validation: missing: phone is there (checks.yaml:21:14)"},
		{"one too many", boxed + "expect: {rejected: none}",
			"rejected: expected none, got no-boxes; check no-boxes: when, matches street_address (checks.yaml:4)"},
		{"wrong error", boxed + "expect: {rejected: no-boxes, error: approval_failed}",
			"error: expected approval_failed, got address_error; check no-boxes: when, matches street_address (checks.yaml:4)"},
		{"no error", written + "expect: {rejected: none, error: approval_failed}", "error: expected approval_failed, got none"},
		{"no redirect", boxed + "expect: {redirect: \"https://shop.example/\"}",
			"redirect: expected https://shop.example/, got none; check no-boxes: when, matches street_address (checks.yaml:4)"},
		{"options of a refused order", boxed + "expect: {rejected: no-boxes, with: [hem]}",
			"answer: the order is refused: address_error; check no-boxes: when, matches street_address (checks.yaml:4)"},
		{"the tables refuse first", "to: NO 0150\nexpect: {rejected: phone}", "rejected: expected phone, got no_option; something to ship and no option"},
		{"not asked, not judged", "to: SE 113 51\nexpect: {with: [hem]}", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, r := run(t, s, oneCase(tt.body))
			if res == nil {
				t.Fatal(short(t, r))
			}
			var got []string
			for _, f := range res.Cases[0].Failures {
				got = append(got, f.String())
			}
			if text := strings.Join(got, "\n"); !strings.HasPrefix(text, tt.want) || (text == "") != (tt.want == "") {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

// TestUnknownCheck: an id that no check has is told with the nearest.
func TestUnknownCheck(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"expect: {rejected: no-box}":                                    "did you mean `no-boxes`?",
		"expect: {rejected: zzzzzz}":                                    "the checks are no-boxes, adults, phone, weekend; or write none, where no check should hold",
		"expect: {rejected: none, redirect: \"https://shop.example/\"}": "keep one of them",
	} {
		res, r := run(t, cellar(t), oneCase(body))
		if res != nil || len(r.Findings()) != 1 || r.Findings()[0].Help != want {
			t.Errorf("%s: got %s", body, short(t, r))
		}
	}
}

// TestExplainChecks: the story of an order names every check on the buyer's way, and the one that decides.
func TestExplainChecks(t *testing.T) {
	t.Parallel()
	body := `{"purchase_currency":"SEK","locale":"sv-SE","order_amount":40000,"order_tax_amount":8000,
		"shipping_address":{"country":"SE","postal_code":"113 51","street_address":"Canarygatan 1","phone":"0701"},
		"order_lines":[{"type":"physical","name":"Wine","quantity":1,"unit_price":40000,"tax_rate":2500,"total_amount":40000,
		"total_tax_amount":8000,"shipping_attributes":{"weight":1000,"tags":["wine"]}}]}`
	r := new(diag.Report)
	x := rulestest.Explain(cellar(t), rulestest.Asked{Order: []byte(body)}, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), r)
	if x == nil {
		t.Fatal(short(t, r))
	}
	var text, json bytes.Buffer
	if err := x.Text(&text); err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(text.String(), "of which tax 95.80\n")
	want := `Check    ✓ no-boxes   address_update   matches: street_address fits no pattern   checks.yaml:6:15
Check    ✓ no-boxes   validation       matches: street_address fits no pattern   checks.yaml:6:15
Check    ✗ adults     validation       holds: when, min_age 20                   checks.yaml:13:5
Stopped  on validation
Answer   approval_failed: Du måste ha fyllt 20 år för att köpa vin.
         check adults: when, min_age 20   checks.yaml:13
Rates are those of the tables; this is no tax advice.
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := x.JSON(&json); err != nil {
		t.Fatal(err)
	}
	if s := json.String(); !strings.Contains(s, `"stop"`) || !strings.Contains(s, `"error_type": "approval_failed"`) || !strings.Contains(s, `"id": "adults"`) {
		t.Errorf("JSON: %s", s)
	}
	if strings.Contains(text.String()+json.String(), "Canary") {
		t.Error("the story holds what the buyer wrote")
	}
}

// TestExplainStoppedEarly: where the answer itself is a check's, it is told once.
func TestExplainStoppedEarly(t *testing.T) {
	t.Parallel()
	body := `{"purchase_currency":"SEK","order_amount":0,"order_tax_amount":0,"order_lines":[],
		"shipping_address":{"country":"SE","postal_code":"113 51","street_address":"Box 1","phone":"0701"}}`
	r := new(diag.Report)
	x := rulestest.Explain(cellar(t), rulestest.Asked{Order: []byte(body)}, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), r)
	if x == nil || x.Stop == nil || x.Refusal == nil {
		t.Fatalf("%+v %s", x, short(t, r))
	}
	var text bytes.Buffer
	if err := x.Text(&text); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "Stopped") || !strings.Contains(text.String(), "Answer   address_error") {
		t.Error(text.String())
	}
}
