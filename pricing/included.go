package pricing

import (
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/order"
)

// ErrRate is a tax rate outside 0 to order.MaxRate.
var ErrRate = errors.New("tax rate out of range")

// whole is 100 % in basis points.
const whole = int64(order.MaxRate)

// TaxWithin returns the tax inside a price that includes it: gross * rate / (10000 + rate), to the nearest
// minor unit, halves away from zero.
//
// The contract (section 3, rule 2) writes gross - gross*10000/(10000+rate) and allows one unit. Both readings
// give the nearest unit and differ only on an exact half (14 at 12 % holds 1.5): rounding the tax gives 2,
// rounding the net gives 1. Here the tax is what is rounded.
func TaxWithin(gross order.Amount, rate order.Rate) (order.Amount, error) {
	if err := checkRate(rate); err != nil {
		return 0, err
	}
	return MulDiv(gross, int64(rate), whole+int64(rate))
}

// NetOf returns the price without the tax inside it: gross * 10000 / (10000 + rate), halves away from zero.
// NetOf + TaxWithin is gross, or one unit from it on an exact half.
func NetOf(gross order.Amount, rate order.Rate) (order.Amount, error) {
	if err := checkRate(rate); err != nil {
		return 0, err
	}
	return MulDiv(gross, whole, whole+int64(rate))
}

// GrossOf returns the price with tax: net * (10000 + rate) / 10000, halves away from zero.
func GrossOf(net order.Amount, rate order.Rate) (order.Amount, error) {
	if err := checkRate(rate); err != nil {
		return 0, err
	}
	return MulDiv(net, whole+int64(rate), whole)
}

// taxHolds reports whether tax is within one minor unit of the unrounded tax inside gross, which is what the
// provider asks of every line and option. The rate must be valid; amounts that overflow do not hold.
func taxHolds(gross, tax order.Amount, rate order.Rate) bool {
	span := whole + int64(rate)
	a, errA := Mul(tax, span)
	b, errB := Mul(gross, int64(rate))
	d, errD := Sub(a, b)
	if errA != nil || errB != nil || errD != nil {
		return false
	}
	return int64(d) <= span && int64(d) >= -span
}

func checkRate(r order.Rate) error {
	if r < 0 || r > order.MaxRate {
		return fmt.Errorf("%d is not within 0 and %d: %w", r, order.MaxRate, ErrRate)
	}
	return nil
}
