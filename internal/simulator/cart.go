package simulator

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed carts
var carts embed.FS

// Cart is a ready-made cart: an order as a shop creates it, without merchant_urls.
type Cart struct {
	Name  string
	Title string
	Body  []byte // JSON
}

// Carts returns the ready-made carts, in the order in which they are shown.
func Carts() []Cart {
	list := []Cart{
		{Name: "books-and-lamps", Title: "Books and lamps"},
		{Name: "sofa", Title: "Bulky sofa"},
		{Name: "digital", Title: "Digital only"},
		{Name: "gift-card", Title: "Lamp with a gift card"},
		{Name: "business", Title: "Business buyer"},
		{Name: "german", Title: "German basket"},
		{Name: "german-bulky", Title: "Bulky garden bench"},
		{Name: "german-business", Title: "Business buyer in Austria"},
		{Name: "us", Title: "US basket, prices without tax"},
		{Name: "us-freight", Title: "Cast-iron bench by truck"},
		{Name: "us-gift-card", Title: "US lamp with a gift card"},
	}
	for i := range list {
		body, err := carts.ReadFile("carts/" + list[i].Name + ".json")
		if err != nil {
			panic("simulator: " + err.Error()) // it is compiled in
		}
		list[i].Body = body
	}
	return list
}

// CartNames are those of Carts.
func CartNames() []string {
	var names []string
	for _, c := range Carts() {
		names = append(names, c.Name)
	}
	return names
}

// FindCart returns a ready-made cart by its name.
func FindCart(name string) (Cart, error) {
	list := Carts()
	i := slices.IndexFunc(list, func(c Cart) bool { return c.Name == name })
	if i < 0 {
		return Cart{}, fmt.Errorf("cart %q: there is none of that name; there are %s", name, strings.Join(CartNames(), ", "))
	}
	return list[i], nil
}
