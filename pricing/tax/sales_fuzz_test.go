package tax_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// placed fails where a finding has no place or no words.
func placed(t *testing.T, r *diag.Report) {
	t.Helper()
	for _, f := range r.Findings() {
		if f.File == "" || f.Line < 1 || f.Col < 1 || f.Message == "" {
			t.Errorf("no place: %+v", f)
		}
	}
}

// FuzzSalesTax loads arbitrary tax files of sales tax: no panic, every fault has a place, and what is accepted answers every
// query with lines that are not negative and never more than the goods and the freight.
func FuzzSalesTax(f *testing.F) {
	us, err := os.ReadFile("../../configs/examples/us/tax.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{strings.Replace(string(us), "tax/us-rates.csv", "rates.csv", 1), usShop, texas, usShop + "lines: one\nround: line\n"} {
		for _, to := range []string{"NY", "CO", "TX", ""} {
			f.Add(text, to, "10001", "USD", int64(1_000), int64(20))
			f.Add(text, to, "80202-1234", "EUR", int64(-1), int64(0))
		}
	}
	f.Fuzz(func(t *testing.T, text, region, postcode, currency string, days, amount int64) {
		table, r := load(text, map[string]string{"rates.csv": usRates})
		placed(t, r)
		if (table == nil) != r.Failed() {
			t.Fatalf("a table %v, failed %v", table != nil, r.Failed())
		}
		if table == nil || !table.SalesTax() {
			return
		}
		amount %= int64(order.MaxLineAmount)
		in := []order.Line{piece(29_900, "clothing"), piece(order.Amount(max(amount, 0))), piece(1, "grocery"), off(order.Amount(max(-amount, 0)))}
		q := query("US-"+region+" "+postcode, at(t, "2026-01-01 00:00").AddDate(0, 0, int(days%20_000)), currency, in...)
		q.Destination.Region, q.Destination.Postcode = region, postcode
		made, err := table.TaxLines(context.Background(), q, paidFor(900))
		if err != nil {
			t.Fatal(err)
		}
		var taxes, all order.Amount
		for i := range in {
			all += max(in[i].TotalAmount, 0)
		}
		for i := range made {
			if made[i].TotalAmount <= 0 || made[i].TotalAmount > order.MaxLineAmount*2 {
				t.Errorf("line %d: %+v", i, made[i])
			}
			if made[i].Type == order.SalesTax {
				taxes += made[i].TotalAmount
			}
		}
		if taxes > all+900+5 {
			t.Errorf("tax %d of goods %d", taxes, all)
		}
		table.Changes(q.Now.AddDate(-1, 0, 0), q.Now)
	})
}

// FuzzRateFile reads arbitrary rate files: no panic, every fault has a place, and a ZIP has the same rates whatever the
// order of the rows.
func FuzzRateFile(f *testing.F) {
	f.Add(usRates, int32(10001))
	f.Add("state,zip_from,zip_to,state_rate\nUS-TX,78701,78799,6.25\nUS-TX,78800,,6.25%\n", int32(78701))
	f.Add("state;zip_from;state_rate;from\nUS-TX;78701;6,25;2024-01-01\n", int32(78701))
	f.Add("\ufeffstate,zip_from,zip_to,state_rate,from\r\n\"US-TX\", \"00001\" ,99999,\"6.25\",2024-01-01\r\nUS-TX,78701,,1,\n", int32(501))
	f.Add("state,zip_from,state_rate\nUS-TX,\"78\"701,1\n,,,\nUS-TX,1,1\n", int32(-1))
	f.Fuzz(func(t *testing.T, text string, zip int32) {
		const shop = texas + "rate_files: [rates.csv]\n"
		table, r := load(shop, map[string]string{"rates.csv": text})
		placed(t, r)
		if (table == nil) != r.Failed() {
			t.Fatalf("a table %v, failed %v", table != nil, r.Failed())
		}
		if table == nil {
			return
		}
		rows := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
		for i, k := 1, len(rows)-1; i < k; i, k = i+1, k-1 {
			rows[i], rows[k] = rows[k], rows[i]
		}
		turned, r := load(shop, map[string]string{"rates.csv": strings.Join(rows, "\n")})
		if turned == nil {
			if strings.TrimSpace(rows[0]) == "" || strings.ContainsAny(text, "\r\"") || text[0] == '\n' {
				return // a head further down, or line ends and quotes that belong to several rows
			}
			t.Fatalf("turned round: %s", brief(r))
		}
		for _, postcode := range []string{"78701", zipOf(zip)} {
			q := query("US-TX "+postcode, today(t), "USD", piece(1_000_000))
			if a, b := lines(t, table, q, paidFor(0)), lines(t, turned, q, paidFor(0)); a != b {
				t.Errorf("%s: %q, turned round %q", postcode, a, b)
			}
		}
	})
}

// zipOf makes five digits of a number.
func zipOf(n int32) string {
	digits := []byte("00000")
	for i := len(digits) - 1; i >= 0 && n > 0; i-- {
		digits[i], n = '0'+byte(n%10), n/10
	}
	return string(digits)
}
