package checks

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// check is one compiled check. It holds where all that it names holds.
type check struct {
	id      string
	at      diag.Place
	on      callbackSet
	when    table.Conditions
	unless  table.Conditions
	missing []named // one of them is enough
	matches []match // all of them
	minAge  int     // 0: not asked
	ageAt   diag.Place
	kind    rules.RejectKind
	text    table.Text
	to      string // redirect; "": reject
}

// named is a member with the place where it is named.
type named struct {
	member member
	at     diag.Place
}

// match is a member with the patterns of which one must fit.
type match struct {
	named
	patterns []pattern
}

const (
	maxAge     = 150
	maxText    = 1000 // characters of a text for the buyer, as in the configuration
	maxURL     = 2000
	maxPattern = 200 // characters
)

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// check reads one check; faults are told and leave something that can be read on.
func (l *loader) check(n *diag.Node) check {
	c := check{at: n.Place}
	l.id(n, &c)
	c.on = l.callbacks(n.Get("on"))
	c.when, _ = l.scope.Conditions(n.Get("when"), "`when`")
	c.unless, _ = l.scope.Conditions(n.Get("unless"), "`unless`")
	c.missing = l.missing(n.Get("missing"))
	c.matches = l.matches(n.Get("matches"))
	l.age(n, &c)
	l.answer(n, &c)
	for _, key := range []string{"when", "unless", "missing", "matches", "min_age"} {
		if n.Get(key) != nil {
			return c
		}
	}
	f := l.r.Errorf(codeAlways, c.at, "this check has no condition, so it would stop every order")
	f.Help = "say when it holds: when, unless, missing, matches or min_age; to close the shop for some days: when: {from: 2026-12-24, until: 2026-12-26}"
	return c
}

func (l *loader) id(n *diag.Node, c *check) {
	key, id := n.Entry("id")
	if id == nil {
		l.r.Errorf(diag.CodeMissingKey, n.Place, "this check has no `id`").Help = "add id: no-boxes; the log, tests and `explain` name it"
		return
	}
	c.at = key.Place
	if !diag.WantText(id, "`id`", l.r) {
		return
	}
	switch first, taken := l.ids[id.Text]; {
	case !idForm.MatchString(id.Text):
		l.r.Errorf(codeID, id.Place, "`%s` cannot be an id", id.Text).Help = "use letters, digits, - and _, e.g. no-boxes"
	case id.Text == none:
		l.r.Errorf(codeID, id.Place, "`none` cannot be an id").Help = "tests say `rejected: none` where no check holds; take another name"
	case taken:
		f := l.r.Errorf(codeTwice, id.Place, "there are two checks with the id `%s`", id.Text)
		f.Cause, f.Help = &diag.Cause{Place: first, Label: "the first one"}, "give one of them another id"
	default:
		c.id, l.ids[id.Text] = id.Text, id.Place
	}
}

// none is what tests expect where no check holds.
const none = "none"

// callbackSet is a set of callbacks by their place in callbackNames.
type callbackSet uint8

func callbackNames() []string {
	return []string{string(rules.Validation), string(rules.AddressUpdate), string(rules.CountryChange), string(rules.ShippingOptionUpdate)}
}

// Callbacks are the callbacks that `on` knows.
func Callbacks() []string { return callbackNames() }

func setOf(cb rules.Callback) callbackSet {
	switch cb {
	case rules.Validation:
		return 1
	case rules.AddressUpdate:
		return 2
	case rules.CountryChange:
		return 4
	case rules.ShippingOptionUpdate:
		return 8
	default:
		return 0
	}
}

// callbacks reads on; without it a check is asked when the buyer presses buy.
func (l *loader) callbacks(n *diag.Node) callbackSet {
	if n == nil {
		return setOf(rules.Validation)
	}
	nodes, ok := l.scope.Names(n)
	if !ok {
		return 0
	}
	var set callbackSet
	for _, node := range nodes {
		if !slices.Contains(callbackNames(), node.Text) {
			l.unknown(node, "`%s` is not a callback that can be checked", callbackNames())
		}
		set |= setOf(rules.Callback(node.Text))
	}
	return set
}

