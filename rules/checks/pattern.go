package checks

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/kvitto/kvitto/rules/diag"
)

// pattern is a text in which * stands for any characters, also none. It fits a whole value, without regard to case, to
// the width of blanks, and to how accents are encoded. Matching takes time linear in the value.
type pattern struct {
	text  string   // as written
	parts [][]byte // folded; between two of them anything
}

// patterns reads a pattern or a list of them.
func (l *loader) patterns(n *diag.Node) []pattern {
	nodes, ok := l.scope.Names(n)
	if !ok {
		return nil
	}
	list := make([]pattern, 0, len(nodes))
	for _, node := range nodes {
		if utf8.RuneCountInString(node.Text) > maxPattern {
			l.r.Errorf(codeForm, node.Place, "this pattern is longer than %d characters", maxPattern).Help = "a part of it and * will do"
			continue
		}
		list = append(list, newPattern(node.Text))
	}
	return list
}

func newPattern(text string) pattern {
	p := pattern{text: text}
	folded := fold(nil, text)
	for i, part := range bytes.Split(folded, []byte("*")) {
		if len(part) > 0 || i == 0 {
			p.parts = append(p.parts, part)
		}
	}
	if bytes.HasSuffix(folded, []byte("*")) {
		p.parts = append(p.parts, nil) // the end is open
	}
	return p
}

// fits reports whether a folded value is one of those that p stands for.
func (p *pattern) fits(value []byte) bool {
	first, last := p.parts[0], len(p.parts)-1
	rest, ok := bytes.CutPrefix(value, first)
	if !ok {
		return false
	}
	if last == 0 {
		return len(rest) == 0
	}
	for _, part := range p.parts[1:last] {
		i := bytes.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return bytes.HasSuffix(rest, p.parts[last])
}

// fold appends what two spellings of a text have in common: one case, one blank between words and none around them, no
// invisible characters, accents in one piece.
func fold(dst []byte, texts ...string) []byte {
	from, blank := len(dst), false
	for _, text := range texts {
		if strings.ContainsFunc(text, beyondASCII) && !norm.NFC.IsNormalString(text) {
			text = norm.NFC.String(text)
		}
		for _, c := range text {
			switch {
			case unicode.IsSpace(c):
				blank = true
				continue
			case c >= utf8.RuneSelf && unicode.Is(unicode.Cf, c):
				continue
			case blank && len(dst) > from:
				dst = append(dst, ' ')
			}
			blank = false
			dst = utf8.AppendRune(dst, unicode.ToLower(unicode.ToUpper(c)))
		}
		blank = true
	}
	return dst
}

func beyondASCII(c rune) bool { return c >= utf8.RuneSelf }
