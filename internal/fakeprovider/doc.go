// Package fakeprovider plays the provider: Order Management API v1, Checkout API v3, the push that repeats until an order is
// acknowledged, and notifications. Its clock can run fast, its faults are set by switch, and it remembers every request.
//
// Its one rule: whatever it answers, the history says what really happened: what was committed, whether or not the client
// was told so.
//
// Paths, statuses and refusals are those of https://docs.klarna.com/api/ordermanagement/, https://docs.klarna.com/api/checkout/
// and https://docs.kustom.co/ (read 2026-11-22). What is described nowhere is said where it is decided.
package fakeprovider
