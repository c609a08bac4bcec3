package pricing

import (
	"fmt"

	"github.com/kvitto/kvitto/order"
)

// Apply rounds an amount to a multiple of r.To. Where r.To is 0 the amount stays as it is. RoundUp and RoundDown
// go towards more and less money also below zero (-1.20 to 1.00: up -1.00, down -2.00). It returns ErrOverflow,
// or ErrNegative for a To below zero.
func (r Rounding) Apply(a order.Amount) (order.Amount, error) {
	switch {
	case r.To == 0:
		return a, nil
	case r.To < 0:
		return 0, fmt.Errorf("round to %d: %w", r.To, ErrNegative)
	case a%r.To == 0:
		return a, nil
	}
	steps, err := r.steps(a)
	if err != nil {
		return 0, err
	}
	return Mul(r.To, int64(steps))
}

// steps is a / r.To as the mode rounds it; a is not a multiple.
func (r Rounding) steps(a order.Amount) (order.Amount, error) {
	below := a / r.To
	if a < 0 {
		below--
	}
	switch r.Mode {
	case RoundHalfUp:
		return MulDiv(a, 1, int64(r.To))
	case RoundUp:
		return below + 1, nil
	case RoundDown:
		return below, nil
	default:
		return 0, fmt.Errorf("round mode %d is none of half up, up, down", r.Mode)
	}
}
