// Package shopcheck asks the shop's own server whether an order may complete: stock, credit, what no table knows. It
// forwards the body of validation byte for byte, signed by Standard Webhooks, and takes one of three answers:
//
//	| answer                            | is                                                                     |
//	|-----------------------------------|------------------------------------------------------------------------|
//	| 200, empty or a JSON object       | yes                                                                    |
//	| 400, JSON error_type, error_text  | no, with a text for the buyer                                          |
//	| 303, Location                     | no, with a page of the shop: https, on a configured host               |
//	| anything else                     | no answer: the member's fault policy decides, its breaker counts       |
//
// Its one rule: what the shop's server says is input too; nothing but these answers gets through, and nothing of
// what it says but the text and the page reaches anybody.
package shopcheck

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/rules"
)

// Name is that of the member: in reasons, logs and metrics.
const Name = "shop_check"

// Options of New. All but Pages and Guard are mandatory.
type Options struct {
	URL    string       // absolute; https, or http to this machine
	Secret string       // whsec_ and base64, or the raw key; see standardwebhooks.NewKey
	Pages  []string     // further URLs on whose hosts a redirect may end, such as deny_url; empty ones do not count
	Guard  egress.Guard // Loopback is set by itself where URL names this machine
}

// Check is the shop's own check, a validator. It is safe for concurrent use. It has no deadline, breaker or fault policy of
// its own: those of its rules.Member count, see there.
type Check struct {
	url   string
	keys  standardwebhooks.Keys
	hosts []string        // lower case
	way   *http.Transport // not a client: that would read Location before we do
}

var (
	_ rules.Validator  = (*Check)(nil)
	_ rules.BodyReader = (*Check)(nil)
)

// New checks the options; an error never holds the secret. It opens nothing.
func New(o Options) (*Check, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil:
		return nil, errors.New("shop_check.url: cannot be read as a URL")
	case u.Hostname() == "":
		return nil, errors.New("shop_check.url: has no host")
	case u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())):
		return nil, errors.New("shop_check.url: is not https")
	case u.User != nil:
		return nil, errors.New("shop_check.url: has a user in it")
	}
	keys, err := standardwebhooks.NewKeys(o.Secret)
	if err != nil {
		return nil, fmt.Errorf("shop_check.secret: %w", err)
	}
	o.Guard.Loopback = o.Guard.Loopback || local(u.Hostname())
	c := &Check{url: o.URL, keys: keys, hosts: []string{strings.ToLower(u.Hostname())}, way: egress.Transport(o.Guard)}
	for _, page := range o.Pages {
		if p, err := url.Parse(page); err == nil && p.Hostname() != "" {
			c.hosts = append(c.hosts, strings.ToLower(p.Hostname()))
		}
	}
	return c, nil
}

// local reports whether a host names this machine.
func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// ReadsBody implements rules.BodyReader.
func (*Check) ReadsBody() {}

// Close closes idle connections.
func (c *Check) Close() error {
	c.way.CloseIdleConnections()
	return nil
}

// errNoBody is a question without the body to forward.
var errNoBody = errors.New("there is no body to forward")

// Validate implements rules.Validator: one request, within the deadline of ctx. Its errors hold no text of the order, of
// the answer, of the URL or of the secret.
func (c *Check) Validate(ctx context.Context, q *rules.Query) (rules.Decision, error) {
	if len(q.Body) == 0 {
		return rules.Decision{}, errNoBody
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(q.Body))
	if err != nil {
		return rules.Decision{}, errors.New("the request cannot be made")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "kvitto")
	id := messageID(q.Body)
	c.keys.Sign(req.Header, id, q.Now, q.Body)
	// The same question has the same id, and the shop answers it again: so a connection that was closed while idle may be
	// replaced without a fault.
	req.Header.Set("Idempotency-Key", id)
	res, err := c.way.RoundTrip(req)
	if err != nil {
		return rules.Decision{}, err
	}
	d, err := c.decide(res)
	drop(res)
	return d, err
}

// messageID names a question by its body: what is asked again, as after 3-D Secure with nothing changed, has the same id.
func messageID(body []byte) string {
	sum := sha256.Sum256(body)
	return "msg_" + base64.RawURLEncoding.EncodeToString(sum[:18])
}
