package order

import (
	"math"
	"strconv"
)

// Lengths of the order's own strings in characters.
const (
	maxName         = 255
	maxReference    = 255
	maxMerchantData = 6000
)

// readOrder reads the body.
func (d *decoder) readOrder(o *Order) error {
	if err := d.expect(formObject); err != nil {
		return err
	}
	country, locale := text("purchase_country", &o.PurchaseCountry, 0), text("locale", &o.Locale, 0)
	country.need, locale.need = d.whole, d.whole
	amount := whole("order_amount", (*int64)(&o.OrderAmount), 0, math.MaxInt64)
	tax := whole("order_tax_amount", (*int64)(&o.OrderTaxAmount), 0, math.MaxInt64)
	amount.need, tax.need = !d.draft, !d.draft
	err := d.object([]member{
		text("order_id", &o.OrderID, 255),
		text("name", &o.Name, maxName),
		country,
		must(text("purchase_currency", &o.PurchaseCurrency, 0)),
		locale,
		text("status", &o.Status, 0),
		object("billing_address", func() error { return one(d, &o.BillingAddress, readAddress) }),
		object("shipping_address", func() error { return one(d, &o.ShippingAddress, readAddress) }),
		amount,
		tax,
		must(list("order_lines", func() error { return many(d, &o.Lines, d.lim.Lines, readLine) })),
		object("customer", func() error { return one(d, &o.Customer, readCustomer) }),
		object("merchant_urls", func() error { return one(d, &o.MerchantURLs, readMerchantURLs) }),
		prose("html_snippet", &o.HTMLSnippet, 0),
		text("merchant_reference1", &o.MerchantReference1, maxReference),
		text("merchant_reference2", &o.MerchantReference2, maxReference),
		text("started_at", &o.StartedAt, 0),
		text("completed_at", &o.CompletedAt, 0),
		text("last_modified_at", &o.LastModifiedAt, 0),
		object("options", func() error { return one(d, &o.Options, readOptions) }),
		object("attachment", func() error { return one(d, &o.Attachment, readAttachment) }),
		list("external_payment_methods", func() error {
			return many(d, &o.ExternalPaymentMethods, d.lim.Elements, readProvider)
		}),
		list("external_checkouts", func() error { return many(d, &o.ExternalCheckouts, d.lim.Elements, readProvider) }),
		list("shipping_countries", func() error { return d.texts(&o.ShippingCountries) }),
		list("billing_countries", func() error { return d.texts(&o.BillingCountries) }),
		list("shipping_options", func() error { return many(d, &o.ShippingOptions, d.lim.Elements, readOption) }),
		object("selected_shipping_option", func() error { return one(d, &o.SelectedShippingOption, readOption) }),
		prose("merchant_data", &o.MerchantData, maxMerchantData),
		object("gui", func() error { return one(d, &o.GUI, readGUI) }),
		object("merchant_requested", func() error { return one(d, &o.MerchantRequested, readRequested) }),
		optional("recurring", &o.Recurring),
		text("recurring_token", &o.RecurringToken, 0),
		text("recurring_description", &o.RecurringDescription, maxName),
		list("tags", func() error { return d.texts(&o.Tags) }),
		list("discount_lines", func() error { return many(d, &o.DiscountLines, d.lim.Elements, readDiscountLine) }),
	}, &o.Unknown)
	if err != nil {
		return err
	}
	return d.checkCurrency(o)
}

// checkCurrency refuses what is not a currency.
func (d *decoder) checkCurrency(o *Order) error {
	if _, ok := CurrencyExponent(Upper(o.PurchaseCurrency)); ok {
		return nil
	}
	return d.faultAt("purchase_currency", FaultCurrency, "found "+strconv.Itoa(len(o.PurchaseCurrency))+
		" bytes that are no currency; right is a code of ISO 4217 with a minor unit, such as SEK")
}

func readCustomer(d *decoder, c *Customer) error {
	return d.object([]member{
		text("type", &c.Type, 0),
		text("gender", &c.Gender, 0),
		text("date_of_birth", &c.DateOfBirth, 0),
		text("organization_registration_id", &c.OrganizationRegistrationID, 0),
		text("vat_id", &c.VATID, 0),
	}, &c.Unknown)
}

// readAddress lets tabs and line breaks pass: buyers paste addresses.
func readAddress(d *decoder, a *Address) error {
	return d.object([]member{
		prose("given_name", &a.GivenName, 0),
		prose("family_name", &a.FamilyName, 0),
		prose("email", &a.Email, 0),
		prose("title", &a.Title, 0),
		prose("street_address", &a.StreetAddress, 0),
		prose("street_address2", &a.StreetAddress2, 0),
		prose("street_name", &a.StreetName, 0),
		prose("street_number", &a.StreetNumber, 0),
		prose("house_extension", &a.HouseExtension, 0),
		prose("postal_code", &a.PostalCode, 0),
		prose("city", &a.City, 0),
		prose("region", &a.Region, 0),
		prose("phone", &a.Phone, 0),
		text("country", &a.Country, 0),
		prose("care_of", &a.CareOf, 0),
		prose("organization_name", &a.OrganizationName, 0),
		prose("reference", &a.Reference, 0),
		prose("attention", &a.Attention, 0),
	}, &a.Unknown)
}
