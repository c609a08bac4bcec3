package sink

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/sony/gobreaker/v2"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/rules"
)

// Options of NewWebhook. All but OnOddAnswer are mandatory.
type Options struct {
	URL       string                // absolute; https, or http to this machine
	Keys      standardwebhooks.Keys // each of them signs
	Transport http.RoundTripper     // it must not inflate, and judges where it dials
	// OnOddAnswer is told of a 2xx whose answer, or a member of it, was ignored: the order is taken all the same. The error
	// holds nothing of the answer. It is called concurrently and must not block or keep the event.
	OnOddAnswer func(e *rules.Event, why error)
}

// Webhook is a sink that is called by HTTP, signed by Standard Webhooks: one POST an attempt, with the event's body as it is,
// its id as webhook-id and the time of the attempt. It never tries again by itself and follows no redirect. Its deadline is
// that of ctx. Its breaker is its own: there is one Webhook for each merchant. It is safe for concurrent use.
type Webhook struct {
	url     string
	keys    standardwebhooks.Keys
	way     http.RoundTripper // not an http.Client: that would follow redirects
	odd     func(e *rules.Event, why error)
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
}

var _ rules.OrderSink = (*Webhook)(nil)

// NewWebhook checks the options; it opens nothing, and its errors never hold a secret.
func NewWebhook(o Options) (*Webhook, error) {
	if err := checkURL(o.URL); err != nil {
		return nil, err
	}
	switch {
	case o.Keys.Empty():
		return nil, errors.New("webhook: the secret is missing")
	case o.Transport == nil:
		return nil, errors.New("webhook: the transport is missing")
	case o.OnOddAnswer == nil:
		o.OnOddAnswer = func(*rules.Event, error) {}
	}
	return &Webhook{url: o.URL, keys: o.Keys, way: o.Transport, odd: o.OnOddAnswer, breaker: newBreaker()}, nil
}

func checkURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("webhook.url: cannot be read as a URL")
	case u.Hostname() == "":
		return errors.New("webhook.url: has no host")
	case u.User != nil:
		return errors.New("webhook.url: has a user in it")
	case u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())):
		return errors.New("webhook.url: is not https")
	default:
		return nil
	}
}

// local reports whether a host names this machine.
func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// Take implements rules.OrderSink: one request. A 2xx is taken whatever its answer looks like, also where ctx ends while
// that is read.
func (w *Webhook) Take(ctx context.Context, e *rules.Event) (rules.Taken, error) {
	if err := checkEvent(e); err != nil {
		return rules.Taken{}, err
	}
	if err := ctx.Err(); err != nil {
		return rules.Taken{}, fmt.Errorf("not sent: %w", err)
	}
	done, err := w.breaker.Allow()
	if err != nil {
		return rules.Taken{}, ErrBreaker
	}
	res, err := w.send(ctx, e)
	done(err)
	if err != nil {
		return rules.Taken{}, err
	}
	taken, odd := read(res)
	if odd != nil {
		w.odd(e, odd)
	}
	return taken, nil
}

// send returns the answer only if it is a 2xx; its body is to be closed.
func (w *Webhook) send(ctx context.Context, e *rules.Event) (*http.Response, error) {
	// A copy: a transport may read it even after it has answered, and the event's body is not to be kept.
	body := bytes.Clone(e.Body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the request cannot be made") // the cause holds the URL
	}
	h := req.Header
	h.Set("Content-Type", "application/json")
	h.Set("Accept", "application/json")
	h.Set("Accept-Encoding", "identity")
	h.Set("User-Agent", "kvitto")
	h.Set("Kvitto-Attempt", strconv.FormatInt(e.Attempt, 10))
	w.keys.Sign(h, e.ID, e.At, body)
	res, err := w.way.RoundTrip(req)
	if err != nil {
		return nil, &UnreachableError{Cause: err}
	}
	if res.StatusCode >= 200 && res.StatusCode <= 299 {
		return res, nil
	}
	// Nothing of it is read: one that drips would hold the worker for nothing. That costs the connection.
	_ = res.Body.Close()
	return nil, refusal(res, e.At)
}
