package page

import (
	"bytes"
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxShown is how much of a body stands in a page; the whole is behind a link. In bytes.
const maxShown = 48 << 10

// body is a request or an answer as a page shows it.
type body struct {
	HTML template.HTML // indented and coloured, secrets hidden
	Cut  bool          // it goes on
	Size int           // bytes as they came
}

// pretty makes a body readable: JSON by members and lines, anything else as it is.
func pretty(raw []byte, m mask) body {
	text, isJSON := indented(raw, m)
	b := body{Size: len(raw)}
	if len(text) > maxShown {
		text, b.Cut = text[:maxShown], true
		for len(text) > 0 && !utf8.ValidString(text[len(text)-1:]) {
			text = text[:len(text)-1]
		}
	}
	if !isJSON {
		b.HTML = template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped here
		return b
	}
	b.HTML = coloured(text)
	return b
}

// indented is a body with its secrets hidden, JSON in lines.
func indented(raw []byte, m mask) (text string, isJSON bool) {
	v := jsontext.Value(bytes.Clone(raw))
	if v.Indent(jsontext.WithIndent("  "), jsontext.AllowDuplicateNames(true)) != nil {
		return strings.ToValidUTF8(m.text(string(raw)), "\uFFFD"), false
	}
	return m.text(string(v)), true
}

// coloured puts names, texts and numbers of indented JSON into spans. Whatever stands in it is escaped.
func coloured(text string) template.HTML {
	var b strings.Builder
	b.Grow(len(text) * 2)
	for len(text) > 0 {
		switch c := text[0]; {
		case c == '"':
			n := stringEnd(text)
			class := "s"
			if strings.HasPrefix(text[n:], ":") {
				class = "k"
			}
			span(&b, class, text[:n])
			text = text[n:]
		case c == '-' || c >= '0' && c <= '9':
			n := len(text) - len(strings.TrimLeft(text, "-+.0123456789eE"))
			span(&b, "n", text[:n])
			text = text[n:]
		case c >= 'a' && c <= 'z':
			n := len(text) - len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz"))
			span(&b, "w", text[:n])
			text = text[n:]
		default:
			n := strings.IndexAny(text, `"-0123456789abcdefghijklmnopqrstuvwxyz`)
			if n < 0 {
				n = len(text)
			}
			b.WriteString(template.HTMLEscapeString(text[:n]))
			text = text[n:]
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every piece is escaped above
}

// stringEnd is where the string that text begins with ends.
func stringEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func span(b *strings.Builder, class, text string) {
	b.WriteString(`<span class="j-` + class + `">`)
	b.WriteString(template.HTMLEscapeString(text))
	b.WriteString("</span>")
}
