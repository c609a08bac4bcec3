package configs

import (
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// provider reads the Order Management API.
func (l *loader) provider(n *diag.Node) *Provider {
	if n == nil || n.Kind != diag.Map || len(n.Keys) == 0 {
		return nil
	}
	p := &Provider{Place: n.Place}
	base := diag.Need(n, "`provider`", "base_url", l.r)
	p.BaseURL = strings.TrimRight(l.secureURL(base, true), "/")
	switch {
	case given(base) && base.Text == "":
		l.fault(CodeURL, base, "the URL is empty").Help = "write https://api.kustom.co, or https://api.playground.kustom.co to try"
	case strings.Contains(p.BaseURL, "?"):
		l.fault(CodeURL, base, "the URL has a query, which the paths of the API cannot follow")
	}
	if c := diag.Need(n, "`provider`", "credentials", l.r); c != nil && c.Kind == diag.Map {
		l.credentials(c, p)
	}
	return p
}

// credentials reads user and password, or the raw value; each from a file or a variable.
func (l *loader) credentials(n *diag.Node, p *Provider) {
	raw := n.Get("raw_file") != nil || n.Get("raw_env") != nil
	parts := false
	for _, key := range []string{"user_file", "user_env", "password_file", "password_env"} {
		parts = parts || n.Get(key) != nil
	}
	switch {
	case raw && parts:
		l.fault(CodeReference, n, "`raw` excludes `user` and `password`").Help = "give either both parts, or the value that follows Basic"
	case raw:
		p.Raw = l.secretKey(n, "`credentials`", "raw")
	default:
		p.User = l.secretKey(n, "`credentials`", "user")
		p.Password = l.secretKey(n, "`credentials`", "password")
	}
}

func (l *loader) sink(n *diag.Node, c *Config) Sink {
	var s Sink
	if n == nil || len(n.Keys) == 0 {
		return s
	}
	spool, hook, stream := n.Get("spool"), n.Get("webhook"), n.Get("stream")
	if count := len(n.Keys); count > 1 {
		l.fault(CodeNeeds, n, "`sink` names %d places, an order goes to one", count).Help = "keep one of spool, webhook and stream"
	}
	if spool != nil {
		if dir := diag.Need(spool, "`spool`", "dir", l.r); given(dir) && dir.Text != "" {
			s.SpoolDir = l.host.resolve(dir.Text)
		}
	}
	if hook != nil {
		s.Webhook = &Webhook{
			URL:     l.secureURL(diag.Need(hook, "`webhook`", "url", l.r), true),
			Secrets: []Secret{l.secretKey(hook, "`webhook`", "secret")},
		}
	}
	if stream != nil {
		s.Stream = true
		if c.Store.Redis == nil {
			l.fault(CodeNeeds, stream, "`stream` is a stream of the Redis store, and there is none").Help =
				"write store: {redis: {addrs: [127.0.0.1:6379]}}, or take another sink"
		}
	}
	return s
}

// capture keeps its condition raw: the tables' vocabulary judges it.
func (l *loader) capture(n *diag.Node) *Capture {
	if n == nil || len(n.Keys) == 0 {
		return nil
	}
	when := diag.Need(n, "`capture`", "when", l.r)
	if when == nil || !diag.WantMap(when, "`when`", l.r) {
		return nil
	}
	return &Capture{When: when}
}

// full tells what a merchant lacks whose orders we take over.
func (l *loader) full(n *diag.Node, m *Merchant) {
	if m.Mode != "full" {
		return
	}
	mode := n.Get("mode")
	if p := n.Get("provider"); p == nil || len(p.Keys) == 0 {
		l.fault(CodeNeeds, mode, "`mode: full` needs `provider`").Help = "orders are read and acknowledged there; or write mode: pricing"
	}
	if s := n.Get("sink"); s == nil || len(s.Keys) == 0 {
		l.fault(CodeNeeds, mode, "`mode: full` needs `sink`").Help = "confirmed orders are handed over there, as in sink: {spool: {dir: var/orders}}"
	}
}
