package rules

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// Callback names the question the provider (or the shop) asked.
type Callback string

// The callbacks.
const (
	AddressUpdate        Callback = "address_update"
	CountryChange        Callback = "country_change"
	ShippingOptionUpdate Callback = "shipping_option_update"
	Validation           Callback = "validation"
)

// Query is one question. It is read-only: engines change nothing in it or behind it. It is shared by all of them for
// the time of one request; a member that is not Inline gets its own shallow copy. A member that was cut off may read
// on after the request is over, so nothing behind a Query is ever written to again or recycled: Order and its lines,
// Lines, Facts, Body.
type Query struct {
	Callback    Callback
	Now         time.Time
	Order       *order.Order // as it came in
	Lines       []order.Line // what stays of its lines: goods re-rated once the tax engine has spoken
	Destination Destination
	Currency    string // upper case
	Language    string // primary subtag of the locale, lower case; may be empty
	Selected    string // id of the selected shipping option; may be empty
	Facts       Facts
	Products    Products // what the shop's list says about articles; may be nil
	Body        []byte   // of validation as it came in, where a member is a BodyReader; else nil
	Trace       *Trace   // nil unless somebody asked why
}

// Destination is where the goods go.
type Destination struct {
	Country  string // ISO 3166-1 alpha-2, upper case; never empty in a Query
	Region   string // as sent, upper case; may be empty
	Postcode string // as sent; empty: not known yet
}

// Facts are what is known beyond the amounts: first what the order itself says (tags, references of discount lines,
// merchant_data), then what fact providers add in the order of configuration. Lists grow; a later group replaces an
// earlier one, and so do the points of a plug-in. In the answer of a provider the Pickup key "" is its own name.
type Facts struct {
	Group       string
	Coupons     []string
	Tags        []string
	LineTags    map[int][]string         // by index into Query.Order.Lines
	Pickup      map[string][]PickupPoint // by plug-in name; a missing key: nobody answered
	Unavailable map[string]bool          // plug-ins that are registered and did not answer
}

// PickupPoint is a place where a buyer fetches a parcel.
type PickupPoint struct {
	ID, Name                        string
	Street, Postcode, City, Country string
}

// Offer is one shipping option before tax.
type Offer struct {
	ID, Name, Description, Promo string
	Method                       string
	Details                      *order.DeliveryDetails
	TMSReference                 string
	Price                        order.Amount // minor units of Query.Currency
	ExclTax                      bool         // Price has no tax in it
	Round                        pricing.Rounding
	TaxClass                     string // empty: as shipping_tax says
}

// PreselectMode says which option is marked where the buyer has chosen none.
type PreselectMode uint8

const (
	// PreselectFirst marks the first option.
	PreselectFirst PreselectMode = iota
	// PreselectCheapest marks the option with the lowest price, tax included; a tie takes the first.
	PreselectCheapest
	// PreselectNone marks none.
	PreselectNone
	// PreselectID marks the option with id Offers.PreselectID, else the first.
	PreselectID
)

// Offers is a shipping engine's answer.
type Offers struct {
	Options     []Offer
	Preselect   PreselectMode
	PreselectID string
	NoOption    *Reject // what to say where there is something to ship and no option; nil: no opinion
	Unpriced    bool    // no option of this country has any price in Query.Currency
	NeedsCode   bool    // the postcode is unknown and the tables would have looked at it
	Reasons     []Reason
}

// ShippingEngine answers: what can be offered to this cart at this address? It is called concurrently,
// must not keep q, and must return when ctx ends.
type ShippingEngine interface {
	Offer(ctx context.Context, q *Query) (Offers, error)
}

// GoodsTax is a tax engine's answer about the lines: one LineRate per element of q.Lines.
type GoodsTax struct {
	Rates   []pricing.LineRate
	ByLine  bool // the tax is lines of its own: the lines leave without tax, Rates is not looked at, see LineTaxer
	Keep    pricing.Keep
	Reject  *Reject // the destination is not served
	Reasons []Reason
}

// TaxEngine answers: what is the tax of these lines and this shipping?
type TaxEngine interface {
	// Goods is asked first; q.Lines are the incoming lines that stay, with their incoming rates.
	Goods(ctx context.Context, q *Query) (GoodsTax, error)
	// Freight is asked per tax class of the offers; q.Lines are re-rated by then.
	Freight(ctx context.Context, q *Query, class string) (pricing.FreightTax, error)
}

// FactProvider answers: what else is known?
type FactProvider interface {
	Facts(ctx context.Context, q *Query) (Facts, error)
}

// Validator answers: may this order complete?
type Validator interface {
	Validate(ctx context.Context, q *Query) (Decision, error)
}

// Dated is implemented by engines whose answer depends on the clock: the instants in (from, to] at which it
// can change, ascending.
type Dated interface {
	Changes(from, to time.Time) []time.Time
}

// Homed is implemented by engines that know where the shop is; "" is no answer.
type Homed interface {
	Home() string
}
