package management

import (
	"time"

	"github.com/kvitto/kvitto/order"
)

// Line is a line of an order, a capture or a refund. Amounts up to 200,000,000; rate and tax may be missing.
type Line struct {
	Type                order.LineType            `json:"type,omitzero"`
	Reference           string                    `json:"reference,omitzero"`
	Name                string                    `json:"name"`
	Quantity            int64                     `json:"quantity"`
	QuantityUnit        string                    `json:"quantity_unit,omitzero"`
	UnitPrice           order.Amount              `json:"unit_price"`
	TaxRate             *order.Rate               `json:"tax_rate,omitzero"`
	TotalAmount         order.Amount              `json:"total_amount"`
	TotalDiscountAmount order.Amount              `json:"total_discount_amount,omitzero"`
	TotalTaxAmount      *order.Amount             `json:"total_tax_amount,omitzero"`
	MerchantData        string                    `json:"merchant_data,omitzero"`
	ProductURL          string                    `json:"product_url,omitzero"`
	ImageURL            string                    `json:"image_url,omitzero"`
	ProductIdentifiers  *order.ProductIdentifiers `json:"product_identifiers,omitzero"`
	Subscription        *order.Subscription       `json:"subscription,omitzero"`
}

// Capture is money taken from the authorization. Amounts are minor units of the order's currency. Raw is the capture as it
// came where it was read on its own.
type Capture struct {
	CaptureID       string         `json:"capture_id"`
	KlarnaReference string         `json:"klarna_reference,omitzero"`
	CapturedAmount  order.Amount   `json:"captured_amount"`
	RefundedAmount  order.Amount   `json:"refunded_amount,omitzero"`
	CapturedAt      time.Time      `json:"captured_at,omitzero"`
	Description     string         `json:"description,omitzero"`
	Reference       string         `json:"reference,omitzero"`
	Lines           []Line         `json:"order_lines,omitzero"`
	ShippingInfo    []ShippingInfo `json:"shipping_info,omitzero"`
	BillingAddress  *order.Address `json:"billing_address,omitzero"`
	ShippingAddress *order.Address `json:"shipping_address,omitzero"`
	Raw             []byte         `json:"-"`
}

// Refund is money given back. RefundedAmount is in minor units of the order's currency. Raw is the refund as it came where
// it was read on its own.
type Refund struct {
	RefundID       string       `json:"refund_id,omitzero"`
	RefundedAmount order.Amount `json:"refunded_amount"`
	RefundedAt     time.Time    `json:"refunded_at,omitzero"`
	Description    string       `json:"description,omitzero"`
	Reference      string       `json:"reference,omitzero"`
	CreditInvoice  *bool        `json:"credit_invoice,omitzero"`
	Lines          []Line       `json:"order_lines,omitzero"`
	Raw            []byte       `json:"-"`
}

// ShippingInfo is one parcel. Companies and numbers have 100 characters at most, addresses 1024.
type ShippingInfo struct {
	ShippingCompany       string `json:"shipping_company,omitzero"`
	ShippingMethod        string `json:"shipping_method,omitzero"`
	TrackingNumber        string `json:"tracking_number,omitzero"`
	TrackingURI           string `json:"tracking_uri,omitzero"`
	ReturnShippingCompany string `json:"return_shipping_company,omitzero"`
	ReturnTrackingNumber  string `json:"return_tracking_number,omitzero"`
	ReturnTrackingURI     string `json:"return_tracking_uri,omitzero"`
}

// ShippingOption is what the buyer chose where the provider's shipping service ran. Amounts are minor units, nil where the
// provider does not say them: its schema lets them be null.
type ShippingOption struct {
	ID             string          `json:"id,omitzero"`
	Name           string          `json:"name,omitzero"`
	Type           string          `json:"type,omitzero"`
	Class          string          `json:"class,omitzero"`
	Carrier        string          `json:"carrier,omitzero"`
	CarrierProduct *CarrierProduct `json:"carrier_product,omitzero"`
	Method         string          `json:"method,omitzero"`
	Price          *order.Amount   `json:"price,omitzero"`
	TaxAmount      *order.Amount   `json:"tax_amount,omitzero"`
	TaxRate        *order.Rate     `json:"tax_rate,omitzero"`
	Location       *Location       `json:"location,omitzero"`
	Timeslot       *Timeslot       `json:"timeslot,omitzero"`
	SelectedAddons []Addon         `json:"selected_addons,omitzero"`
	TMSReference   string          `json:"tms_reference,omitzero"`
}

// CarrierProduct is the carrier's name for the service.
type CarrierProduct struct {
	Name       string `json:"name,omitzero"`
	Identifier string `json:"identifier,omitzero"`
}

// Location is a pickup point.
type Location struct {
	ID      string           `json:"id,omitzero"`
	Name    string           `json:"name,omitzero"`
	Price   *order.Amount    `json:"price,omitzero"`
	Address *LocationAddress `json:"address,omitzero"`
}

// LocationAddress is a pickup point's. Its second street line is spelled with two underscores on the wire.
type LocationAddress struct {
	StreetAddress  string `json:"street_address,omitzero"`
	StreetAddress2 string `json:"street_address__2,omitzero"`
	PostalCode     string `json:"postal_code,omitzero"`
	City           string `json:"city,omitzero"`
	Region         string `json:"region,omitzero"`
	Country        string `json:"country,omitzero"`
}

// Timeslot is when the buyer wants the parcel; the times are as the carrier writes them.
type Timeslot struct {
	ID     string        `json:"id,omitzero"`
	Start  string        `json:"start,omitzero"`
	End    string        `json:"end,omitzero"`
	Cutoff string        `json:"cutoff,omitzero"`
	Price  *order.Amount `json:"price,omitzero"`
}

// Addon is an extra that the buyer chose, such as a text message.
type Addon struct {
	Type       string        `json:"type,omitzero"`
	Price      *order.Amount `json:"price,omitzero"`
	ExternalID string        `json:"external_id,omitzero"`
	UserInput  string        `json:"user_input,omitzero"`
}

// DueDateOptions are by how many days the due date of a capture can be put off, and what each costs in minor units of
// Currency.
type DueDateOptions struct {
	Currency string          `json:"currency,omitzero"`
	Options  []DueDateOption `json:"options,omitzero"`
	Raw      []byte          `json:"-"`
}

// DueDateOption is one of them.
type DueDateOption struct {
	NumberOfDays int64        `json:"number_of_days"`
	Amount       order.Amount `json:"amount"`
}
