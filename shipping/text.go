package shipping

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// text is a text by language that may hold {delivery}.
type text struct {
	table.Text
	promises bool // one of the texts holds {delivery}
}

// deliveryMark stands for the days of delivery in a text.
const deliveryMark = "{delivery}"

// text reads a text key of the option; placeholders are checked once the option is known.
func (c *optionCompiler) text(key string) text {
	n := c.n.Get(key)
	if n == nil {
		return text{}
	}
	t, ok := c.scope.Text(n)
	if !ok {
		return text{}
	}
	return text{Text: t, promises: slices.ContainsFunc(t.Texts, func(s string) bool { return strings.Contains(s, deliveryMark) })}
}

// placeholders tells marks in texts that nothing fills.
func (c *optionCompiler) placeholders() {
	for _, key := range []string{"name", "description", "promo"} {
		n := c.n.Get(key)
		switch {
		case n == nil:
		case n.Kind == diag.Map:
			for _, v := range n.Values {
				c.placeholder(v)
			}
		default:
			c.placeholder(n)
		}
	}
}

func (c *optionCompiler) placeholder(n *diag.Node) {
	rest := n.Text
	for {
		_, after, open := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !open || !closed {
			return
		}
		rest = tail
		switch {
		case name != "delivery":
			f := c.r.Errorf(codePlaceholder, n.Place, "nothing fills `{%s}`", name)
			f.Help = "the only placeholder is {delivery}"
		case c.o.promise == nil && c.n.Get("delivery") == nil:
			f := c.r.Errorf(codePlaceholder, n.Place, "nothing fills `{delivery}`: the option `%s` has no `delivery`", c.o.id)
			f.Help = "add delivery: {days: 1 to 3, ships: mon to fri}"
		}
	}
}

// language returns the language that a text is found in, by the same steps as table.Text.In.
func (t text) language(lang string, fallback []string) string {
	has := func(l string) bool { return l != "" && t.In(l, nil) != "" && slices.Contains(t.Langs, l) }
	switch {
	case len(t.Langs) == 1 && t.Langs[0] == "":
		return lang
	case has(lang):
		return lang
	case (lang == "no" || lang == "nn") && has("nb"), lang == "nb" && has("no"):
		return "nb"
	}
	for _, l := range fallback {
		if has(l) {
			return l
		}
	}
	return t.Langs[0]
}

// fill returns the text in a language with the days of delivery in it. Where there is no promise, a description
// that would speak of one is left out and a name is freed of the mark.
func (t text) fill(lang string, fallback []string, d days, keep bool) string {
	if t.Empty() {
		return ""
	}
	s := t.In(lang, fallback)
	if !t.promises || !strings.Contains(s, deliveryMark) {
		return s
	}
	switch {
	case d.ok:
		return strings.ReplaceAll(s, deliveryMark, d.text(t.language(lang, fallback)))
	case keep:
		return strings.Trim(strings.ReplaceAll(s, deliveryMark, ""), " ,:–-")
	default:
		return ""
	}
}

// maxName is the most characters of an option's name that the provider takes.
const maxName = 255

// cutName shortens a name to what the provider takes.
func cutName(s string) string {
	if len(s) <= maxName {
		return s
	}
	n := 0
	for i := range s {
		if n == maxName {
			return s[:i]
		}
		n++
	}
	return s
}
