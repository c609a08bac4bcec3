package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const matrixHead = "Country,Region/State,City,Zip/Postal Code From,Zip/Postal Code To,Weight From,Weight To,Shipping Price,Delivery Type\n"

func TestMatrixrate(t *testing.T) {
	t.Parallel()
	i := run(t, "matrixrate", "m.csv", matrixHead+`SE,*,*,*,*,-1,5,49.00,Ombud
SE,*,*,*,*,5,20,99.00,Ombud
SE,*,*,*,*,-1,20,149.00,Hem
SE,*,*,62000,62499,-1,20,79.00,Ombud
NO,*,*,0001,1299,0,*,99.00,Ombud
*,*,*,*,*,*,*,300.00,Ombud
`, nil)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	_, options, _ := strings.Cut(i.file(t, "shipping.yaml"), "\nzones:")
	equal(t, "shipping.yaml", `
se_codes: {SE: [62000 to 62499]}
  no_codes: {NO: [0001 to 1299]}
  se: {SE: all}

options:
  - id: ombud
    name: Ombud
    price:
      table: |
        to       | min_weight | max_weight | price
        se_codes | any        | 20 kg      | 79.00
        no_codes | 1 g        | any        | 99.00
        se       | any        | 5 kg       | 49.00
        se       | any        | 20 kg      | 99.00
        any      | any        | any        | 300.00

  - id: hem
    name: Hem
    price:
      table: |
        to       | min_weight | max_weight | price
        se_codes | any        | 20 kg      | -
        no_codes | 1 g        | any        | -
        se       | any        | 20 kg      | 149.00

`, strings.TrimSpace(options)+"\n\n")
}

// TestMatrixrateLeftOut: what a rulebook cannot say is a warning, what never applies stands in the report.
func TestMatrixrateLeftOut(t *testing.T) {
	t.Parallel()
	i := run(t, "matrixrate", "m.csv", matrixHead+`SE,*,*,11100,11199,-1,5,49.00,Ombud
SE,*,Kiruna,*,*,-1,5,99.00,Ombud
SE,*,*,62157,*,-1,5,99.00,Ombud
GB,*,*,SW1%,*,-1,5,9.00,Ombud
GB,*,*,%1A,*,-1,5,9.00,Ombud
SE,*,*,110,11299,-1,5,9.00,Ombud
`, nil)
	i.sound(t)
	equal(t, "findings", `
m.csv:3:6: a rulebook cannot look at a city: the row for `+"`Kiruna`"+` is left out [W904]
m.csv:6:8: a rulebook cannot look for `+"`%1A`"+` within postcodes: the row is left out [W904]
m.csv:7:8: the postcodes cannot be taken over: `+"`110` and `11299`"+` are not of the same shape [W904]
`, i.short(t))
	if got := i.left(); !strings.Contains(got, "m.csv:4:8: `62157` can never apply in Matrixrate either: postcodes of digits are looked up between from and to") {
		t.Errorf("left out:\n%s", got)
	}
}

// TestMatrixrateParts: ends that are a part of a postcode are compared as texts.
func TestMatrixrateParts(t *testing.T) {
	t.Parallel()
	i := run(t, "matrixrate", "m.csv", matrixHead+"SE,*,*,100,112,-1,*,49,A\n", nil)
	i.sound(t)
	if got := i.file(t, "shipping.yaml"); !strings.Contains(got, "{SE: [100 to 111]}") {
		t.Errorf("shipping.yaml:\n%s", got)
	}
}

func TestMatrixrateWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, row, want string }{
		{"no type", "SE,*,*,*,*,0,5,9,*", "m.csv:3:18: the row has no delivery type [E902]"},
		{"no number", "SE,*,*,*,*,x,5,9,A", "m.csv:3:12: `x` is not a number [E902]"},
		{"twice", "SE,*,*,*,*,-1,5,9,A", "m.csv:3:1: this place, stretch and delivery type already have a price [E903]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "matrixrate", "m.csv", matrixHead+"SE,*,*,*,*,-1,5,8,A\n"+c.row+"\n", nil)
			i.sound(t)
			equal(t, "findings", c.want+"\n", i.short(t))
		})
	}
	i := run(t, "matrixrate", "m.csv", "a,b\n1,2\n", nil)
	equal(t, "findings", "m.csv:1:1: this is not a file of Matrixrate: it has 2 columns, not 9 [E901]\n", i.short(t))
}

// TestMatrixrateProperty: random tables, with ranges that overlap and gaps between limits, are priced equally.
func TestMatrixrateProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var text strings.Builder
		text.WriteString(matrixHead)
		for range rapid.IntRange(1, 15).Draw(rt, "rows") {
			country := rapid.SampledFrom([]string{"SE", "DE", "*"}).Draw(rt, "country")
			zip := "*,*"
			if country != "*" && rapid.Bool().Draw(rt, "codes") {
				from := rapid.IntRange(10, 60).Draw(rt, "zip") * 1000
				zip = fmt.Sprintf("%d,%d", from, from+rapid.IntRange(0, 20_000).Draw(rt, "width"))
			}
			from := rapid.IntRange(-1, 6).Draw(rt, "from")
			to := from + rapid.IntRange(1, 5).Draw(rt, "to")
			fmt.Fprintf(&text, "%s,*,*,%s,%d,%d,%d,%s\n", country, zip, from, to, rapid.IntRange(0, 99).Draw(rt, "price"),
				rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "type"))
		}
		i := run(t, "matrixrate", "m.csv", text.String(), withoutVAT)
		if fault := i.fault(t); fault != "" {
			rt.Fatal(fault, text.String())
		}
	})
}

func FuzzMatrixrate(f *testing.F) {
	f.Add(matrixHead + "SE,*,*,620,624,-1,5,49,A\nGB,*,*,SW1%,*,0,*,3,B\n")
	f.Add(matrixHead + "US,CA,*,90001,90010,0.5,1,3,A\nUS,*,LA,,,,,1,A\n")
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "matrixrate", "m.csv", text) })
}
