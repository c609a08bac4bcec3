package cmd

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/order/rest"
)

// klarnaEnds is when Klarna's own hosts stopped answering for Checkout; contract 4.1, reliability F12.
func klarnaEnds() time.Time { return time.Date(2026, time.March, 31, 0, 0, 0, 0, time.UTC) }

// provider checks where the Order Management API is, and that it takes our credentials.
func (d *doctor) provider(ctx context.Context, m *configs.Merchant) {
	at := d.about("provider", m)
	if m.Provider == nil {
		at.skip("credentials", "provider", "none is configured: in mode "+m.Mode+" none is needed")
		return
	}
	base := m.Provider.BaseURL
	if d.moved(at, base) {
		at.skip("credentials", base, "this host is not asked")
		return
	}
	d.credentialsForm(at, m)
	transport := egress.Transport(d.src.guard(d.cfg))
	defer transport.CloseIdleConnections()
	watch := &dateWatch{next: transport, now: d.p.Now}
	client, err := managementClient(m, watch, d.p.Now)
	if err != nil {
		at.note(isFailed, "credentials", base, plainCause(err), "")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	_, err = client.Order(ctx, nobodysID)
	d.credentials(at, base, err)
	if seen := watch.seen(); seen.date != "" {
		at.clock(base, seen)
	}
}

// moved reports a host that no longer answers, and tells of one that will not.
func (d *doctor) moved(at about, base string) bool {
	u, err := url.Parse(base)
	if err != nil || !isKlarna(u.Hostname()) {
		return false
	}
	host := "api.kustom.co"
	if strings.Contains(u.Hostname(), "playground") {
		host = "api.playground.kustom.co"
	}
	over := !d.p.Now().Before(klarnaEnds())
	v, found := isWarned, "Klarna's hosts end for Checkout on 2026-03-31"
	if over {
		v, found = isFailed, "Klarna's hosts ended for Checkout on 2026-03-31: no order can be read or acknowledged there"
	}
	at.note(v, "host", base, found, "write base_url: https://"+host+"; the API is the same, for the credentials ask Kustom's portal")
	return over
}

func isKlarna(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "klarna.com" || strings.HasSuffix(host, ".klarna.com")
}

// credentialsForm tells which of the forms they have, and whether they are those of the other environment.
func (d *doctor) credentialsForm(at about, m *configs.Merchant) {
	const check = "form"
	key, found := m.Provider.Password.Reveal(), "user and password"
	if raw := m.Provider.Raw.Reveal(); raw != "" {
		key, found = raw, "the raw value behind Basic"
	}
	trial := strings.Contains(m.Provider.BaseURL, "playground")
	switch {
	case strings.HasPrefix(key, "kco_live_"):
		found += ", a live key"
		if trial {
			at.note(isFailed, check, m.Provider.BaseURL, found+" for the playground", "take a key of the playground, or write base_url: https://api.kustom.co")
			return
		}
	case strings.HasPrefix(key, "kco_test_"):
		found += ", a key of the playground"
		if strings.HasSuffix(m.Provider.BaseURL, "//api.kustom.co") {
			at.note(isFailed, check, m.Provider.BaseURL, found+" for the live host", "take a live key, or write base_url: https://api.playground.kustom.co")
			return
		}
	}
	at.note(isFine, check, m.Provider.BaseURL, found, "")
}

// credentials judges the answer to the question for an order that is none.
func (d *doctor) credentials(at about, base string, err error) {
	const check = "credentials"
	looked := "GET of an unknown order at " + base
	var said *rest.Error
	switch {
	case err == nil:
		at.note(isFailed, check, looked, "an order that cannot exist is shown", "this is not the provider: look at base_url")
	case errors.Is(err, management.ErrNotFound):
		at.note(isFine, check, looked, "404: they are taken, and there is no such order", "")
	case errors.Is(err, management.ErrUnauthorized):
		at.note(isFailed, check, looked, "401: they are not taken", "compare them with the provider's portal; live and playground have their own, and so has each region")
	case errors.Is(err, egress.ErrForbidden):
		at.note(isFailed, check, looked, "the address is in an inner network that is not allowed", letIn(base))
	case errors.Is(err, management.ErrRateLimited):
		at.note(isWarned, check, looked, "429: they are neither taken nor refused", "ask again later; who else uses this merchant's rate?")
	case errors.As(err, &said) && said.Code == "INVALID_ORDER_ID":
		at.note(isFine, check, looked, "400 INVALID_ORDER_ID: they are taken", "")
	case errors.Is(err, management.ErrNotAllowed):
		at.note(isFailed, check, looked, plainCause(err), "the credentials may not read orders: ask the provider for Order Management")
	case errors.Is(err, management.ErrAnswer):
		at.note(isFailed, check, looked, plainCause(err), "is base_url the provider's? Something else answers there")
	default:
		at.note(isFailed, check, looked, plainCause(err), "orders wait, and the provider pushes again, until it answers")
	}
}

// metadata are the addresses at which clouds tell their machines secrets.
func metadata() []string {
	return []string{"169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"}
}
