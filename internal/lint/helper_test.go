package lint_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

const (
	shopHead = "version: 1\ncurrency: SEK\ntime_zone: Europe/Stockholm\nlanguages: [sv]\nitem_weight_if_missing: 0 g\n"
	flatTax  = "version: 1\nmode: vat\nhome: SE\ndata: vat-rates.yaml\ndestinations: {\"*\": home_rate}\n"
)

// today is the day of all tests.
func today() time.Time { return time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) }

// check lints a rulebook of pairs of name and text; tax.yaml may be missing.
func check(t testing.TB, files map[string]string) (*rulebook.Rulebook, *diag.Report) {
	t.Helper()
	fsys := fstest.MapFS{"tax.yaml": {Data: []byte(flatTax)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r := new(diag.Report)
	b, err := lint.Check(fsys, lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: today()}, r)
	if err != nil {
		t.Fatal(err)
	}
	return b, r
}

// told writes the findings as "CODE line:col message", without those about what is declared and not used.
func told(r *diag.Report) []string {
	var list []string
	for _, f := range r.Findings() {
		if !strings.HasPrefix(f.Code, "W50") || f.Code > "W504" {
			list = append(list, fmt.Sprintf("%s %d:%d %s", f.Code, f.Line, f.Col, f.Message))
		}
	}
	return list
}
