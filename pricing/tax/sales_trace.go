package tax

import (
	"fmt"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// explain notes a sentence where somebody asked why.
func (b *base) explain(text string, at diag.Place) {
	if b.q.Trace != nil {
		b.q.Trace.Goods = append(b.q.Trace.Goods, stepAt(text, at))
	}
}

// explainMoney notes what an amount is.
func (b *base) explainMoney(what string, amount order.Amount, at diag.Place) {
	if b.q.Trace != nil {
		b.explain(what+" "+b.money(amount), at)
	}
}

func (b *base) money(a order.Amount) string {
	return table.Money{Amount: a, Currency: table.Currency(b.q.Currency)}.String()
}

func (b *base) explainTaxable(i int, l *order.Line) {
	if b.q.Trace != nil {
		b.explain(fmt.Sprintf("line %d: %s taxable in US-%s", i+1, b.money(l.TotalAmount), b.st.code), b.st.at)
	}
}

func (b *base) explainExempt(i int, l *order.Line, x *exemption) {
	if b.q.Trace == nil {
		return
	}
	text := fmt.Sprintf("line %d: %s exempt in US-%s", i+1, b.money(l.TotalAmount), b.st.code)
	if list, ok := x.below.At(b.day); x.limited && ok {
		text += ", a piece is below " + list.String()
	}
	b.explain(text, x.at)
}

func (b *base) explainFreight(freight order.Amount, word freightWord, at diag.Place) {
	if b.q.Trace == nil {
		return
	}
	if b.off > 0 {
		b.explain(fmt.Sprintf("discounts of %s leave %s taxable and %s exempt", b.money(b.off), b.money(b.taxable), b.money(b.exempt)), b.st.at)
	}
	b.explain(fmt.Sprintf("freight %s: %s, so %s is taxable", b.money(freight), word, b.money(b.shipping)), at)
}

func (b *base) explainTax(level int, p table.Percent, on, tax order.Amount, at diag.Place) {
	if b.q.Trace == nil {
		return
	}
	what := "sales tax"
	if !b.t.sales.single {
		what = Levels()[level] + " tax"
	}
	b.explain(fmt.Sprintf("%s %s of %s = %s", what, p, b.money(on), b.money(tax)), at)
}
