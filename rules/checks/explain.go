package checks

import (
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// words says in the words of the file what a check that held is about; nothing of the order is in it.
func (c *check) words() string {
	var parts []string
	if len(c.when) > 0 {
		parts = append(parts, "when")
	}
	if len(c.unless) > 0 {
		parts = append(parts, "unless")
	}
	if len(c.missing) > 0 {
		parts = append(parts, "missing "+names(c.missing))
	}
	for i := range c.matches {
		parts = append(parts, "matches "+string(c.matches[i].member))
	}
	if c.minAge > 0 {
		parts = append(parts, "min_age "+strconv.Itoa(c.minAge))
	}
	return strings.Join(parts, ", ")
}

func names(list []named) string {
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = string(list[i].member)
	}
	return strings.Join(texts, " or ")
}

// tell adds a sentence about a check to the story, where somebody asked for one.
func (s *state) tell(c *check, t table.Truth) {
	trace := s.q.Trace
	if trace == nil {
		return
	}
	text, at := "holds: "+c.words(), c.at
	switch t {
	case table.No:
		text, at = s.why(c)
	case table.Maybe:
		text = "only the postcode can tell, and it is not known"
	}
	trace.Checks = append(trace.Checks, rules.CheckTrace{ID: c.id, Callback: s.q.Callback, Holds: t == table.Yes,
		Step: rules.Step{Text: text, File: at.File, Line: at.Line, Col: at.Col}})
}

// why says what keeps a check from holding, in words that hold nothing of the buyer's.
func (s *state) why(c *check) (string, diag.Place) {
	if len(c.missing) > 0 && !s.missing(c) {
		if s.early && !s.parties.filled() {
			return "missing: the address has no street yet", c.missing[0].at
		}
		return "missing: " + names(c.missing) + " is there", c.missing[0].at
	}
	for i := range c.matches {
		if m := &c.matches[i]; s.fitting(m) < 0 {
			return "matches: " + string(m.member) + " fits no pattern", m.at
		}
	}
	if c.minAge > 0 && !s.young(c.minAge) {
		return "min_age: the customer is old enough, or the birth date may still come", c.ageAt
	}
	if t, _ := c.when.When(&s.facts); t == table.No {
		return s.conditions("when: ", c.when)
	}
	_, by := c.unless.Unless(&s.facts)
	terms := c.unless[by].Terms()
	words, at := make([]string, len(terms)), c.at
	for i := range terms {
		words[i] = terms[i].String()
	}
	if len(terms) > 0 {
		at = terms[0].Place
	}
	return "unless: " + strings.Join(words, ", "), at
}

func (s *state) conditions(word string, cs table.Conditions) (string, diag.Place) {
	text, at := cs[0].Explain(&s.facts)
	if len(cs) > 1 {
		text += ", and none of the others holds"
	}
	return word + text, at
}
