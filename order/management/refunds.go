package management

import (
	"context"
	"net/http"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/rest"
)

// RefundRequest is what is to be given back. Amount is in minor units, 0 to 200,000,000. Lines may be left out; there are
// 1000 at most. Description and Reference have 255 characters at most.
type RefundRequest struct {
	Amount      order.Amount `json:"refunded_amount"`
	Description string       `json:"description,omitzero"`
	Reference   string       `json:"reference,omitzero"`
	Lines       []Line       `json:"order_lines,omitzero"`
}

// Refund gives money back. It returns the refund's id, "" where the provider made the refund without saying it.
// ErrNotAllowed: not this amount, or not in this state.
func (c *Client) Refund(ctx context.Context, id string, r RefundRequest, key string) (string, error) {
	below, err := at(id, "/refunds")
	if err != nil {
		return "", err
	}
	a, err := c.change(ctx, "refund", http.MethodPost, below, key, r)
	if err != nil {
		return "", err
	}
	return made(a, "Refund-Id"), nil
}

// RefundOf reads one refund of an order.
func (c *Client) RefundOf(ctx context.Context, id, refundID string) (*Refund, error) {
	const op = "read the refund"
	if err := rest.CheckID("refund id", refundID); err != nil {
		return nil, err
	}
	below, err := at(id, "/refunds/"+refundID)
	if err != nil {
		return nil, err
	}
	var one Refund
	if one.Raw, err = c.read(ctx, op, below, &one); err != nil {
		return nil, err
	}
	if one.RefundID != "" && !rest.SameID(refundID, one.RefundID) {
		return nil, &Error{Op: op, Status: http.StatusOK, Kind: ErrAnswer, Cause: rest.Unusable("it is another refund")}
	}
	return &one, nil
}
