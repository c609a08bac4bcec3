package callbacks

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// retryAfter is what is told, in seconds, where an order cannot be recorded now.
const retryAfter = "60"

const (
	approval     = "{}"
	notFoundText = "404 page not found\n"
)

// decode reads the body and decodes it.
func (x *exchange) decode(decode func([]byte, order.Limits) (*order.Order, error)) (*order.Order, error) {
	if err := checkHeaders(x.r.Header); err != nil {
		return nil, err
	}
	if err := x.readBody(x.s.o.BodyLimit); err != nil {
		return nil, err
	}
	if err := x.bodyRead(); err != nil {
		return nil, err
	}
	o, err := decode(x.body, x.s.orderLimits)
	if err != nil {
		return nil, x.s.decodeRefusal(err)
	}
	x.language, x.order = languageOf(o.Locale), o
	return o, nil
}

// encode answers 200 with a cart.
func (x *exchange) encode(a *order.Answer) error {
	out, err := a.AppendJSON(x.out[:0])
	if err != nil {
		return &fault{class: classEncode, cause: err}
	}
	x.out, x.outcome = out, outcomePriced
	x.send(http.StatusOK, mediaJSON, x.out)
	return nil
}

// decided answers what the rules decided.
func (x *exchange) decided(d rules.Decision, err error) error {
	if err != nil {
		return err
	}
	x.because(d.Reasons)
	switch d.Verdict {
	case rules.Accept:
		x.outcome = outcomeApproved
		x.approve()
	case rules.Rejected:
		x.outcome = outcomeRejected
		x.reject(d.Reject.Kind, x.texts().of(d.Reject, x.language))
	case rules.Redirected:
		return x.redirect(d.Location)
	default:
		return &fault{class: classEngine, cause: errVerdict}
	}
	return nil
}

// because takes the rule that decided, and the first place in the tables that is named with it.
func (x *exchange) because(reasons []rules.Reason) {
	for i, r := range reasons {
		if i == 0 {
			x.rule, x.detail = r.Rule, r.Detail
		}
		if x.file == "" && r.File != "" {
			x.file, x.line = r.File, r.Line
		}
	}
}

var (
	errVerdict  = errors.New("the rules decided neither to accept nor to reject nor to redirect")
	errLocation = errors.New("the rules redirect to what is no absolute https URL")
)

// redirect sends the buyer to a page of the shop; only an absolute https URL of a decision gets here.
func (x *exchange) redirect(location string) error {
	u, err := url.Parse(location)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return &fault{class: classLocation, cause: errLocation}
	}
	x.outcome = outcomeRedirected
	x.w.Header()["Location"] = []string{u.String()}
	x.send(http.StatusSeeOther, mediaNone, x.out[:0])
	return nil
}

// reject answers 400 with a text for the buyer.
func (x *exchange) reject(kind rules.RejectKind, text string) {
	switch kind {
	case rules.UnsupportedShippingAddress, rules.AddressError, rules.ApprovalFailed:
	default:
		kind = rules.ApprovalFailed
	}
	x.out = append(x.out[:0], `{"error_type":"`...)
	x.out = append(x.out, kind...)
	x.out = append(x.out, `","error_text":`...)
	x.out = appendString(x.out, text)
	x.out = append(x.out, '}')
	x.send(http.StatusBadRequest, mediaJSON, x.out)
}

// appendString appends a JSON string; what is not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst, err := jsontext.AppendQuote(dst, s)
	_ = err // only ever that s is not UTF-8, and dst is complete then too
	return dst
}

// ignored answers 200 to a notification that asks for nothing.
func (x *exchange) ignored() {
	x.outcome = outcomeIgnored
	x.send(http.StatusOK, mediaJSON, append(x.out[:0], approval...))
}

// notFound is the one answer to everything that is not a callback with a good token.
func (x *exchange) notFound(c class) {
	x.outcome, x.class = outcomeNotFound, c
	x.send(http.StatusNotFound, mediaText, append(x.out[:0], notFoundText...))
}

// fail turns an error into an answer; this is the only place that does.
func (x *exchange) fail(err error) {
	var (
		r *refusal
		g *gateFault
		f *fault
	)
	switch {
	case errors.As(err, &r):
		x.refuse(r)
	case errors.As(err, &g):
		x.outcome, x.class, x.violations = outcomeGate, classGate, g.violations
		x.undecided()
	case errors.Is(err, pricing.ErrTooManyLines):
		x.refuse(refuse(classTooManyLines))
	case errors.Is(err, pricing.ErrNegative):
		x.refuse(refuse(classNegative))
	case errors.As(err, &f):
		x.outcome, x.class, x.cause = outcomeFault, f.class, causeText(f.cause)
		x.undecided()
	default:
		x.failed(err)
		x.undecided()
	}
}

// failed sorts what an engine or the arithmetic said: a client that left, a deadline, a panic, or a failure. The text
// of a failure goes to the log; it comes from tables and from this program, because what a plug-in says arrives here as
// a Decision.
func (x *exchange) failed(err error) {
	var p *rules.PanicError
	switch {
	case x.r.Context().Err() != nil:
		x.outcome, x.class = outcomeGone, classGone
	case errors.Is(err, rules.ErrDeadline), errors.Is(err, context.DeadlineExceeded):
		x.outcome, x.class = outcomeDeadline, classDeadline
	case errors.As(err, &p):
		x.outcome, x.class, x.panic, x.stack = outcomePanic, classPanic, p.What, stackLines(p.Stack)
	case errors.Is(err, pricing.ErrOverflow):
		x.outcome, x.class, x.cause = outcomeFault, classOverflow, err.Error()
	default:
		x.outcome, x.class, x.cause = outcomeFault, classEngine, err.Error()
	}
}

// undecided answers where we failed: the merchant's default on validation, as soon as the sums are known to be right;
// else 400 with the configured text.
func (x *exchange) undecided() {
	switch {
	case x.ofShop() && x.callback != ensure:
		x.problem(x.class)
		return
	case x.rank == rankNotice:
		x.problem(classTaker)
		return
	}
	if x.rank == rankValidation && x.decidable && x.tenant.ApproveOnDeadline {
		x.fallback = "approve"
		x.approve()
		return
	}
	x.fallback = "deny"
	x.reject(rules.ApprovalFailed, x.texts().in(faultText, x.language))
}

// refuse answers what is not taken.
func (x *exchange) refuse(r *refusal) {
	x.outcome, x.class, x.pointer, x.found, x.violations = r.outcome(), r.class, r.pointer, r.found, r.sums
	if r.class.closes() {
		x.w.Header()["Connection"] = x.s.headers.closed
	}
	if x.rank == rankNotice {
		x.problem(r.class)
		return
	}
	x.reject(rules.ApprovalFailed, x.texts().in(faultText, x.language))
}

// problem answers push, notification, and what the shop asks.
func (x *exchange) problem(c class) {
	status := c.status()
	if status == http.StatusServiceUnavailable {
		x.w.Header()["Retry-After"] = x.s.headers.retryAfter
	}
	x.startProblem(status, x.problemDetail(c))
	if x.ofShop() {
		x.shopProblem()
	}
	x.out = append(x.out, '}')
	x.send(status, mediaProblem, x.out)
}
