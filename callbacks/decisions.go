package callbacks

import (
	"net/http"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// Decisions keeps what was decided, for those who ask why.
type Decisions interface {
	// Keep is told each priced callback whose order could be read, once it is answered, and gives it an id for the log line. It
	// is called concurrently, never blocks, and copies what it keeps: nothing that d leads to may be used afterwards.
	Keep(d *Decision) (id string)
}

// Decision is an answered callback. Its order is as it came in: it holds personal data.
type Decision struct {
	At       time.Time
	Took     time.Duration
	Merchant string
	Callback rules.Callback
	OrderID  string // well formed; "" where none was given
	Revision string // of the rules; "" where they were not asked
	Kind     string // how it ended, as in the log: priced, approved, rejected, …
	Class    string // why the rules did not decide; "" where they did
	Status   int
	Rule     string // that decided
	File     string // where it stands; "" nowhere
	Line     int
	Order    *order.Order
	Group    string // customer group
	Coupons  []string
	Selected string        // id of the option that the buyer has chosen
	Answer   *order.Answer // of 200 with a cart, else nil
	Paid     string        // id of the option that is paid for; "" where there is none
	Body     []byte        // of any other answer
	Location string        // of a redirect
}

// keep has a decision kept and takes its id.
func (x *exchange) keep(took time.Duration) {
	if x.s.o.Decisions == nil || x.order == nil || x.rank == rankNotice && x.callback != rules.Quote {
		return
	}
	x.toKeep = Decision{At: x.begun, Took: took, Merchant: x.merchant(), Callback: x.callback, OrderID: x.orderID, Revision: x.revision,
		Kind: string(x.outcome), Class: string(x.class), Status: x.status, Rule: x.rule, File: x.file, Line: x.line,
		Order: x.order}
	d := &x.toKeep
	if x.outcome == outcomePriced && x.answer != nil {
		d.Answer, d.Paid = x.answer, x.paid
	} else {
		d.Body = x.out
	}
	if x.status == http.StatusSeeOther {
		d.Location = x.w.Header().Get("Location")
	}
	if s := x.order.SelectedShippingOption; s != nil {
		d.Selected = s.ID
	}
	if q := x.query; q != nil {
		d.Group, d.Coupons = q.Facts.Group, q.Facts.Coupons
	}
	x.decision = x.s.o.Decisions.Keep(d)
}

// answered notes the cart that is to be the answer.
func (x *exchange) answered(a *order.Answer, effective int) {
	x.answer = a
	if effective >= 0 && effective < len(a.Options) {
		x.paid = a.Options[effective].ID
	}
}
