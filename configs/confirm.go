package configs

import (
	"path/filepath"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// defaultAudit is the name of the audit file beside the store.
const defaultAudit = "audit.jsonl"

// makeSeal is what to do where a key to seal with is missing or weak.
const makeSeal = "make one with `openssl rand -base64 32`"

// Bounds of the keys to seal with.
const (
	mostSeals = 4
	leastSeal = 32 // characters
	mostSeal  = 256
)

// defaultBackoff are the waits between attempts of design 4.
func defaultBackoff() []time.Duration {
	return []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}
}

func (l *loader) confirm(n *diag.Node) Confirm {
	return Confirm{
		Lease:   l.duration(n.Get("lease"), 30*time.Second, 10*time.Minute, 30*time.Second),
		Poll:    l.duration(n.Get("poll"), 100*time.Millisecond, time.Minute, time.Second),
		Horizon: l.duration(n.Get("horizon"), time.Hour, 48*time.Hour, 47*time.Hour),
		Backoff: l.backoff(n.Get("backoff")),
		Seal:    l.seal(n.Get("seal")),
	}
}

func (l *loader) backoff(n *diag.Node) []time.Duration {
	if n == nil || n.Kind != diag.List {
		return defaultBackoff()
	}
	if len(n.Items) == 0 || len(n.Items) > 20 {
		l.fault(CodeBounds, n, "`backoff` has %d waits, 1 to 20 are needed", len(n.Items))
	}
	var out []time.Duration
	for _, item := range n.Items {
		d := l.duration(item, 100*time.Millisecond, 24*time.Hour, 0)
		if d == 0 {
			continue
		}
		if len(out) > 0 && d < out[len(out)-1] {
			l.fault(CodeBounds, item, "this wait is shorter than the one before it").Help = "waits grow, so that a fault that lasts is not made worse"
		}
		out = append(out, d)
	}
	return out
}

// seal reads the keys of frozen bodies, the first of which seals.
func (l *loader) seal(n *diag.Node) []Secret {
	if n == nil {
		return nil
	}
	if len(n.Items) > mostSeals {
		l.fault(CodeBounds, n, "`seal` has %d keys, at most %d are needed", len(n.Items), mostSeals).Help =
			"a body is sealed for 49 hours at most: take out the keys that are older"
	}
	var out []Secret
	seen := map[string]diag.Place{}
	for _, item := range n.Items {
		s, ok := l.secret(item, "a key of `seal`")
		if !ok || !l.strongSeal(item, s) {
			continue
		}
		if first, twice := seen[s.Reveal()]; twice {
			l.twice(item, first, "this is the same key")
			continue
		}
		seen[s.Reveal()] = item.Place
		out = append(out, s)
	}
	return out
}

// strongSeal tells a key that could be guessed. It may be any text, such as base64.
func (l *loader) strongSeal(n *diag.Node, s Secret) bool {
	runes := []rune(s.Reveal())
	size := len(runes)
	slices.Sort(runes)
	bad := ""
	switch distinct := len(slices.Compact(runes)); {
	case !utf8.ValidString(s.Reveal()):
		bad = "is not text in UTF-8"
	case size < leastSeal:
		l.fault(CodeWeakToken, n, "a key of `seal` has %d characters, at least %d are needed", size, leastSeal).Help = makeSeal
		return false
	case size > mostSeal:
		bad = "is longer than 256 characters"
	case distinct < 10:
		bad = "repeats a few characters, so it can be guessed"
	}
	if bad != "" {
		l.fault(CodeWeakToken, n, "a key of `seal` %s", bad).Help = makeSeal
	}
	return bad == ""
}

// needSeal asks for a key where bodies of orders lie in Redis: whoever can read it, or its backups, would read them.
func (l *loader) needSeal(root *diag.Node, c *Config) {
	full := slices.IndexFunc(c.Merchants, func(m Merchant) bool { return m.Mode == "full" })
	keys := root.Get("confirm").Get("seal")
	if c.Store.Redis == nil || full < 0 || keys != nil && len(keys.Items) > 0 {
		return
	}
	at := root.Get("store").Get("redis")
	if keys != nil {
		at = keys
	}
	f := l.fault(CodeNeeds, at, "orders of %q wait in Redis, so `confirm` needs `seal`, a key to seal them with", c.Merchants[full].ID)
	f.Help = "write confirm: {seal: [{env: KVITTO_SEAL_KEY}]}; " + makeSeal
	f.Notes = []string{"every replica needs the same keys"}
}

// audit reads where the record of what was decided and done goes: beside the store where the file does not say it.
func (l *loader) audit(n *diag.Node, store Store) Audit {
	a := Audit{Required: l.yesNo(n.Get("required"), false)}
	switch file := n.Get("file"); {
	case given(file) && file.Text == "":
		if a.Required {
			l.fault(CodeNeeds, n.Get("required"), "`required` and `file: \"\"` exclude each other: there would be nothing to require")
		}
	case given(file):
		a.File = l.host.resolve(file.Text)
		if a.File == store.File {
			l.fault(CodeDuplicate, file, "`audit.file` is `store.file` too").Help = "give the audit a file of its own, as in var/audit.jsonl"
		}
	case store.File != "":
		a.File = filepath.Join(filepath.Dir(store.File), defaultAudit)
	default:
		a.File = l.host.resolve("var/" + defaultAudit)
	}
	return a
}
