// Package simulator plays the provider's checkout: buyers who fill in a cart's checkout, the callbacks that the provider
// fires meanwhile at a running service over HTTP, and what it makes of the answers. What an answer is worth is for package
// judge to say; orders, their API and their pushes are those of internal/fakeprovider.
//
// Its one rule: it does what the provider does, in its order and within its time, and records all of it.
//
// # What a buyer causes
//
//	opens the checkout     address_update with addresses that hold nothing but the country
//	enters an address      address_update with the whole address
//	changes the country    country_change, and no address_update for the same change
//	selects an option      shipping_option_update
//	presses buy            validation, and once more after each 3-D Secure
//	has bought             push by the provider's schedule until the order is acknowledged
//
// A callback without a URL on the order is not fired; a change of country is then an address_update, and without
// shipping_option_update the provider adds the line of the selected option itself. While an update callback is out the order
// is locked: the Checkout API refuses ordinary updates.
package simulator
