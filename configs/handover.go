package configs

import (
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Bounds and defaults of taking orders over.
const (
	defaultPerSecond = 20
	mostPerSecond    = 200
	leastExpect      = 5 * time.Minute
	mostExpect       = 6 * time.Hour
	mostSecrets      = 2 // of one signature: the one in use and the one before or after it
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
	p.PerSecond = l.integer(n.Get("requests_per_second"), 1, mostPerSecond, defaultPerSecond)
	p.Checkout = l.yesNo(n.Get("checkout"), true)
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

// places counts the places that a sink names; there may be notes of the operator's own beside them.
func places(n *diag.Node) int {
	count := 0
	for _, key := range []string{"spool", "webhook", "stream", "plugin"} {
		if n.Get(key) != nil {
			count++
		}
	}
	return count
}

func (l *loader) sink(n *diag.Node, c *Config) Sink {
	var s Sink
	if n == nil || places(n) == 0 {
		return s
	}
	spool, hook, stream := n.Get("spool"), n.Get("webhook"), n.Get("stream")
	if count := places(n); count > 1 {
		l.fault(CodeNeeds, n, "`sink` names %d places, an order goes to one", count).Help = "keep one of spool, webhook, stream and plugin"
	}
	if spool != nil {
		switch dir := diag.Need(spool, "`spool`", "dir", l.r); {
		case given(dir) && dir.Text == "":
			l.fault(CodePath, dir, "the path is empty").Help = "name a folder, as in var/orders"
		case given(dir):
			s.SpoolDir = l.host.resolve(dir.Text)
		}
		l.payload(spool, &s)
	}
	if hook != nil {
		s.Webhook = l.hook(hook)
		l.payload(hook, &s)
	}
	if stream != nil {
		s.Stream = true
		l.payload(stream, &s)
		if c.Store.Redis == nil {
			l.fault(CodeNeeds, stream, "`stream` is a stream of the Redis store, and there is none").Help =
				"write store: {redis: {addrs: [127.0.0.1:6379]}}, or take another sink"
		}
	}
	s.Plugin = l.text(n.Get("plugin"), "")
	return s
}

// hook reads a sink that is called. Its secrets are secret_file or secret_env, or a list while they change.
func (l *loader) hook(n *diag.Node) *Webhook {
	at := diag.Need(n, "`webhook`", "url", l.r)
	h := &Webhook{URL: l.secureURL(at, true)}
	if given(at) && at.Text == "" {
		l.fault(CodeURL, at, "the URL is empty").Help = "write a whole address, as in https://shop.example/kvitto/orders"
	}
	many, one := n.Get("secrets"), n.Get("secret_file")
	if one == nil {
		one = n.Get("secret_env")
	}
	switch {
	case many != nil && one != nil:
		f := l.fault(CodeReference, many, "`secrets` excludes `secret_file` and `secret_env`")
		f.Help = "write both into the list, as in secrets: [{file: secrets/new}, {file: secrets/old}]"
	case many != nil:
		h.Secrets = l.signing(many)
	default:
		h.Secrets = []Secret{l.secretKey(n, "`webhook`", "secret")}
	}
	return h
}

// signing reads the secrets of a signature: one, or two while they change.
func (l *loader) signing(n *diag.Node) []Secret {
	if count := len(n.Items); (n.Kind == diag.List || n.Null) && (count == 0 || count > mostSecrets) {
		l.fault(CodeBounds, n, "`secrets` has %d entries, 1 or 2 are needed", count).Help =
			"one secret; while it changes, the new and the old one"
		return nil
	}
	var out []Secret
	for _, item := range n.Items {
		s, ok := l.secret(item, "a secret of `webhook`")
		switch {
		case !ok:
		case len(out) > 0 && out[0].Reveal() == s.Reveal():
			l.twice(item, n.Items[0].Place, "this is the same secret")
		default:
			out = append(out, s)
		}
	}
	return out
}

// payload reads what an order is handed over with.
func (l *loader) payload(n *diag.Node, s *Sink) {
	s.Thin = l.word(n.Get("payload"), "full", "thin") == "thin"
	s.PersonalIDs = l.yesNo(n.Get("personal_ids"), false)
	if s.Thin && s.PersonalIDs {
		l.fault(CodeNeeds, n.Get("personal_ids"), "`personal_ids` and `payload: thin` exclude each other: a thin payload holds no person")
		s.PersonalIDs = false
	}
}

// sinkPlugin tells a plug-in of the sink that is not among the merchant's plug-ins.
func (l *loader) sinkPlugin(n *diag.Node, m *Merchant) {
	at := n.Get("plugin")
	if !given(at) || slices.ContainsFunc(m.Plugins, func(p Plugin) bool { return p.Name == m.Sink.Plugin }) {
		return
	}
	names := make([]string, 0, len(m.Plugins))
	for i := range m.Plugins {
		names = append(names, m.Plugins[i].Name)
	}
	f := l.fault(CodeNeeds, at, "the plug-in %q is not among `plugins` of this merchant", at.Text)
	f.Help = "write plugins: [{name: " + at.Text + "}]; kvitto plugins lists those that can take orders"
	if !pluginName.MatchString(at.Text) {
		f.Help = "write the name of one of `plugins`, as in acme.erp"
	}
	if f.Fix = diag.Suggest(at.Text, names); f.Fix != "" {
		f.Help = "write one of `plugins`"
	}
}

// signedWebhook reads the provider's signed webhooks. Nothing that could be read says how they are signed, so whoever uses
// them says that they were tried.
func (l *loader) signedWebhook(n *diag.Node) *SignedWebhook {
	if n == nil || len(n.Keys) == 0 {
		return nil
	}
	w := &SignedWebhook{}
	if secrets := diag.Need(n, "`webhook`", "secrets", l.r); secrets != nil {
		w.Secrets = l.signing(secrets)
	}
	if u := n.Get("unconfirmed"); given(u) {
		l.word(u, "accepted")
		return w
	}
	f := l.fault(CodeNeeds, n, "`webhook` needs `unconfirmed: accepted`: how the provider signs is not confirmed")
	f.Help = "try it against the provider's playground, then write webhook: {secrets: […], unconfirmed: accepted}"
	f.Notes = []string{"the headers and the rule of Standard Webhooks are expected; where the provider's are others, every webhook is refused",
		"orders do not depend on it: the push comes anyway"}
	return w
}

// expectPush is the time after a validation by which a push should have come; 0: nobody waits for it.
func (l *loader) expectPush(n *diag.Node) time.Duration {
	return l.duration(n, leastExpect, mostExpect, 0)
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
	return &Capture{When: when, Physical: l.yesNo(n.Get("physical"), false)}
}

// full tells what a merchant lacks whose orders we take over.
func (l *loader) full(n *diag.Node, m *Merchant) {
	l.sinkPlugin(n.Get("sink"), m)
	if m.Mode != "full" {
		l.onlyFull(n, m)
		return
	}
	mode := n.Get("mode")
	if p := n.Get("provider"); p == nil || len(p.Keys) == 0 {
		l.fault(CodeNeeds, mode, "`mode: full` needs `provider`").Help = "orders are read and acknowledged there; or write mode: pricing"
	}
	if s := n.Get("sink"); s == nil || places(s) == 0 {
		l.fault(CodeNeeds, mode, "`mode: full` needs `sink`").Help = "confirmed orders are handed over there, as in sink: {spool: {dir: var/orders}}"
	}
}

// onlyFull warns of what mode pricing leaves alone although it looks as if it were in use.
func (l *loader) onlyFull(n *diag.Node, m *Merchant) {
	warn := func(key, help string) {
		at := n.Get(key)
		f := l.r.Warnf(CodeNeeds, at.Place, "`%s` does nothing in mode pricing", key)
		f.Path, f.Help = at.Path, help
	}
	if m.Webhook != nil {
		warn("webhook", "write mode: full, or leave the webhooks to the shop: nobody here would take the orders")
	}
	if m.ExpectPush != 0 {
		warn("expect_push", "write mode: full, or leave it out: pushes go to the shop")
	}
}
