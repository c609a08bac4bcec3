package table

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// readFiles reads the list under zone_files.
func (b *zoneBuilder) readFiles(n *diag.Node) {
	if n == nil || !diag.WantList(n, "`zone_files`", b.report) {
		return
	}
	var seen []Source
	for _, item := range n.Items {
		src, ok := b.source(item)
		if !ok {
			continue
		}
		if slices.ContainsFunc(seen, func(o Source) bool { return o.File == src.File && o.Sheet == src.Sheet }) {
			tell(b.report, "E116", raw{text: src.File, at: src.At}, "leave it out", "`%s` stands twice", src.File)
			continue
		}
		seen = append(seen, src)
		f := zoneFile{b: b, name: src.File, sep: ','}
		if isWorkbook(src.File) {
			if sheet, ok := readWorkbook(b.src.FS, src, b.report); ok {
				f.sheet(sheet)
			}
			continue
		}
		if data, ok := readText(b.src.FS, src.File, src.At, b.report); ok {
			f.read(data)
		}
	}
}

// source reads an entry of zone_files: a name, or {csv: zones.xlsx, sheet: Zones}.
func (b *zoneBuilder) source(n *diag.Node) (Source, bool) {
	if n.Kind == diag.Map {
		ok := diag.Fields(n, "a zone file", SourceKeys(), b.report)
		src, named := SourceOf(n, b.report)
		return src, ok && named
	}
	if !diag.WantText(n, "the name of a CSV file", b.report) {
		return Source{}, false
	}
	return Source{File: n.Text, At: n.Place, Named: true}, true
}

// zoneFile reads country,from,to,zone row by row; a million rows leave nothing behind but their patterns.
type zoneFile struct {
	b       *zoneBuilder
	name    string
	line    int
	rows    int    // still to come, at most
	text    string // of the line
	columns [4]int // of country, from, to, zone; -1: not there; all 0: no head yet
	cells   []cell // of the row, reused
	sep     byte
	places  []Cell // of the row, in a workbook; else nil
	full    bool   // too many zones was told

	country  string // of the row before
	patterns *countryPatterns
	scope    int32
	zoneName string
	zone     ZoneID
}

// cell is a text and the column at which it begins, in bytes; in a workbook, the number of the cell in its row.
type cell struct {
	text string
	from int
}

func zoneColumns() []string { return []string{"country", "from", "to", "zone"} }

// readAtOnce is how much of a file is turned into text at a time.
const readAtOnce = 1 << 16

func (f *zoneFile) read(data []byte) {
	d := dialectOf(data)
	f.sep, f.line, data = d.sep, bytes.Count(data[:d.skip], []byte("\n")), data[d.skip:]
	f.rows = bytes.Count(data, []byte("\n")) + 1
	sound := true
	for len(data) > 0 && sound {
		n := len(data)
		if n > readAtOnce {
			if end := bytes.IndexByte(data[readAtOnce:], '\n'); end >= 0 {
				n = readAtOnce + end + 1
			}
		}
		sound = f.lines(string(data[:n]))
		data = data[n:]
	}
	if f.columns == ([4]int{}) && sound {
		f.line, f.text = 1, ""
		f.tell("E305", cell{}, "begin with a line country,from,to,zone", "`%s` has no rows", f.name)
	}
}

// sheet reads a sheet of a workbook.
func (f *zoneFile) sheet(t *Sheet) {
	f.rows = len(t.Rows)
	for i, row := range append([][]Cell{t.Head}, t.Rows...) {
		f.places, f.cells = row, f.cells[:0]
		for k, c := range row {
			f.cells = append(f.cells, cell{c.Text, k})
		}
		if i > 0 {
			f.rows--
			f.row()
		} else if !f.head(t.Head[0].Text) {
			return
		}
	}
}

// lines reads some whole lines; it returns false where the head is of no use.
func (f *zoneFile) lines(text string) bool {
	for row := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		row = strings.TrimSuffix(row, "\r")
		f.text = row
		f.line++
		f.rows--
		if strings.Trim(row, blanks) == "" || !f.split(row) {
			continue
		}
		switch {
		case f.columns == [4]int{}:
			if !f.head(row) {
				return false
			}
		case len(f.cells) != f.columnCount():
			f.tell("E301", cell{row, 0}, "give every row a cell for each column, empty ones too", "the row has %d cells, the head %d",
				len(f.cells), f.columnCount())
		default:
			f.row()
		}
	}
	return true
}

// columnCount is the number of cells of the head.
func (f *zoneFile) columnCount() int { return slices.Max(f.columns[:]) + 1 }

