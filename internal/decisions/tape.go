package decisions

import "encoding/binary"

// tape is what is kept of a decision: numbers as varints and texts behind their lengths, one after the other. That takes a quarter of
// the time and memory of JSON, which is made when somebody asks.
type tape struct{ data []byte }

func (t *tape) number(n int64) { t.data = binary.AppendVarint(t.data, n) }

func (t *tape) flag(on bool) {
	if on {
		t.number(1)
	} else {
		t.number(0)
	}
}

func (t *tape) text(s string) {
	t.data = append(binary.AppendUvarint(t.data, uint64(len(s))), s...)
}

func (t *tape) bytes(b []byte) {
	t.data = append(binary.AppendUvarint(t.data, uint64(len(b))), b...)
}

// short notes a text, or none where it is too long for what it should be.
func (t *tape) short(s string, most int) {
	if len(s) > most {
		s = ""
	}
	t.text(s)
}

// code notes a country, region, postcode, currency or locale, or none where it cannot be one.
func (t *tape) code(s string) {
	if len(s) > maxCode || !isCode(s) {
		s = ""
	}
	t.text(s)
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

// words notes a list of ids; one that is too long for an id is empty.
func (t *tape) words(list []string) {
	list = list[:min(len(list), maxListed)]
	t.number(int64(len(list)))
	for _, s := range list {
		t.short(s, maxWord)
	}
}

// reader reads a tape that this process has written: it is never cut off and never wrong.
type reader struct{ data []byte }

func (r *reader) number() int64 {
	n, size := binary.Varint(r.data)
	r.data = r.data[size:]
	return n
}

func (r *reader) flag() bool { return r.number() != 0 }

func (r *reader) text() string { return string(r.bytes()) }

// bytes are those of the tape itself.
func (r *reader) bytes() []byte {
	n, size := binary.Uvarint(r.data)
	b := r.data[size : size+int(n)] //nolint:gosec // a length that was written
	r.data = r.data[size+int(n):]   //nolint:gosec // the same
	return b
}

func (r *reader) words() []string {
	var list []string
	for range r.number() {
		if s := r.text(); s != "" {
			list = append(list, s)
		}
	}
	return list
}
