package importer

import (
	"strings"
)

// decimalCommas reports whether a number of the sheet is written as 49,90.
func decimalCommas(s *sheet) bool {
	for _, row := range s.Rows {
		for _, c := range row {
			before, after, ok := strings.Cut(bareNumber(c.Text), ",")
			if ok && before != "" && digits(strings.ReplaceAll(before, ".", "")) && digits(after) && len(after) > 0 && len(after) != 3 {
				return true
			}
		}
	}
	return false
}

// bareNumber takes blanks, units and signs of currencies away from a number.
func bareNumber(text string) string {
	text = strings.Map(func(c rune) rune {
		switch c {
		case ' ', '\u00a0', '\u202f', '\'':
			return -1
		}
		return c
	}, text)
	return strings.TrimFunc(text, func(c rune) bool { return (c < '0' || c > '9') && c != '.' && c != ',' && c != '-' })
}

// decimal turns a number of the sheet into one with a point; ok is false where the signs could mean two things.
func (p *priceSheet) decimal(text string) (string, bool) {
	text = bareNumber(text)
	comma, point := strings.LastIndexByte(text, ','), strings.LastIndexByte(text, '.')
	switch {
	case comma < 0 && point < 0:
		return text, true
	case comma >= 0 && point >= 0:
		if comma > point {
			return strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", "."), strings.Count(text, ",") == 1
		}
		return strings.ReplaceAll(text, ",", ""), strings.Count(text, ".") == 1
	case comma >= 0:
		return strings.Replace(text, ",", ".", 1), strings.Count(text, ",") == 1 && (p.commas || len(text)-comma != 4)
	default:
		return text, strings.Count(text, ".") == 1 && (!p.commas || len(text)-point != 4)
	}
}

// unitOfHead finds a unit in the heading of the weights.
func (p *priceSheet) unitOfHead(s *sheet) {
	for _, r := range []role{roleWeight, roleWeight + ofFrom, roleWeight + ofTo} {
		i, ok := p.at[r]
		if !ok {
			continue
		}
		for w := range strings.FieldsFuncSeq(strings.ToLower(s.Head[i].Text), func(c rune) bool { return strings.ContainsRune(" ()[]/,_", c) }) {
			if gramsPer(w) != nil {
				p.unit = w
			}
		}
	}
}
