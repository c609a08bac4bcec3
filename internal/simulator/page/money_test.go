package page_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/page"
	"github.com/kvitto/kvitto/order"
)

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		amount   order.Amount
		currency string
		want     string
		price    string
	}{
		{"whole and decimals", 72700, "SEK", "727.00", "727.00 SEK"},
		{"thousands", 899000, "SEK", "8 990.00", "8 990.00 SEK"},
		{"millions", 123456789, "EUR", "1 234 567.89", "1 234 567.89 EUR"},
		{"less than one", 5, "USD", "0.05", "0.05 USD"},
		{"nothing", 0, "USD", "0.00", "0.00 USD"},
		{"less than nothing", -20000, "SEK", "−200.00", "−200.00 SEK"},
		{"no decimals", 1500, "ISK", "1 500", "1 500 ISK"},
		{"three decimals", 1500, "KWD", "1.500", "1.500 KWD"},
		{"four decimals", 1500, "CLF", "0.1500", "0.1500 CLF"},
		{"lower case", 100, "nok", "1.00", "1.00 NOK"},
		{"no currency", 12345, "", "12 345", "12 345 minor units"},
		{"unknown currency", 12345, "XXX", "12 345", "12 345 minor units"},
		{"the least", -1 << 63, "SEK", "−92 233 720 368 547 758.08", "−92 233 720 368 547 758.08 SEK"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := plain(page.Money(c.amount, c.currency)); got != c.want {
				t.Errorf("money: got %q, want %q", got, c.want)
			}
			if got := plain(page.Price(c.amount, c.currency)); got != c.price {
				t.Errorf("price: got %q, want %q", got, c.price)
			}
		})
	}
}

// TestMoneyKeepsDigits: no digit is lost or made up.
func TestMoneyKeepsDigits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64().Draw(t, "amount")
		currency := rapid.SampledFrom([]string{"SEK", "ISK", "KWD", "CLF", "???"}).Draw(t, "currency")
		got := strings.NewReplacer("\u202f", "", ".", "", "−", "-").Replace(page.Money(order.Amount(amount), currency))
		if read, err := strconv.ParseInt(got, 10, 64); err != nil || read != amount {
			t.Fatalf("%d %s reads as %d: %v", amount, currency, read, err)
		}
	})
}

func TestPercent(t *testing.T) {
	t.Parallel()
	for rate, want := range map[order.Rate]string{2500: "25 %", 600: "6 %", 0: "0 %", 825: "8.25 %", 550: "5.5 %", 5: "0.05 %", 10000: "100 %"} {
		if got := plain(page.Percent(rate)); got != want {
			t.Errorf("%d: got %q, want %q", rate, got, want)
		}
	}
}

func TestTook(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0.0 ms", 1230 * time.Microsecond: "1.2 ms", 12 * time.Millisecond: "12 ms", 999 * time.Millisecond: "999 ms", 3 * time.Second: "3 s",
		1400 * time.Millisecond: "1.4 s", 2 * time.Minute: "2 min", 4 * time.Hour: "4 h", 90 * time.Minute: "1 h 30 min",
	} {
		if got := plain(page.Took(d)); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

// TestTaxInside: the tax of a changed line is that of contract 3.2, within half a minor unit.
func TestTaxInside(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ total, rate, want int64 }{{50000, 1000, 4545}, {37800, 600, 2140}, {34900, 2500, 6980}, {1990, 700, 130}, {0, 2500, 0}, {100, 0, 0}, {1, 10000, 1}} {
		if got := page.TaxInside(order.Amount(c.total), order.Rate(c.rate)); int64(got) != c.want {
			t.Errorf("%d at %d: got %d, want %d", c.total, c.rate, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, int64(order.MaxLineAmount)).Draw(t, "total")
		rate := rapid.Int64Range(0, 10_000).Draw(t, "rate")
		got := int64(page.TaxInside(order.Amount(total), order.Rate(rate)))
		if off := got*(10_000+rate) - total*rate; 2*off > 10_000+rate || 2*off < -(10_000+rate) {
			t.Fatalf("%d at %d: %d is not the nearest", total, rate, got)
		}
	})
}

// TestSumsComeToTheTotal: the steps of the money of every ready-made cart add up to what is to be paid.
func TestSumsComeToTheTotal(t *testing.T) {
	t.Parallel()
	for _, c := range simulator.Carts() {
		goods, discounts, freight, fees, salesTax, credit, total, ok := page.SumsOf(c.Body)
		if sum := goods + discounts + freight + fees + salesTax + credit; !ok || sum != total {
			t.Errorf("%s: the steps come to %d, the order to %d", c.Name, sum, total)
		}
	}
}
