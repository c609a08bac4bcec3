package order

import "github.com/go-json-experiment/json/jsontext"

// LineType says what a line is. Unknown types travel untouched.
type LineType string

// The line types of the contract. A line without a type is Physical.
const (
	Physical    LineType = "physical"
	Discount    LineType = "discount"
	ShippingFee LineType = "shipping_fee"
	SalesTax    LineType = "sales_tax"
	Digital     LineType = "digital"
	GiftCard    LineType = "gift_card"
	StoreCredit LineType = "store_credit"
	Surcharge   LineType = "surcharge"
	ReturnFee   LineType = "return_fee"
)

// Line is one order line. A line that came in keeps the bytes it came in; it leaves as those bytes
// unless Reprice made a new value of it, and then only the five priced members differ. To replace anything else of a
// line that came in, make a new Line.
type Line struct {
	Type                LineType            `json:"type,omitzero"`
	Reference           string              `json:"reference,omitzero"`
	Name                string              `json:"name"`
	Quantity            int64               `json:"quantity"`
	QuantityUnit        string              `json:"quantity_unit,omitzero"`
	UnitPrice           Amount              `json:"unit_price"`
	TaxRate             Rate                `json:"tax_rate"`
	TotalAmount         Amount              `json:"total_amount"`
	TotalDiscountAmount Amount              `json:"total_discount_amount,omitzero"`
	TotalTaxAmount      Amount              `json:"total_tax_amount"`
	MerchantData        string              `json:"merchant_data,omitzero"`
	ProductURL          string              `json:"product_url,omitzero"`
	ImageURL            string              `json:"image_url,omitzero"`
	ProductIdentifiers  *ProductIdentifiers `json:"product_identifiers,omitzero"`
	ShippingAttributes  *ShippingAttributes `json:"shipping_attributes,omitzero"`
	Subscription        *Subscription       `json:"subscription,omitzero"`
	Unknown             jsontext.Value      `json:",embed"`

	raw      string // as it came in; empty for a line made here
	at       prices // where the five priced members stand in raw
	repriced bool   // they differ from raw
	untaxed  bool   // tax_rate or total_tax_amount was missing in raw
}

// ProductIdentifiers describe a product; CategoryPath feeds class rules.
type ProductIdentifiers struct {
	Brand                  string         `json:"brand,omitzero"`
	Color                  string         `json:"color,omitzero"`
	CategoryPath           string         `json:"category_path,omitzero"`
	GlobalTradeItemNumber  string         `json:"global_trade_item_number,omitzero"`
	ManufacturerPartNumber string         `json:"manufacturer_part_number,omitzero"`
	Size                   string         `json:"size,omitzero"`
	Unknown                jsontext.Value `json:",embed"`
}

// ShippingAttributes of ONE piece of the line: Weight in grams, Dimensions in millimetres.
type ShippingAttributes struct {
	Weight     int64          `json:"weight,omitzero"`
	Dimensions *Dimensions    `json:"dimensions,omitzero"`
	Tags       []string       `json:"tags,omitzero"`
	Unknown    jsontext.Value `json:",embed"`
}

// Dimensions of one piece in millimetres.
type Dimensions struct {
	Height  int64          `json:"height,omitzero"`
	Width   int64          `json:"width,omitzero"`
	Length  int64          `json:"length,omitzero"`
	Unknown jsontext.Value `json:",embed"`
}

// Subscription of a recurring line. Interval is DAY, WEEK, MONTH or YEAR.
type Subscription struct {
	Name          string         `json:"name,omitzero"`
	Interval      string         `json:"interval"`
	IntervalCount int64          `json:"interval_count"`
	Unknown       jsontext.Value `json:",embed"`
}

// Prices are the five priced members of a line.
type Prices struct {
	UnitPrice, TotalDiscountAmount, TotalAmount, TotalTaxAmount Amount
	TaxRate                                                     Rate
}

// Untaxed reports whether the line came without tax_rate or total_tax_amount, as US shops send them; they read as 0
// and leave as such.
func (l *Line) Untaxed() bool { return l.untaxed }

// Prices returns the five priced members.
func (l *Line) Prices() Prices {
	return Prices{UnitPrice: l.UnitPrice, TotalDiscountAmount: l.TotalDiscountAmount, TotalAmount: l.TotalAmount,
		TotalTaxAmount: l.TotalTaxAmount, TaxRate: l.TaxRate}
}

// Reprice returns a copy of l with these prices and everything else as it was. With equal prices the copy
// leaves as the bytes that came in, unless tax members were missing there.
func (l *Line) Reprice(p Prices) Line {
	c := *l
	c.UnitPrice, c.TotalDiscountAmount, c.TotalAmount = p.UnitPrice, p.TotalDiscountAmount, p.TotalAmount
	c.TotalTaxAmount, c.TaxRate = p.TotalTaxAmount, p.TaxRate
	c.repriced = c.repriced || p != l.Prices()
	return c
}

// Kind returns the line's type; a line without one is Physical.
func (l *Line) Kind() LineType {
	if l.Type == "" {
		return Physical
	}
	return l.Type
}

// Goods reports whether the line is something the buyer gets: anything but discounts, freight, tax, fees and
// payment. A type that is not in the contract counts as goods.
func (l *Line) Goods() bool {
	switch l.Kind() {
	case Discount, ShippingFee, SalesTax, GiftCard, StoreCredit, Surcharge, ReturnFee:
		return false
	default:
		return true
	}
}

// Ships reports whether the line has to be sent to an address: goods that are not digital.
func (l *Line) Ships() bool { return l.Goods() && l.Kind() != Digital }

// Rated reports whether tables may move the line to another tax rate: physical, digital, surcharge and
// discount lines. Lines of a type that is not in the contract travel untouched.
func (l *Line) Rated() bool {
	switch l.Kind() {
	case Physical, Digital, Surcharge, Discount:
		return true
	default:
		return false
	}
}
