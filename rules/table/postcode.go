package table

import (
	"strings"
	"unicode/utf8"
)

const (
	maxWidth = 12 // characters of the longest code that has a key: 37^12 fits into 63 bits
	maxRaw   = 64 // bytes of a postcode that are looked at
)

// folded is a postcode in upper case without spaces and hyphens. cut is how many characters stood before the first
// separator, 0 where there was none; dash tells whether that one was a hyphen.
type folded struct {
	buf  [maxWidth + 4]byte
	n    int
	cut  int
	dash bool
}

func (f *folded) code() []byte { return f.buf[:f.n] }

// separate notes a separator.
func (f *folded) separate(dash bool) {
	if f.cut == 0 && f.n > 0 {
		f.cut, f.dash = f.n, dash
	}
}

// fold reads a postcode as people write it. It returns false where there is a character that no postcode has, or too many.
func fold(s string, f *folded) bool {
	f.n, f.cut, f.dash = 0, 0, false
	s = strings.TrimSpace(s)
	if len(s) > maxRaw {
		return false
	}
	for i := 0; i < len(s); {
		c, size := s[i], 1
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			c = narrow(r)
		}
		i += size
		switch {
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z':
		case c == ' ', c == '\t', c == '-':
			f.separate(c == '-')
			continue
		default:
			return false
		}
		if f.n == len(f.buf) {
			return false
		}
		f.buf[f.n] = c
		f.n++
	}
	if f.cut == f.n {
		f.cut = 0
	}
	return true
}

// narrow turns full-width digits and letters, and the many spaces and dashes, into the ASCII ones; 0 for anything else.
func narrow(r rune) byte {
	switch {
	case r >= 0xFF10 && r <= 0xFF19:
		return byte(r - 0xFF10 + '0')
	case r >= 0xFF21 && r <= 0xFF3A:
		return byte(r - 0xFF21 + 'A')
	case r >= 0xFF41 && r <= 0xFF5A:
		return byte(r - 0xFF41 + 'A')
	case r == 0x00A0, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x3000:
		return ' '
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xFF0D:
		return '-'
	default:
		return 0
	}
}

// span is an interval of keys, both ends included.
type span struct{ lo, hi uint64 }

// form is how the codes of a country are built.
type form uint8

const (
	formFree  form = iota // letters and digits, any length
	formFixed             // a template
	formGB                // area, district, sector, unit
)

// shape is the postcodes of a country: which there are, and an order-preserving key for each. A shape of formFixed is
// a mixed-radix number, so neighbouring codes have neighbouring keys and every key is a code.
type shape struct {
	form     form
	template string             // a class per character, see radix
	weight   [maxWidth]uint64   // keys that begin with the same i+1 characters
	whole    uint16             // bit n: n characters are a complete code or unit
	top      uint64             // the highest key
	marks    [2]string          // country marks that may stand before a code
	known    bool               // the country is in the list of shapes
	dashes   [maxWidth + 1]bool // a hyphen after i characters is how the country writes it
}

// radix is how many characters a class has: 9 digits, 1 digits but 0, A letters, W digits and W, X letters and digits.
func radix(class byte) uint64 {
	switch class {
	case '9':
		return 10
	case '1':
		return 9
	case 'A':
		return 26
	case 'W':
		return 11
	default:
		return 36
	}
}

// digitOf returns the value of a character in its class.
func digitOf(class, c byte) (uint64, bool) {
	switch {
	case c >= '0' && c <= '9':
		if class == '1' {
			return uint64(c) - '1', c != '0'
		}
		return uint64(c - '0'), class != 'A'
	case c < 'A' || c > 'Z':
		return 0, false
	case class == 'A':
		return uint64(c - 'A'), true
	case class == 'X' || class == 'W' && c == 'W':
		return min(uint64(c-'A')+10, radix(class)-1), true
	default:
		return 0, false
	}
}

// charOf is the other way round.
func charOf(class byte, d uint64) byte {
	switch {
	case class == '1':
		return '1' + byte(d)
	case class == 'A':
		return 'A' + byte(d)
	case class == 'W' && d == 10:
		return 'W'
	case d >= 10:
		return 'A' + byte(d-10)
	default:
		return '0' + byte(d)
	}
}

