package diag_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestPlainWords: what the YAML library could not read is told in words that a person without it understands, and
// nothing of the library's own text comes through.
func TestPlainWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, place, message, cause string }{
		{"text with a colon", "name: Hem: kväll\n", "1:10", "this `:` makes no sense here", ""},
		{"indented too little", "a:\n    b: 1\n  c: 2\n", "3:3", "this line does not belong to what stands above it", "1:1 to the map that begins here"},
		{"key among entries", "a:\n  - 1\n  b: 2\n", "3:3", "an entry of a list begins with `- `", "2:3 the list begins here"},
		{"map not closed", "a: {b: 1\nc: 2\n", "2:2", "`,` or `}` is missing before this", "1:4 the map is opened here"},
		{"list not closed", "a: [1, 2\nb: 3\n", "2:2", "`,` or `]` is missing before this", "1:4 the list is opened here"},
		{"closed by the other bracket", "a: [1, 2}\n", "1:9", "`,` or `]` is missing before this", "1:4 the list is opened here"},
		{"no colon", "a: 1\nb\nc: 2\n", "2:1", "`: ` and a value are missing on this line", ""},
		{"at sign", "a: @b\n", "1:4", "a value cannot begin with `@`", ""},
		{"back quote", "a: `b`\n", "1:4", "a value cannot begin with `'`", ""},
		{"entry beside its name", "a: - b\n", "1:4", "`- ` cannot stand here", ""},
		{"question mark", "a: ? b\n", "1:4", "`? ` cannot stand here", ""},
		{"two commas", "a: [1,,2]\n", "1:7", "a value is missing before this", ""},
		{"quote not closed", "a: 1\nb: 'x\n", "2:4", "the text that begins here has no closing quote", ""},
		{"quote over a document mark", "a: \"x\n---\n", "1:4", "the text that begins here has no closing quote", ""},
		{"backslash", "a: \"\\p\"\n", "1:5", "after \\ stands a letter that means nothing here", ""},
		{"hexadecimal", "a: \"\\xzz\"\n", "1:7", "after \\ stands a letter that means nothing here", ""},
		{"text after the bar", "a: | b\n  c\n", "1:6", "this line cannot stand after | or >", "1:4 the text begins here"},
		{"star", "to: *\n", "1:5", "a value that begins with * or & must be in quotes", ""},
		{"star and word", "to: *all\n", "1:5", "a value that begins with * or & must be in quotes", ""},
		{"ampersand", "to: & co\n", "1:5", "a value that begins with * or & must be in quotes", ""},
		{"exclamation mark", "a: !<b c\n", "1:4", "a value that begins with ! must be in quotes", ""},
		{"percent at the left", "%a\n", "1:3", "a line that begins with % is an instruction to YAML and not used here", ""},
		{"percent", "a: %b\n", "1:4", "a value cannot begin with `%`", ""},
		{"nested too deeply", deepLines(70), "65:66", "maps and lists are nested too deeply here", ""},
		{"comment glued", "a: 'b'#c\n", "1:7", "a comment needs a space before its #", ""},
		{"tab behind spaces", "a:\n \tb: 1\n", "2:2", "a tab is used for indentation", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			if diag.Parse("f.yaml", []byte(tc.text), &r) != nil {
				t.Error("it was parsed")
			}
			all := r.Findings()
			if len(all) != 1 {
				t.Fatalf("%+v", all)
			}
			got := []string{at(all[0].Place), all[0].Message, ""}
			if c := all[0].Cause; c != nil {
				got[2] = at(c.Place) + " " + c.Label
			}
			if diff := cmp.Diff([]string{tc.place, tc.message, tc.cause}, got); diff != "" {
				t.Error(diff)
			}
			if all[0].Help == "" && all[0].Code != diag.CodeTooDeep {
				t.Error("it does not say what would be right")
			}
		})
	}
}
