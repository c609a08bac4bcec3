package rules

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
)

// Query turns an order into the question of a callback: destination, currency, language, selected option, and the
// facts that the order itself holds (coupons, group, tags). It does not read the order's amounts. A country that
// is named nowhere stays empty: Price and Judge refuse such a query as not served.
func (e *Engine) Query(cb Callback, o *order.Order, now time.Time) *Query {
	q := &Query{
		Callback:    cb,
		Now:         now.In(e.o.Location),
		Order:       o,
		Lines:       o.Lines,
		Destination: e.destination(o),
		Currency:    upper(o.PurchaseCurrency),
		Language:    language(o.Locale),
		Facts:       e.ownFacts(o),
		Products:    e.o.Products,
	}
	if o.SelectedShippingOption != nil {
		q.Selected = o.SelectedShippingOption.ID
	}
	return q
}

// destination follows design 5.2: the shipping address if it names a country, else the billing address, else
// purchase_country, else home. Region and postcode are those of the same address or unknown.
func (e *Engine) destination(o *order.Order) Destination {
	for _, a := range [...]*order.Address{o.ShippingAddress, o.BillingAddress} {
		if a == nil {
			continue
		}
		if country := upper(a.Country); country != "" {
			return Destination{Country: country, Region: upper(a.Region), Postcode: strings.TrimSpace(a.PostalCode)}
		}
	}
	if country := upper(o.PurchaseCountry); country != "" {
		return Destination{Country: country}
	}
	return Destination{Country: e.home}
}

// language returns the primary subtag of a locale, lower case: "sv" of "sv-SE" and "sv_SE". It is empty where that
// is not two or three letters.
func language(locale string) string {
	end := strings.IndexAny(locale, "-_")
	if end < 0 {
		end = len(locale)
	}
	if end < 2 || end > 3 {
		return ""
	}
	for _, c := range []byte(locale[:end]) {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return ""
		}
	}
	return strings.ToLower(locale[:end])
}
