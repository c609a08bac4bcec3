package table

import (
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// raw is the text of a scalar or of a cell, trimmed, and where it stands.
type raw struct {
	text string
	at   diag.Place // from the first character of text to one past its last
}

// rawText trims text that begins at a place.
func rawText(text string, at diag.Place) raw { return raw{text, at}.trim() }

func (w raw) trim() raw {
	left := strings.TrimLeft(w.text, blanks)
	if left == "" {
		return w.part(0, 0)
	}
	lead := len(w.text) - len(left)
	return w.part(lead, lead+len(strings.TrimRight(left, blanks)))
}

// blanks are the spaces people get from spreadsheets and web pages: plain, no-break, narrow no-break, thin, tab, line ends.
const blanks = " \u00a0\u202f\u2009\t\r\n"

// part is the stretch of w between two byte offsets. The place of a text of several lines stays whole.
func (w raw) part(from, to int) raw {
	p := raw{w.text[from:to], w.at}
	if !strings.Contains(w.text, "\n") {
		p.at.Col = w.at.Col + utf8.RuneCountInString(w.text[:from])
		p.at.EndCol = p.at.Col + max(utf8.RuneCountInString(p.text), 1)
	}
	return p
}

// split parts w at any of the signs, with a place for each part.
func (w raw) split(signs ...string) []raw {
	var parts []raw
	from := 0
	for i := 0; i < len(w.text); i++ {
		for _, sign := range signs {
			if i >= from && strings.HasPrefix(w.text[i:], sign) {
				parts = append(parts, w.part(from, i).trim())
				from = i + len(sign)
			}
		}
	}
	return append(parts, w.part(from, len(w.text)).trim())
}

// nodeRaw is the text of a node with the place of its first character, behind the quote if there is one.
func nodeRaw(n *diag.Node) raw {
	at := n.Place
	if n.Kind != diag.Scalar {
		return raw{at: at}
	}
	if n.Quoted && at.EndCol-at.Col == utf8.RuneCountInString(n.Text)+2 {
		at.Col, at.EndCol = at.Col+1, at.EndCol-1
	}
	return rawText(n.Text, at)
}

// scalar returns the text of n, or tells that something else stands where what (e.g. "a weight") is wanted.
func (s *Scope) scalar(n *diag.Node, what, example string) (raw, bool) {
	w := nodeRaw(n)
	switch {
	case n.Kind != diag.Scalar:
		s.tell(diag.CodeShape, w, "write one value, e.g. "+example, "%s stands where %s is wanted", n.Kind, what)
		return w, false
	case w.text == "":
		s.tell(diag.CodeShape, w, "write it like "+example, "there is no value; %s is wanted here", what)
		return w, false
	}
	return w, true
}

// tell adds an error at w.
func (s *Scope) tell(code string, w raw, help, format string, args ...any) *diag.Finding {
	return tell(s.Report, code, w, help, format, args...)
}

func tell(r *diag.Report, code string, w raw, help, format string, args ...any) *diag.Finding {
	f := r.Errorf(code, w.at, format, args...)
	f.Help = help
	return f
}

// tellFix adds an error at w whose repair is to write fix instead of it.
func (s *Scope) tellFix(code string, w raw, fix, format string, args ...any) *diag.Finding {
	f := s.tell(code, w, "write "+fix, format, args...)
	f.Fix = fix
	return f
}

// tellWord adds an error for a word that is not among names, with the nearest of them as its repair.
func (s *Scope) tellWord(code string, w raw, names []string, format string, args ...any) {
	near := diag.Suggest(w.text, names)
	f := s.tell(code, w, "possible here: "+strings.Join(names, ", "), format, args...)
	if near != "" {
		f.Fix, f.Message = near, f.Message+"; did you mean `"+near+"`?"
	}
}

// plural writes "1 item", "2 items".
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fixed(n, 0, 0) + " " + noun + "s"
}
