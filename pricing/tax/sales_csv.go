package tax

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Columns of a rate file, in the order of rateColumns.
const (
	colState = iota
	colZIPFrom
	colZIPTo
	colRates // the first of four
	colFrom  = colRates + levelCount
	colCount = colFrom + 1
)

func rateColumns() []string {
	return []string{"state", "zip_from", "zip_to", "state_rate", "county_rate", "city_rate", "special_rate", "from"}
}

// mayLack reports whether a rate file may do without a column: zip_to is then zip_from, a rate is 0, from is always.
func mayLack(column int) bool {
	return column != colState && column != colZIPFrom && column != colRates
}

// maxRateFiles bounds the files of a rulebook, maxRateRows the lines of one.
const (
	maxRateFiles = math.MaxUint16
	maxRateRows  = math.MaxInt32
)

// rateFile reads a rate file line by line; a row leaves nothing behind but 20 bytes.
type rateFile struct {
	l       *loader
	rows    *rateRows
	name    string
	file    uint16
	line    int
	sep     byte
	columns [colCount]int // place of each column in a row; -1: not there
	width   int           // cells of the head; 0: no head yet
	cells   []table.Cell  // of the line, reused

	state string // of the row before, as written
	code  string // of that state; "" where it is wrong
	kept  bool   // the state is one of collect_in
}

// readRateFiles reads the list under rate_files.
func (l *loader) readRateFiles(n *diag.Node) {
	s := l.table.sales
	rows := &rateRows{sales: s, report: l.report, known: map[levels]uint32{}, rows: map[rowKey][]rateRow{}}
	if n != nil && diag.WantList(n, "`rate_files`", l.report) {
		for _, item := range n.Items {
			l.readRateFile(item, rows)
		}
	}
	rows.build()
}

func (l *loader) readRateFile(n *diag.Node, rows *rateRows) {
	s := l.table.sales
	if !diag.WantText(n, "the name of a rate file", l.report) {
		return
	}
	if slices.Contains(s.files, n.Text) {
		l.report.Errorf("E116", n.Place, "`%s` stands twice", n.Text).Help = "leave it out"
		return
	}
	if len(s.files) == maxRateFiles {
		l.report.Errorf(diag.CodeTooLarge, n.Place, "there are too many rate files").Help = "put them together"
		return
	}
	data, ok := diag.ReadFile(l.fsys, n.Text, diag.MaxCSV, n.Place, l.report)
	if !ok {
		return
	}
	s.files = append(s.files, n.Text)
	f := rateFile{l: l, rows: rows, name: n.Text, file: uint16(len(s.files) - 1)} //nolint:gosec // bounded above
	f.read(data)
}

func (f *rateFile) read(data []byte) {
	sound := true
	for len(data) > 0 && sound && f.line < maxRateRows {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		f.line++
		text := string(bytes.TrimSuffix(line, []byte("\r")))
		if strings.TrimSpace(text) == "" {
			continue
		}
		sound = f.take(text)
	}
	if f.width == 0 && sound {
		at := diag.Place{File: f.name, Line: 1, Col: 1}
		f.l.report.Errorf("E305", at, "`%s` has no rows", f.name).Help = "begin with a line " + strings.Join(rateColumns(), ",")
	}
}

// take reads a line that is not empty; false ends the file.
func (f *rateFile) take(text string) bool {
	if f.width == 0 {
		f.sep = ','
		if !strings.Contains(text, ",") && strings.Contains(text, ";") {
			f.sep = ';'
		}
	}
	if !f.split(text) {
		return f.width > 0
	}
	switch {
	case f.width == 0:
		return f.head()
	case len(f.cells) != f.width:
		at := f.cells[0].Place
		at.EndCol = f.cells[len(f.cells)-1].Place.EndCol
		x := f.l.report.Errorf("E301", at, "this row has %d cells, the head has %d", len(f.cells), f.width)
		x.Help = "give every row a cell for each column"
	default:
		f.row()
	}
	return true
}

// split cuts a line into cells; quotes may stand around one.
func (f *rateFile) split(text string) bool {
	f.cells = f.cells[:0]
	col := 1
	for {
		part, rest, more := strings.Cut(text, string(f.sep))
		cell := strings.TrimSpace(part)
		lead := utf8.RuneCountInString(part[:strings.Index(part, cell)])
		c := table.Cell{Text: cell, Place: diag.Place{File: f.name, Line: f.line, Col: col + lead}}
		if strings.HasPrefix(cell, `"`) {
			if len(cell) < 2 || !strings.HasSuffix(cell, `"`) || strings.Contains(cell[1:len(cell)-1], `"`) {
				f.l.report.Errorf("E306", c.Place, "the quotes are wrong").Help = "a rate file needs none; leave them out"
				return false
			}
			c.Text, c.Place.Col = strings.TrimSpace(cell[1:len(cell)-1]), c.Place.Col+1
		}
		c.Place.EndCol = c.Place.Col + max(utf8.RuneCountInString(c.Text), 1)
		f.cells = append(f.cells, c)
		if !more {
			return true
		}
		col += utf8.RuneCountInString(part) + 1
		text = rest
	}
}

