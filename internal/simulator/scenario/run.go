package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/internal/simulator"
)

// World is what scenarios are played in.
type World struct {
	Sim      *simulator.Simulator
	URLs     map[string]string                                         // merchant_urls of the service under test
	Patience time.Duration                                             // real time that a wait takes at most
	Switch   func(ctx context.Context, up bool) error                  // stops and starts the service; nil: it was not started here
	Record   func(ctx context.Context, order string) (Record, error)   // how the service has an order; nil: it cannot be asked
	Events   func(order string) int                                    // how often an order was handed over; nil: not known
	Explain  func(ctx context.Context, e *simulator.Exchange) []string // why an answer came out so; nil: nobody knows
}

// Record is how the service under test has an order.
type Record struct {
	State string // PENDING, HANDED, ACKED, PARKED; "": it does not have it
	Done  bool
}

// play is one scenario under way.
type play struct {
	ctx     context.Context
	w       *World
	x       *simulator.Session
	seen    int64                 // Seq of the last exchange before the step
	fresh   []*simulator.Exchange // of the step
	view    simulator.View        // after the step
	blocked error                 // why the step could not be done
}

var errNoRecord = errors.New("how the service has an order is not known: it was not started here")

func (p *play) record(ctx context.Context) (Record, error) {
	if p.w.Record == nil {
		return Record{}, errNoRecord
	}
	return p.w.Record(ctx, p.x.ID())
}

// Run plays the scenarios of a file, one after the other. It fails only where ctx ends.
func Run(ctx context.Context, w *World, f *File) (*Result, error) {
	res := &Result{File: f.Name}
	for i := range f.Scenarios {
		c := w.run(ctx, &f.Scenarios[i])
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		res.Cases = append(res.Cases, c)
	}
	return res, nil
}

// run plays one scenario up to the first step that fails.
func (w *World) run(ctx context.Context, s *Scenario) Case {
	c := Case{Name: s.Name, Line: s.At.Line, Steps: len(s.steps)}
	x, err := w.Sim.Start(s.cart, w.URLs)
	if err != nil {
		c.Failures = []Failure{{Line: s.At.Line, Label: "cart", What: "step", Wanted: "an order", Got: err.Error()}}
		return c
	}
	defer w.Sim.Provider().ClearFaults()
	p := &play{ctx: ctx, w: w, x: x}
	for i := range s.steps {
		c.Played++
		c.Failures = p.step(ctx, i+1, &s.steps[i], &c.Checks)
		if len(c.Failures) > 0 {
			break
		}
	}
	return c
}

// step plays one step and looks whether what it expects holds.
func (p *play) step(ctx context.Context, n int, st *step, checks *int) []Failure {
	if st.do != nil {
		p.blocked = st.do.do(ctx, p)
		p.fresh = p.w.Sim.Exchanges(p.x.ID(), p.seen)
		if len(p.fresh) > 0 {
			p.seen = p.fresh[len(p.fresh)-1].Seq
		}
	}
	p.view = p.x.View()
	var fails []Failure
	if p.blocked != nil && !expectsBlocked(st) {
		fails = append(fails, Failure{Line: st.at.Line, What: "step", Wanted: "done", Got: p.blocked.Error()})
		return p.explained(ctx, n, st, fails)
	}
	for i := range st.expect {
		e := &st.expect[i]
		*checks++
		if wanted, got, ok := e.check(p); !ok {
			fails = append(fails, Failure{Line: e.at.Line, What: e.what, Wanted: wanted, Got: got})
		}
	}
	return p.explained(ctx, n, st, fails)
}

func expectsBlocked(st *step) bool {
	for i := range st.expect {
		if st.expect[i].what == "blocked" {
			return true
		}
	}
	return false
}

// explained says of failures what step it was and why.
func (p *play) explained(ctx context.Context, n int, st *step, fails []Failure) []Failure {
	if len(fails) == 0 {
		return nil
	}
	var why []string
	if p.blocked != nil && expectsBlocked(st) {
		why = append(why, "the step was not done: "+p.blocked.Error())
	}
	for _, e := range p.fresh {
		why = append(why, story(e)...)
	}
	if n := len(p.fresh); n > 0 && p.w.Explain != nil { // the last answer is what the expectations are about
		why = append(why, p.w.Explain(ctx, p.fresh[n-1])...)
	}
	for i := range fails {
		fails[i].Step, fails[i].Label, fails[i].Why = n, st.label, why
	}
	return fails
}

// story tells an exchange in a few lines.
func story(e *simulator.Exchange) []string {
	answered := fmt.Sprintf("answered %d", e.Status)
	if e.Status == 0 {
		answered = "got no answer"
	}
	if e.Repeat > 0 {
		answered = "repeated after 3-D Secure, " + answered
	}
	lines := []string{fmt.Sprintf("%s %s in %v of %v: %s", e.Callback, answered, e.Took.Round(100*time.Microsecond), e.Deadline, e.Verdict.Why)}
	if e.Trouble != "" {
		lines = append(lines, "  "+e.Trouble)
	}
	if e.Verdict.ErrorType != "" || e.Verdict.ErrorText != "" {
		lines = append(lines, "  "+e.Verdict.ErrorType+": "+e.Verdict.ErrorText)
	}
	for _, f := range e.Verdict.Faults {
		lines = append(lines, "  "+f.String())
	}
	for _, n := range e.Verdict.Notes {
		lines = append(lines, "  note: "+n)
	}
	return lines
}
