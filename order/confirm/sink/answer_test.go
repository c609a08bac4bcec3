package sink_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

func response(kind, text string) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(text))}
}

// TestAnswer: an order that is taken stays taken, whatever the answer looks like; each member that fits is used.
func TestAnswer(t *testing.T) {
	t.Parallel()
	all := rules.Taken{Receipt: "r-1", Reference1: "A 4711", Reference2: "\u00e5\u00e4\u00f6"}
	for _, tt := range []struct {
		name, text string
		want       rules.Taken
		odd        string // part of what is told; "": nothing is
	}{
		{name: "nothing"},
		{name: "blanks", text: " \r\n"},
		{name: "a word", text: "OK"},
		{name: "another JSON value", text: "true"},
		{name: "a list", text: `["A 4711"]`},
		{name: "an empty object", text: "{}"},
		{name: "all", text: `{"receipt":"r-1","merchant_reference1":"A 4711","merchant_reference2":"åäö","more":{"a":[1]}}`, want: all},
		{name: "with blanks around", text: "\n {\"merchant_reference1\" : \"A 4711\"}\n", want: rules.Taken{Reference1: "A 4711"}},
		{name: "null", text: `{"receipt":null,"merchant_reference1":null}`},
		{name: "empty and blank", text: `{"receipt":"","merchant_reference1":"  "}`},
		{name: "a number", text: `{"merchant_reference1":4711}`, want: rules.Taken{Reference1: "4711"}},
		{name: "a long number", text: `{"merchant_reference1":123456789012345678901234567890}`, want: rules.Taken{Reference1: "123456789012345678901234567890"}},
		{name: "a broken number", text: `{"merchant_reference1":4711.0}`, odd: "merchant_reference1 is neither a string nor a whole number"},
		{name: "a negative number", text: `{"merchant_reference1":-1}`, odd: "merchant_reference1 is neither"},
		{name: "an object", text: `{"receipt":{"id":"canary"}}`, odd: "receipt is neither"},
		{name: "in capitals", text: `{"MERCHANT_REFERENCE1":"canary"}`},
		{name: "as long as can be", text: `{"merchant_reference1":"` + strings.Repeat("å", 255) + `"}`, want: rules.Taken{Reference1: strings.Repeat("å", 255)}},
		{name: "longer", text: `{"merchant_reference1":"` + strings.Repeat("å", 256) + `","receipt":"r-1"}`, want: rules.Taken{Receipt: "r-1"},
			odd: "merchant_reference1 has more than 255 characters"},
		{name: "two lines", text: `{"merchant_reference2":"canary\n","merchant_reference1":"A 4711"}`, want: rules.Taken{Reference1: "A 4711"},
			odd: "merchant_reference2 has line breaks"},
		{name: "right to left", text: `{"merchant_reference1":"\u202ecanary"}`, odd: "merchant_reference1 has line breaks or other control characters"},
		{name: "two faults", text: `{"receipt":[],"merchant_reference1":"\u0000"}`, odd: "receipt is neither a string nor a whole number\na part of the shop's answer is ignored: merchant_reference1"},
		{name: "half an object", text: `{"merchant_reference1":"canary"`, odd: "begins as a JSON object and is none"},
		{name: "twice the same", text: `{"receipt":"canary","receipt":"b"}`, odd: "begins as a JSON object and is none"},
		{name: "bad UTF-8", text: "{\"receipt\":\"canary\xff\"}", odd: "begins as a JSON object and is none"},
		{name: "half a character", text: `{"receipt":"\ud800"}`, odd: "begins as a JSON object and is none"},
		{name: "trailing", text: `{"receipt":"canary"} x`, odd: "begins as a JSON object and is none"},
		{name: "a page", text: "\n<!doctype html><title>canary</title>", odd: "it is a page, not JSON; is the URL of the webhook the right one?"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range []string{"application/json", "text/html; charset=UTF-8", ""} { // many a shop sends the wrong one
				got, err := sink.Read(response(kind, tt.text))
				if d := cmp.Diff(tt.want, got); d != "" {
					t.Error(d)
				}
				switch {
				case tt.odd == "" && err != nil:
					t.Errorf("got %v", err)
				case tt.odd != "" && (!errors.Is(err, sink.ErrOddAnswer) || !strings.Contains(err.Error(), tt.odd) || strings.Contains(err.Error(), "canary")):
					t.Errorf("got %v, want %q", err, tt.odd)
				}
			}
		})
	}
}

// FuzzAnswer: whatever a shop answers, what is used is a text that the provider takes.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"receipt":"r-1","merchant_reference1":"A 4711","merchant_reference2":"åäö"}`)
	f.Add(`{"merchant_reference1":4711}`)
	f.Add(`{"merchant_reference1":"\u202e\u0000\ud800"}`)
	f.Add("<html>")
	f.Add("{\"receipt\":\"\xff\"}")
	f.Fuzz(func(t *testing.T, text string) {
		taken, err := sink.Read(response("application/json", text))
		if err != nil && !errors.Is(err, sink.ErrOddAnswer) {
			t.Fatalf("got %v", err)
		}
		for _, s := range []string{taken.Receipt, taken.Reference1, taken.Reference2} {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 255 || strings.ContainsFunc(s, unicode.IsControl) || s != "" && strings.TrimSpace(s) == "" {
				t.Fatalf("taken: %q", s)
			}
		}
	})
}
