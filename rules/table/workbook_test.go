package table_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// fixedNumber is a number that a cell shows with two decimals.
type fixedNumber float64

// formatted is a value with a number format of its own.
type formatted struct {
	value  any
	format string
}

// workbookOf makes a workbook of one sheet, Prices. A text that begins with = is a formula.
func workbookOf(t *testing.T, cells map[string]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	must(t, f.SetSheetName("Sheet1", "Prices"))
	for at, v := range cells {
		format := ""
		switch x := v.(type) {
		case fixedNumber:
			v, format = float64(x), "0.00"
		case formatted:
			v, format = x.value, x.format
		}
		if text, ok := v.(string); ok && strings.HasPrefix(text, "=") {
			must(t, f.SetCellFormula("Prices", at, text[1:]))
			continue
		}
		must(t, f.SetCellValue("Prices", at, v))
		if format != "" {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(t, err)
			must(t, f.SetCellStyle("Prices", at, at, id))
		}
	}
	return bytesOf(t, f)
}

func bytesOf(t *testing.T, f *excelize.File) []byte {
	t.Helper()
	buf, err := f.WriteToBuffer()
	must(t, err)
	must(t, f.Close())
	return buf.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func readBook(t *testing.T, data []byte, sheet string, r *diag.Report) *table.Sheet {
	t.Helper()
	fsys := fstest.MapFS{"prices.xlsx": &fstest.MapFile{Data: data}}
	s, _ := table.ReadSheet(fsys, table.Source{File: "prices.xlsx", Sheet: sheet, Named: true,
		At: diag.Place{File: "t.yaml", Line: 3, Col: 5}, SheetAt: diag.Place{File: "t.yaml", Line: 3, Col: 20}}, r)
	return s
}

// repack rewrites parts of a workbook; a nil result leaves a part out.
func repack(t *testing.T, data []byte, change func(name string, part []byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		rc, err := f.Open()
		must(t, err)
		part, err := io.ReadAll(rc)
		must(t, err)
		if part = change(f.Name, part); part == nil {
			continue
		}
		e, err := w.Create(f.Name)
		must(t, err)
		_, err = e.Write(part)
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

// rawCell makes a workbook whose cell A2 holds the raw value v in a format.
func rawCell(t *testing.T, v, format string) []byte {
	t.Helper()
	data := workbookOf(t, map[string]any{"A1": "a", "A2": formatted{7.25, format}})
	return repack(t, data, func(name string, part []byte) []byte {
		if name == "xl/worksheets/sheet1.xml" {
			return bytes.Replace(part, []byte("<v>7.25</v>"), []byte("<v>"+v+"</v>"), 1)
		}
		return part
	})
}

// TestCellsAreWhatTheyShow: numbers come out as shown, exactly, whatever the raw value's binary noise.
func TestCellsAreWhatTheyShow(t *testing.T) {
	t.Parallel()
	tests := []struct{ raw, format, want, told string }{
		{"49.9", "0.00", "49.90", ""},
		{"49.9", "General", "49.9", ""},
		{"49.900000000000006", "General", "49.9", ""},
		{"49.900000000000006", "0.00", "49.90", ""},
		{"0.30000000000000004", "General", "0.3", ""},
		{"1.0049999999999999", "0.00", "1.01", "W302"},
		{"1.005", "0.00", "1.01", "W302"},
		{"49.904", "0.00", "49.90", "W302"},
		{"1299", "#,##0.00", "1299.00", ""},
		{"1299.5", "#,##0.00\\ \"SEK\"", "1299.50 SEK", ""},
		{"4.9", "#,##0.00\\ [$€-407]", "4.90 EUR", ""},
		{"4.9", "[$£-809]#,##0.00", "4.90 GBP", ""},
		{"4.9", "#,##0.00\\ \"kr\"", "4.90 kr", ""},
		{"500", "0\" g\"", "500 g", ""},
		{"1.5", "0.0## \"kg\"", "1.5 kg", ""},
		{"1067", "00000", "01067", ""},
		{"0.255", "0.0%", "25.5%", ""},
		{"0.06", "0%", "6%", ""},
		{"1E-2", "General", "0.01", ""},
		{"1.5E+3", "0", "1500", ""},
		{"5", "General\" kg\"", "5 kg", ""},
		{"0", "0.00", "0.00", ""},
		{"-5", "0.00;[Red]-0.00", "-5.00", ""},
		{"-0.001", "0.00", "0.00", "W302"},
		{"46053", "yyyy-mm-dd", "2026-01-31", ""},
		{"46053", "dd.mm.yyyy", "2026-01-31", ""},
		{"0.58333333333333337", "hh:mm", "14:00", ""},
		{"46053.5", "yyyy-mm-dd hh:mm", "2026-01-31 12:00", ""},
		{"59", "yyyy-mm-dd", "1900-02-28", ""},
		{"61", "yyyy-mm-dd", "1900-03-01", ""},
		{"60", "yyyy-mm-dd", "", "E118"},
		{"-1", "yyyy-mm-dd", "", "E118"},
		{"9999999", "yyyy-mm-dd", "", "E118"},
		{"0.5", "# ?/?", "", "E118"},
		{"5000", "0,", "", "E118"},
		{"1.5", "[h]:mm", "", "E118"},
		{"1234567890123456789", "0", "", "E118"},
		{"NaN", "0", "", "E118"},
		{"1e999999", "0", "", "E118"},
	}
	for _, tt := range tests {
		t.Run(tt.raw+" as "+tt.format, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			sheet := readBook(t, rawCell(t, tt.raw, tt.format), "", &r)
			got := ""
			if sheet != nil && len(sheet.Rows) > 0 {
				got = sheet.Rows[0][0].Text
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			code := ""
			if f := r.Findings(); len(f) > 0 {
				code = f[0].Code
				if f[0].String() != "prices.xlsx, sheet Prices, cell A2" {
					t.Errorf("told at %v", f[0].Place)
				}
			}
			if code != tt.told {
				t.Errorf("told %s, want %s", told(&r), tt.told)
			}
		})
	}
}

// TestWorkbookSheet: rows and columns as they stand there, with empty ones left out.
func TestWorkbookSheet(t *testing.T) {
	t.Parallel()
	var r diag.Report
	sheet := readBook(t, workbookOf(t, map[string]any{
		"A2": "max_weight", "B2": " sweden ", "C2": "open",
		"A4": "5 kg", "B4": fixedNumber(49.9), "C4": true,
		"A5": "10 kg", "B5": 59.0,
	}), "Prices", &r)
	if sheet == nil {
		t.Fatal(told(&r))
	}
	if d := cmp.Diff([]string{"max_weight|sweden|open", "5 kg|49.90|yes", "10 kg|59|"}, rows(sheet)); d != "" {
		t.Error(d)
	}
	if got := sheet.Rows[1][2].Place.String(); got != "prices.xlsx, sheet Prices, cell C5" {
		t.Error(got)
	}
}

// TestDates1904: workbooks of old Macintoshes count from another day.
func TestDates1904(t *testing.T) {
	t.Parallel()
	data := repack(t, rawCell(t, "44591", "yyyy-mm-dd"), func(name string, part []byte) []byte {
		if name == "xl/workbook.xml" {
			return bytes.Replace(part, []byte("<workbookPr"), []byte("<workbookPr date1904=\"1\""), 1)
		}
		return part
	})
	var r diag.Report
	sheet := readBook(t, data, "", &r)
	if sheet == nil || sheet.Rows[0][0].Text != "2026-01-31" {
		t.Errorf("%+v %s", sheet, told(&r))
	}
}

// TestWorkbookFaults: every kind of workbook that cannot be read has a finding that says why.
func TestWorkbookFaults(t *testing.T) {
	t.Parallel()
	good := workbookOf(t, map[string]any{"A1": "a", "A2": 1})
	two := excelize.NewFile()
	_, err := two.NewSheet("Prices")
	must(t, err)
	locked := excelize.NewFile()
	secret, err := locked.WriteToBuffer()
	must(t, err)
	_ = secret
	buf, err := excelize.Encrypt(good, &excelize.Options{Password: "x"})
	must(t, err)
	with := func(name, text string) []byte {
		return repack(t, good, func(n string, part []byte) []byte {
			if n == name {
				return []byte(text)
			}
			return part
		})
	}
	sheetXML := func(rows string) []byte {
		return with("xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+rows+`</sheetData></worksheet>`)
	}
	var grid strings.Builder
	for i := 1; i <= 2000; i++ {
		fmt.Fprintf(&grid, `<row r="%d"><c r="GQ%d"><v>1</v></c></row>`, i, i)
	}
	tests := []struct {
		name, sheet string
		data        []byte
		code, says  string
	}{
		{"a password", "", buf, "E023", "has a password, or is of Excel 97 to 2003"},
		{"not a workbook", "", []byte("a,b\n1,2\n"), "E023", "is not a workbook, or only part of one"},
		{"part of one", "", good[:len(good)/2], "E023", "is not a workbook, or only part of one"},
		{"empty", "", nil, "E023", "is not a workbook"},
		{"another packed file", "", repack(t, good, func(n string, p []byte) []byte {
			if strings.HasPrefix(n, "xl/") {
				return nil
			}
			return p
		}), "E023", "not an Excel workbook"},
		{"no such sheet", "Price", good, "E024", "there is no sheet `Price`"},
		{"several sheets", "", bytesOf(t, two), "E024", "has 2 sheets; which one is meant?"},
		{"not XML", "", with("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row"), "E305", ""},
		{"an error", "", sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>`), "E118", "shows the error `#REF!`"},
		{"a formula without a value", "", sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><f>1+1</f></c></row>`), "E118", "never calculated"},
		{"too wide", "", sheetXML(`<row r="1"><c r="XFD1"><v>1</v></c></row>`), "E023", "this sheet is too large"},
		{"too many cells", "", sheetXML(grid.String()), "E023", "this sheet is too large"},
		{"too many joined cells", "", sheetXML(`</sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:B1"/>`, 2000) + `</mergeCells><sheetData>`), "E023", "are joined"},
		{"a cell beyond the head", "", sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>1</v></c></row>`), "E301", "this row has 3 cells"},
		{"a column without a name", "", sheetXML(`<row r="1"><c r="B1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="B2"><v>1</v></c></row>`), "E302", "column 1 has no name"},
		{"a bomb", "", with("xl/media/image1.png", ""), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			readBook(t, tt.data, tt.sheet, &r)
			f := r.Findings()
			if tt.code == "" {
				if len(f) > 0 {
					t.Error(told(&r))
				}
				return
			}
			if len(f) == 0 || f[0].Code != tt.code || !strings.Contains(f[0].Message, tt.says) || f[0].Help == "" {
				t.Errorf("told %s; want %s %s", told(&r), tt.code, tt.says)
			}
		})
	}
}

// TestWorkbookBomb: what would unpack to more than the limit is refused before it is unpacked.
func TestWorkbookBomb(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range []string{"xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		e, err := w.Create(name)
		must(t, err)
		for range 40 {
			_, err = e.Write(make([]byte, 1<<20))
			must(t, err)
		}
	}
	must(t, w.Close())
	var r diag.Report
	if readBook(t, out.Bytes(), "", &r); !strings.Contains(told(&r), "is too large") {
		t.Error(told(&r))
	}
	macros := repack(t, workbookOf(t, map[string]any{"A1": "a"}), func(n string, p []byte) []byte { return p })
	var again bytes.Buffer
	w = zip.NewWriter(&again)
	e, err := w.Create("xl/vbaProject.bin")
	must(t, err)
	_, err = e.Write(macros)
	must(t, err)
	must(t, w.Close())
	r = diag.Report{}
	if readBook(t, again.Bytes(), "", &r); !strings.Contains(told(&r), "holds macros") {
		t.Error(told(&r))
	}
}

// TestHiddenSheets: a workbook with one sheet in sight needs no name, and one in the dark can be named.
func TestHiddenSheets(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	_, err := f.NewSheet("Notes")
	must(t, err)
	for _, s := range []string{"Sheet1", "Notes"} {
		must(t, f.SetCellValue(s, "A1", "from "+s))
		must(t, f.SetCellValue(s, "A2", "x"))
	}
	must(t, f.SetSheetVisible("Notes", false))
	data := bytesOf(t, f)
	for sheet, want := range map[string]string{"": "from Sheet1", "Notes": "from Notes"} {
		var r diag.Report
		if got := readBook(t, data, sheet, &r); got == nil || got.Head[0].Text != want {
			t.Errorf("%q: %s", sheet, told(&r))
		}
	}
}

// TestZonesFromWorkbook: zone files may be sheets, and their faults have a cell.
func TestZonesFromWorkbook(t *testing.T) {
	t.Parallel()
	data := workbookOf(t, map[string]any{
		"A1": "country", "B1": "from", "C1": "to", "D1": "zone",
		"A2": "DE", "B2": formatted{1067, "00000"}, "C2": formatted{1069, "00000"}, "D2": "dresden",
		"A3": "SE", "B3": 620, "C3": 624, "D3": "gotland",
		"A4": "UK", "B4": "IV", "D4": "gotland",
	})
	var r diag.Report
	fsys := fstest.MapFS{"zones.xlsx": &fstest.MapFile{Data: data}}
	n := yaml(t, "t: [{csv: zones.xlsx, sheet: Prices}]\n", &r)
	zones := table.CompileZones(table.ZonesSource{ZoneFiles: n.Get("t"), FS: fsys}, &r)
	if got := told(&r); !strings.Contains(got, "E216 `UK` is not a country") {
		t.Error(got)
	}
	if f := r.Findings(); len(f) != 1 || f[0].String() != "zones.xlsx, sheet Prices, cell A4" {
		t.Errorf("told %+v", f)
	}
	id, known := zones.ID("dresden")
	if w := zones.Locate("DE", "", "01067"); !known || !zones.Has(w.Certain, id) {
		t.Error("01067 is not in dresden")
	}
}