// unknown tells a word that is none of a few.
func (l *loader) unknown(n *diag.Node, format string, words []string) {
	f := l.r.Errorf(codeWord, n.Place, format, n.Text)
	f.Help = "possible here: " + strings.Join(words, ", ")
	if near := diag.Suggest(n.Text, words); near != "" {
		f.Fix, f.Message = near, f.Message+"; did you mean `"+near+"`?"
	}
}

func (l *loader) age(n *diag.Node, c *check) {
	key, v := n.Entry("min_age")
	if v == nil {
		return
	}
	years, ok := l.scope.Count(v)
	if ok && (years < 1 || years > maxAge) {
		l.r.Errorf(codeNumber, v.Place, "`min_age` is from 1 to %d years", maxAge).Help = "write e.g. min_age: 18"
		return
	}
	c.minAge, c.ageAt = int(years), key.Place
}

// answer reads what the buyer is told, or where they are sent.
func (l *loader) answer(n *diag.Node, c *check) {
	rejectKey, reject := n.Entry("reject")
	key, redirect := n.Entry("redirect")
	switch {
	case reject == nil && redirect == nil:
		l.r.Errorf(codeTogether, c.at, "this check does not say what happens").Help =
			"add reject: {error: approval_failed, text: …}, or redirect: https://shop.example/why"
	case reject != nil && redirect != nil:
		f := l.r.Errorf(codeTogether, key.Place, "`reject` and `redirect` do not go together")
		f.Cause, f.Help = &diag.Cause{Place: rejectKey.Place, Label: "the other one"}, "keep one of them"
	case reject != nil:
		l.reject(reject, c)
	default:
		c.to = l.page(redirect)
	}
}

func (l *loader) reject(n *diag.Node, c *check) {
	if !diag.Fields(n, "`reject`", []string{"error", "text"}, l.r) {
		return
	}
	kinds := []string{string(rules.ApprovalFailed), string(rules.AddressError), string(rules.UnsupportedShippingAddress)}
	c.kind = rules.ApprovalFailed
	if v := n.Get("error"); v != nil && diag.WantText(v, "`error`", l.r) {
		if !slices.Contains(kinds, v.Text) {
			l.unknown(v, "`%s` is not an error that the checkout knows", kinds)
		}
		c.kind = rules.RejectKind(v.Text)
	}
	v := n.Get("text")
	if v == nil {
		l.r.Errorf(diag.CodeMissingKey, n.Place, "`reject` needs `text`: the buyer has to be told why").Help =
			"write e.g. text: {sv: Vi skickar inte till boxadresser., en: We do not ship to boxes.}"
		return
	}
	if text, ok := l.scope.Text(v); ok && l.plain(v) {
		c.text = text
	}
}

// plain tells texts that a buyer cannot be shown: too long, or with characters that no eye sees.
func (l *loader) plain(n *diag.Node) bool {
	if n.Kind == diag.Map {
		ok := true
		for _, v := range n.Values {
			ok = l.plain(v) && ok
		}
		return ok
	}
	switch {
	case utf8.RuneCountInString(n.Text) > maxText:
		l.r.Errorf(codeForm, n.Place, "this text is longer than %d characters", maxText).Help = "tell the buyer in a sentence or two"
	case strings.ContainsFunc(n.Text, unicode.IsControl):
		l.r.Errorf(codeForm, n.Place, "this text has line breaks or other control characters").Help = "write it in one line"
	default:
		return true
	}
	return false
}

// page reads an absolute https URL.
func (l *loader) page(n *diag.Node) string {
	if !diag.WantText(n, "`redirect`", l.r) {
		return ""
	}
	u, err := url.Parse(n.Text)
	visible := !strings.ContainsFunc(n.Text, func(c rune) bool { return c <= ' ' || c > '~' })
	if err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && visible && len(n.Text) <= maxURL {
		return n.Text
	}
	l.r.Errorf(codeForm, n.Place, "`redirect` is not an absolute https URL").Help = "write a whole address, as in https://shop.example/why"
	return ""
}
