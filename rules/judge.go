package rules

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Judge answers validation: the order as it stands against what the tables say under this engine and the earlier
// ones, now and at any instant of the last grace. Its arithmetic must have been checked by the caller. An error
// means that we failed; it is ErrDeadline where ctx ended first and no fallback served. q is not changed, except
// that q.Trace is filled.
//
// From top to bottom: facts, once; what this engine says now; if the order does not match it, what it said within
// grace, then what the earlier engines said, in the order given; validators, the first that does not accept
// decides. A denial tells what this engine says now. Earlier engines are asked for tax and shipping only, with the
// facts of this one. Where the order passed, the reasons name what it matched.
func (e *Engine) Judge(ctx context.Context, q *Query, earlier []*Engine, grace time.Duration) (Decision, error) {
	if ctx.Err() != nil {
		return Decision{}, cutOff(ctx)
	}
	own := *q
	d, err := e.gather(ctx, &own)
	if err != nil || d.Verdict != Accept {
		return d, err
	}
	asked := own // before the lines are replaced
	out, err := e.plan(ctx, &own)
	if err != nil || out.failed {
		return out.decision, err
	}
	if out.lacking && own.Destination.Postcode == "" {
		return e.reject(Reject{Kind: AddressError, TextKey: TextPostcode},
			Reason{Rule: "postcode", Detail: "the tables need a postcode and there is none"}, out.reasons...), nil
	}
	passed := Reason{Rule: "tables", Revision: e.o.Revision, Detail: "matches"}
	if differs := e.compare(&own, &out); differs != (Reason{}) {
		found, err := e.before(ctx, &asked, earlier, grace)
		if err != nil {
			return Decision{}, err
		}
		if found.rule == (Reason{}) {
			return e.deny(&out, differs), nil
		}
		passed, own.Lines = found.rule, found.query.Lines
	}
	return e.approve(ctx, &own, passed)
}

// deny is the decision about an order that matches nothing. Where the tables themselves refuse the destination,
// that is what the buyer is told; anything else has changed since, and may go to the page for denials.
func (e *Engine) deny(out *outcome, differs Reason) Decision {
	if out.decision.Verdict != Accept {
		return out.decision
	}
	if e.o.DenyURL != "" {
		return e.redirect(e.o.DenyURL, differs, out.reasons...)
	}
	return e.reject(Reject{Kind: ApprovalFailed, TextKey: TextChanged}, differs, out.reasons...)
}

// match is what an order matched.
type match struct {
	rule  Reason // zero: nothing
	query Query
}

// before looks for an engine and an instant of the last grace that the order matches, one after the other.
func (e *Engine) before(ctx context.Context, q *Query, earlier []*Engine, grace time.Duration) (match, error) {
	for i, x := range append([]*Engine{e}, earlier...) {
		if x == nil {
			continue
		}
		for _, at := range x.instants(q.Now, grace, i > 0) {
			if ctx.Err() != nil {
				return match{}, cutOff(ctx)
			}
			ask := *q
			if i > 0 {
				ask = *x.Query(q.Callback, q.Order, q.Now)
				ask.Facts = q.Facts
			}
			ask.Now, ask.Trace = at.In(x.o.Location), nil
			out, err := x.plan(ctx, &ask)
			switch {
			case errors.Is(err, ErrDeadline):
				return match{}, err
			case err != nil: // of one among many: the order may still match another
				e.tellFailure(x, err)
				continue
			}
			if out.plan != nil && x.compare(&ask, &out) == (Reason{}) {
				return match{rule: x.graceful(ask.Now), query: ask}, nil
			}
		}
	}
	return match{}, nil
}

func (e *Engine) graceful(at time.Time) Reason {
	return Reason{Rule: "grace", Revision: e.o.Revision, Detail: "matches the tables as of " + at.Format(time.RFC3339)}
}

// instants are the times within grace whose answers can differ, the latest first: now (only where wanted), each
// change of a Dated member and the beginning. Where nothing changes, now is like all of them.
func (e *Engine) instants(now time.Time, grace time.Duration, withNow bool) []time.Time {
	from := now.Add(-max(grace, 0))
	var changes []time.Time
	for _, m := range e.members {
		if m.dated == nil || grace <= 0 {
			continue
		}
		for _, t := range e.changes(m, from, now) {
			if t.After(from) && !t.After(now) {
				changes = append(changes, t)
			}
		}
	}
	if len(changes) > 0 {
		changes = append(changes, from)
	}
	if withNow {
		changes = append(changes, now)
	}
	slices.SortFunc(changes, func(a, b time.Time) int { return b.Compare(a) })
	return slices.CompactFunc(changes, time.Time.Equal)
}

// changes asks a Dated member. One that panics is told and counts as one whose answer does not depend on the clock.
func (e *Engine) changes(m *member, from, to time.Time) (instants []time.Time) {
	defer func() {
		if v := recover(); v != nil {
			e.tell(m, "Dated", newPanic(v), FallbackSkip)
			instants = nil
		}
	}()
	instants = m.dated.Changes(from, to)
	return instants[:min(len(instants), maxChanges)]
}

// maxChanges bounds the instants that one member can make Judge look at.
const maxChanges = 100

// tellFailure tells an error that costs nothing but a comparison.
func (e *Engine) tellFailure(of *Engine, err error) {
	m, hook := of.tax, HookTax
	if f, ok := errors.AsType[*failure](err); ok {
		m, hook, err = f.member, f.hook, f.cause
	}
	e.tell(m, hook, err, FallbackSkip)
}

// approve asks the validators.
func (e *Engine) approve(ctx context.Context, q *Query, passed Reason) (Decision, error) {
	d, err := e.validators(ctx, q)
	if err == nil && d.Verdict == Accept {
		d.Reasons = []Reason{passed}
	}
	return d, err
}
