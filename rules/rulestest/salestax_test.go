package rulestest_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// usShop is the shipped rulebook of the USA.
func usShop(t testing.TB) rulestest.Subject {
	return subject(t, filepath.Join("..", "..", "configs", "examples", "us"))
}

// TestExpectSalesTax fails where a level, the whole or a fee is another, and looks at nothing that is not named.
func TestExpectSalesTax(t *testing.T) {
	t.Parallel()
	s := usShop(t)
	for expect, want := range map[string]string{
		"sales_tax: {state: 1.74}":                                 "",
		"sales_tax: {state: 1.74, county: 0.00, total: 5.49}":      "",
		"sales_tax: 5.49":                                          "",
		"fees: {co-retail-delivery: 0.28}":                         "",
		"sales_tax: {state: 1.75}":                                 "state sales tax: expected 1.75 USD, got 1.74 USD",
		"sales_tax: 5.48":                                          "total sales tax: expected 5.48 USD, got 5.49 USD",
		"sales_tax: {county: 0.01}":                                "county sales tax: expected 0.01 USD, got 0.00 USD",
		"fees: {}":                                                 "fees: expected none, got co-retail-delivery 0.28 USD",
		"fees: {co-retail-delivery: 0.29}":                         "fees: expected co-retail-delivery 0.29 USD, got co-retail-delivery 0.28 USD",
		"fees: {road: 1.00, co-retail-delivery: 0.28}":             "fees: expected co-retail-delivery 0.28 USD, road 1.00 USD, got co-retail-delivery 0.28 USD",
		"sales_tax: {city: 1.00, state: 1.74, special: 0.66}":      "city sales tax: expected 1.00 USD, got 3.09 USD",
		"order_tax_amount: 5.49, goods_tax: 0.00, sales_tax: 5.49": "",
	} {
		r := new(diag.Report)
		text := "version: 1\nnow: 2026-11-24 10:00\ncases:\n  - {name: it, to: US-CO 80202, cart: {weight: 2 lb, total: 60.00}, expect: {" + expect + "}}\n"
		res := rulestest.Run(fstest.MapFS{"t.test.yaml": {Data: []byte(text)}}, "t.test.yaml", s, r)
		if res == nil {
			t.Fatalf("%s: %s", expect, short(t, r))
		}
		got := ""
		for _, f := range res.Cases[0].Failures {
			text, _, _ := strings.Cut(f.String(), "; ")
			got += text
			if len(f.Why) == 0 {
				t.Errorf("%s: it is not said why", expect)
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", expect, got, want)
		}
	}
}

// TestExpectSalesTaxFaults tells what cannot be expected.
func TestExpectSalesTaxFaults(t *testing.T) {
	t.Parallel()
	s := usShop(t)
	for expect, code := range map[string]string{
		"sales_tax: {stat: 1.74}":                 "E004",
		"sales_tax: {state: 1,74}":                "E108",
		"sales_tax: [1.74]":                       "E005",
		"fees: 0.28":                              "E005",
		"fees: {a: 0.281}":                        "E103",
		"error: approval_failed, sales_tax: 1.00": "E601",
		"error: approval_failed, fees: {}":        "E601",
		"sales_tax: {state: 1.74 EUR}":            "E603",
	} {
		r := new(diag.Report)
		text := "version: 1\nnow: 2026-11-24 10:00\ncases:\n  - {name: it, to: US-CO 80202, cart: {weight: 2 lb, total: 60.00}, expect: {" + expect + "}}\n"
		if res := rulestest.Run(fstest.MapFS{"t.test.yaml": {Data: []byte(text)}}, "t.test.yaml", s, r); res != nil {
			t.Errorf("%s: it ran", expect)
		}
		if got := short(t, r); !strings.Contains(got, "["+code+"]") {
			t.Errorf("%s: got %s, want %s", expect, got, code)
		}
	}
}

// TestExplainSalesTax tells the tax, the fee and the sums.
func TestExplainSalesTax(t *testing.T) {
	t.Parallel()
	r := new(diag.Report)
	x := rulestest.Explain(usShop(t), rulestest.Asked{To: "US-CO 80202", Cart: "2 lb, 60.00"}, time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC), r)
	if x == nil {
		t.Fatal(short(t, r))
	}
	var text, machine strings.Builder
	if err := x.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Tax      state tax 2.9 % of 60.00 USD = 1.74 USD   tax/us-rates.csv:",
		"Tax      fee co-retail-delivery 0.28 USD   tax.yaml:",
		"Order    goods 60.00 + freight 10.90 (ground) + fees 0.28 + sales tax 5.49 = 76.67 USD\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "VAT") {
		t.Errorf("VAT in the USA:\n%s", text.String())
	}
	if err := x.JSON(&machine); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"sales_tax": 549`, `"fees": 28`, `"goods": 6000`} {
		if !strings.Contains(machine.String(), want) {
			t.Errorf("%s is not in\n%s", want, machine.String())
		}
	}
}
