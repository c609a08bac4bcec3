package redisstore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/order/confirm"
)

// fault is a Redis that did not do what it was asked: confirm.ErrDown and the cause.
type fault struct {
	op, class string
	cause     error
}

// Error tells the operation, the class and the cause.
func (f *fault) Error() string {
	return fmt.Sprintf("redis: %s: %v (%s): %v", f.op, confirm.ErrDown, f.class, f.cause)
}

// Unwrap returns confirm.ErrDown and the cause.
func (f *fault) Unwrap() []error { return []error{confirm.ErrDown, f.cause} }

func down(op string, cause error) error { return &fault{op: op, class: class(cause), cause: cause} }

// unusable is an answer that cannot be read, such as a record that somebody changed by hand.
func unusable(op string, cause error) error { return &fault{op: op, class: "answer", cause: cause} }

// odd is an answer that no script of ours gives.
func odd(op string, v any) error { return unusable(op, fmt.Errorf("unexpected answer of type %T", v)) }

// Class names an error of a Store in one word, for logs and metrics: timeout, canceled, pool, refused, reset, closed,
// tls, network, sentinel, oom, misconf, noreplicas, clusterdown, moved, loading, busy, readonly, masterdown, maxclients, noauth, noperm,
// answer, other; "" for nil and for what is no fault of Redis, such as confirm.ErrBusy.
func Class(err error) string {
	var f *fault
	if errors.As(err, &f) {
		return f.class
	}
	return ""
}

func class(err error) string {
	var said redis.Error
	switch {
	case errors.Is(err, redis.ErrPoolTimeout), errors.Is(err, redis.ErrPoolExhausted):
		return "pool"
	case errors.Is(err, redis.ErrClosed):
		return "closed"
	case errors.As(err, &said):
		return saidClass(said.Error())
	case errors.Is(err, context.Canceled):
		return "canceled"
	case strings.Contains(err.Error(), "all sentinels specified in configuration are unreachable"):
		return "sentinel" // whatever each of them did
	}
	return networkClass(err)
}

func networkClass(err error) string {
	var timeout net.Error
	var op *net.OpError
	var cert *tls.CertificateVerificationError
	var alert tls.AlertError
	var header tls.RecordHeaderError
	switch {
	case errors.As(err, &cert), errors.As(err, &alert), errors.As(err, &header):
		return "tls"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed): // the last by our own client, that has heard of a new primary
		return "reset"
	case errors.As(err, &op):
		return "network"
	}
	return otherClass(err.Error())
}

// saidClass goes by the first word of what Redis said.
func saidClass(text string) string {
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "OOM", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "LOADING", "BUSY", "READONLY", "MASTERDOWN", "NOPERM":
		return strings.ToLower(word)
	case "NOAUTH", "WRONGPASS":
		return "noauth"
	case "MOVED", "ASK", "TRYAGAIN":
		return "moved"
	}
	if word == "ERR" {
		return otherClass(rest)
	}
	return "other"
}

// otherClass goes by words that errors without a type hold: of the client, and of a server around its scripts.
func otherClass(text string) string {
	for _, c := range []struct{ part, class string }{
		{"max number of clients", "maxclients"}, {"invalid password", "noauth"}, {"invalid username-password", "noauth"},
		{"connection refused", "refused"},
		{"OOM ", "oom"}, {"MISCONF ", "misconf"}, {"NOREPLICAS ", "noreplicas"}, {"READONLY ", "readonly"},
		{"NOPERM ", "noperm"}, {"permission", "noperm"}, {"executing the script can't", "noperm"},
		{"cluster has no nodes", "clusterdown"},
	} {
		if strings.Contains(text, c.part) {
			return c.class
		}
	}
	return "other"
}
