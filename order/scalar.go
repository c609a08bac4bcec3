package order

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// scalar reads a string, number or boolean whose kind has been looked at.
func (d *decoder) scalar(m *member) error {
	raw, err := d.value()
	if err != nil {
		return err
	}
	switch m.form {
	case formFlag:
		m.setFlag(raw[0] == 't')
		return nil
	case formWhole:
		if m.span != nil {
			end := int32(d.dec.InputOffset())
			*m.span = span{end - int32(len(raw)), end}
		}
		return d.integer(m, raw)
	default:
		return d.string(m, raw)
	}
}

func (m *member) setFlag(on bool) {
	if m.option != nil {
		*m.option = &on
		return
	}
	*m.flag = on
}

func (d *decoder) integer(m *member, raw jsontext.Value) error {
	n, ok := integer(raw)
	if !ok || n < m.min || n > m.max {
		what := "found " + strconv.FormatInt(n, 10)
		if !ok {
			what = notWhole(raw)
		}
		return d.fault(FaultRange, what+"; right is a whole number from "+strconv.FormatInt(m.min, 10)+" to "+
			strconv.FormatInt(m.max, 10))
	}
	*m.whole = n
	return nil
}

// notWhole says why a number is not an integer.
func notWhole(raw []byte) string {
	if bytes.ContainsAny(raw, ".eE") {
		return "found a number with a fraction or an exponent"
	}
	return "found a number beyond 64 bits"
}

// integer reads a JSON number that is written as an integer and fits an int64.
func integer(raw []byte) (int64, bool) {
	digits := raw
	if digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) > 18 {
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return n, err == nil
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(raw) {
		n = -n
	}
	return n, true
}

func (d *decoder) string(m *member, raw jsontext.Value) error {
	s, err := d.unquote(raw, m.form == formProse)
	if err != nil {
		return err
	}
	if m.min > 0 && s == "" || m.max > 0 && int64(len(s)) > m.max && int64(utf8.RuneCountInString(s)) > m.max {
		return d.fault(FaultLength, "found "+strconv.Itoa(utf8.RuneCountInString(s))+" characters; right is "+
			strconv.FormatInt(m.min, 10)+" to "+strconv.FormatInt(m.max, 10))
	}
	*m.text = s
	return nil
}

// unquote returns the string that was read last, raw being its JSON form. Without escapes it is a part of the body.
func (d *decoder) unquote(raw jsontext.Value, breaks bool) (string, error) {
	end := int(d.dec.InputOffset())
	s := d.text[end-len(raw)+1 : end-1]
	if strings.IndexByte(s, '\\') >= 0 {
		var err error
		if d.scratch, err = jsontext.AppendUnquote(d.scratch[:0], raw); err != nil {
			return "", err
		}
		s = string(d.scratch)
	} else if strings.IndexByte(s, 0x7f) < 0 {
		return s, nil
	}
	if control(s, breaks) {
		return "", d.fault(FaultControl, "found a control character; right is a string without")
	}
	return s, nil
}

// control reports whether s holds a character of U+0000 to U+001F or U+007F; breaks lets tabs and line breaks pass.
func control(s string, breaks bool) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f {
			if breaks && (c == '\t' || c == '\n' || c == '\r') {
				continue
			}
			return true
		}
	}
	return false
}
