package tax_test

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbook makes a file with one sheet.
func workbook(t *testing.T, sheet string, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow(sheet, cell, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestRateWorkbook(t *testing.T) {
	t.Parallel()
	head := []any{"state", "zip_from", "zip_to", "state_rate", "city_rate", "from"}
	const shop = texas + "rate_files: [{csv: rates.xlsx, sheet: Rates}]\n"
	sound := workbook(t, "Rates", head, []any{"US-TX", "78701", "78799", 6.25, 1.0625, "2024-01-01"}, []any{"US-TX", "78701", "78799", 6.25, 2, "2027-01-01"})
	table, r := load(shop, map[string]string{"rates.xlsx": sound})
	if table == nil {
		t.Fatal(brief(r))
	}
	if got := lines(t, table, query("US-TX 78701", today(t), "USD", piece(100_000)), paidFor(0)); got != "state 6250 city 1063" {
		t.Errorf("got %q", got)
	}
	broken := workbook(t, "Rates", head, []any{"US-TX", 6010, "06020", 6.25, 1, "2024-01-01"}, []any{"US-TX", "78701", "", 6.25, 1, ""},
		[]any{"US-TX", "78701", "78702", 6.25, 1, ""}, []any{"TX", "1", "", 6.25001, "", "soon"})
	_, r = load(shop, map[string]string{"rates.xlsx": broken})
	var got []string
	for _, f := range r.Findings() {
		got = append(got, f.String()+" "+f.Code)
	}
	want := `rates.xlsx, sheet Rates, cell B2 E411
rates.xlsx, sheet Rates, row 4 E410
rates.xlsx, sheet Rates, cell A5 E216
rates.xlsx, sheet Rates, cell B5 E411
rates.xlsx, sheet Rates, cell D5 E111
rates.xlsx, sheet Rates, cell E5 E401
rates.xlsx, sheet Rates, cell F5 E105`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}
