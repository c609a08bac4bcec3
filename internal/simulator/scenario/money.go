package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// exponent is the number of decimals of a currency, 2 where it is unknown.
func exponent(currency string) int {
	if n, ok := order.CurrencyExponent(order.Upper(currency)); ok {
		return n
	}
	return 2
}

// minorUnits reads an amount such as 49.00; ok is false where it has more decimals than the currency.
func minorUnits(text, currency string) (order.Amount, bool) {
	whole, decimals, _ := strings.Cut(text, ".")
	n := exponent(currency)
	if len(decimals) > n {
		return 0, false
	}
	v, err := strconv.ParseInt(whole+decimals+strings.Repeat("0", n-len(decimals)), 10, 64)
	return order.Amount(v), err == nil
}

// money writes an amount in minor units with its currency.
func money(a order.Amount, currency string) string {
	n := exponent(currency)
	sign, v := "", uint64(a)
	if a < 0 {
		sign, v = "-", -v
	}
	digits := fmt.Sprintf("%0*d", n+1, v)
	if n > 0 {
		digits = digits[:len(digits)-n] + "." + digits[len(digits)-n:]
	}
	return sign + digits + " " + currency
}

// percent writes basis points.
func percent(r order.Rate) string {
	s := fmt.Sprintf("%d.%02d", r/100, r%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}
