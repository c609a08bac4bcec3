package lint_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// fixes lints a shipping file and returns what can be mended.
func fixes(t testing.TB, files map[string]string) []lint.Fixed {
	t.Helper()
	fsys := fstest.MapFS{"tax.yaml": {Data: []byte(flatTax)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var r diag.Report
	if _, err := lint.Check(fsys, lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: today()}, &r); err != nil {
		t.Fatal(err)
	}
	return lint.Fixes(fsys, &r)
}

// TestFixes: what can only be meant in one way is mended; where there is a choice, or where digits would change, nothing is.
func TestFixes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, wrong, right string }{
		{"key", "prise: 1.00", "price: 1.00"},
		{"key of a supplement", "price: 1.00\nsurcharges: [{adc: 1.00}]\nx: 1\nnot: sweden", "price: 1.00\nsurcharges: [{add: 1.00}]\nx: 1\nnot: sweden"},
		{"zone", "price: 1.00\nto: gotlnad", "price: 1.00\nto: gotland"},
		{"zone in a list", "price: 1.00\nto: [sweden, gotlnad]", "price: 1.00\nto: [sweden, gotland]"},
		{"quoted", "price: 1.00\nto: \"gotlnad\"", "price: 1.00\nto: \"gotland\""},
		{"class", "price: 1.00\nwhen: {class: bulki}", "price: 1.00\nwhen: {class: bulky}"},
		{"decimal comma", "price: 79,00 SEK", "price: 79.00 SEK"},
		{"decimal comma in brackets", "price: [{max_weight: 5 kg, price: 79,00 NOK}]", "price: [{max_weight: 5 kg, price: 79.00 NOK}]"},
		{"thousands or decimals", "price: [{max_weight: 5 kg, price: 1,499}]", ""},
		{"unit", "price: [{max_weight: 5 kgs, price: 1.00}]", "price: [{max_weight: 5 kg, price: 1.00}]"},
		{"time", "price: 1.00\nwhen: {time: 08.00 to 14.00}", "price: 1.00\nwhen: {time: 08:00 to 14:00}"},
		{"dash", "price: 1.00\nwhen: {days: mon-fri}", "price: 1.00\nwhen: {days: mon to fri}"},
		{"time of half a day changes digits", "price: 1.00\ndelivery: {days: 1, cutoff: 2pm}", ""},
		{"price tag", "price: \"49:-\"", "price: \"49\""},
		{"row that is never used", "price: [{price: 1.00}, {class: bulky, price: 2.00}]", ""},
		{"too many decimals", "price: 1.005", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := fixes(t, map[string]string{"shipping.yaml": option(tc.wrong)})
			if tc.right == "" {
				if len(got) > 0 {
					t.Errorf("mended %v: %s", got[0].Codes, got[0].New)
				}
				return
			}
			if len(got) != 1 {
				t.Fatal("nothing is mended")
			}
			if diff := cmp.Diff(option(tc.right), string(got[0].New)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFixNeedsOneName: of two names that are equally near none is taken, nor one that differs by a digit, nor one that only a
// zone file declares.
func TestFixNeedsOneName(t *testing.T) {
	t.Parallel()
	for _, zones := range []string{"{nord: {SE: all}, nordd: {NO: all}}", "{z2: {SE: all}}"} {
		for _, to := range []string{"norf", "z4"} {
			if got := fixes(t, map[string]string{"shipping.yaml": shopHead + "zones: " + zones + "\noptions: [{id: a, name: A, price: 1.00, to: " + to + "}]\n"}); len(got) > 0 {
				t.Errorf("%s with %s: %s", to, zones, got[0].New)
			}
		}
	}
}

// TestFixKeepsBytes: a byte order mark, line ends and letters of several bytes stay.
func TestFixKeepsBytes(t *testing.T) {
	t.Parallel()
	text := "\ufeff" + strings.ReplaceAll(shopHead+"options: [{id: a, name: Åäö, prise: 1.00}]\nx-end: 1", "\n", "\r\n")
	got := fixes(t, map[string]string{"shipping.yaml": text})
	if len(got) != 1 || string(got[0].New) != strings.Replace(text, "prise", "price", 1) {
		t.Fatalf("%q", got)
	}
	if diff := cmp.Diff("--- shop/shipping.yaml\n+++ shop/shipping.yaml\n@@ -6 +6 @@\n-options: [{id: a, name: Åäö, prise: 1.00}]\n+options: [{id: a, name: Åäö, price: 1.00}]\n", got[0].Diff("shop")); diff != "" {
		t.Error(diff)
	}
}

// TestWrite: whole or not at all, with the same rights; what has changed, and what is no file, is left alone.
func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	write := func(text string, mode fs.FileMode) {
		if err := errors.Join(os.WriteFile(file, []byte(text), mode), os.Chmod(file, mode)); err != nil {
			t.Fatal(err)
		}
	}
	f := lint.Fixed{File: "a.yaml", Old: []byte("old"), New: []byte("new")}
	write("old", 0o640)
	if err := f.Write(dir); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	got, _ := os.ReadFile(file)
	if err != nil || info.Mode().Perm() != 0o640 || string(got) != "new" {
		t.Error(err, info.Mode(), string(got))
	}
	if err := f.Write(dir); err == nil || !strings.Contains(err.Error(), "it has been changed meanwhile") {
		t.Error(err)
	}
	write("old", 0o640)
	if err := os.WriteFile(file+".lint-fix", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(dir); err == nil || !strings.Contains(err.Error(), "is in the way") {
		t.Error(err)
	}
	if kept, _ := os.ReadFile(file + ".lint-fix"); string(kept) != "mine" {
		t.Errorf("another file was taken away: %q", kept)
	}
	if err := errors.Join(os.Remove(file+".lint-fix"), os.Remove(file), os.Symlink(filepath.Join(dir, "b.yaml"), file)); err != nil {
		t.Skip(err)
	}
	if err := f.Write(dir); err == nil || !strings.Contains(err.Error(), "not an ordinary file") {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Error("something is left over", left, err)
	}
	if err := f.Write(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was written to")
	}
}
