package importer_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/importer"
)

const swedishSheet = `Land;Postnr från;Postnr till;Maxvikt (kg);Pris;Tjänst
Sverige;;;5;49,00 kr;Ombud
Sverige;;;20;99,90;Ombud
Sverige;620;624;20;129,50;Ombud
Norge;;;20;1 149,00;Ombud
Sverige;;;20;149;Hem
`

func TestPriceSheet(t *testing.T) {
	t.Parallel()
	i := run(t, "csv", "priser.csv", swedishSheet, nil)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	_, got, _ := strings.Cut(i.file(t, "shipping.yaml"), "\noptions:\n")
	equal(t, "options", `
  - id: ombud
    name: Ombud
    price:
      table: |
        max_weight | se_codes | se    | no
        5 kg       | 129.50   | 49.00 | 1149.00
        20 kg      | 129.50   | 99.90 | 1149.00

  - id: hem
    name: Hem
    to: se
    price: 149.00
    when: {max_weight: 20 kg}

`, got)
}

// TestPriceSheetShapes: the ways in which people lay out a price list.
func TestPriceSheetShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, columns string
		want                []string // parts of shipping.yaml
	}{
		{"a column for each country", "Max weight,Sweden,Norge\n500 g,39,49\n1 kg,49,\n", "",
			[]string{"se         | any        | 500 g      | 39.00", "se         | 501 g      | 1 kg       | 49.00", "no | 501 g | 1 kg | -"}},
		{"a country wins over several", "max weight,EU,DE\n1 kg,9,5.90\n", "", []string{"max_weight | de   | places_27\n        1 kg       | 5.90 | 9.00"}},
		{"both limits in a cell", "Land;Gewicht;Preis\nDeutschland;0-5 kg;4,90\nDeutschland;5 bis 31,5 kg;9,90\nSchweiz;bis 2 kg;20,00\n", "",
			[]string{"ch | 2 kg | 20.00 de | 5 kg | 4.90 de | 31.5 kg | 9.90"}},
		{"by value", "country,order value from,price\nSE,0,49\nSE,500,0\n", "", []string{"price"}},
		{"headings that are named", "A,B,C\nSE,2,49.00\n", "country=A, weight to=B,price=C", []string{"when: {max_weight: 2 kg}"}},
		{"several postcodes", "country,postcode,price\nSE,\"62*; 98000-98499\",99\nSE,,49\n", "", []string{"{SE: [62*, 98000 to 98499]}", "any"}},
		{"pieces", "land,antal till,pris\nSE,3,49\n", "", []string{"when: {max_items: 3}"}},
		{"everywhere", "country,price\n*,300\nSE,49\n", "", []string{"se  | 49.00", "any | 300.00"}},
		{"thousands", "land;pris\nSE;1.299,50\nNO;12.300,00\n", "", []string{"1299.50", "12300.00"}},
		{"pounds", "country,max weight (lb),price\nUS,1,8\n", "", []string{"max_weight: 453 g"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "csv", "p.csv", c.text, func(o *importer.Options) { o.Home, o.Columns = "JP", c.columns })
			equal(t, "findings", "", i.short(t))
			i.sound(t)
			for _, part := range c.want {
				if got := i.file(t, "shipping.yaml"); !strings.Contains(squeeze(got), squeeze(part)) {
					t.Errorf("want %q in\n%s", part, got)
				}
			}
		})
	}
}

// squeeze makes the width of columns of no importance.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestPriceSheetWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, columns, want string }{
		{"no country", "country,price\nSE,1\nAtlantis,2\n", "", "p.csv:3:1: `Atlantis` is not a country [E902]"},
		{"two meanings", "land;vikt till;pris\nSE;2,5;49\nSE;3.500;59\n", "", "p.csv:3:4: `3.500` is not a number, or could be two [E902]"},
		{"two meanings of money", "land,pris\nSE,49\nNO,\"1,299\"\n", "", "p.csv:3:5: `1,299` is not an amount, or could be two [E902]"},
		{"no amount", "land,pris\nSE,49\nNO,gratis\n", "", "p.csv:3:4: `gratis` is not an amount, or could be two [E902]"},
		{"reversed", "land,vikt från,vikt till,pris\nSE,0,1,49\nSE,5,2,59\n", "", "p.csv:3:6: the upper limit is below the lower one [E902]"},
		{"a lost digit", "land,postnummer,pris\nSE,,49\nSE,6215,59\n", "", "p.csv:3:4: the postcodes `6215` cannot be read: `6215` is not a complete SE postcode [E902]"},
		{"another currency", "land,pris,valuta\nSE,49,SEK\nDE,5,EUR\n", "", "p.csv:3:6: the row is in `EUR`, the import in SEK: it is left out [W904]"},
		{"a column of another currency", "max weight,SE,DE EUR\n1,49,5\n", "", "p.csv:1:15: the column `DE EUR` is not in SEK and was not read [W904]"},
		{"no price", "land,vikt\nSE,1\n", "", "p.csv:1:1: no column is a price [E901]"},
		{"two limits", "land,vikt till,antal till,pris\nSE,1,1,1\n", "", "p.csv:1:1: this sheet has limits of two kinds, such as weight and value [E901]"},
		{"no such heading", "land,pris\nSE,1\n", "price=Preis", "p.csv:1:1: --columns: `price=Preis` does not fit this sheet [E901]"},
		{"nothing is offered", "land,pris\nSE,-\n", "", "p.csv:1:1: no row of this file can be taken over [E901]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "csv", "p.csv", c.text, func(o *importer.Options) { o.Home, o.Columns = "JP", c.columns })
			equal(t, "findings", c.want+"\n", i.short(t))
		})
	}
}

