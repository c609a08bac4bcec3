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

// The end of a value and the name of an entry between which a comma can have parted one number: 79 and `00 NOK`, the
// last side of 35 x 25 x 3 and `5 cm`, 5 and `5% of goods`, 1 and `499.00`.
var (
	numberStart = regexp.MustCompile(`^(?:.*[ x])?-?(\d+)$`)
	numberRest  = regexp.MustCompile(`^(\d+)(\.\d+)?( ?[A-Za-z%/]{0,10}\d?(?: of goods)?)$`)
)

// isContinuation reports whether an entry can be what stands behind a decimal comma: `00 NOK` without a value.
func isContinuation(key, value *Node) bool {
	return value.Null && !key.Quoted && numberRest.MatchString(key.Text)
}

// TellDecimalComma tells E108 where entry i of a Map in { } is the rest of a number that was written with a decimal comma,
// as in {price: 79,00 NOK}, and E112 where the comma can part thousands, as in {price: 1,499.00}. Readers of maps with free
// keys ask it before they complain about a key.
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
	at := value.Place
	at.EndCol = rest.Place.EndCol
	f := tellComma(value.Text, rest.Text, at, r)
	f.Path = value.Path
	f.Label = "inside { } a comma starts a new entry: this reads as " + name.Text + " " + value.Text +
		" and an entry named `" + rest.Text + "`"
	return true
}

// TellListComma tells the same of two texts in [ ], between which only a comma stands: [599,00] and [1,499.00 EUR]. It
// returns nil where they are two entries, such as [49,4.90 EUR].
func TellListComma(before, after *Node, r *Report) *Finding {
	if before.Kind != Scalar || after.Kind != Scalar || before.Quoted || after.Quoted {
		return nil
	}
	b, a := before.Place, after.Place
	if b.Line != a.Line || b.EndCol+1 != a.Col || !plainDigits.MatchString(before.Text) {
		return nil
	}
	rest := numberRest.FindStringSubmatch(after.Text)
	if rest == nil || rest[2] != "" && !thousands(before.Text, rest[1]) {
		return nil
	}
	b.EndCol = a.EndCol
	f := tellComma(before.Text, after.Text, b, r)
	f.Path = before.Path
	f.Label = "inside [ ] a comma starts a new entry: this reads as " + before.Text + " and " + after.Text
	return f
}

var plainDigits = regexp.MustCompile(`^\d+$`)

// thousands reports whether a comma between two runs of digits can part thousands.
func thousands(before, after string) bool { return len(before) <= 3 && len(after) == 3 }

// tellComma tells what a comma within a number means; rest begins with digits.
func tellComma(before, rest string, at Place, r *Report) *Finding {
	parts := numberRest.FindStringSubmatch(rest)
	digits, _, _ := strings.Cut(rest, " ")
	whole := numberStart.FindStringSubmatch(before)[1]
	switch {
	case parts[2] != "":
		f := r.Errorf(codeGrouped, at, "`%s,%s` has a comma between its thousands", before, digits)
		f.Help = "write " + before + rest + "; if these are two amounts, put a space behind the comma"
		return f
	case thousands(whole, parts[1]):
		f := r.Errorf(codeGrouped, at, "`%s,%s` has a comma", before, digits)
		f.Help = "write " + before + rest + " if the comma parts thousands, " + before + "." + rest + " if not"
		return f
	}
	f := r.Errorf(CodeDecimalComma, at, "`%s,%s` is written with a decimal comma", before, digits)
	f.Help = "write " + before + "." + rest
	return f
}
