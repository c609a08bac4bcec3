package order

import "github.com/go-json-experiment/json/jsontext"

// MerchantURLs are the shop's addresses on the order. They are never called from here.
type MerchantURLs struct {
	Unknown jsontext.Value `json:",embed"`
}

// Options of the checkout.
type Options struct {
	Unknown jsontext.Value `json:",embed"`
}

// Attachment is opaque.
type Attachment struct {
	Unknown jsontext.Value `json:",embed"`
}

// PaymentProvider is an external payment method or checkout.
type PaymentProvider struct {
	Unknown jsontext.Value `json:",embed"`
}

// GUI options.
type GUI struct {
	Unknown jsontext.Value `json:",embed"`
}

// MerchantRequested holds the answers to the shop's own checkboxes.
type MerchantRequested struct {
	Unknown jsontext.Value `json:",embed"`
}

// DiscountLine of the provider's own discount module.
type DiscountLine struct {
	Unknown jsontext.Value `json:",embed"`
}
