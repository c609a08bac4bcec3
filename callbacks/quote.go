package callbacks

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/kvitto/kvitto/callbacks/quote"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/digest"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
)

// Quoting is how a merchant's quotes are made and checked.
type Quoting struct {
	URLs     []quote.URL // put into merchant_urls; none: these stay as the shop sends them
	URLsLeft string      // why there are none; goes into a header of the answer
	Keys     digest.Keys // of the cart digest, the last one signs; none: quotes carry no digest, and none is checked
	Kept     []string    // references of freight lines of the shop's own, as in pricing.ShippingPolicy; the digest seals them
	Require  bool        // validation denies an order without a digest; needs Keys
}

// Terms are what quote.Assemble puts into an order.
func (q *Quoting) Terms() quote.Terms {
	t := quote.Terms{URLs: q.URLs}
	if n := len(q.Keys); n > 0 {
		t.Key = &q.Keys[n-1]
	}
	return t
}

// headerURLs says in the answer to a quote whether merchant_urls holds our addresses.
const headerURLs = "Kvitto-Merchant-Urls"

// quote answers the shop's draft with the whole order, ready to be posted to the Checkout API.
func (s *Server) quote(x *exchange) error {
	o, err := x.decode(order.DecodeDraft)
	if err != nil {
		return err
	}
	if wrong := WrongDraft(o); len(wrong) > 0 {
		return refuseSums(wrong)
	}
	plan, d, err := x.price(o)
	if err != nil || plan == nil {
		return x.unquoted(d, err)
	}
	a, err := x.recompute(plan)
	if err != nil {
		return err
	}
	out, err := quote.Assemble(x.out[:0], x.body, plan, a, x.tenant.Quoting.Terms())
	switch {
	case errors.Is(err, digest.ErrNotObject):
		return &refusal{class: classMerchantData, pointer: "/merchant_data"}
	case errors.Is(err, digest.ErrNoRoom):
		return &refusal{class: classNoRoom, pointer: "/merchant_data"}
	case err != nil:
		return &fault{class: classEncode, cause: err}
	}
	x.answered(a, plan.Effective)
	urls := "filled"
	if len(x.tenant.Quoting.URLs) == 0 {
		urls = "left: " + x.tenant.Quoting.URLsLeft
	}
	x.w.Header()[headerURLs] = []string{urls}
	x.outcome = outcomePriced
	x.send(http.StatusOK, mediaJSON, out)
	return nil
}

// WrongDraft returns what is wrong with a draft that is never repaired, such as a total that is not quantity times price.
// The sums of a draft, and a tax that is missing, are computed anyway.
func WrongDraft(o *order.Order) []gate.Violation {
	return slices.DeleteFunc(gate.Order(o), func(v gate.Violation) bool {
		return v.Line < 0 && isOrderSum(v.Field) || v.Field == "total_tax_amount" && o.Lines[v.Line].Untaxed()
	})
}

// freightFrom answers what freight costs at least for one piece.
func (s *Server) freightFrom(x *exchange) error {
	if err := checkHeaders(x.r.Header); err != nil {
		return err
	}
	if err := x.readBody(noticeBody); err != nil {
		return err
	}
	if err := x.bodyRead(); err != nil {
		return err
	}
	p, err := quote.ReadPiece(x.body)
	if err != nil {
		return &refusal{class: classPiece, found: err.Error()}
	}
	x.language = languageOf(p.Locale)
	e := x.tenant.Rules.Engine()
	x.revision = e.Revision()
	plan, d, err := quote.Ask(x.ctx, e, p, x.begun)
	if err != nil || plan == nil {
		return x.unquoted(d, err)
	}
	out, err := quote.AppendFrom(x.out[:0], plan)
	if err != nil {
		return &fault{class: classEncode, cause: err}
	}
	x.outcome = outcomePriced
	x.send(http.StatusOK, mediaJSON, out)
	return nil
}

// unquoted answers 422 where the rules do not sell this: to whom, and what a buyer may be told.
func (x *exchange) unquoted(d rules.Decision, err error) error {
	switch {
	case err != nil:
		return err
	case d.Verdict == rules.Accept:
		return &fault{class: classEngine, cause: errNoPlan}
	}
	x.because(d.Reasons)
	x.outcome = outcomeRejected
	x.startProblem(http.StatusUnprocessableEntity, "the rules do not sell this order; error_text is for the buyer")
	if d.Verdict == rules.Redirected {
		x.outcome = outcomeRedirected
		x.member("location", d.Location)
	} else {
		x.member("error_type", string(d.Reject.Kind))
		x.member("error_text", x.texts().of(d.Reject, x.language))
	}
	if x.rule != "" {
		x.member("rule", x.rule)
	}
	x.out = append(x.out, '}')
	x.send(http.StatusUnprocessableEntity, mediaProblem, x.out)
	return nil
}

// ofShop reports whether the shop itself asks, who may be told more than a stranger behind the provider's token.
func (x *exchange) ofShop() bool {
	return x.callback == rules.Quote || x.callback == rules.FreightFrom || x.callback == ensure
}

// problemDetail is the sentence of a problem. Where a decoder has said what is wrong, it is not told that nothing could be
// read.
func (x *exchange) problemDetail(c class) string {
	if x.ofShop() && x.found != "" && c != classPiece {
		return "the body is not an order as the Checkout API takes it"
	}
	return c.problem()
}

// shopProblem adds to a problem where it is and what is right: numbers and names of the contract.
func (x *exchange) shopProblem() {
	if x.pointer != "" {
		x.member("pointer", x.pointer)
	}
	if x.found != "" {
		x.member("problem", x.found)
	}
	if len(x.violations) == 0 {
		return
	}
	x.out = append(x.out, `,"violations":[`...)
	for i := range x.violations[:min(len(x.violations), maxLogged)] {
		v := &x.violations[i]
		if i > 0 {
			x.out = append(x.out, ',')
		}
		x.out = append(x.out, `{"pointer":`...)
		x.out = appendString(x.out, v.Pointer)
		x.member("sent", v.Sent)
		x.member("allowed", v.Allowed)
		x.member("rule", v.Rule)
		x.out = append(x.out, '}')
	}
	x.out = append(x.out, ']')
}

// startProblem begins the body of a problem; the caller ends it.
func (x *exchange) startProblem(status int, detail string) {
	x.out = append(x.out[:0], `{"status":`...)
	x.out = strconv.AppendInt(x.out, int64(status), 10)
	x.member("title", http.StatusText(status))
	x.member("detail", detail)
}

// member adds a member to an object that has one already.
func (x *exchange) member(name, value string) {
	x.out = append(x.out, `,"`...)
	x.out = append(x.out, name...)
	x.out = append(x.out, `":`...)
	x.out = appendString(x.out, value)
}
