package shopcheck_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/shopcheck"
	"github.com/kvitto/kvitto/rules"
)

// FuzzAnswer: whatever a shop answers, what gets through is an approval, a plain text or a page on a configured host.
func FuzzAnswer(f *testing.F) {
	f.Add(uint16(200), "application/json", "{}", "")
	f.Add(uint16(400), "application/json", `{"error_type":"approval_failed","error_text":"Slut."}`, "")
	f.Add(uint16(303), "", "", "https://127.0.0.1/why")
	f.Add(uint16(303), "", "", "https://127.0.0.1@evil.example/")
	f.Fuzz(func(t *testing.T, status uint16, kind, text, location string) {
		h := http.Header{"Content-Type": {kind}, "Location": {location}}
		d, err := shopcheck.Decide(&http.Response{StatusCode: int(status), Header: h, Body: io.NopCloser(strings.NewReader(text)), ContentLength: -1}, "127.0.0.1")
		if err != nil {
			if d.Verdict != rules.Accept || d.Location != "" {
				t.Fatalf("a fault with a decision: %+v", d)
			}
			return
		}
		switch d.Verdict {
		case rules.Accept:
			if status != 200 {
				t.Fatalf("status %d approves", status)
			}
		case rules.Rejected:
			if s := d.Reject.Text; strings.TrimSpace(s) == "" || !utf8.ValidString(s) || utf8.RuneCountInString(s) > 1000 || strings.ContainsFunc(s, unicode.IsControl) {
				t.Fatalf("text %q", s)
			}
		default:
			if !strings.HasPrefix(strings.ToLower(d.Location), "https://127.0.0.1") {
				t.Fatalf("location %q", d.Location)
			}
		}
	})
}
