package table

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/kvitto/kvitto/rules/diag"
)

// shown is what a cell shows, from its raw value; ok is false where it shows no value.
func (b *workbook) shown(value string, at diag.Place, col, row int) (text string, ok bool) {
	if len(value) > maxCellText {
		b.tell(codeSheetCell, at, "write less", "this cell holds more than %d bytes", maxCellText)
		return "", false
	}
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		b.broken(err)
		return "", false
	}
	if value == "" {
		return "", b.calculated(name, at)
	}
	kind, err := b.file.GetCellType(b.sheet, name)
	if err != nil {
		b.broken(err)
		return "", false
	}
	switch kind {
	case excelize.CellTypeSharedString, excelize.CellTypeInlineString, excelize.CellTypeFormula, excelize.CellTypeDate:
		return value, true
	case excelize.CellTypeError:
		b.tell(codeSheetCell, at, "mend the formula, or write the value", "this cell shows the error `%s`", value)
		return "", false
	case excelize.CellTypeBool:
		return map[string]string{"1": "yes", "0": "no"}[value], true
	}
	return b.number(value, name, at)
}

// calculated tells a formula whose value was never stored: programs that write workbooks leave that to the spreadsheet.
func (b *workbook) calculated(name string, at diag.Place) bool {
	formula, err := b.file.GetCellFormula(b.sheet, name)
	if err != nil {
		b.broken(err)
		return false
	}
	if formula == "" {
		return true
	}
	b.tell(codeSheetCell, at, "open the workbook in a spreadsheet and save it, or write the value", "the formula in this cell was never calculated")
	return false
}

// number writes a number as its format shows it.
func (b *workbook) number(value, name string, at diag.Place) (string, bool) {
	d, ok := exactOf(value)
	if !ok {
		b.tell(codeSheetCell, at, "write a plain number", "`%s` is not a number that can be read exactly", value)
		return "", false
	}
	style, err := b.file.GetCellStyle(b.sheet, name)
	if err != nil {
		b.broken(err)
		return "", false
	}
	format := b.format(style)
	text, same, ok := format.show(d, b.date1)
	if !ok {
		b.tell(codeSheetCell, at, "format it as a number, a text or a date", "this cell has the format `%s`, in which `%s` cannot be read", format.code, value)
		return "", false
	}
	if !same {
		if b.less++; b.less == 1 {
			b.first, b.text = at, "this cell holds "+d.String()+" but shows "+text+", which is what counts"
		}
	}
	return text, true
}

// format is the number format of a style.
func (b *workbook) format(style int) numberFormat {
	if f, ok := b.codes[style]; ok {
		return f
	}
	f := formatOf(b.formatCode(style))
	b.codes[style] = f
	return f
}

func (b *workbook) formatCode(style int) string {
	sheet := b.file.Styles
	if sheet == nil || sheet.CellXfs == nil || style < 0 || style >= len(sheet.CellXfs.Xf) || sheet.CellXfs.Xf[style].NumFmtID == nil {
		return ""
	}
	id := *sheet.CellXfs.Xf[style].NumFmtID
	if sheet.NumFmts != nil {
		for _, f := range sheet.NumFmts.NumFmt {
			if f != nil && f.NumFmtID == id {
				return f.FormatCode
			}
		}
	}
	return builtinFormat(id)
}

// builtinFormat is the code of a format that every workbook has; the ones that depend on the spreadsheet's country are
// given in one of their forms.
func builtinFormat(id int) string {
	switch id {
	case 1:
		return "0"
	case 2, 4, 7, 8, 39, 40, 43, 44:
		return "0.00"
	case 3, 5, 6, 37, 38, 41, 42:
		return "#,##0"
	case 9:
		return "0%"
	case 10:
		return "0.00%"
	case 11, 48:
		return "0.00E+00"
	case 12, 13:
		return "# ?/?"
	case 14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58:
		return "yyyy-mm-dd"
	case 18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47:
		return "hh:mm:ss"
	case 22:
		return "yyyy-mm-dd hh:mm"
	default:
		return ""
	}
}

