package quote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// Piece is a made-up piece of goods on its way to a buyer, for a product page that says what freight costs at least.
type Piece struct {
	Country   string      `json:"country"`            // two letters
	Postcode  string      `json:"postcode,omitzero"`  // empty: not known
	Region    string      `json:"region,omitzero"`    // as in an address
	Currency  string      `json:"currency"`           // ISO 4217
	Locale    string      `json:"locale,omitzero"`    // of the option's name
	Reference string      `json:"reference,omitzero"` // sku, by which a list of products knows weight, size and class
	Weight    int64       `json:"weight,omitzero"`    // grams
	Value     int64       `json:"value,omitzero"`     // minor units, tax included where prices include it
	TaxRate   *order.Rate `json:"tax_rate,omitzero"`  // basis points; nil: what the tables charge at home
	Tags      []string    `json:"tags,omitzero"`      // of the goods, by which tables know their classes
}

// ErrPiece is a question that cannot be asked; the text says which member and what is right, without any of its text.
var ErrPiece = errors.New("freight-from")

// ReadPiece reads a question, strictly.
func ReadPiece(body []byte) (*Piece, error) {
	p := &Piece{}
	if err := json.Unmarshal(body, p, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%w: the body must be a JSON object with country, currency, and if known postcode, region, "+
			"locale, reference, weight in grams, value in minor units, tax_rate, tags%s", ErrPiece, at(err))
	}
	return p, p.check()
}

// at names the member that does not fit where it is one of ours.
func at(err error) string {
	var s *json.SemanticError
	if errors.As(err, &s) && !errors.Is(err, json.ErrUnknownName) && s.JSONPointer != "" {
		return "; look at " + string(s.JSONPointer)
	}
	return ""
}

// Most of what a piece may be.
const (
	maxGrams     = 1_000_000_000
	maxText      = 100 // bytes
	maxReference = 255 // bytes
	maxTags      = 50
)

func (p *Piece) check() error {
	_, known := order.CurrencyExponent(order.Upper(p.Currency))
	switch {
	case !twoLetters(p.Country):
		return fmt.Errorf("%w: country must be two letters, as in SE", ErrPiece)
	case !known:
		return fmt.Errorf("%w: currency must be a code of ISO 4217, as in SEK", ErrPiece)
	case len(p.Postcode) > maxText || len(p.Region) > maxText || len(p.Locale) > maxText || len(p.Reference) > maxReference:
		return fmt.Errorf("%w: postcode, region, locale and reference are short texts", ErrPiece)
	case p.Weight < 0 || p.Weight > maxGrams:
		return fmt.Errorf("%w: weight is grams, from 0 to %d", ErrPiece, maxGrams)
	case p.Value < 0 || order.Amount(p.Value) > order.MaxLineAmount:
		return fmt.Errorf("%w: value is minor units, from 0 to %d", ErrPiece, order.MaxLineAmount)
	case p.TaxRate != nil && (*p.TaxRate < 0 || *p.TaxRate > order.MaxRate):
		return fmt.Errorf("%w: tax_rate is from 0 to %d, 2500 is 25 %%", ErrPiece, order.MaxRate)
	case len(p.Tags) > maxTags:
		return fmt.Errorf("%w: tags are %d at most", ErrPiece, maxTags)
	}
	return nil
}

func twoLetters(s string) bool {
	s = order.Upper(s)
	return len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}

// Ask asks an engine what can be offered for the piece. The plan is nil where the decision is not to accept.
func Ask(ctx context.Context, e *rules.Engine, p *Piece, now time.Time) (*pricing.Plan, rules.Decision, error) {
	rate := order.Rate(0)
	if p.TaxRate != nil {
		rate = *p.TaxRate
	} else if home, err := homeRate(ctx, e, p, now); err != nil {
		return nil, rules.Decision{}, err
	} else {
		rate = home
	}
	return e.Price(ctx, e.Query(rules.FreightFrom, p.order(rate, true), now))
}

// homeRate is what the tables tax the piece with at home, so that a price with tax is not taken for one without where it
// moves to another country. Where nothing can be priced there it is 0.
func homeRate(ctx context.Context, e *rules.Engine, p *Piece, now time.Time) (order.Rate, error) {
	plan, _, err := e.Price(ctx, e.Query(rules.FreightFrom, p.order(0, false), now))
	if err != nil || plan == nil || len(plan.Lines) == 0 {
		return 0, err
	}
	return plan.Lines[0].TaxRate, nil
}

func (p *Piece) order(rate order.Rate, addressed bool) *order.Order {
	value := order.Amount(p.Value)
	l := order.Line{Type: order.Physical, Reference: p.Reference, Name: "piece", Quantity: 1, UnitPrice: value, TaxRate: rate, TotalAmount: value}
	if p.Weight > 0 || len(p.Tags) > 0 {
		l.ShippingAttributes = &order.ShippingAttributes{Weight: p.Weight, Tags: p.Tags}
	}
	if tax, err := pricing.TaxWithin(value, rate); err == nil { // the rate is in range
		l.TotalTaxAmount = tax
	}
	o := &order.Order{PurchaseCurrency: p.Currency, Locale: p.Locale, OrderAmount: value, OrderTaxAmount: l.TotalTaxAmount,
		Lines: []order.Line{l}}
	if addressed {
		o.ShippingAddress = &order.Address{Country: p.Country, Region: p.Region, PostalCode: p.Postcode}
	}
	return o
}

// Cheapest is the option with the lowest price, the first of equals; nil where there is none.
func Cheapest(p *pricing.Plan) *order.ShippingOption {
	var best *order.ShippingOption
	for i := range p.Options {
		if best == nil || p.Options[i].Price < best.Price {
			best = &p.Options[i]
		}
	}
	return best
}

// AppendFrom appends the answer to a question: the currency in upper case, and the cheapest option, null where nothing has to
// be sent.
func AppendFrom(dst []byte, p *pricing.Plan) ([]byte, error) {
	option := jsontext.Value("null")
	if best := Cheapest(p); best != nil {
		plain := *best
		plain.Preselected = false // there is no list to choose from
		var err error
		if option, err = plain.AppendJSON(nil); err != nil {
			return nil, err
		}
	}
	return order.Replace(dst, []byte(`{}`),
		order.Member{Name: "purchase_currency", Value: jsontext.Value(`"` + order.Upper(p.Order.PurchaseCurrency) + `"`)},
		order.Member{Name: "shipping_option", Value: option})
}
