package diag_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestOpenQuote names the quote that was forgotten: YAML stops far below it.
func TestOpenQuote(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"closed by the next quote", "a: 1\nname: \"Hem\nprice: 1\ntime: \"06:00 to 20:00\"\n", "2:7"},
		{"a quote in a remark", "a: 1 # 5\" x\nb: c: d\n", ""},
		{"a text of two lines", "a: \"b\n  c\"\nb: c: d\n", ""},
		{"no quote", "a: b: c\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			diag.Parse("f.yaml", []byte(tc.text), &r)
			all := r.Findings()
			if len(all) != 1 || all[0].Code != diag.CodeNotYAML {
				t.Fatalf("%+v", all)
			}
			got := ""
			if c := all[0].Cause; c != nil && strings.Contains(c.Label, "quote") {
				got = at(c.Place)
			}
			if got != tc.want {
				t.Errorf("got %q, want %q: %+v", got, tc.want, all[0])
			}
		})
	}
}
