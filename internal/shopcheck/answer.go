package shopcheck

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/rules"
)

const (
	maxBody     = 64 << 10
	maxText     = 1000 // characters of error_text
	maxLocation = 2000
)

// ErrAnswer is an answer that is none of the three; what it wraps says in which way.
var ErrAnswer = errors.New("unusable answer of the shop")

func unusable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrAnswer, fmt.Sprintf(format, args...))
}

// decide turns an answer into a decision.
func (c *Check) decide(res *http.Response) (rules.Decision, error) {
	switch res.StatusCode {
	case http.StatusOK:
		return rules.Decision{}, approval(res)
	case http.StatusBadRequest:
		return rejection(res)
	case http.StatusSeeOther:
		return c.redirect(res.Header)
	default:
		return rules.Decision{}, unusable("status %d, want 200, 400 or 303", res.StatusCode)
	}
}

// drop reads what is left of a small answer, so that its connection can be used again, and closes it. What goes wrong
// here costs the connection and nothing else: the answer is already decided on.
func drop(res *http.Response) {
	_, _ = io.CopyN(io.Discard, res.Body, maxBody)
	_ = res.Body.Close()
}

// body reads a bounded answer.
func body(res *http.Response) ([]byte, error) {
	if res.ContentLength > maxBody {
		return nil, unusable("a body of %d bytes, at most %d are read", res.ContentLength, maxBody)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the answer: %w", err)
	case len(data) > maxBody:
		return nil, unusable("a body of more than %d bytes", maxBody)
	}
	return data, nil
}

// isJSON wants application/json in UTF-8 and no compression.
func isJSON(h http.Header) bool {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	set, given := params["charset"]
	return err == nil && media == "application/json" && (!given || strings.EqualFold(set, "utf-8")) && h.Get("Content-Encoding") == ""
}

// approval wants nothing or a JSON object: a page of a proxy or of a server in trouble also comes with 200.
func approval(res *http.Response) error {
	data, err := body(res)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	if !isJSON(res.Header) {
		return unusable("status 200 with a body that is not application/json; want none, or {}")
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil || object == nil {
		return unusable("status 200 with a body that is no JSON object; want none, or {}")
	}
	return nil
}

// refusal is the body of a 400; members beside these two are ignored.
type refusal struct {
	Type string `json:"error_type"`
	Text string `json:"error_text"`
}

func rejection(res *http.Response) (rules.Decision, error) {
	data, err := body(res)
	if err != nil {
		return rules.Decision{}, err
	}
	if !isJSON(res.Header) {
		return rules.Decision{}, unusable("status 400 with a body that is not application/json")
	}
	var r refusal
	if err := json.Unmarshal(data, &r); err != nil {
		return rules.Decision{}, unusable("status 400 with a body that is no JSON object with the texts error_type and error_text")
	}
	kind := rules.RejectKind(r.Type)
	kinds := []rules.RejectKind{rules.ApprovalFailed, rules.AddressError, rules.UnsupportedShippingAddress}
	if !slices.Contains(kinds, kind) {
		return rules.Decision{}, unusable("error_type is none of approval_failed, address_error and unsupported_shipping_address")
	}
	if bad := faultOfText(r.Text); bad != "" {
		return rules.Decision{}, unusable("error_text %s", bad)
	}
	return rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: kind, Text: r.Text},
		Reasons: []rules.Reason{{Rule: Name, Detail: "the shop answered 400 " + string(kind)}}}, nil
}

// faultOfText says what is wrong with a text for the buyer; "" is nothing.
func faultOfText(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "is empty"
	case !utf8.ValidString(text):
		return "is not UTF-8"
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Sprintf("has more than %d characters", maxText)
	case strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) }):
		return "has line breaks or other control characters"
	case markup(text):
		return "has markup in it; it is shown as plain text"
	default:
		return ""
	}
}

// markup reports whether there is something like a tag: < and a letter, / or !.
func markup(text string) bool {
	for {
		_, after, found := strings.Cut(text, "<")
		if !found {
			return false
		}
		if next, _ := utf8.DecodeRuneInString(after); next == '/' || next == '!' || unicode.IsLetter(next) {
			return true
		}
		text = after
	}
}

// redirect wants one Location: absolute, https, on the host of the check or of a configured page.
func (c *Check) redirect(h http.Header) (rules.Decision, error) {
	given := h.Values("Location")
	if len(given) != 1 {
		return rules.Decision{}, unusable("status 303 with %d Location headers, want one", len(given))
	}
	u, err := url.Parse(given[0])
	visible := !strings.ContainsFunc(given[0], func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' })
	switch {
	case err != nil, !visible, u.Scheme != "https", u.Hostname() == "", u.User != nil, len(given[0]) > maxLocation:
		return rules.Decision{}, unusable("the Location is no absolute https URL of at most %d characters", maxLocation)
	case !slices.Contains(c.hosts, strings.ToLower(u.Hostname())):
		return rules.Decision{}, unusable("the Location is on a host that is neither the check's nor that of deny_url")
	}
	return rules.Decision{Verdict: rules.Redirected, Location: u.String(),
		Reasons: []rules.Reason{{Rule: Name, Detail: "the shop answered 303"}}}, nil
}
