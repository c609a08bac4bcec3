package rules

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Verdict is the kind of a Decision.
type Verdict uint8

const (
	// Accept lets the order pass.
	Accept Verdict = iota
	// Rejected shows a text in the checkout.
	Rejected
	// Redirected sends the buyer to a page of the shop.
	Redirected
)

// RejectKind is an error_type of the contract.
type RejectKind string

// The three kinds the provider knows.
const (
	UnsupportedShippingAddress RejectKind = "unsupported_shipping_address"
	AddressError               RejectKind = "address_error"
	ApprovalFailed             RejectKind = "approval_failed"
)

// Keys of the configured texts that the engine's own refusals use.
const (
	TextFault       = "fault"       // we or a plug-in failed
	TextUnsupported = "unsupported" // nothing can be sent there
	TextPostcode    = "postcode"    // the postcode is missing
	TextChanged     = "changed"     // price or option are not what the tables say any more
)

// Reject is what a buyer is told. Text is in the order's language; empty: the configured text of TextKey.
type Reject struct {
	Kind    RejectKind
	Text    string
	TextKey string // key into the configured texts, e.g. "fault", "unsupported", "postcode", "changed"
}

// Reason says which rule led to a decision. It holds no text of the order.
type Reason struct {
	Rule     string // e.g. "no_option", "arithmetic", "shipping_line", a plug-in's name
	File     string // table file, may be empty
	Line     int
	Revision string
	Detail   string
}

// Decision is the outcome of a question. The zero value accepts.
type Decision struct {
	Verdict  Verdict
	Reject   Reject // of Rejected
	Location string // of Redirected: absolute https URL from the configuration
	Reasons  []Reason
}

// reject makes a decision of the engine itself.
func (e *Engine) reject(say Reject, why Reason, more ...Reason) Decision {
	return Decision{Verdict: Rejected, Reject: say.complete(), Reasons: e.named(slices.Concat([]Reason{why}, more))}
}

// redirect sends the buyer to a configured page.
func (e *Engine) redirect(to string, why Reason, more ...Reason) Decision {
	return Decision{Verdict: Redirected, Location: to, Reasons: e.named(slices.Concat([]Reason{why}, more))}
}

// named fills in the revision of reasons that lack it; the slice must be the caller's own.
func (e *Engine) named(reasons []Reason) []Reason {
	for i := range reasons {
		if reasons[i].Revision == "" {
			reasons[i].Revision = e.o.Revision
		}
	}
	return reasons
}

// known reports whether it is one of the three.
func (k RejectKind) known() bool {
	return k == UnsupportedShippingAddress || k == AddressError || k == ApprovalFailed
}

// complete returns a reject that a buyer can be told: with a kind of the contract and a text or a key to one.
func (r Reject) complete() Reject {
	if !r.Kind.known() {
		r.Kind = UnsupportedShippingAddress
	}
	if r.Text == "" && r.TextKey == "" {
		r.TextKey = TextFault
		if r.Kind == UnsupportedShippingAddress {
			r.TextKey = TextUnsupported
		}
	}
	return r
}

// check tells what cannot be sent about a validator's decision.
func (d *Decision) check() error {
	switch d.Verdict {
	case Accept:
		return nil
	case Rejected:
		if !d.Reject.Kind.known() {
			return fmt.Errorf("%w: reject of an unknown kind", ErrNonsense)
		}
		return nil
	case Redirected:
		if !secureURL(d.Location) {
			return fmt.Errorf("%w: redirect to what is no absolute https URL", ErrNonsense)
		}
		return nil
	default:
		return fmt.Errorf("%w: verdict %d", ErrNonsense, d.Verdict)
	}
}

// fallback is what a member's failure counts as: an error where we failed (a table, or the whole callback was cut
// off and nothing may be skipped), else the declared policy, which is told. The zero Decision skips the member.
func (e *Engine) fallback(ctx context.Context, m *member, hook string, cause error) (Decision, error) {
	if m.Inline {
		if ctx.Err() != nil && errors.Is(cause, ctx.Err()) {
			return Decision{}, cutOff(ctx)
		}
		return Decision{}, &failure{m, hook, cause}
	}
	if errors.Is(cause, context.Canceled) && ctx.Err() != nil { // nobody waits for the answer any more
		return Decision{}, cause
	}
	if m.OnFault == FaultSkip {
		e.tell(m, hook, cause, FallbackSkip)
		return Decision{}, nil
	}
	e.tell(m, hook, cause, FallbackDeny)
	if errors.Is(cause, ErrDeadline) {
		return Decision{}, &failure{m, hook, cause}
	}
	return e.reject(Reject{Kind: ApprovalFailed, TextKey: TextFault}, Reason{Rule: m.Name, Detail: hook + " " + why(cause)}), nil
}
