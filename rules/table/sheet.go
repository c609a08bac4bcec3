package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// Cell is the trimmed text of one cell and where it stands. Limits: "-", an empty cell and "any" are left to those who know
// the column.
type Cell struct {
	Text  string
	Place diag.Place
}

// Node makes a scalar of the cell, for the parsers of Scope.
func (c Cell) Node() *diag.Node {
	return &diag.Node{Kind: diag.Scalar, Text: c.Text, Place: c.Place, Null: c.Text == ""}
}

// Sheet is a table of cells: from a | block (cells parted by |), from a CSV side file or from a workbook. Every row has as many
// cells as the head; ragged rows are E301 and left out. No column is without a name or named twice (E302).
type Sheet struct {
	File string
	Head []Cell
	Rows [][]Cell

	ragged int  // rows left out
	commas bool // parted by semicolons or tabs, so that numbers may have decimal commas
}

// Column returns the number of a column, -1 where there is none of that name.
func (t *Sheet) Column(name string) int {
	for i, c := range t.Head {
		if c.Text == name {
			return i
		}
	}
	return -1
}

// PipeTable reads the | block under a table: key. Empty lines and lines that begin with # are skipped. All faults are told; ok
// is false where there is no head or one of its columns has no name.
func PipeTable(n *diag.Node, r *diag.Report) (sheet *Sheet, ok bool) {
	s := &Scope{Report: r}
	if n.Kind != diag.Scalar || !n.Block {
		f := s.tell("E307", nodeRaw(n), "write `table: |` and the rows on the lines below it, further in", "the table is not written as a block of lines")
		f.Label = "a | at the end of the line keeps the lines apart"
		return nil, false
	}
	sheet = &Sheet{File: n.Place.File}
	for _, line := range n.BlockLines() {
		w := rawText(line.Text, line.Place)
		if w.text == "" || strings.HasPrefix(w.text, "#") {
			continue
		}
		parts := w.split("|")
		row := make([]Cell, len(parts))
		for i, p := range parts {
			row[i] = Cell{p.text, p.at}
		}
		sheet.add(s, row, w.at)
	}
	return sheet, sheet.complete(s, n.Place)
}

// add takes the head or a row whose cells are as many as those of the head.
func (t *Sheet) add(s *Scope, row []Cell, at diag.Place) {
	if t.Head == nil {
		t.Head = row
		return
	}
	if len(row) == len(t.Head) {
		t.Rows = append(t.Rows, row)
		return
	}
	t.ragged++
	if last := row[len(row)-1].Place; last.Line == row[0].Place.Line {
		at.Col, at.EndCol = row[0].Place.Col, last.EndCol
	}
	f := s.tell("E301", raw{at: at}, "give every column a cell; write - for not offered, any for no limit",
		"this row has %s, the head has %d", plural(int64(len(row)), "cell"), len(t.Head))
	f.Cause = &diag.Cause{Place: t.Head[0].Place, Label: "the head"}
	if len(row) > len(t.Head) {
		f.Label = "too many cells"
		f.Help = extraCell(row, f.Help)
	} else {
		f.Label = "nothing stands under `" + t.Head[len(row)].Text + "`"
	}
}

// extraCell says what most often makes a cell too many: a sign at the end of the line, or a decimal comma.
func extraCell(row []Cell, help string) string {
	if row[len(row)-1].Text == "" {
		return "take away the sign that parts the cells at the end of the line"
	}
	for i, c := range row[1:] {
		frac, unit, _ := strings.Cut(c.Text, " ")
		if before := row[i].Text; allDigits(before) && allDigits(frac) && len(frac) <= 2 {
			return strings.TrimSpace("write "+before+"."+frac+" "+unit) + " with a point: a comma begins the next cell"
		}
	}
	return help
}

