package rulestest_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestFaults: each fault of a test file is told at the very word, with what would be right.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		text string // the whole file
		want string // line:col code, of the first finding
		says string // in its message, help or fix
	}{
		{"another version", "version: 2\ncases: []", "1:10 E020", "version: 1"},
		{"no version", "cases: []", "1:1 E016", "version"},
		{"no cases", "version: 1", "1:1 E016", "cases"},
		{"an empty list of cases", "version: 1\nrules: [shipping.yaml]\ncases: []", "3:8 E607", "tests nothing"},
		{"cases without a value", "version: 1\ncases:", "2:7 E005", "- "},
		{"a nameless case", "version: 1\nnow: 2026-11-23 10:00\ncases: [{name: \"\", expect: {with: [hem]}}]", "3:16 E005", "no value"},
		{"cases are no list", "version: 1\ncases: {a: b}", "2:8 E005", "a list"},
		{"a case is no map", "version: 1\ncases: [a]", "2:9 E005", "a map"},
		{"a file that is not there", "version: 1\nrules: [ship.yaml]\ncases: []", "2:9 E010", "ship.yaml"},
		{"a file outside", "version: 1\nrules: ../tax.yaml\ncases: []", "2:8 E012", "inside"},
		{"no clock", "version: 1\ncases: [{name: a}]", "2:9 E016", "real clock"},
		{"a day is no point of time", "version: 1\nnow: 2026-11-23\ncases: [{name: a}]", "2:6 E105", "2026-11-23 00:00"},
		{"an hour that does not exist", "version: 1\nnow: 2026-03-29 02:30\ncases: [{name: a}]", "2:6 E105", "put forward"},
		{"a short hour", "version: 1\nnow: 2026-11-23 9:00\ncases: [{name: a}]", "2:6 E105", "10:00"},
		{"a key of a case among the defaults", "version: 1\ndefaults: {expect: {}}\ncases: []", "2:12 E004", "defaults"},
		{"to and each_to", oneCase("to: SE 113 51\neach_to: [SE 1]\nexpect: {with: [hem]}"), "6:5 E601", "each_to"},
		{"no address in each_to", oneCase("each_to: []"), "5:14 E005", "no address"},
		{"each_to is no list", oneCase("each_to: SE 113 51"), "5:14 E005", "a list"},
		{"each_to and a table", oneCase("each_to: [SE 1]\noption: hem\ntable: |\n  weight | price\n  1 kg | 1"), "5:5 E601", "column `to`"},
		{"option without a table", oneCase("option: hem"), "5:5 E601", "table"},
		{"expect and a table", oneCase("option: hem\nexpect: {}\ntable: |\n  price\n  1"), "7:5 E601", "columns"},
		{"a table that is no block", oneCase("option: hem\ntable: a"), "6:12 E307", "table: |"},
		{"a table without an option", oneCase("table: |\n  weight | price\n  1 kg | 1.00"), "4:5 E016", "option"},
		{"a table without prices", oneCase("option: hem\ntable: |\n  weight\n  1 kg"), "7:7 E303", "not offered"},
		{"a row without an option", oneCase("table: |\n  weight | option | price\n  1 kg |  | 1.00"), "7:7 E016", "column `option`"},
		{"a row of an unknown option", oneCase("table: |\n  option | price\n  hemm | 1.00"), "7:7 E204", "hem"},
		{"a cell that is not money", oneCase("option: hem\ntable: |\n  weight | price\n  1 kg | free"), "8:14 E119", "amount of money"},
		{"a column beside items", oneCase("option: hem\ncart: {items: [{price: 1}]}\ntable: |\n  weight | price\n  1 kg | 1"), "9:7 E601", "list of items"},
		{"a column beside an order", oneCase("option: hem\norder: orders/visby.json\ntable: |\n  weight | price\n  1 kg | 1"), "8:7 E601", "recorded order"},
		{"cart beside an order", oneCase("order: orders/visby.json\ncart: {weight: 1 kg}"), "6:5 E601", "recorded order"},
		{"an order that is not there", oneCase("order: orders/vibsy.json"), "5:12 E010", "visby"},
		{"an order that is none", oneCase("order: orders/broken.json"), "5:12 E604", "order_amount"},
		{"no country", oneCase("to: 113 51"), "5:9 E119", "SE 113 51"},
		{"a key of an address", oneCase("to: {country: SE, zip: 1}"), "5:23 E004", "postcode"},
		{"a currency", oneCase("currency: kr"), "5:15 E107", "SEK"},
		{"an amount in another currency", oneCase("cart: {total: 4.90 EUR}"), "5:19 E603", "currency: EUR"},
		{"a kind of customer", oneCase("customer: company"), "5:15 E117", "organization"},
		{"a customer's type", oneCase("customer: {type: persn}"), "5:22 E117", "person"},
		{"weight beside items", oneCase("cart: {weight: 1 kg, items: [{price: 1}]}"), "5:12 E601", "list of items"},
		{"an item without a price", oneCase("cart: {items: [{sku: A}]}"), "5:20 E016", "price"},
		{"an item's type", oneCase("cart: {items: [{price: 1, type: discount}]}"), "5:37 E117", "`discounts`"},
		{"no pieces", oneCase("cart: {items: [{price: 1, quantity: 0}]}"), "5:41 E119", "1 to 1000000"},
		{"half a gram", oneCase("cart: {weight: 1.0005 kg}"), "5:20 E605", "1 kg or 1.001 kg"},
		{"no weight", oneCase("cart: {weight: 0 g}"), "5:20 E605", "leave `weight` out"},
		{"too heavy", oneCase("cart: {weight: 3000 t}"), "5:20 E605", "too heavy"},
		{"half a millimetre", oneCase("cart: {size: 1 x 1 x 0.05 cm}"), "5:18 E605", "millimetre"},
		{"a decimal comma in braces", oneCase("cart: {weight: 1,5 kg}"), "5:20 E108", "1.5 kg"},
		{"a discount without a total", oneCase("discounts: [{rate: 25%}]"), "5:17 E016", "total"},
		{"discounts are no list", oneCase("discounts: {total: 1}"), "5:16 E005", "a list"},
		{"a rate with three decimals", oneCase("discounts: [{total: 1, rate: 8.875%}]"), "5:34 E111", "2 decimals"},
		{"an unknown choice", oneCase("choose: ombd"), "5:13 E204", "ombud"},
		{"an unknown option", oneCase("expect: {without: [xyz]}"), "5:24 E204", "ombud, hem, pall, natt"},
		{"a point of an unknown option", oneCase("expect: {with: [\"xyz:1\"]}"), "5:21 E204", "xyz:1"},
		{"an option without an id", oneCase("expect: {options: [{price: 1}]}"), "5:24 E016", "id"},
		{"an option's key", oneCase("expect: {with: [{id: hem, prise: 1}]}"), "5:31 E004", "price"},
		{"a method", oneCase("expect: {with: [{id: hem, method: Door}]}"), "5:39 E117", "Home"},
		{"neither yes nor no", oneCase("expect: {with: [{id: hem, preselected: maybe}]}"), "5:44 ", "yes"},
		{"error beside options", oneCase("expect: {error: address_error, with: [hem]}"), "5:36 E601", "no options"},
		{"freight is no map", oneCase("expect: {freight: 1.00}"), "5:23 E005", "a map"},
		{"freight without a rate", oneCase("expect: {freight: {vat: 1.00}}"), "5:24 E119", "25%"},
		{"rejected without checks", oneCase("expect: {rejected: x}"), "5:24 E606", "checks.yaml"},
		{"redirect beside an error", oneCase("expect: {error: address_error, redirect: \"https://shop.example/\"}"), "5:46 E601", "keep one"},
		{"an address that is a list", oneCase("to: [SE, \"113 51\"]"), "5:9 E005", "single value"},
		{"an address without a value", oneCase("to:"), "5:8 E005", "no value"},
		{"a cart's key", oneCase("cart: {wieght: 1 kg}"), "5:12 E004", "weight"},
		{"a cart is no map", oneCase("cart: 1 kg"), "5:11 E005", "a map"},
		{"an item is no map", oneCase("cart: {items: [A]}"), "5:20 E005", "a map"},
		{"an item's key", oneCase("cart: {items: [{price: 1, qty: 2}]}"), "5:31 E004", "quantity"},
		{"a discount's key", oneCase("discounts: [{total: 1, rat: 25%}]"), "5:28 E004", "rate"},
		{"expect is no map", oneCase("expect: [hem]"), "5:13 E005", "a map"},
		{"an expectation's key", oneCase("expect: {option: [hem]}"), "5:14 E004", "options"},
		{"options are no list", oneCase("expect: {options: hem}"), "5:23 E005", "a list"},
		{"options without a value", oneCase("expect:\n  options:"), "6:15 E005", "a list"},
		{"a decimal comma in freight", oneCase("expect: {freight: {25%: 1,50}}"), "5:29 E108", "1.50"},
		{"an order that is a list", oneCase("order: [a]"), "5:12 E005", "single value"},
		{"a clock that is a list", oneCase("now: [a]"), "5:10 E005", "single value"},
		{"a name that is a list", "version: 1\nnow: 2026-11-23 10:00\ncases: [{name: [a]}]", "3:16 E005", "single value"},
		{"rules that are a map", "version: 1\nrules: {a: b}\ncases: [{name: a}]", "2:8 E005", "a list of names"},
		{"not YAML", "version: 1\ncases: [", "2:1 E001", ""},
	}
	s := shop(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res, r := run(t, s, tt.text)
			found := r.Findings()
			if res != nil || len(found) == 0 {
				t.Fatalf("got result %v, findings %v", res, found)
			}
			f := found[0]
			got := strings.SplitN(short(t, r), "\n", 2)[0]
			place := strings.TrimPrefix(got, "t.test.yaml:")
			if i := strings.Index(place, ": "); i >= 0 {
				place = place[:i] + " " + f.Code
			}
			if !strings.HasPrefix(place, tt.want) {
				t.Errorf("got %s\nwant %s", short(t, r), tt.want)
			}
			if all := f.Message + "\n" + f.Help + "\n" + f.Fix; !strings.Contains(all, tt.says) {
				t.Errorf("says\n%s\nwant %q in it", all, tt.says)
			}
		})
	}
}

