package scenario

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/rules/diag"
)

// member is one of the order, by its JSON pointer.
type member struct {
	pointer string
	text    string
	form    *regexp.Regexp // nil: it must not be there
}

// jsonExpected reads JSON pointers into the order, and what stands there: a text, a number, true, false, null, or none.
func (p *parser) jsonExpected(n *diag.Node) checker {
	if !diag.WantMap(n, "json", p.r) {
		return nil
	}
	var want []member
	for i, k := range n.Keys {
		v := n.Values[i]
		if !strings.HasPrefix(k.Text, "/") {
			p.r.Errorf(codeValue, k.Place, "%q is not a JSON pointer", k.Text).Help = "write /order_lines/0/name"
			continue
		}
		if !diag.WantText(v, "what stands at "+k.Text, p.r) {
			continue
		}
		m := member{pointer: k.Text, text: v.Text}
		if v.Quoted || v.Text != "none" {
			m.form = loose(v.Text)
		}
		want = append(want, m)
	}
	return func(x *play) (string, string, bool) {
		for _, m := range want {
			got, there := at(x.view.JSON, m.pointer)
			if there != (m.form != nil) || there && !m.form.MatchString(got) {
				return m.pointer + " " + m.text, m.pointer + " " + orNone(got), false
			}
		}
		return "", "", true
	}
}

// at reads what stands at a JSON pointer: a text without its quotes, anything else as it is written.
func at(raw jsontext.Value, pointer string) (text string, there bool) {
	for token := range jsontext.Pointer(pointer).Tokens() {
		var ok bool
		if raw, ok = inside(raw, token); !ok {
			return "", false
		}
	}
	if raw.Kind() == '"' && json.Unmarshal(raw, &text) == nil {
		return text, true
	}
	return string(raw), true
}

// inside reads a member of an object, or an element of a list by its index.
func inside(raw jsontext.Value, token string) (jsontext.Value, bool) {
	if raw.Kind() == '{' {
		var object map[string]jsontext.Value
		if json.Unmarshal(raw, &object) != nil {
			return nil, false
		}
		v, ok := object[token]
		return v, ok
	}
	var list []jsontext.Value
	if raw.Kind() != '[' || json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	for i := range list {
		if token == strconv.Itoa(i) {
			return list[i], true
		}
	}
	return nil, false
}
