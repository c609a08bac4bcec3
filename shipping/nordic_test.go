package shipping_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// example loads a shipping.yaml of the sample files.
func example(t testing.TB, dir string) *shipping.Table {
	t.Helper()
	var r diag.Report
	table := shipping.Load(os.DirFS("../configs/examples/"+dir), "shipping.yaml", shipping.Options{}, &r)
	if table == nil {
		t.Fatal(render(t, &r))
	}
	return table
}

// nordic loads the example that the manual uses.
func nordic(t testing.TB) *shipping.Table {
	t.Helper()
	return example(t, "nordic")
}

// TestNordic goes through the example's own test file as far as shipping goes.
func TestNordic(t *testing.T) {
	t.Parallel()
	table := nordic(t)
	one := func(grams int64, total order.Amount) []item { return []item{{grams: grams, price: total}} }
	tests := []struct {
		name, want string
		ask        ask
	}{
		{"small parcel to Stockholm", "ombud 3900, hem 12900, butik 0", ask{items: one(800, 39900)}},
		{"1 kg", "ombud 3900, hem 12900, butik 0", ask{items: one(1000, 39900)}},
		{"over 1 kg", "ombud 5900, hem 12900, butik 0", ask{items: one(1001, 39900)}},
		{"just below free", "ombud 5900, hem 12900, butik 0", ask{items: one(5000, 59899)}},
		{"free", "ombud 0, hem 12900, butik 0", ask{items: one(5000, 59900)}},
		{"20 kg", "ombud 9900, hem 12900, butik 0", ask{items: one(20000, 39900)}},
		{"over 20 kg", "hem 12900, butik 0", ask{items: one(20001, 39900)}},
		{"Gotland", "ombud 5900, butik 0", ask{to: "SE 621 57", items: one(800, 39900)}},
		{"Gotland, free", "ombud 2000, butik 0", ask{to: "SE 621 57", items: one(800, 70000)}},
		{"the far north", "ombud 3900, butik 0", ask{to: "SE 981 31", items: one(1000, 20000)}},
		{"the far north, last code", "ombud 3900, butik 0", ask{to: "SE 984 99", items: one(1000, 20000)}},
		{"three bulky items to Kiruna", "pall 124500, butik 0", ask{to: "SE 981 31", items: []item{{n: 3, grams: 30000, price: 400000, tags: "bulky"}}}},
		{"a letter", "brev 1900, ombud 3900, hem 12900, butik 0", ask{items: []item{{grams: 200, price: 10000, tags: "letter"}}}},
		{"a company", "ombud 3900, hem 9900, butik 0", ask{customer: "organization", items: one(800, 39900)}},
		{"Åland", "aland 1290", ask{to: "FI 22100", currency: "EUR", items: one(1000, 5000)}},
		{"Åland by its own country", "aland 1290", ask{to: "AX 22100", currency: "EUR", items: one(1000, 5000)}},
		{"Finland", "ombud 690", ask{to: "FI 00100", currency: "EUR", items: one(1000, 5000)}},
		{"Bornholm", "ombud 7400", ask{to: "DK 3700", currency: "DKK", items: one(1000, 10000)}},
		{"Norway", "hentested 7900", ask{to: "NO 0150", currency: "NOK", items: one(2000, 10000)}},
		{"Svalbard", "svalbard 34900", ask{to: "NO 9170", currency: "NOK", items: one(2000, 10000)}},
		{"bulky goods cannot go to Denmark", "-", ask{to: "DK 2100", currency: "DKK", items: []item{{grams: 30000, price: 300000, tags: "bulky"}}}},
		{"Sweden without a postcode", "ombud 3900, butik 0", ask{to: "SE", items: one(800, 39900)}},
		{"without weight", "ombud 3900, hem 12900, butik 0", ask{items: one(0, 39900)}},
		{"nothing in this currency", "-", ask{currency: "USD"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := short(offer(t, table, tt.ask)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestNordicTexts reads names and the promise in the buyer's language.
func TestNordicTexts(t *testing.T) {
	t.Parallel()
	table := nordic(t)
	sv, en := offer(t, table, ask{}).Options[0], offer(t, table, ask{lang: "en"}).Options[0]
	if sv.Name != "PostNord ombud" || sv.Description != "Framme 24–26 nov" {
		t.Errorf("sv: %q, %q", sv.Name, sv.Description)
	}
	if en.Name != "PostNord service point" || en.Description != "Arrives 24–26 Nov" {
		t.Errorf("en: %q, %q", en.Name, en.Description)
	}
	if slot := sv.Details.Timeslot; slot.Start != "2026-11-24" || slot.End != "2026-11-26" {
		t.Errorf("slot: %+v", slot)
	}
}

// story writes a trace as lines that begin with + for an option that is taken and - for one that is not.
func story(tr *rules.Trace) string {
	var b strings.Builder
	fmt.Fprintf(&b, "zones: %s\n", strings.Join(tr.Zones, ", "))
	for _, n := range tr.Notes {
		fmt.Fprintf(&b, "note: %s\n", n.Text)
	}
	for _, o := range tr.Options {
		sign := "-"
		if o.Taken {
			sign = "+"
		}
		fmt.Fprintf(&b, "%s %s\n", sign, o.ID)
		for _, s := range o.Steps {
			if s.HasAmount {
				fmt.Fprintf(&b, "%8d %s", s.Amount, s.Currency)
			} else {
				b.WriteString("    ")
			}
			fmt.Fprintf(&b, " %s", s.Text)
			if s.File != "" {
				fmt.Fprintf(&b, " @%s:%d:%d", s.File, s.Line, s.Col)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// TestNordicTrace tells the story of the manual: Gotland, free, the supplement stays.
func TestNordicTrace(t *testing.T) {
	t.Parallel()
	tr := &rules.Trace{}
	offer(t, nordic(t), ask{to: "SE 621 57", items: []item{{grams: 4000, price: 70000}}, trace: tr})
	const want = `zones: sweden, gotland
note: 1 line has no dimensions; size limits pass, and the real weight counts
- brev
     when: only_class letter; 1 item has no class @shipping.yaml:39:12
+ ombud
    5900 SEK price row 2: sweden, up to 5 kg @shipping.yaml:59:23
    2000 SEK Gotlandstillägg @shipping.yaml:62:29
   -5900 SEK free from 599.00, supplements stay @shipping.yaml:64:24
     pickup_points: postnord did not answer; offered without points @shipping.yaml:52:20
- hem
     not_to: the address is in gotland @shipping.yaml:72:5
- pall
     when: class bulky; nothing in the cart is bulky @shipping.yaml:85:12
- hentested
     to norway; the address is not there @shipping.yaml:97:5
- svalbard
     to svalbard; the address is not there @shipping.yaml:108:5
- aland
     to aland; the address is not there @shipping.yaml:116:5
+ butik
       0 SEK price @shipping.yaml:125:12
`
	if diff := cmp.Diff(want, story(tr)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, word := range []string{"to", "not_to", "only_class", "max_weight", "class", "free_from"} {
		if s, ok := tr.Looked[word]; !ok || s.Line == 0 {
			t.Errorf("%s was looked at and is not told: %+v", word, tr.Looked)
		}
	}
}
