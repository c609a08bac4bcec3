package table

import "github.com/kvitto/kvitto/rules/diag"

// Count parses "3".
func (s *Scope) Count(n *diag.Node) (int64, bool) {
	w, ok := s.scalar(n, "a number", "3")
	if !ok {
		return 0, false
	}
	return s.count(w)
}

func (s *Scope) count(w raw) (int64, bool) {
	q, ok := s.quantity(w, "a whole number", "3")
	if !ok {
		return 0, false
	}
	if q.unit.text != "" {
		s.tell("E119", w, "write "+q.text.text, "`%s` is not a whole number", w.text)
		return 0, false
	}
	if q.num.scale > 0 {
		s.tell("E119", w, "write it without decimals", "`%s` is not a whole number", w.text)
		return 0, false
	}
	return q.num.mant, true
}

// CountRange parses "3" or "1 to 3"; both ends are included.
func (s *Scope) CountRange(n *diag.Node) (from, to int64, ok bool) {
	w, ok := s.scalar(n, "a number or a range", "1 to 3")
	if !ok {
		return 0, 0, false
	}
	if numberEnd(w.text) == len(w.text) || w.text[0] == '-' {
		from, ok = s.count(w)
		return from, from, ok
	}
	a, b, ok := s.ends(w, "1 to 3")
	if !ok {
		return 0, 0, false
	}
	from, okFrom := s.count(a)
	to, okTo := s.count(b)
	if okFrom && okTo && from > to {
		s.tellFix("E114", w, b.text+" to "+a.text, "`%s` is written from the larger to the smaller", w.text)
		return 0, 0, false
	}
	return from, to, okFrom && okTo
}

// YesNo parses yes, no, true, false.
func (s *Scope) YesNo(n *diag.Node) (yes, ok bool) {
	w, ok := s.scalar(n, "yes or no", "yes")
	if !ok {
		return false, false
	}
	switch w.text {
	case "yes", "true":
		return true, true
	case "no", "false":
		return false, true
	}
	s.tellWord("E117", w, []string{"yes", "no"}, "`%s` is neither yes nor no", w.text)
	return false, false
}