// numberFormat is what matters of a number format.
type numberFormat struct {
	code           string
	kind           formatKind
	digits         int // before the point, at least
	least, most    int // decimals
	percent        bool
	scaled         bool // a comma at the end divides by a thousand
	prefix, suffix string
}

type formatKind uint8

const (
	formatGeneral formatKind = iota
	formatFixed
	formatDate
	formatOther
)

// formatOf reads a format code such as `#,##0.00 "kr"`, of which only the part for positive numbers counts.
func formatOf(code string) numberFormat {
	f := numberFormat{code: code}
	p := formatParser{f: &f}
	for rest := code; rest != "" && !p.done; {
		rest = p.step(rest)
	}
	switch {
	case strings.EqualFold(code, "general") || code == "" || code == "@":
		f.kind = formatGeneral
	case p.dates && !p.digit && !p.other:
		f.kind = formatDate
	case p.other || p.dates || f.scaled || !p.digit:
		f.kind = formatOther
	default:
		f.kind = formatFixed
	}
	f.prefix, f.suffix = currencyCode(strings.Trim(f.prefix, blanks)), currencyCode(strings.Trim(f.suffix, blanks))
	return f
}

// currencyCode gives the code for the signs that mean one currency; others stay and are told as what they are.
func currencyCode(sign string) string {
	switch sign {
	case "€":
		return "EUR"
	case "£":
		return "GBP"
	case "zł":
		return "PLN"
	}
	return sign
}

// formatParser walks through a format code.
type formatParser struct {
	f                                *numberFormat
	point, digit, dates, other, done bool
	comma                            bool // was just seen
}

func (p *formatParser) step(rest string) string {
	comma := p.comma
	p.comma = false
	switch c := rest[0]; c {
	case ';':
		p.done = true
	case '"':
		end := strings.IndexByte(rest[1:], '"')
		if end < 0 {
			p.other = true
			return ""
		}
		p.literal(rest[1 : end+1])
		return rest[end+2:]
	case '[':
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			p.other = true
			return ""
		}
		p.bracket(rest[1:end])
		return rest[end+1:]
	case '\\', '_', '*':
		n := 1 + len(firstRune(rest[1:]))
		if c == '\\' {
			p.literal(rest[1:n])
		}
		return rest[n:]
	case '0', '#', '?':
		if comma {
			p.f.scaled = false
		}
		p.placeholder(c)
	case '.':
		p.point = true
		p.f.scaled = comma
	case ',':
		p.comma, p.f.scaled = true, p.digit
	case '%':
		p.f.percent = true
	case '@':
	default:
		return p.letter(rest)
	}
	return rest[1:]
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

func (p *formatParser) placeholder(c byte) {
	p.digit = true
	switch {
	case p.point:
		p.f.most++
		if c == '0' {
			p.f.least = p.f.most
		}
	case c == '0':
		p.f.digits++
	}
}

// literal is text that stands beside the number.
func (p *formatParser) literal(text string) {
	if p.digit {
		p.f.suffix += text
	} else {
		p.f.prefix += text
	}
}

// bracket is [$kr-41D], [Red], [>100] or [h].
func (p *formatParser) bracket(text string) {
	if sign, found := strings.CutPrefix(text, "$"); found {
		sign, _, _ = strings.Cut(sign, "-")
		p.literal(sign)
		return
	}
	if strings.Trim(strings.ToLower(text), "hms") == "" {
		p.other = true // a span of time, not a time of the day
	}
	if strings.ContainsAny(text, "<>=") {
		p.other = true
	}
}

// letter is everything else: parts of a date, an exponent, a fraction, or a sign that stands for itself.
func (p *formatParser) letter(rest string) string {
	if len(rest) >= 7 && strings.EqualFold(rest[:7], "general") {
		p.digit, p.f.most = true, maxExact
		return rest[7:]
	}
	c := firstRune(rest)
	switch {
	case strings.ContainsAny(c, "yYmMdDhHsS"):
		p.dates = true
	case c == "/" && p.digit, strings.ContainsAny(c, "eE") && p.digit:
		p.other = true
	case !p.dates:
		p.literal(c)
	}
	return rest[len(c):]
}
