package rulestest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules"
)

// ExplainedCheck is the story of one check on one callback.
type ExplainedCheck struct {
	ID       string
	Callback rules.Callback
	Holds    bool
	Step     rules.Step
}

// ExplainedStop is what keeps the buyer from buying, and on which callback.
type ExplainedStop struct {
	Callback rules.Callback
	ExplainedRefusal
}

// checks tells the checks on the buyer's whole way, and what stops them first.
func (x *Explanation) checks(out *outcome) {
	for _, c := range out.trace.Checks {
		x.Checks = append(x.Checks, ExplainedCheck(c))
	}
	if out.stopsOn == "" {
		return
	}
	d := &out.bought
	x.Stop = &ExplainedStop{Callback: out.stopsOn, ExplainedRefusal: ExplainedRefusal{Text: d.Reject.Text, Location: d.Location, Reasons: stepsOf(d)}}
	if d.Verdict == rules.Rejected {
		x.Stop.Error = string(d.Reject.Kind)
	}
}

// checksText writes a line for each check, and what stops the buyer unless that is the answer itself.
func (x *Explanation) checksText(s *strings.Builder) {
	width, on, text := 0, 0, 0
	for _, c := range x.Checks {
		width, on, text = max(width, len(c.ID)), max(on, len(c.Callback)), max(text, utf8.RuneCountInString(c.Step.Text))
	}
	for _, c := range x.Checks {
		mark := "✓"
		if c.Holds {
			mark = "✗"
		}
		fmt.Fprintf(s, "Check    %s %s   %s   %s   %s\n", mark, padded(c.ID, width), padded(string(c.Callback), on), padded(c.Step.Text, text), placeText(c.Step))
	}
	if x.Stop != nil && x.Refusal == nil {
		fmt.Fprintf(s, "Stopped  on %s\n", x.Stop.Callback)
		x.Stop.text(s)
	}
}

type jsonCheck struct {
	ID       string   `json:"id"`
	Callback string   `json:"callback"`
	Holds    bool     `json:"holds"`
	Step     jsonStep `json:"step"`
}

type jsonStop struct {
	Callback string `json:"callback"`
	jsonRefusal
}

func (x *Explanation) checksJSON() (list []jsonCheck, stop *jsonStop) {
	for _, c := range x.Checks {
		list = append(list, jsonCheck{c.ID, string(c.Callback), c.Holds, jsonSteps([]rules.Step{c.Step})[0]})
	}
	if r := x.Stop; r != nil {
		stop = &jsonStop{string(r.Callback), jsonRefusal{r.Error, r.Text, r.Location, jsonSteps(r.Reasons)}}
	}
	return list, stop
}
