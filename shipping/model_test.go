package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
)

// recipe is what an option's price is made of, in whole kronor where nothing else is said.
type recipe struct {
	base, island, step, low, high, free, to int64
	keep                                    bool
	mode                                    string
}

func recipes(rt *rapid.T) recipe {
	low := rapid.Int64Range(0, 80).Draw(rt, "low")
	return recipe{
		base: rapid.Int64Range(0, 200).Draw(rt, "base"), island: rapid.Int64Range(0, 50).Draw(rt, "island"),
		step: rapid.Int64Range(0, 9).Draw(rt, "step"), low: low, high: low + rapid.Int64Range(0, 200).Draw(rt, "high"),
		free: rapid.Int64Range(1, 600).Draw(rt, "free"), to: rapid.Int64Range(1, 25).Draw(rt, "to"),
		keep: rapid.Bool().Draw(rt, "keep"), mode: rapid.SampledFrom([]string{"up", "down", "nearest"}).Draw(rt, "mode"),
	}
}

func (r recipe) yaml() string {
	keep := "no"
	if r.keep {
		keep = "yes"
	}
	return oneOption(fmt.Sprintf("price: %d\nsurcharges:\n  - {to: gotland, add: %d}\n  - {over: 2 kg, each: 500 g, add: %d}\nmin_price: %d\nmax_price: %d\n"+
		"free_from: {total: %d, keep_surcharges: %s}\nround: {to: %d, mode: %s}", r.base, r.island, r.step, r.low, r.high, r.free, keep, r.to, r.mode))
}

// price is the same by a plain model: the steps of rule-format 5.5, one after the other, in öre.
func (r recipe) price(onIsland bool, grams int64, total order.Amount) int64 {
	extra := int64(0)
	if onIsland {
		extra = r.island * 100
	}
	for have := grams - 2000; have > 0; have -= 500 {
		extra += r.step * 100
	}
	sum := min(max(r.base*100+extra, r.low*100), r.high*100)
	if total >= order.Amount(r.free*100) {
		sum = min(extra, sum)
		if !r.keep {
			sum = 0
		}
	}
	unit := r.to * 100
	switch down := sum / unit * unit; {
	case r.mode == "up" && down != sum, r.mode == "nearest" && 2*(sum-down) >= unit:
		return down + unit
	default:
		return down
	}
}

// TestModel compares prices with the plain model.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := recipes(rt)
		table := load(t, r.yaml())
		for range 8 {
			grams := rapid.Int64Range(1, 6000).Draw(rt, "grams")
			total := order.Amount(rapid.Int64Range(0, 80000).Draw(rt, "total"))
			island := rapid.Bool().Draw(rt, "on the island")
			to := map[bool]string{false: "SE 113 51", true: "SE 621 57"}[island]
			got := short(offer(t, table, ask{to: to, items: []item{{grams: grams, price: total}}}))
			if want := fmt.Sprintf("a %d", r.price(island, grams, total)); got != want {
				rt.Fatalf("%d g, %d, island %v: got %s, want %s\n%s", grams, total, island, got, want, r.yaml())
			}
		}
	})
}

// TestTablesAreRows prices a random list as a table, as rows and from a file: all three agree.
func TestTablesAreRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(rt, "rows")
		var pipe, rows, csv strings.Builder
		pipe.WriteString("price:\n  table: |\n    max_weight | max_items | price\n")
		rows.WriteString("price:\n")
		csv.WriteString("max_weight,max_items,price\n")
		for range n {
			grams := rapid.IntRange(1, 5000).Draw(rt, "limit")
			items := rapid.IntRange(1, 5).Draw(rt, "items")
			price := rapid.SampledFrom([]string{"1.00", "2.50", "3.00 EUR", "-", "4.00"}).Draw(rt, "price")
			fmt.Fprintf(&pipe, "    %d g | %d | %s\n", grams, items, price)
			fmt.Fprintf(&rows, "  - {max_weight: %d g, max_items: %d, price: \"%s\"}\n", grams, items, price)
			fmt.Fprintf(&csv, "%d g,%d,%s\n", grams, items, price)
		}
		a, b := load(t, oneOption(pipe.String())), load(t, oneOption(rows.String()))
		c := load(t, oneOption("price: {csv: r.csv}"), "r.csv", csv.String())
		for range 8 {
			x := ask{items: []item{{n: rapid.Int64Range(1, 6).Draw(rt, "n"), grams: rapid.Int64Range(1, 3000).Draw(rt, "grams"), price: 1}},
				currency: rapid.SampledFrom([]string{"SEK", "EUR"}).Draw(rt, "currency")}
			pa, pb, pc := short(offer(t, a, x)), short(offer(t, b, x)), short(offer(t, c, x))
			if pa != pb || pb != pc {
				rt.Fatalf("%+v: table %s, rows %s, file %s\n%s", x, pa, pb, pc, rows.String())
			}
		}
	})
}

// TestColumnsAreRows prices by zone columns as by rows that name the zone, leftmost first.
func TestColumnsAreRows(t *testing.T) {
	t.Parallel()
	zones := []string{"gotland", "mainland", "sweden", "denmark"}
	places := []string{"SE 113 51", "SE 621 57", "DK 2100", "NO 0150"}
	rapid.Check(t, func(rt *rapid.T) {
		cols := rapid.Permutation(zones).Draw(rt, "columns")
		cols = cols[:rapid.IntRange(1, len(cols)).Draw(rt, "how many")]
		pipe := "price:\n  table: |\n    " + strings.Join(cols, " | ") + "\n    "
		rows := "price:\n"
		for i, zone := range cols {
			price := rapid.IntRange(1, 99).Draw(rt, "price")
			if i > 0 {
				pipe += " | "
			}
			pipe += fmt.Sprint(price)
			rows += fmt.Sprintf("  - {to: %s, price: %d}\n", zone, price)
		}
		a, b := load(t, oneOption(pipe)), load(t, oneOption(rows))
		for _, to := range places {
			if pa, pb := short(offer(t, a, ask{to: to})), short(offer(t, b, ask{to: to})); pa != pb {
				rt.Fatalf("%s: columns %s, rows %s\n%s", to, pa, pb, pipe)
			}
		}
	})
}