// complete reports whether n characters are a whole code or a whole unit.
func (s *shape) complete(n int) bool {
	if s.form == formFree {
		return n > 0
	}
	return n <= len(s.template) && s.whole>>n&1 == 1
}

// prefix returns the keys of all codes that begin with code.
func (s *shape) prefix(code []byte) (span, bool) {
	if s.form == formFree {
		return freePrefix(code)
	}
	if len(code) == 0 || len(code) > len(s.template) {
		return span{}, false
	}
	var lo uint64
	for i, c := range code {
		class := s.template[i]
		d, ok := digitOf(class, c)
		if !ok {
			return span{}, false
		}
		lo += d * s.weight[i]
	}
	return span{lo, lo + s.weight[len(code)-1] - 1}, true
}

// freePrefix is prefix for codes of any length: base 37 over twelve places, where 0 is no character.
func freePrefix(code []byte) (span, bool) {
	if len(code) == 0 || len(code) > maxWidth {
		return span{}, false
	}
	lo, weight := uint64(0), freeTop()+1
	for _, c := range code {
		d, ok := digitOf('X', c)
		if !ok {
			return span{}, false
		}
		weight /= 37
		lo += (d + 1) * weight
	}
	return span{lo, lo + weight - 1}, true
}

// freeTop is the highest key of formFree.
func freeTop() uint64 {
	n := uint64(1)
	for range maxWidth {
		n *= 37
	}
	return n - 1
}

// unmark returns the code without the country mark before it, where there is one. Where codes begin with letters
// themselves, a separator must stand after the mark.
func (s *shape) unmark(f *folded) []byte {
	code := f.code()
	lettered := s.form != formFixed || s.template[0] == 'A'
	for _, m := range s.marks {
		if m == "" || len(code) <= len(m) || string(code[:len(m)]) != m {
			continue
		}
		if !lettered || f.cut == len(m) {
			return code[len(m):]
		}
	}
	return code
}

// given says what an address's postcode is.
type given uint8

const (
	givenNothing given = iota
	givenCode
	givenOdd
)

// address returns the keys that an address's postcode may be: one, or those of a whole unit where only that was given.
func (s *shape) address(postcode string) (span, given) {
	if postcode == "" {
		return span{}, givenNothing
	}
	var f folded
	if !fold(postcode, &f) {
		return span{}, givenOdd
	}
	if f.n == 0 {
		return span{}, givenNothing
	}
	sp, ok := s.exact(&f)
	if !ok {
		return span{}, givenOdd
	}
	return sp, givenCode
}

// exact is address for a folded code.
func (s *shape) exact(f *folded) (span, bool) {
	code := s.unmark(f)
	switch s.form {
	case formGB:
		g, ok := parseGB(code, f.cut-(f.n-len(code)))
		if !ok || g.level < gbDistrict {
			return span{}, false
		}
		return g.span(false), true
	case formFixed:
		if !s.complete(len(code)) {
			return span{}, false
		}
		return s.prefix(code)
	default:
		sp, ok := freePrefix(code)
		return span{sp.lo, sp.lo}, ok
	}
}

// text writes a key as a full code.
func (s *shape) text(key uint64) string {
	var b []byte
	switch s.form {
	case formGB:
		return gbOf(key).String()
	case formFixed:
		for i := range s.template {
			class := s.template[i]
			b = append(b, charOf(class, key/s.weight[i]%radix(class)))
		}
	default:
		for weight := (freeTop() + 1) / 37; weight > 0; weight /= 37 {
			if d := key / weight % 37; d > 0 {
				b = append(b, charOf('X', d-1))
			}
		}
	}
	return string(b)
}

// units are the numbers of keys in a unit smaller than a code, for each kind of unit that an address may give alone.
func (s *shape) units() []uint64 {
	switch s.form {
	case formGB:
		return []uint64{gbDistrictKeys, gbSectorKeys}
	case formFixed:
		var all []uint64
		for n := 1; n < len(s.template); n++ {
			if s.complete(n) {
				all = append(all, s.weight[n-1])
			}
		}
		return all
	default:
		return nil
	}
}
