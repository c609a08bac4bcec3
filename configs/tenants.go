package configs

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

var (
	merchantID  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	textKey     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	parameter   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	reference   = regexp.MustCompile(`^[^\x00-\x1f]{1,255}$`)
	pluginName  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)
	jsonPointer = regexp.MustCompile(`^(/([^~/]|~[01])*)+$`)
)

// Bounds and defaults of deadlines. The provider waits 3 s for a validation.
const (
	leastDeadline     = 100 * time.Millisecond
	mostUpdate        = 9 * time.Second
	mostValidation    = 2900 * time.Millisecond
	defaultUpdate     = 2 * time.Second
	defaultValidation = 2500 * time.Millisecond
	defaultShopCheck  = time.Second
	defaultGrace      = time.Hour
)

func (l *loader) merchants(root *diag.Node, c *Config) []Merchant {
	n := diag.Need(root, "the configuration", "merchants", l.r)
	if n == nil {
		return nil
	}
	if len(n.Items) == 0 && (n.Kind == diag.List || n.Null) {
		l.fault(CodeNeeds, n, "`merchants` names no merchant").Help = "write - id: demo and below it rules: and tokens:"
	}
	ids := map[string]diag.Place{}
	var out []Merchant
	for _, item := range n.Items {
		if item.Kind != diag.Map {
			continue
		}
		m := l.merchant(item, c)
		if at := item.Get("id"); m.ID != "" {
			if first, twice := ids[m.ID]; twice {
				l.twice(at, first, "the merchant %q stands twice", m.ID)
			} else {
				ids[m.ID] = at.Place
			}
		}
		out = append(out, m)
	}
	return out
}

func (l *loader) merchant(n *diag.Node, c *Config) Merchant {
	m := Merchant{
		Place:             n.Place,
		Mode:              l.word(n.Get("mode"), "pricing", "full"),
		ShippingLine:      l.word(n.Get("shipping_line"), "merchant", "provider"),
		RedisDown:         l.word(n.Get("redis_down"), "refuse", "inline"),
		OrderIDParameters: l.names(n.Get("order_id_parameters"), "a name of a parameter", parameter, []string{"klarna_order_id", "kustom_order_id"}),
		ShippingLinesKept: l.names(n.Get("shipping_lines_kept"), "a reference of at most 255 characters", reference, nil),
		UpdateDeadline:    l.duration(n.Get("deadlines").Get("update"), leastDeadline, mostUpdate, defaultUpdate),
		ValidationTimeout: l.duration(n.Get("deadlines").Get("validation"), leastDeadline, mostValidation, defaultValidation),
		ApproveOnDeadline: l.word(n.Get("on_deadline").Get("validation"), "approve", "deny") == "approve",
		CountryChange:     l.countryChange(n.Get("country_change")),
		Facts:             l.facts(n.Get("facts")),
		Provider:          l.provider(n.Get("provider")),
		Webhook:           l.signedWebhook(n.Get("webhook")),
		ExpectPush:        l.expectPush(n.Get("expect_push")),
		Sink:              l.sink(n.Get("sink"), c),
		Capture:           l.capture(n.Get("capture")),
	}
	m.ID = l.id(n)
	m.Rules = l.rules(n)
	if r := n.Get("rules"); given(r) && r.Text != "" {
		m.Rulebook = path.Clean(filepath.ToSlash(r.Text))
	}
	l.judgement(n.Get("validation"), &m)
	m.ShopCheck = l.shopCheck(n.Get("shop_check"), m.ValidationTimeout)
	if p := n.Get("products"); given(p) && p.Text != "" {
		m.Products = l.host.resolve(p.Text)
	}
	if len(m.OrderIDParameters) == 0 && len(n.Get("order_id_parameters").Items) == 0 {
		l.fault(CodeNeeds, n.Get("order_id_parameters"), "`order_id_parameters` names no parameter, so no push could be understood")
	}
	l.tokenLists(n, &m)
	l.quote(n.Get("quote"), &m, c)
	m.Plugins = l.plugins(n.Get("plugins"), m)
	l.full(n, &m)
	return m
}

func (l *loader) id(n *diag.Node) string {
	id := diag.Need(n, "a merchant", "id", l.r)
	if !given(id) {
		return ""
	}
	if !merchantID.MatchString(id.Text) {
		l.fault(CodeName, id, "%q is not an id of a merchant", id.Text).Help =
			"it is part of URLs: 1 to 63 small letters, digits and -, not - first"
		return ""
	}
	return id.Text
}

// rules is the folder of the tables. One that is not there is a warning: that merchant cannot be served, and the others
// can.
func (l *loader) rules(n *diag.Node) string {
	r := diag.Need(n, "a merchant", "rules", l.r)
	if !given(r) {
		return ""
	}
	if r.Text == "" {
		l.fault(CodePath, r, "the folder has no name").Help = "name the folder that holds shipping.yaml and tax.yaml, from the folder of this file"
		return ""
	}
	if !l.host.isFolder(r.Text) {
		f := l.r.Warnf(CodePath, r.Place, "there is no folder %q", r.Text)
		f.Label = "this merchant cannot be served"
		f.Help = "name the folder that holds shipping.yaml and tax.yaml, from the folder of this file"
		if near := l.host.near(r.Text); near != "" {
			f.Message += "; did you mean `" + near + "`?"
			f.Fix = near
		}
	}
	return l.host.resolve(r.Text)
}

