package rulebook_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// TestReferenceHasKeys: each part of the reference has a section for every key that the program allows there, and none for a
// key that there is not. What is allowed is read from what is told about a key that is not known.
func TestReferenceHasKeys(t *testing.T) {
	t.Parallel()
	const vat, sales = "version: 1\nmode: vat\nhome: SE\n", "version: 1\nmode: sales_tax\ncollect_in: [US-CO]\n"
	const checks, tests = "version: 1\nchecks:\n  - ", "version: 1\nnow: 2026-11-23 10:00\ncases:\n  - "
	for _, p := range []struct{ page, part, file, text string }{
		{"shipping-yaml", "The file", "shipping.yaml", "version: 1\nzz: 1\n"},
		{"shipping-yaml", "An option", "shipping.yaml", "version: 1\noptions: [{zz: 1}]\n"},
		{"shipping-yaml", "A supplement", "shipping.yaml", "version: 1\noptions: [{id: a, surcharges: [{zz: 1}]}]\n"},
		{"tax-yaml", "The file, VAT", "tax.yaml", vat + "zz: 1\n"},
		{"tax-yaml", "A destination", "tax.yaml", vat + "destinations: {SE: {zz: 1}}\n"},
		{"tax-yaml", "b2b", "tax.yaml", vat + "b2b: {zz: 1}\n"},
		{"tax-yaml", "The file, sales tax", "tax.yaml", sales + "zz: 1\n"},
		{"tax-yaml", "An exemption", "tax.yaml", sales + "exempt: [{zz: 1}]\n"},
		{"tax-yaml", "A fee", "tax.yaml", sales + "fees: [{zz: 1}]\n"},
		{"checks-yaml", "The file", "checks.yaml", "version: 1\nzz: 1\n"},
		{"checks-yaml", "A check", "checks.yaml", checks + "{zz: 1}\n"},
		{"test-files", "The file", "a.test.yaml", "version: 1\nzz: 1\n"},
		{"test-files", "A case", "a.test.yaml", tests + "{zz: 1}\n"},
		{"test-files", "A cart", "a.test.yaml", tests + "{name: a, cart: {zz: 1}}\n"},
		{"test-files", "An item", "a.test.yaml", tests + "{name: a, cart: {items: [{zz: 1}]}}\n"},
		{"test-files", "A discount", "a.test.yaml", tests + "{name: a, discounts: [{zz: 1}]}\n"},
		{"test-files", "An address", "a.test.yaml", tests + "{name: a, to: {zz: 1}}\n"},
		{"test-files", "A customer", "a.test.yaml", tests + "{name: a, customer: {zz: 1}}\n"},
		{"test-files", "What is expected", "a.test.yaml", tests + "{name: a, expect: {zz: 1}}\n"},
		{"test-files", "An option that is expected", "a.test.yaml", tests + "{name: a, expect: {with: [{zz: 1}]}}\n"},
	} {
		t.Run(p.page+"/"+p.part, func(t *testing.T) {
			t.Parallel()
			want, got := allowedKeys(t, p.file, p.text), sections(t, p.page, p.part)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("docs/tables/%s.md, %s (-keys +sections):\n%s", p.page, p.part, diff)
			}
		})
	}
}

// allowedKeys are the keys beside which zz is told, without condition words.
func allowedKeys(t *testing.T, file, text string) []string {
	t.Helper()
	fsys := fstest.MapFS{
		"shipping.yaml": {Data: []byte("version: 1\ncurrency: SEK\ntime_zone: UTC\nlanguages: [sv]\noptions: [{id: a, name: A, price: 1.00}]\n")},
		"tax.yaml":      {Data: []byte("version: 1\nmode: vat\nhome: SE\nrates: {SE: {standard: 25%}}\ndestinations: {SE: charge}\n")},
	}
	fsys[file] = &fstest.MapFile{Data: []byte(text)}
	r := new(diag.Report)
	o := lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	if _, err := lint.Check(fsys, o, r); err != nil {
		t.Fatal(err)
	}
	words := (&table.Scope{Extra: table.FeeWords}).WordNames()
	for _, f := range r.Findings() {
		list, ok := strings.CutPrefix(f.Help, "allowed are ")
		if f.Code != diag.CodeUnknownKey || !ok {
			continue
		}
		keys := strings.Split(list, ", ")
		if len(words) < len(keys) && slices.Contains(keys, "add") { // conditions have pages of their own
			keys = slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(words, k) })
		}
		slices.Sort(keys)
		return keys
	}
	t.Fatalf("nothing is told about an unknown key:\n%s\n%s", text, rendered(t, r))
	return nil
}

// sections are the keys that a part of a page has headings for, each with a default and with what is allowed.
func sections(t *testing.T, page, part string) (keys []string) {
	t.Helper()
	data, err := os.ReadFile("../../docs/tables/" + page + ".md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "\n## "+part+"\n")
	if !ok {
		t.Fatalf("there is no part %q", part)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	form := regexp.MustCompile("^((?:`\\w+`(?:, )?)+)\n\n\\| Default \\| .+ \\|\n\\|--\\|--\\|\n\\| Allowed \\| .+ \\|\n\n\\S")
	for _, section := range strings.Split(rest, "\n### ")[1:] {
		m := form.FindStringSubmatch(section)
		if m == nil {
			t.Errorf("a section lacks a default, what is allowed, or a sentence:\n%.200s", section)
			continue
		}
		for name := range strings.SplitSeq(m[1], ", ") {
			keys = append(keys, strings.Trim(name, "`"))
		}
	}
	slices.Sort(keys)
	return keys
}
