package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"
)

// Kinds of an Error, for errors.Is.
var (
	ErrUnauthorized = errors.New("the provider refuses the credentials")                             // 401
	ErrNotAllowed   = errors.New("the provider does not allow this for the order as it is")          // 403
	ErrNotFound     = errors.New("the provider has no such thing under these credentials")           // 404, 400 NOT_FOUND
	ErrRateLimited  = errors.New("too many requests")                                                // 429, and ErrBudget
	ErrRefused      = errors.New("the provider refuses the request")                                 // any other 4xx
	ErrRequest      = errors.New("not sent: the request is wrong")                                   // found here
	ErrUnavailable  = errors.New("the provider does not answer")                                     // 5xx, 408, network
	ErrAnswer       = errors.New("the provider's answer cannot be used")                             // 2xx or 3xx
	ErrBreaker      = errors.New("not sent: the provider has just failed several times in a row")    // also ErrUnavailable
	ErrNotSent      = errors.New("not sent: there was no time left")                                 // also ErrUnavailable
	ErrBudget       = errors.New("not sent: too many requests of this merchant before the deadline") // also ErrRateLimited
)

// Error is a call that did not succeed. Its text holds nothing of what the provider said but the code and the correlation id,
// since messages may name a person.
type Error struct {
	Op            string        // what was tried, such as "acknowledge"
	Status        int           // of the answer; 0: there was none
	Code          string        // error_code, such as NO_SUCH_ORDER; "": none or not in the usual form
	Messages      []string      // error_messages, for the person who asked; control characters are blanks
	CorrelationID string        // to ask the provider's support with
	RetryAfter    time.Duration // how long the provider asks to wait, 1 s to 1 h; 0: it does not say
	Kind          error         // one of the kinds; nil: that of Status
	Cause         error         // of the network or the decoder, which may hold parts of the answer; nil: none
}

// Error says what was tried and what came of it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(e.kind().Error())
	if e.Status != 0 {
		b.WriteString(": status " + strconv.Itoa(e.Status))
		if e.Code != "" {
			b.WriteString(" " + e.Code)
		}
	}
	if why := plain(e.Cause); why != "" {
		b.WriteString(": " + why)
	}
	if e.CorrelationID != "" {
		b.WriteString(" (correlation id " + e.CorrelationID + ")")
	}
	return b.String()
}

// Is reports whether the error is of a kind.
func (e *Error) Is(target error) bool {
	k := e.kind()
	switch k {
	case ErrBreaker, ErrNotSent:
		return target == k || target == ErrUnavailable
	case ErrBudget:
		return target == k || target == ErrRateLimited
	default:
		return target == k
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

func (e *Error) kind() error {
	switch s := e.Status; {
	case e.Kind != nil:
		return e.Kind
	case s == 401:
		return ErrUnauthorized
	case s == 403:
		return ErrNotAllowed
	case s == 404, s == 400 && e.Code == "NOT_FOUND":
		return ErrNotFound
	case s == 429:
		return ErrRateLimited
	case s == 0, s == 408, s >= 500:
		return ErrUnavailable
	case s >= 400:
		return ErrRefused
	default:
		return ErrAnswer
	}
}

// Unusable says why an answer, or a request, cannot be used. It is shown in an Error, so it holds nothing of either but names.
type Unusable string

// Error is the reason itself.
func (u Unusable) Error() string { return string(u) }

// plain is a cause in words that hold nothing from outside but addresses and certificates of the provider.
func plain(cause error) string {
	var why Unusable
	var certificate *tls.CertificateVerificationError
	var name *net.DNSError
	var op *net.OpError
	switch {
	case cause == nil:
		return ""
	case errors.As(cause, &why):
		return why.Error()
	case errors.Is(cause, context.Canceled):
		return "the caller gave up"
	case errors.Is(cause, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(cause, &certificate):
		return certificate.Error()
	case errors.As(cause, &name):
		return "its name cannot be resolved"
	case errors.As(cause, &op) && op.Op == "dial":
		return op.Error()
	default:
		return "the connection broke"
	}
}