// TestOncePerFault: a fault that every row of a table shares is told once.
func TestOncePerFault(t *testing.T) {
	t.Parallel()
	rows := strings.Repeat("      1 kg | 1.00\n", 50)
	_, r := run(t, shop(t), head+"    option: hem\n    customer: company\n    table: |\n      weight | price\n"+rows)
	if got := len(r.Findings()); got != 1 {
		t.Errorf("%d findings, want 1:\n%s", got, short(t, r))
	}
}

// TestSameName: two cases of one name run both, and are told apart by nothing but their lines.
func TestSameName(t *testing.T) {
	t.Parallel()
	res, r := run(t, shop(t), oneCase("to: SE 113 51\ncart: {weight: 1 kg, total: 49.00}\nexpect: {with: [hem]}")+"  - {name: \" it \", to: SE 111 22, cart: {weight: 1 kg, total: 49.00}, expect: {with: [hem]}}\n"+
		"  - {name: It, to: SE 111 23, cart: {weight: 1 kg, total: 49.00}, expect: {with: [hem]}}\n")
	if res == nil || res.Passed != 3 {
		t.Fatalf("got %+v, want 3 passed; %s", res, short(t, r))
	}
	found := r.Findings()
	if len(found) != 1 || found[0].Code != "W604" || found[0].Line != 8 || found[0].Col != 12 || found[0].Cause.Line != 4 {
		t.Errorf("got %s, want one W604 at 8:12 with its cause in line 4", short(t, r))
	}
}

