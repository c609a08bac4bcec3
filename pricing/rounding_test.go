package pricing_test

import (
	"errors"
	"math"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestRoundingApply(t *testing.T) {
	t.Parallel()
	const half, up, down = pricing.RoundHalfUp, pricing.RoundUp, pricing.RoundDown
	tests := []struct {
		name string
		r    pricing.Rounding
		in   order.Amount
		want order.Amount
		err  error
	}{
		{"none", pricing.Rounding{Mode: up}, 4901, 4901, nil},
		{"a multiple stays", pricing.Rounding{To: 100, Mode: up}, 4900, 4900, nil},
		{"up", pricing.Rounding{To: 100, Mode: up}, 4901, 5000, nil},
		{"down", pricing.Rounding{To: 100, Mode: down}, 4999, 4900, nil},
		{"below the half", pricing.Rounding{To: 100, Mode: half}, 4949, 4900, nil},
		{"half", pricing.Rounding{To: 100, Mode: half}, 4850, 4900, nil},
		{"half of an odd step", pricing.Rounding{To: 5, Mode: half}, 13, 15, nil},
		{"negative up", pricing.Rounding{To: 100, Mode: up}, -120, -100, nil},
		{"negative down", pricing.Rounding{To: 100, Mode: down}, -120, -200, nil},
		{"negative half away", pricing.Rounding{To: 100, Mode: half}, -150, -200, nil},
		{"over the top", pricing.Rounding{To: 100, Mode: up}, math.MaxInt64, 0, pricing.ErrOverflow},
		{"negative step", pricing.Rounding{To: -1}, 5, 0, pricing.ErrNegative},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.r.Apply(tt.in)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %d, %v; want %d, %v", got, err, tt.want, tt.err)
			}
		})
	}
	if _, err := (pricing.Rounding{To: 100, Mode: 9}).Apply(1); err == nil {
		t.Error("an unknown mode passes")
	}
}
