package pricing

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/kvitto/kvitto/order"
)

// ErrOverflow is a sum outside int64 or outside what the contract allows.
var ErrOverflow = errors.New("amount out of range")

// ErrDivision is a division by zero: a share of nothing, a rounding to multiples of nothing.
var ErrDivision = errors.New("division by zero")

// ErrNegative is an amount below zero where the contract allows none: the order's sum, its tax, a freight price.
var ErrNegative = errors.New("amount below zero")

// Add returns a + b, or ErrOverflow.
func Add(a, b order.Amount) (order.Amount, error) {
	s := a + b
	if (a > 0 && b > 0 && s <= 0) || (a < 0 && b < 0 && s >= 0) {
		return 0, fmt.Errorf("%d + %d: %w", a, b, ErrOverflow)
	}
	return s, nil
}

// Sub returns a - b, or ErrOverflow.
func Sub(a, b order.Amount) (order.Amount, error) {
	d := a - b
	if (b < 0 && d < a) || (b > 0 && d > a) {
		return 0, fmt.Errorf("%d - %d: %w", a, b, ErrOverflow)
	}
	return d, nil
}

// Mul returns a * n, or ErrOverflow.
func Mul(a order.Amount, n int64) (order.Amount, error) {
	hi, lo := bits.Mul64(magnitude(int64(a)), magnitude(n))
	v, ok := signed(lo, (a < 0) != (n < 0))
	if hi != 0 || !ok {
		return 0, fmt.Errorf("%d * %d: %w", a, n, ErrOverflow)
	}
	return order.Amount(v), nil
}

// MulDiv returns a * num / den to the nearest integer, halves away from zero (2.5 is 3, -2.5 is -3). The
// product has 128 bits, so only the result can overflow. It returns ErrOverflow or ErrDivision.
func MulDiv(a order.Amount, num, den int64) (order.Amount, error) {
	if den == 0 {
		return 0, fmt.Errorf("%d * %d / 0: %w", a, num, ErrDivision)
	}
	q, r, ok := mulDiv(magnitude(int64(a)), magnitude(num), magnitude(den))
	if ok && r >= magnitude(den)-r { // 2r >= den, without the doubling
		q++
		ok = q != 0
	}
	v, fits := signed(q, ((a < 0) != (num < 0)) != (den < 0))
	if !ok || !fits {
		return 0, fmt.Errorf("%d * %d / %d: %w", a, num, den, ErrOverflow)
	}
	return order.Amount(v), nil
}

// mulDiv returns quotient and remainder of a * num / den; false where the quotient needs more than 64 bits.
func mulDiv(a, num, den uint64) (q, r uint64, ok bool) {
	hi, lo := bits.Mul64(a, num)
	if hi >= den {
		return 0, 0, false
	}
	q, r = bits.Div64(hi, lo, den)
	return q, r, true
}

// magnitude is |v|, also for the smallest int64.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// signed puts the sign back; false where the value does not fit.
func signed(m uint64, negative bool) (int64, bool) {
	if negative {
		return -int64(m), m <= 1<<63
	}
	return int64(m), m <= math.MaxInt64
}

// inRange returns ErrOverflow for an amount that no line may carry.
func inRange(a order.Amount) error {
	if a > order.MaxLineAmount || a < -order.MaxLineAmount {
		return fmt.Errorf("%d exceeds %d: %w", a, order.MaxLineAmount, ErrOverflow)
	}
	return nil
}
