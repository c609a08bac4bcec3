package cmd

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds of questions to the public address.
const (
	askTime     = 15 * time.Second // for one
	askDial     = 5 * time.Second
	mostAnswer  = 256 << 10           // bytes that are read of an answer
	certificate = 14 * 24 * time.Hour // a certificate that ends sooner is told
	doctorAgent = "kvitto-doctor"
)

// publicAddress is the service as the provider meets it. It follows no redirect and asks no proxy of the environment.
type publicAddress struct {
	base string // without a slash at its end
	url  *url.URL
	way  *http.Transport
	now  func() time.Time
}

// openAddress reads a base address; http is for this machine only, since the token travels with it.
func openAddress(base string, roots *x509.CertPool, now func() time.Time) (*publicAddress, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("this is no absolute https address, such as https://kvitto.shop.example")
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return nil, errors.New("it is not https: the provider calls no other, and anybody on the way could read the token")
	}
	return &publicAddress{base: strings.TrimSuffix(base, "/"), url: u, now: now, way: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: askDial}).DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout: askDial, MaxResponseHeaderBytes: 64 << 10, DisableCompression: true,
	}}, nil
}

func (a *publicAddress) close() { a.way.CloseIdleConnections() }

// question is one request; path begins with a slash and follows the base.
type question struct {
	method, path, media, body string
	plain                     bool // by http, whatever the base says
}

// reply is what came back, or err.
type reply struct {
	status int
	header http.Header
	body   []byte
	when   dated
	tls    *tls.ConnectionState
	err    error
}

// ask sends one question. Errors hold no URL: the round tripper names none.
func (a *publicAddress) ask(ctx context.Context, q question) *reply {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	base := a.base
	if q.plain {
		base = "http://" + strings.TrimPrefix(base, "https://")
	}
	req, err := http.NewRequestWithContext(ctx, q.method, base+q.path, strings.NewReader(q.body))
	if err != nil {
		return &reply{err: errors.New("the address cannot be asked")}
	}
	req.Header.Set("User-Agent", doctorAgent)
	if q.media != "" {
		req.Header.Set("Content-Type", q.media)
	}
	r := &reply{when: dated{sent: a.now()}}
	res, err := a.way.RoundTrip(req)
	if err != nil {
		r.err = err
		return r
	}
	r.status, r.header, r.tls = res.StatusCode, res.Header, res.TLS
	r.body, r.err = io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	_ = res.Body.Close() // it was read
	r.when.got, r.when.date = a.now(), res.Header.Get("Date")
	return r
}

func (r *reply) media() string {
	media, _, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if err != nil {
		return "no media type"
	}
	return media
}

// redirects reports an answer that the checkout takes for a denial.
func (r *reply) redirects() bool { return r.err == nil && r.status >= 300 && r.status < 400 }

// nothing reports the uniform 404 of a public listener of Kvitto.
func (r *reply) nothing() bool {
	return r.err == nil && r.status == http.StatusNotFound && string(r.body) == "404 page not found\n" && r.media() == "text/plain"
}

// priced reports a 200 with a cart.
func (r *reply) priced() bool {
	var cart struct {
		Amount *json.Number       `json:"order_amount"`
		Lines  *[]json.RawMessage `json:"order_lines"`
	}
	return r.err == nil && r.status == http.StatusOK && json.Unmarshal(r.body, &cart) == nil && cart.Amount != nil && cart.Lines != nil
}

// refused reports a 400 as the checkout's callbacks answer it.
func (r *reply) refused() bool {
	var said struct {
		Kind string `json:"error_type"`
		Text string `json:"error_text"`
	}
	return r.err == nil && r.status == http.StatusBadRequest && json.Unmarshal(r.body, &said) == nil && said.Kind != "" && said.Text != ""
}

// problem is the sentence of a problem document, "" for any other answer.
func (r *reply) problem() string {
	var doc struct{ Detail string }
	if r.err != nil || r.media() != "application/problem+json" || json.Unmarshal(r.body, &doc) != nil {
		return ""
	}
	return doc.Detail
}

// same reports whether nobody could tell one answer from the other by what it says.
func (r *reply) same(o *reply) bool {
	return r.err == nil && o.err == nil && r.status == o.status && bytes.Equal(r.body, o.body) && r.header.Get("Content-Type") == o.header.Get("Content-Type")
}

// String describes an answer in a few words.
func (r *reply) String() string {
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(r.err, &unknown):
		return "the certificate is not signed by an authority that is known here"
	case errors.Is(r.err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %v", askTime)
	case r.err != nil:
		return plainCause(r.err)
	case r.redirects():
		return fmt.Sprintf("%d, a redirect to %s", r.status, r.header.Get("Location"))
	case r.nothing():
		return "404 of Kvitto"
	case r.problem() != "":
		return fmt.Sprintf("%d of Kvitto: %s", r.status, r.problem())
	case r.refused():
		return "400 of Kvitto with a text for the buyer"
	}
	by := ""
	if server := r.header.Get("Server"); server != "" {
		by = " by " + server
	}
	return fmt.Sprintf("%d %s%s, %d bytes", r.status, r.media(), by, len(r.body))
}
