package rulestest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// watch looks over the cases of a file for what makes them worth less: facts left open, nothing expected, the same input.
type watch struct {
	r      *diag.Report
	looked map[look][]string // names of cases
	inputs map[string]*testCase
}

// look is a rule that looked at an open fact.
type look struct {
	fact, word string
	at         diag.Place
}

func newWatch(r *diag.Report) *watch {
	return &watch{r: r, looked: map[look][]string{}, inputs: map[string]*testCase{}}
}

// expectsNothing tells a case without expectations.
func (w *watch) expectsNothing(c *testCase) {
	f := w.r.Warnf(codeNothing, c.at, "this case expects nothing")
	f.Help = "say under `expect` what the answer should be: options, with, without, goods_tax, order_amount, freight or error"
	f.Notes = []string{"it fails only where the checkout would refuse the answer"}
}

// saw takes in one run.
func (w *watch) saw(c *testCase, r *run, out *outcome) {
	for _, word := range r.in.open.words() {
		step, ok := out.trace.Looked[word]
		if !ok {
			continue
		}
		l := look{factOf(word), word, diag.Place{File: step.File, Line: step.Line, Col: step.Col}}
		if word != "free_from" { // its place is that of its value
			l.at.EndCol = step.Col + len(word)
		}
		if names := w.looked[l]; !slices.Contains(names, c.name) {
			w.looked[l] = append(names, c.name)
		}
	}
	w.same(c, r, out)
}

// words are the condition words that look at an open fact.
func (o open) words() []string {
	var words []string
	if o.total {
		words = append(words, "min_total", "max_total", "free_from")
	}
	if o.weight {
		words = append(words, "min_weight", "max_weight", "max_item_weight")
	}
	if o.address {
		words = append(words, "to", "not_to")
	}
	return words
}

func factOf(word string) string {
	switch word {
	case "min_total", "max_total", "free_from":
		return "total"
	case "to", "not_to":
		return "address"
	default:
		return "weight"
	}
}

// same tells two cases with the same question. Tables about different options may ask the same.
func (w *watch) same(c *testCase, r *run, out *outcome) {
	if len(out.body) == 0 {
		return
	}
	option := ""
	if r.want.row != nil {
		option = r.want.row.id
	}
	key := fmt.Sprintf("%s|%d|%q|%q|%q", out.body, r.in.now.Unix(), r.in.group, r.in.coupons, option)
	first, seen := w.inputs[key]
	if !seen {
		w.inputs[key] = c
		return
	}
	f := w.r.Warnf(codeSame, r.at, "this asks the same as %s", caseName(c, first))
	f.Help = "expect both things in one case, or change what is asked"
	f.Cause = &diag.Cause{Place: first.at, Label: "asked here before"}
}

func caseName(c, first *testCase) string {
	if c == first {
		return "an earlier row or address of this case"
	}
	return fmt.Sprintf("the case %q", first.name)
}

// tell tells W601, sorted by place.
func (w *watch) tell() {
	looks := make([]look, 0, len(w.looked))
	for l := range w.looked {
		looks = append(looks, l)
	}
	slices.SortFunc(looks, func(a, b look) int {
		return cmp.Or(cmp.Compare(a.at.File, b.at.File), cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Col, b.at.Col),
			cmp.Compare(a.word, b.word))
	})
	for _, l := range looks {
		names := w.looked[l]
		f := w.r.Warnf(codeOpen, l.at, "`%s` looked at the %s, which %s", l.word, l.fact, leaveOpen(names))
		f.Help = "give the " + l.fact + " in the case: " + exampleOf(l.fact)
		f.Notes = []string{"left open by: " + strings.Join(names, "; ")}
	}
}

func leaveOpen(names []string) string {
	if len(names) == 1 {
		return "a test case leaves open"
	}
	return itoa(len(names)) + " test cases leave open"
}

func exampleOf(fact string) string {
	switch fact {
	case "total":
		return "cart: {total: 499.00}"
	case "address":
		return "to: SE 113 51"
	default:
		return "cart: {weight: 1 kg}, or a weight for each item"
	}
}

// placeText writes where a line stands.
func placeText(s rules.Step) string {
	text := s.File
	if s.Line > 0 {
		text += ":" + itoa(s.Line)
	}
	if s.Col > 0 {
		text += ":" + itoa(s.Col)
	}
	return text
}
