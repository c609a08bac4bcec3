package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const magentoHead = "Country,Region/State,\"Zip/Postal Code\",\"Weight (and above)\",\"Shipping Price\"\n"

func TestMagento(t *testing.T) {
	t.Parallel()
	i := run(t, "magento-tablerates", "rates.csv", magentoHead+`SWE,*,*,0,49
SE,*,*,5,79.5000
SE,*,*,20.0005,149
SE,*,621 57,0,99
SE,*,62158,0,99
US,CA,*,0,20
US,CA,90001,2,10
PT,*,1000,0,8
PT,*,1000-234,0,9
*,*,*,1,300
`, nil)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	equal(t, "shipping.yaml", `
# Imported from rates.csv (magento-tablerates); what was converted or left out stands in import-report.txt.
version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv]
prices: include tax
item_weight_if_missing: 0 g         # as in the source; better: what a piece usually weighs

zones:
  us_ca_codes: {US-CA: [90001]}
  us_ca: {US-CA: all}
  se_codes: {SE: [62157, 62158]}
  pt_codes: {PT: [1000234]}
  pt_codes_2: {PT: [1000*]}
  se: {SE: all}

options:
  - id: table-rate
    name: Table rate
    price:
      table: |
        to          | min_weight | max_weight | price
        us_ca_codes | 2 kg       | any        | 10.00
        us_ca       | any        | any        | 20.00
        se_codes    | any        | any        | 99.00
        pt_codes    | any        | any        | 9.00
        pt_codes_2  | any        | any        | 8.00
        se          | any        | 4.999 kg   | 49.00
        se          | any        | 20 kg      | 79.50
        se          | any        | any        | 149.00
        any         | 1 kg       | any        | 300.00

`, i.file(t, "shipping.yaml"))
}

// TestMagentoMatrix: zones with the same limits become the columns of one price list.
func TestMagentoMatrix(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(strings.Replace(magentoHead, "Weight (and above)", "Order Subtotal (and above)", 1))
	for i, country := range []string{"SE", "NO", "DK", "FI"} {
		for k := range 20 {
			fmt.Fprintf(&text, "%s,,,%d,%d\n", country, k*100, 200-k*5+i)
		}
	}
	i := run(t, "magento-tablerates", "rates.csv", text.String(), nil)
	i.sound(t)
	if i.Proof.Rows != 80 {
		t.Errorf("%d rows asked, want 80", i.Proof.Rows)
	}
	if got := i.file(t, "rates/table-rate.csv"); !strings.HasPrefix(got, "max_total,se,no,dk,fi\n99.99,200.00,201.00,202.00,203.00\n199.99,195.00,") ||
		strings.Count(got, "\n") != 21 {
		t.Errorf("price list:\n%s", got)
	}
}

// TestMagentoNever: rows that Magento never uses are left out, and the report says why.
func TestMagentoNever(t *testing.T) {
	t.Parallel()
	i := run(t, "magento-tablerates", "rates.csv", magentoHead+`SE,*,*,0,49
SE,*,6*,0,1
NL,*,1011,0,8
*,*,12345,0,3
SE,*,123,0,3
`, nil)
	i.sound(t)
	equal(t, "left out", `
rates.csv:3:6: `+"`6*`"+` can never apply in Magento either: Magento knows no postcodes with a star in them
rates.csv:4:6: `+"`1011`"+` can never apply in Magento either: Magento compares whole postcodes, and this is a part of one
rates.csv:5:5: `+"`12345`"+` can never apply in Magento either: a postcode without a country is not looked up
rates.csv:6:6: `+"`123`"+` can never apply in Magento either: `+"`123` is not a complete SE postcode"+`
`, i.left())
}

func TestMagentoWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, row, want string }{
		{"decimal comma", `SE,*,*,0,"5,90"`, "rates.csv:3:11: `5,90` is not an amount [E902]"},
		{"no country", `XX,*,*,0,5`, "rates.csv:3:1: `XX` is not a country [E902]"},
		{"no region", `US,California,*,0,5`, "rates.csv:3:4: `California` is not a region of `US` [E902]"},
		{"a region of everywhere", `*,CA,*,0,5`, "rates.csv:3:3: `CA` is not a region of `` [E902]"},
		{"negative", `SE,*,*,-1,5`, "rates.csv:3:8: `-1` is not a number [E902]"},
		{"an exponent", `SE,*,*,1e3,5`, "rates.csv:3:8: `1e3` is not a number [E902]"},
		{"too exact", `SE,*,*,1,5.005`, "rates.csv:3:10: `5.005` has more decimals than SEK has, or is too large [E902]"},
		{"twice", `SE,*,*,0.0,7`, "rates.csv:3:1: this place and limit already have a price [E903]"},
		{"ragged", `SE,*,*`, "rates.csv:3:1: this row has 3 cells, the head has 5 [E301]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "magento-tablerates", "rates.csv", magentoHead+"SE,*,*,0,49\n"+c.row+"\n", nil)
			i.sound(t)
			equal(t, "findings", c.want+"\n", i.short(t))
		})
	}
}

