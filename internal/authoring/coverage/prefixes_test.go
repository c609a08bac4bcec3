package coverage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/coverage"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// zoned is a book of one option for some postcodes of a country.
func zoned(t testing.TB, country, list string) *authoring.Book {
	t.Helper()
	return samplebook.Open(t, fstest.MapFS{"tax.yaml": {Data: []byte(samplebook.VAT)}, "shipping.yaml": {Data: []byte(
		"version: 1\ncurrency: SEK\ntime_zone: Europe/Stockholm\nlanguages: [sv]\nitem_weight_if_missing: 0 g\nzones: {z: {" + country + ": [" + list + "]}}\n" +
			"options: [{id: parcel, name: Parcel, to: z, price: 1.00}]\n")}})
}

func prefixes(t testing.TB, b *authoring.Book, n int) []coverage.Prefixes {
	t.Helper()
	p, err := coverage.Ask(t.Context(), b, coverage.StandardCarts(b), "", samplebook.Monday(), true)
	if err != nil {
		t.Fatal(err)
	}
	return p.By(t.Context(), b, n)
}

func TestPrefixes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, country, zone string
		n                   int
		want                string
	}{
		{"a gap within", "SE", "10000 to 39999, 45000 to 99999", 1, "0 of 9 ; partly 4"},
		{"a gap of some", "SE", "10000 to 39999, 50000 to 99999", 2, "10 of 90 40–49; partly "},
		{"a single code", "SE", "10000 to 55499, 55501 to 99999", 3, "0 of 900 ; partly 555"},
		{"four digits and a letter", "NL", "1000 to 8999", 1, "1 of 9 9; partly "},
		{"the last code", "NL", "\"9*\"", 2, "80 of 90 10–89; partly "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := "none"
			for _, x := range prefixes(t, zoned(t, tt.country, tt.zone), tt.n) {
				var parts []string
				for _, r := range x.Ranges {
					parts = append(parts, strings.TrimSuffix(r[0]+"–"+r[1], "–"+r[0]))
				}
				got = fmt.Sprintf("%d of %d %s; partly %s", x.None, x.All, strings.Join(parts, ", "), strings.Join(x.Partly, ", "))
				if !slices.Equal(x.Why, []string{"parcel: to z, shipping.yaml:7"}) || !strings.Contains(x.Help, "shipping.yaml") {
					t.Errorf("why %q, help %q", x.Why, x.Help)
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := prefixes(t, zoned(t, "SE", "10 to 99"), 7); len(got) != 0 {
		t.Errorf("more characters than a code has: %+v", got)
	}
	if got := prefixes(t, zoned(t, "GB", "SW1"), 2); len(got) != 0 {
		t.Errorf("codes of several lengths: %+v", got)
	}
}

// TestPrefixesAgainstEveryCode: what is told by prefixes is what each postcode says.
func TestPrefixesAgainstEveryCode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.IntRange(1000, 9998).Draw(rt, "from")
		to := rapid.IntRange(from+1, 9999).Draw(rt, "to")
		n := rapid.IntRange(1, 4).Draw(rt, "n")
		b := zoned(t, "DK", fmt.Sprintf("%d to %d", from, to))
		has, lacks := map[string]bool{}, map[string]bool{}
		for code := range 10_000 {
			text := fmt.Sprintf("%04d", code)[:n]
			if code >= from && code <= to {
				has[text] = true
			} else {
				lacks[text] = true
			}
		}
		none, partly := 0, 0
		for text := range lacks {
			if has[text] {
				partly++
			} else {
				none++
			}
		}
		got := prefixes(t, b, n)
		if len(got) != 1 || got[0].None != none || len(got[0].Partly) != partly {
			rt.Fatalf("%d to %d by %d: %+v, want %d and %d", from, to, n, got, none, partly)
		}
	})
}

func TestCodes(t *testing.T) {
	t.Parallel()
	b := zoned(t, "SE", "100 to 615, 620 to 999")
	list := fstest.MapFS{"se.csv": {Data: []byte("postcode;inhabitants;country\n113 51;20 000;\n61630;300;\n616 31;1200;se\n61631;1200;SE\n2100;5;DK\n")}}
	r := new(diag.Report)
	codes := coverage.ReadCodes(list, "se.csv", "SE", b, r)
	if codes == nil {
		t.Fatal(r.Findings())
	}
	carts := coverage.StandardCarts(b)
	p, err := coverage.Ask(t.Context(), b, carts, "", samplebook.Monday(), true)
	if err != nil {
		t.Fatal(err)
	}
	gaps, err := coverage.AskCodes(t.Context(), b, codes, carts, "", p, true)
	if err != nil {
		t.Fatal(err)
	}
	want := []coverage.CodeGaps{
		{Country: "DK", Codes: 1, People: 5, Never: 1, Carts: []coverage.CodeGap{{Cart: "any goods", Codes: 1, People: 5, Which: []string{"2100"}}}},
		{Country: "SE", Codes: 3, People: 21500, Never: 2, Carts: []coverage.CodeGap{{Cart: "any goods", Codes: 2, People: 1500, Which: []string{"616 31", "61630"}}}},
	}
	if d := cmp.Diff(want, gaps); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	var out strings.Builder
	if err := coverage.CodesText(&out, "se.csv", gaps); err != nil || !strings.Contains(out.String(),
		"SE: 3 postcodes of se.csv, 21 500 inhabitants\n  any goods   2 get none (1 500 inhabitants): 616 31, 61630\n") {
		t.Error(err, out.String())
	}
}

// TestCodesWithFaults: each is told at its cell.
func TestCodesWithFaults(t *testing.T) {
	t.Parallel()
	b := zoned(t, "SE", "100 to 999")
	for name, tt := range map[string]struct{ text, want string }{
		"no column":       {"code\n11351\n", "E302 1:1"},
		"half a code":     {"postcode\n11351\n113\n", "E212 3:1"},
		"no code":         {"postcode,inhabitants\n,5\n", "E212 2:1"},
		"not a country":   {"postcode,country\n11351,QQ\n", "E216 2:7"},
		"half a person":   {"postcode,inhabitants\n11351,1.5\n", "E103 2:7"},
		"fewer than none": {"postcode,inhabitants\n11351,-1\n", "E103 2:7"},
	} {
		r := new(diag.Report)
		codes := coverage.ReadCodes(fstest.MapFS{"a.csv": {Data: []byte(tt.text)}}, "a.csv", "SE", b, r)
		if codes != nil || len(r.Findings()) != 1 {
			t.Errorf("%s: %v", name, r.Findings())
			continue
		}
		if f := r.Findings()[0]; fmt.Sprintf("%s %d:%d", f.Code, f.Line, f.Col) != tt.want || f.Help == "" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if coverage.ReadCodes(fstest.MapFS{}, "a.csv", "SE", b, new(diag.Report)) != nil {
		t.Error("a list that is not there")
	}
}
