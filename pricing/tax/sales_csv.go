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
	columns [colCount]int // place of each column in a row; -1: not there
	width   int           // cells of the head; 0: no head yet
	cells   []table.Cell  // of the line, reused

	state string // of the row before, as written
	asked bool   // there is a row before
	code  string // of that state; "" where it is wrong
	kept  bool   // the state is one of collect_in
	tiny  bool   // a rate that looks like a fraction was told; one is enough
}

// readRateFiles reads the list under rate_files: names of CSV files, or of workbooks and their sheets.
func (l *loader) readRateFiles(n *diag.Node) {
	s := l.table.sales
	rows := &rateRows{sales: s, report: l.report, known: map[levels]uint32{}, rows: map[rowKey][]rateRow{}}
	if n != nil && diag.WantList(n, "`rate_files`", l.report) {
		var seen []table.Source
		for _, item := range n.Items {
			src, ok := l.rateSource(item)
			switch {
			case !ok:
			case slices.ContainsFunc(seen, func(o table.Source) bool { return o.File == src.File && o.Sheet == src.Sheet }):
				l.report.Errorf("E116", item.Place, "`%s` stands twice", src.File).Help = "leave it out"
			case len(s.files) == maxRateFiles:
				l.report.Errorf(diag.CodeTooLarge, item.Place, "there are too many rate files").Help = "put them together"
			default:
				seen = append(seen, src)
				l.readRateFile(src, rows)
			}
		}
	}
	rows.build()
}

// rateSource reads an entry of rate_files: a name, or {csv: rates.xlsx, sheet: Rates}.
func (l *loader) rateSource(n *diag.Node) (table.Source, bool) {
	if n.Kind == diag.Map {
		ok := diag.Fields(n, "a rate file", table.SourceKeys(), l.report)
		src, named := table.SourceOf(n, l.report)
		return src, ok && named
	}
	return table.Source{File: n.Text, At: n.Place, Named: true}, diag.WantText(n, "the name of a rate file", l.report)
}

// readRateFile reads plain CSV as a stream, and whatever else a spreadsheet writes as a sheet.
func (l *loader) readRateFile(src table.Source, rows *rateRows) {
	s := l.table.sales
	s.files = append(s.files, rateSource{name: src.File})
	f := rateFile{l: l, rows: rows, name: src.File, file: uint16(len(s.files) - 1)} //nolint:gosec // bounded by the caller
	if strings.HasSuffix(strings.ToLower(src.File), ".csv") {
		data, ok := diag.ReadBytes(l.fsys, src.File, diag.MaxCSV, src.At, l.report)
		if !ok {
			return
		}
		if text := bytes.TrimPrefix(data, []byte("\ufeff")); plain(text) {
			l.report.AddSource(src.File, text)
			f.read(text)
			return
		}
	}
	if sheet, ok := table.ReadSheet(l.fsys, src, l.report); ok {
		f.sheet(sheet)
	}
}

// plain reports whether a file is UTF-8 text whose head is parted by commas.
func plain(text []byte) bool {
	head, _, _ := bytes.Cut(text, []byte("\n"))
	odd := func(r rune) bool { return r == ';' || r < ' ' && r != '\r' }
	return utf8.Valid(text) && bytes.IndexByte(text, 0) < 0 && !bytes.ContainsFunc(head, odd)
}

// sheet reads what was a spreadsheet.
func (f *rateFile) sheet(t *table.Sheet) {
	f.cells, f.line = t.Head, t.Head[0].Place.Line
	f.rows.sales.files[f.file].sheet, _, _ = strings.Cut(t.Head[0].Place.Cell, ", cell ")
	if !f.head() {
		return
	}
	var numbers []int
	for _, at := range f.columns[colRates : colRates+levelCount] {
		if at >= 0 {
			numbers = append(numbers, at)
		}
	}
	if !t.PointDecimals(&f.l.scope, numbers...) {
		return
	}
	for _, row := range t.Rows {
		f.cells, f.line = row, row[0].Place.Line
		f.row()
	}
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

// split cuts a line into cells; quotes may stand around one, and then there may be commas in it.
func (f *rateFile) split(text string) bool {
	f.cells = f.cells[:0]
	col := 1
	for {
		lead := len(text) - len(strings.TrimLeft(text, " \t\u00a0"))
		at := diag.Place{File: f.name, Line: f.line, Col: col + utf8.RuneCountInString(text[:lead])}
		end, from := strings.IndexByte(text, ','), 0
		if strings.HasPrefix(text[lead:], `"`) {
			closing := strings.IndexByte(text[lead+1:], '"')
			rest := strings.IndexByte(text[lead+1+max(closing, 0):], ',')
			if closing < 0 {
				return f.quotes(at)
			}
			if end = rest; rest >= 0 {
				end += lead + 1 + closing
			}
			from = lead + 1
			at.Col++
		}
		cell := text
		if end >= 0 {
			cell = text[:end]
		}
		body := strings.TrimSpace(cell[from:])
		if from > 0 {
			if body = strings.TrimSpace(strings.TrimSuffix(body, `"`)); strings.Contains(body, `"`) {
				return f.quotes(at)
			}
		}
		at.EndCol = at.Col + max(utf8.RuneCountInString(body), 1)
		f.cells = append(f.cells, table.Cell{Text: body, Place: at})
		if end < 0 {
			return true
		}
		col += utf8.RuneCountInString(cell) + 1
		text = text[end+1:]
	}
}

// quotes tells wrong ones.
func (f *rateFile) quotes(at diag.Place) bool {
	f.l.report.Errorf("E306", at, "the quotes are wrong").Help = "a rate file needs none; leave them out"
	return false
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

// readState reads the state of a row, most often that of the row before; a wrong one is told once for the rows that follow.
func (f *rateFile) readState(c table.Cell) bool {
	if c.Text == f.state && f.asked {
		return f.code != ""
	}
	f.state, f.asked = c.Text, true
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
		p, good := f.l.scope.PercentText(c.Text, salesDecimals, c.Place)
		if good && i == 0 && !f.tiny {
			f.tiny = f.l.warnTiny(p, c.Text, c.Place)
		}
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
