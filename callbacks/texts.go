package callbacks

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules"
)

// faultText is the key of the text that a buyer sees when we fail or refuse; it is always configured.
const faultText = "fault"

// texts is what a buyer may be told: key → language → text.
type texts map[string]map[string]string

// in returns the text of a key in a language, else in English, else in the first language by name; an unknown key
// has the fault text. It is never empty.
func (t texts) in(key, language string) string {
	byLanguage := t[key]
	if len(byLanguage) == 0 {
		byLanguage = t[faultText]
	}
	for _, l := range [...]string{language, "en"} {
		if text := byLanguage[l]; text != "" {
			return text
		}
	}
	return byLanguage[slices.Min(slices.Collect(maps.Keys(byLanguage)))]
}

// texts are those that the merchant of this request had when it began.
func (x *exchange) texts() texts {
	if x.tenant.Texts != nil {
		return x.tenant.Texts
	}
	return x.s.texts
}

// of returns what a rejection says.
func (t texts) of(r rules.Reject, language string) string {
	if r.Text != "" && utf8.ValidString(r.Text) {
		return r.Text
	}
	return t.in(r.TextKey, language)
}

// languageOf returns the primary subtag of a locale in lower case: sv of sv-SE and sv_SE.
func languageOf(locale string) string {
	if i := strings.IndexAny(locale, "-_"); i >= 0 {
		locale = locale[:i]
	}
	if len(locale) > 8 {
		return ""
	}
	return strings.ToLower(locale)
}
