package callbacks

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultWait = 2 * time.Second
	mostWait    = 8 * time.Second
)

// ensure is for the shop's confirmation page, when the push may still be on its way: the order is taken over as by a push,
// and answered where it stands once the sink has it and the provider knows, or when the wait is over. Where many wait
// already the answer comes at once.
func (s *Server) ensure(x *exchange) error {
	wait, c := waitFrom(x.r.URL.RawQuery)
	if c != "" {
		return refuse(c)
	}
	if err := x.dropBody(); err != nil {
		return err
	}
	if err := x.bodyRead(); err != nil {
		return err
	}
	t := x.tenant
	switch {
	case t.Taker == nil:
		return t.untaken()
	case !t.carried.ensures.AllowN(x.begun, 1):
		return refuse(classRate)
	}
	st, err := x.ensured(wait)
	if err != nil {
		return x.untaken(err)
	}
	x.stands(st)
	x.send(x.ensureStatus(st), mediaJSON, x.appendStanding(x.out[:0], st))
	return nil
}

// ensured asks where the order stands, after a wait where there is room for one that waits.
func (x *exchange) ensured(wait time.Duration) (Standing, error) {
	c := x.tenant.carried
	if wait == 0 || !c.wait(x.s.limits.waiting()) {
		ctx, cancel := x.recording()
		defer cancel()
		return x.tenant.Taker.Push(ctx, x.orderID)
	}
	defer c.end()
	ctx, cancel := context.WithTimeout(x.r.Context(), wait)
	defer cancel()
	return x.tenant.Taker.Ensure(ctx, x.orderID)
}

// ensureStatus is 200 once the sink has the order.
func (x *exchange) ensureStatus(st Standing) int {
	switch st.State {
	case Acked, Handed:
		x.outcome = outcomeDone
		return http.StatusOK
	case Parked:
		return http.StatusConflict
	default:
		return http.StatusAccepted
	}
}

func (x *exchange) appendStanding(dst []byte, st Standing) []byte {
	x.out = append(dst, `{"order_id":`...)
	x.out = appendString(x.out, x.orderID)
	x.member("state", string(st.State))
	x.out = append(x.out, `,"done":`...)
	x.out = strconv.AppendBool(x.out, st.Done)
	x.member("merchant_reference1", st.Reference1)
	x.member("merchant_reference2", st.Reference2)
	x.member("receipt", st.Receipt)
	return append(x.out, '}')
}

// waitFrom finds how long the shop wants to wait, in whole milliseconds, in a query that is well-formed.
func waitFrom(query string) (time.Duration, class) {
	wait, found := defaultWait, false
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		key, value, ok := unescapePair(pair)
		switch {
		case !ok:
			return 0, classIDQuery
		case key != "wait":
			continue
		case found:
			return 0, classWait
		}
		ms, err := strconv.ParseUint(value, 10, 16)
		if err != nil || time.Duration(ms)*time.Millisecond > mostWait {
			return 0, classWait
		}
		wait, found = time.Duration(ms)*time.Millisecond, true
	}
	return wait, ""
}
