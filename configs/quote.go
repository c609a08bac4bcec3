package configs

import (
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Quote is how a merchant's quotes are sealed and checked, see design 5.14.
type Quote struct {
	Digest  bool     // put the cart digest into merchant_data
	Require bool     // validation denies an order without a digest
	Secrets []Secret // of the digest, the last one signs and all of them check; none: those of ShopTokens serve
}

// publicURL is where the provider reaches this service, without a slash at its end; "" where the file does not say it.
func (l *loader) publicURL(n *diag.Node) string {
	u := l.secureURL(n, false)
	if strings.Contains(u, "?") {
		l.fault(CodeURL, n, "the URL has a query, which the paths of the callbacks cannot follow")
	}
	return strings.TrimRight(u, "/")
}

// quote reads how quotes are sealed; the tokens of m are read.
func (l *loader) quote(n *diag.Node, m *Merchant, c *Config) {
	m.Quote = Quote{Digest: l.yesNo(n.Get("digest"), true), Require: l.yesNo(n.Get("require"), false)}
	if secrets := n.Get("secrets"); secrets != nil {
		for _, item := range secrets.Items {
			if s, ok := l.secret(item, "a secret of `quote`"); ok && l.strong(item, "a secret of `quote`", s) {
				m.Quote.Secrets = append(m.Quote.Secrets, s)
			}
		}
	}
	switch require := n.Get("require"); {
	case !m.Quote.Require:
	case !m.Quote.Digest:
		l.fault(CodeNeeds, require, "`require` and `digest: no` exclude each other: every order would be denied")
	case len(m.ShopTokens) == 0 && len(m.Quote.Secrets) == 0:
		l.fault(CodeNeeds, require, "`require` needs `shop_tokens`: without quotes every order would be denied").Help =
			"write shop_tokens: [{env: KVITTO_QUOTE_TOKEN}]; " + makeToken
	}
	if len(m.ShopTokens) > 0 && c.PublicURL != "" && len(m.Tokens) > 0 && m.Tokens[len(m.Tokens)-1].Plain.Reveal() == "" {
		f := l.r.Warnf(CodeNeeds, m.Place, "quotes of %q leave `merchant_urls` as the shop sends them", m.ID)
		f.Help = "the newest of `tokens` is only a hash; give it as {env: NAME} or {file: PATH}, or let the shop fill in what kvitto urls prints"
	}
}
