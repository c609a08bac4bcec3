// Package callbacks answers the provider's callbacks over HTTP, one gin handler a file: decode, decide, recompute, gate,
// encode.
//
// Its one rule: with a valid token a priced callback answers 200, 303 or 400 and nothing else.
//
// What each callback may answer, by https://docs.klarna.com/kco/additional-resources/server-side-callbacks/ (read
// 2026-11-22) and our own choice where that page is silent:
//
//	callback               status  body                        what it means
//	address-update         200     the whole cart and options  replaces both
//	country-change         303     none, Location              buyer goes to a page of the shop, from the configuration
//	shipping-option-update 400     error_type, error_text      text in the checkout: a rule's, or the configured one
//	validation             200     {}                          approved
//	                       303     none, Location              denied, page from the configuration
//	                       400     error_type, error_text      denied, text in the checkout
//	push                   202     {}                          recorded: the order will be taken over, or waits for a person
//	                       200     {}                          the provider knows already that it was taken
//	                       400 413 a problem, fixed texts      the id or the body is not what the contract says
//	                       503     a problem, Retry-After      come again: nobody takes orders, no room, or no store
//	notification           200     {}                          recorded, or an event that asks for nothing
//	                       400 413 a problem, fixed texts      the id or the body is not what the contract says
//	                       415     a problem, fixed texts      not JSON in UTF-8
//	                       503     a problem, Retry-After      as for push
//	webhook                200     {}                          recorded, or a type that asks for nothing
//	                       401     a problem, fixed texts      the signature does not fit; the body was not looked at
//	                       other   as for notification         404 for a merchant without secrets
//	ensure                 200     order_id, state, done, …    for the shop itself: the sink has the order
//	                       202     the same                    recorded, the wait is over
//	                       409     the same                    it waits for a person
//	                       400 413 a problem, fixed texts      the id, the wait or the body is not what the contract says
//	                       503     a problem, Retry-After      as for push
//	quote, freight-from    200     the whole order; an option  for the shop itself, with a token of its own
//	                       400 413 a problem, with a pointer   what the shop sent is not what the contract says
//	                       415     a problem                   not JSON in UTF-8
//	                       422     a problem, error_text       the rules do not sell this
//	                       500 503 a problem                   we failed; we were late, or there is no room
//	anything else          404     one text                    wrong method, path, merchant and token alike
//
// Another status on validation would probably approve, because the provider approves where it gets no answer; so what
// is elsewhere a 405, 413, 415, 500 or 503 is a 400 on the priced callbacks. A fault of ours on validation is decided by
// Merchant.ApproveOnDeadline, but only once the sums of the order are known to be right: the default never approves a
// broken sum.
//
// # Confirmed orders
//
// Push, notification and webhook only have a Taker record that there is something to do, and answer; the provider is
// read later, and it alone is believed. They share how many a merchant may trigger (carried.go). ensure waits: its query
// has wait, 0 to 8000 milliseconds, 2000 where it is not said; and it answers
//
//	{"order_id":"…","state":"PENDING, HANDED, ACKED or PARKED","done":false,"merchant_reference1":"",
//	"merchant_reference2":"","receipt":""}
//
// # Life of a request
//
//	front      one spelling of the path, no escapes, POST, at most 2048 bytes of URL: else the uniform 404
//	token      SHA-256 against all hashes of the merchant in constant time: else the uniform 404
//	admission  room for one more, by rank of the callback and share of the merchant (limits.go)
//	order id   mandatory on push and ensure, optional on all others; malformed is refused everywhere
//	handler    at most Merchant.UpdateDeadline or ValidationDeadline, reading the body included; push and the like 2 s
//	end        one log line, the metrics, buffers returned
//
// Logs and metrics never hold text of a request: no body, no address, no token, and the order id only where it is well
// formed.
package callbacks
