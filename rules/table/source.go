package table

import (
	"io/fs"

	"github.com/kvitto/kvitto/rules/diag"
)

// Source names a side file: a CSV file, or a sheet of a workbook.
type Source struct {
	File    string     // ends in .xlsx where it is a workbook
	Sheet   string     // of a workbook; "": the only one it has
	At      diag.Place // where File was written
	SheetAt diag.Place // where Sheet was written
	Named   bool       // a sheet can be named beside File
}

// SourceKeys are the keys of a map that names a side file, for those who check its other keys.
func SourceKeys() []string { return []string{"csv", "sheet"} }

// SourceOf reads `csv` and `sheet` of a map, e.g. {csv: prices.xlsx, sheet: Prices}; it knows no other key of it. ok is false
// where a finding was added; a map without csv is one of them.
func SourceOf(n *diag.Node, r *diag.Report) (src Source, ok bool) {
	s := &Scope{Report: r}
	csv, sheet := n.Get("csv"), n.Get("sheet")
	if csv == nil {
		f := r.Errorf(diag.CodeMissingKey, n.Place, "there is no `csv`")
		f.Help = "write {csv: prices.csv}, or {csv: prices.xlsx, sheet: Prices}"
		return Source{}, false
	}
	w, ok := s.scalar(csv, "the name of a CSV file or of a workbook", "prices.csv")
	if !ok {
		return Source{}, false
	}
	src = Source{File: w.text, At: csv.Place, Named: true}
	if sheet == nil {
		return src, true
	}
	if w, ok = s.scalar(sheet, "the name of a sheet", "Prices"); !ok {
		return Source{}, false
	}
	src.Sheet, src.SheetAt = w.text, sheet.Place
	if !isWorkbook(src.File) {
		s.tell(diag.CodeShape, nodeRaw(sheet), "leave `sheet` out, or name a workbook (.xlsx)", "`%s` has no sheets", src.File)
		return Source{}, false
	}
	return src, true
}

// ReadSheet reads a side file with a head. CSV may be parted by commas, semicolons or tabs (see Sheet.PointDecimals) and be
// UTF-8, UTF-16 with a byte order mark or Windows-1252, the latter two with a warning; cells are trimmed. All faults are told,
// those of a workbook by cell; ok is false where the file cannot be read, has no head, or a column has no name.
func ReadSheet(fsys fs.FS, src Source, r *diag.Report) (sheet *Sheet, ok bool) {
	if isWorkbook(src.File) {
		return readWorkbook(fsys, src, r)
	}
	data, ok := readText(fsys, src.File, src.At, r)
	if !ok {
		return nil, false
	}
	return parseCSV(src.File, data, r)
}
