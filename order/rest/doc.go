// Package rest is the way to the provider's APIs that order/management and order/checkout share: credentials, one request
// per call, errors as values, answers that are judged before anybody reads them.
//
// Its one rule: what the provider says is input too, and nothing goes to the provider twice unless the caller asks twice.
//
// An answer is taken where its status is any 2xx and its body is what the call asks for, not compressed, 5 MiB at most, JSON
// without duplicate names, bad UTF-8, control characters or nesting deeper than 16. No redirect is followed. Only a connection
// that the provider closed while it was idle is replaced: nothing has been sent over it then.
package rest
