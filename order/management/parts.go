package management

import (
	"time"

	"github.com/kvitto/kvitto/order"
)

// Line is a line of an order, a capture or a refund. Amounts up to 200,000,000; rate and tax may be missing.
type Line struct {
	Type                string        `json:"type,omitzero"`
	Reference           string        `json:"reference,omitzero"`
	Name                string        `json:"name"`
	Quantity            int64         `json:"quantity"`
	QuantityUnit        string        `json:"quantity_unit,omitzero"`
	UnitPrice           order.Amount  `json:"unit_price"`
	TaxRate             *order.Rate   `json:"tax_rate,omitzero"`
	TotalAmount         order.Amount  `json:"total_amount"`
	TotalDiscountAmount order.Amount  `json:"total_discount_amount,omitzero"`
	TotalTaxAmount      *order.Amount `json:"total_tax_amount,omitzero"`
	MerchantData        string        `json:"merchant_data,omitzero"`
	ProductURL          string        `json:"product_url,omitzero"`
	ImageURL            string        `json:"image_url,omitzero"`
}

// Capture is money taken from the authorization.
type Capture struct {
	CaptureID       string       `json:"capture_id"`
	KlarnaReference string       `json:"klarna_reference,omitzero"`
	CapturedAmount  order.Amount `json:"captured_amount"`
	RefundedAmount  order.Amount `json:"refunded_amount,omitzero"`
	CapturedAt      time.Time    `json:"captured_at,omitzero"`
	Description     string       `json:"description,omitzero"`
	Reference       string       `json:"reference,omitzero"`
	Lines           []Line       `json:"order_lines,omitzero"`
}

// Refund is money given back.
type Refund struct {
	RefundID       string       `json:"refund_id,omitzero"`
	RefundedAmount order.Amount `json:"refunded_amount"`
	RefundedAt     time.Time    `json:"refunded_at,omitzero"`
	Description    string       `json:"description,omitzero"`
	Reference      string       `json:"reference,omitzero"`
	Lines          []Line       `json:"order_lines,omitzero"`
}
