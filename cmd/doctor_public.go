package cmd

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// unknownPath is a path that nothing serves.
const unknownPath = "/v1/doctor/of/kvitto"

// public checks the public address, then each URL of each merchant.
func (d *doctor) public(ctx context.Context) {
	at := d.about("public", nil)
	base := d.f.base
	if base == "" {
		base = d.cfg.PublicURL
	}
	if base == "" {
		at.skip("address", "--base, public_url", "no public address is known: give --base https://…, or write public_url")
		return
	}
	var err error
	if d.address, err = openAddress(base, d.roots, d.p.Now); err != nil {
		at.note(isFailed, "address", base, err.Error(), "give the address as the provider has it")
		return
	}
	unknown := d.address.ask(ctx, question{method: http.MethodPost, path: unknownPath})
	if unknown.err != nil {
		at.note(isFailed, "reachable", base, unknown.String(), "the provider cannot reach it either; no token was sent. Look at DNS, firewall, certificate and proxy")
		d.address.close()
		d.address = nil
		return
	}
	d.certificate(at, unknown.tls)
	at.clock(base, unknown.when)
	d.unknown(at, unknown)
	d.plainHTTP(ctx, at)
	d.adminOutside(ctx, at)
	for _, m := range d.merchants() {
		d.callbacks(ctx, m, unknown)
	}
}

// certificate tells the version of TLS and how long the certificate lasts.
func (d *doctor) certificate(at about, state *tls.ConnectionState) {
	looked := d.address.url.Host
	if state == nil {
		at.note(isWarned, "tls", looked, "plain http, which is fine on this machine only", "the provider calls https only: put a proxy with a certificate before it")
		return
	}
	leaf := state.PeerCertificates[0]
	left := leaf.NotAfter.Sub(d.p.Now())
	found := fmt.Sprintf("%s, certificate until %s", tls.VersionName(state.Version), leaf.NotAfter.UTC().Format("2006-01-02"))
	switch {
	case left < certificate:
		at.note(isWarned, "tls", looked, fmt.Sprintf("%s, in %d days", found, int(left/(24*time.Hour))), "renew it: with an ended one no callback comes")
	case d.roots != nil && !knownEverywhere(d.address.url.Hostname(), state.PeerCertificates):
		at.note(isWarned, "tls", looked, found+", known only by --ca", "take a certificate of a public authority: the provider does not know yours")
	default:
		at.note(isFine, "tls", looked, found, "")
	}
}

// knownEverywhere reports whether a chain leads to an authority of this system.
func knownEverywhere(host string, chain []*x509.Certificate) bool {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Intermediates: between})
	return err == nil
}

// unknown checks the answer to a path that is none: a redirect or a page shows that somebody else answers.
func (d *doctor) unknown(at about, r *reply) {
	looked := "POST " + d.address.base + unknownPath
	switch {
	case r.nothing():
		at.note(isFine, "unknown path", looked, "404 of Kvitto", "")
	case r.redirects():
		at.note(isFailed, "unknown path", looked, r.String(), noRedirect)
	case r.status == http.StatusNotFound:
		at.note(isWarned, "unknown path", looked, r.String()+": the proxy answers itself, or puts its own page in the place of ours",
			"let it pass on answers with an error status as they are: a 400 of ours has the text that the buyer is to see")
	default:
		at.note(isFailed, "unknown path", looked, r.String()+", where Kvitto answers 404", "is this the address of Kvitto? The path must get there unchanged")
	}
}

const noRedirect = "switch the redirect off for these paths: the checkout takes every 3xx for a denial, and sends the buyer there"

// plainHTTP asks by http where the address is https.
func (d *doctor) plainHTTP(ctx context.Context, at about) {
	const check = "plain http"
	if d.address.url.Scheme == "http" {
		at.skip(check, d.address.base, "the address itself is http")
		return
	}
	looked := "POST http://" + d.address.url.Host
	r := d.address.ask(ctx, question{method: http.MethodPost, path: unknownPath, plain: true})
	switch {
	case r.redirects():
		at.note(isWarned, check, looked, r.String(), "harmless as long as merchant_urls say https, as kvitto urls prints them: an http one would be answered by a redirect, which is a denial")
	case r.nothing():
		at.note(isWarned, check, looked, "Kvitto answers without TLS", "close it, so that no token ever travels in clear")
	case errors.Is(r.err, context.Canceled):
		at.skip(check, looked, r.String())
	default:
		at.note(isFine, check, looked, "Kvitto does not answer there", "")
	}
}

// adminOutside checks that nothing of the admin listener can be had from outside.
func (d *doctor) adminOutside(ctx context.Context, at about) {
	looked := d.address.base + "/metrics, /readyz, /healthz, /api/rules"
	bases := map[string]bool{d.address.base: true, d.address.url.Scheme + "://" + d.address.url.Host: true}
	for base := range bases {
		for _, path := range []string{"/metrics", "/readyz", "/healthz", "/api/rules"} {
			outer := *d.address
			outer.base = base
			r := outer.ask(ctx, question{method: http.MethodGet, path: path})
			if r.err == nil && adminSaid(path, r) {
				at.note(isFailed, "admin outside", "GET "+base+path, "the admin listener answers", "keep `admin` on loopback or an inner network, and let the proxy pass on `/v1/` only")
				return
			}
		}
	}
	at.note(isFine, "admin outside", "GET "+looked, "nothing of the admin listener answers", "")
}

// adminSaid reports whether an answer is one of the admin listener.
func adminSaid(path string, r *reply) bool {
	body := string(r.body)
	switch {
	case r.status == http.StatusUnauthorized:
		return body == adminAsks
	case path == "/metrics":
		return strings.Contains(body, "kvitto_rules_revision")
	case path == "/readyz":
		return body == "ready\n" || body == "stopping\n"
	case path == "/healthz":
		return body == "alive\n"
	default:
		return strings.Contains(body, `{"merchants":`)
	}
}
