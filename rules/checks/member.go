package checks

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// member is a member of the address or the customer that checks look at, by its name in the order.
type member string

// The members that are treated in their own way.
const (
	streetAddress member = "street_address"
	birthDate     member = "date_of_birth"
	registration  member = "organization_registration_id"
	vatID         member = "vat_id"
)

// Members are the names that missing and matches know: of the address, then of the customer.
func Members() []string {
	return []string{"given_name", "family_name", "email", "phone", "title", "street_address", "street_address2", "street_name",
		"street_number", "house_extension", "postal_code", "city", "region", "care_of", "organization_name", "reference",
		"attention", string(birthDate), string(registration), string(vatID)}
}

// ofCustomer reports whether a member is the customer's and not the address's.
func (m member) ofCustomer() bool { return m == birthDate || m == registration || m == vatID }

// parties are the address that goods go to and who buys.
type parties struct {
	address  *order.Address  // never nil
	customer *order.Customer // never nil
}

// partiesOf takes the shipping address if it names a country, else the billing address if that does: the same one as the
// destination.
func partiesOf(o *order.Order) parties {
	p := parties{customer: o.Customer}
	for _, a := range [...]*order.Address{o.ShippingAddress, o.BillingAddress} {
		if a != nil && strings.TrimSpace(a.Country) != "" {
			p.address = a
			break
		}
	}
	if p.address == nil {
		p.address = new(order.Address)
	}
	if p.customer == nil {
		p.customer = new(order.Customer)
	}
	return p
}

// filled reports whether the buyer has written a street: before that an address is thin and nothing can be missing in it.
func (p *parties) filled() bool {
	return strings.TrimSpace(p.address.StreetAddress) != "" || strings.TrimSpace(p.address.StreetName) != ""
}

// parts is the value of a member; what belongs together is joined by a space. A street that comes in parts, as from
// Germany, Austria and the Netherlands, is also the street_address.
func (m member) parts(p *parties) [3]string {
	a, c := p.address, p.customer
	switch m {
	case streetAddress:
		if a.StreetAddress == "" {
			return [3]string{a.StreetName, a.StreetNumber, a.HouseExtension}
		}
		return [3]string{a.StreetAddress}
	case birthDate:
		return [3]string{c.DateOfBirth}
	case registration:
		return [3]string{c.OrganizationRegistrationID}
	case vatID:
		return [3]string{c.VATID}
	default:
		return [3]string{m.ofAddress(a)}
	}
}

func (m member) ofAddress(a *order.Address) string {
	switch m {
	case "given_name":
		return a.GivenName
	case "family_name":
		return a.FamilyName
	case "email":
		return a.Email
	case "phone":
		return a.Phone
	case "title":
		return a.Title
	case "street_address2":
		return a.StreetAddress2
	case "postal_code":
		return a.PostalCode
	case "city":
		return a.City
	case "region":
		return a.Region
	default:
		return m.ofLongAddress(a)
	}
}

// ofLongAddress reads the members that few countries use.
func (m member) ofLongAddress(a *order.Address) string {
	switch m {
	case "street_name":
		return a.StreetName
	case "street_number":
		return a.StreetNumber
	case "house_extension":
		return a.HouseExtension
	case "care_of":
		return a.CareOf
	case "organization_name":
		return a.OrganizationName
	case "reference":
		return a.Reference
	case "attention":
		return a.Attention
	default:
		return ""
	}
}

// blank reports whether a member is not there, or only blanks.
func (m member) blank(p *parties) bool {
	for _, part := range m.parts(p) {
		if strings.TrimSpace(part) != "" {
			return false
		}
	}
	return true
}

// member reads a name; ok is false where it was told.
func (l *loader) member(n *diag.Node) (member, bool) {
	for _, name := range Members() {
		if name == n.Text {
			return member(name), true
		}
	}
	if n.Text == "country" {
		l.r.Errorf(codeWord, n.Place, "the country is not checked as a text").Help = "name a zone: when: {to: …}"
		return "", false
	}
	l.unknown(n, "`%s` is not a member of an address or a customer", Members())
	return "", false
}

// missing reads a name or a list of names.
func (l *loader) missing(n *diag.Node) []named {
	if n == nil {
		return nil
	}
	nodes, ok := l.scope.Names(n)
	if !ok {
		return nil
	}
	var list []named
	for _, node := range nodes {
		if m, ok := l.member(node); ok {
			list = append(list, named{m, node.Place})
		}
	}
	return list
}

// matches reads a map from members to patterns.
func (l *loader) matches(n *diag.Node) []match {
	if n == nil || !diag.WantMap(n, "`matches`", l.r) {
		return nil
	}
	if len(n.Keys) == 0 {
		l.r.Errorf(diag.CodeShape, n.Place, "`matches` names no member").Help = `write e.g. matches: {street_address: ["box *"]}`
	}
	var list []match
	for i, key := range n.Keys {
		m, ok := l.member(key)
		patterns := l.patterns(n.Values[i])
		if ok {
			list = append(list, match{named{m, key.Place}, patterns})
		}
	}
	return list
}
