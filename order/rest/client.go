package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"
)

// DefaultPerSecond is the rate budget of a merchant where none is given: the provider's for its playground.
const DefaultPerSecond = 50

// Options of New.
type Options struct {
	BaseURL     string            // mandatory: https, or http to this machine; without query
	Credentials Credentials       // mandatory
	Transport   http.RoundTripper // mandatory; it must not inflate, and judges where it dials
	Now         func() time.Time  // mandatory: to read Retry-After
	PerSecond   int               // requests a second at most, and at once; 0: DefaultPerSecond
}

// Client sends requests under one merchant's credentials. Its rate budget and its breaker are the merchant's: one Client
// serves both APIs. It is safe for concurrent use and never logs. Deadlines are the caller's.
type Client struct {
	base    string // without a slash at its end
	auth    string
	way     http.RoundTripper // not an http.Client: that would follow redirects
	now     func() time.Time
	budget  *rate.Limiter
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

// New checks the options; it opens nothing, and its errors never hold credentials.
func New(o Options) (*Client, error) {
	if err := checkBase(o.BaseURL); err != nil {
		return nil, err
	}
	switch {
	case o.Credentials.header == nil:
		return nil, errors.New("the provider's credentials are missing")
	case o.Transport == nil:
		return nil, errors.New("the transport to the provider is missing")
	case o.Now == nil:
		return nil, errors.New("the clock is missing")
	case o.PerSecond < 0:
		return nil, fmt.Errorf("%d requests a second: want 1 or more", o.PerSecond)
	case o.PerSecond == 0:
		o.PerSecond = DefaultPerSecond
	}
	return &Client{
		base:    strings.TrimRight(o.BaseURL, "/"),
		auth:    *o.Credentials.header,
		way:     o.Transport,
		now:     o.Now,
		budget:  rate.NewLimiter(rate.Limit(o.PerSecond), o.PerSecond),
		breaker: newBreaker(),
	}, nil
}

func checkBase(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return errors.New("the provider's base URL cannot be read")
	case u.Hostname() == "":
		return fmt.Errorf("the provider's base URL %q has no host", base)
	case u.User != nil:
		return errors.New("the provider's base URL has a user in it")
	case u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())):
		return fmt.Errorf("the provider's base URL %q is not https", base)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return fmt.Errorf("the provider's base URL %q has more than a host and a path", base)
	default:
		return nil
	}
}

// local reports whether a host names this machine.
func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// Call is one request.
type Call struct {
	Op     string // what is tried, for errors
	Method string
	Path   string // begins with a slash; its segments are constants and ids that CheckID took
	Key    string // the idempotency key, a UUID; of everything but GET
	Body   []byte // JSON; nil: none
	Want   Want
}

// Do sends one request and judges the answer. Every error is an *Error, but for a key that is none: then nothing was sent.
func (c *Client) Do(ctx context.Context, call Call) (*Answer, error) {
	if call.Method != http.MethodGet {
		if err := checkKey(call.Key); err != nil {
			return nil, fmt.Errorf("%s: %w", call.Op, err)
		}
	}
	if err := c.budget.Wait(ctx); err != nil {
		return nil, overBudget(ctx, call.Op)
	}
	done, err := c.breaker.Allow()
	if err != nil {
		return nil, &Error{Op: call.Op, Kind: ErrBreaker}
	}
	a, err := c.send(ctx, call)
	done(err)
	return a, err
}

// overBudget tells a budget that is used up from a caller whose time was over before.
func overBudget(ctx context.Context, op string) error {
	if cause := ctx.Err(); cause != nil {
		return &Error{Op: op, Kind: ErrNotSent, Cause: cause}
	}
	return &Error{Op: op, Kind: ErrBudget, RetryAfter: leastLater}
}

func (c *Client) send(ctx context.Context, call Call) (*Answer, error) {
	req, err := c.request(ctx, call)
	if err != nil {
		return nil, &Error{Op: call.Op, Kind: ErrRequest, Cause: Unusable("it cannot be made")}
	}
	res, err := c.way.RoundTrip(req)
	if err != nil {
		return nil, &Error{Op: call.Op, Cause: err}
	}
	defer drop(res.Body)
	e := &Error{Op: call.Op, Status: res.StatusCode}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		e.RetryAfter = retryAfter(res.Header.Get("Retry-After"), c.now())
		e.refuse(res)
		return nil, e
	}
	a, err := take(res, call.Want)
	if err == nil {
		return a, nil
	}
	e.CorrelationID = word(res.Header.Get("Klarna-Correlation-Id"))
	e.Cause, e.Kind = err, ErrAnswer
	if broken := (*cut)(nil); errors.As(err, &broken) {
		e.Kind = ErrUnavailable
	}
	return nil, e
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	var body io.Reader
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, c.base+call.Path, body)
	if err != nil {
		return nil, err
	}
	h := req.Header
	h.Set("Authorization", c.auth)
	h.Set("Accept", "application/json")
	h.Set("Accept-Encoding", "identity")
	h.Set("User-Agent", "kvitto")
	if call.Key != "" {
		h.Set("Klarna-Idempotency-Key", call.Key)
	}
	if call.Body != nil {
		h.Set("Content-Type", "application/json")
	}
	return req, nil
}

// maxRest is what is read of a body for the sake of keeping its connection.
const maxRest = 4 << 10

// drop lets go of an answer. Its faults concern nobody any more: what counts has been read.
func drop(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxRest)
	_ = body.Close()
}
