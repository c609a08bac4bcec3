package fakeprovider

// Kind names a call, into the provider or out of it. Faults are set by it.
type Kind string

// The calls of Order Management.
const (
	Read                Kind = "read"
	Acknowledge         Kind = "acknowledge"
	Authorization       Kind = "authorization"
	CustomerDetails     Kind = "customer_details"
	MerchantReferences  Kind = "merchant_references"
	ExtendAuthorization Kind = "extend_authorization_time"
	Release             Kind = "release_remaining_authorization"
	Cancel              Kind = "cancel"
	ShippingInfo        Kind = "shipping_info"
	Capture             Kind = "capture"
	Captures            Kind = "captures"
	CaptureRead         Kind = "capture_read"
	CaptureShippingInfo Kind = "capture_shipping_info"
	TriggerSendOut      Kind = "trigger_send_out"
	ExtendDueDate       Kind = "extend_due_date"
	DueDateOptions      Kind = "due_date_options"
	Refund              Kind = "refund"
	RefundRead          Kind = "refund_read"
)

// The calls of the Checkout API.
const (
	CheckoutCreate Kind = "checkout_create"
	CheckoutRead   Kind = "checkout_read"
	CheckoutUpdate Kind = "checkout_update"
	CheckoutAbort  Kind = "checkout_abort"
)

// What the provider sends.
const (
	Push         Kind = "push"
	Notification Kind = "notification"
)

// The rest.
const (
	Unknown Kind = "unknown" // no call of either API
	Any     Kind = "any"     // for faults: every call into the provider that has none of its own
)

// Kinds lists every kind that a fault can be set for.
func Kinds() []Kind {
	return []Kind{
		Read, Acknowledge, Authorization, CustomerDetails, MerchantReferences, ExtendAuthorization, Release, Cancel,
		ShippingInfo, Capture, Captures, CaptureRead, CaptureShippingInfo, TriggerSendOut, ExtendDueDate, DueDateOptions,
		Refund, RefundRead, CheckoutCreate, CheckoutRead, CheckoutUpdate, CheckoutAbort, Push, Notification, Any,
	}
}
