package rulestest

import (
	"regexp"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// address is where the goods go; any part may be missing, as in early callbacks.
type address struct {
	country, region, postcode string
	more                      *order.Address // further members; nil: none
}

// text writes the address as it is written under `to`.
func (a address) text() string {
	text := a.country
	if a.region != "" {
		text += "-" + a.region
	}
	return strings.TrimSpace(text + " " + a.postcode)
}

// wire is the address of the order; nil where nothing is known.
func (a address) wire() *order.Address {
	if a == (address{}) {
		return nil
	}
	var w order.Address
	if a.more != nil {
		w = *a.more
	}
	w.Country, w.Region, w.PostalCode = a.country, a.region, a.postcode
	return &w
}

var place = regexp.MustCompile(`^([A-Z]{2})(?:-([A-Z0-9]{1,3}))?(?:[ \x{00a0}]+(\S.*))?$`)

// address reads `SE 113 51`, `US-NY 10001` or {country, postcode, region, street_address, phone, …}. The country need not exist: shops get such
// addresses too.
func (b *builder) address(n *diag.Node) address {
	if n.Kind == diag.Map {
		return b.addressMap(n)
	}
	if !diag.WantText(n, "an address", b.r) {
		return address{}
	}
	text := strings.TrimSpace(n.Text)
	m := place.FindStringSubmatch(text)
	if m == nil {
		f := b.r.Errorf(codeForm, n.Place, "`%s` is not an address", n.Text)
		f.Help = "write a country in two capital letters and a postcode, e.g. SE 113 51 or US-NY 10001"
		if head, rest, _ := strings.Cut(text, " "); place.MatchString(strings.ToUpper(head)) {
			f.Fix = strings.TrimSpace(strings.ToUpper(head) + " " + rest)
		}
		return address{}
	}
	return address{country: m[1], region: m[2], postcode: m[3]}
}

func (b *builder) addressMap(n *diag.Node) (a address) {
	if !diag.Fields(n, "an address", append([]string{"country", "postcode", "region"}, moreKeys()...), b.r) {
		return a
	}
	a.more = b.more(n)
	for _, part := range []struct {
		key string
		to  *string
	}{{"country", &a.country}, {"postcode", &a.postcode}, {"region", &a.region}} {
		if v := n.Get(part.key); v != nil && diag.WantText(v, "`"+part.key+"`", b.r) {
			*part.to = strings.TrimSpace(v.Text)
		}
	}
	return a
}
