package pricing

import "github.com/kvitto/kvitto/order"

// share is the gross value of goods at one rate.
type share struct {
	rate  order.Rate
	gross order.Amount
}

// addShare adds gross to the share of rate, which it appends where there is none.
func addShare(s []share, rate order.Rate, gross order.Amount) ([]share, error) {
	i := findShare(s, rate)
	if i < 0 {
		return append(s, share{rate, gross}), nil
	}
	var err error
	s[i].gross, err = Add(s[i].gross, gross)
	return s, err
}

func findShare(s []share, rate order.Rate) int {
	for i := range s {
		if s[i].rate == rate {
			return i
		}
	}
	return -1
}

// goodsShares appends to dst the goods' gross value per rate, in the order in which the rates first appear among
// the goods, less the discount lines at the same rate, floored at 0. A discount at a rate that no goods have (a
// blended one) counts against all of them in proportion, which leaves the proportions as they are.
func goodsShares(dst []share, lines []order.Line) ([]share, error) {
	var err error
	for i := range lines {
		if l := &lines[i]; l.Goods() {
			if dst, err = addShare(dst, l.TaxRate, l.TotalAmount); err != nil {
				return dst, err
			}
		}
	}
	for i := range lines {
		l := &lines[i]
		if l.Kind() != order.Discount {
			continue
		}
		if at := findShare(dst, l.TaxRate); at >= 0 {
			if dst[at].gross, err = Add(dst[at].gross, l.TotalAmount); err != nil {
				return dst, err
			}
		}
	}
	for i := range dst {
		dst[i].gross = max(dst[i].gross, 0)
	}
	return dst, nil
}

// highest returns the highest rate of s, which is not empty; the value does not matter.
func highest(s []share) order.Rate {
	r := s[0].rate
	for _, x := range s[1:] {
		r = max(r, x.rate)
	}
	return r
}

// largest returns the rate with the greatest value; a tie takes the higher rate. s is not empty.
func largest(s []share) order.Rate {
	best := s[0]
	for _, x := range s[1:] {
		if x.gross > best.gross || (x.gross == best.gross && x.rate > best.rate) {
			best = x
		}
	}
	return best.rate
}

// blend returns the one rate that stands for all of s: their tax against their net, half away, in 0.01 %. Values
// are taken 10 000-fold, so that rounding the tax of a small value does not show in the rate. ErrDivision means
// that s has no value.
func blend(s []share) (order.Rate, error) {
	var gross, tax order.Amount
	for _, x := range s {
		v, err := Mul(x.gross, whole)
		if err != nil {
			return 0, err
		}
		t, err := TaxWithin(v, x.rate)
		if err != nil {
			return 0, err
		}
		if gross, err = Add(gross, v); err != nil {
			return 0, err
		}
		tax += t // at most gross
	}
	return rateOf(gross, tax)
}

// rateOf returns tax against gross - tax in 0.01 %, half away, and never more than the wire carries: rounded
// taxes of a few units can give more than 100 %.
func rateOf(gross, tax order.Amount) (order.Rate, error) {
	r, err := MulDiv(tax, whole, int64(gross-tax))
	return min(order.Rate(r), order.MaxRate), err
}
