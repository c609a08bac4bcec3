package diag

import (
	"regexp"
	"slices"
	"strings"
)

// Fields checks that n is a Map whose keys are all among known (keys that begin with x- pass) and tells unknown ones with a
// suggestion and the list of what is allowed. what names the thing, e.g. "an option". It returns false only where n is
// not a Map: a slip in one key does not keep the others from being checked.
func Fields(n *Node, what string, known []string, r *Report) bool {
	if !WantMap(n, what, r) {
		return false
	}
	for i, key := range n.Keys {
		if slices.Contains(known, key.Text) || strings.HasPrefix(key.Text, "x-") || TellDecimalComma(n, i, r) {
			continue
		}
		tellUnknown(key, what, known, r)
	}
	return true
}

func tellUnknown(key *Node, what string, known []string, r *Report) {
	f := r.Errorf(CodeUnknownKey, key.Place, "unknown key %s in %s", quoted(key.Text), what)
	f.Path = key.Path
	f.Label = "not known here"
	f.Help = "allowed are " + strings.Join(known, ", ")
	if s := Suggest(key.Text, known); s != "" {
		f.Message += "; did you mean `" + s + "`?"
		f.Fix = s
	}
}

// WantMap tells an error where n is not a Map; what names the thing, e.g. "an option".
func WantMap(n *Node, what string, r *Report) bool {
	return want(n, Map, what, "write it as `name: value` lines, or as {name: value}", r)
}

// WantList tells an error where n is not a List.
func WantList(n *Node, what string, r *Report) bool {
	return want(n, List, what, "write it as `- ` lines, or as [a, b]", r)
}

// WantText tells an error where n is not a Scalar, or is one without a value.
func WantText(n *Node, what string, r *Report) bool {
	if !want(n, Scalar, what, "write a single value", r) {
		return false
	}
	if n.Null {
		f := r.Errorf(CodeShape, n.Place, "%s has no value", what)
		f.Path = n.Path
		return false
	}
	return true
}

func want(n *Node, k Kind, what, help string, r *Report) bool {
	if n == nil {
		return false
	}
	if n.Kind == k {
		return true
	}
	got := n.Kind.String()
	if n.Null {
		got = "nothing"
	}
	f := r.Errorf(CodeShape, n.Place, "%s is %s; found %s", what, k, got)
	f.Path = n.Path
	f.Help = help
	return false
}

// Need returns the value of a key that a Map must have, and tells an error where it is missing.
func Need(n *Node, what, key string, r *Report) *Node {
	v := n.Get(key)
	if v == nil && n != nil {
		f := r.Errorf(CodeMissingKey, n.Place, "%s needs `%s`", what, key)
		f.Path = n.Path
	}
	return v
}

var (
	numberStart = regexp.MustCompile(`^-?\d+$`)
	numberRest  = regexp.MustCompile(`^\d+ ?[A-Za-z%/]{0,10}\d?$`)
)

// isContinuation reports whether an entry can be what stands behind a decimal comma: `00 NOK` without a value.
func isContinuation(key, value *Node) bool {
	return value.Null && !key.Quoted && numberRest.MatchString(key.Text)
}

// TellDecimalComma tells E108 where entry i of a Map in { } is the rest of a number that was written with a decimal comma,
// as in {price: 79,00 NOK}. Readers of maps with free keys ask it before they complain about a key.
func TellDecimalComma(n *Node, i int, r *Report) bool {
	if !n.Flow || i == 0 || !isContinuation(n.Keys[i], n.Values[i]) {
		return false
	}
	name, value, rest := n.Keys[i-1], n.Values[i-1], n.Keys[i]
	if value.Kind != Scalar || value.Quoted || !numberStart.MatchString(value.Text) {
		return false
	}
	if value.Place.Line != rest.Place.Line || value.Place.EndCol+1 != rest.Place.Col {
		return false
	}
	digits, _, _ := strings.Cut(rest.Text, " ")
	at := value.Place
	at.EndCol = rest.Place.EndCol
	f := r.Errorf(CodeDecimalComma, at, "`%s,%s` is written with a decimal comma", value.Text, digits)
	f.Path = value.Path
	f.Label = "inside { } a comma starts a new entry: this reads as " + name.Text + " " + value.Text +
		" and an entry named `" + rest.Text + "`"
	f.Help = "write " + value.Text + "." + rest.Text
	return true
}
