package management

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/rest"
)

// DecodeOrder decodes an order as Order Management gives it: a JSON object as package rest takes it, with order_id, status,
// purchase_currency and the three amounts that money hangs on; numbers are whole and within 64 bits, totals not negative. The
// order keeps body as Raw. Errors hold nothing of body but names of members.
func DecodeOrder(body []byte) (*Order, error) {
	if err := rest.Scan(body, rest.Object); err != nil {
		return nil, err
	}
	o := &Order{OrderAmount: -1, CapturedAmount: -1, RemainingAuthorizedAmount: -1}
	if err := decode(body, o); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	o.Raw = body
	return o, nil
}

// check refuses an order that lacks what is needed or whose totals make no sense.
func (o *Order) check() error {
	for _, m := range []struct{ name, value string }{
		{"order_id", o.OrderID}, {"status", string(o.Status)}, {"purchase_currency", o.PurchaseCurrency},
	} {
		if m.value == "" {
			return rest.Unusable(m.name + " is missing")
		}
	}
	for _, m := range []struct {
		name  string
		value order.Amount
	}{
		{"order_amount", o.OrderAmount}, {"captured_amount", o.CapturedAmount},
		{"remaining_authorized_amount", o.RemainingAuthorizedAmount},
		{"original_order_amount", o.OriginalOrderAmount}, {"refunded_amount", o.RefundedAmount},
	} {
		if m.value < 0 {
			return rest.Unusable(m.name + " is missing or negative")
		}
	}
	return nil
}

// decode decodes what rest has scanned.
func decode(body []byte, to any, opts ...json.Options) error {
	opts = append(opts, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(noNull[order.Amount]),
		json.UnmarshalFromFunc(noNull[order.Rate]),
		json.UnmarshalFromFunc(noNull[int64]),
	)))
	err := json.Unmarshal(body, to, opts...)
	if err == nil {
		return nil
	}
	var semantic *json.SemanticError
	if errors.Is(err, json.ErrUnknownName) {
		if errors.As(err, &semantic) {
			return rest.Unusable(place(semantic.JSONPointer) + " is a member that the API does not know")
		}
		return errStranger
	}
	if !errors.As(err, &semantic) {
		return rest.Unusable("it cannot be decoded")
	}
	return rest.Unusable(place(semantic.JSONPointer) + " has a value of the wrong type or range")
}

// noNull refuses null where a number belongs: it would read as 0.
func noNull[T any](dec *jsontext.Decoder, _ *T) error {
	if dec.PeekKind() == 'n' {
		return errNull
	}
	return errors.ErrUnsupported
}

var errNull = errors.New("null where a number belongs")

// place writes a pointer without what the provider could have made up: only names of the contract's form, and indices.
func place(p jsontext.Pointer) string {
	for token := range p.Tokens() {
		if len(token) > maxPlace || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
			return "a member"
		}
	}
	if p == "" {
		return "it"
	}
	return string(p)
}

// maxPlace is the longest name of the contract, and some more.
const maxPlace = 64

// encode writes a request; unknown members that came with an address or a product leave as they came.
func encode(body any) ([]byte, error) {
	if c, ok := body.(interface{ check() error }); ok {
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	raw, err := json.Marshal(body, jsontext.PreserveRawStrings(true))
	if err != nil {
		return nil, rest.Unusable("it cannot be written as JSON")
	}
	return raw, nil
}