// TestRulesMayBeLeftOut: which files are under test is up to the folder; what is named must be there.
func TestRulesMayBeLeftOut(t *testing.T) {
	t.Parallel()
	tests := oneCase("to: SE 113 51\ncart: {weight: 1 kg, total: 49.00}\nexpect: {with: [hem]}")
	for _, line := range []string{"", "rules: shipping.yaml\n", "rules: [shipping.yaml, tax.yaml]\n"} {
		if res, r := run(t, shop(t), line+tests); res == nil || res.Passed != 1 || len(r.Findings()) != 0 {
			t.Errorf("%q: got %+v, %s", line, res, short(t, r))
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	form, seen := regexp.MustCompile(`^[EW]6\d\d$`), map[string]bool{}
	for _, c := range rulestest.Codes() {
		if !form.MatchString(c.Code) || seen[c.Code] || c.Meaning == "" {
			t.Errorf("code %+v", c)
		}
		seen[c.Code] = true
	}
}

// TestNoFile: what cannot be read is a finding too.
func TestNoFile(t *testing.T) {
	t.Parallel()
	r := new(diag.Report)
	if res := rulestest.Run(withFile(head), "other.test.yaml", shop(t), r); res != nil || r.Findings()[0].Code != diag.CodeNoFile {
		t.Errorf("got %v, %s", res, short(t, r))
	}
}
