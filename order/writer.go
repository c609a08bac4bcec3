package order

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// errUnknown is an Unknown that somebody filled with something else than an object.
var errUnknown = errors.New("unknown members are not a JSON object")

// errNotUTF8 is a string made here that JSON cannot carry.
var errNotUTF8 = errors.New("not UTF-8")

// writer appends members of an object; the first error stays.
type writer struct {
	dst []byte
	err error
}

// end closes the object and returns what was written.
func (w *writer) end() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return append(w.dst, '}'), nil
}

// key appends a member's name. Names are ours and need no escapes.
func (w *writer) key(name string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, '"')
	w.dst = append(w.dst, name...)
	w.dst = append(w.dst, '"', ':')
}

// open begins a member that is an object.
func (w *writer) open(name string) {
	w.key(name)
	w.dst = append(w.dst, '{')
}

// text appends a string, unless it is empty.
func (w *writer) text(name, s string) {
	if s != "" {
		w.always(name, s)
	}
}

// always appends a string, also an empty one.
func (w *writer) always(name, s string) {
	w.key(name)
	var err error
	if w.dst, err = quote(w.dst, s); err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
}

func (w *writer) whole(name string, n int64) {
	w.key(name)
	w.dst = strconv.AppendInt(w.dst, n, 10)
}

// unknown appends the members of a JSON object.
func (w *writer) unknown(v jsontext.Value) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 {
		return
	}
	if len(v) < 2 || v[0] != '{' || !v.IsValid() {
		w.err = errUnknown
		return
	}
	inner := bytes.TrimSpace(v[1 : len(v)-1])
	if len(inner) == 0 {
		return
	}
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, inner...)
}

// quote appends s as a JSON string.
func quote(dst []byte, s string) ([]byte, error) {
	wide := false
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			return jsontext.AppendQuote(dst, s)
		}
		wide = wide || c >= utf8.RuneSelf
	}
	if wide && !utf8.ValidString(s) {
		return dst, errNotUTF8
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"'), nil
}

func appendText(dst []byte, name, s string) ([]byte, error) {
	w := writer{dst: dst}
	w.always(name, s)
	return w.dst, w.err
}

func appendInt(dst []byte, name string, n int64) []byte {
	w := writer{dst: dst}
	w.whole(name, n)
	return w.dst
}
