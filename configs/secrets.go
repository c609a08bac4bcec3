package configs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// maxSecret is the largest file of a secret, in bytes.
const maxSecret = 64 << 10

// makeToken is what to do where a token is missing or weak.
const makeToken = "make one with `openssl rand -hex 32`"

var (
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,59}$`)
	hexHash      = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
	tokenText    = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// secret reads a secret that is given as {env: X} or {file: path}.
func (l *loader) secret(n *diag.Node, what string) (Secret, bool) {
	if n == nil || n.Null || !l.reference(n, what, "env", "file") {
		return Secret{}, false
	}
	return l.value(n)
}

// reference checks that n is a map with exactly one of the given keys, and hides what else stands in it: it may be the
// secret itself.
func (l *loader) reference(n *diag.Node, what string, keys ...string) bool {
	help := "write {env: NAME} with the name of a variable, or {file: PATH}"
	if n.Kind != diag.Map || slices.ContainsFunc(n.Keys, func(k *diag.Node) bool { return looksRandom(k.Text) }) {
		l.mask(n)
		l.fault(CodeInClear, n, "%s is written in the configuration itself", what).Help = help
		return false
	}
	known := append([]string{"until"}, keys...)
	if len(keys) == 2 {
		known = keys
	}
	count := 0
	for i, key := range n.Keys {
		if v := n.Values[i]; v.Kind != diag.Scalar || !slices.Contains(known, key.Text) || v.Text == "" {
			l.mask(v)
		}
		if slices.Contains(keys, key.Text) {
			count++
		}
	}
	diag.Fields(n, what, known, l.r)
	if count == 1 {
		return true
	}
	f := l.fault(CodeReference, n, "%s needs exactly one of %s; found %d", what, strings.Join(keys, ", "), count)
	f.Help = help
	return false
}

// value reads what {env} or {file} refers to.
func (l *loader) value(n *diag.Node) (Secret, bool) {
	if v := n.Get("env"); v != nil {
		return l.fromVariable(v)
	}
	return l.fromFile(n.Get("file"))
}

func (l *loader) fromVariable(n *diag.Node) (Secret, bool) {
	if !given(n) {
		l.fault(CodeReference, n, "`env` is the name of a variable").Help = "write {env: KVITTO_DEMO_TOKEN}"
		return Secret{}, false
	}
	if !variableName.MatchString(n.Text) {
		l.mask(n)
		f := l.fault(CodeReference, n, "`env` is the name of a variable, not its value")
		f.Help = "set a variable such as KVITTO_TOKEN to the secret, and write its name here"
		return Secret{}, false
	}
	l.referred[n.Text] = true
	v := l.env[n.Text]
	if v == "" {
		l.fault(CodeSecret, n, "the variable %s is not set", n.Text)
		return Secret{}, false
	}
	return NewSecret(v), true
}

// fromFile reads a secret from a file, without the line break at its end. What is told never holds any of it, and the
// report of the file's own reading, which keeps source lines, is thrown away.
func (l *loader) fromFile(n *diag.Node) (Secret, bool) {
	if !given(n) || n.Text == "" {
		l.fault(CodeReference, n, "the path of a file is missing")
		return Secret{}, false
	}
	if looksRandom(n.Text) {
		l.mask(n)
		l.fault(CodeInClear, n, "this looks like the secret, not like the path of a file").Help = "put the secret into a file, and write its path here"
		return Secret{}, false
	}
	var own diag.Report
	l.files = append(l.files, l.host.resolve(n.Text))
	fsys, name := l.host.open(n.Text)
	data, ok := diag.ReadFile(fsys, name, maxSecret, n.Place, &own)
	if !ok {
		first := own.Findings()[0]
		if first.Code == diag.CodeNotUTF8 {
			first.Message, first.Help = "the file is not text", "a secret is one line of text"
		}
		f := l.fault(first.Code, n, "%s", first.Message)
		f.Help = first.Help
		return Secret{}, false
	}
	v := strings.TrimSpace(string(data))
	switch {
	case v == "":
		l.fault(CodeSecret, n, "the file is empty")
	case strings.ContainsFunc(v, func(c rune) bool { return c < ' ' || c == 0x7F }):
		l.fault(CodeSecret, n, "the file holds more than one line").Help = "a secret is one line of text"
	default:
		return NewSecret(v), true
	}
	return Secret{}, false
}

// looksRandom reports whether a text is long and without any of what paths are made of.
func looksRandom(s string) bool { return len(s) >= 40 && tokenText.MatchString(s) }

// secretKey reads NAME_file or NAME_env of a map; both, or none, is told.
func (l *loader) secretKey(n *diag.Node, what, name string) Secret {
	file, env := n.Get(name+"_file"), n.Get(name+"_env")
	switch {
	case file != nil && env != nil:
		l.fault(CodeReference, env, "`%s_env` and `%s_file` exclude each other", name, name)
	case file != nil:
		s, _ := l.fromFile(file)
		return s
	case env != nil:
		s, _ := l.fromVariable(env)
		return s
	default:
		f := l.fault(diag.CodeMissingKey, n, "%s needs `%s_file`", what, name)
		f.Help = "write the path of a file that holds it, or `" + name + "_env` with the name of a variable"
	}
	return Secret{}
}

// tokens reads the tokens of a merchant. Two of the same merchant must differ, whichever list they are in.
func (l *loader) tokens(n *diag.Node, merchant string, seen map[[32]byte]holder) []Token {
	if n == nil {
		return nil
	}
	var out []Token
	for _, item := range n.Items {
		if item.Null || !l.reference(item, "a token", "env", "file", "sha256") {
			continue
		}
		until := l.until(item.Get("until"))
		t, ok := l.token(item)
		if !ok {
			continue
		}
		if first, twice := seen[t.Hash]; twice {
			l.twice(item, first.at, "this is the same token")
			continue
		}
		seen[t.Hash] = holder{merchant: merchant, at: item.Place}
		l.shared(item, t.Hash, seen[t.Hash])
		t.Until = until
		out = append(out, t)
	}
	return out
}

// holder is a merchant, or the console, and where its token stands.
type holder struct {
	merchant string
	at       diag.Place
	console  bool // it is admin_token, of no merchant
}

// shared warns of a token that an earlier merchant has too, or the console.
func (l *loader) shared(n *diag.Node, hash [32]byte, own holder) {
	first, taken := l.holders[hash]
	if !taken {
		l.holders[hash] = own
		return
	}
	f := l.r.Warnf(CodeShared, n.Place, "another merchant has this token too")
	if first.merchant != "" {
		f.Message = fmt.Sprintf("the merchant %q has this token too", first.merchant)
	}
	f.Path, f.Help = n.Path, "give each merchant a token of its own; "+makeToken
	f.Notes = []string{"whoever knows it can call the URLs of both, and it can only be changed for both at once"}
	if first.console {
		f.Message = "this is admin_token too"
		f.Help = "give the console a token of its own; " + makeToken
		f.Notes = []string{"whoever calls this merchant's URLs can open the console, of all merchants"}
	}
	f.Cause = &diag.Cause{Place: first.at, Label: "first written here"}
}

// token reads one token.
func (l *loader) token(n *diag.Node) (Token, bool) {
	if v := n.Get("sha256"); v != nil {
		if v.Kind != diag.Scalar || !hexHash.MatchString(v.Text) {
			l.mask(v)
			f := l.fault(CodeReference, v, "`sha256` is not the 64 hex digits of a SHA-256")
			f.Help = "print it with `printf %s \"$TOKEN\" | sha256sum`"
			return Token{}, false
		}
		var t Token
		_, err := hex.Decode(t.Hash[:], []byte(v.Text))
		return t, err == nil
	}
	s, ok := l.value(n)
	if !ok || !l.strong(n, "a token", s) {
		return Token{}, false
	}
	return Token{Hash: sha256.Sum256([]byte(s.Reveal())), Plain: s}, true
}

