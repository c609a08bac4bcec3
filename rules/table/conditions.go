package table

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Facts is what conditions look at; one per request and file, reused through a pool by its owner. Day, Clock and Weekday are
// those of Query.Now in the file's time zone, see DateOf. To ask about some of the goods, let Cart point to a part of them.
type Facts struct {
	Query    *rules.Query
	Zones    *Zones
	Where    Where
	Cart     *Cart
	Currency Currency
	Day      Date
	Clock    Clock
	Weekday  uint8        // time.Weekday
	Method   string       // of the chosen option, for fees
	Taxable  order.Amount // goods taxable at this place, after discounts, for fees
}

// Truth of a condition: Maybe only where the postcode is not known yet.
type Truth uint8

// The three truths, ordered so that AND is the minimum and OR the maximum.
const (
	No Truth = iota
	Maybe
	Yes
)

// Not returns the negation.
func (t Truth) Not() Truth { return Yes - t }

// Term is one compiled word with its value; which members are filled follows from Word.
type Term struct {
	Word    Word
	Days    uint8      // days: bit i is time.Weekday(i)
	Window  Window     // time
	Limit   int64      // weights in µg, lengths in µm, items in pieces, from and until as Date
	Classes ClassSet   // class, only_class, no_class
	Zones   []ZoneID   // to, not_to
	Names   []string   // customer, group, coupon, tag, currency, language, method; one of them must hold
	Money   MoneyList  // min_total, max_total, min_taxable
	Size    Size       // max_item_size
	Labels  []string   // the names of Zones or Classes, for messages
	Place   diag.Place // of the word, or of the cell
	ValueAt diag.Place // of the value

	whole []string // countries that Zones cover together
}

// Condition is a compiled AND of words. The zero value always holds.
type Condition struct{ terms []Term }

// Conditions is a compiled when or unless: OR over its members. Empty holds always (when) or never (unless).
type Conditions []Condition

// And returns the condition that asks c and then d.
func (c Condition) And(d Condition) Condition {
	return Condition{append(append(make([]Term, 0, len(c.terms)+len(d.terms)), c.terms...), d.terms...)}
}

// Terms returns the words in file order, for those who analyse a rulebook; they must not be changed.
func (c *Condition) Terms() []Term { return c.terms }

// Empty reports whether there is no word in c.
func (c *Condition) Empty() bool { return len(c.terms) == 0 }

// Term returns the term of a word, nil where it is not in c.
func (c *Condition) Term(w Word) *Term {
	for i := range c.terms {
		if c.terms[i].Word == w {
			return &c.terms[i]
		}
	}
	return nil
}

// Holds evaluates c over the goods in f.Cart: No as soon as a word does not hold, else Maybe if a word needs the postcode that
// is not known. It allocates nothing, but where f.Query.Trace is set: then it records the words it looked at.
func (c *Condition) Holds(f *Facts) Truth {
	t := Yes
	for i := range c.terms {
		term := &c.terms[i]
		if f.Query.Trace != nil {
			f.Look(term.Word.String(), term.Place)
		}
		if t = min(t, term.holds(f)); t == No {
			return No
		}
	}
	return t
}

// TermHolds evaluates one of Terms, for those who analyse a rulebook.
func (c *Condition) TermHolds(i int, f *Facts) Truth { return c.terms[i].holds(f) }

// Any is the OR over cs; why is the index of the member that decided, -1 for No. Over nothing it is No.
func (cs Conditions) Any(f *Facts) (t Truth, why int) {
	t, why = No, -1
	for i := range cs {
		switch cs[i].Holds(f) {
		case Yes:
			return Yes, i
		case Maybe:
			if t == No {
				t, why = Maybe, i
			}
		}
	}
	return t, why
}

// When is Any, but that it holds where there are no conditions.
func (cs Conditions) When(f *Facts) (t Truth, why int) {
	if len(cs) == 0 {
		return Yes, -1
	}
	return cs.Any(f)
}

// Unless is the negation of Any; why is the member that keeps it from holding.
func (cs Conditions) Unless(f *Facts) (t Truth, why int) {
	t, why = cs.Any(f)
	return t.Not(), why
}

// Look records in f.Query.Trace, if there is one, that a rule looked at a fact: a condition word or another word of the
// file such as free_from. The first place is kept.
func (f *Facts) Look(word string, at diag.Place) {
	trace := f.Query.Trace
	if trace == nil {
		return
	}
	if trace.Looked == nil {
		trace.Looked = map[string]rules.Step{}
	}
	if _, seen := trace.Looked[word]; !seen {
		trace.Looked[word] = rules.Step{Text: word, File: at.File, Line: at.Line, Col: at.Col}
	}
}
