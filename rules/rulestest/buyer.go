package rulestest

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// into reads a text of a map, if it is there.
func (b *builder) into(n *diag.Node, key string, to *string) {
	if v := n.Get(key); v != nil && diag.WantText(v, "`"+key+"`", b.r) {
		*to = strings.TrimSpace(v.Text)
	}
}

// moreKeys are the members of an address that only checks look at, by their names in the order.
func moreKeys() []string {
	return []string{"given_name", "family_name", "email", "phone", "title", "street_address", "street_address2", "street_name",
		"street_number", "house_extension", "city", "care_of", "organization_name", "reference", "attention"}
}

// more reads them; nil where none is there.
func (b *builder) more(n *diag.Node) *order.Address {
	var a order.Address
	to := []*string{&a.GivenName, &a.FamilyName, &a.Email, &a.Phone, &a.Title, &a.StreetAddress, &a.StreetAddress2, &a.StreetName,
		&a.StreetNumber, &a.HouseExtension, &a.City, &a.CareOf, &a.OrganizationName, &a.Reference, &a.Attention}
	found := false
	for i, key := range moreKeys() {
		found = found || n.Get(key) != nil
		b.into(n, key, to[i])
	}
	if !found {
		return nil
	}
	return &a
}
