// Package checkout is the client of the Checkout API v3: make, read, change and abort the order while the buyer is at it.
//
// Its one rule is that of order/management: no request is repeated. And an order is never changed from inside a callback: it
// is locked meanwhile, and the callback's answer changes it.
//
// Orders are JSON in and out; package order decodes them where somebody asks. Paths and answers are those of
// https://docs.klarna.com/api/checkout/ and https://docs.kustom.co/ (read 2026-11-22).
package checkout

import (
	"context"
	"net/http"
	"path"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/order/rest"
)

const orders = "/checkout/v3/orders"

// Order is a checkout order. Raw is the JSON as it came, nil where the provider answered without; it is read-only. Status may
// be in either case. An order lives 48 hours after its last change.
type Order struct {
	ID     string
	Status string
	Raw    []byte
}

// Complete reports whether the buyer has finished.
func (o *Order) Complete() bool { return strings.EqualFold(o.Status, "checkout_complete") }

// Client calls the API under one merchant's credentials. It is safe for concurrent use. Ids, keys and errors are those of
// order/management: rest.ErrID, else a *rest.Error.
type Client struct{ way *rest.Client }

// New checks the options; it opens nothing.
func New(o rest.Options) (*Client, error) {
	way, err := rest.New(o)
	if err != nil {
		return nil, err
	}
	return Over(way), nil
}

// Over is the API over a way that Order Management uses too, so that they share the merchant's rate budget and breaker.
func Over(way *rest.Client) *Client { return &Client{way} }

// at is the path of an order, or of something below it; the id is checked.
func at(id, below string) (string, error) {
	if err := rest.CheckID("order id", id); err != nil {
		return "", err
	}
	return orders + "/" + id + below, nil
}

// Create makes an order of a whole one in JSON.
func (c *Client) Create(ctx context.Context, body []byte, key string) (*Order, error) {
	return c.post(ctx, "create the checkout order", orders, "", body, key)
}

// Update changes the members that body holds; those left out stay. ErrNotAllowed: the order is complete or aborted.
func (c *Client) Update(ctx context.Context, id string, body []byte, key string) (*Order, error) {
	below, err := at(id, "")
	if err != nil {
		return nil, err
	}
	return c.post(ctx, "update the checkout order", below, id, body, key)
}

func (c *Client) post(ctx context.Context, op, at, id string, body []byte, key string) (*Order, error) {
	if err := rest.Scan(body, rest.Object); err != nil {
		return nil, &rest.Error{Op: op, Kind: rest.ErrRequest, Cause: err}
	}
	a, err := c.way.Do(ctx, rest.Call{Op: op, Method: http.MethodPost, Path: at, Key: key, Body: body})
	if err != nil {
		return nil, err
	}
	if id == "" {
		id = path.Base(a.Header.Get("Location"))
	}
	o, err := read(a.Body, id)
	if err != nil {
		return nil, &rest.Error{Op: op, Status: a.Status, Kind: rest.ErrAnswer, Cause: err}
	}
	return o, nil
}

// Order reads an order. An answer that names another one is ErrAnswer.
func (c *Client) Order(ctx context.Context, id string) (*Order, error) {
	const op = "read the checkout order"
	below, err := at(id, "")
	if err != nil {
		return nil, err
	}
	a, err := c.way.Do(ctx, rest.Call{Op: op, Method: http.MethodGet, Path: below, Want: rest.Object})
	if err != nil {
		return nil, err
	}
	o, err := read(a.Body, id)
	if err != nil {
		return nil, &rest.Error{Op: op, Status: a.Status, Kind: rest.ErrAnswer, Cause: err}
	}
	return o, nil
}

// Read is Order for who wants the JSON alone.
func (c *Client) Read(ctx context.Context, id string) ([]byte, error) {
	o, err := c.Order(ctx, id)
	if err != nil {
		return nil, err
	}
	return o.Raw, nil
}

// Abort ends an order that is not complete. ErrNotAllowed: it is.
func (c *Client) Abort(ctx context.Context, id, key string) error {
	below, err := at(id, "/abort")
	if err != nil {
		return err
	}
	_, err = c.way.Do(ctx, rest.Call{Op: "abort the checkout order", Method: http.MethodPost, Path: below, Key: key})
	return err
}

// read takes an answer, whose body rest has scanned; asked is the id that it must name, or that of Location, which may be none.
func read(body []byte, asked string) (*Order, error) {
	var o struct {
		ID     string `json:"order_id"`
		Status string `json:"status"`
	}
	if len(body) == 0 && rest.ValidID(asked) {
		return &Order{ID: asked}, nil
	}
	if err := rest.Scan(body, rest.Object); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, rest.Unusable("order_id or status is not a string")
	}
	switch {
	case !rest.ValidID(o.ID):
		return nil, rest.Unusable("order_id is missing or no id")
	case rest.ValidID(asked) && !rest.SameID(asked, o.ID):
		return nil, rest.Unusable("it is another order")
	}
	return &Order{ID: o.ID, Status: o.Status, Raw: body}, nil
}
