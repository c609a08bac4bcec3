package table

import "strings"

// flaw is what is wrong with a pattern; from and upto are where in its text, in bytes (upto 0: all of it).
type flaw struct {
	code, message, label, help, fix string
	from, upto                      int
}

// patternOf compiles a pattern of a country: all, a complete code, 22*, or 620 to 624. It appends to out.
func patternOf(s *shape, country, text string, out []span) ([]span, *flaw) {
	text = strings.TrimSpace(text)
	if text == "all" {
		return append(out, span{0, s.top}), nil
	}
	if i := strings.Index(text, " to "); i >= 0 {
		return rangeOf(s, country, text[:i], text[i+4:], out)
	}
	if strings.HasSuffix(text, "*") {
		return startsOf(s, country, text, out)
	}
	if f := hyphenFlaw(s, country, text); f != nil {
		return out, f
	}
	return codeOf(s, country, text, out)
}

// codeOf compiles a code without signs: it must be complete.
func codeOf(s *shape, country, text string, out []span) ([]span, *flaw) {
	var f folded
	if !fold(text, &f) || f.n == 0 {
		return out, oddFlaw(s, country, text)
	}
	code := s.unmark(&f)
	if s.form == formGB {
		g, ok := parseGB(code, f.cut-(f.n-len(code)))
		if !ok || !g.inUse() {
			return out, oddFlaw(s, country, text)
		}
		return append(out, g.span(true)), nil
	}
	sp, ok := s.prefix(code)
	if !ok {
		return out, oddFlaw(s, country, text)
	}
	if s.form == formFree {
		sp.hi = sp.lo
	}
	if !s.complete(len(code)) {
		return out, shortFlaw(s, country, text, len(code))
	}
	return append(out, sp), nil
}

// startsOf compiles 22*.
func startsOf(s *shape, country, text string, out []span) ([]span, *flaw) {
	var f folded
	start := strings.TrimSuffix(text, "*")
	if strings.TrimSpace(start) == "" {
		return out, &flaw{code: codeZonePostcode, message: "`*` stands for every code", help: "write all", fix: "all"}
	}
	if !fold(start, &f) || f.n == 0 {
		return out, oddFlaw(s, country, text)
	}
	code := s.unmark(&f)
	if s.form == formGB {
		spans, ok := gbStarts(code, f.cut-(f.n-len(code)))
		if !ok {
			return out, oddFlaw(s, country, text)
		}
		return append(out, spans...), nil
	}
	sp, ok := s.prefix(code)
	if !ok {
		return out, oddFlaw(s, country, text)
	}
	return append(out, sp), nil
}

// end is one end of a range.
type end struct {
	span
	size int    // how many characters, or the level of a British code
	area string // of British districts and below
}

// word names the shape of an end.
func (e *end) word(s *shape) string {
	if s.form == formGB {
		return gbLevelWord(e.size)
	}
	return count(e.size, "character")
}

// rangeOf compiles from and to: both included, with all that begins with them.
func rangeOf(s *shape, country, from, to string, out []span) ([]span, *flaw) {
	a, fa := endOf(s, country, from)
	if fa != nil {
		return out, fa
	}
	b, fb := endOf(s, country, to)
	if fb != nil {
		fb.from = len(from) + len(" to ")
		return out, fb
	}
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	switch {
	case a.size != b.size:
		return out, &flaw{code: codeZoneRange, message: tick(from) + " and " + tick(to) + " are not of the same shape",
			label: "one is " + a.word(s) + ", the other " + b.word(s), help: "give both ends the same number of characters"}
	case a.area != b.area:
		return out, &flaw{code: codeZoneRange, message: tick(from) + " and " + tick(to) + " are in different areas",
			label: "districts are counted within one area", help: "write one range for each area"}
	case a.lo > b.lo:
		return out, &flaw{code: codeZoneRange, message: "the range runs backwards: " + tick(from) + " comes after " + tick(to),
			label: "holds no code", help: "write " + to + " to " + from, fix: to + " to " + from}
	}
	return append(out, span{a.lo, b.hi}), nil
}

