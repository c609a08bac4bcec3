package pricing

import (
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/order"
)

// shift is the value of goods that came in at one rate and leave at another.
type shift struct {
	from order.Rate
	to   share
}

// moveDiscounts puts the discount lines at the rates that discountRate gives them.
func moveDiscounts(out, lines []order.Line, rates []LineRate, keep Keep) ([]order.Line, error) {
	var room [8]shift
	shifts, err := goodsShifts(room[:0], lines, rates)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		if l.Kind() != order.Discount {
			continue
		}
		to, err := discountRate(l, shifts)
		if err != nil {
			return nil, fmt.Errorf("lines[%d].tax_rate: %w", i, err)
		}
		if out, err = move(out, lines, i, to, keep); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// goodsShifts appends to dst what the goods do, by their gross value as it came in, floored at 0.
func goodsShifts(dst []shift, lines []order.Line, rates []LineRate) ([]shift, error) {
	for i := range lines {
		l := &lines[i]
		if !l.Goods() {
			continue
		}
		from, to := l.TaxRate, target(l, rates[i])
		at := findShift(dst, from, to)
		if at < 0 {
			at = len(dst)
			dst = append(dst, shift{from: from, to: share{rate: to}})
		}
		var err error
		if dst[at].to.gross, err = Add(dst[at].to.gross, max(l.TotalAmount, 0)); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

func findShift(s []shift, from, to order.Rate) int {
	for i := range s {
		if s[i].from == from && s[i].to.rate == to {
			return i
		}
	}
	return -1
}

// discountRate says where a discount line goes that came in at a rate:
//
//  1. As the goods that came in at that rate; where those part, to the rate blended by their value (0.01 %,
//     half away).
//  2. If no goods of any value came in at it and the goods move, or the discount came without a rate: to the rate
//     blended over all goods.
//  3. Else, and where no goods have a value, it stays. Without this, an answer of ours with a blended discount would
//     change when it comes back.
func discountRate(l *order.Line, shifts []shift) (order.Rate, error) {
	var room [8]share
	in := l.TaxRate
	own, all, moved := room[:0:4], room[4:4], in == 0 && l.Untaxed()
	var err error
	for _, s := range shifts {
		if s.from == in {
			own, err = addShare(own, s.to.rate, s.to.gross)
		}
		if err == nil {
			all, err = addShare(all, s.to.rate, s.to.gross)
		}
		if err != nil {
			return 0, err
		}
		moved = moved || s.from != s.to.rate
	}
	if to, ok, err := blendOf(own); ok || err != nil {
		return to, err
	}
	if moved {
		if to, ok, err := blendOf(all); ok || err != nil {
			return to, err
		}
	}
	return in, nil
}

// blendOf blends s; false where there is nothing to blend by.
func blendOf(s []share) (to order.Rate, ok bool, err error) {
	if len(s) == 1 {
		return s[0].rate, true, nil
	}
	to, err = blend(s)
	if errors.Is(err, ErrDivision) {
		return 0, false, nil
	}
	return to, err == nil, err
}
