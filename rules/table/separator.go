package table

import (
	"bytes"
	"strings"
)

// dialect is how the cells of a CSV file are parted.
type dialect struct {
	sep  byte // ',', ';' or tab
	skip int  // bytes of a first line sep=; that spreadsheets write
}

// dialectOf finds it in the first line that is not empty: the sign that parts most cells there; of as many commas and
// others it is the comma.
func dialectOf(data []byte) dialect {
	rest := data
	for {
		line, more, found := bytes.Cut(rest, []byte("\n"))
		if text := bytes.Trim(line, blanks); len(text) > 0 {
			if sign, ok := bytes.CutPrefix(bytes.ToLower(text), []byte("sep=")); ok && len(sign) == 1 && isSeparator(sign[0]) {
				return dialect{sep: sign[0], skip: len(data) - len(more)}
			}
			return dialect{sep: mostOf(line)}
		}
		if !found {
			return dialect{sep: ','}
		}
		rest = more
	}
}

func isSeparator(c byte) bool { return c == ',' || c == ';' || c == '\t' }

// mostOf counts the separators of a line outside quotes.
func mostOf(line []byte) byte {
	var commas, semicolons, tabs int
	quoted := false
	for _, c := range line {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			commas++
		case c == ';':
			semicolons++
		case c == '\t':
			tabs++
		}
	}
	switch {
	case semicolons > commas && semicolons >= tabs:
		return ';'
	case tabs > commas:
		return '\t'
	default:
		return ','
	}
}

// PointDecimals turns the numbers of some columns into the form that values are read in, where the sheet is parted by
// semicolons or tabs: there the comma of `49,90` is a decimal comma, and points part the thousands of `1.299,90`. All
// columns are meant where none is named. In a comma-separated file, a workbook or a | block nothing changes, so that a
// decimal comma there is E108. Where a file writes decimal commas, `1.299` could be either and is E112; ok is then false.
func (t *Sheet) PointDecimals(s *Scope, columns ...int) (ok bool) {
	if !t.commas {
		return true
	}
	if len(columns) == 0 {
		for i := range t.Head {
			columns = append(columns, i)
		}
	}
	mixed := t.writesCommas(columns)
	ok = true
	for _, row := range t.Rows {
		for _, i := range columns {
			if !row[i].pointDecimals(s, mixed) {
				ok = false
			}
		}
	}
	return ok
}

func (t *Sheet) writesCommas(columns []int) bool {
	for _, row := range t.Rows {
		for _, i := range columns {
			for from, to := nextNumber(row[i].Text, 0); from < to; from, to = nextNumber(row[i].Text, to) {
				if _, comma := decimalComma(row[i].Text[from:to]); comma {
					return true
				}
			}
		}
	}
	return false
}

// pointDecimals rewrites each number of a cell.
func (c *Cell) pointDecimals(s *Scope, commas bool) bool {
	var out strings.Builder
	done := 0
	for from, to := nextNumber(c.Text, 0); from < to; from, to = nextNumber(c.Text, to) {
		text := c.Text[from:to]
		right, comma := decimalComma(text)
		if !comma && commas && looksGrouped(text) {
			w := raw{c.Text, c.Place}
			s.tell("E112", w.part(from, to), "write "+strings.ReplaceAll(text, ".", "")+" if the point parts thousands, "+
				text+"0 if not", "`%s` can be read in two ways in a file with decimal commas", text)
			return false
		}
		out.WriteString(c.Text[done:from] + right)
		done = to
	}
	if done > 0 {
		c.Text = out.String() + c.Text[done:]
	}
	return true
}

// nextNumber finds the next run of digits, points and commas that begins and ends with a digit; from = to: there is none.
func nextNumber(text string, at int) (from, to int) {
	from = at
	for from < len(text) && !digitAt(text, from) {
		from++
	}
	to = from
	for to < len(text) && (digitAt(text, to) || text[to] == '.' || text[to] == ',') {
		to++
	}
	for to > from && !digitAt(text, to-1) {
		to--
	}
	return from, to
}

// decimalComma rewrites 49,90 and 1.299,90; comma is false for every other number.
func decimalComma(text string) (right string, comma bool) {
	whole, frac, found := strings.Cut(text, ",")
	if !found || !allDigits(frac) {
		return text, false
	}
	if !allDigits(whole) {
		if !looksGrouped(whole) {
			return text, false
		}
		whole = strings.ReplaceAll(whole, ".", "")
	}
	return whole + "." + frac, true
}

// looksGrouped reports whether points part the digits of a number into thousands.
func looksGrouped(text string) bool {
	groups := strings.Split(text, ".")
	if len(groups) < 2 || len(groups[0]) > 3 || groups[0] == "" || groups[0][0] == '0' {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 || !allDigits(g) {
			return false
		}
	}
	return allDigits(groups[0])
}
