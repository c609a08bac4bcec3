package tax_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/tax"
)

// TestRateModel compares the index of rates with a search through all rows.
func TestRateModel(t *testing.T) {
	t.Parallel()
	type row struct{ from, to, day, rate int }
	now := today(t)
	rapid.Check(t, func(t *rapid.T) {
		var rows []row
		for range rapid.IntRange(0, 12).Draw(t, "rows") {
			r := row{from: rapid.IntRange(0, 60).Draw(t, "from"), day: rapid.IntRange(1, 9).Draw(t, "day"), rate: rapid.IntRange(1, 9).Draw(t, "rate")}
			r.to = r.from + rapid.IntRange(0, 20).Draw(t, "width")
			if !slices.ContainsFunc(rows, func(o row) bool { return o.day == r.day && o.from <= r.to && r.from <= o.to }) {
				rows = append(rows, r)
			}
		}
		csv := "state,zip_from,zip_to,state_rate,from\n"
		for _, r := range rows {
			csv += fmt.Sprintf("US-TX,%05d,%05d,%d,2026-01-%02d\n", r.from, r.to, r.rate, r.day)
		}
		table, report := load(texas+"rate_files: [rates.csv]\n", map[string]string{"rates.csv": csv})
		if len(rows) == 0 {
			return
		}
		if table == nil {
			t.Fatal(brief(report))
		}
		for range 20 {
			zip, day := rapid.IntRange(0, 90).Draw(t, "zip"), rapid.IntRange(1, 10).Draw(t, "on")
			want, latest := 625, 0
			for _, r := range rows {
				if r.from <= zip && zip <= r.to && r.day <= day && r.day > latest {
					want, latest = 100*r.rate, r.day
				}
			}
			q := query(fmt.Sprintf("US-TX %05d", zip), now.AddDate(0, -10, -24+day), "USD", piece(10_000))
			made, err := table.TaxLines(context.Background(), q, paidFor(0))
			if err != nil || len(made) != 1 || made[0].TotalAmount != order.Amount(want) {
				t.Fatalf("ZIP %05d on day %d: got %+v %v, want %d of\n%s", zip, day, made, err, want, csv)
			}
		}
	})
}

// TestLevels: one line is the rounded whole, the lines by level are each within half a cent of theirs, and rounding by line
// stays within half a cent a line.
func TestLevels(t *testing.T) {
	t.Parallel()
	by, one, line := usTable(t, usShop), usTable(t, usShop+"lines: one\n"), usTable(t, usShop+"round: line\n")
	now := today(t)
	rapid.Check(t, func(t *rapid.T) {
		var in []order.Line
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			tags := []string{rapid.SampledFrom([]string{"", "grocery", "clothing"}).Draw(t, "tag")}
			in = append(in, piece(order.Amount(rapid.IntRange(0, 20_000).Draw(t, "price")), tags...))
		}
		if rapid.Bool().Draw(t, "off") {
			in = append(in, off(order.Amount(rapid.IntRange(0, 40_000).Draw(t, "amount"))))
		}
		to := rapid.SampledFrom([]string{"US-NY 10001", "US-CA 90001", "US-WA 98101", "US-CO 80202", "US-TX"}).Draw(t, "to")
		freight := order.Amount(rapid.IntRange(0, 5000).Draw(t, "freight"))
		q := query(to, now, "USD", in...)
		sum := func(table *tax.Table) (total order.Amount, n int) {
			made, err := table.TaxLines(context.Background(), q, paidFor(freight))
			if err != nil {
				t.Fatal(err)
			}
			for i := range made {
				if made[i].Type == order.SalesTax {
					total, n = total+made[i].TotalAmount, n+1
				}
			}
			return total, n
		}
		levels, _ := sum(by)
		whole, n := sum(one)
		lines, _ := sum(line)
		if n > 1 || levels-whole > 2 || whole-levels > 2 {
			t.Fatalf("by level %d, as one %d in %d lines", levels, whole, n)
		}
		if most := order.Amount(2*(len(in)+1) + 2); levels-lines > most || lines-levels > most {
			t.Fatalf("by order %d, by line %d", levels, lines)
		}
	})
}

// BenchmarkTaxLines is what a callback of a US shop pays for its tax.
func BenchmarkTaxLines(b *testing.B) {
	table := usTable(b, usShop)
	for _, n := range []int{3, 50} {
		in := []order.Line{off(500)}
		for i := range n {
			in = append(in, piece(order.Amount(1000+i), []string{"clothing", "grocery", "x"}[i%3]))
		}
		q := query("US-NY 10001", today(b), "USD", in...)
		b.Run(fmt.Sprint(n, " lines"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := table.TaxLines(context.Background(), q, paidFor(900)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRateFile loads as many rows as there are ZIPs in use.
func BenchmarkRateFile(b *testing.B) {
	var csv strings.Builder
	csv.WriteString("state,zip_from,zip_to,state_rate,county_rate,city_rate,special_rate,from\n")
	for zip := range 41_000 {
		fmt.Fprintf(&csv, "US-TX,%05d,%05d,6.25,%d,%d.5,0.375,2024-01-01\n", 2*zip, 2*zip+1, zip%3, zip%5)
	}
	files := map[string]string{"rates.csv": csv.String()}
	b.ReportAllocs()
	for b.Loop() {
		if table, r := load(texas+"rate_files: [rates.csv]\n", files); table == nil {
			b.Fatal(brief(r))
		}
	}
}
