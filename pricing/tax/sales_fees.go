package tax

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// digitalMethod is the method of an order that ships nothing.
const digitalMethod = "Digital"

// fees makes the lines of the fees that the order owes, in the order of the file.
func (b *base) fees(paid *rules.Paid) ([]order.Line, error) {
	if len(b.st.fees) == 0 {
		return nil, nil
	}
	var cart table.Cart
	if err := cart.Fill(b.q, &table.CartRules{AfterDiscounts: true, Classes: b.t.classes, Digital: true}); err != nil {
		return nil, err
	}
	d := &b.q.Destination
	f := table.Facts{Query: b.q, Zones: b.t.zones, Where: b.t.zones.Locate(d.Country, d.Region, d.Postcode), Cart: &cart,
		Currency: table.Currency(b.q.Currency), Taxable: b.taxable, Method: methodOf(paid)}
	day, clock, weekday := table.DateOf(b.q.Now.In(b.t.loc))
	f.Day, f.Clock, f.Weekday = day, clock, uint8(weekday) //nolint:gosec // 0 to 6
	var lines []order.Line
	for _, x := range b.st.fees {
		if amount := x.charged(b, &f, paid); amount > 0 {
			lines = append(lines, order.Line{Type: order.Surcharge, Reference: x.id, Name: x.name.In(b.q.Language, nil), Quantity: 1,
				UnitPrice: amount, TotalAmount: amount, MerchantData: pricing.Mark})
		}
	}
	return lines, nil
}

// methodOf is the shipping method by which conditions ask; what ships nothing is digital.
func methodOf(paid *rules.Paid) string {
	if !paid.Ships {
		return digitalMethod
	}
	return paid.Method
}

// charged is the amount of a fee, 0 where it is not owed. One that depends on the shipping method waits until an option is
// chosen; what depends on a ZIP that is not known is left out, as supplements are.
func (x *fee) charged(b *base, f *table.Facts, paid *rules.Paid) order.Amount {
	list, ok := x.amount.At(b.day)
	if !ok {
		b.explain("fee "+x.id+": not due on this day yet", x.at)
		return 0
	}
	amount, ok := list.In(f.Currency)
	switch when, _ := x.when.When(f); {
	case !ok:
		b.explain("fee "+x.id+" has no amount in the order's currency", x.at)
		return 0
	case x.byMethod && paid.Ships && !paid.Chosen:
		b.explain("fee "+x.id+" waits for a shipping option", x.at)
		return 0
	case when != table.Yes:
		b.explain("fee "+x.id+": `when` does not hold", x.at)
		return 0
	}
	if unless, _ := x.unless.Unless(f); unless != table.Yes {
		b.explain("fee "+x.id+": `unless` holds", x.at)
		return 0
	}
	b.explainMoney("fee "+x.id, amount, x.amount.Places[x.amount.Index(b.day)])
	return amount
}