// split cuts a row into cells; quotes may stand around one.
func (f *zoneFile) split(row string) bool {
	f.cells = f.cells[:0]
	quotes := strings.IndexByte(row, '"') >= 0
	for at := 0; ; {
		rest := row[at:]
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 || end+2 < len(rest) && rest[end+2] != f.sep {
				f.tell("E306", cell{rest, at}, "close the quotes before the sign that parts the cells; a zone file needs none", "the quotes are wrong")
				return false
			}
			f.cells = append(f.cells, cell{rest[1 : end+1], at + 1})
			if end+2 == len(rest) {
				return true
			}
			at += end + 3
			continue
		}
		end := strings.IndexByte(rest, f.sep)
		last := end < 0
		if last {
			end = len(rest)
		}
		c := trimmed(rest[:end], at)
		if quotes && strings.Contains(c.text, `"`) {
			f.tell("E306", c, "take it away; a zone file needs no quotes", "a quote stands within a cell")
			return false
		}
		if f.cells = append(f.cells, c); last {
			return true
		}
		at += end + 1
	}
}

func trimmed(text string, at int) cell {
	left := strings.TrimLeft(text, blanks)
	return cell{strings.TrimRight(left, blanks), at + len(text) - len(left)}
}

// head reads the names of the columns, in any order; to may be missing.
func (f *zoneFile) head(row string) bool {
	f.columns = [4]int{-1, -1, -1, -1}
	names, sound := zoneColumns(), true
	for i, c := range f.cells {
		at := slices.Index(names, strings.ToLower(c.text))
		switch {
		case at < 0:
			f.tell("E302", c, "the columns are "+strings.Join(names, ", "), "`%s` is not a column of a zone file", c.text)
			sound = false
		case f.columns[at] >= 0:
			f.tell("E302", c, "leave one of them out", "the column `%s` stands twice", c.text)
			sound = false
		default:
			f.columns[at] = i
		}
	}
	for i, name := range names {
		if f.columns[i] < 0 && name != "to" && sound {
			f.tell("E302", cell{row, 0}, "the columns are "+strings.Join(names, ", "), "there is no column `%s`", name)
			sound = false
		}
	}
	return sound
}

func (f *zoneFile) cell(column int) cell {
	if f.columns[column] < 0 {
		return cell{}
	}
	return f.cells[f.columns[column]]
}

// row reads one row.
func (f *zoneFile) row() {
	country, from, to, zone := f.cell(0), f.cell(1), f.cell(2), f.cell(3)
	if zone.text == "" {
		f.tell(codeZoneUnknown, zone, "name the zone in each row", "the row names no zone")
		return
	}
	if !f.findZone(zone) || !f.findCountry(country) {
		return
	}
	var spans []span
	var bad *flaw
	at := from
	shape := &f.patterns.shape
	switch {
	case from.text == "":
		f.tell(codeZonePostcode, from, "write the first postcode, or all for the whole country", "the row names no postcode")
		return
	case to.text == "":
		spans, bad = patternOf(shape, f.patterns.code, from.text, f.b.spans[:0])
	default:
		spans, bad = rangeOf(shape, f.patterns.code, from.text, to.text, f.b.spans[:0])
		if bad != nil && bad.from > 0 {
			at = to
		}
	}
	f.b.spans = spans
	if bad != nil {
		d := f.tell(bad.code, at, bad.help, "%s", bad.message)
		d.Label = bad.label
		return
	}
	if p := f.patterns; len(p.ivals) == cap(p.ivals) { // few copies of what grows to millions
		p.ivals = slices.Grow(p.ivals, min(f.rows, 4*len(p.ivals))+len(spans))
	}
	f.patterns.add(f.scope, f.zone, spans)
}

// findZone sets the zone of the row.
func (f *zoneFile) findZone(c cell) bool {
	if c.text == f.zoneName {
		return true
	}
	id, known := f.b.zones.byName[c.text]
	if !known {
		var ok bool
		if id, ok = f.b.zone(strings.Clone(c.text), f.place(c)); !ok {
			if !f.full {
				f.b.tooMany(f.place(c))
			}
			f.full = true
			return false
		}
	}
	f.zoneName, f.zone = f.b.zones.names[id], id
	f.b.placed[id] = true
	return true
}

// findCountry sets the country of the row.
func (f *zoneFile) findCountry(c cell) bool {
	if c.text == f.country && c.text != "" {
		return true
	}
	country, region, bad := parseCountry(c.text)
	if bad != nil {
		d := f.tell(bad.code, c, bad.help, "%s", bad.message)
		d.Label = bad.label
		return false
	}
	f.country, f.patterns = c.text, f.b.patterns(strings.Clone(country))
	f.scope = f.patterns.scope(strings.Clone(region))
	return true
}

func (f *zoneFile) place(c cell) diag.Place {
	if f.places != nil {
		return f.places[min(c.from, len(f.places)-1)].Place
	}
	col := utf8.RuneCountInString(f.text[:c.from]) + 1
	return diag.Place{File: f.name, Line: f.line, Col: col, EndCol: col + max(1, utf8.RuneCountInString(c.text))}
}

func (f *zoneFile) tell(code string, c cell, help, format string, args ...any) *diag.Finding {
	return tell(f.b.report, code, raw{text: c.text, at: f.place(c)}, help, format, args...)
}
