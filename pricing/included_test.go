package pricing_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestTaxWithin(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name             string
		gross            order.Amount
		rate             order.Rate
		tax, net, regain order.Amount
	}{
		{"the provider's own example", 50000, 1000, 4545, 45455, 50001},
		{"25 percent", 4900, 2500, 980, 3920, 4900},
		{"6 percent", 1950, 600, 110, 1840, 1950},
		{"zero rate", 4900, 0, 0, 4900, 4900},
		{"100 percent, a half", 5, 10000, 3, 3, 6},
		{"negative", -4900, 2500, -980, -3920, -4900},
		{"negative half", -5, 10000, -3, -3, -6},
		{"nothing", 0, 2500, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tax, err1 := pricing.TaxWithin(tt.gross, tt.rate)
			net, err2 := pricing.NetOf(tt.gross, tt.rate)
			regain, err3 := pricing.GrossOf(net, tt.rate)
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			if tax != tt.tax || net != tt.net || regain != tt.regain {
				t.Errorf("tax %d net %d regain %d; want %d %d %d", tax, net, regain, tt.tax, tt.net, tt.regain)
			}
		})
	}
}

// TestTaxWithinHalf is the witness of the two readings of the contract's formula: 14 at 12 % holds 1.5. The tax
// is rounded (2); taking it as gross less rounded net gives 1.
func TestTaxWithinHalf(t *testing.T) {
	t.Parallel()
	tax, err := pricing.TaxWithin(14, 1200)
	if err != nil || tax != 2 {
		t.Errorf("tax = %d, %v; want 2", tax, err)
	}
	net, err := pricing.NetOf(14, 1200)
	if err != nil || 14-net != 1 {
		t.Errorf("14 - net = %d, %v; want 1", 14-net, err)
	}
}

func TestRateOutOfRange(t *testing.T) {
	t.Parallel()
	for _, rate := range []order.Rate{-1, 10001} {
		for name, f := range map[string]func(order.Amount, order.Rate) (order.Amount, error){
			"within": pricing.TaxWithin, "net": pricing.NetOf, "gross": pricing.GrossOf,
		} {
			if _, err := f(100, rate); !errors.Is(err, pricing.ErrRate) {
				t.Errorf("%s at %d: %v; want ErrRate", name, rate, err)
			}
		}
	}
}

func TestIncludedTaxProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gross := order.Amount(rapid.Int64Range(-100_000_000, 100_000_000).Draw(t, "gross"))
		rate := order.Rate(rapid.Int64Range(0, 10_000).Draw(t, "rate"))
		tax, err1 := pricing.TaxWithin(gross, rate)
		net, err2 := pricing.NetOf(gross, rate)
		back, err3 := pricing.GrossOf(net, rate)
		mirror, err4 := pricing.TaxWithin(-gross, rate)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		if d := 2 * (int64(tax)*(10_000+int64(rate)) - int64(gross)*int64(rate)); max(d, -d) > 10_000+int64(rate) {
			t.Errorf("tax %d is not the nearest unit", tax)
		}
		if d := net + tax - gross; d < -1 || d > 1 {
			t.Errorf("net %d + tax %d is not gross %d within one unit", net, tax, gross)
		}
		if d := back - gross; d < -1 || d > 1 {
			t.Errorf("tax off and on again: %d is not %d within one unit", back, gross)
		}
		if mirror != -tax {
			t.Errorf("tax of -gross is %d; want %d", mirror, -tax)
		}
	})
}
