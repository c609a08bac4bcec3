package judge

import (
	"net/http"
	"strconv"
)

// Update judges the answer of an address, country or shipping option callback.
func Update(r *Reply) Verdict {
	switch {
	case r.Failure != "":
		return noUpdate(r)
	case r.Status == http.StatusOK:
		return applied(r.Body)
	case redirects(r.Status):
		v, ok := redirected(r, Redirected)
		if !ok {
			v.Outcome, v.Buyer = Unusable, tryAgain
			v.Why = "a redirect without a page to go to cannot be followed; the provider asks the buyer to try again (1.4)"
		}
		return v
	case r.Status == http.StatusBadRequest:
		return refused(r.Body)
	}
	return Verdict{Outcome: Unusable, Buyer: tryAgain, Faults: []Fault{{Found: "status " + strconv.Itoa(r.Status), Want: "200, 303 or 400", Rule: ruleStatus}},
		Why: "a status that an update callback does not have is taken as an invalid answer: the buyer is asked to try again (1.4)"}
}

// noUpdate is an update callback without a whole answer.
func noUpdate(r *Reply) Verdict {
	v := Verdict{Outcome: Silent, Buyer: tryAgain}
	switch r.Failure {
	case Late:
		v.Why = "no answer came in time: the purchase does not go on and the buyer is asked to try again (1.4)"
	case Unreachable:
		v.Why = "the service could not be reached: the purchase does not go on and the buyer is asked to try again (1.4)"
	default:
		v.Outcome = Unusable
		v.Why = "the answer was " + string(r.Failure) + ", so it cannot be read: the buyer is asked to try again (1.4)"
	}
	return v
}

// applied judges a 200.
func applied(body []byte) Verdict {
	var c check
	d, ok := c.body(body)
	if ok {
		c.answer(d)
	}
	if len(c.faults) > 0 {
		return Verdict{Outcome: Unusable, Buyer: tryAgain, Faults: c.faults, Notes: c.notes,
			Why: "the cart or the options are not what the provider takes, so nothing is taken over and the buyer is asked to try again (1.4)"}
	}
	a := &Answer{Members: map[string]value{}}
	for _, name := range answerMembers() {
		if v, ok := d[name]; ok {
			a.Members[name] = v
		}
	}
	why := "the cart in the answer replaces the cart; the options stay as they were, since the answer has none (1.4)"
	if _, ok := d["shipping_options"]; ok {
		why = "the cart and the options in the answer replace those of the order (1.4)"
	}
	return Verdict{Outcome: Applied, Why: why, Buyer: "The checkout shows the new total and options.", Notes: c.notes, Answer: a}
}

// refused judges a 400 of an update callback.
func refused(body []byte) Verdict {
	e := readError(body)
	if len(e.faults) > 0 {
		return Verdict{Outcome: Unusable, Buyer: tryAgain, ErrorType: e.kind, ErrorText: e.text, Faults: e.faults,
			Why: "a 400 whose body the provider cannot read is taken as an invalid answer: the buyer is asked to try again (1.4)"}
	}
	return Verdict{Outcome: Refused, ErrorType: e.kind, ErrorText: e.text, Buyer: e.shown(), Notes: e.notes,
		Why: "the buyer reads the text inside the checkout and stays; nothing is taken over (1.4)"}
}
