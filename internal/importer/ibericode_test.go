package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/importer"
)

func homeSweden(o *importer.Options) { o.Home, o.Currency = "SE", "" }

const vatRates = `{"details":"x","version":4,"items":{
	"SE":[{"effective_from":"0000-01-01","rates":{"reduced1":6,"reduced2":12,"standard":25}}],
	"EL":[{"effective_from":"2016-06-01","rates":{"reduced":13,"standard":24},"exceptions":[{"name":"Mount Athos","postcode":"63086","standard":0}]},
	      {"effective_from":"2016-01-01","rates":{"reduced":13,"standard":23}}],
	"FR":[{"effective_from":"2014-01-01","rates":{"super_reduced":2.1,"standard":20},"exceptions":[{"name":"Guadeloupe","postcode":"971\\d{2,}","standard":8.5,"reduced":2.1}]}]}}`

func TestIbericode(t *testing.T) {
	t.Parallel()
	i := run(t, "ibericode", "vat-rates.json", vatRates, homeSweden)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	_, got, _ := strings.Cut(i.file(t, "tax.yaml"), "import-report.txt.\n")
	equal(t, "tax.yaml", `
version: 1
mode: vat
home: SE

classes:                             # the goods need these tags
  reduced1: {tags: [reduced1]}
  reduced2: {tags: [reduced2]}
  reduced: {tags: [reduced]}
  super_reduced: {tags: [super_reduced]}

destinations:
  SE: charge
  GR: charge
  FR: charge
  "*": none

rates:
  SE: {standard: 25%, reduced1: 6%, reduced2: 12%}
  GR: {standard: {2016-01-01: 23%, 2016-06-01: 24%}, reduced: {2016-01-01: 13%}}
  FR: {standard: {2014-01-01: 20%}, reduced: {2014-01-01: 20%}, super_reduced: {2014-01-01: 2.1%}}

zones:
  gr_mount_athos: {GR: [63086]}
  fr_guadeloupe: {FR: [971*]}
areas:
  gr_mount_athos: {standard: {2016-01-01: 23%, 2016-06-01: 0%}, reduced: {2016-01-01: 13%, 2016-06-01: 0%}}
  fr_guadeloupe: {standard: {2014-01-01: 8.5%}, reduced: {2014-01-01: 2.1%}, super_reduced: {2014-01-01: 8.5%}}
`, got)
}

func TestIbericodeWrong(t *testing.T) {
	t.Parallel()
	one := func(period string) string { return `{"items":{"SE":[` + period + `]}}` }
	fine := `{"effective_from":"2020-01-01","rates":{"standard":25}}`
	for _, c := range []struct{ name, text, want string }{
		{"no items", `{"rates":[]}`, "there are no `items` in this file [E901]"},
		{"no country", `{"items":{"XX":[` + fine + `],"SE":[` + fine + `]}}`, "`XX` is not a country [E902]"},
		{"no day", one(fine + `,{"effective_from":"2020-02-31","rates":{"standard":25}}`), "`2020-02-31` is not a day [E902]"},
		{"no standard", one(fine + `,{"effective_from":"2021-01-01","rates":{"reduced":25}}`), "this period of `SE` has no standard rate [E902]"},
		{"over 100", one(fine + `,{"effective_from":"2021-01-01","rates":{"standard":250}}`), "`250` is not a per cent [E902]"},
		{"too exact", one(`{"effective_from":"2020-01-01","rates":{"standard":25,"reduced":5.125}}`), "the rate `5.125` is more exact than the checkout can carry and is left out [W904]"},
		{"a day twice", `{"items":{"NO":[` + fine + `],"SE":[` + fine + "," + fine + `]}}`, "two periods of `SE` begin on the same day [E903]"},
		{"a pattern", one(`{"effective_from":"2020-01-01","rates":{"standard":25},"exceptions":[{"name":"A","postcode":".*","standard":1}]}`), "the exception `A` of SE is left out"},
		{"shared postcodes", one(`{"effective_from":"2020-01-01","rates":{"standard":25},"exceptions":[{"name":"A","postcode":"62\\d{3}","standard":1},{"name":"B","postcode":"62157","standard":2}]}`),
			"the exceptions `se_a` and `B` share postcodes: the second is left out [W904]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "ibericode", "v.json", c.text, homeSweden)
			if got := i.short(t); !strings.Contains(got, c.want) {
				t.Errorf("findings:\n%s", got)
			}
			if i.Result != nil {
				i.sound(t)
			}
		})
	}
}

// TestIbericodePatterns: what patterns of postcodes become.
func TestIbericodePatterns(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		`62157`: "[62157]", `^62157$`: "[62157]", `62\\d{3}`: "[62*]", `62[0-9]{3}`: "[62*]", `6215[0-2]`: "[62150, 62151, 62152]",
		`(62157|98\\d+)`: "[98*, 62157]", `62\\d\\d\\d`: "[62*]", `621 57`: "[62157]",
	} {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			i := run(t, "ibericode", "v.json", `{"items":{"SE":[{"effective_from":"2020-01-01","rates":{"standard":25},"exceptions":[{"name":"A","postcode":"`+pattern+`","standard":1}]}]}}`, homeSweden)
			i.sound(t)
			if got := i.file(t, "tax.yaml"); !strings.Contains(got, "se_a: {SE: "+want+"}") {
				t.Errorf("tax.yaml:\n%s", got)
			}
		})
	}
}

func TestIbericodeProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var countries []string
		for _, code := range []string{"SE", "FR", "DE"}[:rapid.IntRange(1, 3).Draw(rt, "countries")] {
			var periods []string
			for year := range rapid.IntRange(1, 3).Draw(rt, "periods") {
				rates := func(label string) string {
					list := []string{fmt.Sprintf(`"standard":%d`, rapid.IntRange(0, 30).Draw(rt, label))}
					for _, c := range []string{"reduced", "reduced1"} {
						if rapid.Bool().Draw(rt, label+c) {
							list = append(list, fmt.Sprintf(`"%s":%d.%d`, c, rapid.IntRange(0, 20).Draw(rt, label+c), rapid.IntRange(0, 9).Draw(rt, "tenth")))
						}
					}
					return strings.Join(list, ",")
				}
				exceptions := ""
				if rapid.Bool().Draw(rt, "exception") {
					exceptions = `{"name":"A","postcode":"97\\d{3}",` + rates("exception") + "}"
				}
				periods = append(periods, fmt.Sprintf(`{"effective_from":"%d-05-01","rates":{%s},"exceptions":[%s]}`, 2010+year, rates("rate"), exceptions))
			}
			countries = append(countries, fmt.Sprintf("%q:[%s]", code, strings.Join(periods, ",")))
		}
		text := `{"items":{` + strings.Join(countries, ",\n") + "}}"
		i := run(t, "ibericode", "v.json", text, homeSweden)
		if fault := i.fault(t); fault != "" {
			rt.Fatal(text, fault)
		}
	})
}

func FuzzIbericode(f *testing.F) {
	f.Add(vatRates)
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "ibericode", "v.json", text) })
}
