package simulator

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// document is a JSON object by its members, as they came.
type document map[string]jsontext.Value

func parse(body []byte) (document, error) {
	var d document
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, err
	}
	if d == nil {
		return nil, errors.New("a JSON object is needed")
	}
	return d, nil
}

// text reads a string member; "" where it is missing or something else.
func (d document) text(name string) string {
	var s string
	if json.Unmarshal(d[name], &s) != nil {
		return ""
	}
	return s
}

// object reads a member that is an object; nil where it is missing or something else.
func (d document) object(name string) document {
	var o document
	if json.Unmarshal(d[name], &o) != nil {
		return nil
	}
	return o
}

// yes reads a member that is true.
func (d document) yes(name string) bool { return d[name].Kind() == 't' }

// list reads a member that is a list; nil where it is missing or something else.
func (d document) list(name string) []jsontext.Value {
	var l []jsontext.Value
	if json.Unmarshal(d[name], &l) != nil {
		return nil
	}
	return l
}

// number reads an integer member; 0 where it is missing or something else.
func (d document) number(name string) int64 {
	var n int64
	if json.Unmarshal(d[name], &n) != nil {
		return 0
	}
	return n
}

// set gives a member a value that always encodes.
func (d document) set(name string, v any) {
	raw, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("simulator: member %s of %T: %v", name, v, err)) // a fault of this package
	}
	d[name] = raw
}

func (d document) encode() []byte {
	raw, err := json.Marshal(d, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("simulator: a document that was read does not encode: %v", err))
	}
	return raw
}

// upper reads a code such as a country without regard to case.
func (d document) upper(name string) string { return strings.ToUpper(d.text(name)) }