// strong tells a token that could be guessed. 256 bits are 64 hex digits or 43 characters of base64url.
func (l *loader) strong(n *diag.Node, what string, s Secret) bool {
	v := s.Reveal()
	least, kind := 43, "characters"
	if strings.Trim(v, "0123456789abcdefABCDEF") == "" {
		least, kind = 64, "hex digits"
	}
	distinct := map[rune]bool{}
	for _, c := range v {
		distinct[c] = true
	}
	bad := ""
	switch {
	case !tokenText.MatchString(v):
		bad = "has characters other than letters, digits, - and _"
	case len(v) > 256:
		bad = "is longer than 256 characters"
	case len(v) < least:
		l.fault(CodeWeakToken, n, "%s has %d %s, at least %d are needed", what, len(v), kind, least).Help = makeToken
		return false
	case len(distinct) < 10:
		bad = "repeats a few characters, so it can be guessed"
	}
	if bad != "" {
		l.fault(CodeWeakToken, n, "%s %s", what, bad).Help = makeToken
	}
	return bad == ""
}

// until reads the end of a token: a date, the whole of which still counts (in UTC), or a moment.
func (l *loader) until(n *diag.Node) time.Time {
	if n == nil {
		return time.Time{}
	}
	if n.Kind == diag.Scalar {
		if t, err := time.Parse(time.DateOnly, n.Text); err == nil {
			return t.AddDate(0, 0, 1)
		}
		if t, err := time.Parse(time.RFC3339, n.Text); err == nil {
			return t
		}
	}
	f := l.fault(CodeUntil, n, "`until` is not a date or a moment")
	f.Help = "write 2027-01-31 (the whole day counts, in UTC) or 2027-01-31T12:00:00+01:00"
	return time.Time{}
}