// head reads the names of the columns, in any order.
func (f *rateFile) head() bool {
	names, sound := rateColumns(), true
	for i := range f.columns {
		f.columns[i] = -1
	}
	all := "the columns are " + strings.Join(names, ", ")
	for i, c := range f.cells {
		at := slices.Index(names, strings.ToLower(c.Text))
		switch {
		case at < 0:
			x := f.l.report.Errorf("E302", c.Place, "`%s` is not a column of a rate file", c.Text)
			if x.Help = all; c.Text != "" {
				x.Fix = diag.Suggest(c.Text, names)
			}
			sound = false
		case f.columns[at] >= 0:
			f.l.report.Errorf("E302", c.Place, "the column `%s` stands twice", c.Text).Help = "leave one of them out"
			sound = false
		default:
			f.columns[at] = i
		}
	}
	for i, name := range names {
		if sound && f.columns[i] < 0 && !mayLack(i) {
			f.l.report.Errorf("E302", f.cells[0].Place, "there is no column `%s`", name).Help = all
			sound = false
		}
	}
	f.width = len(f.cells)
	return sound
}

// cell returns the cell of a column, one without text where the file has no such column.
func (f *rateFile) cell(column int) table.Cell {
	if at := f.columns[column]; at >= 0 {
		return f.cells[at]
	}
	return table.Cell{}
}

func (f *rateFile) row() {
	ok := f.readState(f.cell(colState))
	from, okFrom := f.zip(f.cell(colZIPFrom))
	to := from
	if c := f.cell(colZIPTo); c.Text != "" && okFrom {
		if to, okFrom = f.zip(c); okFrom && to < from {
			x := f.l.report.Errorf(codeZIPRange, c.Place, "the range ends at %s, before it begins at %s", c.Text, zipText(from))
			x.Help = "exchange the two"
			okFrom = false
		}
	}
	rate, okRate := f.rates()
	day, okDay := everSince, true
	if c := f.cell(colFrom); c.Text != "" {
		day, okDay = f.l.scope.DateText(c.Text, c.Place)
	}
	if ok && okFrom && okRate && okDay && f.kept {
		f.rows.add(f.code, day, rateRow{from: from, to: to, line: int32(f.line), file: f.file}, rate) //nolint:gosec // at most maxRateRows
	}
}

// readState reads the state of a row, most often that of the row before.
func (f *rateFile) readState(c table.Cell) bool {
	if c.Text == f.state && f.code != "" {
		return true
	}
	f.state = c.Text
	code, ok := f.l.usState(c.Node())
	f.code, f.kept = code, f.l.table.sales.states[code] != nil
	return ok
}

func (f *rateFile) zip(c table.Cell) (int32, bool) {
	zip, ok := parseZIP(c.Text)
	if ok && len(c.Text) == 5 {
		return zip, true
	}
	x := f.l.report.Errorf(codeZIP, c.Place, "`%s` is not a ZIP of five digits", c.Text)
	x.Help = "write e.g. 06010; a range goes from zip_from to zip_to"
	if n := len(c.Text); n > 2 && n < 5 && strings.Trim(c.Text, "0123456789") == "" {
		x.Fix = strings.Repeat("0", 5-n) + c.Text
		x.Label, x.Help = "a spreadsheet has taken off its leading zeros", "write "+x.Fix
	} else if ok {
		x.Fix = c.Text[:5]
		x.Help = "write " + x.Fix + "; rates go by the first five digits"
	}
	return 0, false
}

// rates reads the four rates of a row.
func (f *rateFile) rates() (rate levels, ok bool) {
	ok = true
	for i := range rate {
		c := f.cell(colRates + i)
		if f.columns[colRates+i] < 0 {
			continue
		}
		if c.Text == "" {
			f.l.report.Errorf(codeNoRate, c.Place, "there is no %s here", rateColumns()[colRates+i]).Help = "write 0 where there is no such tax"
			ok = false
			continue
		}
		if f.sep == ';' && strings.Count(c.Text, ",") == 1 && !strings.Contains(c.Text, ".") {
			c.Text = strings.Replace(c.Text, ",", ".", 1)
		}
		p, good := f.l.scope.PercentText(c.Text, salesDecimals, c.Place)
		rate[i], ok = p, ok && good
	}
	if ok && rate.sum() > wholePercent {
		f.l.report.Errorf("E110", f.cell(colRates).Place, "the rates of this row sum up to %s, over 100", rate.sum()).Help = "write rates in per cent: 4.5 for 4.5 %"
		ok = false
	}
	return rate, ok
}

// salesDecimals is how many decimals of a per cent a rate may have; wholePercent is 100 %.
const (
	salesDecimals               = 4
	wholePercent  table.Percent = 1_000_000
)
