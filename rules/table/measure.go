package table

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Weight in micrograms, so that pounds and grams are exact (1 lb = 453 592 370 µg). What is finer, as an ounce
// (28 349 523.125 µg), is rounded up to the next microgram when it is read: 16 oz still are 1 lb for every limit and step.
type Weight int64

// Length in micrometres, so that inches are exact (25 400 µm).
type Length int64

// Size is three sides, longest first.
type Size [3]Length

// unit is a word behind a number and how many of the smallest units it is.
type unit struct {
	name  string
	scale int64 // value = number × scale / per
	per   int64
}

// Micrograms and micrometres.
const (
	gram     Weight = 1_000_000
	kilogram        = 1000 * gram
	pound    Weight = 453_592_370

	millimetre Length = 1000
	centimetre        = 10 * millimetre
	metre             = 1000 * millimetre
	inch       Length = 25_400
)

func weightUnits() []unit {
	return []unit{{"kg", int64(kilogram), 1}, {"g", int64(gram), 1}, {"lb", int64(pound), 1}, {"oz", int64(pound) / 2, 8},
		{"mg", 1000, 1}, {"t", int64(1000 * kilogram), 1}}
}

func lengthUnits() []unit {
	return []unit{{"cm", int64(centimetre), 1}, {"m", int64(metre), 1}, {"mm", int64(millimetre), 1}, {"in", int64(inch), 1},
		{"ft", int64(12 * inch), 1}}
}

// meantUnit is the unit that people mean by a word.
func meantUnit(word string) string {
	switch strings.ToLower(strings.Trim(word, ".")) {
	case "kilogram", "kilograms", "kilo", "kilos", "kgs", "kg":
		return "kg"
	case "gram", "grams", "gr", "gm", "g":
		return "g"
	case "pound", "pounds", "lbs", "lb":
		return "lb"
	case "ounce", "ounces", "ozs", "oz":
		return "oz"
	case "centimetre", "centimetres", "centimeter", "centimeters", "cms", "cm":
		return "cm"
	case "millimetre", "millimetres", "millimeter", "millimeters", "mm":
		return "mm"
	case "metre", "metres", "meter", "meters", "m":
		return "m"
	case "inch", "inches", "\"", "in":
		return "in"
	case "foot", "feet", "'", "ft":
		return "ft"
	}
	return ""
}

// Weight parses "500 g", "1.5 kg", "2 lb", "8 oz"; also mg and t. It is rounded up to a microgram.
func (s *Scope) Weight(n *diag.Node) (Weight, bool) {
	w, ok := s.scalar(n, "a weight", "1.5 kg")
	if !ok {
		return 0, false
	}
	v, ok := s.measure(w, "a weight", weightUnits())
	return Weight(v), ok
}

// Length parses "150 cm", "1.2 m", "80 mm", "12 in", "4 ft". It is rounded up to a micrometre.
func (s *Scope) Length(n *diag.Node) (Length, bool) {
	w, ok := s.scalar(n, "a length", "150 cm")
	if !ok {
		return 0, false
	}
	v, ok := s.measure(w, "a length", lengthUnits())
	return Length(v), ok
}

func (s *Scope) measure(w raw, what string, units []unit) (int64, bool) {
	q, ok := s.quantity(w, what, "5 "+units[0].name)
	if !ok {
		return 0, false
	}
	u, ok := s.unitOf(q, what, units)
	if !ok {
		return 0, false
	}
	return s.scaled(q, u)
}

func (s *Scope) scaled(q quantity, u unit) (int64, bool) {
	v, ok := mulDivUp(q.num.mant, u.scale, pow10(q.num.scale)*u.per)
	if !ok {
		s.tell("E115", q.text, "write a smaller number", "`%s %s` is too large", q.text.text, u.name)
	}
	return v, ok
}

