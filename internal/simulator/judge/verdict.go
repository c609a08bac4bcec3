package judge

import "github.com/go-json-experiment/json/jsontext"

// Outcome is how the provider takes an answer.
type Outcome string

// The outcomes. Applied, Refused, Redirected, Unusable and Silent are those of an update callback; Approved, Denied and
// Redirected those of a validation.
const (
	Applied    Outcome = "applied"    // the answer replaces the cart and the options
	Refused    Outcome = "refused"    // 400: the buyer reads why and stays
	Redirected Outcome = "redirected" // the buyer is taken to a page of the shop
	Unusable   Outcome = "unusable"   // an answer came and cannot be used: the buyer is asked to try again
	Silent     Outcome = "silent"     // no answer came in time: the buyer is asked to try again
	Approved   Outcome = "approved"   // the purchase goes on
	Denied     Outcome = "denied"     // the purchase does not go on
)

// Failure is why there is no whole answer.
type Failure string

// The failures.
const (
	Late        Failure = "late"        // the deadline passed
	Unreachable Failure = "unreachable" // no connection, or it broke before an answer began
	CutOff      Failure = "cut off"     // it broke in the middle of the answer
	TooLong     Failure = "too long"    // more bytes than are read
)

// Reply is an answer as it came.
type Reply struct {
	Status   int
	Location string  // header of a redirect
	Body     []byte  // as far as it was read
	Failure  Failure // "" where the answer is whole
}

// Fault is one thing that the provider does not take. Found and Want are short; Found may hold text of the answer.
type Fault struct {
	Pointer string `json:"pointer"` // RFC 6901 into the body; "" is the body itself
	Found   string `json:"found"`
	Want    string `json:"want"`
	Rule    string `json:"rule"` // a sentence, with its section of the contract
}

// String says the fault in one line.
func (f Fault) String() string {
	at := f.Pointer
	if at == "" {
		at = "the body"
	}
	return at + ": found " + f.Found + ", want " + f.Want + ": " + f.Rule
}

// Verdict is how an answer is taken.
type Verdict struct {
	Outcome   Outcome  `json:"outcome"`
	Why       string   `json:"why"`   // how the provider takes it, in a sentence
	Buyer     string   `json:"buyer"` // what the buyer sees
	ErrorType string   `json:"error_type,omitzero"`
	ErrorText string   `json:"error_text,omitzero"`
	Location  string   `json:"location,omitzero"`
	Faults    []Fault  `json:"faults,omitzero"` // why it is Unusable, or what of a refusal cannot be read
	Notes     []string `json:"notes,omitzero"`  // what the provider takes, and yet is not as it should be
	Answer    *Answer  `json:"-"`               // of Applied
}

// GoesOn reports whether the buyer can go on to buy.
func (v *Verdict) GoesOn() bool { return v.Outcome == Applied || v.Outcome == Approved }

// Answer is what the provider takes over: members of the answer by name, as they came. shipping_options is there only
// where the answer has it.
type Answer struct{ Members map[string]jsontext.Value }

// The words that a buyer sees where the provider has its own.
const (
	tryAgain   = "Something went wrong. Please try again."
	noShipping = "We cannot ship to this address."
	denied     = "Your purchase could not be completed."
)
