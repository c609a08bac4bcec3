package rulebook_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules/diag"
)

// sample is a fenced block of the guide: what stands behind the fence, and the text.
type sample struct{ info, text string }

var fence = regexp.MustCompile("(?s)\n```([^\n]+)\n(.*?)```\n")

func samples(t *testing.T) []sample {
	t.Helper()
	guide, err := os.ReadFile("../../docs/taxes.md")
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	for _, m := range fence.FindAllStringSubmatch(string(guide), -1) {
		list = append(list, sample{info: m[1], text: m[2]})
	}
	if len(list) < 12 {
		t.Fatalf("only %d samples", len(list))
	}
	return list
}

// taxFile makes a whole file of a sample that shows some of its keys.
func taxFile(s sample) string {
	if strings.HasSuffix(s.info, " whole") {
		return s.text
	}
	text := "version: 1\nmode: vat\nhome: SE\ndata: vat-rates.yaml\nclasses: {food: {tags: [food]}}\n"
	if !strings.Contains(s.text, "destinations:") {
		text += "destinations: {SE: charge, '*': none}\n"
	}
	return text + s.text
}

// TestTaxGuide loads every sample of the guide about VAT: sound ones are told nothing, mistakes their code alone.
func TestTaxGuide(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		_, want, wrong := strings.Cut(s.info, "wrong=")
		switch {
		case strings.Contains(s.info, "file="):
			continue
		case !wrong && !strings.HasPrefix(s.info, "yaml tax"):
			t.Errorf("a block that no test knows: %q", s.info)
			continue
		}
		var r diag.Report
		fsys := fstest.MapFS{"tax.yaml": {Data: []byte(taxFile(s))}}
		tax.Load(fsys, "tax.yaml", tax.Options{Shipped: configs.FS()}, &r)
		found := r.Findings()
		if wrong && (len(found) != 1 || found[0].Code != want) || !wrong && len(found) > 0 {
			t.Errorf("want %q alone:\n%s\n%s", want, s.text, rendered(t, &r))
		}
	}
}

// TestGuideOfTests runs the rulebook with tests that the guide shows.
func TestGuideOfTests(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{}
	for _, s := range samples(t) {
		if _, name, ok := strings.Cut(s.info, "file="); ok {
			fsys[name] = &fstest.MapFile{Data: []byte(s.text)}
		}
	}
	if len(fsys) != 3 {
		t.Fatalf("the guide shows %d files, want three", len(fsys))
	}
	runAll(t, fsys, subject(t, fsys))
}
