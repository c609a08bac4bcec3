package rulestest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
)

// What a Change is about.
const (
	ByValue    = "value"    // of the goods
	ByWeight   = "weight"   // of the goods
	ByPieces   = "pieces"   // of the same value and weight
	BySize     = "size"     // longest side of a piece
	ByPostcode = "postcode" // of the same country and region
	ByTime     = "time"     // later, or earlier
)

// Change says what would become of an option if one thing about the order were different: the nearest such difference in one
// direction. Amounts are in minor units of the explanation's currency.
type Change struct {
	Option  string // its id in the tables, without a pickup point
	By      string // ByValue to ByTime; of several things the one that is changed last
	Up      bool   // more, later, a higher postcode
	When    string // in words that begin the sentence: "over 5 kg", "in SE 620–624"
	Past    bool   // it was so before
	Offered bool   // it would be
	Price   order.Amount
	Before  order.Amount // its price with everything as it is; 0 where it is not offered
	Was     bool         // it is offered as everything is
	Rate    order.Rate   // of its tax
	OldRate order.Rate
}

// Text is the sentence: "at 598.99 SEK it would cost 79.00".
func (c *Change) text(x *Explanation) string { return c.When + " " + c.outcome(x) }

func (c *Change) outcome(x *Explanation) string {
	would, cost := "would be", "would cost"
	if c.Past {
		would, cost = "was", "cost"
	}
	price := bareMoney(c.Price, x.currency())
	switch {
	case !c.Offered && c.Past:
		return "it was not offered"
	case !c.Offered:
		return "it would not be offered"
	case !c.Was:
		return "it " + would + " offered, for " + price
	case c.onlyTax():
		return fmt.Sprintf("its tax %s %s instead of %s", would, rateText(c.Rate), rateText(c.OldRate))
	case c.Price > c.Before:
		return fmt.Sprintf("it %s %s, %s more", cost, price, bareMoney(c.Price-c.Before, x.currency()))
	default:
		return fmt.Sprintf("it %s %s, %s less", cost, price, bareMoney(c.Before-c.Price, x.currency()))
	}
}

// onlyTax reports whether the price stays as it is.
func (c *Change) onlyTax() bool { return c.Was && c.Offered && c.Price == c.Before }

// What Text tells of the changes unless it is to tell all.
const (
	fewChanges  = 10 // in all
	fewOfOthers = 4  // of an option that is not paid for
)

// few are the changes that are told first: all of the option that is paid for, some of the others, and of those that are not
// offered what would bring them.
func (x *Explanation) few() []Change {
	if x.All {
		return x.Changes
	}
	paid, _, _ := strings.Cut(x.Paid, ":")
	var list []Change
	told := map[string]int{}
	for _, mine := range []bool{true, false} {
		for _, c := range x.Changes {
			switch {
			case len(list) == fewChanges, mine != (c.Option == paid), !mine && told[c.Option] == fewOfOthers, c.Past && c.onlyTax():
			default:
				told[c.Option]++
				list = append(list, c)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return x.place(a.Option) - x.place(b.Option) })
	return list
}

// place is where an option stands among the options.
func (x *Explanation) place(id string) int {
	return slices.IndexFunc(x.Options, func(o ExplainedOption) bool {
		head, _, _ := strings.Cut(o.ID, ":")
		return o.ID == id || head == id
	})
}

// changesText writes the nearest changes, a line each.
func (x *Explanation) changesText(s *strings.Builder) {
	list := x.few()
	if len(list) == 0 {
		return
	}
	width := 0
	for i := range list {
		width = max(width, utf8.RuneCountInString(list[i].Option))
	}
	s.WriteString("Nearest change\n")
	last := ""
	for i := range list {
		id := list[i].Option
		if id == last {
			id = ""
		} else {
			last = id
		}
		fmt.Fprintf(s, "  %s   %s\n", padded(id, width), list[i].text(x))
	}
	if more := len(x.Changes) - len(list); more > 0 {
		fmt.Fprintf(s, "  %d more with --changes\n", more)
	}
	s.WriteString("\n")
}

type jsonChange struct {
	Option    string        `json:"option"`
	By        string        `json:"by"`
	Direction string        `json:"direction"` // up or down
	When      string        `json:"when"`
	Offered   bool          `json:"offered"`
	Price     *order.Amount `json:"price,omitempty"`
	TaxRate   *order.Rate   `json:"tax_rate,omitempty"`
	Text      string        `json:"text"`
}

func (x *Explanation) changesJSON() []jsonChange {
	list := make([]jsonChange, 0, len(x.Changes))
	for i := range x.Changes {
		c := &x.Changes[i]
		j := jsonChange{Option: c.Option, By: c.By, Direction: "down", When: c.When, Offered: c.Offered, Text: c.text(x)}
		if c.Up {
			j.Direction = "up"
		}
		if c.Offered {
			j.Price, j.TaxRate = &c.Price, &c.Rate
		}
		list = append(list, j)
	}
	return list
}
