package decisions

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// given stands for what a buyer has written.
const given = "given"

// Longest texts that are kept of members which a shop or a browser fills, in bytes: what is longer is no postcode or article.
const (
	maxCode     = 16
	maxWord     = 64
	maxCategory = 750
	maxListed   = 50 // tags and coupons
)

// question appends an order as a callback body that the tables answer as they answered the one that came in.
func (w *writer) question(o *order.Order) {
	w.begin()
	w.code("purchase_country", o.PurchaseCountry)
	w.code("purchase_currency", o.PurchaseCurrency)
	w.code("locale", o.Locale)
	w.number("order_amount", int64(o.OrderAmount))
	w.number("order_tax_amount", int64(o.OrderTaxAmount))
	w.address("billing_address", o.BillingAddress)
	w.address("shipping_address", o.ShippingAddress)
	w.customer(o.Customer)
	if s := o.SelectedShippingOption; s != nil && s.ID != "" && len(s.ID) <= maxWord {
		w.open("selected_shipping_option")
		w.word("id", s.ID)
		w.word("name", s.ID)
		w.number("price", int64(s.Price))
		w.number("tax_amount", int64(s.TaxAmount))
		w.number("tax_rate", int64(s.TaxRate))
		w.close()
	}
	w.words("tags", o.Tags)
	w.list("order_lines")
	for i := range o.Lines {
		w.line(&o.Lines[i])
	}
	w.end()
	w.close()
}

// address appends where the goods go, and which other members were there.
func (w *writer) address(name string, a *order.Address) {
	if a == nil {
		return
	}
	w.open(name)
	w.code("country", a.Country)
	w.code("region", a.Region)
	w.code("postal_code", a.PostalCode)
	w.given("given_name", a.GivenName)
	w.given("family_name", a.FamilyName)
	w.given("email", a.Email)
	w.given("title", a.Title)
	w.given("street_address", a.StreetAddress)
	w.given("street_address2", a.StreetAddress2)
	w.given("street_name", a.StreetName)
	w.given("street_number", a.StreetNumber)
	w.given("house_extension", a.HouseExtension)
	w.given("city", a.City)
	w.given("phone", a.Phone)
	w.given("care_of", a.CareOf)
	w.given("organization_name", a.OrganizationName)
	w.given("reference", a.Reference)
	w.given("attention", a.Attention)
	w.close()
}

// given appends that a member was there.
func (w *writer) given(name, text string) {
	if strings.TrimSpace(text) != "" {
		w.plain(name, given)
	}
}

func (w *writer) customer(c *order.Customer) {
	if c == nil {
		return
	}
	w.open("customer")
	switch c.Type {
	case "person", "organization":
		w.plain("type", c.Type)
	}
	w.given("organization_registration_id", c.OrganizationRegistrationID)
	w.vatID(c.VATID)
	w.close()
}

// vatID appends the form of a VAT id: its letters, and 0 for each digit. What is none is only said to be there.
func (w *writer) vatID(id string) {
	if strings.TrimSpace(id) == "" {
		return
	}
	form, digits := make([]byte, 0, maxCode), 0
	for _, c := range []byte(id) {
		switch {
		case c == ' ' || c == '.' || c == '-':
			continue
		case '0' <= c && c <= '9':
			c = '0'
			digits++
		case 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		case 'A' <= c && c <= 'Z':
		default:
			digits = -maxCode
		}
		if len(form) == maxCode {
			digits = -maxCode
			break
		}
		form = append(form, c)
	}
	const least, letters = 5, 4
	if digits < least || len(form)-digits > letters {
		w.plain("vat_id", given)
		return
	}
	w.key("vat_id")
	w.dst = append(append(append(w.dst, '"'), form...), '"')
}

// line appends a line. Its name is kept by nobody: tables ask for the reference.
func (w *writer) line(l *order.Line) {
	w.item()
	w.begin()
	kind := l.Kind()
	if l.Type != "" {
		w.word("type", string(l.Type))
	}
	if kind != order.GiftCard && kind != order.StoreCredit {
		w.word("reference", l.Reference)
	}
	w.plain("name", "line")
	w.number("quantity", l.Quantity)
	w.number("unit_price", int64(l.UnitPrice))
	w.number("tax_rate", int64(l.TaxRate))
	w.number("total_amount", int64(l.TotalAmount))
	if l.TotalDiscountAmount != 0 {
		w.number("total_discount_amount", int64(l.TotalDiscountAmount))
	}
	w.number("total_tax_amount", int64(l.TotalTaxAmount))
	if l.MerchantData == pricing.Mark {
		w.plain("merchant_data", pricing.Mark)
	}
	if p := l.ProductIdentifiers; p != nil && p.CategoryPath != "" && len(p.CategoryPath) <= maxCategory {
		w.open("product_identifiers")
		w.text("category_path", p.CategoryPath)
		w.close()
	}
	w.attributes(l.ShippingAttributes)
	w.close()
}

func (w *writer) attributes(a *order.ShippingAttributes) {
	if a == nil {
		return
	}
	w.open("shipping_attributes")
	w.number("weight", a.Weight)
	if d := a.Dimensions; d != nil {
		w.open("dimensions")
		w.number("height", d.Height)
		w.number("width", d.Width)
		w.number("length", d.Length)
		w.close()
	}
	w.words("tags", a.Tags)
	w.close()
}
