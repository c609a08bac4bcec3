package page

import (
	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/order"
)

// cartCard is a ready-made cart as the start page shows it.
type cartCard struct {
	Name, Title string
	Icon        string // id of its picture
	About       string
	Country     string
	Currency    string
	Total       order.Amount
	Lines       []simulator.Line
}

func cardOf(c simulator.Cart) cartCard {
	var o struct {
		priced
		Country string `json:"purchase_country"`
	}
	_ = json.Unmarshal(c.Body, &o) // what cannot be read is not shown; the provider says more when the cart is opened
	return cartCard{Name: c.Name, Title: c.Title, Icon: iconOf(c.Name), About: aboutCart(c.Name), Country: order.Upper(o.Country),
		Currency: order.Upper(o.Currency), Total: o.Amount, Lines: o.Lines}
}

// aboutCart says what a cart is good for.
func aboutCart(name string) string {
	switch name {
	case "books-and-lamps":
		return "Two rates of tax in one parcel: freight tax is split."
	case "sofa":
		return "Too big for a pickup point: only bulky freight is offered."
	case "digital":
		return "Nothing to ship: no options and no freight."
	case "gift-card":
		return "A card pays a part, and follows when the total changes."
	case "business":
		return "An organization buys: other prices, maybe another tax."
	case "us":
		return "In dollars and without tax: a US shop adds it as lines."
	case "us-freight":
		return "Too heavy for parcels: a truck to the curb, in the lower 48 states."
	case "us-gift-card":
		return "The card pays goods, freight and sales tax alike."
	case "german":
		return "In euro, with a book at the reduced rate."
	case "german-bulky":
		return "On a pallet: freight by zone, weight and volume."
	case "german-business":
		return "With a VAT id, from another country: reverse charge, so no tax."
	}
	return "A cart of your own."
}

func iconOf(name string) string {
	switch name {
	case "books-and-lamps", "sofa", "digital", "gift-card", "business", "us", "german":
		return name
	case "german-bulky", "us-freight":
		return "sofa"
	case "german-business":
		return "business"
	case "us-gift-card":
		return "gift-card"
	}
	return "books-and-lamps"
}
