package table_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// FuzzSideFile reads the bytes of a CSV file: what comes out is UTF-8 with as many cells in each row as in the head, and what
// does not come out has a finding. Point decimals then reads as itself.
func FuzzSideFile(f *testing.F) {
	for _, seed := range []string{"a;b\n1,5;1.299,00\n", "\xff\xfea\x00;\x00", "a,b\n\xe5,1\n", "sep=\t\na\tb\n1\t2", "\ufeffa;b\n1.299;2,5\n", "a;b\n1;\x81\n", "PK\x03\x04"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newScope()
		sheet, ok := table.ReadSheet(fstest.MapFS{"a.csv": &fstest.MapFile{Data: data}}, table.Source{File: "a.csv"}, s.Report)
		if !ok {
			if !s.Report.Failed() {
				t.Fatal("no sheet and no finding")
			}
			return
		}
		checkSheet(t, sheet)
		if !sheet.PointDecimals(s) {
			return
		}
		once := rows(sheet)
		if !sheet.PointDecimals(s) || strings.Join(once, "\n") != strings.Join(rows(sheet), "\n") {
			t.Fatalf("%q changes again to %q", once, rows(sheet))
		}
	})
}

func checkSheet(t *testing.T, sheet *table.Sheet) {
	t.Helper()
	for _, row := range append([][]table.Cell{sheet.Head}, sheet.Rows...) {
		if len(row) != len(sheet.Head) {
			t.Fatalf("a row of %d cells below a head of %d", len(row), len(sheet.Head))
		}
		for _, c := range row {
			if !utf8.ValidString(c.Text) || c.Place.File == "" || c.Place.Line < 1 {
				t.Fatalf("%q at %+v", c.Text, c.Place)
			}
		}
	}
}

// FuzzWorkbook reads a workbook whose sheet, styles and strings are anything: a sheet or a finding, never a panic.
func FuzzWorkbook(f *testing.F) {
	const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>` +
		`<row r="2"><c r="A2" s="1"><v>49.9</v></c><c r="B2"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>`
	const styles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.00"/></numFmts>` +
		`<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`
	const strs = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>a</t></si></sst>`
	f.Add(sheet, styles, strs)
	f.Add(strings.Replace(sheet, "49.9", "1e9", 1), strings.Replace(styles, "0.00", "yyyy", 1), strs)
	f.Add(strings.Replace(sheet, `s="1"`, `s="99"`, 1), "<styleSheet/>", "<sst/>")
	f.Add(`<worksheet><sheetData><row r="1048576"><c r="XFD1"/></row></sheetData></worksheet>`, styles, strs)
	f.Fuzz(func(t *testing.T, sheet, styles, strs string) {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		for name, part := range map[string]string{
			"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
				`<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
				`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": styles, "xl/sharedStrings.xml": strs,
		} {
			e, err := w.Create(name)
			must(t, err)
			_, err = e.Write([]byte(part))
			must(t, err)
		}
		must(t, w.Close())
		var r diag.Report
		got := readBook(t, buf.Bytes(), "", &r)
		if got == nil {
			if !r.Failed() {
				t.Fatal("no sheet and no finding")
			}
			return
		}
		for _, row := range append([][]table.Cell{got.Head}, got.Rows...) {
			for _, c := range row {
				if c.Place.Cell == "" || !utf8.ValidString(c.Text) {
					t.Fatalf("%q at %+v", c.Text, c.Place)
				}
			}
		}
	})
}

// FuzzProducts reads a list of products: a list without faults, or findings and no list.
func FuzzProducts(f *testing.F) {
	f.Add("sku,weight,size,tags,class\nA-1,500 g,30 x 20 x 5 cm,glass,bulky\n")
	f.Add("sku;weight\nA;1,5 kg\nA;2 kg\n")
	f.Fuzz(func(t *testing.T, text string) {
		var r diag.Report
		list, ok := products(text, &r)
		if ok == r.Failed() {
			t.Fatalf("ok is %v, told %s", ok, told(&r))
		}
		for sku, p := range list {
			if sku == "" || p.Micrograms < 0 || p.Micrometres[0] < p.Micrometres[2] {
				t.Fatalf("%q: %+v", sku, p)
			}
		}
	})
}
