package rules

// Verdict is the kind of a Decision.
type Verdict uint8

const (
	// Accept lets the order pass.
	Accept Verdict = iota
	// Rejected shows a text in the checkout.
	Rejected
	// Redirected sends the buyer to a page of the shop.
	Redirected
)

// RejectKind is an error_type of the contract.
type RejectKind string

// The three kinds the provider knows.
const (
	UnsupportedShippingAddress RejectKind = "unsupported_shipping_address"
	AddressError               RejectKind = "address_error"
	ApprovalFailed             RejectKind = "approval_failed"
)

// Reject is what a buyer is told. Text is in the order's language; empty: the configured text of TextKey.
type Reject struct {
	Kind    RejectKind
	Text    string
	TextKey string // key into the configured texts, e.g. "fault", "unsupported", "postcode", "changed"
}

// Reason says which rule led to a decision. It holds no text of the order.
type Reason struct {
	Rule     string // e.g. "no_option", "arithmetic", "shipping_line", a plug-in's name
	File     string // table file, may be empty
	Line     int
	Revision string
	Detail   string
}

// Decision is the outcome of a question. The zero value accepts.
type Decision struct {
	Verdict  Verdict
	Reject   Reject // of Rejected
	Location string // of Redirected: absolute https URL from the configuration
	Reasons  []Reason
}