// TestNotMagento: nothing is made of what is no file of table rates.
func TestNotMagento(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "rates.csv:1:1: the table has no head [E305]"},
		{"no rows", magentoHead, "rates.csv:1:1: the table has no rows [E305]"},
		{"other columns", "a,b\n1,2\n", "rates.csv:1:1: this is not a file of Magento's table rates: it has 2 columns [E901]"},
		{"no condition", "a,b,c,d,e\n1,2,3,4,5\n", "rates.csv:1:7: the head `d` does not say what is counted [E901]"},
		{"binary", "a,b\x00c\n", "rates.csv:1:4: this file is not text: a zero byte stands here [E013]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "magento-tablerates", "rates.csv", c.text, nil)
			if i.Result != nil {
				t.Error("something was imported")
			}
			equal(t, "findings", c.want+"\n", i.short(t))
		})
	}
}

// TestMagentoOldAlphabet: a file of an old spreadsheet is read, with a warning.
func TestMagentoOldAlphabet(t *testing.T) {
	t.Parallel()
	i := run(t, "magento-tablerates", "rates.csv", "\xefland;Region;Post;Gewicht (und h\xf6her);Preis\nSE;*;*;0;49.00\n", nil)
	i.sound(t)
	if got := i.short(t); !strings.Contains(got, "[W301]") {
		t.Errorf("findings: %s", got)
	}
}

// brute answers as Magento's query does, over all rows.
type brute struct {
	country, zip string
	from, price  int64
}

func bruteMagento(rows []brute, country, zip string, grams int64) int64 {
	best, answer := -1, int64(-1)
	for _, r := range rows {
		if r.country != "*" && r.country != country || r.zip != "*" && r.zip != zip || r.from > grams {
			continue
		}
		score := int(r.from)
		if r.country != "*" {
			score += 1 << 40
		}
		if r.zip != "*" {
			score += 1 << 41
		}
		if score > best {
			best, answer = score, r.price
		}
	}
	return answer
}

// TestMagentoProperty: a random table gives a rulebook that prices every place and weight as the table does, row by row; and
// the brute force here agrees with the proof's own evaluator, whose answers the generated test holds.
func TestMagentoProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var text strings.Builder
		text.WriteString(magentoHead)
		var rows []brute
		seen := map[string]bool{}
		for range rapid.IntRange(1, 25).Draw(rt, "rows") {
			r := brute{country: rapid.SampledFrom([]string{"SE", "DE", "NO", "*"}).Draw(rt, "country"), zip: "*",
				from: int64(rapid.IntRange(0, 8).Draw(rt, "from")) * 500, price: int64(rapid.IntRange(0, 9999).Draw(rt, "price"))}
			if r.country != "*" && rapid.Bool().Draw(rt, "code") {
				r.zip = map[string][]string{"SE": {"11351", "62157"}, "DE": {"01067", "10115"}, "NO": {"0150", "9170"}}[r.country][rapid.IntRange(0, 1).Draw(rt, "zip")]
			}
			key := fmt.Sprint(r.country, r.zip, r.from)
			if seen[key] {
				continue
			}
			seen[key] = true
			rows = append(rows, r)
			fmt.Fprintf(&text, "%s,*,%s,%d.%03d,%d.%02d\n", r.country, r.zip, r.from/1000, r.from%1000, r.price/100, r.price%100)
		}
		i := run(t, "magento-tablerates", "rates.csv", text.String(), withoutVAT)
		if fault := i.fault(t); fault != "" {
			rt.Fatal(fault, text.String())
		}
		book := i.book(t)
		for _, place := range [][2]string{{"SE", "11351"}, {"SE", "62157"}, {"SE", "99999"}, {"DE", "01067"}, {"DE", "20095"}, {"NO", "9170"}, {"JP", "1000001"}} {
			for grams := int64(1); grams < 5000; grams += 499 {
				want, got := bruteMagento(rows, place[0], place[1], grams), book.ask(t, place[0], place[1], grams)
				if got != want {
					rt.Fatalf("%s %s, %d g: the rulebook says %d, brute force %d\n%s\n%s", place[0], place[1], grams, got, want, text.String(), i.file(t, "shipping.yaml"))
				}
			}
		}
	})
}

// FuzzMagento: whatever is in the file, there is a rulebook that prices each row as the source does, or a finding with a place.
func FuzzMagento(f *testing.F) {
	f.Add(magentoHead + "SE,*,*,0,49\nUS,CA,90001,1.5,3\n")
	f.Add("Land;Region;PLZ;Gewicht;Preis\nDE;;01067;0;5.90\nDE;;;0;4\n")
	f.Add("\xff\xfea\x00,\x00")
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "magento-tablerates", "rates.csv", text) })
}

// anySource is the property of all decoders.
func anySource(t *testing.T, kind, name, text string) {
	i := run(t, kind, name, text, withoutVAT)
	for _, f := range i.report.Findings() {
		if f.File == "" || f.Line < 1 || f.Col < 1 {
			t.Errorf("a finding without a place: %+v", f)
		}
	}
	switch {
	case i.Result != nil:
		if i.Proof.Equal != i.Proof.Rows {
			t.Errorf("%d of %d rows equal: %+v\n%s", i.Proof.Equal, i.Proof.Rows, i.Proof.Differences, i.file(t, "shipping.yaml"))
		}
	case !i.report.Failed() && len(i.report.Findings()) == 0:
		t.Error("nothing was imported and nothing was told")
	}
}
