package cmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/kvitto/kvitto/order/confirm"
)

// changeRequest is who asks.
type changeRequest struct {
	By string `json:"by"`
}

// changeByHand is what a person can do with one order. What it returns is the record as it is then, or was.
type changeByHand func(m *confirm.Machine, ctx context.Context, k confirm.Key, by string) (confirm.Record, error)

// byHand names them, as the API and the audit do.
func byHand() map[string]changeByHand {
	return map[string]changeByHand{"release": (*confirm.Machine).Release, "park": (*confirm.Machine).Park,
		"retry": (*confirm.Machine).Retry, "forget": (*confirm.Machine).Forget}
}

// apiChange changes one order.
func (s *service) apiChange(what string, change changeByHand) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		k, ok := s.orderKey(w, r)
		if !ok {
			return
		}
		var req changeRequest
		if !decodeRequest(w, r, &req) || !person(w, req.By) {
			return
		}
		before, err := s.taking.machine.Store().Get(r.Context(), k)
		if err != nil {
			storeProblem(w, err)
			return
		}
		rec, err := change(s.taking.machine, r.Context(), k, req.By)
		if err != nil {
			storeProblem(w, err)
			return
		}
		answer(w, outcome(what, &before, &rec, s.resting(k.Merchant)))
	}
}

// recordOf reads a record; nil where there is none.
func recordOf(ctx context.Context, s confirm.Reading, k confirm.Key) (*confirm.Record, error) {
	rec, err := s.Get(ctx, k)
	if errors.Is(err, confirm.ErrNotFound) {
		return nil, nil //nolint:nilnil // no record is an answer
	}
	return &rec, err
}

// reconcileRequest lists order ids.
type reconcileRequest struct {
	IDs []string `json:"ids"`
}

// apiReconcile takes a list of order ids, as the provider's portal shows those that are not acknowledged.
func (s *service) apiReconcile(w http.ResponseWriter, r *http.Request) {
	merchant := r.PathValue("merchant")
	if !s.takes(w, merchant) {
		return
	}
	var req reconcileRequest
	if !decodeRequest(w, r, &req) {
		return
	}
	if len(req.IDs) == 0 || len(req.IDs) > maxReconcile {
		problem(w, http.StatusBadRequest, "ids holds 1 to "+strconv.Itoa(maxReconcile)+" order ids")
		return
	}
	for i := range req.IDs {
		var err error
		if req.IDs[i], err = orderID(req.IDs[i]); err != nil {
			problem(w, http.StatusBadRequest, "ids["+strconv.Itoa(i)+"] is no order id; nothing was taken")
			return
		}
	}
	page := ordersPage{Orders: []orderView{}}
	for _, id := range req.IDs {
		k := confirm.Key{Merchant: merchant, Order: id}
		before, err := recordOf(r.Context(), s.taking.machine.Store(), k)
		if err != nil {
			storeProblem(w, err)
			return
		}
		rec, err := s.taking.machine.Reconcile(r.Context(), k)
		if err != nil {
			storeProblem(w, err)
			return
		}
		page.Orders = append(page.Orders, outcome("reconcile", before, &rec, s.resting(merchant)))
	}
	answer(w, page)
}

func person(w http.ResponseWriter, by string) bool {
	if by == "" || len([]rune(by)) > maxBy {
		problem(w, http.StatusBadRequest, "by names who asks, in 1 to "+strconv.Itoa(maxBy)+" characters")
		return false
	}
	return true
}

// byHandError says why an order cannot be changed in this way.
func byHandError(err error) error {
	switch {
	case errors.Is(err, confirm.ErrDone):
		return errDone
	case errors.Is(err, confirm.ErrParked):
		return errIsParked
	case errors.Is(err, confirm.ErrShown):
		return errIsShown
	case errors.Is(err, confirm.ErrBusy):
		return errIsTried
	default:
		return err
	}
}

// Why an order cannot be changed in this way.
var (
	errDone     = errors.New("nothing is left to do with this order")
	errIsParked = errors.New("this order is parked: look why with kvitto orders show, then kvitto orders release")
	errIsShown  = errors.New("the provider has shown this order, so it is not forgotten: kvitto orders park sets it aside")
	errIsTried  = errors.New("this order is being tried at this moment: ask again in half a minute")
)

// outcome is a record after a change by hand, with what came of it in words. before is nil where there was no record; note is
// what else there is to say of an order that goes on.
func outcome(what string, before, rec *confirm.Record, note string) orderView {
	v := viewOf(rec)
	switch what {
	case "release":
		v.Outcome = released(before, rec)
	case "park":
		v.Outcome = "parked"
		if before.State == confirm.Parked {
			v.Outcome = "was parked already: " + before.Reason
		}
	case "forget":
		v.Outcome = "forgotten: a push of it would begin anew"
	default:
		v.Outcome = triedNow(before, rec)
	}
	goesOn := rec.State != confirm.Parked && !rec.Done() && what != "forget" && (what != "release" || before.State == confirm.Parked)
	if note != "" && goesOn {
		v.Outcome += "; " + note
	}
	return v
}

// resting is what is said of a merchant whose orders are not tried at the provider just now.
func (s *service) resting(merchant string) string {
	if why := s.taking.machine.Paused(merchant); why != "" {
		return "but no order of this merchant is tried at the provider just now: " + string(why)
	}
	return ""
}

func released(before, rec *confirm.Record) string {
	switch {
	case before.State == confirm.Parked && rec.Done():
		return "released: nothing was left to do"
	case before.State == confirm.Parked:
		return fmt.Sprintf("released: it was parked (%s) and goes on now", before.Reason)
	case before.Done():
		return "not parked: nothing is left to do"
	default:
		return "not parked: nothing to release. " + nextTry(before) + "; kvitto orders retry has it tried now"
	}
}

// nextTry says when an order is tried next.
func nextTry(r *confirm.Record) string {
	if !r.LeaseUntil.IsZero() {
		return "It is being tried"
	}
	return "It is tried again at " + clock(&r.Due)
}

func triedNow(before, rec *confirm.Record) string {
	switch {
	case before == nil:
		return "taken up"
	case rec.State == confirm.Parked:
		return fmt.Sprintf("is parked (%s): nothing is done before it is released", rec.Reason)
	case rec.Done():
		return "was done already"
	case before.Attempts > 0:
		return fmt.Sprintf("is tried now, after %d failed attempts, the last one %s", before.Attempts, before.Reason)
	default:
		return "is tried now"
	}
}
