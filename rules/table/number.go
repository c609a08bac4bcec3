package table

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// decimal is mant / 10^scale, with at most 18 digits.
type decimal struct {
	mant  int64
	scale int
}

// maxScaled bounds everything that is read here, so that doubling it does not overflow.
const maxScaled = 1_000_000_000_000_000_000

// maxDigits is the most digits of a number.
const maxDigits = 18

// quantity is a number with what follows it: "1.5" and "kg".
type quantity struct {
	num        decimal
	text, unit raw
}

// withoutMinus is the help for a negative value. Who writes a negative price wants a discount, which the bare number is not.
func withoutMinus(text, what string) string {
	if what != moneyKind {
		return "write it without the minus"
	}
	return "write " + strings.TrimLeft(text, "-\u2212 ") +
		"; prices and supplements only add, and what shall cost less has a price row of its own"
}

// quantity reads a number that is not negative and the word behind it. what and example name the kind, e.g. "a weight" and
// "1.5 kg".
func (s *Scope) quantity(w raw, what, example string) (quantity, bool) {
	if strings.HasPrefix(w.text, "-") || strings.HasPrefix(w.text, "\u2212") {
		if len(w.text) > 1 {
			s.tell("E104", w, withoutMinus(w.text, what), "`%s` is negative; %s cannot be", w.text, what)
			return quantity{}, false
		}
	}
	end := numberEnd(w.text)
	q := quantity{text: w.part(0, end), unit: w.part(end, len(w.text)).trim()}
	if end == 0 {
		s.tell("E119", w, "write it like "+example, "`%s` is not %s", w.text, what)
		return q, false
	}
	ok := s.digits(q, w)
	if !ok {
		return q, false
	}
	if q.num, ok = decimalOf(q.text.text); !ok {
		s.tell("E115", q.text, "write a smaller number", "`%s` is too large, or has too many digits", q.text.text)
	}
	return q, ok
}

// numberEnd returns how much of text looks like a number, however it is grouped: digits, points and commas, and other
// signs and spaces where a digit follows.
func numberEnd(text string) int {
	end := 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9' || r == '.' || r == ',':
			end = i + 1
		case i > 0 && strings.ContainsRune(grouping, r) && digitAt(text, i+utf8.RuneLen(r)):
		default:
			return end
		}
	}
	return end
}

// grouping are the signs that people put between thousands, besides points and commas.
const grouping = blanks + "'\u2019_"

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

// digits tells what is wrong in the way a number is written; whole is the number with its unit.
func (s *Scope) digits(q quantity, whole raw) bool {
	text := q.text.text
	if plainNumber(text) {
		return s.noZerosInFront(q.text)
	}
	rest := whole.text[len(text):]
	right, comma, sound := respell(text)
	switch {
	case !sound:
		s.tell("E119", q.text, "write it like 49.00 or 49", "`%s` is not a number", text)
	case comma && len(text)-strings.IndexByte(text, ',') == 4:
		help := "write " + strings.Replace(text, ",", "", 1) + rest + " if the comma parts thousands, " + right + rest + " if not"
		s.tell("E112", whole, help, "`%s` has a comma", whole.text)
	case comma:
		s.tellFix("E108", whole, right+rest, "`%s` is written with a decimal comma", whole.text)
	case strings.HasPrefix(text, ".") || strings.HasSuffix(text, "."):
		s.tellFix("E119", q.text, right, "`%s` has no digit on one side of its point", text)
	default:
		s.tellFix("E112", whole, right+rest, "`%s` has signs between the thousands", whole.text)
	}
	return false
}

// noZerosInFront tells 0123 and 00: a digit or a point got lost, or a comma has cut a number.
func (s *Scope) noZerosInFront(w raw) bool {
	whole, _, _ := strings.Cut(w.text, ".")
	if len(whole) < 2 || whole[0] != '0' {
		return true
	}
	right := strings.TrimLeft(whole, "0") + w.text[len(whole):]
	if right == "" || right[0] == '.' {
		right = "0" + right
	}
	f := s.tellFix("E119", w, right, "`%s` begins with a 0", w.text)
	f.Label = "did a digit or a point get lost?"
	return false
}

