package order

import (
	"strconv"
	"strings"
)

// prices are where the values of the five priced members stand in a line's bytes.
type prices struct{ unitPrice, taxRate, total, discount, tax span }

// missing reports whether the member was not there.
func (s span) missing() bool { return s.to == 0 }

// from counts the places from the byte at start; those of missing members stay missing.
func (p prices) from(start int32) prices {
	for _, s := range []*span{&p.unitPrice, &p.taxRate, &p.total, &p.discount, &p.tax} {
		if !s.missing() {
			s.from -= start
			s.to -= start
		}
	}
	return p
}

// place is a value and where it goes.
type placed struct {
	name  string
	at    span
	value int64
}

// appendSpliced appends the bytes the line came in, with the five priced members replaced. Tax members that were
// missing are added at the end, a missing discount only where there is one now.
func (l *Line) appendSpliced(dst []byte) []byte {
	ps := [5]placed{
		{"unit_price", l.at.unitPrice, int64(l.UnitPrice)},
		{"tax_rate", l.at.taxRate, int64(l.TaxRate)},
		{"total_amount", l.at.total, int64(l.TotalAmount)},
		{"total_discount_amount", l.at.discount, int64(l.TotalDiscountAmount)},
		{"total_tax_amount", l.at.tax, int64(l.TotalTaxAmount)},
	}
	for i := 1; i < len(ps); i++ {
		for j := i; j > 0 && ps[j].at.from < ps[j-1].at.from; j-- {
			ps[j], ps[j-1] = ps[j-1], ps[j]
		}
	}
	done := int32(0)
	for _, p := range ps {
		if !p.at.missing() {
			dst = append(dst, l.raw[done:p.at.from]...)
			dst = strconv.AppendInt(dst, p.value, 10)
			done = p.at.to
		}
	}
	dst = append(dst, strings.TrimRight(l.raw[done:len(l.raw)-1], " \t\r\n")...)
	for _, p := range ps {
		if p.at.missing() && (p.value != 0 || p.name != "total_discount_amount") {
			dst = appendInt(dst, p.name, p.value)
		}
	}
	return append(dst, '}')
}
