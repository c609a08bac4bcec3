package cmd

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
)

// providerGuard is where a command may go to ask a merchant's provider: this machine too, where the configuration names it.
func providerGuard(m *configs.Merchant, g egress.Guard) egress.Guard {
	if u, err := url.Parse(m.Provider.BaseURL); err == nil {
		ip, err := netip.ParseAddr(u.Hostname())
		g.Loopback = g.Loopback || strings.EqualFold(u.Hostname(), "localhost") || err == nil && ip.IsLoopback()
	}
	return g
}
