package scenario

import (
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// actionKeys are what a step can do.
func actionKeys() []string {
	return []string{"open", "country", "address", "option", "data", "cart", "buy", "decide", "wait", "push", "faults", "service",
		"rules", "later", "shop", "ensure", "orders", "manage"}
}

func stepKeys() []string { return append([]string{"expect"}, actionKeys()...) }

// step reads one step: one thing that happens, and what is expected. A step may only expect.
func (p *parser) step(n *diag.Node) (step, bool) {
	if !diag.Fields(n, "a step", stepKeys(), p.r) {
		return step{}, false
	}
	st := step{at: n.Place, label: "expect"}
	given := 0
	for _, key := range actionKeys() {
		k, v := n.Entry(key)
		if k == nil {
			continue
		}
		if given++; given > 1 {
			p.r.Errorf(codeStep, k.Place, "this step does two things: `%s` and `%s`", st.label, key).Help = "write each as a step of its own, with - in front"
			return st, false
		}
		st.at, st.label = k.Place, key
		if v.Kind == diag.Scalar && !v.Null {
			st.label += ": " + v.Text
		}
		st.do = p.action(key, v)
	}
	expect := n.Get("expect")
	if given == 0 && expect == nil {
		if len(n.Keys) > 0 { // an unknown key was told: what it was meant to do is not known
			return st, false
		}
		p.r.Errorf(codeStep, n.Place, "this step does nothing").Help = "a step is one of " + strings.Join(actionKeys(), ", ")
		return st, false
	}
	if expect != nil {
		st.expect = p.expectations(expect)
	}
	return st, true
}

// action reads what a step does.
func (p *parser) action(key string, n *diag.Node) action {
	switch key {
	case "open":
		p.yes(n, key)
		return open{}
	case "country":
		return country{p.country(n)}
	case "address":
		return p.address(n)
	case "option":
		if diag.WantText(n, key, p.r) {
			return choose{n.Text}
		}
	case "data":
		return fill{encoded(p.members(n))}
	case "cart":
		return recart{p.order(n, nil)}
	case "buy":
		return p.buy(n)
	case "decide":
		return p.decide(n)
	case "wait":
		return p.wait(n)
	case "push":
		p.word(n, key, "now")
		return pushNow{}
	case "faults":
		return p.goWrong(n)
	}
	return p.localAction(key, n)
}

// country reads a country of two letters.
func (p *parser) country(n *diag.Node) string {
	if !diag.WantText(n, "country", p.r) {
		return ""
	}
	if !isCountry(n.Text) {
		p.r.Errorf(codeCountry, n.Place, "%q is not a country of two letters", n.Text).Help = "write SE"
	}
	return n.Text
}

func isCountry(s string) bool {
	return len(s) == 2 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz") == ""
}

func addressMembers() []string {
	return []string{"given_name", "family_name", "email", "title", "street_address", "street_address2", "street_name", "street_number",
		"house_extension", "postal_code", "city", "region", "phone", "country", "care_of", "organization_name", "reference", "attention"}
}

// person is who buys where a file does not say it.
func person() map[string]string {
	return map[string]string{"given_name": "Ada", "family_name": "Ek", "email": "ada.ek@shop.example", "phone": "+46701740605",
		"street_address": "Storgatan 1", "city": "Ort"}
}

// address reads SE 118 26, or members of an address; shipping: {…} is another one for the goods.
func (p *parser) address(n *diag.Node) action {
	if n.Kind == diag.Scalar {
		return address{billing: p.shortAddress(n)}
	}
	if !diag.Fields(n, "an address", append([]string{"shipping"}, addressMembers()...), p.r) {
		return nil
	}
	a := address{billing: p.fullAddress(n)}
	if s := n.Get("shipping"); s != nil {
		switch {
		case s.Kind == diag.Scalar:
			a.shipping = p.shortAddress(s)
		case diag.Fields(s, "a shipping address", addressMembers(), p.r):
			a.shipping = p.fullAddress(s)
		}
	}
	return a
}

func (p *parser) shortAddress(n *diag.Node) map[string]string {
	if !diag.WantText(n, "address", p.r) {
		return nil
	}
	at, postcode, _ := strings.Cut(n.Text, " ")
	if !isCountry(at) {
		p.r.Errorf(codeCountry, n.Place, "%q is not an address", n.Text).Help = "write a country and a postcode, as in SE 118 26, or {country: SE, postal_code: 118 26, city: Stockholm}"
		return nil
	}
	a := person()
	a["country"] = at
	if postcode != "" {
		a["postal_code"] = strings.TrimSpace(postcode)
	}
	return a
}

// fullAddress reads members; those that are not written are a person's of ours, and those written empty are left out.
func (p *parser) fullAddress(n *diag.Node) map[string]string {
	a := person()
	for i, k := range n.Keys {
		v := n.Values[i]
		switch {
		case k.Text == "shipping" || strings.HasPrefix(k.Text, "x-"):
		case v.Null || v.Kind == diag.Scalar && v.Text == "":
			delete(a, k.Text)
		case k.Text == "country":
			a["country"] = p.country(v)
		case diag.WantText(v, k.Text, p.r):
			a[k.Text] = v.Text
		}
	}
	return a
}

// buy reads yes, or how.
func (p *parser) buy(n *diag.Node) action {
	if n.Kind == diag.Scalar {
		p.word(n, "buy", "yes")
		return buy{}
	}
	if !diag.Fields(n, "buy", []string{"3d_secure", "fraud", "push"}, p.r) {
		return nil
	}
	var b buy
	if v := n.Get("3d_secure"); v != nil {
		b.how.ThreeDSecure = p.number(v, "3d_secure", 3)
	}
	if v := n.Get("fraud"); v != nil {
		b.how.Fraud = strings.ToUpper(p.word(v, "fraud", "accepted", "pending", "rejected"))
	}
	if v := n.Get("push"); v != nil {
		b.how.NoPush = p.word(v, "push", "never", "yes") == "never"
	}
	return b
}

// decide reads a decision of the provider about a pending order.
func (p *parser) decide(n *diag.Node) action {
	words := []string{"accepted", "rejected", "stopped"}
	if n.Kind == diag.Scalar {
		return decision(p.word(n, "decide", words...), true, false)
	}
	if !diag.Fields(n, "decide", []string{"fraud", "notify", "forged"}, p.r) {
		return nil
	}
	fraud := diag.Need(n, "decide", "fraud", p.r)
	if fraud == nil {
		return nil
	}
	notify := n.Get("notify") == nil || p.yes(n.Get("notify"), "notify")
	return decision(p.word(fraud, "fraud", words...), notify, p.yes(n.Get("forged"), "forged"))
}

func decision(word string, notify, forged bool) decide {
	d := decide{fraud: strings.ToUpper(word)}
	if notify {
		d.event = "FRAUD_RISK_" + d.fraud
	}
	if word == "stopped" || forged { // stopped is an event only: the order stays as it is
		d.fraud = ""
	}
	return d
}

// wait reads what is waited for.
func (p *parser) wait(n *diag.Node) action {
	if n.Kind == diag.Scalar {
		p.word(n, "wait", "acknowledged", "acked", "done", "parked")
		return wait{state: n.Text}
	}
	if !diag.Fields(n, "wait", []string{"pushes", "clock"}, p.r) {
		return nil
	}
	pushes, clock := n.Get("pushes"), n.Get("clock")
	switch {
	case (pushes == nil) == (clock == nil):
		p.r.Errorf(codeStep, n.Place, "`wait` is for `pushes` or for `clock`").Help = "write wait: acknowledged, wait: {pushes: 2} or wait: {clock: 4 h}"
		return nil
	case pushes != nil:
		return wait{pushes: p.number(pushes, "pushes", 100)}
	}
	return wait{clock: p.length(clock, "clock")}
}
