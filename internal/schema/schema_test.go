package schema_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestAcceptsSamples: every rulebook that comes with the program, and those of its tests that are right, are accepted.
func TestAcceptsSamples(t *testing.T) {
	t.Parallel()
	schemas := compiled(t)
	count := 0
	for _, root := range []string{"../../configs", "testdata"} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if base := filepath.Base(name); err != nil || schemaOf(name) == "" || base == "vat-rates.yaml" || strings.HasSuffix(name, "scenario.yaml") {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			count++
			if err := accepts(schemas[schemaOf(name)], diag.Parse(name, data, new(diag.Report))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 25 {
		t.Errorf("%d files", count)
	}
}

// archives are the fixtures of the rooms that read rule files.
func archives(t *testing.T) map[string]fstest.MapFS {
	t.Helper()
	all := map[string]fstest.MapFS{}
	for _, pattern := range []string{"../rulebook/testdata/format/*.txtar", "../../shipping/testdata/golden/*.txtar", "../../rules/checks/testdata/golden/*.txtar",
		"../../rules/rulestest/testdata/golden/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range found {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			for _, f := range a.Files {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			all[file] = fsys
		}
	}
	return all
}

// TestFixtures: what the parser reads without an error is accepted, and a file with a key that it does not know is refused.
func TestFixtures(t *testing.T) {
	t.Parallel()
	schemas := compiled(t)
	accepted, refused := 0, 0
	for archive, fsys := range archives(t) {
		faulty, unknown := map[string]bool{}, map[string]bool{}
		told := findings(t, fsys)
		whole := fsys["shipping.yaml"] != nil && fsys["tax.yaml"] != nil
		for _, f := range told {
			faulty[f.File] = faulty[f.File] || f.Severity == diag.Error
			unknown[f.File] = unknown[f.File] || f.Code == diag.CodeUnknownKey
		}
		for name, file := range fsys {
			if schemaOf(name) == "" {
				continue
			}
			r := new(diag.Report)
			n := diag.Parse(name, file.Data, r)
			if n == nil || r.Failed() {
				continue
			}
			err := accepts(schemas[schemaOf(name)], n)
			switch {
			case unknown[name]:
				if refused++; err == nil {
					t.Errorf("%s: %s has a key that is not known, and is accepted", archive, name)
				}
			case whole && !faulty[name] && len(told) == 0:
				if accepted++; err != nil {
					t.Errorf("%s: %s: %v", archive, name, err)
				}
			}
		}
	}
	if accepted < 15 || refused < 4 {
		t.Errorf("%d accepted and %d refused", accepted, refused)
	}
}

// sample is a file that a guide shows, or keys of an option or of the top of shipping.yaml; a test of that guide loads it.
var sample = regexp.MustCompile("(?ms)^```yaml (file=\\S+|option|top)\n(.*?)^```$")

// fileOf makes a file of a sample.
func fileOf(kind, text string) (name, whole string) {
	switch name, isFile := strings.CutPrefix(kind, "file="); {
	case isFile:
		return name, text
	case kind == "option":
		return "shipping.yaml", "options:\n  - id: a\n    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
	default:
		return "shipping.yaml", text
	}
}

// TestAcceptsGuides: what the guides show is accepted.
func TestAcceptsGuides(t *testing.T) {
	t.Parallel()
	schemas := compiled(t)
	guides, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../docs/*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, guide := range append(guides, more...) {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sample.FindAllStringSubmatch(string(text), -1) {
			name, whole := fileOf(m[1], m[2])
			s := schemas[schemaOf(name)]
			if s == nil {
				continue
			}
			count++
			if err := accepts(s, diag.Parse(name, []byte(whole), new(diag.Report))); err != nil {
				t.Errorf("%s, %s: %v\n%s", guide, m[1], err, m[2])
			}
		}
	}
	if count < 40 {
		t.Errorf("%d samples", count)
	}
}

// TestRefuses: slips in values that need no knowledge of names are seen.
func TestRefuses(t *testing.T) {
	t.Parallel()
	schemas := compiled(t)
	for _, test := range []struct{ name, file, text string }{
		{"no unit", "shipping.yaml", "options: [{id: a, name: A, price: [{max_weight: 20, price: 9.00}]}]"},
		{"unknown unit", "shipping.yaml", "options: [{id: a, name: A, price: [{max_weight: 20 stone, price: 9.00}]}]"},
		{"negative", "shipping.yaml", "options: [{id: a, name: A, price: -9.00}]"},
		{"a misspelt key", "shipping.yaml", "options: [{id: a, name: A, price: 9.00, free_form: 5}]"},
		{"a key in the wrong place", "shipping.yaml", "options: [{id: a, name: A, price: 9.00, currency: SEK}]"},
		{"no id", "shipping.yaml", "options: [{name: A, price: 9.00}]"},
		{"not a day", "shipping.yaml", "options: [{id: a, name: A, price: 9.00, from: 24.12.2026}]"},
		{"a method of another checkout", "shipping.yaml", "options: [{id: a, name: A, price: 9.00, method: Pickup}]"},
		{"points from two places", "shipping.yaml", "options: [{id: a, name: A, price: 9.00, pickup_points: {csv: a.csv, plugin: b}}]"},
		{"a country that is none", "shipping.yaml", "zones: {a: {Sweden: all}}"},
		{"a word of sales tax", "tax.yaml", "{version: 1, mode: vat, home: SE, destinations: {SE: charge}, collect_in: [US-CA]}"},
		{"a word of VAT", "tax.yaml", "{version: 1, mode: sales_tax, collect_in: [US-CA], destinations: {SE: charge}}"},
		{"a destination with two limits' names", "tax.yaml", "{version: 1, mode: vat, home: SE, destinations: {NO: {charge_below: 3000.00 NOK}}}"},
		{"a per cent over 100 is lint's, a word is not", "tax.yaml", "{version: 1, mode: vat, home: SE, destinations: {SE: charge}, rates: {SE: {food: 6 percent}}}"},
		{"a check that does nothing", "checks.yaml", "{version: 1, checks: [{id: a, min_age: 18}]}"},
		{"a check that does two things", "checks.yaml", `{version: 1, checks: [{id: a, min_age: 18, reject: {text: a}, redirect: "https://a.example"}]}`},
		{"a member that is none", "checks.yaml", "{version: 1, checks: [{id: a, missing: fax, reject: {text: a}}]}"},
		{"a test without a name", "a.test.yaml", "{version: 1, cases: [{to: SE 111 51}]}"},
		{"an address without a country", "a.test.yaml", "{version: 1, cases: [{name: a, to: 111 51}]}"},
		{"another version", "a.test.yaml", "{version: 2, cases: [{name: a}]}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := accepts(schemas[schemaOf(test.file)], diag.Parse(test.file, []byte(test.text), new(diag.Report))); err == nil {
				t.Error("it is accepted")
			}
		})
	}
}

// TestConfiguration: the keys of kvitto.yaml are those of its loader.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	s := compiled(t)["kvitto.v1.json"]
	for text, want := range map[string]bool{
		"merchants: [{id: a, rules: r, tokens: [{env: T}], capture: {when: {only_class: a}}, plugins: [{name: a.b, config: {any: 1}}]}]\nstore:": true,
		"merchants: [{id: a, country_change: {NO: {redirect: x}}, facts: {coupon: /c}, x-own: 1}]\ntexts: {fault: {sv: a}}":                      true,
		"merchants: [{id: a, rule: r}]":         false,
		"merchants: [{id: a}]\nlisten_on: 8080": false,
		"merchants: {id: a}":                    false,
		"listen: 127.0.0.1:8080":                false,
	} {
		if err := accepts(s, diag.Parse("kvitto.yaml", []byte(text), new(diag.Report))); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
