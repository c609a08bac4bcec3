package importer

import (
	"errors"
	"math/big"
	"strings"
)

// expression is what a flat rate of WooCommerce costs: numbers, [qty], [cost], [fee …], + - * / and ( ).
type expression struct {
	op          byte // 'n' number, 'q' pieces, 'c' value, 'f' fee, '+', '-', '*', '/'
	left, right *expression
	value       *big.Rat // of a number; the per cent of a fee
	low, high   *big.Rat // of a fee, in major units; nil: none
}

var errExpression = errors.New("it is not a sum of numbers, [qty], [cost] and [fee]")

// expressionOf reads a cost.
func expressionOf(text string) (*expression, error) {
	p := &costParser{rest: strings.Join(strings.Fields(text), " ")}
	e, err := p.sum(0)
	if err == nil && p.peek() != 0 {
		err = errExpression
	}
	return e, err
}

// costParser reads from left to right.
type costParser struct{ rest string }

// maxNesting bounds parentheses.
const maxNesting = 50

// peek is the next sign, 0 at the end.
func (p *costParser) peek() byte {
	p.rest = strings.TrimLeft(p.rest, " ")
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

func (p *costParser) sum(depth int) (*expression, error) {
	e, err := p.product(depth)
	for err == nil && (p.peek() == '+' || p.peek() == '-') {
		op := p.rest[0]
		p.rest = p.rest[1:]
		var r *expression
		r, err = p.product(depth)
		e = &expression{op: op, left: e, right: r}
	}
	return e, err
}

func (p *costParser) product(depth int) (*expression, error) {
	e, err := p.factor(depth)
	for err == nil && (p.peek() == '*' || p.peek() == '/') {
		op := p.rest[0]
		p.rest = p.rest[1:]
		var r *expression
		r, err = p.factor(depth)
		e = &expression{op: op, left: e, right: r}
	}
	return e, err
}

func (p *costParser) factor(depth int) (*expression, error) {
	if depth > maxNesting {
		return nil, errExpression
	}
	switch p.peek() {
	case '(':
		p.rest = p.rest[1:]
		e, err := p.sum(depth + 1)
		if err == nil && p.peek() != ')' {
			err = errExpression
		}
		if err == nil {
			p.rest = p.rest[1:]
		}
		return e, err
	case '[':
		return p.short()
	default:
		end := strings.IndexFunc(p.rest, func(c rune) bool { return (c < '0' || c > '9') && c != '.' && c != ',' })
		if end < 0 {
			end = len(p.rest)
		}
		x, ok := number(strings.Replace(p.rest[:end], ",", ".", 1))
		if !ok {
			return nil, errExpression
		}
		p.rest = p.rest[end:]
		return &expression{op: 'n', value: x}, nil
	}
}

// short reads [qty], [cost] or [fee percent="10" min_fee="20" max_fee=""].
func (p *costParser) short() (*expression, error) {
	word, rest, ok := strings.Cut(p.rest[1:], "]")
	if !ok {
		return nil, errExpression
	}
	p.rest = rest
	name, args, _ := strings.Cut(strings.TrimSpace(word), " ")
	switch name {
	case "qty":
		return &expression{op: 'q'}, nil
	case "cost":
		return &expression{op: 'c'}, nil
	case "fee":
		return fee(args)
	default:
		return nil, errExpression
	}
}

func fee(args string) (*expression, error) {
	e := &expression{op: 'f', value: new(big.Rat)}
	for {
		key, rest, ok := strings.Cut(strings.TrimSpace(args), "=")
		if !ok {
			if strings.TrimSpace(args) != "" {
				return nil, errExpression
			}
			return e, nil
		}
		if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
			return nil, errExpression
		}
		text, after, ok := strings.Cut(rest[1:], rest[:1])
		if !ok {
			return nil, errExpression
		}
		args = after
		if text == "" {
			continue
		}
		x, ok := number(text)
		switch {
		case !ok:
			return nil, errExpression
		case key == "percent":
			e.value = x
		case key == "min_fee" && x.Sign() > 0:
			e.low = x
		case key == "max_fee" && x.Sign() > 0:
			e.high = x
		}
	}
}

