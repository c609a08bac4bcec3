package table

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Text is a text by language.
type Text struct {
	Langs, Texts []string // same length; a text without languages has one entry with language ""
}

// In returns the text in lang, else in the first of fallback that is there, else the first; "" for the zero Text. A text in
// Norwegian (no) and one in Bokmål (nb) stand in for each other.
func (t Text) In(lang string, fallback []string) string {
	if i := t.index(lang); i >= 0 {
		return t.Texts[i]
	}
	for _, l := range fallback {
		if i := t.index(l); i >= 0 {
			return t.Texts[i]
		}
	}
	if len(t.Texts) == 0 {
		return ""
	}
	return t.Texts[0]
}

func (t Text) index(lang string) int {
	i := slices.Index(t.Langs, lang)
	if i >= 0 {
		return i
	}
	switch lang {
	case "no", "nn":
		return slices.Index(t.Langs, "nb")
	case "nb":
		return slices.Index(t.Langs, "no")
	}
	return -1
}

// Empty reports whether there is no text at all.
func (t Text) Empty() bool { return len(t.Texts) == 0 }

// Text parses a text or a map from languages to texts. The languages are those of the file, or any where it names none.
func (s *Scope) Text(n *diag.Node) (Text, bool) {
	if n.Kind != diag.Map {
		w, ok := s.scalar(n, "a text", "Home delivery")
		return Text{Langs: []string{""}, Texts: []string{w.text}}, ok
	}
	var t Text
	ok := len(n.Keys) > 0
	if !ok {
		s.tell(diag.CodeShape, nodeRaw(n), "write e.g. {sv: Hem, en: Home}", "there is no text in the map")
	}
	for i, key := range n.Keys {
		lang, okLang := s.language(key)
		w, okText := s.scalar(n.Values[i], "a text", "Home delivery")
		ok = ok && okLang && okText
		t.Langs, t.Texts = append(t.Langs, lang), append(t.Texts, w.text)
	}
	return t, ok
}

func (s *Scope) language(key *diag.Node) (string, bool) {
	w := nodeRaw(key)
	if len(s.Languages) > 0 && !slices.Contains(s.Languages, w.text) {
		if low := strings.ToLower(w.text); slices.Contains(s.Languages, low) {
			s.tellFix("E109", w, low, "`%s` is not a language of this file", w.text)
			return "", false
		}
		s.tell("E109", w, "the file's `languages` are "+strings.Join(s.Languages, ", ")+"; add it there if it is meant",
			"`%s` is not a language of this file", w.text)
		return "", false
	}
	return s.languageCode(w)
}

// languageCode reads two or three small letters.
func (s *Scope) languageCode(w raw) (string, bool) {
	bad := func(r rune) bool { return r < 'a' || r > 'z' }
	if len(w.text) < 2 || len(w.text) > 3 || strings.ContainsFunc(w.text, bad) {
		s.tell("E109", w, "write two small letters, e.g. sv, nb, da, fi, de or en", "`%s` is not a language", w.text)
		return "", false
	}
	return w.text, true
}

// Names parses a name or a list of names, with their nodes. An empty list and the same name twice are faults.
func (s *Scope) Names(n *diag.Node) ([]*diag.Node, bool) {
	if n.Kind != diag.List {
		_, ok := s.scalar(n, "a name or a list of names", "[a, b]")
		return []*diag.Node{n}, ok
	}
	ok := len(n.Items) > 0
	if !ok {
		s.tell(diag.CodeShape, nodeRaw(n), "write e.g. [a, b]", "there is no name in the list")
	}
	seen := make(map[string]bool, len(n.Items))
	for _, item := range n.Items {
		w, good := s.scalar(item, "a name", "[a, b]")
		if good && seen[w.text] {
			s.tell("E116", w, "keep one of them", "`%s` stands twice", w.text)
			good = false
		}
		seen[w.text] = true
		ok = ok && good
	}
	return n.Items, ok
}
