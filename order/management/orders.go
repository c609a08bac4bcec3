package management

import (
	"context"
	"net/http"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/rest"
)

// Order reads an order. ErrNotFound: the provider does not show it, yet or under these credentials. An answer that names
// another order is ErrAnswer.
func (c *Client) Order(ctx context.Context, id string) (*Order, error) {
	const op = "read the order"
	path, err := at(id, "")
	if err != nil {
		return nil, err
	}
	a, err := c.way.Do(ctx, rest.Call{Op: op, Method: http.MethodGet, Path: path, Want: rest.Object})
	if err != nil {
		return nil, err
	}
	o, err := DecodeOrder(a.Body)
	if err == nil && !rest.SameID(id, o.OrderID) {
		err = rest.Unusable("it is another order")
	}
	if err != nil {
		return nil, &Error{Op: op, Status: a.Status, Kind: ErrAnswer, Cause: err}
	}
	return o, nil
}

// Acknowledge tells the provider that the order is safe with the merchant; it then stops pushing. Nothing is documented
// about repeating it; the same key within 24 hours gets the first answer. ErrNotAllowed: see contract 4.4, read the order.
func (c *Client) Acknowledge(ctx context.Context, id, key string) error {
	return c.plain(ctx, "acknowledge", id, "/acknowledge", key)
}

// ExtendAuthorizationTime gives the merchant more time to capture. ErrNotAllowed: the order is expired or cancelled.
func (c *Client) ExtendAuthorizationTime(ctx context.Context, id, key string) error {
	return c.plain(ctx, "extend the authorization time", id, "/extend-authorization-time", key)
}

// ReleaseRemainingAuthorization gives back what is not captured. ErrNotAllowed: the order is cancelled or has no captures.
func (c *Client) ReleaseRemainingAuthorization(ctx context.Context, id, key string) error {
	return c.plain(ctx, "release the remaining authorization", id, "/release-remaining-authorization", key)
}

// Cancel ends an order. ErrNotAllowed: it has captures or is closed.
func (c *Client) Cancel(ctx context.Context, id, key string) error {
	return c.plain(ctx, "cancel the order", id, "/cancel", key)
}

// plain is a POST without a body.
func (c *Client) plain(ctx context.Context, op, id, below, key string) error {
	path, err := at(id, below)
	if err != nil {
		return err
	}
	_, err = c.change(ctx, op, http.MethodPost, path, key, nil)
	return err
}

// References are the merchant's own. One that is empty stays as it is at the provider; 255 characters at most.
type References struct {
	Reference1 string `json:"merchant_reference1,omitzero"`
	Reference2 string `json:"merchant_reference2,omitzero"`
}

// SetReferences replaces the references that are given. ErrNotAllowed: the order is cancelled.
func (c *Client) SetReferences(ctx context.Context, id string, r References, key string) error {
	return c.patch(ctx, "set the merchant references", id, "/merchant-references", key, r)
}

// Authorization is what an order is to come to. Amount is in minor units, 0 to 200,000,000, the whole order and not what is
// added. Lines may be nil; else there are 1000 at most. Description has 255 characters at most.
type Authorization struct {
	Amount      order.Amount `json:"order_amount"`
	Description string       `json:"description,omitzero"`
	Lines       []Line       `json:"order_lines,omitzero"`
}

// UpdateAuthorization changes amount and lines of an order. ErrNotAllowed: its state or the provider's risk forbids it.
func (c *Client) UpdateAuthorization(ctx context.Context, id string, a Authorization, key string) error {
	return c.patch(ctx, "update the authorization", id, "/authorization", key, a)
}

// UpdateCustomerDetails replaces the shipping address; the billing address cannot be changed.
func (c *Client) UpdateCustomerDetails(ctx context.Context, id string, shipping order.Address, key string) error {
	type details struct {
		ShippingAddress order.Address `json:"shipping_address"`
	}
	return c.patch(ctx, "update the customer details", id, "/customer-details", key, details{shipping})
}

func (c *Client) patch(ctx context.Context, op, id, below, key string, body any) error {
	path, err := at(id, below)
	if err != nil {
		return err
	}
	_, err = c.change(ctx, op, http.MethodPatch, path, key, body)
	return err
}

// shipments is the body of both calls that add shipping info.
type shipments struct {
	ShippingInfo []ShippingInfo `json:"shipping_info"`
}

// AddShippingInfo adds parcels to an order, 1 to 500 of them.
func (c *Client) AddShippingInfo(ctx context.Context, id string, info []ShippingInfo, key string) error {
	path, err := at(id, "/shipping-info")
	if err != nil {
		return err
	}
	_, err = c.change(ctx, "add shipping info", http.MethodPost, path, key, shipments{info})
	return err
}
