package rules

import (
	"context"
	"slices"
)

// Early is implemented by validators that have a say on the update callbacks too, once the tables have an answer. On
// validation every Validator is asked.
type Early interface {
	Validator
	// AsksOn reports whether Validate is wanted on a callback; always the same for the same callback.
	AsksOn(cb Callback) bool
}

// BodyReader is implemented by validators that look at Query.Body on validation.
type BodyReader interface {
	Validator
	ReadsBody()
}

// ReadsBody reports whether a validator looks at Query.Body: only then does the caller of Judge have to fill it, with
// bytes that are never written to again.
func (e *Engine) ReadsBody() bool {
	return slices.ContainsFunc(e.members, func(m *member) bool {
		_, reads := m.Impl.(BodyReader)
		return reads
	})
}

// validators asks those that speak on this callback, in order; the first that does not accept decides.
func (e *Engine) validators(ctx context.Context, q *Query) (Decision, error) {
	for _, m := range e.members {
		if m.validate == nil || q.Callback != Validation && (m.early == nil || !m.early.AsksOn(q.Callback)) {
			continue
		}
		d, err := ask(ctx, m, q, "", askValidate)
		if err != nil {
			d, err = e.fallback(ctx, m, HookValidate, err)
			if err != nil || d.Verdict != Accept {
				return d, err
			}
			continue
		}
		if d.Verdict != Accept {
			return e.byMember(m, d), nil
		}
	}
	return Decision{}, nil
}

// byMember completes a validator's decision: its text, and reasons that name it.
func (e *Engine) byMember(m *member, d Decision) Decision {
	if d.Verdict == Rejected {
		d.Reject, d.Location = d.Reject.complete(), ""
	} else {
		d.Reject = Reject{}
	}
	d.Reasons = slices.Clone(d.Reasons)
	if len(d.Reasons) == 0 {
		d.Reasons = []Reason{{Rule: m.Name}}
	}
	for i := range d.Reasons {
		if d.Reasons[i].Rule == "" {
			d.Reasons[i].Rule = m.Name
		}
	}
	d.Reasons = e.named(d.Reasons)
	return d
}

func askValidate(ctx context.Context, m *member, q *Query, _ string) (Decision, error) {
	d, err := m.validate.Validate(ctx, q)
	if err != nil {
		return Decision{}, err
	}
	return d, d.check()
}
