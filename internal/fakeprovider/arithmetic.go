package fakeprovider

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
)

// Limits of the Checkout API.
const (
	maxLineAmount = 100_000_000
	maxRate       = 10_000
	maxLines      = 1000
	maxDigits     = 20 // of a number that is read at all
)

var (
	countryForm  = regexp.MustCompile(`^[A-Za-z]{2}$`)
	currencyForm = regexp.MustCompile(`^[A-Za-z]{3}$`)
	localeForm   = regexp.MustCompile(`^[A-Za-z]{2}(-[A-Za-z]{2})*$`)
)

// CheckOrder tells what the Checkout API would refuse in an order: names of members, the worst first; none if it is taken.
func CheckOrder(body []byte) []string {
	d, err := parse(body)
	if err != nil {
		return []string{"body"}
	}
	return checkOrder(d)
}

func checkOrder(d document) []string {
	var bad []string
	for _, m := range []struct {
		name string
		form *regexp.Regexp
	}{{"purchase_country", countryForm}, {"purchase_currency", currencyForm}, {"locale", localeForm}} {
		if !m.form.MatchString(d.text(m.name)) {
			bad = append(bad, m.name)
		}
	}
	lines, err := d.objects("order_lines")
	if err != nil || len(lines) > maxLines {
		return append(bad, "order_lines")
	}
	var s sums
	for i, l := range lines {
		if problem := s.add(l); problem != "" {
			bad = append(bad, fmt.Sprintf("order_lines[%d].%s", i, problem))
		}
	}
	if len(bad) > 0 {
		return bad
	}
	for name, want := range map[string]*big.Int{"order_amount": &s.total, "order_tax_amount": s.orderTax()} {
		if amount, ok := d.number(name); !ok || amount < 0 || want.Cmp(big.NewInt(amount)) != 0 {
			bad = append(bad, name)
		}
	}
	slices.Sort(bad)
	return bad
}

// sums are those of an order's lines.
type sums struct{ total, tax, sales big.Int }

// add takes a line in, or names its member that is refused.
func (s *sums) add(d document) (problem string) {
	l, problem := readLine(d)
	if problem == "" {
		problem = l.check()
	}
	if problem != "" {
		return problem
	}
	s.total.Add(&s.total, l.total)
	s.tax.Add(&s.tax, l.tax)
	if l.kind == "sales_tax" {
		s.sales.Add(&s.sales, l.total)
	}
	return ""
}

// orderTax is the tax of all lines, or where no line has any, what lines of sales tax say, once.
func (s *sums) orderTax() *big.Int {
	if s.tax.Sign() == 0 {
		return &s.sales
	}
	return &s.tax
}

// line has the numbers of an order line; rate and tax are 0 where they are left out.
type line struct {
	kind                                        string
	quantity, price, discount, rate, total, tax *big.Int
}

// readLine reads the numbers; problem names the member that is missing or no integer.
func readLine(d document) (l line, problem string) {
	l.kind = d.text("type")
	if name := d.text("name"); name == "" || len([]rune(name)) > 255 {
		return l, "name"
	}
	for _, m := range []struct {
		name string
		to   **big.Int
		must bool
	}{
		{"quantity", &l.quantity, true}, {"unit_price", &l.price, true}, {"total_amount", &l.total, true},
		{"total_discount_amount", &l.discount, false}, {"tax_rate", &l.rate, false}, {"total_tax_amount", &l.tax, false},
	} {
		*m.to = new(big.Int)
		raw, ok := d[m.name]
		if !ok && !m.must {
			continue
		}
		if len(raw) > maxDigits || !setNumber(*m.to, raw) {
			return l, m.name
		}
	}
	return l, ""
}

func setNumber(to *big.Int, digits []byte) bool {
	_, ok := to.SetString(string(digits), 10)
	return ok
}

// check names the first member that the provider refuses: limits, the line's total exactly, its tax within 1.
func (l *line) check() string {
	limit := big.NewInt(maxLineAmount)
	product := new(big.Int).Mul(l.quantity, l.price)
	switch {
	case l.quantity.Sign() < 0:
		return "quantity"
	case l.price.Cmp(limit) > 0:
		return "unit_price"
	case l.discount.Sign() < 0:
		return "total_discount_amount"
	case l.rate.Sign() < 0 || l.rate.Cmp(big.NewInt(maxRate)) > 0:
		return "tax_rate"
	case l.total.Cmp(limit) > 0 || product.Sub(product, l.discount).Cmp(l.total) != 0:
		return "total_amount"
	case !l.taxFits():
		return "total_tax_amount"
	}
	return ""
}

// taxFits is |tax - total*rate/(10000+rate)| <= 1, without rounding.
func (l *line) taxFits() bool {
	base := new(big.Int).Add(big.NewInt(maxRate), l.rate)
	off := new(big.Int).Mul(l.tax, base)
	off.Sub(off, new(big.Int).Mul(l.total, l.rate))
	return off.CmpAbs(base) <= 0
}
