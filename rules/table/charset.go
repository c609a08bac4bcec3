package table

import (
	"bytes"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	textunicode "golang.org/x/text/encoding/unicode"

	"github.com/kvitto/kvitto/rules/diag"
)

// codeCharset warns of a side file that is not UTF-8 and was converted.
const codeCharset = "W301"

// readText reads a CSV side file as UTF-8 text. UTF-8 is read with or without a byte order mark, UTF-16 with one; other text
// is read as Windows-1252 where that makes sense. What was converted is a warning (W301), what cannot be read E009 to E013.
func readText(fsys fs.FS, name string, at diag.Place, r *diag.Report) ([]byte, bool) {
	data, ok := diag.ReadBytes(fsys, name, diag.MaxCSV, at, r)
	if !ok {
		return nil, false
	}
	return decodeText(name, data, r)
}

// decodeText turns the bytes of a file into UTF-8 text without a byte order mark, and keeps it as the source of findings.
func decodeText(name string, data []byte, r *diag.Report) ([]byte, bool) {
	var ok bool
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte(oleHeader)):
		tellWorkbook(r, diag.Place{File: name, Line: 1, Col: 1}, "name it .xlsx, or save the sheet as CSV UTF-8",
			"`%s` is not CSV but looks like a workbook of a spreadsheet", name)
		return nil, false
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		data, ok = fromUTF16(name, data, r)
	case utf8.Valid(data):
		data, ok = bytes.TrimPrefix(data, []byte("\ufeff")), true
		r.AddSource(name, data)
	default:
		data, ok = fromWindows(name, data, r)
	}
	if !ok {
		return nil, false
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		tellCharset(name, data, i, r, "this file is not text: a zero byte stands here")
		return nil, false
	}
	return data, true
}

// fromUTF16 reads what a spreadsheet calls "Unicode text".
func fromUTF16(name string, data []byte, r *diag.Report) ([]byte, bool) {
	text, ok := decodeWith(textunicode.UTF16(textunicode.LittleEndian, textunicode.UseBOM), data)
	if !ok || len(data)%2 != 0 || bytes.ContainsRune(text, utf8.RuneError) {
		f := r.Errorf(diag.CodeNotUTF8, diag.Place{File: name, Line: 1, Col: 1}, "this file begins as UTF-16 text and goes on as something else")
		f.Help = saveUTF8
		return nil, false
	}
	r.AddSource(name, text)
	f := r.Warnf(codeCharset, diag.Place{File: name, Line: 1, Col: 1}, "this file is UTF-16 text and was read as such")
	f.Help = saveUTF8
	return text, true
}

// saveUTF8 is the help of every file that is not UTF-8.
const saveUTF8 = "save it as UTF-8; a spreadsheet calls it \"CSV UTF-8\""

// fromWindows reads a file in the alphabet of Windows in Western Europe, of which Latin-1 is a part. Text that has
// characters in UTF-8 as well is damaged, and bytes that the alphabet does not have belong to another one.
func fromWindows(name string, data []byte, r *diag.Report) ([]byte, bool) {
	bad, utf := foreignBytes(data)
	if utf {
		tellCharset(name, data, bad, r, "this file is UTF-8 text, but the byte 0x%02X that stands here is not", data[bad])
		return nil, false
	}
	if i := notWindows(data); i >= 0 {
		tellCharset(name, data, i, r, "this file is neither UTF-8 nor Windows-1252 text: the byte 0x%02X stands here", data[i])
		return nil, false
	}
	text, ok := decodeWith(charmap.Windows1252, data)
	if !ok {
		tellCharset(name, data, bad, r, "this file is not UTF-8 text: the byte 0x%02X stands here", data[bad])
		return nil, false
	}
	r.AddSource(name, text)
	place, word := firstForeign(name, text)
	f := r.Warnf(codeCharset, place, "this file is Windows-1252 (Latin-1) text, not UTF-8; this was read as `%s`", word)
	f.Help = saveUTF8
	return text, true
}

// foreignBytes returns the first byte that is not UTF-8, and whether other characters beyond ASCII are.
func foreignBytes(data []byte) (bad int, utf bool) {
	bad = -1
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n == 1 {
			if bad < 0 {
				bad = i
			}
		} else {
			utf = true
		}
		i += n
	}
	return bad, utf
}

// notWindows returns the first byte that Windows-1252 does not have, -1 where there is none.
func notWindows(data []byte) int {
	for i, b := range data {
		switch b {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			return i
		}
	}
	return -1
}

func decodeWith(e encoding.Encoding, data []byte) ([]byte, bool) {
	text, err := e.NewDecoder().Bytes(data)
	return text, err == nil
}

// firstForeign returns the first word with a letter beyond ASCII, so that the author sees whether it was read right.
func firstForeign(name string, text []byte) (diag.Place, string) {
	i := bytes.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf })
	from := bytes.LastIndexFunc(text[:i], notWord) + 1
	end := bytes.IndexFunc(text[i:], notWord)
	if end < 0 {
		end = len(text) - i
	}
	place := placeAt(name, text, from)
	word := string(text[from : i+end])
	place.EndCol = place.Col + utf8.RuneCountInString(word)
	return place, word
}

func notWord(c rune) bool { return strings.ContainsRune(",;|\"", c) || unicode.IsSpace(c) }

// placeAt is the place of a byte of a text; what is not UTF-8 counts one character a byte.
func placeAt(name string, text []byte, i int) diag.Place {
	start := bytes.LastIndexByte(text[:i], '\n') + 1
	return diag.Place{File: name, Line: bytes.Count(text[:start], []byte{'\n'}) + 1, Col: utf8.RuneCount(text[start:i]) + 1}
}

func tellCharset(name string, data []byte, i int, r *diag.Report, format string, args ...any) {
	r.Errorf(diag.CodeNotUTF8, placeAt(name, data, i), format, args...).Help = saveUTF8
}
