package judge_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/simulator/judge"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

// stricter reports whether a violation is of a rule that is Kvitto's own: the contract says nothing of it, so the provider has
// no reason to refuse. All others must be the provider's too.
func stricter(v *gate.Violation) bool {
	switch {
	case strings.HasPrefix(v.Rule, "goods, freight and tax lines are not negative"): // contract 3.4 speaks of credits only
		return true
	case strings.HasPrefix(v.Sent, "-") && (v.Field == "unit_price" || v.Field == "total_amount" || v.Field == "total_tax_amount"):
		return strings.HasPrefix(v.Rule, "amounts of a line are at most") // no lower bound is published
	case v.Field == "total_tax_amount" && strings.HasPrefix(v.Rule, "amounts of a line are at most"): // follows from total_amount
		return true
	}
	return strings.HasPrefix(v.Rule, "purchase_currency is a code of ISO 4217") // three letters are published
}

// anyLine draws a line that holds, of any type.
func anyLine(t *rapid.T) order.Line {
	kind := rapid.SampledFrom([]order.LineType{"", order.Physical, order.Digital, order.Discount, order.ShippingFee, order.SalesTax, order.GiftCard,
		order.StoreCredit, order.Surcharge, "package"}).Draw(t, "type")
	l := order.Line{Type: kind, Reference: "R", Name: "N", Quantity: rapid.Int64Range(0, 9).Draw(t, "quantity"),
		UnitPrice: order.Amount(rapid.Int64Range(0, 99_999).Draw(t, "price"))}
	if kind == order.Discount || kind == order.GiftCard || kind == order.StoreCredit {
		l.UnitPrice = -l.UnitPrice / 50
	}
	if kind != order.SalesTax && kind != order.GiftCard && kind != order.StoreCredit {
		l.TaxRate = order.Rate(rapid.SampledFrom([]int{0, 1, 600, 1200, 2500, 10_000}).Draw(t, "rate"))
	}
	total := int64(l.UnitPrice) * l.Quantity
	if total > 0 {
		l.TotalDiscountAmount = order.Amount(rapid.Int64Range(0, total).Draw(t, "discount"))
	}
	l.TotalAmount = order.Amount(total) - l.TotalDiscountAmount
	l.TotalTaxAmount = l.TotalAmount * order.Amount(l.TaxRate) / order.Amount(10_000+l.TaxRate)
	return l
}

// anyAnswer draws an answer that holds, with options.
func anyAnswer(t *rapid.T) *order.Answer {
	a := &order.Answer{PurchaseCurrency: "SEK"}
	us := rapid.Bool().Draw(t, "us")
	for range rapid.IntRange(0, 6).Draw(t, "lines") {
		l := anyLine(t)
		switch {
		case us:
			l.TaxRate, l.TotalTaxAmount = 0, 0
		case l.Type == order.SalesTax:
			continue
		}
		a.Lines = append(a.Lines, l)
		a.OrderAmount += l.TotalAmount
		a.OrderTaxAmount += l.TotalTaxAmount
		if l.Type == order.SalesTax {
			a.OrderTaxAmount += l.TotalAmount
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "options") {
		price := order.Amount(rapid.Int64Range(0, 50_000).Draw(t, "price"))
		a.Options = append(a.Options, order.ShippingOption{ID: string(rune('a' + i)), Name: "N", Price: price, TaxAmount: price / 5, TaxRate: 2500, Preselected: i == 0})
	}
	return a
}

// spoil changes one number or text of an answer, or nothing.
func spoil(t *rapid.T, a *order.Answer) {
	numbers := []*order.Amount{&a.OrderAmount, &a.OrderTaxAmount}
	var quantities []*int64
	var rates []*order.Rate
	texts := []*string{&a.PurchaseCurrency}
	for i := range a.Lines {
		l := &a.Lines[i]
		numbers = append(numbers, &l.UnitPrice, &l.TotalAmount, &l.TotalTaxAmount, &l.TotalDiscountAmount)
		quantities, rates = append(quantities, &l.Quantity), append(rates, &l.TaxRate)
		texts = append(texts, &l.Name, &l.Reference, &l.QuantityUnit, &l.MerchantData, &l.ProductURL)
	}
	for i := range a.Options {
		o := &a.Options[i]
		numbers, rates = append(numbers, &o.Price, &o.TaxAmount), append(rates, &o.TaxRate)
		texts = append(texts, &o.ID, &o.Name)
	}
	by := rapid.SampledFrom([]int64{-100_000_001, -10_001, -2, -2, -1, -1, 1, 1, 2, 2, 3, 10_001, 100_000_001, 1 << 40, 1 << 62}).Draw(t, "by")
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		*rapid.SampledFrom(numbers).Draw(t, "number") += order.Amount(by)
	case 1:
		if len(quantities) > 0 {
			*rapid.SampledFrom(quantities).Draw(t, "quantity") += by
		}
	case 2:
		if len(rates) > 0 {
			*rapid.SampledFrom(rates).Draw(t, "rate") += order.Rate(by)
		}
	case 3:
		*rapid.SampledFrom(texts).Draw(t, "text") = rapid.SampledFrom([]string{"", "a", "EUR", strings.Repeat("å", 8), strings.Repeat("å", 9), strings.Repeat("x", 255),
			strings.Repeat("ö", 256), strings.Repeat("ö", 1024), strings.Repeat("z", 1025)}).Draw(t, "value")
	}
}

