package shipping

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// dateKey is what a key of a value by date looks like; whether it is a day is for Scope.Date to say.
var dateKey = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)

// isDated reports whether n is a map from dates to values.
func isDated(n *diag.Node) bool {
	if n.Kind != diag.Map {
		return false
	}
	for _, k := range n.Keys {
		if dateKey.MatchString(k.Text) {
			return true
		}
	}
	return false
}

// dated parses a value, or a map from dates to values.
func dated[T any](l *loader, n *diag.Node, one func(*diag.Node) (T, bool)) (table.Dated[T], bool) {
	if !isDated(n) {
		v, ok := one(n)
		return table.Always(v, n.Place), ok
	}
	return table.DatedOf(l.scope, n, one)
}

// scalar returns the text of a single value.
func (l *loader) scalar(n *diag.Node, key, example string) (string, bool) {
	if n.Kind == diag.Scalar && n.Text != "" {
		return strings.TrimSpace(n.Text), true
	}
	f := l.r.Errorf(diag.CodeShape, n.Place, "`%s` is one value, not %s", key, n.Kind)
	if n.Kind == diag.Scalar {
		f.Message = "`" + key + "` has no value"
	}
	f.Help = "write " + key + ": " + example
	return "", false
}

// word parses a value that is one of a few words.
func (l *loader) word(n *diag.Node, key string, words ...string) (string, bool) {
	text, ok := l.scalar(n, key, words[0])
	if !ok {
		return "", false
	}
	if slices.Contains(words, text) {
		return text, true
	}
	f := l.r.Errorf(codeWord, n.Place, "`%s` cannot be `%s`", key, text)
	f.Label = "one of: " + strings.Join(words, ", ")
	if s := diag.Suggest(text, words); s != "" {
		f.Help, f.Fix = "did you mean "+s+"?", s
	} else {
		f.Help = "write one of " + strings.Join(words, ", ")
	}
	return "", false
}

// currencyKey reads the file's currency, SEK where it is missing so that reading can go on.
func (l *loader) currencyKey(root *diag.Node) table.Currency {
	n := root.Get("currency")
	if n == nil {
		f := l.r.Errorf(diag.CodeMissingKey, root.Place, "`currency` is missing")
		f.Help = "write e.g. `currency: SEK`; amounts without a code are in it"
		return "SEK"
	}
	if c, ok := l.scope.CurrencyOf(n); ok {
		return c
	}
	return "SEK"
}

func (l *loader) timeZone(root *diag.Node) *time.Location {
	n := root.Get("time_zone")
	if n == nil {
		f := l.r.Errorf(diag.CodeMissingKey, root.Place, "`time_zone` is missing")
		f.Help = "write e.g. `time_zone: Europe/Stockholm`; dates and times are in it"
		return time.UTC
	}
	text, ok := l.scalar(n, "time_zone", "Europe/Stockholm")
	if !ok {
		return time.UTC
	}
	loc, err := time.LoadLocation(text)
	if err != nil || text == "Local" {
		f := l.r.Errorf(codeWord, n.Place, "there is no time zone `%s`", text)
		f.Help = "write a name of the IANA list, e.g. Europe/Stockholm, America/Chicago or UTC"
		return time.UTC
	}
	return loc
}

// languageCode is a primary language subtag.
var languageCode = regexp.MustCompile(`^[a-z]{2,3}$`)

func (l *loader) languageKey(root *diag.Node) []string {
	n := root.Get("languages")
	if n == nil {
		f := l.r.Errorf(diag.CodeMissingKey, root.Place, "`languages` is missing")
		f.Help = "write e.g. `languages: [sv, en]`; the first one is used where a text is missing"
		return nil
	}
	items, ok := l.scope.Names(n)
	if !ok {
		return nil
	}
	var langs []string
	for _, item := range items {
		switch {
		case !languageCode.MatchString(item.Text):
			f := l.r.Errorf(codeWord, item.Place, "`%s` is not a language", item.Text)
			f.Help = "write the two letters of the language, e.g. sv, nb, en"
		case slices.Contains(langs, item.Text):
			f := l.r.Errorf(codeTwice, item.Place, "`%s` stands twice", item.Text)
			f.Help = "take one of them away"
		default:
			langs = append(langs, item.Text)
		}
	}
	return langs
}

func isDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
