package importer

import (
	"math/big"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// maxValue bounds what is read: amounts in minor units, grams, pieces.
const maxValue = int64(1e15)

// number reads a decimal number without sign: "12", "12.5", ".5", "12."; ok is false for anything else.
func number(text string) (*big.Rat, bool) {
	whole, frac, _ := strings.Cut(text, ".")
	if len(whole)+len(frac) == 0 || len(whole) > 15 || len(frac) > 12 || !digits(whole) || !digits(frac) {
		return nil, false
	}
	return new(big.Rat).SetString("0" + whole + "." + frac + "0")
}

// digits reports whether there are only digits; an empty text has only digits.
func digits(text string) bool {
	return strings.Trim(text, "0123456789") == ""
}

// times multiplies; the arguments stay as they are.
func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

// whole returns a number that has no fraction.
func whole(x *big.Rat) (int64, bool) {
	if !x.IsInt() || !x.Num().IsInt64() || x.Num().Int64() > maxValue {
		return 0, false
	}
	return x.Num().Int64(), true
}

// floor and ceil return the nearest whole numbers, at most maxValue; x is not negative.
func floor(x *big.Rat) int64 {
	q := new(big.Int).Quo(x.Num(), x.Denom())
	if !q.IsInt64() || q.Int64() > maxValue {
		return maxValue
	}
	return q.Int64()
}

func ceil(x *big.Rat) int64 {
	n := floor(x)
	if x.IsInt() || n == maxValue {
		return n
	}
	return n + 1
}

// gramsPer returns how many grams a unit is, nil where it is not known.
func gramsPer(unit string) *big.Rat {
	switch strings.ToLower(unit) {
	case "kg", "kgs":
		return big.NewRat(1000, 1)
	case "g":
		return big.NewRat(1, 1)
	case "lb", "lbs":
		return big.NewRat(45359237, 100000)
	case "oz":
		return big.NewRat(45359237, 1600000)
	default:
		return nil
	}
}

// minorDigits returns how many decimals a currency has; ok is false where it is not one.
func minorDigits(code string) (digits int, ok bool) { return order.CurrencyExponent(code) }

// minorPer returns how many minor units a major unit has.
func minorPer(code string) *big.Rat {
	n := int64(1)
	for range decimals(code) {
		n *= 10
	}
	return big.NewRat(n, 1)
}

// decimals are those of a currency that is known.
func decimals(code string) int {
	n, _ := minorDigits(code)
	return n
}