func (l *loader) judgement(n *diag.Node, m *Merchant) {
	m.DenyURL = l.secureURL(n.Get("deny_url"), false)
	m.RequireOption = l.yesNo(n.Get("require_option"), true)
	m.Grace = l.duration(n.Get("grace"), 0, 48*time.Hour, defaultGrace)
}

func (l *loader) tokenLists(n *diag.Node, m *Merchant) {
	seen := map[[32]byte]holder{}
	m.Tokens = l.tokens(n.Get("tokens"), m.ID, seen)
	m.ShopTokens = l.tokens(n.Get("shop_tokens"), m.ID, seen)
	switch tokens := n.Get("tokens"); {
	case tokens == nil:
		f := l.fault(diag.CodeMissingKey, n, "a merchant needs `tokens`")
		f.Help = "write tokens: [{env: KVITTO_TOKEN}]; " + makeToken
	case len(tokens.Items) == 0 && (tokens.Kind == diag.List || tokens.Null):
		l.fault(CodeNeeds, tokens, "without a token nobody can call this merchant's URLs").Help = makeToken
	}
}

func (l *loader) countryChange(n *diag.Node) map[string]string {
	if n == nil || len(n.Keys) == 0 {
		return nil
	}
	out := map[string]string{}
	for i, key := range n.Keys {
		ok := l.country(key)
		to := diag.Need(n.Values[i], "a country", "redirect", l.r)
		if given(to) && to.Text == "" {
			l.fault(CodeURL, to, "the URL is empty").Help = "write a whole address, as in https://shop.example/no"
		}
		if u := l.secureURL(to, false); ok && u != "" {
			out[key.Text] = u
		}
	}
	return out
}

func (l *loader) facts(n *diag.Node) map[string]string {
	if n == nil || len(n.Keys) == 0 {
		return nil
	}
	diag.Fields(n, "`facts`", []string{"coupon", "group"}, l.r)
	out := map[string]string{}
	for i, key := range n.Keys {
		v := n.Values[i]
		switch {
		case !given(v) || strings.HasPrefix(key.Text, "x-"):
		case !jsonPointer.MatchString(v.Text):
			l.fault(CodePointer, v, "%q is not a JSON pointer", v.Text).Help = "write the way into merchant_data, as in /customer_group or /cart/coupon"
		default:
			out[key.Text] = v.Text
		}
	}
	return out
}

func (l *loader) shopCheck(n *diag.Node, budget time.Duration) *ShopCheck {
	if n == nil || len(n.Keys) == 0 {
		return nil
	}
	c := &ShopCheck{
		URL:       l.secureURL(diag.Need(n, "`shop_check`", "url", l.r), true),
		Secret:    l.secretKey(n, "`shop_check`", "secret"),
		Deadline:  l.duration(n.Get("deadline"), 50*time.Millisecond, mostValidation, min(defaultShopCheck, budget)),
		ApproveOn: l.word(n.Get("on_fault"), "approve", "deny") == "approve",
	}
	if d := n.Get("deadline"); given(d) && c.Deadline >= budget {
		l.fault(CodeNeeds, d, "%s leaves nothing of the %s that a validation has", d.Text, brief(budget)).Help =
			"give it less than deadlines.validation"
	}
	return c
}

func (l *loader) plugins(n *diag.Node, m Merchant) []Plugin {
	if n == nil {
		return nil
	}
	seen := map[string]diag.Place{}
	var out []Plugin
	for _, item := range n.Items {
		name := diag.Need(item, "a plug-in", "name", l.r)
		if item.Kind != diag.Map || !given(name) {
			continue
		}
		p := Plugin{
			Name:     name.Text,
			Deadline: l.duration(item.Get("deadline"), 10*time.Millisecond, max(m.UpdateDeadline, m.ValidationTimeout), 0),
			OnFault:  l.onFault(item.Get("on_fault")),
			Config:   item.Get("config"),
			Place:    name.Place,
		}
		if !pluginName.MatchString(p.Name) {
			l.fault(CodeName, name, "%q is not a name of a plug-in", p.Name).Help = "names are small letters with dots, as in acme.age_limit"
		}
		if first, twice := seen[p.Name]; twice {
			l.twice(name, first, "the plug-in %q stands twice", p.Name)
		}
		seen[p.Name] = name.Place
		out = append(out, p)
	}
	return out
}

// onFault is "" where the file does not say it: the kind of plug-in decides.
func (l *loader) onFault(n *diag.Node) string {
	if !given(n) {
		return ""
	}
	return l.word(n, "deny", "skip")
}