// endOf compiles one end.
func endOf(s *shape, country, text string) (end, *flaw) {
	var f folded
	if strings.HasSuffix(text, "*") {
		t := strings.TrimSpace(text)
		return end{}, &flaw{code: codeZoneRange, message: tick(t) + " is an end of a range", label: "no * here", upto: len(text),
			help: "leave out the *: an end takes all that begins with it"}
	}
	if !fold(text, &f) || f.n == 0 {
		return end{}, endFlaw(s, country, text)
	}
	code := s.unmark(&f)
	if s.form == formGB {
		g, ok := parseGB(code, f.cut-(f.n-len(code)))
		if !ok || !g.inUse() {
			return end{}, endFlaw(s, country, text)
		}
		e := end{span: g.span(true), size: g.level}
		if g.level > gbArea {
			e.area = g.area()
		}
		return e, nil
	}
	sp, ok := s.prefix(code)
	if !ok {
		return end{}, endFlaw(s, country, text)
	}
	return end{span: sp, size: len(code)}, nil
}

// endFlaw is oddFlaw for one end of a range.
func endFlaw(s *shape, country, text string) *flaw {
	f := oddFlaw(s, country, strings.TrimSpace(text))
	f.upto = len(text)
	return f
}

func gbLevelWord(level int) string {
	switch level {
	case gbArea:
		return "an area"
	case gbDistrict:
		return "a district"
	case gbSector:
		return "a sector"
	default:
		return "a whole code"
	}
}

// hyphenFlaw finds ranges that were written with a hyphen, dots or a colon.
func hyphenFlaw(s *shape, country, text string) *flaw {
	for _, sign := range []string{"–", "—", "...", "..", " - ", ":", "-"} {
		from, to, ok := strings.Cut(text, sign)
		from, to = strings.TrimSpace(from), strings.TrimSpace(to)
		if !ok || from == "" || to == "" || from == s.marks[0] || from == s.marks[1] {
			continue
		}
		if sign == "-" && s.ownHyphen(from, to) {
			return nil
		}
		if _, f := rangeOf(s, country, from, to, nil); f != nil && f.code != codeZoneRange {
			return nil
		}
		label := "one code, as it stands"
		if strings.TrimSpace(sign) == "-" {
			label = "a hyphen is part of a code, in Portugal and the USA for one"
		}
		return &flaw{code: codeZoneRange, message: tick(text) + " is not a range: one is written with `to`", label: label,
			help: "write " + from + " to " + to, fix: from + " to " + to}
	}
	return nil
}

// ownHyphen reports whether a hyphen between these parts is how the country writes a code.
func (s *shape) ownHyphen(from, to string) bool {
	if s.form != formFixed {
		return s.form == formFree && (len(from) != len(to) || !allDigits(from) || !allDigits(to))
	}
	return len(from) <= maxWidth && s.dashes[len(from)] && s.complete(len(from)+len(to))
}

// shortFlaw tells a code that is not complete.
func shortFlaw(s *shape, country, text string, n int) *flaw {
	return &flaw{code: codeZoneIncomplete, message: tick(text) + " is not a complete " + s.word(country),
		label: count(n, strings.TrimSuffix(s.unitWord(), "s")) + ", a " + s.short(country) + " has " + s.lengths(),
		help:  "for every " + s.short(country) + " that begins with " + text + ", write " + text + "*\nif a digit got lost, add it",
		fix:   text + "*"}
}

// short is the last word of word: ZIP, Eircode, postcode.
func (s *shape) short(country string) string {
	w := s.word(country)
	switch w {
	case "US ZIP code":
		return "ZIP"
	case "Eircode":
		return w
	default:
		return "postcode"
	}
}

// oddFlaw tells a code that cannot be.
func oddFlaw(s *shape, country, text string) *flaw {
	f := &flaw{code: codeZonePostcode, message: tick(text) + " cannot be a " + s.word(country)}
	switch s.form {
	case formFree:
		f.label = "a code has letters and digits, at most " + number(maxWidth)
	case formGB:
		f.label = "there is no such area, district or sector"
		f.help = "write an area (IV), a district (SE1), a sector (SE1 4), a whole code (SE1 4AB), or BT*"
	default:
		f.label = "a " + s.short(country) + " has " + s.lengths() + " " + s.unitWord() + ", such as " + s.text(s.sample())
		f.help = "all codes: all; those that begin with 22: 22*; from one to another: 620 to 624"
	}
	return f
}

// sample is a key to show how codes look.
func (s *shape) sample() uint64 { return s.top / 3 }

func tick(s string) string { return "`" + s + "`" }

// count writes "1 digit", "3 digits".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}