// mend makes the sums right again, so that nothing but a line or an option is wrong.
func mend(a *order.Answer) {
	a.OrderAmount, a.OrderTaxAmount = 0, 0
	us := slices.ContainsFunc(a.Lines, func(l order.Line) bool { return l.Type == order.SalesTax })
	for i := range a.Lines {
		l := &a.Lines[i]
		a.OrderAmount += l.TotalAmount
		switch {
		case !us:
			a.OrderTaxAmount += l.TotalTaxAmount
		case l.Type == order.SalesTax:
			a.OrderTaxAmount += l.TotalAmount
		}
	}
}

// spoilt draws an answer in which one or two things may be wrong.
func spoilt(t *rapid.T) *order.Answer {
	a := anyAnswer(t)
	for range rapid.IntRange(0, 2).Draw(t, "spoilt") {
		spoil(t, a)
	}
	if rapid.IntRange(0, 3).Draw(t, "mended") > 0 {
		mend(a)
	}
	return a
}

// draws is how many answers each check looks at.
const draws = 30

// TestGateAndJudgeAgree: two checkers that share nothing take and refuse the same answers, but for the rules that are Kvitto's
// own. A disagreement is a fault of one of them; the contract says of which.
func TestGateAndJudgeAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for range draws {
			agreeOnAnswer(t)
		}
	})
}

func agreeOnAnswer(t *rapid.T) {
	a := spoilt(t)
	body, err := a.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	in := &order.Order{PurchaseCurrency: a.PurchaseCurrency, Lines: a.Lines}
	found := gate.Answer(in, a)
	theirs := slices.DeleteFunc(slices.Clone(found), func(v gate.Violation) bool {
		return stricter(&v) || strings.HasPrefix(v.Rule, "the currency goes back") || strings.HasPrefix(v.Rule, "lines of the shop go back")
	})
	v := judge.Update(&judge.Reply{Status: 200, Body: body})
	switch {
	case v.Outcome == judge.Applied && len(theirs) > 0:
		t.Fatalf("the judge takes what the gate refuses: %+v\n%s", theirs, body)
	case v.Outcome != judge.Applied && len(found) == 0:
		t.Fatalf("the gate lets out what the judge refuses: %v\n%s", v.Faults, body)
	case v.Outcome != judge.Applied && v.Outcome != judge.Unusable:
		t.Fatalf("outcome %q", v.Outcome)
	}
}

// TestGateAndJudgeAgreeOnOrders is the same for orders that a shop creates.
func TestGateAndJudgeAgreeOnOrders(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for range draws {
			agreeOnOrder(t)
		}
	})
}

func agreeOnOrder(t *rapid.T) {
	a := spoilt(t)
	a.Options = nil
	o := &order.Order{PurchaseCurrency: a.PurchaseCurrency, PurchaseCountry: "SE", Locale: "sv-SE", Lines: a.Lines, OrderAmount: a.OrderAmount,
		OrderTaxAmount: a.OrderTaxAmount}
	body, err := a.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	body = append([]byte(`{"purchase_country":"SE","locale":"sv-SE",`), body[1:]...)
	found := gate.Order(o)
	theirs := slices.DeleteFunc(slices.Clone(found), func(v gate.Violation) bool { return stricter(&v) })
	faults := judge.Order(body)
	if len(faults) == 0 && len(theirs) > 0 || len(faults) > 0 && len(found) == 0 {
		t.Fatalf("gate %+v\njudge %v\n%s", found, faults, body)
	}
}
