package configs

import "github.com/kvitto/kvitto/rules/diag"

// shape is what may stand in one place of the file. It is a text where neither keys, item nor free is set. The same
// description checks the file and finds the place that an environment variable overrides, so they cannot drift apart.
type shape struct {
	key   string  // its name in the map around it
	what  string  // the thing in words, e.g. "a merchant"
	keys  []shape // of a map with fixed keys
	item  *shape  // of a list
	free  *shape  // value of a map with free keys
	upper bool    // free keys are in upper case
	own   bool    // its reader checks the shape itself
}

// names returns the keys of a map.
func (s *shape) names() []string {
	out := make([]string, len(s.keys))
	for i := range s.keys {
		out[i] = s.keys[i].key
	}
	return out
}

func (s *shape) isText() bool { return s.keys == nil && s.item == nil && s.free == nil }

func text(key string) shape { return shape{key: key, what: "`" + key + "`"} }

func texts(keys ...string) []shape {
	out := make([]shape, len(keys))
	for i, key := range keys {
		out[i] = text(key)
	}
	return out
}

func group(key string, keys ...shape) shape {
	return shape{key: key, what: "`" + key + "`", keys: keys}
}

func list(key string, item shape) shape { return shape{key: key, what: "`" + key + "`", item: &item} }

func concat(all ...[]shape) []shape {
	var out []shape
	for _, s := range all {
		out = append(out, s...)
	}
	return out
}

// tokenShape is checked by its reader, which takes care that nothing secret is shown.
func tokenShape() shape {
	return shape{what: "a token", keys: texts("env", "file", "sha256", "until"), own: true}
}

func personTokenShape() shape {
	s := tokenShape()
	s.key = "token"
	return s
}

func secretShape(key string) shape {
	return shape{key: key, what: "`" + key + "`", keys: texts("env", "file"), own: true}
}

// secrets is a list of secrets.
func secrets(key string) shape {
	return list(key, shape{what: "a secret", keys: texts("env", "file"), own: true})
}

func fileShape() shape {
	language := text("language")
	key := shape{what: "a text by language", free: &language}
	return shape{what: "the configuration", keys: concat(
		texts("listen", "admin", "public_url"),
		[]shape{
			secretShape("admin_token"),
			group("log", texts("level", "format")...),
			group("store", text("file"), redisShape()),
			group("confirm", text("lease"), text("poll"), list("backoff", text("a wait")), text("horizon"), secrets("seal")),
			group("audit", texts("file", "required")...),
			group("decisions", texts("keep", "bytes")...),
			list("trusted_proxies", text("a network")),
			group("limits", texts("body", "in_flight")...),
			{key: "texts", what: "`texts`", free: &key},
			text("ephemeral"),
			group("egress", list("allow", text("a network"))),
			group("publish", text("dir"), text("poll"), list("people", shape{what: "a person", keys: []shape{text("name"), personTokenShape()}})),
			list("merchants", merchantShape()),
		})}
}

func redisShape() shape {
	return group("redis", list("addrs", text("an address")), text("sentinel"), text("sentinel_user"), secretShape("sentinel_password"), text("user"), secretShape("password"),
		text("database"), text("tls"))
}

func merchantShape() shape {
	change := shape{what: "a country", keys: texts("redirect")}
	pointer := text("a pointer")
	return shape{what: "a merchant", keys: concat(
		texts("id", "mode", "rules"),
		[]shape{
			list("tokens", tokenShape()),
			list("shop_tokens", tokenShape()),
			group("quote", text("digest"), text("require"), secrets("secrets")),
			list("order_id_parameters", text("a parameter")),
			group("provider", text("base_url"), credentialShape(), text("requests_per_second"), text("checkout")),
			group("webhook", secrets("secrets"), text("unconfirmed")),
			text("expect_push"),
			text("shipping_line"),
			list("shipping_lines_kept", text("a reference")),
			group("deadlines", texts("update", "validation")...),
			group("on_deadline", texts("validation")...),
			{key: "country_change", what: "`country_change`", free: &change, upper: true},
			group("validation", texts("deny_url", "require_option", "grace")...),
			text("products"),
			{key: "facts", what: "`facts`", free: &pointer},
			group("shop_check", texts("url", "secret_file", "secret_env", "deadline", "on_fault")...),
			group("sink", group("spool", texts("dir", "payload", "personal_ids")...),
				group("webhook", append(texts("url", "secret_file", "secret_env", "payload", "personal_ids"), secrets("secrets"))...),
				group("stream", texts("payload", "personal_ids")...), text("plugin")),
			{key: "capture", what: "`capture`", keys: []shape{{key: "when", what: "`when`", own: true}, text("physical")}},
			text("redis_down"),
			list("plugins", pluginShape()),
		})}
}

func credentialShape() shape {
	return group("credentials", texts("user_file", "password_file", "raw_file", "user_env", "password_env", "raw_env")...)
}

func pluginShape() shape {
	return shape{what: "a plug-in", keys: append(texts("name", "deadline", "on_fault"), shape{key: "config", what: "`config`", own: true})}
}

// check tells unknown keys and wrong shapes in n and all below it, so that readers may take what they find for granted: what
// does not fit is told here and left out there.
func (s *shape) check(n *diag.Node, r *diag.Report) {
	switch {
	case n == nil || s.own || n.Null && !s.isText():
	case s.keys != nil:
		if diag.Fields(n, s.what, s.names(), r) {
			for i := range s.keys {
				s.keys[i].check(n.Get(s.keys[i].key), r)
			}
		}
	case s.free != nil:
		if diag.WantMap(n, s.what, r) {
			for _, v := range n.Values {
				s.free.check(v, r)
			}
		}
	case s.item != nil:
		if diag.WantList(n, s.what, r) {
			s.checkItems(n, r)
		}
	default:
		diag.WantText(n, s.what, r)
	}
}

func (s *shape) checkItems(n *diag.Node, r *diag.Report) {
	for _, v := range n.Items {
		if v.Null && !s.item.isText() {
			f := r.Errorf(diag.CodeShape, v.Place, "%s has an empty entry", s.what)
			f.Help = "remove the `-`, or write " + s.item.what
		}
		s.item.check(v, r)
	}
}
