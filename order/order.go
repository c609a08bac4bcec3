// Package order is the checkout order as it travels between Kvitto and the provider: the model, a
// decoder that refuses what it cannot carry and keeps what it does not know, and an encoder that
// gives it back.
//
// Its one rule: nothing that came in is lost or altered unless a caller replaced it by name.
package order

import "github.com/go-json-experiment/json/jsontext"

// Order is the body of all four priced callbacks. The three update callbacks send a subset
// (no OrderID, PurchaseCountry, MerchantURLs, Options); validation sends the whole order.
// To give a whole order back with unknown members as they came, encode it with jsontext.PreserveRawStrings(true).
// A decoded Order is read-only: every step makes a new value. Countries and currencies are as sent,
// in either case; compare with the functions of this package.
type Order struct {
	OrderID                string             `json:"order_id,omitzero"`
	Name                   string             `json:"name,omitzero"`
	PurchaseCountry        string             `json:"purchase_country,omitzero"`
	PurchaseCurrency       string             `json:"purchase_currency"`
	Locale                 string             `json:"locale,omitzero"`
	Status                 string             `json:"status,omitzero"`
	BillingAddress         *Address           `json:"billing_address,omitzero"`
	ShippingAddress        *Address           `json:"shipping_address,omitzero"`
	OrderAmount            Amount             `json:"order_amount"`
	OrderTaxAmount         Amount             `json:"order_tax_amount"`
	Lines                  []Line             `json:"order_lines"`
	Customer               *Customer          `json:"customer,omitzero"`
	MerchantURLs           *MerchantURLs      `json:"merchant_urls,omitzero"`
	HTMLSnippet            string             `json:"html_snippet,omitzero"`
	MerchantReference1     string             `json:"merchant_reference1,omitzero"`
	MerchantReference2     string             `json:"merchant_reference2,omitzero"`
	StartedAt              string             `json:"started_at,omitzero"`
	CompletedAt            string             `json:"completed_at,omitzero"`
	LastModifiedAt         string             `json:"last_modified_at,omitzero"`
	Options                *Options           `json:"options,omitzero"`
	Attachment             *Attachment        `json:"attachment,omitzero"`
	ExternalPaymentMethods []PaymentProvider  `json:"external_payment_methods,omitzero"`
	ExternalCheckouts      []PaymentProvider  `json:"external_checkouts,omitzero"`
	ShippingCountries      []string           `json:"shipping_countries,omitzero"`
	BillingCountries       []string           `json:"billing_countries,omitzero"`
	ShippingOptions        []ShippingOption   `json:"shipping_options,omitzero"`
	SelectedShippingOption *ShippingOption    `json:"selected_shipping_option,omitzero"`
	MerchantData           string             `json:"merchant_data,omitzero"`
	GUI                    *GUI               `json:"gui,omitzero"`
	MerchantRequested      *MerchantRequested `json:"merchant_requested,omitzero"`
	Recurring              *bool              `json:"recurring,omitzero"`
	RecurringToken         string             `json:"recurring_token,omitzero"`
	RecurringDescription   string             `json:"recurring_description,omitzero"`
	Tags                   []string           `json:"tags,omitzero"`
	DiscountLines          []DiscountLine     `json:"discount_lines,omitzero"`
	Unknown                jsontext.Value     `json:",embed"`
}

// Customer says who buys. CustomerType is "person", "organization" or empty.
type Customer struct {
	Type                       string         `json:"type,omitzero"`
	Gender                     string         `json:"gender,omitzero"`
	DateOfBirth                string         `json:"date_of_birth,omitzero"`
	OrganizationRegistrationID string         `json:"organization_registration_id,omitzero"`
	VATID                      string         `json:"vat_id,omitzero"`
	Unknown                    jsontext.Value `json:",embed"`
}

// Address is a billing or shipping address; every member is optional, early calls name only the country.
type Address struct {
	GivenName        string         `json:"given_name,omitzero"`
	FamilyName       string         `json:"family_name,omitzero"`
	Email            string         `json:"email,omitzero"`
	Title            string         `json:"title,omitzero"`
	StreetAddress    string         `json:"street_address,omitzero"`
	StreetAddress2   string         `json:"street_address2,omitzero"`
	StreetName       string         `json:"street_name,omitzero"`
	StreetNumber     string         `json:"street_number,omitzero"`
	HouseExtension   string         `json:"house_extension,omitzero"`
	PostalCode       string         `json:"postal_code,omitzero"`
	City             string         `json:"city,omitzero"`
	Region           string         `json:"region,omitzero"`
	Phone            string         `json:"phone,omitzero"`
	Country          string         `json:"country,omitzero"`
	CareOf           string         `json:"care_of,omitzero"`
	OrganizationName string         `json:"organization_name,omitzero"`
	Reference        string         `json:"reference,omitzero"`
	Attention        string         `json:"attention,omitzero"`
	Unknown          jsontext.Value `json:",embed"`
}
