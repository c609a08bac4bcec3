package fakeprovider

import (
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

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

func (d document) clone() document { return maps.Clone(d) }

// number reads an integer member; ok is false where it is missing or something else.
func (d document) number(name string) (n int64, ok bool) {
	n, err := strconv.ParseInt(string(d[name]), 10, 64)
	return n, err == nil
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

// objects reads a member that is a list of objects.
func (d document) objects(name string) ([]document, error) {
	var list []document
	if err := json.Unmarshal(d[name], &list); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}

// set gives a member a value that always encodes.
func (d document) set(name string, v any) {
	value, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(fmt.Sprintf("fake provider: member %s of %T: %v", name, v, err)) // a fault of this package
	}
	d[name] = value
}

// take copies members from another document where they are there.
func (d document) take(from document, names ...string) {
	for _, n := range names {
		if v, ok := from[n]; ok {
			d[n] = v
		}
	}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func stampMillis(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
