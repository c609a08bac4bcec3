package judge

import (
	"net/http"
	"strconv"
)

// Validation judges the answer of a validation. required is the order's require_validate_callback_success: without it
// silence approves, with it silence denies.
func Validation(r *Reply, required bool) Verdict {
	switch {
	case r.Failure == Late || r.Failure == Unreachable:
		return noValidation(r, required)
	case r.Status == http.StatusOK: // its body is ignored, also one that was cut off
		return Verdict{Outcome: Approved, Why: "200 approves; the body is ignored (1.5)", Buyer: "The purchase goes on."}
	case redirects(r.Status):
		v, ok := redirected(r, Redirected)
		if !ok {
			v.Outcome, v.Buyer = Denied, denied
			v.Why = "a redirect denies; without a page to go to the buyer stays and is not told why (1.5)"
		}
		return v
	case r.Status == http.StatusBadRequest:
		return deniedBy(r.Body, required)
	}
	return oddValidation(r.Status, required)
}

func noValidation(r *Reply, required bool) Verdict {
	what := "no answer came within 3 s"
	if required {
		what = "no answer came within 10 s"
	}
	if r.Failure == Unreachable {
		what = "the service could not be reached"
	}
	if required {
		return Verdict{Outcome: Denied, Buyer: denied, Why: what + ", and require_validate_callback_success demands one: denied (1.5)"}
	}
	return Verdict{Outcome: Approved, Buyer: "The purchase goes on.", Notes: []string{"nobody has checked this order"},
		Why: what + ", and require_validate_callback_success is off: approved (1.5)"}
}

// deniedBy judges a 400. It denies whatever its body says; the body says what the buyer reads.
func deniedBy(body []byte, required bool) Verdict {
	e := readError(body)
	v := Verdict{Outcome: Denied, ErrorType: e.kind, ErrorText: e.text, Buyer: e.shown(), Notes: e.notes, Faults: e.faults,
		Why: "400 denies; the buyer reads the text inside the checkout (1.5)"}
	if len(e.faults) > 0 {
		v.Buyer, v.Why = denied, "400 denies; its body cannot be read, so the buyer is not told why (1.5)"
	} else if !required {
		v.Notes = append(v.Notes, "one source says that the text is shown only with require_validate_callback_success: true (1.5)")
	}
	return v
}

// oddValidation is a status that is described nowhere: with the option a positive answer is demanded, without it the
// provider most likely goes on (contract 8, row 5).
func oddValidation(status int, required bool) Verdict {
	what := "status " + strconv.Itoa(status) + " is described nowhere"
	fault := []Fault{{Found: "status " + strconv.Itoa(status), Want: "200, 303 or 400", Rule: ruleStatus}}
	if required {
		return Verdict{Outcome: Denied, Buyer: denied, Faults: fault, Why: what + "; require_validate_callback_success demands a positive answer: denied (1.5)"}
	}
	return Verdict{Outcome: Approved, Buyer: "The purchase goes on.", Faults: fault, Why: what + "; without require_validate_callback_success the purchase most likely goes on (1.5)"}
}
