package sink

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/rules"
)

// Bounds of an answer.
const (
	mostAnswer = 64 << 10 // bytes that are read
	mostText   = 255      // characters of a member: the provider's bound of merchant_reference1 and 2
)

// ErrOddAnswer is an answer to a taken event, or a member of one, that was ignored; what it wraps says why.
var ErrOddAnswer = errors.New("a part of the shop's answer is ignored")

func odd(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrOddAnswer, fmt.Sprintf(format, args...))
}

// read reads the answer of a 2xx and closes it. The event is taken: an error only says what was ignored.
func read(res *http.Response) (rules.Taken, error) {
	defer func() { _ = res.Body.Close() }() // all that counts has been read
	if encoding := res.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return rules.Taken{}, odd("it has a Content-Encoding, which was not asked for")
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	switch {
	case err != nil:
		return rules.Taken{}, odd("it broke off, or did not end in time")
	case len(data) > mostAnswer:
		return rules.Taken{}, odd("it has more than %d bytes", mostAnswer)
	}
	data = bytes.TrimSpace(data)
	switch {
	case bytes.HasPrefix(data, []byte("{")):
		return members(data)
	case bytes.HasPrefix(data, []byte("<")):
		return rules.Taken{}, odd("it is a page, not JSON; is the URL of the webhook the right one?")
	default:
		return rules.Taken{}, nil // nothing, or OK and its like
	}
}

// answer is what is looked for; other members are ignored. The Content-Type does not count: many a shop sends none.
type answer struct {
	Receipt    jsontext.Value `json:"receipt"`
	Reference1 jsontext.Value `json:"merchant_reference1"`
	Reference2 jsontext.Value `json:"merchant_reference2"`
}

// members reads each member by itself, so that one that does not fit costs no other.
func members(data []byte) (rules.Taken, error) {
	var a answer
	if err := json.Unmarshal(data, &a); err != nil {
		return rules.Taken{}, odd("it begins as a JSON object and is none") // err holds a part of it
	}
	var t rules.Taken
	var faults []error
	for _, m := range []struct {
		name string
		raw  jsontext.Value
		to   *string
	}{{"receipt", a.Receipt, &t.Receipt}, {"merchant_reference1", a.Reference1, &t.Reference1}, {"merchant_reference2", a.Reference2, &t.Reference2}} {
		text, fault := text(m.raw)
		if fault != "" {
			faults = append(faults, odd("%s %s", m.name, fault))
			continue
		}
		*m.to = text
	}
	return t, errors.Join(faults...)
}

// text reads a string, or a whole number as it is written, since that is what many an order number is. Missing, null and
// blank are "". fault says why it cannot be used.
func text(raw jsontext.Value) (s, fault string) {
	switch kind := raw.Kind(); {
	case len(raw) == 0 || kind == 'n':
		return "", ""
	case kind == '0' && strings.Trim(string(raw), "0123456789") == "":
		s = string(raw)
	case kind != '"':
		return "", "is neither a string nor a whole number"
	default:
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", "is no string"
		}
	}
	switch {
	case strings.TrimSpace(s) == "":
		return "", ""
	case utf8.RuneCountInString(s) > mostText:
		return "", fmt.Sprintf("has more than %d characters", mostText)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		return "", "has line breaks or other control characters"
	default:
		return s, ""
	}
}
