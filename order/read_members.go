package order

import "math"

// What is read in this file is carried, not used: types are checked, limits are the provider's business.

func readMerchantURLs(d *decoder, u *MerchantURLs) error {
	return d.object([]member{
		text("terms", &u.Terms, 0),
		text("checkout", &u.Checkout, 0),
		text("confirmation", &u.Confirmation, 0),
		text("push", &u.Push, 0),
		text("validation", &u.Validation, 0),
		text("notification", &u.Notification, 0),
		text("cancellation_terms", &u.CancellationTerms, 0),
		text("address_update", &u.AddressUpdate, 0),
		text("country_change", &u.CountryChange, 0),
		text("shipping_option_update", &u.ShippingOptionUpdate, 0),
		text("upsell", &u.Upsell, 0),
		text("upsell_validation", &u.UpsellValidation, 0),
	}, &u.Unknown)
}

func readOptions(d *decoder, o *Options) error {
	return d.object([]member{
		optional("require_validate_callback_success", &o.RequireValidateCallbackSuccess),
		text("acquiring_channel", &o.AcquiringChannel, 0),
		optional("vat_removed", &o.VATRemoved),
		optional("allow_separate_shipping_address", &o.AllowSeparateShippingAddress),
		text("color_button", &o.ColorButton, 0),
		text("color_button_text", &o.ColorButtonText, 0),
		text("color_checkbox", &o.ColorCheckbox, 0),
		text("color_checkbox_checkmark", &o.ColorCheckboxCheckmark, 0),
		text("color_header", &o.ColorHeader, 0),
		text("color_link", &o.ColorLink, 0),
		text("radius_border", &o.RadiusBorder, 0),
		optional("date_of_birth_mandatory", &o.DateOfBirthMandatory),
		optional("title_mandatory", &o.TitleMandatory),
		optional("phone_mandatory", &o.PhoneMandatory),
		optional("national_identification_number_mandatory", &o.NationalIdentificationMandatory),
		optional("verify_national_identification_number", &o.VerifyNationalIdentificationNumber),
		prose("shipping_details", &o.ShippingDetails, 0),
		prose("additional_merchant_terms", &o.AdditionalMerchantTerms, 0),
		object("additional_checkbox", func() error { return one(d, &o.AdditionalCheckbox, readCheckbox) }),
		list("additional_checkboxes", func() error {
			return many(d, &o.AdditionalCheckboxes, d.lim.Elements, readCheckbox)
		}),
		list("allowed_customer_types", func() error { return d.texts(&o.AllowedCustomerTypes) }),
		optional("show_subtotal_detail", &o.ShowSubtotalDetail),
		optional("auto_capture", &o.AutoCapture),
		optional("require_client_validation", &o.RequireClientValidation),
		optional("enable_discount_module", &o.EnableDiscountModule),
		optional("show_vat_registration_number_field", &o.ShowVATRegistrationNumberField),
		optional("confirmation_page_upsell", &o.ConfirmationPageUpsell),
	}, &o.Unknown)
}

func readCheckbox(d *decoder, c *Checkbox) error {
	return d.object([]member{
		text("id", &c.ID, 0),
		prose("text", &c.Text, 0),
		flag("checked", &c.Checked),
		flag("required", &c.Required),
	}, &c.Unknown)
}

func readAttachment(d *decoder, a *Attachment) error {
	return d.object([]member{
		text("content_type", &a.ContentType, 0),
		prose("body", &a.Body, 0),
	}, &a.Unknown)
}

func readProvider(d *decoder, p *PaymentProvider) error {
	return d.object([]member{
		text("name", &p.Name, 0),
		text("redirect_url", &p.RedirectURL, 0),
		text("image_url", &p.ImageURL, 0),
		whole("fee", (*int64)(&p.Fee), math.MinInt64, math.MaxInt64),
		prose("description", &p.Description, 0),
		list("countries", func() error { return d.texts(&p.Countries) }),
		text("label", &p.Label, 0),
	}, &p.Unknown)
}

func readGUI(d *decoder, g *GUI) error {
	return d.object([]member{list("options", func() error { return d.texts(&g.Options) })}, &g.Unknown)
}

func readRequested(d *decoder, r *MerchantRequested) error {
	return d.object([]member{
		optional("additional_checkbox", &r.AdditionalCheckbox),
		list("additional_checkboxes", func() error {
			return many(d, &r.AdditionalCheckboxes, d.lim.Elements, readChecked)
		}),
	}, &r.Unknown)
}

func readChecked(d *decoder, c *Checked) error {
	return d.object([]member{text("id", &c.ID, 0), flag("checked", &c.Checked)}, &c.Unknown)
}

func readDiscountLine(d *decoder, l *DiscountLine) error {
	return d.object([]member{
		text("name", &l.Name, 0),
		text("reference", &l.Reference, 0),
		whole("quantity", &l.Quantity, 0, math.MaxInt64),
		whole("unit_price", (*int64)(&l.UnitPrice), math.MinInt64, 0),
		whole("tax_rate", (*int64)(&l.TaxRate), 0, int64(MaxRate)),
		whole("total_amount", (*int64)(&l.TotalAmount), math.MinInt64, 0),
		whole("total_tax_amount", (*int64)(&l.TotalTaxAmount), math.MinInt64, math.MaxInt64),
		prose("merchant_data", &l.MerchantData, 0),
	}, &l.Unknown)
}
