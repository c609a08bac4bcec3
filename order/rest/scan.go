package rest

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
)

// maxName is the most bytes of a member's name, as written.
const maxName = 1024

// Scan reads a body of JSON as Do does and refuses what no decoder should see; its errors hold nothing of the body.
func Scan(body []byte, want Want) error {
	lim := order.DefaultLimits()
	if len(body) > lim.Bytes {
		return tooLarge(lim.Bytes)
	}
	if err := scan(body, lim, false); err != nil {
		return err
	}
	return want.check(body)
}

// scan reads a whole JSON text without building anything from it, and refuses what no decoder should see: everything that
// the JSON module refuses (syntax, duplicate names, bad UTF-8, a second value) and what is beyond the limits. Errors hold
// nothing of the text but places. With raw, strings may hold control characters.
func scan(body []byte, lim order.Limits, raw bool) error {
	s := scanner{dec: jsontext.NewDecoder(bytes.NewReader(body)), lim: lim, raw: raw}
	for {
		err := s.next()
		switch {
		case errors.Is(err, io.EOF) && s.values > 0:
			return nil
		case err != nil:
			return s.refusal(err)
		}
		if s.dec.StackDepth() == 0 && s.tops > 1 {
			return Unusable("there is more than one JSON value")
		}
	}
}

type scanner struct {
	dec          *jsontext.Decoder
	lim          order.Limits
	raw          bool
	values, tops int
	scratch      []byte
}

// next reads one token and holds it against the limits.
func (s *scanner) next() error {
	depth := s.dec.StackDepth()
	switch s.dec.PeekKind() {
	case '"':
		raw, err := s.dec.ReadValue()
		if err != nil {
			return err
		}
		if err := s.text(raw); err != nil {
			return err
		}
	case '}', ']':
		_, err := s.dec.ReadToken()
		return err
	default:
		if _, err := s.dec.ReadToken(); err != nil {
			return err
		}
	}
	if depth == 0 {
		s.tops++
	}
	return s.count(depth)
}

// count holds the container in which a token stood, and the one it opened, against the limits.
func (s *scanner) count(depth int) error {
	if s.values++; s.values > 2*s.lim.Values {
		return Unusable("it has too many values")
	}
	if s.dec.StackDepth() > s.lim.Depth {
		return Unusable("it nests deeper than " + strconv.Itoa(s.lim.Depth))
	}
	kind, n := s.dec.StackIndex(depth)
	if kind == '{' {
		n /= 2
	}
	if depth > 0 && n > int64(s.lim.Elements) {
		return Unusable("a list or an object has more than " + strconv.Itoa(s.lim.Elements) + " elements")
	}
	return nil
}

// text refuses control characters but tabs and line breaks, and names that nobody means.
func (s *scanner) text(raw jsontext.Value) error {
	depth := s.dec.StackDepth()
	if kind, n := s.dec.StackIndex(depth); depth > 0 && kind == '{' && n%2 == 1 && len(raw) > maxName {
		return Unusable("a member has a name of more than " + strconv.Itoa(maxName) + " bytes")
	}
	if s.raw || bytes.IndexByte(raw, '\\') < 0 && bytes.IndexByte(raw, 0x7f) < 0 {
		return nil
	}
	var err error
	if s.scratch, err = jsontext.AppendUnquote(s.scratch[:0], raw); err != nil {
		return err
	}
	for _, c := range s.scratch {
		if (c < ' ' || c == 0x7f) && c != '\t' && c != '\n' && c != '\r' {
			return Unusable("a string has a control character")
		}
	}
	return nil
}

// refusal says in plain words what the JSON module found.
func (s *scanner) refusal(err error) error {
	var why Unusable
	switch {
	case errors.As(err, &why):
		return why
	case errors.Is(err, io.EOF):
		return Unusable("there is no JSON")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Unusable("the JSON ends in the middle")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return Unusable("the JSON has a name twice in one object")
	default:
		return Unusable("it is not JSON, at byte " + strconv.FormatInt(s.dec.InputOffset(), 10))
	}
}
