package table_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// BenchmarkReadWorkbook reads a workbook of 10,000 articles with weight and class.
func BenchmarkReadWorkbook(b *testing.B) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i := 1; i <= 10_000; i++ {
		if err := w.SetRow(fmt.Sprintf("A%d", i), []any{fmt.Sprintf("sku-%d", i), fmt.Sprintf("%d g", i), 49.9, i}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	fsys := fstest.MapFS{"a.xlsx": &fstest.MapFile{Data: buf.Bytes()}}
	b.ReportAllocs()
	for b.Loop() {
		var r diag.Report
		if sheet, ok := table.ReadSheet(fsys, table.Source{File: "a.xlsx"}, &r); !ok || len(sheet.Rows) != 9_999 {
			b.Fatal(told(&r))
		}
	}
}
