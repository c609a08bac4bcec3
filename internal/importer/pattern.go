package importer

import (
	"regexp/syntax"
	"strings"
)

// maxPatterns bounds the postcodes that are made of one pattern.
const maxPatterns = 500

// postcodePattern turns a regular expression over whole postcodes into codes and beginnings of codes; false where it is more
// than letters, choices, and any digits at the end.
func postcodePattern(text string) ([]area, bool) {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil || len(text) > 1000 {
		return nil, false
	}
	return extend([]area{{}}, re.Simplify())
}

// extend puts what an expression matches behind each of some beginnings.
func extend(list []area, re *syntax.Regexp) ([]area, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine:
		return list, true
	case syntax.OpLiteral:
		return behind(list, []string{compact(string(re.Rune))})
	case syntax.OpCapture:
		return extend(list, re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			more, ok := extend(list, sub)
			if !ok {
				return nil, false
			}
			list = more
		}
		return list, true
	case syntax.OpAlternate:
		var all []area
		for _, sub := range re.Sub {
			some, ok := extend(list, sub)
			if !ok || len(all)+len(some) > maxPatterns {
				return nil, false
			}
			all = append(all, some...)
		}
		return all, true
	case syntax.OpCharClass:
		return oneOf(list, re)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest:
		return anything(list, re.Sub[0])
	default:
		return nil, false
	}
}

// oneOf is one sign of several; any digit leaves the rest open.
func oneOf(list []area, re *syntax.Regexp) ([]area, bool) {
	if anyDigit(re) {
		return anything(list, re)
	}
	var signs []string
	for i := 0; i+1 < len(re.Rune); i += 2 {
		for c := re.Rune[i]; c <= re.Rune[i+1]; c++ {
			if len(signs) > 40 {
				return nil, false
			}
			signs = append(signs, strings.ToUpper(string(c)))
		}
	}
	return behind(list, signs)
}

func anyDigit(re *syntax.Regexp) bool {
	return re.Op == syntax.OpCharClass && len(re.Rune) == 2 && re.Rune[0] == '0' && re.Rune[1] == '9'
}

// anything leaves the rest of the codes open, behind any digits.
func anything(list []area, re *syntax.Regexp) ([]area, bool) {
	for re.Op == syntax.OpCapture || re.Op == syntax.OpQuest || re.Op == syntax.OpConcat && len(re.Sub) > 0 {
		if re.Op == syntax.OpConcat && len(re.Sub) > 1 {
			if _, ok := anything([]area{{from: "0"}}, re.Sub[1]); !ok {
				return nil, false
			}
		}
		re = re.Sub[0]
	}
	if !anyDigit(re) {
		return nil, false
	}
	out := make([]area, 0, len(list))
	for _, a := range list {
		if a.from == "" {
			return nil, false
		}
		a.begins = true
		out = append(out, a)
	}
	return out, true
}

// behind adds each of some texts to each code; nothing stands behind codes that are open.
func behind(list []area, texts []string) ([]area, bool) {
	if len(list)*len(texts) > maxPatterns {
		return nil, false
	}
	var out []area
	for _, a := range list {
		if a.begins {
			return nil, false
		}
		for _, t := range texts {
			out = append(out, area{from: a.from + t})
		}
	}
	return out, true
}

// meets reports whether two areas of postcodes share a code.
func (a area) meets(b area) bool {
	if a.country != b.country || a.region != "" && b.region != "" && a.region != b.region {
		return false
	}
	if a.from == "" || b.from == "" {
		return true
	}
	x, y := a.bounds(), b.bounds()
	n := max(len(x[0]), len(y[0]), len(x[1]), len(y[1]))
	fill := func(t, with string) string { return t + strings.Repeat(with, n-len(t)) }
	return fill(x[0], "0") <= fill(y[1], "~") && fill(y[0], "0") <= fill(x[1], "~")
}

// covers reports whether all of b is in a.
func (a area) covers(b area) bool {
	switch {
	case a.country != b.country, a.region != "" && a.region != b.region:
		return false
	case a.from == "":
		return true
	case b.from == "":
		return false
	}
	x, y := a.bounds(), b.bounds()
	n := max(len(x[0]), len(y[0]), len(x[1]), len(y[1]))
	fill := func(t, with string) string { return t + strings.Repeat(with, n-len(t)) }
	return fill(x[0], "0") <= fill(y[0], "0") && fill(y[1], "~") <= fill(x[1], "~")
}

// bounds are the first and the last code, each with all that begins with it.
func (a area) bounds() [2]string {
	if a.to != "" {
		return [2]string{a.from, a.to}
	}
	return [2]string{a.from, a.from}
}