// cost works an expression out, in major units. qty is pieces, value the value of the goods; round is to the decimals of the
// currency: WooCommerce rounds a fee by itself (since its issue 62692), and then the whole sum.
func (e *expression) cost(qty, value *big.Rat, round func(*big.Rat) *big.Rat) (*big.Rat, bool) {
	switch e.op {
	case 'n':
		return e.value, true
	case 'q':
		return qty, true
	case 'c':
		return value, true
	case 'f':
		return e.feeOf(value, round), true
	}
	a, ok1 := e.left.cost(qty, value, round)
	b, ok2 := e.right.cost(qty, value, round)
	if !ok1 || !ok2 {
		return nil, false
	}
	switch e.op {
	case '+':
		return new(big.Rat).Add(a, b), true
	case '-':
		return new(big.Rat).Sub(a, b), true
	case '*':
		return times(a, b), true
	}
	if b.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).Quo(a, b), true
}

// feeOf is a per cent of the value, within bounds.
func (e *expression) feeOf(value *big.Rat, round func(*big.Rat) *big.Rat) *big.Rat {
	x := round(new(big.Rat).Quo(times(value, e.value), big.NewRat(100, 1)))
	if e.low != nil && x.Cmp(e.low) < 0 {
		x = e.low
	}
	if e.high != nil && x.Cmp(e.high) > 0 {
		x = e.high
	}
	return x
}

// linear is an expression as a rulebook can say it: a fixed amount, an amount for each piece, a per cent of the goods with bounds.
type linear struct {
	fixed, each, share *big.Rat // share is a fraction
	fee                *expression
}

func constant(x *big.Rat) *linear {
	return &linear{fixed: x, each: new(big.Rat), share: new(big.Rat)}
}

// linear turns an expression into one; false where it is more than that.
func (e *expression) linear() (*linear, bool) {
	switch e.op {
	case 'n':
		return constant(e.value), true
	case 'q':
		return &linear{fixed: new(big.Rat), each: big.NewRat(1, 1), share: new(big.Rat)}, true
	case 'c':
		return &linear{fixed: new(big.Rat), each: new(big.Rat), share: big.NewRat(1, 1)}, true
	case 'f':
		l := constant(new(big.Rat))
		l.fee = e
		return l, true
	}
	a, ok1 := e.left.linear()
	b, ok2 := e.right.linear()
	if !ok1 || !ok2 {
		return nil, false
	}
	return a.joined(e.op, b)
}

// joined works + - * / out; false where pieces or values are multiplied.
func (l *linear) joined(op byte, o *linear) (*linear, bool) {
	switch {
	case op == '+':
		return l.plus(o, 1)
	case op == '-':
		return l.plus(o, -1)
	case op == '*' && o.plain():
		return l.by(o.fixed)
	case op == '*' && l.plain():
		return o.by(l.fixed)
	case op == '/' && o.plain() && o.fixed.Sign() != 0:
		return l.by(new(big.Rat).Inv(o.fixed))
	default:
		return nil, false
	}
}

// plain reports whether there is nothing but a fixed amount.
func (l *linear) plain() bool { return l.each.Sign() == 0 && l.share.Sign() == 0 && l.fee == nil }

func (l *linear) plus(o *linear, sign int64) (*linear, bool) {
	if l.fee != nil && o.fee != nil || o.fee != nil && sign < 0 {
		return nil, false
	}
	s := big.NewRat(sign, 1)
	sum := &linear{fixed: new(big.Rat).Add(l.fixed, times(o.fixed, s)), each: new(big.Rat).Add(l.each, times(o.each, s)),
		share: new(big.Rat).Add(l.share, times(o.share, s)), fee: l.fee}
	if o.fee != nil {
		sum.fee = o.fee
	}
	return sum, sum.fee == nil || sum.share.Sign() == 0
}

func (l *linear) by(x *big.Rat) (*linear, bool) {
	if l.fee != nil && x.Cmp(big.NewRat(1, 1)) != 0 {
		return nil, false
	}
	return &linear{fixed: times(l.fixed, x), each: times(l.each, x), share: times(l.share, x), fee: l.fee}, true
}
