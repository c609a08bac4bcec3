package shipping_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// TestWithoutTax leaves rounding to those who add the tax.
func TestWithoutTax(t *testing.T) {
	t.Parallel()
	yaml := shopHead + "prices: exclude tax\noptions:\n  - {id: a, name: A, price: [8.10, 8.10 EUR], round: {to: 1.00, mode: up}}\n"
	table := load(t, yaml)
	got := offer(t, table, ask{}).Options[0]
	if !got.ExclTax || got.Price != 810 || got.Round != (pricing.Rounding{To: 100, Mode: pricing.RoundUp}) {
		t.Errorf("got %+v", got)
	}
	got = offer(t, table, ask{currency: "EUR"}).Options[0]
	if got.Price != 810 || got.Round != (pricing.Rounding{}) {
		t.Errorf("EUR: got %+v", got)
	}
}

// TestOverflow is an error that names the option, never a wrong price.
func TestOverflow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, keys string
		items      []item
	}{
		{"more than a line can carry", "price: 1000000.00\nsurcharges: [{add: 0.01}]", nil},
		{"pieces", "price: 900000.00\nprice_per: item", []item{{n: math.MaxInt32, price: 1}}},
		{"steps", "price: 1.00\nsurcharges: [{each: 1 item, add: 900000.00}]", []item{{n: math.MaxInt32, price: 1}}},
		{"a share", "price: 100% of goods", []item{{n: 1000, price: 100_000_000}}},
	}
	for _, tt := range tests {
		_, err := load(t, oneOption(tt.keys)).Offer(t.Context(), ask{items: tt.items}.query(t))
		if !errors.Is(err, pricing.ErrOverflow) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := nordic(t).Offer(ctx, ask{}.query(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestConcurrent asks many at once; nobody sees another's cart.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	table := nordic(t)
	asks := []ask{{}, {to: "SE 621 57"}, {to: "DK 3700", currency: "DKK"}, {items: []item{{grams: 30000, price: 1, tags: "bulky"}}}, {to: "SE"}}
	var wg sync.WaitGroup
	for i := range 8 {
		a := asks[i%len(asks)]
		want, q := offer(t, table, a), a.query(t)
		wg.Go(func() {
			for range 50 {
				got, err := table.Offer(context.Background(), q)
				if err != nil || !cmp.Equal(want, got) {
					t.Errorf("%+v: %v\n%s", a, err, cmp.Diff(want, got))
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestAllocations: what an answer needs is its list of options and their details, nothing per condition or row.
func TestAllocations(t *testing.T) {
	if raceOn {
		t.Skip("sync.Pool forgets at random under the race detector")
	}
	table := load(t, oneOption("to: sweden\nwhen: {max_weight: 20 kg, no_class: bulky}\nunless: [{class: fragile}, {to: gotland}]\n"+
		"price:\n  table: |\n    max_weight | mainland | denmark DKK\n    1 kg | 1.00 | 2.00\n    5 kg | 3.00 | 4.00\n"+
		"price_per: class\nsurcharges: [{to: gotland, add: 1.00}, {over: 1 kg, each: 1 kg, add: 1.00}]\nmin_price: 1.00\nfree_from: 900.00\nround: {to: 1.00}\ncarrier: X"))
	q := ask{}.query(t)
	ctx := context.Background()
	got := testing.AllocsPerRun(100, func() {
		if out, err := table.Offer(ctx, q); err != nil || len(out.Options) != 1 {
			t.Fatal(err, len(out.Options))
		}
	})
	if got > 1 {
		t.Errorf("got %v allocations, want the list of options only", got)
	}
}

// TestTiers finds the same row by halving as by looking at each.
func TestTiers(t *testing.T) {
	t.Parallel()
	table := load(t, oneOption("price:\n  table: |\n    max_weight | price\n    1 kg | 1.00\n    2 kg | 2.00 EUR\n    2 kg | 2.00\n    5 kg | -\n    10 kg | 10.00\n    10 kg | 10.00 EUR\n    any | 20.00\n"))
	tiers := []struct {
		upTo     int64
		sek, eur string
	}{{1000, "a 100", "a 200"}, {2000, "a 200", "a 200"}, {5000, "-", "-"}, {10000, "a 1000", "a 1000"}, {math.MaxInt64, "a 2000", "-"}}
	rapid.Check(t, func(rt *rapid.T) {
		grams := rapid.Int64Range(1, 12000).Draw(rt, "grams")
		for _, tier := range tiers {
			if grams > tier.upTo {
				continue
			}
			sek := short(offer(t, table, ask{items: []item{{grams: grams, price: 1}}}))
			eur := short(offer(t, table, ask{items: []item{{grams: grams, price: 1}}, currency: "EUR"}))
			if sek != tier.sek || eur != tier.eur {
				rt.Fatalf("%d g: got %s and %s, want %s and %s", grams, sek, eur, tier.sek, tier.eur)
			}
			return
		}
	})
}

// TestOrderOfLines does not matter to a price.
func TestOrderOfLines(t *testing.T) {
	t.Parallel()
	table := load(t, oneOption("price: [{class: bulky, price: 100.00}, {price: 30.00}]\nprice_per: class\nsurcharges: [{over: 2 kg, each: 500 g, add: 3.00}]"))
	rapid.Check(t, func(rt *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) item {
			return item{n: rapid.Int64Range(1, 5).Draw(rt, "n"), grams: rapid.Int64Range(0, 3000).Draw(rt, "grams"),
				price: order.Amount(rapid.Int64Range(0, 1000).Draw(rt, "price")), tags: rapid.SampledFrom([]string{"", "bulky", "letter"}).Draw(rt, "tag")}
		}), 1, 6).Draw(rt, "items")
		mixed := rapid.Permutation(items).Draw(rt, "mixed")
		if a, b := short(offer(t, table, ask{items: items})), short(offer(t, table, ask{items: mixed})); a != b {
			rt.Fatalf("%s and %s", a, b)
		}
	})
}
