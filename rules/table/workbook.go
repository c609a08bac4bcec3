package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/kvitto/kvitto/rules/diag"
)

// Codes of workbooks.
const (
	codeWorkbook  = "E023" // cannot be read at all
	codeSheetName = "E024"
	codeSheetCell = "E118"
	codeShowsLess = "W302"
)

// Limits of a workbook: a price list, a list of shops or of products is far below them; longer lists belong into CSV files.
const (
	maxUnpacked = 32 << 20 // bytes of all its parts
	maxParts    = 1000
	maxColumns  = 200
	maxCells    = 100_000
	maxCellText = 4 << 10
	maxMerged   = 1000
)

// oleHeader begins the workbooks of before 2007, and those with a password.
const oleHeader = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// isWorkbook reports whether a name is that of a spreadsheet's own file, whether or not it can be read.
func isWorkbook(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods":
		return true
	}
	return false
}

// workbook is a sheet of a workbook while it is read.
type workbook struct {
	file  *excelize.File
	name  string
	sheet string
	r     *diag.Report
	codes map[int]numberFormat // by style
	date1 bool                 // days count from 1904
	less  int                  // cells that show less than they hold
	first diag.Place           // of those
	text  string               // what the first of them holds and shows
}

// readWorkbook reads a sheet of a workbook, the only one where src names none. Cells are what they show: numbers with the
// decimals of their format, exactly, without signs between thousands; dates as 2026-01-31, times as 14:00.
func readWorkbook(fsys fs.FS, src Source, r *diag.Report) (sheet *Sheet, ok bool) {
	data, ok := diag.ReadBytes(fsys, src.File, diag.MaxXLSX, src.At, r)
	if !ok {
		return nil, false
	}
	return parseWorkbook(data, src, r)
}

func parseWorkbook(data []byte, src Source, r *diag.Report) (sheet *Sheet, ok bool) {
	b := &workbook{name: src.File, r: r, codes: map[int]numberFormat{}}
	if !b.admit(data) {
		return nil, false
	}
	defer func() {
		if p := recover(); p != nil { // the library trusts that the parts of a workbook fit together
			b.broken(fmt.Errorf("%v", p))
			sheet, ok = nil, false
		}
	}()
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		b.broken(err)
		return nil, false
	}
	defer func() {
		if err := file.Close(); err != nil {
			b.broken(err)
			sheet, ok = nil, false
		}
	}()
	b.file = file
	if !b.choose(src) || !b.admitSheet() {
		return nil, false
	}
	props, err := file.GetWorkbookProps()
	if err != nil {
		b.broken(err)
		return nil, false
	}
	b.date1 = props.Date1904 != nil && *props.Date1904
	return b.read()
}

// admit looks at the parts of a workbook before any of them is unpacked.
func (b *workbook) admit(data []byte) bool {
	const save = "save it as an Excel workbook (.xlsx), or the sheet as CSV UTF-8"
	at := diag.Place{File: b.name, Line: 1, Col: 1}
	if bytes.HasPrefix(data, []byte(oleHeader)) {
		tellWorkbook(b.r, at, "take the password off and "+save, "`%s` has a password, or is of Excel 97 to 2003", b.name)
		return false
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tellWorkbook(b.r, at, save, "`%s` is not a workbook, or only part of one", b.name)
		return false
	}
	var unpacked uint64
	main := false
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))
		main = main || name == "xl/workbook.xml"
		if strings.HasSuffix(name, "vbaproject.bin") {
			tellWorkbook(b.r, at, save+", without macros", "`%s` holds macros", b.name)
			return false
		}
		if f.UncompressedSize64 > maxUnpacked {
			unpacked = maxUnpacked
		}
		unpacked += f.UncompressedSize64
		if unpacked > maxUnpacked || len(z.File) > maxParts {
			tellWorkbook(b.r, at, "keep the sheet alone in a workbook, or save it as CSV UTF-8",
				"`%s` is too large: unpacked it has more than %d MiB or %d parts", b.name, maxUnpacked>>20, maxParts)
			return false
		}
	}
	if !main {
		tellWorkbook(b.r, at, save, "`%s` is a packed file, but not an Excel workbook", b.name)
	}
	return main
}

// choose finds the sheet.
func (b *workbook) choose(src Source) bool {
	all := b.file.GetSheetList()
	if src.Sheet != "" {
		for _, name := range all {
			if name == src.Sheet {
				b.sheet = name
				return true
			}
		}
		f := b.r.Errorf(codeSheetName, src.SheetAt, "there is no sheet `%s` in %s", src.Sheet, b.name)
		f.Help = "its sheets are " + strings.Join(all, ", ")
		if near := diag.Suggest(src.Sheet, all); near != "" {
			f.Help, f.Fix = "did you mean `"+near+"`? its sheets are "+strings.Join(all, ", "), near
		}
		return false
	}
	var shown []string
	for _, name := range all {
		if visible, err := b.file.GetSheetVisible(name); err == nil && visible {
			shown = append(shown, name)
		}
	}
	if len(shown) == 1 {
		b.sheet = shown[0]
		return true
	}
	at := src.At
	if at.File == "" {
		at = diag.Place{File: b.name, Line: 1, Col: 1}
	}
	f := b.r.Errorf(codeSheetName, at, "%s has %s; which one is meant?", b.name, plural(int64(len(shown)), "sheet"))
	f.Help = "keep one sheet in the workbook"
	if len(shown) > 0 && src.Named {
		f.Help = "write sheet: " + shown[0] + " beside it; its sheets are " + strings.Join(shown, ", ")
	}
	return false
}

