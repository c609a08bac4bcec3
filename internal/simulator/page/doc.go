// Package page shows the simulated checkout in a browser: a buyer plays on the left, and on the right stands each callback,
// its answer, how the provider took it and why, to the acknowledged order.
//
// Its one rule: it shows and presses buttons; what an answer is worth is for package judge to say, and what a buyer can do for
// package simulator. Pages are rendered here and work without script; htmx spares reloads where it runs.
//
// # Paths
//
//	GET  /                                start: ready-made carts, checkouts so far
//	POST /checkouts                       creates an order and opens its checkout
//	GET  /checkouts/{id}                  the checkout, with the log of its callbacks
//	POST /checkouts/{id}/{step}           country, address, option, cart, add, remove, buy
//	GET  /checkouts/{id}/log?after=SEQ    callbacks that came since, 204 where there is none
//	GET  /orders/{id}                     the order once it is bought
//	GET  /orders/{id}/live?seen=MARK      what changes of it, 204 where nothing did
//	POST /orders/{id}/{step}              push, decide, jump
//	GET  /callbacks, /callbacks/{seq}     all recorded callbacks; one of them
//	GET  /callbacks/{seq}/{part}          why, request, answer
//	POST /provider/{switch}               fault, calm, clock
//	POST /service                         plugs the service in or out, where it runs in this process
//	GET  /help
//	POST /theme
//
// # Safety
//
// It is a tool for one machine, and yet every page of the internet that its user has open can reach loopback. So requests
// whose Host is no loopback name are refused (DNS rebinding), as are those that change something and come from another origin;
// nothing is loaded from elsewhere, no script or style stands in a page, and no page shows the token of a callback URL in full.
package page
