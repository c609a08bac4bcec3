package order

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Member is a member of a JSON object by its name. A Value of nil takes the member away.
type Member struct {
	Name  string
	Value jsontext.Value
}

// errNotObject is a text that Replace cannot put members into.
var errNotObject = errors.New("not a JSON object")

// Replace appends object to dst with some members replaced: those that are there stay where they stand, those that are
// not are added at the end, and every other name and value is as it came; only white space between members goes. object is
// one JSON object without a name twice; the values are JSON. Names of with must differ and need no escapes. On an error
// dst comes back as it was.
func Replace(dst, object []byte, with ...Member) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(object))
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return dst, errNotObject
	}
	w := writer{dst: append(dst, '{')}
	base := len(dst)
	done := make([]bool, len(with))
	for dec.PeekKind() != '}' {
		name, value, err := readMember(dec)
		if err != nil {
			return dst[:base], err
		}
		if at := index(with, name); at >= 0 {
			done[at] = true
			value = with[at].Value
		}
		if value != nil {
			w.key(string(name[1 : len(name)-1]))
			w.dst = append(w.dst, value...)
		}
	}
	if err := endOf(dec); err != nil {
		return dst[:base], err
	}
	for i, m := range with {
		if !done[i] && m.Value != nil {
			w.key(m.Name)
			w.dst = append(w.dst, m.Value...)
		}
	}
	return append(w.dst, '}'), nil
}

// readMember reads a name with its quotes and escapes, and its value.
func readMember(dec *jsontext.Decoder) (name, value jsontext.Value, err error) {
	if name, err = dec.ReadValue(); err != nil {
		return nil, nil, fmt.Errorf("name of a member: %w", err)
	}
	name = bytes.Clone(name)
	if value, err = dec.ReadValue(); err != nil {
		return nil, nil, fmt.Errorf("value of a member: %w", err)
	}
	return name, value, nil
}

// endOf wants the object to end, and nothing to follow it.
func endOf(dec *jsontext.Decoder) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return errNotObject
	}
	return nil
}

// index finds the member that a name in quotes, perhaps with escapes, means; -1 where there is none.
func index(with []Member, quoted []byte) int {
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		var err error
		if name, err = jsontext.AppendUnquote(nil, quoted); err != nil {
			return -1
		}
	}
	for i := range with {
		if with[i].Name == string(name) {
			return i
		}
	}
	return -1
}
