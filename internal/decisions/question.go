package decisions

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// Longest texts that are kept of members which a shop or a browser fills, in bytes: what is longer is no postcode or article.
const (
	maxCode     = 16
	maxWord     = 64
	maxCategory = 750
	maxListed   = 50 // tags and coupons
)

// Kinds of customers, as they are kept.
const (
	noCustomer = iota
	otherCustomer
	person
	organization
)

// Bits of a line.
const (
	hasMark  = 1 << iota // it is a fee of ours
	hasGoods             // it has product identifiers
	hasShape             // it has shipping attributes
	hasSides             // and dimensions
)

// question notes what tables ask for of an order; order() reads it again.
func (t *tape) question(o *order.Order) {
	t.code(o.PurchaseCountry)
	t.code(o.PurchaseCurrency)
	t.code(o.Locale)
	t.number(int64(o.OrderAmount))
	t.number(int64(o.OrderTaxAmount))
	t.address(o.BillingAddress)
	t.address(o.ShippingAddress)
	t.customer(o.Customer)
	if s := o.SelectedShippingOption; s != nil && s.ID != "" && len(s.ID) <= maxWord {
		t.text(s.ID)
		t.number(int64(s.Price))
		t.number(int64(s.TaxAmount))
		t.number(int64(s.TaxRate))
	} else {
		t.text("")
	}
	t.words(o.Tags)
	t.number(int64(len(o.Lines)))
	for i := range o.Lines {
		t.line(&o.Lines[i])
	}
}

// given are the members of an address of which it is kept only that they were there, a bit each.
func given(a *order.Address) [15]*string {
	return [15]*string{&a.GivenName, &a.FamilyName, &a.Email, &a.Title, &a.StreetAddress, &a.StreetAddress2, &a.StreetName, &a.StreetNumber,
		&a.HouseExtension, &a.City, &a.Phone, &a.CareOf, &a.OrganizationName, &a.Reference, &a.Attention}
}

// address notes where the goods go, and which other members were there; one more bit says that there is an address at all.
func (t *tape) address(a *order.Address) {
	if a == nil {
		t.number(0)
		return
	}
	bits := int64(1)
	for i, text := range given(a) {
		if strings.TrimSpace(*text) != "" {
			bits |= 2 << i
		}
	}
	t.number(bits)
	t.code(a.Country)
	t.code(a.Region)
	t.code(a.PostalCode)
}

func (t *tape) customer(c *order.Customer) {
	if c == nil {
		t.number(noCustomer)
		return
	}
	switch c.Type {
	case "person":
		t.number(person)
	case "organization":
		t.number(organization)
	default:
		t.number(otherCustomer)
	}
	t.flag(strings.TrimSpace(c.OrganizationRegistrationID) != "")
	t.vatID(c.VATID)
}

// vatID notes the form of a VAT id: its letters, and 0 for each digit. What is none is only said to be there.
func (t *tape) vatID(id string) {
	if strings.TrimSpace(id) == "" {
		t.text("")
		return
	}
	var buffer [maxCode]byte
	form, digits := buffer[:0], 0
	for _, c := range []byte(id) {
		switch {
		case c == ' ' || c == '.' || c == '-':
			continue
		case '0' <= c && c <= '9':
			c = '0'
			digits++
		case 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		case c < 'A' || c > 'Z':
			t.text(wasGiven)
			return
		}
		if len(form) == maxCode {
			t.text(wasGiven)
			return
		}
		form = append(form, c)
	}
	const least, letters = 5, 4
	if digits < least || len(form)-digits > letters {
		t.text(wasGiven)
		return
	}
	t.text(string(form))
}

// line notes a line. Its name is kept by nobody: tables ask for the reference.
func (t *tape) line(l *order.Line) {
	p, a := l.ProductIdentifiers, l.ShippingAttributes
	bits := int64(0)
	if l.MerchantData == pricing.Mark {
		bits |= hasMark
	}
	if p != nil {
		bits |= hasGoods
	}
	if a != nil {
		bits |= hasShape
		if a.Dimensions != nil {
			bits |= hasSides
		}
	}
	t.number(bits)
	t.short(string(l.Type), maxWord)
	if kind := l.Kind(); kind != order.GiftCard && kind != order.StoreCredit {
		t.short(l.Reference, maxWord)
	} else {
		t.text("")
	}
	t.number(l.Quantity)
	t.number(int64(l.UnitPrice))
	t.number(int64(l.TaxRate))
	t.number(int64(l.TotalAmount))
	t.number(int64(l.TotalDiscountAmount))
	t.number(int64(l.TotalTaxAmount))
	if p != nil {
		t.short(p.CategoryPath, maxCategory)
	}
	if a == nil {
		return
	}
	t.number(a.Weight)
	if d := a.Dimensions; d != nil {
		t.number(d.Height)
		t.number(d.Width)
		t.number(d.Length)
	}
	t.words(a.Tags)
}
