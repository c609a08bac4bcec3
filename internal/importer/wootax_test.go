package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/importer"
)

const wooTaxHead = "Country code,State code,Postcode / ZIP,City,Rate %,Tax name,Priority,Compound,Shipping,Tax class\n"

func homeUS(o *importer.Options) { o.Home, o.Currency = "US", "" }

func TestWooTax(t *testing.T) {
	t.Parallel()
	i := run(t, "woocommerce-tax", "tax.csv", wooTaxHead+`SE,*,*,*,25.0000,Moms,1,0,1,
SE,*,*,*,12.0000,Moms,1,0,1,reduced-rate
DE,*,*,*,19.0000,MwSt,1,0,0,
DE,*,78266;27498,*,0.0000,MwSt,1,0,0,
ES,TF,*,*,0.0000,IVA,1,0,1,
ES,,,,21.0000,IVA,1,0,1,
ES,TF,38000...38099,*,5,IVA,1,0,1,
`, homeSweden)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	_, got, _ := strings.Cut(i.file(t, "tax.yaml"), "import-report.txt.\n")
	equal(t, "tax.yaml", `
version: 1
mode: vat
home: SE

classes:                             # the goods need these tags
  reduced_rate: {tags: [reduced_rate]}

destinations:
  DE: charge
  ES: charge
  SE: charge
  "*": none

rates:
  DE: {standard: 19%, reduced_rate: 0%}
  ES: {standard: 21%, reduced_rate: 0%}
  SE: {standard: 25%, reduced_rate: 12%}

zones:
  de_codes: {DE: [27498, 78266]}
  es_tf_codes: {ES-TF: [38000 to 38099]}
  es_tf: {ES-TF: all, except: es_tf_codes}
areas:
  de_codes: {standard: 0%, reduced_rate: 0%}
  es_tf_codes: {standard: 5%, reduced_rate: 0%}
  es_tf: {standard: 0%, reduced_rate: 0%}

shipping_tax: {DE: none, "*": split}
`, got)
}

func TestWooSalesTax(t *testing.T) {
	t.Parallel()
	i := run(t, "woocommerce-tax", "tax.csv", wooTaxHead+`US,CA,*,*,7.2500,State,1,0,0,
US,NY,*,*,4.0000,State,1,0,1,
US,NY,10001...10282;10301,*,4.5000,City,2,0,1,
US,NY,100*,*,0.3750,Special,3,0,1,
US,NY,*,*,0,None,1,0,1,zero-rate
`, homeUS)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	equal(t, "tax/rates.csv", `
state,zip_from,zip_to,state_rate,county_rate,city_rate,special_rate,from
US-NY,10000,10000,4,0,0.375,0,
US-NY,10001,10099,4,4.5,0.375,0,
US-NY,10100,10282,4,4.5,0,0,
US-NY,10301,10301,4,4.5,0,0,
`, i.file(t, "tax/rates.csv"))
	got := i.file(t, "tax.yaml")
	for _, want := range []string{"collect_in: [US-CA, US-NY]", "  US-CA: 7.25%\n  US-NY: 4%\n", "exempt:", "  - {class: zero_rate}\n", "  US-CA: none\n  US-NY: follow goods\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

func TestWooTaxWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, row, want string
		home            func(*importer.Options)
	}{
		{"no country", "XX,*,*,*,20,A,1,0,1,", "tax.csv:3:1: `XX` is not a country [E902]", homeSweden},
		{"everywhere", "*,*,*,*,20,A,1,0,1,", "a rate for every country cannot be taken over [W904]", homeSweden},
		{"a city", "FR,*,*,Paris,20,A,1,0,1,", "a rulebook cannot look at a city: the row for `Paris` is left out [W904]", homeSweden},
		{"no rate", "FR,*,*,*,20 EUR,A,1,0,1,", "`20 EUR` is not a per cent [E902]", homeSweden},
		{"no priority", "FR,*,*,*,20,A,x,0,1,", "`x` is not a whole number [E902]", homeSweden},
		{"too exact", "FR,*,*,*,20.125,A,1,0,1,", "the rate is more exact than the checkout can carry [W904]", homeSweden},
		{"a lost digit", "FR,*,971,*,20,A,1,0,1,", "the postcode `971` cannot be taken over, and the row is left out", homeSweden},
		{"two priorities", "SE,*,*,*,5,A,2,0,1,", "rates of several priorities add up, and VAT is one rate [W904]", homeSweden},
		{"a tax on a tax", "SE,*,*,*,5,A,2,1,1,", "it is a tax on another tax [W904]", homeSweden},
		{"the USA beside VAT", "US,CA,*,*,5,A,1,0,1,", "import these with --home US [W904]", homeSweden},
		{"a class with a rate", "US,CA,*,*,5,A,1,0,1,reduced-rate", "a class of goods can be exempt in a state, and has no other rates [W904]", homeUS},
		{"no state", "US,*,*,*,5,A,1,0,1,", "sales tax is by state [W904]", homeUS},
		{"a class alone", "US,TX,*,*,0,A,1,0,1,zero-rate", "the state has no standard rate [W904]", homeUS},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			first := "SE,*,*,*,25,Moms,1,0,1,\n"
			if strings.Contains(c.row, "US,") && !strings.Contains(c.name, "beside") {
				first = "US,CA,*,*,7.25,A,1,0,1,\n"
			}
			i := run(t, "woocommerce-tax", "tax.csv", wooTaxHead+first+c.row+"\n", c.home)
			i.sound(t)
			if got := i.short(t); !strings.Contains(got, c.want) || strings.Count(got, "\n") != 1 {
				t.Errorf("findings:\n%s", got)
			}
		})
	}
	i := run(t, "woocommerce-tax", "tax.csv", "a,b\n1,2\n", homeSweden)
	if got := i.short(t); !strings.Contains(got, "this is not a file of WooCommerce's tax rates") {
		t.Errorf("findings:\n%s", got)
	}
}

// TestWooTaxProperty: states, postcodes and classes of a country, in any order, are taxed equally.
func TestWooTaxProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var text strings.Builder
		text.WriteString(wooTaxHead)
		for range rapid.IntRange(1, 8).Draw(rt, "rows") {
			codes := rapid.SampledFrom([]string{"*", "*", "62*", "62000...62499;98107", "98107"}).Draw(rt, "codes")
			fmt.Fprintf(&text, "SE,*,%s,*,%d,A,1,0,1,%s\n", codes, rapid.IntRange(0, 30).Draw(rt, "rate"), rapid.SampledFrom([]string{"", "reduced-rate"}).Draw(rt, "class"))
		}
		i := run(t, "woocommerce-tax", "tax.csv", text.String(), homeSweden)
		if i.Result == nil || i.Proof.Rows == 0 {
			rt.Fatal("nothing was imported: ", text.String())
		}
		if i.Proof.Equal != i.Proof.Rows {
			rt.Fatalf("%+v\n%s\n%s", i.Proof.Differences, text.String(), i.file(t, "tax.yaml"))
		}
	})
}

func FuzzWooTax(f *testing.F) {
	f.Add(wooTaxHead + "SE,*,*,*,25.0000,Moms,1,0,1,\nDE,*,78266;27498,*,0.0000,MwSt,1,0,0,\nDE,,,,19,A,1,0,0,reduced-rate\n")
	f.Add(wooTaxHead + "US,CA,*,*,7.2500,State,1,0,0,\nUS,CA,902*;90001...90010,,1,City,2,0,0,\n")
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "woocommerce-tax", "tax.csv", text) })
}
