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
	var seen []string
	for _, item := range n.Items {
		if !diag.WantText(item, "the name of a CSV file", b.report) {
			continue
		}
		if slices.Contains(seen, item.Text) {
			tell(b.report, "E116", nodeRaw(item), "leave it out", "`%s` stands twice", item.Text)
			continue
		}
		seen = append(seen, item.Text)
		if data, ok := diag.ReadFile(b.src.FS, item.Text, diag.MaxCSV, item.Place, b.report); ok {
			f := zoneFile{b: b, name: item.Text}
			f.read(data)
		}
	}
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
	full    bool   // too many zones was told

	country  string // of the row before
	patterns *countryPatterns
	scope    int32
	zoneName string
	zone     ZoneID
}

// cell is a text and the column at which it begins, in bytes.
type cell struct {
	text string
	from int
}

func zoneColumns() []string { return []string{"country", "from", "to", "zone"} }

// readAtOnce is how much of a file is turned into text at a time.
const readAtOnce = 1 << 16

func (f *zoneFile) read(data []byte) {
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
	for at := 0; ; {
		rest := row[at:]
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 || end+2 < len(rest) && rest[end+2] != ',' {
				f.tell("E306", cell{rest, at}, "close the quotes before the comma; a zone file needs none", "the quotes are wrong")
				return false
			}
			f.cells = append(f.cells, cell{rest[1 : end+1], at + 1})
			if end+2 == len(rest) {
				return true
			}
			at += end + 3
			continue
		}
		end := strings.IndexByte(rest, ',')
		if end < 0 {
			f.cells = append(f.cells, trimmed(rest, at))
			return true
		}
		f.cells = append(f.cells, trimmed(rest[:end], at))
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
	if len(f.cells) == 1 && strings.ContainsAny(row, ";\t") {
		f.tell("E308", cell{row, 0}, "save it as CSV with commas", "the cells are parted by semicolons or tabs, not by commas")
		return false
	}
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
	col := utf8.RuneCountInString(f.text[:c.from]) + 1
	return diag.Place{File: f.name, Line: f.line, Col: col, EndCol: col + max(1, utf8.RuneCountInString(c.text))}
}

func (f *zoneFile) tell(code string, c cell, help, format string, args ...any) *diag.Finding {
	return tell(f.b.report, code, raw{text: c.text, at: f.place(c)}, help, format, args...)
}
