package tax_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// address is a way to write one place, with the entries of destinations that can mean it, most specific first, and the
// rate of the place at 2026-11-24 where it is charged; -1: outside the VAT area.
type address struct {
	to      string
	entries []string
	rate    int
}

func addresses() []address {
	return []address{
		{"SE 11351", []string{"SE", "EU", "*"}, 2500},
		{"FI", []string{"FI", "EU", "*"}, 2550},
		{"FI 22100", []string{"FI", "EU", "*"}, -1},
		{"AX", []string{"AX", "FI", "EU", "*"}, -1},
		{"PT 9000-001", []string{"PT", "EU", "*"}, 2200},
		{"PT 9500-001", []string{"PT", "EU", "*"}, 1600},
		{"GB SW1A 1AA", []string{"GB", "*"}, 2000},
		{"GB-SCT EH1 1AA", []string{"GB-SCT", "GB", "*"}, 2000},
		{"GB BT1 1AA", []string{"XI", "GB", "EU", "*"}, 2000},
		{"XI", []string{"XI", "GB", "EU", "*"}, 2000},
		{"MC", []string{"MC", "FR", "EU", "*"}, 2000},
		{"FR 98000", []string{"MC", "FR", "EU", "*"}, 2000},
		{"NO 0150", []string{"NO", "*"}, 2500},
		{"NO 9170", []string{"NO", "*"}, -1},
		{"SJ", []string{"SJ", "NO", "*"}, -1},
		{"CH 8238", []string{"CH", "DE", "EU", "*"}, -1},
		{"CH 8000", []string{"CH", "*"}, 810},
		{"JP", []string{"JP", "*"}, 0},
	}
}

// noon is an instant of 2026-11-24.
func noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// TestMostSpecificWins writes destinations in any order and compares with the first entry that names the address.
func TestMostSpecificWins(t *testing.T) {
	t.Parallel()
	keys := []string{"SE", "FI", "AX", "PT", "GB", "GB-SCT", "XI", "MC", "FR", "NO", "SJ", "CH", "DE", "EU", "*"}
	rapid.Check(t, func(t *rapid.T) {
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 1, len(keys), rapid.ID).Draw(t, "keys")
		means, text := map[string]string{}, header+"destinations:\n"
		for _, key := range chosen {
			words := []string{"charge", "home_rate", "none"}
			if key == "*" {
				words = words[1:]
			}
			means[key] = rapid.SampledFrom(words).Draw(t, "regime")
			text += fmt.Sprintf("  %q: %s\n", key, means[key])
		}
		table, r := load(text, nil)
		if table == nil {
			t.Fatalf("%s\n%s", brief(r), text)
		}
		for _, a := range addresses() {
			want := "unsupported_shipping_address"
			if i := slices.IndexFunc(a.entries, func(e string) bool { return means[e] != "" }); i >= 0 {
				want = "0"
				switch means[a.entries[i]] {
				case "charge":
					want = fmt.Sprint(max(a.rate, 0))
				case "home_rate":
					if a.rate >= 0 {
						want = "2500"
					}
				}
			}
			if got := rates(t, table, query(a.to, noon(), "EUR", goods(1))); got != want {
				t.Fatalf("%s: got %s, want %s\n%s", a.to, got, want, text)
			}
		}
	})
}

// TestKeepHolds moves lines by the table's rates: with keep gross no price changes, with keep net no price without tax does
// by more than the rounding of its pieces.
func TestKeepHolds(t *testing.T) {
	t.Parallel()
	for _, keep := range []string{"gross", "net"} {
		table := sound(t, header+"keep: "+keep+"\ndestinations: {EU: charge, '*': none}\nrates: {SE: {food: reduced_2}, FI: {food: reduced_1}}\n")
		rapid.Check(t, func(t *rapid.T) {
			to := rapid.SampledFrom([]string{"SE", "FI", "FI 22100", "DE", "US"}).Draw(t, "to")
			line := goods(order.Amount(rapid.IntRange(1, 1_000_000).Draw(t, "price")), rapid.SampledFrom([]string{"food", "other"}).Draw(t, "tag"))
			var err error
			if line.TotalTaxAmount, err = pricing.TaxWithin(line.TotalAmount, line.TaxRate); err != nil {
				t.Fatal(err)
			}
			q := query(to, noon(), "EUR", line)
			g, err := table.Goods(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			out, err := pricing.Rerate(q.Lines, g.Rates, g.Keep)
			if err != nil {
				t.Fatal(err)
			}
			if out[0].TaxRate != g.Rates[0].Rate {
				t.Fatalf("got rate %d, want %d", out[0].TaxRate, g.Rates[0].Rate)
			}
			net := func(l *order.Line) order.Amount { return l.TotalAmount - l.TotalTaxAmount }
			if drift := net(&out[0]) - net(&line); keep == "net" && (drift < -1 || drift > 1) {
				t.Fatalf("%s: net %d became %d", to, net(&line), net(&out[0]))
			}
			if keep == "gross" && out[0].TotalAmount != line.TotalAmount {
				t.Fatalf("%s: gross %d became %d", to, line.TotalAmount, out[0].TotalAmount)
			}
		})
	}
}

// TestOrderOfKeysDecidesNothing shuffles every map of a file.
func TestOrderOfKeysDecidesNothing(t *testing.T) {
	t.Parallel()
	shuffled := func(t *rapid.T, entries ...string) string {
		return "{" + strings.Join(rapid.Permutation(entries).Draw(t, "entries"), ", ") + "}"
	}
	rapid.Check(t, func(t *rapid.T) {
		table, r := load(header+
			"destinations: "+shuffled(t, "SE: charge", "EU: none", "FI: charge", "'*': none", "FI-01: none", "NO: home_rate")+"\n"+
			"rates: "+shuffled(t, "SE: "+shuffled(t, "food: reduced_2", "books: "+shuffled(t, "2024-01-01: 6%", "2025-01-01: 7%")), "FI: {books: 1%}")+"\n"+
			"areas: "+shuffled(t, "fi-aland: {books: 2%}", "no-svalbard: {standard: 3%}")+"\n"+
			"shipping_tax: "+shuffled(t, "SE: books", "EU: none", "'*': split")+"\n", nil)
		if table == nil {
			t.Fatal(brief(r))
		}
		for to, want := range map[string]string{"SE": "600 700 2500", "FI": "2550 100 2550", "FI-01": "0 0 0", "FI 22100": "2550 200 2550", "DE": "0 0 0",
			"NO": "600 700 2500", "NO 9170": "600 700 2500", "JP": "0 0 0"} {
			if got := rates(t, table, query(to, noon(), "EUR", goods(1, "food"), goods(1, "book"), goods(1))); got != want {
				t.Fatalf("%s: got %s, want %s", to, got, want)
			}
		}
		if f, err := table.Freight(context.Background(), query("SE", noon(), "SEK", goods(1)), ""); err != nil || f.Rate != 700 {
			t.Fatalf("got %+v %v", f, err)
		}
	})
}
