package confirm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// message is the body of every event, in the form that Standard Webhooks advises. Its timestamp is the order's, so that the
// same event has the same bytes.
type message struct {
	Type      rules.EventType `json:"type"`
	Timestamp string          `json:"timestamp"`
	Data      any             `json:"data"`
}

// confirmed is the data of order.confirmed. Amounts are minor units of the currency.
type confirmed struct {
	Merchant    string                 `json:"merchant"`
	OrderID     string                 `json:"order_id"`
	Revision    int                    `json:"revision"`
	Status      management.Status      `json:"status"`
	FraudStatus management.FraudStatus `json:"fraud_status,omitzero"`
	Amount      order.Amount           `json:"order_amount"`
	Currency    string                 `json:"purchase_currency"`
	Country     string                 `json:"purchase_country,omitzero"`
	Order       jsontext.Value         `json:"order,omitzero"`
	Checkout    *consents              `json:"checkout,omitzero"`
}

// consents is what only the checkout order tells.
type consents struct {
	CustomerType      string                   `json:"customer_type,omitzero"`
	MerchantRequested *order.MerchantRequested `json:"merchant_requested,omitzero"`
	Recurring         *bool                    `json:"recurring,omitzero"`
	RecurringToken    string                   `json:"recurring_token,omitzero"`
}

// decision is the data of a fraud event: nothing in it changes once the decision is made.
type decision struct {
	Merchant    string                 `json:"merchant"`
	OrderID     string                 `json:"order_id"`
	FraudStatus management.FraudStatus `json:"fraud_status"`
}

// confirmedBody makes the body of order.confirmed, which is then frozen.
func confirmedBody(m *Merchant, o *management.Order, c *consents, revision int) ([]byte, error) {
	d := confirmed{Merchant: m.ID, OrderID: o.OrderID, Revision: revision, Status: o.Status, FraudStatus: o.FraudStatus,
		Amount: o.OrderAmount, Currency: o.PurchaseCurrency, Country: o.PurchaseCountry}
	if !m.Payload.Thin {
		whole, err := without(o.Raw, personalMembers(m.Payload))
		if err != nil {
			return nil, fmt.Errorf("order %s: %w", o.OrderID, err)
		}
		d.Order, d.Checkout = whole, c
	}
	return encodeMessage(rules.OrderConfirmed, o.CreatedAt, d)
}

// decisionBody makes the body of a fraud event.
func decisionBody(k Key, t rules.EventType, o *management.Order) ([]byte, error) {
	d := decision{Merchant: k.Merchant, OrderID: k.Order, FraudStatus: management.FraudAccepted}
	if t == rules.FraudRejected {
		d.FraudStatus = management.FraudRejected
	}
	return encodeMessage(t, o.CreatedAt, d)
}

func encodeMessage(t rules.EventType, created time.Time, data any) ([]byte, error) {
	return json.Marshal(message{Type: t, Timestamp: created.UTC().Format(time.RFC3339Nano), Data: data},
		jsontext.PreserveRawStrings(true), json.Deterministic(true))
}

// personalMembers are the members that leave only where the merchant asked for them, wherever they stand.
func personalMembers(p Payload) []string {
	if p.PersonalIDs {
		return nil
	}
	return []string{"national_identification_number", "date_of_birth"}
}

// without copies a JSON value but for members of these names at any depth.
func without(raw []byte, names []string) (jsontext.Value, error) {
	var out bytes.Buffer
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	enc := jsontext.NewEncoder(&out, jsontext.PreserveRawStrings(true))
	for {
		tok, err := dec.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return bytes.TrimSpace(out.Bytes()), nil
		case err != nil:
			return nil, err
		}
		if isName(dec) && containsString(names, tok.String()) {
			if err := dec.SkipValue(); err != nil {
				return nil, err
			}
			continue
		}
		if err := enc.WriteToken(tok); err != nil {
			return nil, err
		}
	}
}

// isName reports whether the token that was read last is the name of a member.
func isName(d *jsontext.Decoder) bool {
	kind, length := d.StackIndex(d.StackDepth())
	return kind == '{' && length%2 == 1
}

func containsString(names []string, s string) bool {
	for _, n := range names {
		if n == s {
			return true
		}
	}
	return false
}

// consentsIn picks what only the checkout order tells; nil where it tells nothing or cannot be read.
func consentsIn(raw []byte) *consents {
	o, err := order.DecodeOrder(raw, order.DefaultLimits())
	if err != nil {
		return nil
	}
	c := &consents{MerchantRequested: o.MerchantRequested, Recurring: o.Recurring, RecurringToken: o.RecurringToken}
	if o.Customer != nil {
		c.CustomerType = o.Customer.Type
	}
	if *c == (consents{}) {
		return nil
	}
	return c
}
