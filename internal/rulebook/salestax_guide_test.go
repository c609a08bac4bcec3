package rulebook_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules/diag"
)

// salesSamples are the fenced blocks of the guide to sales tax: what stands behind the fence, and the text.
func salesSamples(t *testing.T) [][2]string {
	t.Helper()
	guide, err := os.ReadFile("../../docs/sales-tax.md")
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for _, m := range regexp.MustCompile("(?ms)^```(\\w[^\n]*)\n(.*?)^```$").FindAllStringSubmatch(string(guide), -1) {
		out = append(out, [2]string{m[1], m[2]})
	}
	if len(out) < 10 {
		t.Fatalf("only %d samples", len(out))
	}
	return out
}

// TestSalesTaxGuideShop runs the shop of the guide with its tests.
func TestSalesTaxGuideShop(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{}
	for _, s := range salesSamples(t) {
		if _, name, ok := strings.Cut(s[0], "file="); ok {
			fsys[name] = &fstest.MapFile{Data: []byte(s[1])}
		}
	}
	if len(fsys) != 4 {
		t.Fatalf("%d files", len(fsys))
	}
	runAll(t, fsys, subject(t, fsys))
}

// TestSalesTaxGuideSamples loads every other sample; those that show a mistake are told with its code alone.
func TestSalesTaxGuideSamples(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nmode: sales_tax\n"
	base := []string{"collect_in: [US-CO]\n", "rates: {US-CO: 2.9%}\n", "shipping_tax: {US-CO: none}\n"}
	for _, s := range salesSamples(t) {
		_, want, wrong := strings.Cut(s[0], "wrong=")
		if strings.Contains(s[0], "file=") {
			continue
		}
		if !wrong && s[0] != "yaml sales" {
			t.Errorf("a block that no test knows: %q", s[0])
		}
		rest := slices.DeleteFunc(slices.Clone(base), func(line string) bool {
			key, _, _ := strings.Cut(line, ":")
			return strings.HasPrefix(s[1], key+":") || strings.Contains(s[1], "\n"+key+":")
		})
		fsys := fstest.MapFS{"tax.yaml": {Data: []byte(head + strings.Join(rest, "") + s[1])}}
		r := new(diag.Report)
		tax.Load(fsys, "tax.yaml", tax.Options{}, r)
		var got []string
		for _, f := range r.Findings() {
			got = append(got, f.Code+" "+f.Message)
		}
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], want)) {
			t.Errorf("%s: got %q of\n%s", s[0], got, fsys["tax.yaml"].Data)
		}
	}
}