// admitSheet bounds what reading the sheet may cost.
func (b *workbook) admitSheet() bool {
	merged := 0
	b.file.Pkg.Range(func(_, v any) bool {
		if part, ok := v.([]byte); ok {
			merged = max(merged, bytes.Count(part, []byte("mergeCell ")))
		}
		return true
	})
	if merged > maxMerged {
		b.tell(codeWorkbook, diag.Place{File: b.name, Line: 1, Col: 1}, "take the joined cells apart", "more than %d cells of %s are joined", maxMerged, b.name)
		return false
	}
	rows, err := b.file.Rows(b.sheet)
	if err != nil {
		b.broken(err)
		return false
	}
	n, widest := 0, 0
	for rows.Next() {
		cols, err := rows.Columns()
		if err != nil {
			b.broken(err)
			return false
		}
		n++
		widest = max(widest, len(cols))
		if widest > maxColumns || n*max(widest, 1) > maxCells {
			f := b.tell(codeWorkbook, b.place(widest, n), "save the sheet as CSV UTF-8, or take away what is not part of the list",
				"this sheet is too large")
			f.Label = fmt.Sprintf("at most %d columns and %d cells are read", maxColumns, maxCells)
			return false
		}
	}
	if err := errors.Join(rows.Error(), rows.Close()); err != nil {
		b.broken(err)
		return false
	}
	return true
}

// read reads the rows; empty ones are left out, and what is empty beyond the head.
func (b *workbook) read() (*Sheet, bool) {
	rows, err := b.file.Rows(b.sheet)
	if err != nil {
		b.broken(err)
		return nil, false
	}
	s, sheet, good := &Scope{Report: b.r}, &Sheet{File: b.name}, true
	for n := 1; rows.Next(); n++ {
		texts, err := rows.Columns()
		if err != nil {
			b.broken(err)
			return nil, false
		}
		row, ok := b.row(texts, n, len(sheet.Head))
		good = good && ok
		if len(row) > 0 {
			sheet.add(s, row, row[0].Place)
		}
	}
	b.tellLess()
	return sheet, sheet.complete(s, b.place(1, 1)) && good
}

// row reads row n; a row of empty cells is none. head is how many columns there are, 0 for the head itself.
func (b *workbook) row(texts []string, n, head int) ([]Cell, bool) {
	row, used, good := make([]Cell, 0, max(len(texts), head)), 0, true
	for i, text := range texts {
		c := Cell{Place: b.place(i+1, n)}
		var ok bool
		if c.Text, ok = b.shown(text, c.Place, i+1, n); !ok {
			good = false
		}
		c.Text = strings.Trim(c.Text, blanks)
		if c.Text != "" || !ok {
			used = i + 1
		}
		row = append(row, c)
	}
	if used == 0 {
		return nil, good
	}
	row = row[:max(used, min(head, len(row)))]
	for i := len(row); i < head; i++ {
		row = append(row, Cell{Place: b.place(i+1, n)})
	}
	return row, good
}

// place is a cell, both numbers from 1.
func (b *workbook) place(col, row int) diag.Place {
	name, err := excelize.CoordinatesToCellName(max(col, 1), max(row, 1))
	if err != nil {
		name = fmt.Sprintf("of row %d and column %d", row, col)
	}
	return diag.Place{File: b.name, Line: row, Col: col, Cell: "sheet " + b.sheet + ", cell " + name}
}

// tellLess warns of cells that hold more than they show.
func (b *workbook) tellLess() {
	if b.less == 0 {
		return
	}
	f := b.r.Warnf(codeShowsLess, b.first, "%s", b.text)
	f.Help = "round the value itself, so that nobody is surprised"
	if b.less > 1 {
		f.Label = "so do " + plural(int64(b.less-1), "more cell") + " of this sheet"
	}
}

func (b *workbook) broken(err error) {
	f := b.tell(codeWorkbook, diag.Place{File: b.name, Line: 1, Col: 1}, "open it in a spreadsheet and save it anew as .xlsx", "`%s` cannot be read", b.name)
	f.Notes = []string{err.Error()}
}

func (b *workbook) tell(code string, at diag.Place, help, format string, args ...any) *diag.Finding {
	return tell(b.r, code, raw{at: at}, help, format, args...)
}

func tellWorkbook(r *diag.Report, at diag.Place, help, format string, args ...any) {
	tell(r, codeWorkbook, raw{at: at}, help, format, args...)
}
