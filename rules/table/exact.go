package table

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// exact is a decimal number of any sign: digits / 10^scale.
type exact struct {
	negative bool
	digits   string // without zeros in front; "" for zero
	scale    int    // not negative
}

// maxExact bounds the digits of an exact number, and the zeros that an exponent may add.
const maxExact = 40

// spreadsheetDigits is how many digits a spreadsheet keeps and shows; what a file has beyond them is the noise of binary
// fractions: 49.900000000000006 is 49.9.
const spreadsheetDigits = 15

// exactOf reads 49.9, -5, 1E-2 as they stand in a workbook, with at most 15 digits that count.
func exactOf(text string) (d exact, ok bool) {
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, shift, ok := cutExponent(text)
	if !ok {
		return exact{}, false
	}
	whole, frac, point := strings.Cut(mantissa, ".")
	if whole == "" || !allDigits(whole) || point && !allDigits(frac) || len(mantissa) > maxExact {
		return exact{}, false
	}
	d.digits, d.scale = strings.TrimLeft(whole+frac, "0"), len(frac)-shift
	if d.scale < 0 {
		d.digits, d.scale = d.digits+strings.Repeat("0", -d.scale), 0
	}
	if extra := len(d.digits) - spreadsheetDigits; extra > 0 {
		if d.scale < extra {
			return exact{}, false // a whole number with more digits than are kept
		}
		d = d.round(d.scale - extra)
	}
	for d.scale > 0 && strings.HasSuffix(d.digits, "0") {
		d.digits, d.scale = d.digits[:len(d.digits)-1], d.scale-1
	}
	if d.digits == "" {
		d = exact{}
	}
	return d, true
}

// cutExponent parts 1.5E-2 into 1.5 and -2; a number without an exponent has 0.
func cutExponent(text string) (mantissa string, shift int, ok bool) {
	mantissa, exponent, has := strings.Cut(strings.ToUpper(text), "E")
	if !has {
		return mantissa, 0, true
	}
	shift, err := strconv.Atoi(exponent)
	return mantissa, shift, err == nil && -maxExact <= shift && shift <= maxExact
}

// round rounds half away from zero to at most n decimals.
func (d exact) round(n int) exact {
	if d.scale <= n {
		return d
	}
	drop := d.scale - n
	padded := d.digits
	if len(padded) < drop {
		padded = strings.Repeat("0", drop-len(padded)) + padded
	}
	keep, rest := padded[:len(padded)-drop], padded[len(padded)-drop:]
	if rest[0] >= '5' {
		keep = increment(keep)
	}
	return exact{negative: d.negative, digits: strings.TrimLeft(keep, "0"), scale: n}
}

// increment adds one to a run of digits.
func increment(digits string) string {
	b := []byte(digits)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < '9' {
			b[i]++
			return string(b)
		}
		b[i] = '0'
	}
	return "1" + string(b)
}

// text writes d with at least some digits before and behind the point.
func (d exact) text(digits, decimals int) string {
	all, scale := d.digits, d.scale
	for scale < decimals {
		all, scale = all+"0", scale+1
	}
	if missing := scale + max(digits, 1) - len(all); missing > 0 {
		all = strings.Repeat("0", missing) + all
	}
	out := all[:len(all)-scale]
	if scale > 0 {
		out += "." + all[len(all)-scale:]
	}
	if d.negative && strings.Trim(d.digits, "0") != "" {
		return "-" + out
	}
	return out
}

// String writes d plainly.
func (d exact) String() string { return d.text(1, 0) }

// show writes d as the format does; same is false where the format hides digits.
func (f *numberFormat) show(d exact, date1904 bool) (text string, same, ok bool) {
	switch f.kind {
	case formatGeneral:
		return d.String(), true, true
	case formatOther:
		return "", false, false
	case formatDate:
		text, ok = d.date(date1904)
		return text, true, ok
	}
	if f.percent {
		d.digits += "00"
		d = d.trimmed()
	}
	shown := d.round(f.most).trimmed()
	same = shown.scale == d.scale && shown.digits == d.digits
	text = shown.text(f.digits, f.least)
	if f.percent {
		text += "%"
	}
	if f.prefix != "" && f.suffix == "" && len(f.prefix) == 3 {
		return text + " " + f.prefix, same, true // a currency, which stands behind the amount here
	}
	return strings.Trim(f.prefix+" "+text+" "+f.suffix, blanks), same, true
}

// trimmed takes away zeros at both ends that say nothing.
func (d exact) trimmed() exact {
	d.digits = strings.TrimLeft(d.digits, "0")
	for d.scale > 0 && strings.HasSuffix(d.digits, "0") {
		d.digits, d.scale = d.digits[:len(d.digits)-1], d.scale-1
	}
	if d.digits == "" {
		d = exact{}
	}
	return d
}

// Days that a spreadsheet can hold.
const (
	lastSerial   = 2_958_465 // 9999-12-31
	leapSerial   = 60        // 1900-02-29, which never was
	days1904     = 1462
	secondsOfDay = 86_400
)

// date reads a number of days since the end of 1899, or since 1904; the part behind the point is the time of the day,
// rounded to a second.
func (d exact) date(date1904 bool) (string, bool) {
	value, ok := new(big.Rat).SetString(d.String())
	if !ok || d.negative {
		return "", false
	}
	value.Mul(value, big.NewRat(secondsOfDay, 1)).Add(value, big.NewRat(1, 2))
	total := new(big.Int).Quo(value.Num(), value.Denom())
	if !total.IsInt64() || total.Int64() >= (lastSerial+1)*secondsOfDay {
		return "", false
	}
	serial, clock := total.Int64()/secondsOfDay, total.Int64()%secondsOfDay
	if serial == 0 && !date1904 {
		return clockText(clock), true
	}
	if date1904 {
		serial += days1904
	}
	if serial == leapSerial {
		return "", false
	}
	if serial < leapSerial {
		serial++
	}
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(serial)).Format(time.DateOnly)
	if clock == 0 {
		return day, true
	}
	return day + " " + clockText(clock), true
}

// clockText writes 14:00, with seconds where there are some.
func clockText(seconds int64) string {
	t := time.Unix(seconds, 0).UTC()
	if seconds%60 == 0 {
		return t.Format("15:04")
	}
	return t.Format(time.TimeOnly)
}
