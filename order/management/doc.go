// Package management is the client of the Order Management API v1: every call typed, one request per call.
//
// Its one rule: it never repeats a request by itself; whoever calls knows whether and when to try again.
//
// Paths, limits and refusals are those of https://docs.klarna.com/api/ordermanagement/ and
// https://docs.kustom.co/ (read 2026-11-22). Any 2xx is success.
package management
