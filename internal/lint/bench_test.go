package lint_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// large is a rulebook of a thousand price rows by weight, place and value, with a test of each hundredth row.
func large() fstest.MapFS {
	var shop, test strings.Builder
	shop.WriteString(shopHead + zones + "options:\n")
	for o := range 10 {
		fmt.Fprintf(&shop, "  - id: o%d\n    name: A\n    price:\n      table: |\n        max_weight | max_total | gotland | sweden | denmark DKK\n", o)
		for row := range 100 {
			fmt.Fprintf(&shop, "        %d g | %d.00 | %d.00 | %d.00 | %d.00\n", (row/10+1)*500, (row%10+1)*100, row+3, row+2, row+1)
		}
	}
	test.WriteString("version: 1\nnow: 2026-11-23 10:00\ncases:\n")
	for i := range 100 {
		fmt.Fprintf(&test, "  - {name: c%d, to: SE 11122, cart: {weight: %d g, total: %d.00}, expect: {with: [o1]}}\n", i, (i/10+1)*500, (i%10+1)*100)
	}
	return fstest.MapFS{"shipping.yaml": {Data: []byte(shop.String())}, "tax.yaml": {Data: []byte(flatTax)}, "a.test.yaml": {Data: []byte(test.String())}}
}

// BenchmarkCheck lints a rulebook of a thousand rows and runs its tests; the goal is a second.
func BenchmarkCheck(b *testing.B) {
	fsys := large()
	b.ReportAllocs()
	for b.Loop() {
		var r diag.Report
		if book, err := lint.Check(fsys, lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: today()}, &r); book == nil || err != nil {
			b.Fatal(err, r.Findings())
		}
	}
}

// BenchmarkReach looks at a list that is cut into almost a million cells.
func BenchmarkReach(b *testing.B) {
	var rows strings.Builder
	for i := range 990 {
		fmt.Fprintf(&rows, "\n  - {max_weight: %d g, max_total: %d.00, price: 1.00}", i+1, 2000-i)
	}
	fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(option("price:" + rows.String()))}, "tax.yaml": {Data: []byte(flatTax)}}
	b.ReportAllocs()
	for b.Loop() {
		var r diag.Report
		if book, err := lint.Check(fsys, lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: today()}, &r); book == nil || err != nil {
			b.Fatal(err, r.Findings())
		}
	}
}
