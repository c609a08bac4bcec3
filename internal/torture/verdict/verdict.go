// Package verdict judges a run of the confirmation machine by what its provider and its sink saw.
//
// Its one rule: it believes the histories only, never what the machine says of itself.
package verdict

import (
	"fmt"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
)

// Run is what is judged. The numbers of both histories must be of one sequence.
type Run struct {
	Orders   []string // that were completed and pushed
	Excused  []string // of them, which nobody has to take over: no push of theirs was accepted
	Provider []fakeprovider.Entry
	Sink     []fakesink.Delivery
}

// Verdict counts what went wrong. The lists name the orders.
type Verdict struct {
	Orders          int
	Lost            []string // the sink never took it
	Open            []string // it is not acknowledged
	AckBeforeSink   []string // an acknowledgement, or a capture, left before the sink had said that it took the order
	ExtraDeliveries int      // that the sink took, beyond one an event
	ExtraAcks       int      // that the provider took, beyond one an order
	Differing       []string // different bodies came under one webhook-id, or one event under several
	Unmarked        []string // of them, those whose later bodies do not say so by their revision
	Strange         []string // what should never be: events of unknown orders, bad signatures
	Median, Worst   time.Duration
}

// Goals say what a run must reach. Nothing is ever lost, and nothing acknowledged before the sink has it.
type Goals struct {
	Once     bool // no extra delivery and no extra acknowledgement: nothing failed
	OneBody  bool // no differing bodies: the store kept its data
	Marked   bool // bodies that differ carry another revision
	Finished bool // all are acknowledged
}

// order is what the histories tell of one order.
type order struct {
	pushed    time.Time // first push
	acked     time.Time // first acknowledgement that was taken
	firstAck  int64     // number of the first one that came, taken or not; 0: none
	confirmed int64     // number of the first delivery that the sink confirmed; 0: none
	taken     bool      // the sink has it, confirmed or not
	acks      int
	excused   bool
	ids       map[string]*event
}

type event struct {
	kind  string
	taken int
	shas  map[string]int // with their revisions
}

// unmarked reports whether two bodies that differ carry the first revision, or none.
func (e *event) unmarked() bool {
	first := 0
	for _, revision := range e.shas {
		if revision < 2 {
			first++
		}
	}
	return first > 1
}

// confirmed is the type of the event that every order must lead to.
const confirmedType = "order.confirmed"

// Judge compares the histories.
func Judge(r *Run) *Verdict {
	v := &Verdict{Orders: len(r.Orders)}
	orders := make(map[string]*order, len(r.Orders))
	for _, id := range r.Orders {
		orders[id] = &order{ids: map[string]*event{}}
	}
	for i := range r.Provider {
		v.seeCall(orders, &r.Provider[i])
	}
	for i := range r.Sink {
		v.seeDelivery(orders, &r.Sink[i])
	}
	var took []time.Duration
	for _, id := range r.Excused {
		if o := orders[id]; o != nil {
			o.excused = true
		}
	}
	for _, id := range r.Orders {
		o := orders[id]
		v.judge(id, o)
		if !o.acked.IsZero() && !o.pushed.IsZero() {
			took = append(took, o.acked.Sub(o.pushed))
		}
	}
	if len(took) > 0 {
		slices.Sort(took)
		v.Median, v.Worst = took[len(took)/2], took[len(took)-1]
	}
	return v
}

// seeCall takes a request at the provider into account.
func (v *Verdict) seeCall(orders map[string]*order, e *fakeprovider.Entry) {
	o := orders[e.Order]
	if o == nil {
		if e.Kind == fakeprovider.Acknowledge || e.Kind == fakeprovider.Capture {
			v.Strange = append(v.Strange, fmt.Sprintf("%s of order %q, which is not ours", e.Kind, e.Order))
		}
		return
	}
	switch e.Kind {
	case fakeprovider.Push:
		if o.pushed.IsZero() || e.At.Before(o.pushed) {
			o.pushed = e.At
		}
	case fakeprovider.Acknowledge, fakeprovider.Capture:
		if o.firstAck == 0 || e.Seq < o.firstAck {
			o.firstAck = e.Seq
		}
		if !e.Committed {
			return
		}
		if o.acked.IsZero() || e.At.Before(o.acked) {
			o.acked = e.At
		}
		if e.Kind == fakeprovider.Acknowledge {
			o.acks++
		}
	}
}

// seeDelivery takes a request at the sink into account.
func (v *Verdict) seeDelivery(orders map[string]*order, d *fakesink.Delivery) {
	o := orders[d.Order]
	if o == nil {
		v.Strange = append(v.Strange, fmt.Sprintf("event %q of order %q, which is not ours", d.ID, d.Order))
		return
	}
	if d.Error != "" {
		v.Strange = append(v.Strange, fmt.Sprintf("event %q of order %s: %s", d.ID, d.Order, d.Error))
	}
	e := o.ids[d.ID]
	if e == nil {
		e = &event{kind: d.Type, shas: map[string]int{}}
		o.ids[d.ID] = e
	}
	e.shas[d.SHA] = d.Revision
	if !d.Taken {
		return
	}
	e.taken++
	if d.Type != confirmedType {
		return
	}
	o.taken = true
	if d.Confirmed() && (o.confirmed == 0 || d.Seq < o.confirmed) {
		o.confirmed = d.Seq
	}
}

// judge adds one order to the verdict.
func (v *Verdict) judge(id string, o *order) {
	if !o.taken && (!o.excused || !o.acked.IsZero()) {
		v.Lost = append(v.Lost, id)
	}
	if o.acked.IsZero() && !o.excused {
		v.Open = append(v.Open, id)
	}
	if o.firstAck != 0 && (o.confirmed == 0 || o.firstAck < o.confirmed) {
		v.AckBeforeSink = append(v.AckBeforeSink, id)
	}
	v.ExtraAcks += max(o.acks-1, 0)
	kinds, differ, unmarked := map[string]int{}, false, false
	for _, e := range o.ids {
		v.ExtraDeliveries += max(e.taken-1, 0)
		kinds[e.kind]++
		unmarked = unmarked || e.unmarked()
		differ = differ || len(e.shas) > 1 || kinds[e.kind] > 1
	}
	if differ {
		v.Differing = append(v.Differing, id)
	}
	if unmarked {
		v.Unmarked = append(v.Unmarked, id)
	}
}

// Missed tells which goals were missed, with an order as an example.
func (v *Verdict) Missed(g Goals) []string {
	var missed []string
	list := func(what string, orders []string) {
		if len(orders) > 0 {
			missed = append(missed, fmt.Sprintf("%d %s, such as %s", len(orders), what, orders[0]))
		}
	}
	list("lost", v.Lost)
	list("acknowledged before the sink had it", v.AckBeforeSink)
	list("strange", v.Strange)
	if g.Finished {
		list("not acknowledged", v.Open)
	}
	if g.OneBody {
		list("with differing bodies", v.Differing)
	}
	if g.Marked {
		list("with differing bodies of the first revision", v.Unmarked)
	}
	if g.Once && v.ExtraDeliveries > 0 {
		missed = append(missed, fmt.Sprintf("%d extra deliveries", v.ExtraDeliveries))
	}
	if g.Once && v.ExtraAcks > 0 {
		missed = append(missed, fmt.Sprintf("%d extra acknowledgements", v.ExtraAcks))
	}
	return missed
}