// TestPriceSheetCurrency: a sheet may name its currency itself; one that does not has to be told.
func TestPriceSheetCurrency(t *testing.T) {
	t.Parallel()
	none := func(o *importer.Options) { o.Currency = "" }
	i := run(t, "csv", "p.csv", "land,pris,valuta\nSE,49,eur\n", none)
	i.sound(t)
	if got := i.file(t, "shipping.yaml"); !strings.Contains(got, "currency: EUR") {
		t.Errorf("shipping.yaml:\n%s", got)
	}
	i = run(t, "csv", "p.csv", "land,pris\nSE,49\n", none)
	equal(t, "findings", "p.csv:1:1: nothing says in which currency the prices are [E901]\n", i.short(t))
}

// TestWorkbook: cells of a workbook are what they show, and a slip is told by its cell.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for row, cells := range [][]any{{"Land", "Vikt till", "Pris"}, {"Sverige", 5, 49.5}, {"Norge", 5, "gratis"}} {
		for col, v := range cells {
			name, err := excelize.CoordinatesToCellName(col+1, row+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", name, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var w bytes.Buffer
	if err := f.Write(&w); err != nil {
		t.Fatal(err)
	}
	i := run(t, "xlsx", "priser.xlsx", w.String(), nil)
	i.sound(t)
	equal(t, "findings", "priser.xlsx, sheet Sheet1, cell C3: `gratis` is not an amount, or could be two [E902]\n", i.short(t))
	if got := i.file(t, "shipping.yaml"); !strings.Contains(got, "price: 49.50") {
		t.Errorf("shipping.yaml:\n%s", got)
	}
	equal(t, "not a workbook", "p.xlsx:1:1: `p.xlsx` is not a workbook, or only part of one [E023]\n", run(t, "xlsx", "p.xlsx", "a,b\n", nil).short(t))
}

func TestPriceSheetProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var text strings.Builder
		text.WriteString("country,postcode,weight from,weight to,price,service\n")
		for range rapid.IntRange(1, 15).Draw(rt, "rows") {
			country := rapid.SampledFrom([]string{"SE", "DE", "EU", "*"}).Draw(rt, "country")
			codes := ""
			if len(country) == 2 && country != "EU" && rapid.Bool().Draw(rt, "codes") {
				from := rapid.IntRange(10, 60).Draw(rt, "zip") * 1000
				codes = fmt.Sprintf("%d-%d", from, from+rapid.IntRange(0, 20_000).Draw(rt, "width"))
			}
			from := rapid.IntRange(0, 6).Draw(rt, "from")
			price := rapid.SampledFrom([]string{"1", "2.50", "39", "-"}).Draw(rt, "price")
			fmt.Fprintf(&text, "%s,%s,%d,%d,%s,%s\n", country, codes, from, from+rapid.IntRange(0, 5).Draw(rt, "to"), price,
				rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "service"))
		}
		if !strings.ContainsAny(strings.ReplaceAll(text.String(), ",-,", ""), "A") {
			return
		}
		i := run(t, "csv", "p.csv", text.String(), withoutVAT)
		if i.Result == nil {
			return // nothing is offered anywhere, which is told
		}
		if fault := i.fault(t); fault != "" {
			rt.Fatal(fault, text.String())
		}
	})
}

func FuzzPriceSheet(f *testing.F) {
	f.Add(swedishSheet)
	f.Add("Max weight,Sweden,Germany EUR,EU\n1 kg,49,5.90,-\n500 g,39,,9\n")
	f.Add("Land;Gewicht;Preis\nDE;0-5 kg;4,90\nCH;bis 2 kg;1.299\n")
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "csv", "p.csv", text) })
}
