package rules

// Quote is asked by the shop itself, before it creates the order: a draft, priced as the provider's callbacks would price
// it. It never redirects; FreightFrom asks for one made-up piece of goods, for a product page.
const (
	Quote       Callback = "quote"
	FreightFrom Callback = "freight_from"
)
