package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
)

// thin is a narrow space at which no line breaks.
const thin = "\u202f"

// money writes an amount in major units with the currency's decimals, such as 8 990.00; the amount itself where the currency
// is none. Thousands are set apart by a narrow space, a minus is one.
func money(a order.Amount, currency string) string {
	exponent, ok := order.CurrencyExponent(order.Upper(currency))
	sign, n := "", uint64(a)
	if a < 0 {
		sign, n = "−", -n
	}
	if !ok {
		return sign + grouped(strconv.FormatUint(n, 10))
	}
	digits := fmt.Sprintf("%0*d", exponent+1, n)
	whole, decimals := digits[:len(digits)-exponent], digits[len(digits)-exponent:]
	if decimals != "" {
		decimals = "." + decimals
	}
	return sign + grouped(whole) + decimals
}

// price is money with its currency.
func price(a order.Amount, currency string) string {
	if _, ok := order.CurrencyExponent(order.Upper(currency)); !ok {
		return money(a, currency) + " minor units"
	}
	return money(a, currency) + "\u00a0" + order.Upper(currency)
}

// grouped sets thousands apart.
func grouped(digits string) string {
	var b strings.Builder
	for i, c := range []byte(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(thin)
		}
		b.WriteByte(c)
	}
	return b.String()
}

// percent writes a rate, such as 25 % or 8.25 %.
func percent(r order.Rate) string {
	whole, rest := r/100, r%100
	text := strconv.FormatInt(int64(whole), 10)
	if rest != 0 {
		text += strings.TrimRight(fmt.Sprintf(".%02d", max(rest, -rest)), "0")
	}
	return text + "\u00a0%"
}

// took writes a duration as people read it: 12 ms, 1.4 s, 3 min.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return strconv.FormatFloat(d.Seconds()*1000, 'f', 1, 64) + "\u00a0ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + "\u00a0ms"
	case d < time.Minute:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + "\u00a0s"
	case d < time.Hour:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "\u00a0min"
	}
	h, m := int64(d/time.Hour), int64(d%time.Hour/time.Minute)
	if m == 0 {
		return strconv.FormatInt(h, 10) + "\u00a0h"
	}
	return fmt.Sprintf("%d\u00a0h %d\u00a0min", h, m)
}
