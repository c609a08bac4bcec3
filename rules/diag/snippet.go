package diag

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Widths of what is shown, in columns of a terminal.
const (
	lineWidth  = 110 // of a source line before it is cut
	leadWidth  = 50  // kept before the caret of a cut line
	labelWidth = 100 // where labels are wrapped
	labelLeast = 30  // of a wrapped label
	gapLines   = 3   // between two marks that are shown without a gap
	tabWidth   = 4
)

// mark is a stretch that is underlined and labelled.
type mark struct {
	place       Place
	label       string
	char, tone  string
	start, wide int // in columns of the line as shown
}

// snippet shows the lines of a file that have marks, with those between them where they are few. It reports whether it
// had anything to show.
func (p *printer) snippet(file string, marks []mark) bool {
	src := p.source(file)
	if src == nil {
		return false
	}
	marks = slices.DeleteFunc(marks, func(m mark) bool { return src.line(m.place.Line) == nil })
	if len(marks) == 0 {
		return false
	}
	slices.SortStableFunc(marks, func(a, b mark) int {
		if a.place.Line != b.place.Line {
			return a.place.Line - b.place.Line
		}
		return b.place.Col - a.place.Col // the right one first: its label must not cross the left one
	})
	p.line(p.bar())
	last := 0
	for i := 0; i < len(marks); {
		line := marks[i].place.Line
		p.between(src, last, line)
		j := i
		for j < len(marks) && marks[j].place.Line == line {
			j++
		}
		p.marked(string(src.line(line)), line, marks[i:j])
		i, last = j, line
	}
	return true
}

// between shows the lines between two marked ones, or a gap.
func (p *printer) between(src *source, last, line int) {
	switch {
	case last == 0 || line-last <= 1:
	case line-last > gapLines:
		p.line(p.paint(blue, "..."))
	default:
		for n := last + 1; n < line; n++ {
			shown, _, _ := window(string(src.line(n)), Place{Col: 1, EndCol: 2})
			p.line(p.numbered(n) + " " + shown)
		}
	}
}

func (p *printer) marked(text string, line int, marks []mark) {
	focus := marks[len(marks)-1].place
	for _, m := range marks {
		if m.char == "^" {
			focus = m.place
		}
	}
	shown, _, _ := window(text, focus)
	p.line(p.numbered(line) + " " + shown)
	for _, m := range marks {
		m.start, m.wide = columns(text, m.place, focus)
		p.underline(m)
	}
}

// underline writes the carets of a mark and its label, wrapped beneath itself.
func (p *printer) underline(m mark) {
	carets := strings.Repeat(" ", m.start) + p.paint(m.tone, strings.Repeat(m.char, m.wide))
	indent := m.start + m.wide + 1
	rows := wrap(printable(m.label), max(labelLeast, labelWidth-p.gutter-3-indent))
	p.line(p.bar() + " " + carets + " " + p.paint(m.tone, rows[0]))
	for _, row := range rows[1:] {
		p.line(p.bar() + " " + strings.Repeat(" ", indent) + p.paint(m.tone, row))
	}
}

// wrap cuts a text into rows of at most limit characters, between words; it returns at least one row.
func wrap(text string, limit int) []string {
	var rows []string
	row := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case row == "":
			row = word
		case len([]rune(row))+1+len([]rune(word)) > limit:
			rows, row = append(rows, row), word
		default:
			row += " " + word
		}
	}
	return append(rows, row)
}

// span returns the stretch of a place as indexes into the n characters of its line.
func span(at Place, n int) (from, to int) {
	from = max(0, min(at.Col-1, n))
	to = max(from, min(at.EndCol-1, n))
	if at.EndCol <= at.Col {
		to = min(from+1, n)
	}
	return from, to
}

// window returns a line as it is shown, cut on both sides so that the place is seen, and where the place is in it.
func window(text string, at Place) (shown string, start, wide int) {
	line := []rune(text)
	first, last := cut(line, at)
	var b strings.Builder
	if first > 0 {
		b.WriteString("…")
	}
	for _, c := range line[first:last] {
		b.WriteString(glyph(c))
	}
	if last < len(line) {
		b.WriteString("…")
	}
	start, wide = columns(text, at, at)
	return b.String(), start, wide
}

// cut returns which characters of a line are shown if focus is to be seen.
func cut(line []rune, focus Place) (first, last int) {
	if runesWidth(line) <= lineWidth {
		return 0, len(line)
	}
	from, _ := span(focus, len(line))
	first = from
	for lead := 0; first > 0 && lead < leadWidth; first-- {
		lead += runeWidth(line[first-1])
	}
	last = first
	for shown := 0; last < len(line) && shown < lineWidth; last++ {
		shown += runeWidth(line[last])
	}
	return first, last
}

// columns returns where a place is in a line that is shown around focus: its first column, and its width, at least 1.
func columns(text string, at, focus Place) (start, wide int) {
	line := []rune(text)
	first, last := cut(line, focus)
	from, to := span(at, len(line))
	from, to = max(first, min(from, last)), max(first, min(to, last))
	start = runesWidth(line[first:from])
	if first > 0 {
		start++
	}
	return start, max(1, runesWidth(line[from:to]))
}

func runesWidth(line []rune) int {
	n := 0
	for _, c := range line {
		n += runeWidth(c)
	}
	return n
}

// runeWidth is how many columns a terminal gives a character.
func runeWidth(c rune) int {
	switch {
	case c == '\t':
		return tabWidth
	case c < 0x300:
		return 1
	case unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	if k := width.LookupRune(c).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

// glyph is how a character of a file is shown: nothing in it may steer the terminal.
func glyph(c rune) string {
	switch {
	case c == '\t':
		return strings.Repeat(" ", tabWidth)
	case unicode.IsControl(c):
		return "�"
	case unicode.Is(unicode.Cf, c):
		return "" // also the marks that turn the direction of text
	}
	return string(c)
}

// printable is a text with what could steer a terminal taken out.
func printable(text string) string {
	if strings.IndexFunc(text, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		b.WriteString(glyph(c))
	}
	return b.String()
}
