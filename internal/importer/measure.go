package importer

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// measure is what the limits of a source count.
type measure uint8

const (
	byWeight measure = iota // grams
	byTotal                 // minor units
	byItems                 // pieces
)

// word is the part of a condition word behind min_ and max_.
func (m measure) word() string {
	switch m {
	case byTotal:
		return "total"
	case byItems:
		return "items"
	default:
		return "weight"
	}
}

// scale is how many units one of the source is: of a weight, of a major unit, of a piece.
func (m measure) scale(o *Options) *big.Rat {
	switch m {
	case byTotal:
		return minorPer(o.Currency)
	case byItems:
		return big.NewRat(1, 1)
	default:
		return gramsPer(o.WeightUnit)
	}
}

// text writes a limit.
func (m measure) text(n int64, currency string) string {
	switch m {
	case byTotal:
		return major(n, currency)
	case byItems:
		return strconv.FormatInt(n, 10)
	default:
		return grams(n)
	}
}

// upTo writes an upper limit, "any" where there is none.
func (m measure) upTo(n int64, currency string) string {
	if n == open {
		return "any"
	}
	return m.text(n, currency)
}

// limits writes the words for a stretch, as in { }.
func (m measure) limits(low, high int64, currency string) string {
	var words []string
	if low > 0 {
		words = append(words, fmt.Sprintf("min_%s: %s", m.word(), m.text(low, currency)))
	}
	if high != open {
		words = append(words, fmt.Sprintf("max_%s: %s", m.word(), m.text(high, currency)))
	}
	return strings.Join(words, ", ")
}

// grams writes a weight: "500 g", "4.999 kg".
func grams(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d g", n)
	}
	text := fmt.Sprintf("%d.%03d", n/1000, n%1000)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + " kg"
}

// major writes an amount in major units without its currency; blocked is a dash.
func major(n int64, currency string) string {
	if n == blocked {
		return "-"
	}
	d := decimals(currency)
	text := fmt.Sprintf("%0*d", d+1, n)
	if d == 0 {
		return text
	}
	return text[:len(text)-d] + "." + text[len(text)-d:]
}