// plainNumber reports whether text is digits, or digits, a point and digits.
func plainNumber(text string) bool {
	whole, frac, point := strings.Cut(text, ".")
	return allDigits(whole) && (!point || allDigits(frac))
}

func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// respell writes a grouped number as this package reads it. comma says that only the decimal comma was wrong.
func respell(text string) (right string, comma, sound bool) {
	bare := strings.Map(func(r rune) rune {
		if r == '.' || r == ',' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	points, commas := strings.Count(bare, "."), strings.Count(bare, ",")
	switch {
	case points == 0 && commas == 1:
		right, comma = strings.Replace(bare, ",", ".", 1), bare == text
	case points == 1 && commas == 0:
		right = bare
	case commas == 0 || points == 0:
		right = strings.NewReplacer(".", "", ",", "").Replace(bare)
		if !grouped(bare) {
			return "", false, false
		}
	case strings.LastIndexByte(bare, ',') > strings.LastIndexByte(bare, '.'):
		right = strings.Replace(strings.ReplaceAll(bare, ".", ""), ",", ".", commas)
	default:
		right = strings.ReplaceAll(bare, ",", "")
	}
	right = strings.TrimSuffix(right, ".")
	if strings.HasPrefix(right, ".") {
		right = "0" + right
	}
	return right, comma, plainNumber(right)
}

// grouped reports whether all groups behind the first have three digits.
func grouped(text string) bool {
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == ',' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 {
			return false
		}
	}
	return true
}

// decimalOf reads a plain number; ok is false where it has more than 18 digits.
func decimalOf(text string) (d decimal, ok bool) {
	whole, frac, _ := strings.Cut(text, ".")
	whole = strings.TrimLeft(whole, "0")
	if len(whole)+len(frac) > maxDigits {
		return decimal{}, false
	}
	for _, part := range [2]string{whole, frac} {
		for i := range len(part) {
			d.mant = d.mant*10 + int64(part[i]-'0')
		}
	}
	d.scale = len(frac)
	return d, true
}

// times returns d × unit, rounded up to the next whole; ok is false above maxScaled.
func (d decimal) times(unit int64) (n int64, ok bool) { return mulDivUp(d.mant, unit, pow10(d.scale)) }

// mulDivUp returns a × b / c rounded up, for numbers that are not negative and c > 0.
func mulDivUp(a, b, c int64) (n int64, ok bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return 0, false
	}
	q, rem := bits.Div64(hi, lo, uint64(c))
	if rem != 0 {
		q++
	}
	return int64(q), q <= maxScaled
}

// mulDivHalf returns a × b / c rounded half away from zero, for numbers that are not negative and c > 0.
func mulDivHalf(a, b, c int64) (n int64, ok bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return 0, false
	}
	q, rem := bits.Div64(hi, lo, uint64(c))
	if rem >= uint64(c)-rem {
		q++
	}
	return int64(q), q <= maxScaled
}

// pow10 is 10^n for n from 0 to 18.
func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// fixed writes n / 10^scale with at least keep decimals.
func fixed(n int64, scale, keep int) string {
	sign := ""
	u := uint64(n)
	if n < 0 {
		sign, u = "-", -u
	}
	digits := make([]byte, 0, 24)
	for i := 0; u > 0 || i <= scale; i++ {
		digits = append(digits, byte('0'+u%10))
		u /= 10
		if i+1 == scale {
			digits = append(digits, '.')
		}
	}
	for l, r := 0, len(digits)-1; l < r; l, r = l+1, r-1 {
		digits[l], digits[r] = digits[r], digits[l]
	}
	out := string(digits)
	for scale > keep && strings.HasSuffix(out, "0") {
		out, scale = out[:len(out)-1], scale-1
	}
	return sign + strings.TrimSuffix(out, ".")
}
