package table

import (
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Density says how much a volume counts for: Micrograms per CubicMillimetres, in lowest terms, so that carriers' divisors
// such as 6000 cm3/kg and 139 in3/lb are exact. The zero value is none.
type Density struct {
	Micrograms       int64
	CubicMillimetres int64
}

// maxDensityDigits keeps the products below exact in 64 bits.
const maxDensityDigits = 7

// Density parses "280 kg/m3" and "5000 cm3/kg"; also "lb/ft3" and "in3/lb", and m³ for m3.
func (s *Scope) Density(n *diag.Node) (Density, bool) {
	const example = "280 kg/m3 or 5000 cm3/kg"
	w, ok := s.scalar(n, "a density", example)
	if !ok {
		return Density{}, false
	}
	q, ok := s.quantity(w, "a density", example)
	switch {
	case !ok:
		return Density{}, false
	case q.unit.text == "":
		s.tell("E101", q.text, "write it like "+example, "`%s` has no unit", q.text.text)
		return Density{}, false
	case q.num.mant == 0:
		s.tell("E104", q.text, "write it like "+example, "a density cannot be 0")
		return Density{}, false
	case q.num.mant >= pow10(maxDensityDigits) || q.num.scale >= maxDensityDigits:
		s.tell("E115", q.text, "write it like "+example, "`%s` has too many digits", q.text.text)
		return Density{}, false
	}
	d := q.num.density(q.unit.text)
	if d.Micrograms == 0 {
		s.tell("E102", q.unit, "write it like "+example, "`%s` is not a unit of density", q.unit.text)
	}
	return d, d.Micrograms != 0
}

// density returns the zero Density for an unknown unit.
func (d decimal) density(unit string) Density {
	n, per := d.mant, pow10(d.scale)
	switch strings.NewReplacer("\u00b3", "3", " ", "").Replace(unit) {
	case "kg/m3": // 1e9 µg per 1e9 mm³
		return lowest(n, per)
	case "cm3/kg": // 1e9 µg per 1000 mm³
		return lowest(per*1_000_000, n)
	case "lb/ft3": // a cubic foot is 28 316 846.592 mm³
		return lowest(n*int64(pound)*1000, per*28_316_846_592)
	case "in3/lb": // a cubic inch is 16 387.064 mm³
		return lowest(per*int64(pound)*1000, n*16_387_064)
	default:
		return Density{}
	}
}

func lowest(a, b int64) Density {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return Density{Micrograms: a / x, CubicMillimetres: b / x}
}

// Weigh returns what a volume in cubic millimetres counts for, rounded half away from zero to a microgram. The volume is
// not negative; ok is false where the weight is beyond 1e18 µg.
func (d Density) Weigh(volume int64) (w Weight, ok bool) {
	if d.CubicMillimetres == 0 {
		return 0, true
	}
	v, ok := mulDivHalf(volume, d.Micrograms, d.CubicMillimetres)
	return Weight(v), ok
}

// String writes the density in kilograms per cubic metre with at most three decimals, e.g. "280 kg/m3"; it is for
// reading, not for arithmetic.
func (d Density) String() string {
	v, _ := mulDivHalf(d.Micrograms, 1000, max(d.CubicMillimetres, 1))
	return fixed(v, 3, 0) + " kg/m3"
}
