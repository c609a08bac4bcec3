package rest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/order"
)

// Want says what body a call asks for.
type Want byte

// What a call may ask for.
const (
	Nothing Want = iota // no body, or any JSON that nobody needs
	Object
	List
	StatusOnly // no body: any 2xx is success, whatever comes with it is not read (contract 4.2)
)

// maxRefusal is the most bytes read of an answer that refuses.
const maxRefusal = 64 << 10

// Answer is one that was taken: a 2xx with the body that was asked for.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// cut is an answer that ended or was ended before its body did: a fault of the way, not of the answer.
type cut struct{ cause error }

func (c *cut) Error() string { return c.cause.Error() }
func (c *cut) Unwrap() error { return c.cause }

// take reads the body of a 2xx.
func take(res *http.Response, want Want) (*Answer, error) {
	if want == StatusOnly {
		return &Answer{Status: res.StatusCode, Header: res.Header}, nil
	}
	if compressed(res) {
		return nil, Unusable("it is compressed")
	}
	body, err := bounded(res, order.DefaultLimits().Bytes)
	if err != nil {
		return nil, err
	}
	a := &Answer{Status: res.StatusCode, Header: res.Header, Body: body}
	blank := len(bytes.Trim(body, " \t\r\n")) == 0
	switch {
	case blank && want == Nothing:
		return a, nil
	case blank:
		return nil, Unusable("it is empty")
	}
	if err := checkType(res.Header); err != nil {
		return nil, err
	}
	if err := Scan(body, want); err != nil {
		return nil, err
	}
	return a, nil
}

// check refuses a JSON text of another kind than is asked for.
func (w Want) check(body []byte) error {
	switch first := bytes.TrimLeft(body, " \t\r\n")[0]; {
	case w == Object && first != '{':
		return Unusable("it is not a JSON object")
	case w == List && first != '[':
		return Unusable("it is not a JSON list")
	default:
		return nil
	}
}

func tooLarge(limit int) error {
	return Unusable("it has more than " + strconv.Itoa(limit) + " bytes")
}

// compressed reports whether a body is. Some servers name an encoding of nothing at all: that is none.
func compressed(res *http.Response) bool {
	e := res.Header.Get("Content-Encoding")
	if res.Uncompressed || e == "" || strings.EqualFold(e, "identity") {
		return res.Uncompressed
	}
	n, err := io.ReadFull(res.Body, make([]byte, 1))
	return n > 0 || !errors.Is(err, io.EOF)
}

// bounded reads a body of at most limit bytes.
func bounded(res *http.Response, limit int) ([]byte, error) {
	if res.ContentLength > int64(limit) {
		return nil, tooLarge(limit)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, &cut{err}
	case len(body) > limit:
		return nil, tooLarge(limit)
	default:
		return body, nil
	}
}

// checkType takes JSON in UTF-8, and an answer that does not say what it is.
func checkType(h http.Header) error {
	value := h.Get("Content-Type")
	if value == "" {
		return nil
	}
	kind, params, err := mime.ParseMediaType(value)
	if err != nil || kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return Unusable("it is not of type application/json")
	}
	if set := params["charset"]; set != "" && !strings.EqualFold(set, "utf-8") {
		return Unusable("it is not in UTF-8")
	}
	return nil
}

// refusal is the provider's error body. It may come as HTML, or not at all.
type refusal struct {
	Code     string   `json:"error_code"`
	Messages []string `json:"error_messages"`
	ID       string   `json:"correlation_id"`
}

// refuse fills in what an answer that is no 2xx says, as far as it can be read.
func (e *Error) refuse(res *http.Response) {
	e.CorrelationID = word(res.Header.Get("Klarna-Correlation-Id"))
	body, err := bounded(res, maxRefusal)
	if err != nil || res.Header.Get("Content-Encoding") != "" || scan(body, order.DefaultLimits(), true) != nil {
		return
	}
	var r refusal
	if err := json.Unmarshal(body, &r); err != nil {
		var partly *json.SemanticError
		if !errors.As(err, &partly) {
			return
		}
	}
	e.Code = word(r.Code)
	if id := word(r.ID); id != "" {
		e.CorrelationID = id
	}
	for _, m := range r.Messages[:min(len(r.Messages), maxMessages)] {
		e.Messages = append(e.Messages, oneLine(m))
	}
}

// Bounds of what is kept of messages.
const (
	maxMessages = 20
	maxMessage  = 1000
)

// oneLine cuts a message and makes blanks of control characters and of what turns the direction of writing.
func oneLine(s string) string {
	var b strings.Builder
	for _, r := range s {
		if b.Len() >= maxMessage {
			break
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// word is a code or an id as the provider writes them; "" where s is anything else.
func word(s string) string {
	if len(s) > MaxID {
		return ""
	}
	for i := range len(s) {
		c := s[i]
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return ""
		}
	}
	return s
}
