package cmd

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
)

// reachable refuses an address that is written as one and that the guard will never let anybody dial. Names are judged when they
// are dialled: here nothing is resolved.
func reachable(g egress.Guard, address string, keys ...string) error {
	u, err := url.Parse(address)
	if err != nil {
		return nil //nolint:nilerr // told when the configuration was read
	}
	host := u.Hostname()
	at, err := netip.ParseAddr(host)
	if strings.EqualFold(host, "localhost") {
		at, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	if err != nil || g.Check(at) == nil {
		return nil //nolint:nilerr // a name
	}
	return &keyFault{keys, configs.CodeNeeds, fmt.Errorf("%s is not in the public internet and is never called: if it is meant, name its network in egress.allow, such as [%s/%d]",
		host, at.Unmap(), at.Unmap().BitLen())}
}

// sinkReachable is reachable for a sink that is a webhook.
func sinkReachable(m *configs.Merchant, g egress.Guard) error {
	if m.Sink.Webhook == nil {
		return nil
	}
	return reachable(g, m.Sink.Webhook.URL, "sink", "webhook", "url")
}
