package tax

import (
	"fmt"
	"strconv"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// lineStep says in a sentence why a line has its rate.
func (t *Table) lineStep(p *spot, i int, v *verdict) rules.Step {
	return stepAt(fmt.Sprintf("line %d: VAT %s, %s", i+1, percent(v.rate), t.because(p, v)), v.at)
}

func stepAt(text string, at diag.Place) rules.Step {
	return rules.Step{Text: text, File: at.File, Line: at.Line, Col: at.Col}
}

// because is the second half of the sentence.
func (t *Table) because(p *spot, v *verdict) string {
	switch v.cause {
	case byReverse:
		return "the buyer owes the tax (reverse charge)"
	case byArea:
		return "the area " + p.area.name + " is outside the VAT area"
	case byNone:
		return "destinations says none for " + p.dest.key
	case byLimit:
		return p.overLimit()
	}
	if v.class == table.NoClass {
		return standard + " in " + p.card.place
	}
	class := t.classes.Name(v.class)
	if &p.card.of(v.class)[0] == &p.card.of(table.NoClass)[0] {
		return standard + " in " + p.card.place + " (" + class + " has no rate there)"
	}
	return class + " in " + p.card.place
}

// overLimit says which limit was reached.
func (p *spot) overLimit() string {
	if p.dest.regime == orderUpTo {
		return "the order is over " + p.dest.limits.String() + ", up to which " + p.dest.key + " is charged"
	}
	return "a piece is not below " + p.dest.limits.String() + ", below which " + p.dest.key + " is charged"
}

// percent writes a rate: 25 %, 25.5 %.
func percent(r order.Rate) string {
	const whole = 100
	text := strconv.FormatInt(int64(r/whole), 10)
	if cents := int64(r % whole); cents%10 != 0 {
		text += fmt.Sprintf(".%02d", cents)
	} else if cents != 0 {
		text += "." + strconv.FormatInt(cents/10, 10)
	}
	return text + " %"
}

// reasons says what decided about the whole order.
func (t *Table) reasons(q *rules.Query, p *spot) []rules.Reason {
	out := []rules.Reason{{Rule: "destinations", File: p.dest.at.File, Line: p.dest.at.Line, Detail: p.dest.key + ": " + p.dest.regime.String()}}
	if p.area != nil && p.area.effect {
		out = append(out, rules.Reason{Rule: "areas", File: p.area.at.File, Line: p.area.at.Line, Detail: p.area.name})
	}
	if p.reverse {
		out = append(out, rules.Reason{Rule: "b2b", File: t.b2b.at.File, Line: t.b2b.at.Line, Detail: "reverse charge"})
	}
	if p.dest.hasLimit() && !p.limited {
		detail := "the limit " + p.dest.limits.String() + " has no amount in the order's currency; everything is charged"
		out = append(out, rules.Reason{Rule: "destinations", File: p.dest.at.File, Line: p.dest.at.Line, Detail: detail})
		if q.Trace != nil {
			q.Trace.Notes = append(q.Trace.Notes, stepAt(detail, p.dest.at))
		}
	}
	return out
}

// String is the word in the file.
func (r regime) String() string {
	switch r {
	case charge:
		return "charge"
	case homeRate:
		return "home_rate"
	case noTax:
		return "none"
	case itemBelow:
		return "charge_below_item_value"
	default:
		return "charge_up_to_order_value"
	}
}
