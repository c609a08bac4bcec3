package cmd

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/order/rest"
)

// providerWay is a merchant's way to the provider's APIs, and its connections for whoever closes them. It opens nothing.
func providerWay(m *configs.Merchant, g egress.Guard, now func() time.Time) (*rest.Client, *http.Transport, error) {
	c := m.Provider
	credentials, err := credentialsOf(c)
	if err != nil {
		return nil, nil, err
	}
	if u, err := url.Parse(c.BaseURL); err == nil {
		g.Loopback = g.Loopback || thisMachine(u.Hostname())
	}
	transport := egress.Transport(g)
	way, err := rest.New(rest.Options{BaseURL: c.BaseURL, Credentials: credentials, Transport: transport, Now: now, PerSecond: c.PerSecond})
	return way, transport, err
}

// credentialsOf are those of the file, in whichever form they are written.
func credentialsOf(c *configs.Provider) (rest.Credentials, error) {
	if raw := c.Raw.Reveal(); raw != "" {
		return rest.RawValue(raw)
	}
	return rest.UserPassword(c.User.Reveal(), c.Password.Reveal())
}

// thisMachine reports whether a host names this machine.
func thisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}