func (s *Scope) unitOf(q quantity, what string, units []unit) (unit, bool) {
	names := make([]string, len(units))
	for i, u := range units {
		if names[i] = u.name; u.name == q.unit.text {
			return u, true
		}
	}
	if q.unit.text == "" {
		help := "write " + q.text.text + " " + names[0] + " or " + q.text.text + " " + names[1]
		f := s.tell("E101", q.text, help, "`%s` has no unit", q.text.text)
		f.Label = what + " needs a unit"
		return unit{}, false
	}
	kind := strings.TrimPrefix(what, "a ")
	if meant := meantUnit(q.unit.text); slices.Contains(names, meant) {
		s.tellFix("E102", q.unit, meant, "`%s` is not a unit of %s; did you mean `%s`?", q.unit.text, kind, meant)
	} else {
		s.tell("E102", q.unit, "write one of "+strings.Join(names, ", "), "`%s` is not a unit of %s", q.unit.text, kind)
	}
	return unit{}, false
}

// Size parses "60 x 40 x 40 cm": three sides in any order with the unit once, at the end.
func (s *Scope) Size(n *diag.Node) (Size, bool) {
	const example = "60 x 40 x 40 cm"
	w, ok := s.scalar(n, "a size", example)
	if !ok {
		return Size{}, false
	}
	parts := w.split("x", "X", "\u00d7")
	if len(parts) != 3 {
		s.tell("E119", w, "write three sides, e.g. "+example, "`%s` has %s, not three", w.text, plural(int64(len(parts)), "side"))
		return Size{}, false
	}
	last, ok := s.quantity(parts[2], "a side", example)
	if !ok {
		return Size{}, false
	}
	u, ok := s.unitOf(last, "a size", lengthUnits())
	if !ok {
		return Size{}, false
	}
	var size Size
	for i, p := range parts {
		if size[i], ok = s.side(p, u, i == 2); !ok {
			return Size{}, false
		}
	}
	return size.sorted(), true
}

func (s *Scope) side(w raw, u unit, last bool) (Length, bool) {
	q, ok := s.quantity(w, "a side", "60 x 40 x 40 cm")
	switch {
	case !ok:
		return 0, false
	case !last && q.unit.text != "":
		s.tell("E102", q.unit, "write the unit once, at the end: 60 x 40 x 40 "+u.name, "`%s` stands in the middle of a size", q.unit.text)
		return 0, false
	case q.num.mant == 0:
		s.tell("E104", q.text, "write how long the side is", "a side of 0 holds nothing")
		return 0, false
	}
	v, ok := s.scaled(q, u)
	return Length(v), ok
}

// sorted returns the sides, longest first.
func (z Size) sorted() Size {
	if z[0] < z[1] {
		z[0], z[1] = z[1], z[0]
	}
	if z[1] < z[2] {
		z[1], z[2] = z[2], z[1]
	}
	if z[0] < z[1] {
		z[0], z[1] = z[1], z[0]
	}
	return z
}

// Girth is the longest side and twice the two others.
func (z Size) Girth() Length { return z[0] + 2*(z[1]+z[2]) }

// Within reports whether a piece of size z fits into limit, both sorted.
func (z Size) Within(limit Size) bool {
	return z[0] <= limit[0] && z[1] <= limit[1] && z[2] <= limit[2]
}

// String writes the weight in the unit that reads best: "5 kg", "1.001 kg", "800 g", "2 lb".
func (w Weight) String() string {
	switch {
	case w%gram != 0 && w%pound == 0:
		return fixed(int64(w/pound), 0, 0) + " lb"
	case w >= kilogram || w <= -kilogram:
		return fixed(int64(w), 9, 0) + " kg"
	default:
		return fixed(int64(w), 6, 0) + " g"
	}
}

// String writes the length in centimetres: "150 cm", "0.5 cm".
func (l Length) String() string { return fixed(int64(l), 4, 0) + " cm" }

// String writes the sides, longest first: "60 x 40 x 40 cm".
func (z Size) String() string {
	return fixed(int64(z[0]), 4, 0) + " x " + fixed(int64(z[1]), 4, 0) + " x " + fixed(int64(z[2]), 4, 0) + " cm"
}