// complete checks the head and that there are rows.
func (t *Sheet) complete(s *Scope, at diag.Place) bool {
	if t.Head == nil {
		s.tell("E305", raw{at: at}, "write the names of the columns in the first line, then the rows", "the table has no head")
		return false
	}
	good, first := true, make(map[string]diag.Place, len(t.Head))
	for i, c := range t.Head {
		before, twice := first[c.Text]
		switch {
		case c.Text == "":
			s.tell("E302", raw{at: c.Place}, "name it, or leave out the sign that parts it off", "column %d has no name", i+1)
			good = false
		case twice:
			f := s.tell("E302", raw{at: c.Place}, "keep one of them", "the column `%s` stands twice", c.Text)
			f.Cause = &diag.Cause{Place: before, Label: "the first one"}
			good = false
		default:
			first[c.Text] = c.Place
		}
	}
	if len(t.Rows) == 0 && t.ragged == 0 {
		s.tell("E305", raw{at: t.Head[0].Place}, "write at least one row below the head", "the table has no rows")
		return false
	}
	return good
}

// parseCSV reads the text of a CSV file with a head, its cells parted by commas, semicolons or tabs, see Sheet.PointDecimals.
// Quotes are as in RFC 4180; cells are trimmed. All faults are told; ok is false where the file has no head or a column has no
// name.
func parseCSV(name string, data []byte, r *diag.Report) (sheet *Sheet, ok bool) {
	s := &Scope{Report: r}
	d := dialectOf(data)
	sheet = &Sheet{File: name, commas: d.sep != ','}
	skipped := bytes.Count(data[:d.skip], []byte("\n"))
	data = data[d.skip:]
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	reader.Comma = rune(d.sep)
	reader.TrimLeadingSpace = d.sep != '\t'
	lines := &lineIndex{data: data, skipped: skipped}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			s.tellCSV(name, lines, err)
			return nil, false
		}
		row := make([]Cell, len(record))
		for i, text := range record {
			row[i] = lines.cell(name, reader, i, text)
		}
		if len(row) > 1 || row[0].Text != "" { // a line of blanks is an empty one
			sheet.add(s, row, row[0].Place)
		}
	}
	return sheet, sheet.complete(s, diag.Place{File: name, Line: 1, Col: 1})
}

func (s *Scope) tellCSV(name string, lines *lineIndex, err error) {
	at, reason := diag.Place{File: name, Line: 1, Col: 1}, err.Error()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		at.Line, at.Col = parse.Line, lines.column(parse.Line, parse.Column)
		switch {
		case errors.Is(err, csv.ErrBareQuote):
			reason = "a quote stands in a cell that does not begin with one"
		case errors.Is(err, csv.ErrQuote) && parse.StartLine != parse.Line:
			at.Line, at.Col = parse.StartLine, 1
			reason = "a quote in this row is not closed"
		case errors.Is(err, csv.ErrQuote):
			reason = "a quote is not closed, or stands within a quoted cell"
		}
	}
	at.Line += lines.skipped
	s.tell("E306", raw{at: at}, "put the whole cell in quotes and double each quote in it: \"3.5\"\" disk\"", "%s", reason)
}

// lineIndex finds lines of a file that is read from top to bottom.
type lineIndex struct {
	data       []byte
	line, from int // from is the offset of line, which counts from 1; 0: not begun
	skipped    int // lines of the file above data
}

// text returns a line that is not above the last one asked for.
func (x *lineIndex) text(line int) []byte {
	if x.line == 0 || line < x.line {
		x.line, x.from = 1, 0
	}
	for ; x.line < line; x.line++ {
		next := bytes.IndexByte(x.data[x.from:], '\n')
		if next < 0 {
			return nil
		}
		x.from += next + 1
	}
	text, _, _ := bytes.Cut(x.data[x.from:], []byte("\n"))
	return text
}

// column turns a column in bytes into one in characters, both counted from 1.
func (x *lineIndex) column(line, col int) int {
	text := x.text(line)
	return utf8.RuneCount(text[:max(min(col-1, len(text)), 0)]) + 1
}

// cell is field i of the record that was read last.
func (x *lineIndex) cell(name string, reader *csv.Reader, i int, text string) Cell {
	line, col := reader.FieldPos(i)
	at := diag.Place{File: name, Line: line + x.skipped, Col: x.column(line, col)}
	if rest := x.text(line); col <= len(rest) && rest[col-1] == '"' {
		at.Col++
	}
	if strings.Contains(text, "\n") {
		return Cell{strings.Trim(text, blanks), at}
	}
	at.EndCol = at.Col + max(utf8.RuneCountInString(text), 1)
	w := rawText(text, at)
	return Cell{w.text, w.at}
}
