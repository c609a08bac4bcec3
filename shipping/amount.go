package shipping

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// amount is what is charged: money, at most one per currency, or a share of the goods, which has every currency.
type amount struct {
	money table.MoneyList
	share table.Percent
	kind  amountKind
	place diag.Place
	text  string // a share as written
}

type amountKind uint8

const (
	inMoney amountKind = iota
	shareOfGoods
	notOffered // a `-` in the place of a price
)

// ofGoods is how a share of the goods ends.
const ofGoods = "of goods"

// amountOf parses one money, a list of them, or `8% of goods`.
func (l *loader) amountOf(n *diag.Node) (amount, bool) {
	a := amount{place: n.Place}
	if n.Kind == diag.Scalar && strings.HasSuffix(n.Text, ofGoods) {
		return l.share(n.Text, n.Place, n.Path)
	}
	var ok bool
	a.money, ok = l.scope.MoneyList(n)
	return a, ok
}

// share parses the text of `8% of goods`.
func (l *loader) share(text string, at diag.Place, path string) (amount, bool) {
	bare := strings.TrimSpace(strings.TrimSuffix(text, ofGoods))
	at.EndCol = at.Col + len(bare)
	p, ok := l.scope.Percent(&diag.Node{Text: bare, Place: at, Path: path}, 4)
	return amount{share: p, kind: shareOfGoods, place: at, text: text}, ok
}

// datedAmount parses an amount or a map from dates to amounts.
func (l *loader) datedAmount(n *diag.Node) (table.Dated[amount], bool) {
	return dated(l, n, l.amountOf)
}

// datedMoney parses money or a map from dates to money.
func (l *loader) datedMoney(n *diag.Node) (table.Dated[table.MoneyList], bool) {
	return dated(l, n, l.moneyOnly)
}

// moneyOnly parses money where a share of the goods makes no sense.
func (l *loader) moneyOnly(n *diag.Node) (table.MoneyList, bool) {
	if n.Kind == diag.Scalar && strings.HasSuffix(n.Text, ofGoods) {
		f := l.r.Errorf(codeWord, n.Place, "`%s` cannot stand here", n.Text)
		f.Label = "a share of the goods is a price or a surcharge, not a limit"
		f.Help = "write an amount, e.g. 49.00"
		return nil, false
	}
	return l.scope.MoneyList(n)
}

// in returns what a comes to in a currency; goods is the value a share is taken of.
func (a *amount) in(c table.Currency, goods order.Amount) (v order.Amount, ok bool, err error) {
	switch a.kind {
	case inMoney:
		v, ok = a.money.In(c)
		return v, ok, nil
	case shareOfGoods:
		v, err = shareOf(goods, a.share)
		return v, err == nil, err
	default:
		return 0, false, nil
	}
}

// wholeShare is 100 % in table.Percent.
const wholeShare = 1_000_000

// shareOf returns p of goods, half away from zero; goods below zero count as zero.
func shareOf(goods order.Amount, p table.Percent) (order.Amount, error) {
	if goods <= 0 || p <= 0 {
		return 0, nil
	}
	hi, lo := bits.Mul64(uint64(goods), uint64(p))
	lo, carry := bits.Add64(lo, wholeShare/2, 0)
	hi += carry
	if hi >= wholeShare {
		return 0, fmt.Errorf("share of goods: %w", pricing.ErrOverflow)
	}
	q, _ := bits.Div64(hi, lo, wholeShare)
	if q > 1<<62 {
		return 0, fmt.Errorf("share of goods: %w", pricing.ErrOverflow)
	}
	return order.Amount(q), nil
}

// plus adds with a check.
func plus(a, b order.Amount) (order.Amount, error) {
	c := a + b
	if (a > 0 && b > 0 && c < 0) || (a < 0 && b < 0 && c >= 0) {
		return 0, fmt.Errorf("freight: %w", pricing.ErrOverflow)
	}
	return c, nil
}

// times multiplies amounts that are not negative with a check.
func times(a order.Amount, n int64) (order.Amount, error) {
	hi, lo := bits.Mul64(uint64(a), uint64(n))
	if a < 0 || n < 0 || hi != 0 || lo > 1<<62 {
		return 0, fmt.Errorf("freight: %w", pricing.ErrOverflow)
	}
	return order.Amount(lo), nil
}
