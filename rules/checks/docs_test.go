package checks_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
)

var sample = regexp.MustCompile("(?ms)^<!-- (checks?)(?:, wrong: (E\\d+))? -->\n```yaml\n(.*?)^```$")

// TestGuide loads every sample of the guide; those that show a mistake are told with its code alone.
func TestGuide(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}
	all := sample.FindAllStringSubmatch(string(doc), -1)
	if len(all) < 10 {
		t.Fatalf("only %d samples", len(all))
	}
	for _, m := range all {
		text := m[3]
		if m[1] == "check" {
			text = "version: 1\nchecks:\n  - id: a\n    reject: {text: No.}\n    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") + "\n"
		}
		r := new(diag.Report)
		compile(t, text, r)
		found := r.Findings()
		if m[2] == "" && len(found) > 0 || m[2] != "" && (len(found) != 1 || found[0].Code != m[2]) {
			t.Errorf("want %q:\n%s\n%s", m[2], text, render(t, r))
		}
	}
}

// TestGuideIsComplete demands every key, every member and every callback in the guide.
func TestGuideIsComplete(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}
	words := append(checks.Keys(), checks.Members()...)
	for _, word := range append(words, "validation", "address_update", "country_change", "shipping_option_update") {
		if !regexp.MustCompile(`\b` + word + `\b`).Match(doc) {
			t.Errorf("the guide does not show `%s`", word)
		}
	}
}
