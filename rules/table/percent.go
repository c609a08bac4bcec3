package table

import "github.com/kvitto/kvitto/rules/diag"

// Percent in 1/10 000 %: 25 % is 250 000. VAT has at most two decimals, sales tax four.
type Percent int64

// onePercent is 1 %, percentDecimals how many decimals a Percent can hold.
const (
	onePercent      Percent = 10_000
	percentDecimals int     = 4
)

// Percent parses "25", "25%", "25.5 %" with at most decimals decimals (0 to 4) and at most 100 %.
func (s *Scope) Percent(n *diag.Node, decimals int) (Percent, bool) {
	w, ok := s.scalar(n, "a per cent", "25% or 25.5 %")
	if !ok {
		return 0, false
	}
	return s.percent(w, decimals)
}

// PercentText parses the text of a cell at a place.
func (s *Scope) PercentText(text string, decimals int, at diag.Place) (Percent, bool) {
	return s.percent(rawText(text, at), decimals)
}

func (s *Scope) percent(w raw, decimals int) (Percent, bool) {
	q, ok := s.quantity(w, "a per cent", "25% or 25.5 %")
	if !ok {
		return 0, false
	}
	if q.unit.text != "" && q.unit.text != "%" {
		s.tellFix("E102", q.unit, "%", "`%s` is not a unit of a per cent", q.unit.text)
		return 0, false
	}
	if decimals = min(decimals, percentDecimals); q.num.scale > decimals {
		s.tell("E111", q.text, "write at most "+plural(int64(decimals), "decimal"), "`%s` has %s; the tax here can carry %d",
			q.text.text, plural(int64(q.num.scale), "decimal"), decimals)
		return 0, false
	}
	v, ok := q.num.times(int64(onePercent))
	if !ok || Percent(v) > 100*onePercent {
		s.tell("E110", q.text, "write a number from 0 to 100", "`%s` per cent is over 100", q.text.text)
		return 0, false
	}
	return Percent(v), true
}

// String writes the per cent without trailing zeros: "25 %", "8.875 %".
func (p Percent) String() string { return fixed(int64(p), percentDecimals, 0) + " %" }
