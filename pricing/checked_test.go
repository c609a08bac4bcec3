package pricing_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestCheckedEdges(t *testing.T) {
	t.Parallel()
	const top, bottom = order.Amount(math.MaxInt64), order.Amount(math.MinInt64)
	tests := []struct {
		name string
		do   func() (order.Amount, error)
		want order.Amount
		err  error
	}{
		{"add to the top", func() (order.Amount, error) { return pricing.Add(top-1, 1) }, top, nil},
		{"add over the top", func() (order.Amount, error) { return pricing.Add(top, 1) }, 0, pricing.ErrOverflow},
		{"add under the bottom", func() (order.Amount, error) { return pricing.Add(bottom, -1) }, 0, pricing.ErrOverflow},
		{"add bottom twice", func() (order.Amount, error) { return pricing.Add(bottom, bottom) }, 0, pricing.ErrOverflow},
		{"sub bottom", func() (order.Amount, error) { return pricing.Sub(0, bottom) }, 0, pricing.ErrOverflow},
		{"sub bottom from -1", func() (order.Amount, error) { return pricing.Sub(-1, bottom) }, top, nil},
		{"mul to the bottom", func() (order.Amount, error) { return pricing.Mul(bottom, 1) }, bottom, nil},
		{"mul bottom by -1", func() (order.Amount, error) { return pricing.Mul(bottom, -1) }, 0, pricing.ErrOverflow},
		{"mul that wraps to a small number", func() (order.Amount, error) { return pricing.Mul(1<<32, 1<<32) }, 0, pricing.ErrOverflow},
		{"muldiv through 128 bits", func() (order.Amount, error) { return pricing.MulDiv(top, 10_000, 10_000) }, top, nil},
		{"muldiv result too large", func() (order.Amount, error) { return pricing.MulDiv(top, 3, 2) }, 0, pricing.ErrOverflow},
		{"muldiv to the bottom", func() (order.Amount, error) { return pricing.MulDiv(top, -1, 1) }, -top, nil},
		{"muldiv by bottom", func() (order.Amount, error) { return pricing.MulDiv(bottom, 1, math.MinInt64) }, 1, nil},
		{"muldiv by zero", func() (order.Amount, error) { return pricing.MulDiv(0, 0, 0) }, 0, pricing.ErrDivision},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.do()
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %d, %v; want %d, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// TestHalfAway is the witness of the rounding: half to even would give 2, 4, -2, -4, half up -2, -3.
func TestHalfAway(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ a, num, den, want int64 }{
		{5, 1, 2, 3}, {7, 1, 2, 4}, {9, 1, 2, 5}, {-5, 1, 2, -3}, {5, -1, 2, -3}, {5, 1, -2, -3}, {-5, -1, 2, 3},
		{4, 1, 3, 1}, {5, 1, 3, 2}, {-4, 1, 3, -1}, {-5, 1, 3, -2}, {0, 1, 3, 0},
	} {
		got, err := pricing.MulDiv(order.Amount(tt.a), tt.num, tt.den)
		if err != nil || int64(got) != tt.want {
			t.Errorf("%d * %d / %d = %d, %v; want %d", tt.a, tt.num, tt.den, got, err, tt.want)
		}
	}
}

// TestCheckedAgainstBig compares every operation with big integers over the whole of int64.
func TestCheckedAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		x, y := big.NewInt(a), big.NewInt(b)
		same := func(name string, got order.Amount, err error, want *big.Int) {
			if want.IsInt64() != (err == nil) || (err == nil && int64(got) != want.Int64()) {
				t.Fatalf("%s: got %d, %v; want %s", name, got, err, want)
			}
		}
		sum, err := pricing.Add(order.Amount(a), order.Amount(b))
		same("add", sum, err, new(big.Int).Add(x, y))
		diff, err := pricing.Sub(order.Amount(a), order.Amount(b))
		same("sub", diff, err, new(big.Int).Sub(x, y))
		product, err := pricing.Mul(order.Amount(a), b)
		same("mul", product, err, new(big.Int).Mul(x, y))
		den := rapid.Int64().Filter(func(v int64) bool { return v != 0 }).Draw(t, "den")
		q, err := pricing.MulDiv(order.Amount(a), b, den)
		same("muldiv", q, err, halfAway(new(big.Int).Mul(x, y), big.NewInt(den)))
	})
}

// halfAway is num/den to the nearest integer, halves away from zero, by another road: sign and (2|n|+|d|)/2|d|.
func halfAway(num, den *big.Int) *big.Int {
	sign := int64(num.Sign() * den.Sign())
	n, d := new(big.Int).Abs(num), new(big.Int).Abs(den)
	n.Lsh(n, 1).Add(n, d)
	n.Div(n, d.Lsh(d, 1))
	return n.Mul(n, big.NewInt(sign))
}
