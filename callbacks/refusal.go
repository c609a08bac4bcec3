package callbacks

import (
	"net/http"

	"github.com/kvitto/kvitto/pricing/gate"
)

// A class sorts refusals for logs and metrics. The set is this list and order.FaultClass; none comes from a request.
type class string

const (
	classRoute           class = "route"
	classToken           class = "token"
	classExpiredToken    class = "expired_token"
	classBusy            class = "busy"
	classMemory          class = "memory"
	classContentType     class = "content_type"
	classCharset         class = "charset"
	classContentEncoding class = "content_encoding"
	classTooLarge        class = "too_large"
	classSlowBody        class = "slow_body"
	classBrokenBody      class = "broken_body"
	classIDMissing       class = "order_id_missing"
	classIDTwice         class = "order_id_twice"
	classIDQuery         class = "order_id_query"
	classIDPlaceholder   class = "order_id_placeholder"
	classIDMalformed     class = "order_id_malformed"
	classIDContradiction class = "order_id_contradiction"
	classJSON            class = "json"
	classLineSums        class = "line_sums"
	classOrderSums       class = "order_sums"
	classTooManyLines    class = "too_many_lines"
	classNegative        class = "negative_order"
	classStore           class = "no_store"
	classUntaken         class = "not_taken"
	classOverflow        class = "overflow"
	classDeadline        class = "deadline"
	classEngine          class = "engine"
	classLocation        class = "location"
	classEncode          class = "encode"
	classGone            class = "client_gone"
	classGate            class = "gate"
	classPanic           class = "panic"
	classMerchantData    class = "merchant_data"
	classNoRoom          class = "merchant_data_full"
	classPiece           class = "piece"
	classRate            class = "rate"
	classShed            class = "shed"
	classStoreDown       class = "store_down"
	classTaker           class = "taker"
	classSignature       class = "signature"
	classWait            class = "wait"
)

// refusal is a request that is not taken: the sender's fault, or no room. On a priced callback it becomes a 400 with
// the configured fault text, on the others the class's own status.
type refusal struct {
	class   class
	pointer string // where in the body; member names of the contract and numbers only
	found   string // what a decoder found and what is right; no text of the body
	sums    []gate.Violation
}

func refuse(c class) *refusal { return &refusal{class: c} }

// Error names the class.
func (r *refusal) Error() string { return "refused: " + string(r.class) }

// outcome tells a lack of room from a fault of the sender.
func (r *refusal) outcome() outcome {
	switch r.class {
	case classBusy, classMemory, classRate, classShed:
		return outcomeShed
	case classStore, classUntaken, classStoreDown:
		return outcomeUnavailable
	default:
		return outcomeRefused
	}
}

// status of push, notification, and what the shop asks.
func (c class) status() int {
	switch c {
	case classBusy, classMemory, classStore, classUntaken, classDeadline, classRate, classShed, classStoreDown, classTaker:
		return http.StatusServiceUnavailable
	case classEngine, classGate, classPanic, classEncode:
		return http.StatusInternalServerError
	case classSignature:
		return http.StatusUnauthorized
	case classTooLarge:
		return http.StatusRequestEntityTooLarge
	case classContentType, classCharset, classContentEncoding:
		return http.StatusUnsupportedMediaType
	default:
		return http.StatusBadRequest
	}
}

// closes reports whether the rest of the body cannot be told from a next request, or is not worth reading.
func (c class) closes() bool {
	return c == classTooLarge || c == classSlowBody || c == classBrokenBody
}

// problem says in a fixed sentence what would be right; push, notification and what the shop asks answer it.
func (c class) problem() string {
	switch c {
	case classBusy, classMemory:
		return "too many requests at work; come again"
	case classStore, classUntaken, classRate, classShed, classStoreDown, classTaker, classSignature, classWait:
		return c.takingProblem()
	case classTooLarge:
		return "the body is too large"
	case classContentType:
		return "the body must be application/json"
	case classCharset:
		return "the body must be UTF-8"
	case classContentEncoding:
		return "the body must not be compressed"
	case classIDMissing:
		return "the order id is missing"
	case classIDTwice:
		return "the order id must be given once"
	case classIDQuery:
		return "the query must be well-formed"
	case classIDPlaceholder, classIDMalformed:
		return "the order id must be 1 to 64 letters, digits and hyphens"
	case classIDContradiction:
		return "the order ids in URL and body differ"
	case classJSON:
		return "the body must be a JSON object"
	default:
		return c.shopProblem()
	}
}

// takingProblem is what is told where a confirmed order is not recorded.
func (c class) takingProblem() string {
	switch c {
	case classStore, classUntaken:
		return "orders are not taken here yet; come again"
	case classStoreDown:
		return "the order cannot be recorded now; come again"
	case classSignature:
		return "the signature is not one of ours for this body and time"
	case classWait:
		return "wait must be given once, as 0 to 8000 milliseconds"
	case classTaker:
		return "the order could not be taken; come again"
	default:
		return "too many orders at once; come again"
	}
}

// shopProblem is what only the shop is told.
func (c class) shopProblem() string {
	switch c {
	case classMerchantData:
		return "merchant_data must be empty or a JSON object, so that the cart digest can be put into it"
	case classNoRoom:
		return "merchant_data would be longer than 6000 characters with the cart digest in it"
	case classLineSums:
		return "the amounts of an order line do not fit together"
	case classOrderSums:
		return "the order is not one that the provider would take"
	case classNegative:
		return "the order or its tax would be below zero"
	case classTooManyLines:
		return "the order would have more than 1000 lines"
	case classOverflow:
		return "an amount would be larger than an order may hold"
	case classPiece:
		return "the question cannot be asked"
	case classDeadline:
		return "no price in time; come again"
	case classEngine, classGate, classPanic, classEncode:
		return "no price can be given; the log of the service says why"
	default:
		return "the body could not be read"
	}
}

// hint tells the operator what usually leads to a refusal; it goes to the log.
func (c class) hint() string {
	switch c {
	case classIDPlaceholder:
		return "the provider fills in {checkout.order.id}; write it so, unescaped, in merchant_urls"
	case classIDQuery:
		return "a semicolon or a broken % escape in the query; look at merchant_urls"
	case classIDTwice:
		return "merchant_urls names the order id in more than one parameter"
	case classStore:
		return "confirmed orders are taken over by merchants in mode full; in mode pricing push and notification stay with the shop"
	case classUntaken:
		return "the merchant is in mode full, but its orders cannot be taken over: the log said why when the configuration was loaded, and kvitto check says it again"
	case classSignature:
		return "compare webhook.secrets with the provider's portal, and the clocks"
	default:
		return ""
	}
}

// fault is our own: an engine failed, a sum overflowed, an answer did not pass the gate.
type fault struct {
	class class
	cause error
}

// Error names the class.
func (f *fault) Error() string { return "fault: " + string(f.class) }

// Unwrap returns the cause.
func (f *fault) Unwrap() error { return f.cause }

// gateFault is an answer of ours that the provider would refuse.
type gateFault struct{ violations []gate.Violation }

// Error says how many rules were broken.
func (g *gateFault) Error() string { return "answer did not pass the gate" }

func causeText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
