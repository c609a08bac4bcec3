package decisions

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// writer appends JSON. Names, and values of plain, are ours and need no escapes.
type writer struct{ dst []byte }

func (w *writer) begin() { w.dst = append(w.dst, '{') }
func (w *writer) close() { w.dst = append(w.dst, '}') }
func (w *writer) end()   { w.dst = append(w.dst, ']') }

// item begins an item of a list.
func (w *writer) item() {
	if w.dst[len(w.dst)-1] != '[' {
		w.dst = append(w.dst, ',')
	}
}

func (w *writer) key(name string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(append(append(w.dst, '"'), name...), '"', ':')
}

func (w *writer) open(name string) {
	w.key(name)
	w.begin()
}

func (w *writer) list(name string) {
	w.key(name)
	w.dst = append(w.dst, '[')
}

func (w *writer) number(name string, n int64) {
	w.key(name)
	w.dst = strconv.AppendInt(w.dst, n, 10)
}

func (w *writer) plain(name, text string) {
	w.key(name)
	w.dst = append(append(append(w.dst, '"'), text...), '"')
}

// text appends a text that came in.
func (w *writer) text(name, text string) {
	w.key(name)
	w.quote(text)
}

// quote appends a JSON string; most need no escapes.
func (w *writer) quote(text string) {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			w.dst, _ = jsontext.AppendQuote(w.dst, text) // only ever that it is not UTF-8, and then it is complete too
			return
		}
	}
	w.dst = append(append(append(w.dst, '"'), text...), '"')
}

// code appends a country, region, postcode, currency or locale; what cannot be one is left out.
func (w *writer) code(name, text string) {
	if text != "" && len(text) <= maxCode && isCode(text) {
		w.text(name, text)
	}
}

// isCode reports whether a text is made of what codes are made of.
func isCode(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == ' ', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

// word appends an id or reference, unless it is empty or too long for one.
func (w *writer) word(name, text string) {
	if text != "" && len(text) <= maxWord {
		w.text(name, text)
	}
}

func (w *writer) words(name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.list(name)
	for _, text := range list[:min(len(list), maxListed)] {
		if len(text) <= maxWord {
			w.item()
			w.quote(text)
		}
	}
	w.end()
}
