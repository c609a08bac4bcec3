package sink

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// ErrBreaker is an event that was not sent.
var ErrBreaker = errors.New("not sent: the shop has just failed several times in a row")

// StatusError is an answer that is no 2xx. With status 410 it is rules.ErrSinkGone.
type StatusError struct{ Status int }

// Error tells the status, and nothing that the shop said.
func (e *StatusError) Error() string {
	switch {
	case e.Status == http.StatusGone:
		return fmt.Sprintf("the shop answered %d, which means that it never takes orders there again", e.Status)
	case e.Status >= 300 && e.Status <= 399:
		return fmt.Sprintf("the shop answered %d, want 2xx; a redirect is not followed: set the URL that it leads to", e.Status)
	default:
		return fmt.Sprintf("the shop answered %d, want 2xx", e.Status)
	}
}

// Unwrap returns rules.ErrSinkGone for 410.
func (e *StatusError) Unwrap() error {
	if e.Status == http.StatusGone {
		return rules.ErrSinkGone
	}
	return nil
}

// refusal turns an answer that is no 2xx into an error.
func refusal(res *http.Response, at time.Time) error {
	fault := &StatusError{Status: res.StatusCode}
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return fault
	}
	if after := retryAfter(res.Header.Get("Retry-After"), at); after > 0 {
		return &rules.Later{After: after, Cause: fault}
	}
	return fault
}

// UnreachableError is a request that got no answer. The shop may have taken the event, so it comes again.
type UnreachableError struct {
	Cause error // of the transport; it may hold parts of an answer, so it is not for logs
}

// Error says how far the request got, in words that hold nothing from outside but addresses and certificates.
func (e *UnreachableError) Error() string {
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	var op *net.OpError
	why := "the connection broke"
	switch {
	case errors.Is(e.Cause, context.Canceled):
		why = "it was called off"
	case errors.Is(e.Cause, context.DeadlineExceeded):
		why = "not in time"
	case errors.As(e.Cause, &certificate):
		why = certificate.Error()
	case errors.As(e.Cause, &name):
		why = "its name cannot be resolved"
	case errors.As(e.Cause, &op) && op.Op == "dial":
		why = op.Error()
	}
	return "no answer of the shop: " + why
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Cause }
