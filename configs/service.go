package configs

import (
	"crypto/sha256"
	"maps"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// Defaults of the service, as in design 4.
const (
	defaultListen = "127.0.0.1:8080"
	defaultAdmin  = "127.0.0.1:9090"
	defaultStore  = "var/kvitto.db"
	defaultBody   = 5 << 20
	defaultFlight = 64 << 20
	maxText       = 1000 // characters of a text for the buyer

	defaultDecisions     = 1000
	maxDecisions         = 100_000
	defaultDecisionBytes = 16 << 20
)

// config reads the whole file. The shape of root is checked.
func (l *loader) config(root *diag.Node) *Config {
	c := &Config{
		Listen:         l.address(root.Get("listen"), defaultListen),
		Admin:          l.address(root.Get("admin"), defaultAdmin),
		PublicURL:      l.publicURL(root.Get("public_url")),
		TrustedProxies: l.networks(root.Get("trusted_proxies")),
		Egress:         l.networks(root.Get("egress").Get("allow")),
		Ephemeral:      l.word(root.Get("ephemeral"), "refused", "accepted") == "accepted",
		Texts:          l.texts(root.Get("texts")),
		Store:          l.store(root.Get("store")),
		Confirm:        l.confirm(root.Get("confirm")),
	}
	kept := root.Get("decisions")
	c.Decisions = Decisions{Keep: l.integer(kept.Get("keep"), 0, maxDecisions, defaultDecisions),
		Bytes: l.size(kept.Get("bytes"), 64<<10, 1<<30, defaultDecisionBytes)}
	c.Audit = l.audit(root.Get("audit"), c.Store)
	l.admin(root, c)
	log := root.Get("log")
	c.Log = Log{Level: l.level(log.Get("level")), Format: l.word(log.Get("format"), "json", "console")}
	limits := root.Get("limits")
	c.Limits.Body = l.size(limits.Get("body"), 64<<10, 64<<20, defaultBody)
	c.Limits.InFlight = l.size(limits.Get("in_flight"), 1<<20, 16<<30, max(defaultFlight, c.Limits.Body))
	if c.Limits.InFlight < c.Limits.Body {
		l.fault(CodeBounds, limits.Get("in_flight"), "`in_flight` is smaller than `body`, so a full body would never be taken").Help =
			"give it at least " + sizeWord(c.Limits.Body)
	}
	c.Merchants = l.merchants(root, c)
	c.Publish = l.publish(root.Get("publish"), c)
	l.needSeal(root, c)
	return c
}

// admin reads the token of the admin listener, which is needed as soon as others can reach it.
func (l *loader) admin(root *diag.Node, c *Config) {
	n := root.Get("admin_token")
	if s, ok := l.secret(n, "`admin_token`"); ok && l.strong(n, "`admin_token`", s) {
		c.AdminToken = s
		l.holders[sha256.Sum256([]byte(s.Reveal()))] = holder{at: n.Place, console: true}
	}
	if (n == nil || n.Null) && !loopback(c.Admin) {
		f := l.fault(CodeNeeds, root.Get("admin"), "`admin` can be reached from other machines, so it needs `admin_token`")
		f.Help = "write admin_token: {env: KVITTO_CONSOLE_TOKEN}, or listen on 127.0.0.1; " + makeToken
	}
	if sameSocket(c.Listen, c.Admin) {
		n := root.Get("admin")
		if !given(n) {
			n = root.Get("listen")
		}
		l.fault(CodeDuplicate, n, "`listen` and `admin` are the same address").Help = "the console must not be public: give it a port of its own"
	}
}

// level has its default in the middle of its words.
func (l *loader) level(n *diag.Node) string {
	if !given(n) {
		return "info"
	}
	return l.word(n, "debug", "info", "warn", "error")
}

// defaultTexts are what a buyer sees where neither the tables nor the file say it: fault when we fail, unsupported where
// nothing can be sent, postcode where it is missing or impossible, changed where prices moved on.
func defaultTexts() map[string]map[string]string {
	return map[string]map[string]string{
		"fault":       faultTexts(),
		"unsupported": unsupportedTexts(),
		"postcode":    postcodeTexts(),
		"changed":     changedTexts(),
	}
}

func unsupportedTexts() map[string]string {
	return map[string]string{
		"sv": "Vi levererar tyvärr inte till den här adressen.",
		"nb": "Vi leverer dessverre ikke til denne adressen.",
		"da": "Vi leverer desværre ikke til denne adresse.",
		"fi": "Emme valitettavasti toimita tähän osoitteeseen.",
		"en": "Sorry, we do not deliver to this address.",
		"de": "An diese Adresse liefern wir leider nicht.",
	}
}

func postcodeTexts() map[string]string {
	return map[string]string{
		"sv": "Kontrollera postnumret.",
		"nb": "Kontroller postnummeret.",
		"da": "Kontrollér postnummeret.",
		"fi": "Tarkista postinumero.",
		"en": "Please check the postcode.",
		"de": "Bitte prüfen Sie die Postleitzahl.",
	}
}

func changedTexts() map[string]string {
	return map[string]string{
		"sv": "Frakten eller priset har ändrats. Välj leveranssätt igen.",
		"nb": "Frakten eller prisen er endret. Velg leveringsmåte på nytt.",
		"da": "Fragten eller prisen er ændret. Vælg levering igen.",
		"fi": "Toimitus tai hinta on muuttunut. Valitse toimitustapa uudelleen.",
		"en": "Shipping or price has changed. Please choose the delivery again.",
		"de": "Versand oder Preis hat sich geändert. Bitte wählen Sie die Lieferung erneut.",
	}
}

func faultTexts() map[string]string {
	return map[string]string{
		"sv": "Något gick fel hos butiken. Försök igen om en stund.",
		"nb": "Noe gikk galt hos butikken. Prøv igjen om litt.",
		"da": "Noget gik galt hos butikken. Prøv igen om lidt.",
		"fi": "Kaupan järjestelmässä tapahtui virhe. Yritä hetken kuluttua uudelleen.",
		"en": "Something went wrong at the shop. Please try again in a moment.",
		"de": "Im Shop ist etwas schiefgelaufen. Bitte versuchen Sie es gleich noch einmal.",
	}
}

// texts adds what the file says to the built-in texts.
func (l *loader) texts(n *diag.Node) map[string]map[string]string {
	out := defaultTexts()
	if n == nil {
		return out
	}
	for i, key := range n.Keys {
		if !textKey.MatchString(key.Text) {
			l.fault(CodeName, key, "%q is not a name of a text", key.Text).Help = "use small letters, digits and _"
			continue
		}
		by := map[string]string{}
		for j, lang := range n.Values[i].Keys {
			value := n.Values[i].Values[j]
			if l.language(lang) && given(value) && l.buyerText(value) {
				by[lang.Text] = value.Text
			}
		}
		if len(n.Values[i].Keys) == 0 && n.Values[i].Kind == diag.Map {
			l.fault(CodeEmptyText, n.Values[i], "%q has no text in any language", key.Text)
		}
		if out[key.Text] == nil {
			out[key.Text] = map[string]string{}
		}
		maps.Copy(out[key.Text], by)
	}
	return out
}

func (l *loader) buyerText(n *diag.Node) bool {
	switch size := utf8.RuneCountInString(n.Text); {
	case size == 0:
		l.fault(CodeEmptyText, n, "the text is empty").Help = "the buyer must be told something"
	case size > maxText:
		l.fault(CodeEmptyText, n, "the text has %d characters, at most %d are shown", size, maxText)
	default:
		return true
	}
	return false
}

func (l *loader) store(n *diag.Node) Store {
	file, redis := n.Get("file"), n.Get("redis")
	if file != nil && redis != nil {
		f := l.fault(CodeNeeds, redis, "`file` and `redis` exclude each other")
		f.Cause = &diag.Cause{Place: file.Place, Label: "the other store"}
		f.Help = "a file serves one process, Redis any number"
	}
	if redis != nil {
		return Store{Redis: l.redis(redis)}
	}
	name := l.text(file, defaultStore)
	if name == "" {
		l.fault(CodePath, file, "the path is empty")
	}
	return Store{File: l.host.resolve(name)}
}

func (l *loader) redis(n *diag.Node) *Redis {
	r := &Redis{
		Sentinel:     l.text(n.Get("sentinel"), ""),
		SentinelUser: l.text(n.Get("sentinel_user"), ""),
		User:         l.text(n.Get("user"), ""),
		Database:     l.integer(n.Get("database"), 0, 15, 0),
		TLS:          l.yesNo(n.Get("tls"), false),
	}
	r.Password, _ = l.secret(n.Get("password"), "`password`")
	r.SentinelPassword, _ = l.secret(n.Get("sentinel_password"), "`sentinel_password`")
	if at := n.Get("database"); given(at) && r.Database != 0 && r.Sentinel == "" && n.Get("addrs") != nil && len(n.Get("addrs").Items) > 1 {
		l.fault(CodeNeeds, at, "a cluster has only database 0").Help = "several addrs without sentinel are nodes of a cluster; name one address for a single server"
	}
	addrs := diag.Need(n, "`redis`", "addrs", l.r)
	if addrs != nil && len(addrs.Items) == 0 && addrs.Kind == diag.List {
		l.fault(CodeNeeds, addrs, "`addrs` names no address").Help = "write addrs: [127.0.0.1:6379]"
	}
	if addrs != nil {
		for _, item := range addrs.Items {
			r.Addrs = append(r.Addrs, l.address(item, ""))
		}
	}
	return r
}
