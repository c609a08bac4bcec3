package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// expectation is one thing that has to hold after a step.
type expectation struct {
	at    diag.Place
	what  string
	check func(p *play) (wanted, got string, ok bool)
}

func expectKeys() []string {
	return []string{"callbacks", "answer", "error", "text", "redirect", "wrong", "blocked", "stage", "options", "with", "without", "selected",
		"total", "tax", "currency", "country", "freight", "lines", "acknowledged", "pushes", "status", "fraud", "state", "events", "json"}
}

func outcomes() []string {
	return []string{"applied", "refused", "redirected", "unusable", "silent", "approved", "denied"}
}

// expectations reads what has to hold after a step.
func (p *parser) expectations(n *diag.Node) []expectation {
	if !diag.Fields(n, "expect", expectKeys(), p.r) {
		return nil
	}
	var out []expectation
	for i, k := range n.Keys {
		v := n.Values[i]
		if check := p.expectation(k.Text, v); check != nil {
			out = append(out, expectation{at: k.Place, what: k.Text, check: check})
		}
	}
	return out
}

type checker = func(p *play) (wanted, got string, ok bool)

// expectation reads one of them.
func (p *parser) expectation(key string, n *diag.Node) checker {
	switch key {
	case "answer":
		return words(p.word(n, key, outcomes()...), func(x *play) string { return string(x.view.Last.Outcome) })
	case "error":
		return words(p.word(n, key, "unsupported_shipping_address", "address_error", "approval_failed", "none"), func(x *play) string { return orNone(x.view.Last.ErrorType) })
	case "stage":
		return words(p.word(n, key, "open", "held", "left", "bought"), func(x *play) string { return string(x.view.Stage) })
	case "status":
		return words(p.word(n, key, "AUTHORIZED", "PART_CAPTURED", "CAPTURED", "CANCELLED", "EXPIRED", "CLOSED", "none"), func(x *play) string { return orNone(x.view.Standing.Status) })
	case "fraud":
		return words(strings.ToUpper(p.word(n, key, "accepted", "pending", "rejected")), func(x *play) string { return x.view.Standing.FraudStatus })
	case "text", "redirect", "selected", "currency", "country":
		return p.textExpected(key, n)
	case "callbacks", "wrong", "without":
		return p.namesExpected(key, n)
	case "blocked", "acknowledged":
		return p.yesExpected(key, n)
	case "pushes", "events":
		return p.countExpected(key, n)
	case "total", "tax":
		return p.moneyExpected(key, n)
	case "state":
		return p.stateExpected(n)
	case "json":
		return p.jsonExpected(n)
	}
	return p.listExpected(key, n)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func words(want string, got func(*play) string) checker {
	return func(x *play) (string, string, bool) {
		g := got(x)
		return want, orNone(g), g == want
	}
}

// textExpected reads a text in which * stands for anything.
func (p *parser) textExpected(key string, n *diag.Node) checker {
	if !diag.WantText(n, key, p.r) {
		return nil
	}
	get := func(x *play) string { return x.view.Last.ErrorText }
	switch key {
	case "redirect":
		get = func(x *play) string { return x.view.Last.Location }
	case "selected":
		get = func(x *play) string { return orNone(x.view.Selected) }
	case "currency":
		get = func(x *play) string { return x.view.Currency }
	case "country":
		get = func(x *play) string { return x.view.Country }
	}
	form := loose(n.Text)
	return func(x *play) (string, string, bool) {
		g := get(x)
		return n.Text, orNone(g), form.MatchString(g)
	}
}

// loose is the form of a text in which * stands for anything.
func loose(text string) *regexp.Regexp {
	parts := strings.Split(text, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$")
}

func (p *parser) namesExpected(key string, n *diag.Node) checker {
	want := p.names(n, key)
	if key == "without" {
		return func(x *play) (string, string, bool) {
			for _, o := range x.view.Options {
				if slices.Contains(want, o.ID) {
					return "not " + o.ID, o.ID + " is offered", false
				}
			}
			return "", "", true
		}
	}
	if len(want) == 1 && want[0] == "none" {
		want = nil
	}
	return func(x *play) (string, string, bool) {
		var got []string
		for _, e := range x.fresh {
			if key == "callbacks" {
				got = append(got, string(e.Callback))
				continue
			}
			for _, f := range e.Verdict.Faults {
				got = append(got, f.Pointer)
			}
		}
		return orNone(strings.Join(want, ", ")), orNone(strings.Join(got, ", ")), slices.Equal(got, want)
	}
}

func (p *parser) yesExpected(key string, n *diag.Node) checker {
	word := p.word(n, key, "yes", "no")
	return func(x *play) (string, string, bool) {
		got := x.view.Standing.Acknowledged
		if key == "blocked" {
			got = x.blocked != nil
		}
		g := "no"
		if got {
			g = "yes"
		}
		return word, g, g == word
	}
}

func (p *parser) countExpected(key string, n *diag.Node) checker {
	want := p.number(n, key, 1_000_000)
	return func(x *play) (string, string, bool) {
		got := x.view.Standing.Pushes
		if key == "events" {
			if x.w.Events == nil {
				return fmt.Sprint(want), "unknown: the service was not started here", false
			}
			got = x.w.Events(x.x.ID())
		}
		return fmt.Sprint(want), fmt.Sprint(got), got == want
	}
}

func (p *parser) stateExpected(n *diag.Node) checker {
	want := p.word(n, "state", "PENDING", "HANDED", "ACKED", "PARKED")
	return func(x *play) (string, string, bool) {
		rec, err := x.record(x.ctx)
		if err != nil {
			return want, err.Error(), false
		}
		return want, orNone(rec.State), rec.State == want
	}
}

// amount is a wanted amount as written; the currency of the order gives it its decimals.
type amount struct{ text string }

var amountForm = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,3})?$`)

func (p *parser) amount(n *diag.Node, what string) amount {
	if !diag.WantText(n, what, p.r) {
		return amount{}
	}
	if !amountForm.MatchString(n.Text) {
		p.r.Errorf(codeAmount, n.Place, "%s: %q is not an amount", what, n.Text).Help = "write 49.00, in the currency of the order"
	}
	return amount{n.Text}
}

// is reports whether an amount in minor units is this one; wanted and got are written alike.
func (a amount) is(got order.Amount, currency string) (wanted, shown string, ok bool) {
	shown = money(got, currency)
	minor, fits := minorUnits(a.text, currency)
	if !fits {
		return a.text + " (more decimals than " + currency + " has)", shown, false
	}
	return money(minor, currency), shown, minor == got
}

func (p *parser) moneyExpected(key string, n *diag.Node) checker {
	want := p.amount(n, key)
	return func(x *play) (string, string, bool) {
		got := x.view.Total
		if key == "tax" {
			got = x.view.Tax
		}
		return want.is(got, x.view.Currency)
	}
}
