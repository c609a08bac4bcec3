package shipping_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// book makes a workbook of the sheets Prices and Stores.
func book(t *testing.T, cells map[string]any) string {
	t.Helper()
	f := excelize.NewFile()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(f.SetSheetName("Sheet1", "Prices"))
	_, err := f.NewSheet("Stores")
	check(err)
	two, err := f.NewStyle(&excelize.Style{NumFmt: 2})
	check(err)
	for at, v := range cells {
		sheet, cell, _ := strings.Cut(at, "!")
		check(f.SetCellValue(sheet, cell, v))
		if _, number := v.(float64); number {
			check(f.SetCellStyle(sheet, cell, cell, two))
		}
	}
	var buf bytes.Buffer
	check(f.Write(&buf))
	check(f.Close())
	return buf.String()
}

// TestPriceListsOfSpreadsheets: the same list in all the forms that spreadsheets save gives the same prices.
func TestPriceListsOfSpreadsheets(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, price, file, text string }{
		{"commas", "{csv: a.csv}", "a.csv", "max_weight,sweden\n1.5 kg,49.90\nany,1299.05\n"},
		{"semicolons and decimal commas", "{csv: a.csv}", "a.csv", "max_weight;sweden\r\n1,5 kg;49,90\r\nany;1.299,05\r\n"},
		{"tabs", "{csv: a.csv}", "a.csv", "max_weight\tsweden\n1,5 kg\t49,9\nany\t1299,05\n"},
		{"Windows", "{csv: a.csv}", "a.csv", "max_weight;sweden\n1,5 kg;49,90\nany;\xa01299,05\n"},
		{"a workbook", "{csv: a.xlsx, sheet: Prices}", "a.xlsx", book(t, map[string]any{
			"Prices!A1": "max_weight", "Prices!B1": "sweden", "Prices!A2": "1.5 kg", "Prices!B2": 49.9, "Prices!A3": "any", "Prices!B3": 1299.05})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := load(t, oneOption("price: "+tt.price), tt.file, tt.text)
			for grams, want := range map[int64]string{1500: "a 4990", 1501: "a 129905"} {
				if got := short(offer(t, s, ask{items: []item{{grams: grams, price: 100}}})); got != want {
					t.Errorf("%d g: got %s, want %s", grams, got, want)
				}
			}
		})
	}
}

// TestStoresFromWorkbook: points may be a sheet, also as what remains where a plug-in is down.
func TestStoresFromWorkbook(t *testing.T) {
	t.Parallel()
	text := book(t, map[string]any{"Stores!A1": "id", "Stores!B1": "name", "Stores!C1": "postcode",
		"Stores!A2": "solna", "Stores!B2": "Solna", "Stores!C2": 16951, "Stores!A3": "kista", "Stores!B3": "Kista"})
	for _, points := range []string{"{csv: a.xlsx, sheet: Stores}", "{plugin: postnord, if_unavailable: {csv: a.xlsx, sheet: Stores}}"} {
		s := load(t, oneOption("price: 1.00\npickup_points: "+points), "a.xlsx", text)
		if got := short(offer(t, s, ask{items: []item{{grams: 1, price: 1}}})); got != "a:solna 100, a:kista 100" {
			t.Errorf("%s: %s", points, got)
		}
	}
}

// TestSheetFindings: a fault is told at the cell, with the zone's name or the amount that is wrong there.
func TestSheetFindings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		cells map[string]any
		want  string
	}{
		{"an amount", map[string]any{"Prices!A1": "max_weight", "Prices!B1": "sweden", "Prices!A2": "1 kg", "Prices!B2": "49,90"},
			"prices.xlsx, sheet Prices, cell B2: `49,90` is written with a decimal comma [E108]"},
		{"a zone", map[string]any{"Prices!A1": "max_weight", "Prices!B1": "swedne", "Prices!A2": "1 kg", "Prices!B2": 49.9},
			"prices.xlsx, sheet Prices, cell B1: "},
		{"a weight without unit", map[string]any{"Prices!A1": "max_weight", "Prices!B1": "sweden", "Prices!A2": 1, "Prices!B2": 49.9},
			"prices.xlsx, sheet Prices, cell A2: `1` has no unit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			fsys := files("shipping.yaml", oneOption("price: {csv: prices.xlsx, sheet: Prices}"), "prices.xlsx", book(t, tt.cells))
			shipping.Load(fsys, "shipping.yaml", shipping.Options{}, &r)
			var b strings.Builder
			if err := r.Short(&b); err != nil || !strings.HasPrefix(b.String(), tt.want) {
				t.Errorf("got  %s\nwant %s", b.String(), tt.want)
			}
		})
	}
}
