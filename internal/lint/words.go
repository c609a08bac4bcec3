package lint

import (
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// tellWords tells conditions that are always or never true behind the other words of the option.
func (r *reach) tellWords() {
	w, o := r.words, r.o
	for i := range o.Gates {
		if t := o.Gates[i].Term(table.WordNotTo); t != nil && !w.unknown && !w.gateMatters[i] {
			r.useless(t.ValueAt, "`not_to` keeps nobody out", "no address that the other words let in is in "+t.Value(),
				"take it away, or name the zone that is meant", "")
		}
	}
	if !w.unknown {
		r.tellWhen()
		r.tellUnless()
	}
	for i, holds := range w.surcharges {
		if !holds {
			r.useless(placeOf(o.Surcharges[i].When.Terms(), o.At), "nobody ever pays this supplement",
				"no order that the option lets in meets it", "compare it with "+r.gateWords(), "the supplement earns nothing")
		}
	}
	if !w.free {
		r.useless(placeOf(o.Free.When.Terms(), o.Free.At), "`free_from` never makes this option free",
			"no order that the option lets in meets it", "compare it with "+r.gateWords(), "every buyer pays")
	}
}

func (r *reach) useless(at diag.Place, message, label, help, note string) {
	f := r.r.Warnf(codeUseless, at, "%s", message)
	f.Label, f.Help = label, help
	if note != "" {
		f.Notes = []string{note}
	}
}

func (r *reach) tellWhen() {
	w, o := r.words, r.o
	for i, holds := range w.whenHolds {
		if !holds {
			r.useless(placeOf(o.When[i].Terms(), o.At), "this condition never holds", "no order that gets this far meets it",
				"compare it with the other words of the option", "")
		}
	}
	if len(o.When) > 0 && !w.whenMatters {
		r.useless(placeOf(o.When[0].Terms(), o.At), "`when` always holds", "every order that gets this far meets it",
			"take it away, or write the limit that is meant", "the option is offered as if `when` were not there")
	}
}

func (r *reach) tellUnless() {
	for i, holds := range r.words.unlessHolds {
		if !holds {
			r.useless(placeOf(r.o.Unless[i].Terms(), r.o.At), "`unless` keeps nobody out", "no order that gets this far meets it",
				"compare it with the other words of the option, or take it away", "")
		}
	}
}

// tellFree tells a free_from that every order reaches, or none.
func (r *reach) tellFree() {
	f := r.o.Free
	if f == nil || !f.HasTotal || !f.When.Empty() || r.o.Apart || r.unknown {
		return
	}
	for _, c := range r.currencies {
		limit, ok := lowestLimit(f.Total, c)
		least, most, seen := r.totals(c)
		if !ok || !seen {
			continue
		}
		switch {
		case least > -highest && least >= limit:
			w := r.r.Warnf(codeFree, f.At, "`%s` is always free in %s: it is offered from %s on, and free from %s", r.o.ID, c, moneyText(least, c), moneyText(limit, c))
			w.Label = "below the smallest order that gets the option"
			w.Help = "raise free_from, lower the limit of the option, or write price: 0.00"
			w.Notes = []string{"its price is never charged"}
		case most < limit:
			r.useless(f.At, "`free_from` is never reached in "+string(c), "the option is offered up to "+moneyText(most, c)+" only",
				"lower free_from, or take it away", "every buyer pays")
		}
	}
}

// lowestLimit is the lowest of all days on which the option is free; ok is false where there is none in the currency.
func lowestLimit(d table.Dated[table.MoneyList], c table.Currency) (limit int64, ok bool) {
	if len(d.From) > 0 {
		return 0, false
	}
	for _, m := range d.Values {
		if v, in := m.In(c); in {
			return int64(v), true
		}
	}
	return 0, false
}

// totals are the lowest and the highest value of goods with a price in a currency, over all price lists.
func (r *reach) totals(c table.Currency) (least, most int64, seen bool) {
	for _, l := range r.lists {
		low, ok := l.least[c]
		if !ok {
			continue
		}
		if !seen || low < least {
			least = low
		}
		if !seen || l.most[c] > most {
			most = l.most[c]
		}
		seen = true
	}
	return least, most, seen
}
