package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestCellOfAWorkbook: a finding in a workbook names sheet and cell, in every form.
func TestCellOfAWorkbook(t *testing.T) {
	t.Parallel()
	var r diag.Report
	at := diag.Place{File: "prices.xlsx", Line: 7, Col: 3, Cell: "sheet Prices, cell C7"}
	f := r.Errorf("E304", at, "`x` is not money")
	f.Help = "write 49.00"
	f.Cause = &diag.Cause{Place: diag.Place{File: "prices.xlsx", Line: 1, Col: 3, Cell: "sheet Prices, cell C1"}, Label: "the head"}
	var long, short, wire strings.Builder
	for _, write := range []func() error{
		func() error { return r.Render(&long, false) }, func() error { return r.Short(&short) }, func() error { return r.JSON(&wire) },
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff("error[E304]: `x` is not money\n --> prices.xlsx, sheet Prices, cell C7\n"+
		" ::: prices.xlsx, sheet Prices, cell C1\n  | the head\n  |\nhelp: write 49.00\n\n1 finding: 1 error\n", long.String()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff("prices.xlsx, sheet Prices, cell C7: `x` is not money [E304]\n", short.String()); d != "" {
		t.Error(d)
	}
	if !strings.Contains(wire.String(), `"cell": "sheet Prices, cell C7"`) {
		t.Error(wire.String())
	}
	if d := cmp.Diff("a.csv:2:5", diag.Place{File: "a.csv", Line: 2, Col: 5}.String()); d != "" {
		t.Error(d)
	}
}
