package rulestest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestRenew: numbers of tables change, and nothing else does.
func TestRenew(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nnow: 2026-11-23 10:00\ncases:\n  - name: prices\n    option: ombud\n    cart: {weight: 1 kg, total: 100.00}\n    table: |\n"
	for name, tt := range map[string]struct {
		table, want string
		renewed     int
	}{
		"the end of a line":   {"      to        | price\n      SE 113 51 | 1.00\n", "      to        | price\n      SE 113 51 | 59.00\n", 1},
		"nothing to change":   {"      to        | price\n      SE 113 51 | 59.00\n", "      to        | price\n      SE 113 51 | 59.00\n", 0},
		"comments stay":       {"      to        | price\n      # the city\n\n      SE 113 51 | 1.00\n", "      to        | price\n      # the city\n\n      SE 113 51 | 59.00\n", 1},
		"numbers end alike":   {"      to        |  price\n      SE 113 51 |   9.00\n      SE 621 57 | 110.00\n", "      to        |  price\n      SE 113 51 |  59.00\n      SE 621 57 |  79.00\n", 2},
		"a column grows":      {"      price | to\n      1.00  | SE 113 51\n      2.00  | DE 10115\n", "      price       | to\n      59.00       | SE 113 51\n      not offered | DE 10115\n", 2},
		"a narrow column":     {"      to        |price|weight\n      SE 113 51 |1.00 |1 kg\n      SE 113 51 |2.00 |6 kg\n", "      to        |price |weight\n      SE 113 51 |59.00 |1 kg\n      SE 113 51 |99.00 |6 kg\n", 2},
		"no room at all":      {"      price|to\n      1.00|SE 113 51\n", "      price |to\n      59.00|SE 113 51\n", 1},
		"all lines make room": {"      to | price | weight\n      SE 113 51|1.0|1 kg\n      SE 113 51|59.00|2 kg\n", "      to | price   | weight\n      SE 113 51|59.00|1 kg\n      SE 113 51|59.00  |2 kg\n", 1},
		"a currency stays":    {"      to        | price\n      SE 113 51 | 1.00 SEK\n", "      to        | price\n      SE 113 51 | 59.00 SEK\n", 1},
		"tax and rate":        {"      to        | price | tax  | tax_rate\n      SE 113 51 | 59.00 | 1.00 | 6%\n", "      to        | price | tax   | tax_rate\n      SE 113 51 | 59.00 | 11.80 | 25%\n", 2},
		"a rate with blank":   {"      to        | price | tax_rate\n      SE 113 51 | 59.00 | 6 %\n", "      to        | price | tax_rate\n      SE 113 51 | 59.00 | 25 %\n", 1},
		"no longer offered":   {"      to        | price | tax\n      DE 10115  | 59.00 | 11.80\n", "      to        | price       | tax\n      DE 10115  | not offered | \n", 2},
		"offered by now":      {"      to        | price\n      SE 113 51 | not offered\n", "      to        | price\n      SE 113 51 | 59.00\n", 1},
		"names are not ours":  {"      to        | price | name\n      SE 113 51 | 59.00 | Else\n", "      to        | price | name\n      SE 113 51 | 59.00 | Else\n", 0},
		"lines end in CRLF":   {"      to        | price\r\n      SE 113 51 | 1.00\r\n", "      to        | price\r\n      SE 113 51 | 59.00\r\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := head + tt.table
			r := new(diag.Report)
			res := rulestest.Run(withFile(data), "t.test.yaml", shop(t), r)
			if res == nil {
				t.Fatal(r.Findings())
			}
			got, n := res.Renew([]byte(data))
			if n != tt.renewed {
				t.Errorf("%d cells are renewed, want %d", n, tt.renewed)
			}
			if d := cmp.Diff(head+tt.want, string(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestRenewOnlyWhatWasRun: a file that has changed meanwhile is left alone, and so is a case without a table.
func TestRenewOnlyWhatWasRun(t *testing.T) {
	t.Parallel()
	data := oneCase("option: ombud\ntable: |\n  to        | price\n  SE 113 51 | 1.00")
	res, r := run(t, shop(t), data)
	if res == nil {
		t.Fatal(short(t, r))
	}
	for name, now := range map[string]string{
		"another number": strings.Replace(data, "1.00", "2.00", 1),
		"another line":   "# new\n" + data,
		"another column": strings.Replace(data, "| 1.00", "| 1.00 |", 1),
		"cut":            data[:60],
	} {
		if got, n := res.Renew([]byte(now)); n != 0 || string(got) != now {
			t.Errorf("%s: %d cells are renewed: %q", name, n, got)
		}
	}
	single := oneCase("to: SE 113 51\nexpect: {with: [{id: ombud, price: 1.00}]}")
	if res, _ = run(t, shop(t), single); res == nil || res.Failed != 1 {
		t.Fatal("the case does not fail")
	}
	if got, n := res.Renew([]byte(single)); n != 0 || string(got) != single {
		t.Errorf("%d cells are renewed: %q", n, got)
	}
}
