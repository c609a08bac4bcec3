package judge

import (
	"errors"
	"math/big"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

type value = jsontext.Value

// document is a JSON object by its members, as they came.
type document map[string]value

// check collects what is wrong.
type check struct {
	faults []Fault
	notes  []string
}

func (c *check) fault(pointer, found, want, rule string) {
	c.faults = append(c.faults, Fault{Pointer: pointer, Found: found, Want: want, Rule: rule})
}

func (c *check) note(text string) { c.notes = append(c.notes, text) }

// body reads a whole body as one JSON object.
func (c *check) body(body []byte) (document, bool) {
	var d document
	if err := json.Unmarshal(body, &d); err != nil || d == nil {
		found := "no JSON object"
		var syntax *jsontext.SyntacticError
		if errors.As(err, &syntax) {
			found = "what is no JSON from byte " + strconv.FormatInt(syntax.ByteOffset, 10) + " on"
		}
		if len(body) == 0 {
			found = "an empty body"
		}
		c.fault("", found, "one JSON object in UTF-8", ruleBody)
		return nil, false
	}
	return d, true
}

// object reads a value as an object.
func object(v value) (document, bool) {
	var d document
	err := json.Unmarshal(v, &d)
	return d, err == nil && d != nil
}

// list reads a member that is a list.
func (d document) list(name string) ([]value, bool) {
	var l []value
	v, there := d[name]
	if !there || v.Kind() != '[' {
		return nil, false
	}
	err := json.Unmarshal(v, &l)
	return l, err == nil
}

// text reads a string member; ok is false where it is missing or something else.
func (d document) text(name string) (s string, ok bool) {
	v, there := d[name]
	if !there || v.Kind() != '"' {
		return "", false
	}
	err := json.Unmarshal(v, &s)
	return s, err == nil
}

// number reads an integer of 64 bits.
func (d document) number(name string) (*big.Int, bool) {
	n, err := strconv.ParseInt(string(d[name]), 10, 64)
	return big.NewInt(n), err == nil
}

// found says what stands in a member, short.
func (d document) found(name string) string {
	v, there := d[name]
	switch {
	case !there:
		return "nothing"
	case v.Kind() == '{':
		return "an object"
	case v.Kind() == '[':
		return "a list"
	}
	const most = 40
	if s := string(v); utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(string(v))[:most]) + "…"
}

// textIn checks a string member of an object: its kind and its length in characters; must: it has to be there.
func (c *check) textIn(d document, at, name string, least, most int, must bool) {
	v, there := d[name]
	if !there && !must || there && v.Kind() == 'n' && !must {
		return
	}
	s, ok := d.text(name)
	n := utf8.RuneCountInString(s)
	want := "a text of " + strconv.Itoa(least) + " to " + strconv.Itoa(most) + " characters"
	switch {
	case !ok:
		c.fault(at+"/"+name, d.found(name), want, ruleText)
	case n < least || n > most:
		c.fault(at+"/"+name, strconv.Itoa(n)+" characters", want, ruleText)
	}
}

// numberIn checks an integer member and returns it, nil where it cannot be used. least or most nil: no bound.
func (c *check) numberIn(d document, at, name string, least, most *big.Int, rule string) *big.Int {
	n, ok := d.number(name)
	switch {
	case !ok:
		c.fault(at+"/"+name, d.found(name), "an integer", ruleInteger)
		return nil
	case least != nil && n.Cmp(least) < 0:
		c.fault(at+"/"+name, n.String(), least.String()+" or more", rule)
		return nil
	case most != nil && n.Cmp(most) > 0:
		c.fault(at+"/"+name, n.String(), most.String()+" or less", rule)
		return nil
	}
	return n
}
