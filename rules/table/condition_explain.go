package table

import (
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Explain says in a few words why c does not hold, e.g. "only_class letter; 1 item has no class", and where the word stands. It
// is about the first word that does not hold, else the first one that waits for the postcode; "" where c holds.
func (c *Condition) Explain(f *Facts) (text string, at diag.Place) {
	var waits *Term
	for i := range c.terms {
		switch t := &c.terms[i]; t.holds(f) {
		case No:
			return t.explain(f), t.Place
		case Maybe:
			if waits == nil {
				waits = t
			}
		}
	}
	if waits != nil {
		return waits.String() + "; the postcode is not known yet", waits.Place
	}
	return "", diag.Place{}
}

// String writes the word and its value in plain words: "max_weight 2 kg", "class bulky or dangerous".
func (t *Term) String() string { return t.Word.String() + " " + t.Value() }

// Value writes the value in plain words: "2 kg", "599.00 SEK, 69.00 EUR", "bulky or dangerous".
func (t *Term) Value() string {
	switch t.Word {
	case WordTo, WordNotTo, WordClass, WordOnlyClass, WordNoClass:
		return strings.Join(t.Labels, " or ")
	case WordMinTotal, WordMaxTotal, WordMinTaxable:
		return t.Money.String()
	case WordMinWeight, WordMaxWeight, WordMaxItemWeight:
		return Weight(t.Limit).String()
	case WordMinItems, WordMaxItems:
		return fixed(t.Limit, 0, 0)
	case WordMaxItemLength, WordMaxItemGirth:
		return Length(t.Limit).String()
	case WordMaxItemSize:
		return t.Size.String()
	case WordFrom, WordUntil:
		return Date(t.Limit).String()
	case WordDays:
		return daysText(t.Days)
	case WordTime:
		return t.Window.String()
	default:
		return strings.Join(t.Names, " or ")
	}
}

// explain says why t does not hold.
func (t *Term) explain(f *Facts) string {
	switch t.Word {
	case WordNotTo:
		return "not_to: the address is in " + t.zoneOf(f)
	case WordTo:
		return t.String() + "; the address is not there"
	case WordMinTotal, WordMaxTotal, WordMinTaxable:
		return t.String() + "; " + t.explainMoney(f)
	case WordClass, WordOnlyClass, WordNoClass:
		return t.String() + "; " + t.explainClass(f.Cart)
	case WordFrom, WordUntil:
		return t.String() + "; today is " + f.Day.String()
	case WordDays:
		return t.String() + "; today is " + daysText(1<<f.Weekday)
	case WordTime:
		return t.String() + "; it is " + f.Clock.String()
	case WordCustomer, WordGroup, WordCoupon, WordTag, WordCurrency, WordLanguage, WordMethod:
		return t.String() + "; " + t.explainName(f)
	default:
		return t.String() + "; " + t.explainGoods(&f.Cart.sums)
	}
}

// zoneOf returns the name of the first zone of t that the address is in.
func (t *Term) zoneOf(f *Facts) string {
	for i, id := range t.Zones {
		if f.Zones.Has(f.Where.Certain, id) {
			return t.Labels[i]
		}
	}
	return t.Value()
}

func (t *Term) explainMoney(f *Facts) string {
	if _, ok := t.Money.In(f.Currency); !ok {
		return "there is no amount in " + string(f.Currency)
	}
	if t.Word == WordMinTaxable {
		return "taxable goods are worth " + Money{f.Taxable, f.Currency}.String()
	}
	return "the goods are worth " + Money{f.Cart.Value, f.Currency}.String()
}

func (t *Term) explainClass(c *Cart) string {
	if len(c.Items) == 0 {
		return "there are no goods"
	}
	switch t.Word {
	case WordClass:
		return "nothing in the cart is " + t.Value()
	case WordNoClass:
		return plural(countItems(c, func(s ClassSet) bool { return s&t.Classes != 0 }), "item") + " of " + t.Value()
	}
	if bare := countItems(c, func(s ClassSet) bool { return s == 0 }); bare > 0 {
		return plural(bare, "item") + has(bare) + " no class"
	}
	return plural(countItems(c, func(s ClassSet) bool { return s&t.Classes == 0 }), "item") + " of another class"
}

func has(n int64) string {
	if n == 1 {
		return " has"
	}
	return " have"
}

func countItems(c *Cart, holds func(ClassSet) bool) (n int64) {
	for i := range c.Items {
		if holds(c.Items[i].Classes) {
			n += c.Items[i].Quantity
		}
	}
	return n
}

func (t *Term) explainGoods(s *sums) string {
	switch t.Word {
	case WordMinWeight, WordMaxWeight:
		return "the goods weigh " + s.weight.String()
	case WordMinItems, WordMaxItems:
		return "there are " + fixed(s.pieces, 0, 0)
	case WordMaxItemWeight:
		return "the heaviest piece weighs " + s.heaviest.String()
	case WordMaxItemLength:
		return "the longest piece is " + s.sides[0].String()
	case WordMaxItemGirth:
		return "the largest girth is " + s.girth.String()
	default:
		return "the largest sides are " + s.sides.String()
	}
}

func (t *Term) explainName(f *Facts) string {
	switch t.Word {
	case WordCustomer:
		if t.Names[0] == "person" {
			return "the customer is an organization"
		}
		return "the customer is a person"
	case WordGroup:
		if f.Query.Facts.Group == "" {
			return "the customer is in no group"
		}
		return "the customer's group is " + f.Query.Facts.Group
	case WordCoupon:
		return "the order has no such coupon"
	case WordTag:
		return "the order has no such tag"
	case WordCurrency:
		return "the order is in " + string(f.Currency)
	case WordLanguage:
		if f.Query.Language == "" {
			return "the order names no language"
		}
		return "the order's language is " + f.Query.Language
	default:
		if f.Method == "" {
			return "no method is chosen"
		}
		return "the method is " + f.Method
	}
}
