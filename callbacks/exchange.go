package callbacks

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
)

// exchange is one request and its answer. It belongs to one goroutine and is used again after its end.
type exchange struct {
	s        *Server
	w        http.ResponseWriter
	r        *http.Request
	ctx      context.Context
	tenant   *tenant // nil until the token has opened
	callback rules.Callback
	rank     rank
	begun    time.Time

	body []byte // as it came in
	lent bool   // a member may still read body when this is over: it is not used again
	out  []byte // the answer
	held int64  // bytes taken from the limits

	orderID   string
	revision  string
	language  string
	decidable bool // validation: the sums are right, so ApproveOnDeadline may decide

	order    *order.Order  // as decoded; nil: it could not be
	query    *rules.Query  // to the engine; nil: it was not asked
	answer   *order.Answer // that left; nil: there is another
	paid     string        // id of the option that is paid for
	toKeep   Decision      // as it is told to Decisions
	decision string        // id under which Decisions keeps it

	record
}

// record is what the log line and the metrics tell about a request.
type record struct {
	outcome    outcome
	class      class
	status     int
	written    int
	rule       string
	detail     string // of the rule; no text of the order
	file       string
	line       int
	pointer    string
	found      string
	fallback   string   // "approve", "deny": what was answered where nothing could be decided
	event      string   // of a notification or a webhook; a word of the contract
	weightless bool     // goods to ship whose weight is known from nowhere
	flagged    class    // classOrderSums: recomputed from the lines
	stack      []string // of a panic
	panic      string   // its type, or the text of a runtime error
	lost       bool     // the answer could not be written
	cause      string   // of a fault of ours
	violations []gate.Violation
}

// begin takes an exchange for a request.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, cb rules.Callback) *exchange {
	x := s.exchanges.Get().(*exchange)
	body, out := x.body[:0], x.out[:0]
	*x = exchange{s: s, w: w, r: r, callback: cb, rank: rankOf(cb), begun: s.o.Now(), body: body, out: out}
	return x
}

// end tells about the exchange and gives it back.
func (x *exchange) end() {
	took := x.s.o.Now().Sub(x.begun)
	x.s.metrics.count(x, took)
	x.keep(took)
	x.log(took)
	if x.lent || cap(x.body) > bodyBuffer {
		x.body = nil
	}
	if cap(x.out) > keptAnswer {
		x.out = nil
	}
	s := x.s
	*x = exchange{body: x.body[:0], out: x.out[:0]}
	s.exchanges.Put(x)
}

// serve runs a handler on an exchange whose token has opened, from admission to the answer.
func (x *exchange) serve(h func(*exchange) error) {
	if !x.s.limits.enter(&x.tenant.carried.usage, x.rank) {
		x.fail(refuse(classBusy))
		return
	}
	x.held = bodyBuffer
	defer func() { x.s.limits.leave(&x.tenant.carried.usage, x.held) }()
	defer x.recover()
	ctx, cancel := context.WithTimeout(x.r.Context(), x.deadline())
	defer cancel()
	x.ctx = ctx
	if err := x.handle(h); err != nil {
		x.fail(err)
	}
}

// handle runs a handler with the deadline on the body too.
func (x *exchange) handle(h func(*exchange) error) error {
	until, _ := x.ctx.Deadline()
	if err := http.NewResponseController(x.w).SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return refuse(classBrokenBody)
	}
	if err := x.takeOrderID(x.callback == push || x.callback == ensure); err != nil {
		return err
	}
	return h(x)
}

// bodyRead lifts the deadline from the connection: what remains of it is the context's, and a time-out of the
// connection would look as if the client had left.
func (x *exchange) bodyRead() error {
	if err := http.NewResponseController(x.w).SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return refuse(classBrokenBody)
	}
	return nil
}

func (x *exchange) deadline() time.Duration {
	switch {
	case x.rank == rankValidation:
		return x.tenant.ValidationDeadline
	case x.rank == rankCart, x.callback == rules.Quote, x.callback == rules.FreightFrom:
		return x.tenant.UpdateDeadline
	default:
		return noticeDeadline
	}
}
