package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/internal/faults"
	"github.com/kvitto/kvitto/internal/simulator"
)

// World is what scenarios are played in. Where the service was not started here, Local and the functions about it are nil.
type World struct {
	Sim      *simulator.Simulator
	URLs     map[string]string                                         // merchant_urls of the service under test
	Patience time.Duration                                             // real time that a wait takes at most
	Local    Local                                                     // what can be done to a service that was started here
	Record   func(ctx context.Context, order string) (Record, error)   // how the service has an order; nil: it cannot be asked
	Events   func(order string) int                                    // how often an order was handed over; nil: not known
	Explain  func(ctx context.Context, e *simulator.Exchange) []string // why an answer came out so; nil: nobody knows
}

// Local is a service that was started here, and what is played around it.
type Local interface {
	// Plug stops the service, or starts it again.
	Plug(ctx context.Context, up bool) error
	// Reload gives it the rulebook of a folder.
	Reload(ctx context.Context, dir string) error
	// Pass lets time pass for it and for the provider.
	Pass(d time.Duration) error
	// Quote prices a draft order for the shop.
	Quote(ctx context.Context, draft []byte) ([]byte, error)
	// Ensure asks where an order stands, as the shop's confirmation page does.
	Ensure(ctx context.Context, order string) error
	// Office does what a person can do with an order: Release or Reconcile.
	Office(ctx context.Context, what, order string) error
	// Shop says how the server of shop_check answers from now on. It is called only for a file with Plays.Shop.
	Shop(a ShopAnswer)
	// Sink says what goes wrong where orders are handed to; none: nothing. It is called only for a file with Plays.Sink.
	Sink(list ...faults.Fault) error
}

// What Local.Office does.
const (
	Release   = "release"
	Reconcile = "reconcile"
)

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
	plays   Plays
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
		c := w.run(ctx, &f.Scenarios[i], f.Plays)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		res.Cases = append(res.Cases, c)
	}
	return res, nil
}

// run plays one scenario up to the first step that fails.
func (w *World) run(ctx context.Context, s *Scenario, plays Plays) Case {
	c := Case{Name: s.Name, Line: s.At.Line, Steps: len(s.steps)}
	x, err := w.start(ctx, s)
	if err != nil {
		c.Failures = []Failure{{Line: s.At.Line, Label: "cart", What: "step", Wanted: "an order", Got: err.Error()}}
		return c
	}
	p := &play{ctx: ctx, w: w, x: x, plays: plays}
	defer p.calm()
	for i := range s.steps {
		c.Played++
		c.Failures = p.step(ctx, i+1, &s.steps[i], &c.Checks)
		if len(c.Failures) > 0 {
			break
		}
	}
	return c
}

// start creates the order, quoted before where the scenario says so.
func (w *World) start(ctx context.Context, s *Scenario) (*simulator.Session, error) {
	cart := s.cart
	if s.quote {
		if w.Local == nil {
			return nil, errNotLocal
		}
		var err error
		if cart, err = w.Local.Quote(ctx, cart); err != nil {
			return nil, fmt.Errorf("quote: %w", err)
		}
	}
	return w.Sim.Start(cart, w.URLs)
}

// calm ends everything that goes wrong.
func (p *play) calm() {
	p.w.Sim.Provider().ClearFaults()
	if p.plays.Shop && p.w.Local != nil {
		p.w.Local.Shop(ShopAnswer{})
	}
	if p.plays.Sink && p.w.Local != nil {
		_ = p.w.Local.Sink() // no fault is none that could be refused
	}
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
