package gate

import (
	"math/big"
	"strconv"

	"github.com/kvitto/kvitto/order"
)

// lineTotal returns quantity times price less discount where that fits an int64; big numbers tell.
func lineTotal(quantity int64, price, discount order.Amount) (order.Amount, bool) {
	const small = 1 << 31
	if quantity >= 0 && quantity < small && price > -small && price < small && discount >= 0 && discount < small<<30 {
		return order.Amount(quantity)*price - discount, true
	}
	n := new(big.Int).Mul(big.NewInt(quantity), big.NewInt(int64(price)))
	n.Sub(n, big.NewInt(int64(discount)))
	return order.Amount(n.Int64()), n.IsInt64()
}

// taxHolds reports whether tax differs from the tax in gross at rate by no more than 1, that is
// |tax - gross*rate/(10000+rate)| <= 1 without rounding. The rate is 0 to 10000.
func taxHolds(tax, gross order.Amount, rate order.Rate) bool {
	const small = 1 << 45
	whole := 10_000 + int64(rate)
	if tax > -small && tax < small && gross > -small && gross < small {
		diff := int64(tax)*whole - int64(gross)*int64(rate)
		return diff >= -whole && diff <= whole
	}
	diff := new(big.Int).Mul(big.NewInt(int64(tax)), big.NewInt(whole))
	diff.Sub(diff, new(big.Int).Mul(big.NewInt(int64(gross)), big.NewInt(int64(rate))))
	return diff.CmpAbs(big.NewInt(whole)) <= 0
}

// taxRange returns the taxes for which taxHolds, as "least to most".
func taxRange(gross order.Amount, rate order.Rate) string {
	n := new(big.Int).Mul(big.NewInt(int64(gross)), big.NewInt(int64(rate)))
	whole := big.NewInt(10_000 + int64(rate))
	floor, rest := new(big.Int).DivMod(n, whole, new(big.Int))
	least, most := new(big.Int).Set(floor), new(big.Int).Add(floor, big.NewInt(1))
	if rest.Sign() == 0 {
		least.Sub(least, big.NewInt(1))
	}
	return least.String() + " to " + most.String()
}

// add returns a + b, and whether that fits.
func add(a, b order.Amount) (order.Amount, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

func digits(n order.Amount) string { return strconv.FormatInt(int64(n), 10) }
