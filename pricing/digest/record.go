package digest

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// record is what is sealed of a line.
type record struct {
	id       string
	line     int // place in the order, from 1; 0: of a digest
	quantity int64
	card     bool
	kept     bool         // freight of the shop's own, which no answer of ours changes
	unit     order.Amount // of a card: the most that it may pay
	off      order.Amount
	rate     order.Rate
	pays     order.Amount // of a card in an order: what it pays
}

// recordsOf leaves out what callbacks replace: freight that is not kept, sales tax, and surcharges of ours. Gift cards are
// resized by callbacks; what is sealed of one is the most that it may pay.
func recordsOf(lines []order.Line, kept []string) []record {
	policy := pricing.ShippingPolicy{Kept: kept}
	out := make([]record, 0, len(lines))
	for i := range lines {
		l := &lines[i]
		if policy.Replaces(l) {
			continue
		}
		r := record{id: idOf(l), line: i + 1, quantity: l.Quantity, kept: l.Kind() == order.ShippingFee}
		if pricing.Pays(l) {
			r.card, r.unit, r.pays = true, pricing.Balance(l), -l.TotalAmount
		} else {
			r.unit, r.off, r.rate = l.UnitPrice, l.TotalDiscountAmount, l.TaxRate
		}
		out = append(out, r)
	}
	return out
}

func idOf(l *order.Line) string {
	name := "r" + l.Reference
	if l.Reference == "" {
		name = "n" + l.Name
	}
	return short(string(l.Kind())+"\x00"+name, idBytes)
}

func short(s string, n int) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:n])
}

// list is the content that names lines one by one; "" where it would be too long.
func list(currency string, records []record) string {
	b := []byte(order.Upper(currency) + ":")
	for i := range records {
		if i > 0 {
			b = append(b, ',')
		}
		if b = records[i].append(b); len(b) > maxListed {
			return ""
		}
	}
	return string(b)
}

func (r *record) append(b []byte) []byte {
	b = append(b, r.id...)
	b = strconv.AppendInt(append(b, '/'), r.quantity, 10)
	if r.card {
		return strconv.AppendInt(append(b, "/card/"...), int64(r.unit), 10)
	}
	b = strconv.AppendInt(append(b, '/'), int64(r.unit), 10)
	b = strconv.AppendInt(append(b, '/'), int64(r.rate), 10)
	return strconv.AppendInt(append(b, '/'), int64(r.off), 10)
}

// readList reads the lines of a content that was signed here.
func readList(text string) ([]record, bool) {
	if text == "" {
		return nil, true
	}
	var out []record
	for part := range strings.SplitSeq(text, ",") {
		r, ok := readRecord(strings.Split(part, "/"))
		if !ok {
			return nil, false
		}
		out = append(out, r)
	}
	return out, true
}

func readRecord(f []string) (record, bool) {
	if len(f) < 4 {
		return record{}, false
	}
	r := record{id: f[0]}
	numbers := f[1:]
	if r.card = f[2] == "card"; r.card {
		numbers = []string{f[1], f[3], "0", "0"}
	}
	if len(numbers) != 4 {
		return record{}, false
	}
	var n [4]int64
	for i, text := range numbers {
		var err error
		if n[i], err = strconv.ParseInt(text, 10, 64); err != nil {
			return record{}, false
		}
	}
	r.quantity, r.unit, r.rate, r.off = n[0], order.Amount(n[1]), order.Rate(n[2]), order.Amount(n[3])
	return r, true
}

// summed is the content of a cart that is too long to be listed: a sum over the prices as they are, and one over the
// prices without tax, of which one stays when lines move to another rate.
func summed(currency string, records []record) string {
	return order.Upper(currency) + ":#" + sum(records, false) + "/" + sum(records, true)
}

// sum does not depend on the order of the lines.
func sum(records []record, net bool) string {
	parts := make([]string, len(records))
	for i, r := range records {
		r.rate = 0
		switch {
		case r.card:
			r.unit = 0 // it pays what is due
		case net && !r.kept:
			r.unit, r.off = without(r.unit, records[i].rate), without(r.off, records[i].rate)
		}
		parts[i] = string(r.append(nil))
	}
	slices.Sort(parts)
	return short(strings.Join(parts, ","), macBytes)
}

// without is a price without tax; a rate outside the contract leaves it as it is, which then is no match.
func without(a order.Amount, rate order.Rate) order.Amount {
	net, err := pricing.NetOf(a, rate)
	if err != nil {
		return a
	}
	return net
}
