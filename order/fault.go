package order

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// FaultClass sorts faults for metrics and logs; it never holds text from the body.
type FaultClass string

// The classes of faults.
const (
	FaultSize      FaultClass = "size"      // more bytes than allowed
	FaultSyntax    FaultClass = "syntax"    // not one JSON object
	FaultEncoding  FaultClass = "encoding"  // byte order mark, invalid UTF-8, half of a surrogate pair
	FaultControl   FaultClass = "control"   // a control character in a string or a name
	FaultDuplicate FaultClass = "duplicate" // the same name twice in one object
	FaultDepth     FaultClass = "depth"     // nested too deeply
	FaultCount     FaultClass = "count"     // too many lines, elements, members or values
	FaultType      FaultClass = "type"      // a string for a number and the like
	FaultNull      FaultClass = "null"      // null where a value is needed
	FaultMissing   FaultClass = "missing"   // a required member is not there
	FaultLength    FaultClass = "length"    // a string shorter or longer than allowed
	FaultRange     FaultClass = "range"     // a number outside what is allowed
	FaultSign      FaultClass = "sign"      // a negative price of goods, a positive one of a discount
	FaultDiscount  FaultClass = "discount"  // a discount larger than its line
	FaultCurrency  FaultClass = "currency"  // not a currency of ISO 4217
)

// Fault is why a body was refused: Pointer is an RFC 6901 JSON pointer to the place, Problem what was
// found and what is right. Neither ever holds a string value from the body. A name from the body is in Pointer only
// where it is short and plain; else Pointer ends at the object that holds it.
type Fault struct {
	Class   FaultClass
	Pointer string
	Problem string
}

// Error returns "pointer: problem"; the body as a whole is "body".
func (f *Fault) Error() string {
	if f.Pointer == "" {
		return "body: " + f.Problem
	}
	return f.Pointer + ": " + f.Problem
}

// place makes a pointer fit for a log line: it is cut before the first name that is long or not plain.
func place(p jsontext.Pointer) string {
	s := string(p)
	for i := 0; i < len(s); {
		end := i + 1
		for end < len(s) && s[end] != '/' {
			if !plain(s[end]) {
				return s[:i]
			}
			end++
		}
		if end-i > 65 {
			return s[:i]
		}
		i = end
	}
	return s
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// refusal turns what the JSON reader says about text into a Fault; a Fault stays as it is.
func refusal(err error, text string) *Fault {
	var own *Fault
	if errors.As(err, &own) {
		return own
	}
	f := &Fault{Class: FaultSyntax, Problem: "found a body that ends too early or holds nothing; right is one JSON object"}
	var s *jsontext.SyntacticError
	if !errors.As(err, &s) {
		return f
	}
	at := min(max(int(s.ByteOffset), 0), len(text))
	f.Pointer = place(s.JSONPointer)
	byteAt := " at byte " + strconv.Itoa(at)
	switch {
	case errors.Is(s.Err, jsontext.ErrDuplicateName):
		f.Class, f.Problem = FaultDuplicate, "found a member twice"+byteAt+"; right is each name once in an object"
	case strings.HasPrefix(text, "\ufeff"):
		f.Class, f.Problem = FaultEncoding, "found a byte order mark; right is UTF-8 without one"
	case !utf8.ValidString(text):
		f.Class, f.Problem = FaultEncoding, "found bytes that are not UTF-8"+byteAt+"; right is UTF-8"
	case halfSurrogate(text[at:]):
		f.Class, f.Problem = FaultEncoding, "found half of a surrogate pair"+byteAt+"; right is both halves"
	case at < len(text):
		f.Problem = "found something that is not JSON" + byteAt + "; right is one JSON object and nothing after it"
	}
	return f
}

// halfSurrogate reports whether s begins with the escape of a surrogate.
func halfSurrogate(s string) bool {
	return len(s) >= 6 && s[0] == '\\' && s[1] == 'u' && s[2]|0x20 == 'd' && s[3] >= '8'
}
