package management

import (
	"context"
	"net/http"

	"github.com/kvitto/kvitto/order/rest"
)

// Options of New, see there.
type Options = rest.Options

// Credentials print as ***.
type Credentials = rest.Credentials

// Error is a call that did not succeed.
type Error = rest.Error

// Kinds of an Error, for errors.Is; see package rest.
var (
	ErrUnauthorized = rest.ErrUnauthorized
	ErrNotAllowed   = rest.ErrNotAllowed
	ErrNotFound     = rest.ErrNotFound
	ErrRateLimited  = rest.ErrRateLimited
	ErrRefused      = rest.ErrRefused
	ErrRequest      = rest.ErrRequest
	ErrUnavailable  = rest.ErrUnavailable
	ErrAnswer       = rest.ErrAnswer
	ErrBreaker      = rest.ErrBreaker
	ErrBudget       = rest.ErrBudget
	ErrNotSent      = rest.ErrNotSent
	ErrID           = rest.ErrID
)

// UserPassword are credentials of two parts, contract 4.1.
func UserPassword(user, password string) (Credentials, error) {
	return rest.UserPassword(user, password)
}

// RawValue is what follows Basic, as it is.
func RawValue(value string) (Credentials, error) { return rest.RawValue(value) }

// Key is the idempotency key of one action on one order, the same whenever it is repeated.
func Key(merchant, orderID, action string) string { return rest.Key(merchant, orderID, action) }

// Client calls the API under one merchant's credentials. It is safe for concurrent use.
//
// Every call asks for an id that the provider can have given (else ErrID) and, where it changes something, for an
// idempotency key, which is a UUID; nothing is sent otherwise. All other errors are an *Error. A call takes no longer than its
// ctx lets it.
type Client struct{ way *rest.Client }

// New checks the options; it opens nothing.
func New(o Options) (*Client, error) {
	way, err := rest.New(o)
	if err != nil {
		return nil, err
	}
	return Over(way), nil
}

// Over is the API over a way that another API uses too.
func Over(way *rest.Client) *Client { return &Client{way} }

// Way is what the calls go over, for the merchant's client of the other API: rate budget and breaker are shared.
func (c *Client) Way() *rest.Client { return c.way }

// at is the path of an order, or of something below it; the id is checked.
func at(orderID, below string) (string, error) {
	if err := rest.CheckID("order id", orderID); err != nil {
		return "", err
	}
	return "/ordermanagement/v1/orders/" + orderID + below, nil
}

// atCapture is the path of a capture, or of something below it.
func atCapture(orderID, captureID, below string) (string, error) {
	if err := rest.CheckID("capture id", captureID); err != nil {
		return "", err
	}
	return at(orderID, "/captures/"+captureID+below)
}

// change sends a call that asks for no body; body is nil or what is sent.
func (c *Client) change(ctx context.Context, op, method, path, key string, body any) (*rest.Answer, error) {
	call := rest.Call{Op: op, Method: method, Path: path, Key: key, Want: rest.StatusOnly}
	if body != nil {
		raw, err := encode(body)
		if err != nil {
			return nil, &Error{Op: op, Kind: ErrRequest, Cause: err}
		}
		call.Body = raw
	}
	return c.way.Do(ctx, call)
}

// read asks for a JSON object and decodes it.
func (c *Client) read(ctx context.Context, op, path string, to any) ([]byte, error) {
	a, err := c.way.Do(ctx, rest.Call{Op: op, Method: http.MethodGet, Path: path, Want: rest.Object})
	if err != nil {
		return nil, err
	}
	if err := decode(a.Body, to); err != nil {
		return nil, &Error{Op: op, Status: a.Status, Kind: ErrAnswer, Cause: err}
	}
	return a.Body, nil
}
