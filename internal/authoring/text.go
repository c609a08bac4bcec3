package authoring

import (
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

// Money writes an amount with its currency: "49.00 SEK".
func Money(a order.Amount, currency string) string {
	return table.Money{Amount: a, Currency: table.Currency(currency)}.String()
}

// Major writes an amount without its currency: "49.00".
func Major(a order.Amount, currency string) string {
	return strings.TrimSuffix(Money(a, currency), " "+currency)
}

// Count writes a number with spaces between its thousands: "10 000".
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + " " + digits[i:]
	}
	return sign + digits
}

// Plural writes a number and what it counts.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(int64(n)) + " " + many
}
