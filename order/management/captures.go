package management

import (
	"context"
	"net/http"
	"path"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/rest"
)

// CaptureRequest is what is to be captured. Amount is in minor units, 0 to 200,000,000. Lines may be left out; there are
// 1000 at most. Description and Reference have 255 characters at most. ShippingDelay is in days, 0 but where the provider
// has agreed to more.
type CaptureRequest struct {
	Amount        order.Amount   `json:"captured_amount"`
	Description   string         `json:"description,omitzero"`
	Reference     string         `json:"reference,omitzero"`
	Lines         []Line         `json:"order_lines,omitzero"`
	ShippingInfo  []ShippingInfo `json:"shipping_info,omitzero"`
	ShippingDelay int64          `json:"shipping_delay,omitzero"`
}

// Capture takes money from the authorization, which acknowledges the order too. It returns the capture's id, "" where the
// provider made the capture without saying it. ErrNotAllowed: not this amount, or not in this state.
func (c *Client) Capture(ctx context.Context, id string, r CaptureRequest, key string) (string, error) {
	below, err := at(id, "/captures")
	if err != nil {
		return "", err
	}
	a, err := c.change(ctx, "capture", http.MethodPost, below, key, r)
	if err != nil {
		return "", err
	}
	return made(a, "Capture-Id"), nil
}

// made is the id of what was made: of the header, else the end of Location; "" where neither holds one.
func made(a *rest.Answer, header string) string {
	for _, id := range []string{a.Header.Get(header), path.Base(a.Header.Get("Location"))} {
		if rest.ValidID(id) {
			return id
		}
	}
	return ""
}

// Captures lists an order's captures.
func (c *Client) Captures(ctx context.Context, id string) ([]Capture, error) {
	const op = "list the captures"
	below, err := at(id, "/captures")
	if err != nil {
		return nil, err
	}
	a, err := c.way.Do(ctx, rest.Call{Op: op, Method: http.MethodGet, Path: below, Want: rest.List})
	if err != nil {
		return nil, err
	}
	list, err := captureList(a.Body)
	if err != nil {
		return nil, &Error{Op: op, Status: a.Status, Kind: ErrAnswer, Cause: err}
	}
	return list, nil
}

// CaptureOf reads one capture of an order.
func (c *Client) CaptureOf(ctx context.Context, id, captureID string) (*Capture, error) {
	const op = "read the capture"
	below, err := atCapture(id, captureID, "")
	if err != nil {
		return nil, err
	}
	var one Capture
	if one.Raw, err = c.read(ctx, op, below, &one); err != nil {
		return nil, err
	}
	if !rest.SameID(captureID, one.CaptureID) {
		return nil, &Error{Op: op, Status: http.StatusOK, Kind: ErrAnswer, Cause: rest.Unusable("it is another capture")}
	}
	return &one, nil
}

// AddCaptureShippingInfo adds parcels to a capture, 1 to 500 of them. ErrNotAllowed: there are no captures.
func (c *Client) AddCaptureShippingInfo(ctx context.Context, id, captureID string, info []ShippingInfo, key string) error {
	below, err := atCapture(id, captureID, "/shipping-info")
	if err != nil {
		return err
	}
	_, err = c.change(ctx, "add shipping info to the capture", http.MethodPost, below, key, shipments{info})
	return err
}

// TriggerSendOut has the provider send the buyer the capture's invoice again.
func (c *Client) TriggerSendOut(ctx context.Context, id, captureID, key string) error {
	below, err := atCapture(id, captureID, "/trigger-send-out")
	if err != nil {
		return err
	}
	_, err = c.change(ctx, "send the invoice again", http.MethodPost, below, key, nil)
	return err
}

// ExtendDueDate puts the due date of a capture off by days, one of ExtendDueDateOptions.
func (c *Client) ExtendDueDate(ctx context.Context, id, captureID string, days int64, key string) error {
	below, err := atCapture(id, captureID, "/extend-due-date")
	if err != nil {
		return err
	}
	type extension struct {
		NumberOfDays int64 `json:"number_of_days"`
	}
	_, err = c.change(ctx, "extend the due date", http.MethodPatch, below, key, extension{days})
	return err
}

// ExtendDueDateOptions asks by how many days the due date of a capture can be put off, and for what fee.
func (c *Client) ExtendDueDateOptions(ctx context.Context, id, captureID string) (*DueDateOptions, error) {
	below, err := atCapture(id, captureID, "/extend-due-date-options")
	if err != nil {
		return nil, err
	}
	var o DueDateOptions
	if o.Raw, err = c.read(ctx, "read the due date options", below, &o); err != nil {
		return nil, err
	}
	return &o, nil
}
