package order

// Answer is the 200 body of an update callback. It replaces the cart and the offered options whole, so
// Lines and Options are always complete; an empty Options travels as []. merchant_data is never sent.
type Answer struct {
	OrderAmount      Amount
	OrderTaxAmount   Amount
	Lines            []Line
	PurchaseCurrency string // upper case
	Options          []ShippingOption
}
