package importer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxID is the longest id that is made of a name.
const maxID = 40

// slug makes letters, digits and hyphens of a name; "" where nothing is left.
func slug(name string) string {
	var s strings.Builder
	gap := false
	for _, c := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c)):
			if gap && s.Len() > 0 {
				s.WriteByte('-')
			}
			gap = false
			s.WriteRune(c)
		case unicode.Is(unicode.Mn, c):
		default:
			gap = true
		}
		if s.Len() >= maxID {
			break
		}
	}
	return s.String()
}

// freeID makes an id of a name that no other option has.
func (b *book) freeID(name string) string {
	base := slug(name)
	if base == "" {
		base = "option"
	}
	if b.ids == nil {
		b.ids = map[string]bool{}
	}
	id := base
	for n := 2; b.ids[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	b.ids[id] = true
	return id
}
