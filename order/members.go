package order

import "github.com/go-json-experiment/json/jsontext"

// MerchantURLs are the shop's addresses on the order. They are never called from here.
type MerchantURLs struct {
	Terms                string         `json:"terms,omitzero"`
	Checkout             string         `json:"checkout,omitzero"`
	Confirmation         string         `json:"confirmation,omitzero"`
	Push                 string         `json:"push,omitzero"`
	Validation           string         `json:"validation,omitzero"`
	Notification         string         `json:"notification,omitzero"`
	CancellationTerms    string         `json:"cancellation_terms,omitzero"`
	AddressUpdate        string         `json:"address_update,omitzero"`
	CountryChange        string         `json:"country_change,omitzero"`
	ShippingOptionUpdate string         `json:"shipping_option_update,omitzero"`
	Upsell               string         `json:"upsell,omitzero"`
	UpsellValidation     string         `json:"upsell_validation,omitzero"`
	Unknown              jsontext.Value `json:",embed"`
}

// Options of the checkout. A flag that is nil was not sent; its default may depend on the country.
type Options struct {
	RequireValidateCallbackSuccess     *bool          `json:"require_validate_callback_success,omitzero"`
	AcquiringChannel                   string         `json:"acquiring_channel,omitzero"`
	VATRemoved                         *bool          `json:"vat_removed,omitzero"`
	AllowSeparateShippingAddress       *bool          `json:"allow_separate_shipping_address,omitzero"`
	ColorButton                        string         `json:"color_button,omitzero"`
	ColorButtonText                    string         `json:"color_button_text,omitzero"`
	ColorCheckbox                      string         `json:"color_checkbox,omitzero"`
	ColorCheckboxCheckmark             string         `json:"color_checkbox_checkmark,omitzero"`
	ColorHeader                        string         `json:"color_header,omitzero"`
	ColorLink                          string         `json:"color_link,omitzero"`
	RadiusBorder                       string         `json:"radius_border,omitzero"`
	DateOfBirthMandatory               *bool          `json:"date_of_birth_mandatory,omitzero"`
	TitleMandatory                     *bool          `json:"title_mandatory,omitzero"`
	PhoneMandatory                     *bool          `json:"phone_mandatory,omitzero"`
	NationalIdentificationMandatory    *bool          `json:"national_identification_number_mandatory,omitzero"`
	VerifyNationalIdentificationNumber *bool          `json:"verify_national_identification_number,omitzero"`
	ShippingDetails                    string         `json:"shipping_details,omitzero"`
	AdditionalMerchantTerms            string         `json:"additional_merchant_terms,omitzero"`
	AdditionalCheckbox                 *Checkbox      `json:"additional_checkbox,omitzero"`
	AdditionalCheckboxes               []Checkbox     `json:"additional_checkboxes,omitzero"`
	AllowedCustomerTypes               []string       `json:"allowed_customer_types,omitzero"`
	ShowSubtotalDetail                 *bool          `json:"show_subtotal_detail,omitzero"`
	AutoCapture                        *bool          `json:"auto_capture,omitzero"`
	RequireClientValidation            *bool          `json:"require_client_validation,omitzero"`
	EnableDiscountModule               *bool          `json:"enable_discount_module,omitzero"`
	ShowVATRegistrationNumberField     *bool          `json:"show_vat_registration_number_field,omitzero"`
	ConfirmationPageUpsell             *bool          `json:"confirmation_page_upsell,omitzero"`
	Unknown                            jsontext.Value `json:",embed"`
}

// Checkbox is one the shop adds to the checkout. ID is empty for the single additional_checkbox.
type Checkbox struct {
	ID       string         `json:"id,omitzero"`
	Text     string         `json:"text,omitzero"`
	Checked  bool           `json:"checked,omitzero"`
	Required bool           `json:"required,omitzero"`
	Unknown  jsontext.Value `json:",embed"`
}

// Attachment is opaque: Body is usually JSON in a string, and nobody here parses it.
type Attachment struct {
	ContentType string         `json:"content_type,omitzero"`
	Body        string         `json:"body,omitzero"`
	Unknown     jsontext.Value `json:",embed"`
}

// PaymentProvider is an external payment method or checkout. Fee is in minor units, tax included.
type PaymentProvider struct {
	Name        string         `json:"name,omitzero"`
	RedirectURL string         `json:"redirect_url,omitzero"`
	ImageURL    string         `json:"image_url,omitzero"`
	Fee         Amount         `json:"fee,omitzero"`
	Description string         `json:"description,omitzero"`
	Countries   []string       `json:"countries,omitzero"`
	Label       string         `json:"label,omitzero"`
	Unknown     jsontext.Value `json:",embed"`
}

// GUI options, such as minimal_confirmation.
type GUI struct {
	Options []string       `json:"options,omitzero"`
	Unknown jsontext.Value `json:",embed"`
}

// MerchantRequested holds the answers to the shop's own checkboxes. AdditionalCheckbox is nil where none was asked.
type MerchantRequested struct {
	AdditionalCheckbox   *bool          `json:"additional_checkbox,omitzero"`
	AdditionalCheckboxes []Checked      `json:"additional_checkboxes,omitzero"`
	Unknown              jsontext.Value `json:",embed"`
}

// Checked is the buyer's answer to one checkbox.
type Checked struct {
	ID      string         `json:"id,omitzero"`
	Checked bool           `json:"checked,omitzero"`
	Unknown jsontext.Value `json:",embed"`
}

// DiscountLine of the provider's own discount module: amounts are minor units, zero or less.
type DiscountLine struct {
	Name           string         `json:"name,omitzero"`
	Reference      string         `json:"reference,omitzero"`
	Quantity       int64          `json:"quantity,omitzero"`
	UnitPrice      Amount         `json:"unit_price,omitzero"`
	TaxRate        Rate           `json:"tax_rate,omitzero"`
	TotalAmount    Amount         `json:"total_amount,omitzero"`
	TotalTaxAmount Amount         `json:"total_tax_amount,omitzero"`
	MerchantData   string         `json:"merchant_data,omitzero"`
	Unknown        jsontext.Value `json:",embed"`
}
