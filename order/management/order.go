package management

import (
	"time"

	"github.com/kvitto/kvitto/order"
)

// Status of an order at the provider.
type Status string

// The statuses. Others may come.
const (
	Authorized   Status = "AUTHORIZED"
	PartCaptured Status = "PART_CAPTURED"
	Captured     Status = "CAPTURED"
	Cancelled    Status = "CANCELLED"
	Expired      Status = "EXPIRED"
	Closed       Status = "CLOSED"
)

// FraudStatus of an order at the provider.
type FraudStatus string

// The fraud statuses. Others may come.
const (
	FraudAccepted FraudStatus = "ACCEPTED"
	FraudPending  FraudStatus = "PENDING"
	FraudRejected FraudStatus = "REJECTED"
)

// Order is an order as Order Management shows it. Amounts are minor units of PurchaseCurrency, which is in either case. A
// cancelled order still shows its old RemainingAuthorizedAmount. Raw is the whole answer as it came, unknown members
// included; it is read-only.
type Order struct {
	OrderID                   string          `json:"order_id"`
	Status                    Status          `json:"status"`
	FraudStatus               FraudStatus     `json:"fraud_status"`
	OrderAmount               order.Amount    `json:"order_amount"`
	OriginalOrderAmount       order.Amount    `json:"original_order_amount"`
	CapturedAmount            order.Amount    `json:"captured_amount"`
	RefundedAmount            order.Amount    `json:"refunded_amount"`
	RemainingAuthorizedAmount order.Amount    `json:"remaining_authorized_amount"`
	PurchaseCountry           string          `json:"purchase_country"`
	PurchaseCurrency          string          `json:"purchase_currency"`
	Locale                    string          `json:"locale"`
	Lines                     []Line          `json:"order_lines"`
	BillingAddress            *order.Address  `json:"billing_address,omitzero"`
	ShippingAddress           *order.Address  `json:"shipping_address,omitzero"`
	Customer                  *Customer       `json:"customer,omitzero"`
	MerchantReference1        string          `json:"merchant_reference1,omitzero"`
	MerchantReference2        string          `json:"merchant_reference2,omitzero"`
	MerchantData              string          `json:"merchant_data,omitzero"`
	KlarnaReference           string          `json:"klarna_reference,omitzero"`
	CreatedAt                 time.Time       `json:"created_at,omitzero"`
	ExpiresAt                 time.Time       `json:"expires_at,omitzero"`
	Captures                  []Capture       `json:"captures,omitzero"`
	Refunds                   []Refund        `json:"refunds,omitzero"`
	ShippingInfo              []ShippingInfo  `json:"shipping_info,omitzero"`
	InitialPaymentMethod      *PaymentMethod  `json:"initial_payment_method,omitzero"`
	SelectedShippingOption    *ShippingOption `json:"selected_shipping_option,omitzero"`
	Raw                       []byte          `json:"-"`
}

// Customer says who bought. DateOfBirth and NationalIdentificationNumber are personal data of a kind that nothing of ours
// stores, logs or hands on unasked.
type Customer struct {
	Type                         string `json:"type,omitzero"`
	DateOfBirth                  string `json:"date_of_birth,omitzero"`
	NationalIdentificationNumber string `json:"national_identification_number,omitzero"`
}

// PaymentMethod is how the buyer paid at first. Type is one of the provider's list, such as INVOICE or CARD; it grows.
type PaymentMethod struct {
	Type                 string `json:"type,omitzero"`
	Description          string `json:"description,omitzero"`
	NumberOfInstallments *int64 `json:"number_of_installments,omitzero"`
}
