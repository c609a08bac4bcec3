package cmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// parseMajor reads an amount in major units of a currency, such as 199.00, and returns minor units. It takes digits with at
// most the currency's decimals behind a point, and nothing else: no sign, no separator of thousands.
func parseMajor(text, currency string) (order.Amount, error) {
	exponent, ok := order.CurrencyExponent(order.Upper(currency))
	if !ok {
		return 0, fmt.Errorf("the order's currency %q is none that has decimals to go by", currency)
	}
	whole, decimals, point := strings.Cut(text, ".")
	digits := whole + decimals
	switch {
	case whole == "" || point && decimals == "" || strings.Trim(digits, "0123456789") != "":
		return 0, fmt.Errorf("the amount %q: want digits and a point, such as %s", text, majorUnits(19900, currency))
	case len(decimals) > exponent:
		return 0, fmt.Errorf("the amount %q has %d decimals; %s has %d", text, len(decimals), order.Upper(currency), exponent)
	}
	n, err := strconv.ParseInt(digits+strings.Repeat("0", exponent-len(decimals)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the amount %q is too large", text)
	}
	return order.Amount(n), nil
}

// majorUnits writes an amount in major units with its currency; minor units where the currency is unknown.
func majorUnits(a order.Amount, currency string) string {
	code := order.Upper(currency)
	exponent, ok := order.CurrencyExponent(code)
	if !ok {
		return strconv.FormatInt(int64(a), 10) + " minor units of " + code
	}
	sign, n := "", uint64(a)
	if a < 0 {
		sign, n = "-", -n
	}
	digits := fmt.Sprintf("%0*d", exponent+1, n)
	if exponent == 0 {
		return sign + digits + " " + code
	}
	return sign + digits[:len(digits)-exponent] + "." + digits[len(digits)-exponent:] + " " + code
}
