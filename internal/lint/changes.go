package lint

import (
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/tax"
)

// pastChanges is how long a change of a rate that is over should still be tested: sums of last year's orders are asked for.
const pastChanges = 365

// tellChanges tells changes of rates that tax.yaml names and that no test looks at from both sides.
func (l *linter) tellChanges() {
	for _, c := range l.book.Tax.RateChanges() {
		if c.At.File != rulebook.TaxFile || l.today-c.Day > pastChanges || l.tested(&c) {
			continue
		}
		f := l.r.Warnf(codeChange, c.At, "the rate of %s for `%s` changes on %s (%s to %s), untested", c.Place, c.Class, c.Day, rateText(c.From), rateText(c.To))
		f.Label = "no test asks before that day and from it on"
		f.Help = "add two cases `to: " + c.Place + " …` with `now` on " + (c.Day - 1).String() + " and " + c.Day.String()
		f.Notes = []string{"a slip in the day is tax charged wrongly on every such order until somebody notices"}
	}
}

// tested reports whether tests have asked for goods of the class before the day and from it on.
func (l *linter) tested(c *tax.RateChange) bool {
	before, after := false, false
	for _, a := range l.asked {
		for _, s := range a.goods {
			if strings.Contains(s.Text, ", "+c.Class+" in "+c.Place) {
				before, after = before || a.day < c.Day, after || a.day >= c.Day
			}
		}
	}
	return before && after
}

// rateText writes a rate: 25 %, 25.5 %.
func rateText(r order.Rate) string {
	const whole = 100
	text := strconv.FormatInt(int64(r/whole), 10)
	if rest := r % whole; rest != 0 {
		text += "." + strings.TrimRight(strconv.FormatInt(int64(whole+rest), 10)[1:], "0")
	}
	return text + " %"
}
