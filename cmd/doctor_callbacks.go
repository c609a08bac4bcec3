package cmd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
)

// What is asked. An empty cart is priced without asking for anything but the tables; a validation that is no order is refused
// before anybody judges it; an id that is none is refused before anything is recorded.
const (
	emptyCart   = `{"order_amount":0,"order_tax_amount":0,"order_lines":[],"purchase_currency":"SEK"}`
	noOrder     = `{}`
	jsonMedia   = "application/json"
	nobodysID   = "00000000-0000-4000-8000-000000000000"
	malformedID = "-"
	strangers   = "0000000000000000000000000000000000000000000000000000000000000000"
	asksLatency = 5
)

// visit is the look at one merchant's URLs.
type visit struct {
	d       *doctor
	m       *configs.Merchant
	at      about
	token   string
	id      string // name of the parameter with the order id
	unknown *reply
}

// callbacks checks each URL of merchant_urls that Kvitto answers, and what the proxy before it does to them.
func (d *doctor) callbacks(ctx context.Context, m *configs.Merchant, unknown *reply) {
	v := &visit{d: d, m: m, at: d.about("public", m), id: m.OrderIDParameters[0], unknown: unknown}
	v.wrongToken(ctx)
	token, err := d.token(m)
	if err != nil {
		v.at.skip("callbacks", "URLs with the merchant's token", plainCause(err))
		return
	}
	v.token = token
	d.chart.conceal(token) // the configuration may have its hash only
	open := true
	for _, name := range []string{"address-update", "country-change", "shipping-option-update"} {
		open = v.cart(ctx, name) && open
	}
	v.validation(ctx)
	v.notices(ctx)
	if !open {
		v.at.skip("proxy", "path, query, headers, body, methods, latency", "an empty cart is not priced, so nothing can be told from it")
		return
	}
	v.query(ctx)
	v.header(ctx)
	v.paths(ctx)
	v.methods(ctx)
	v.body(ctx)
	v.latency(ctx)
}

// token is the one of the URLs.
func (d *doctor) token(m *configs.Merchant) (string, error) {
	if d.f.demo {
		return configs.DemoTokenOf(m.ID), nil
	}
	return d.p.urlToken(m, d.f.token)
}

// ask posts to a callback of the merchant.
func (v *visit) ask(ctx context.Context, name, id, media, body string) *reply {
	return v.d.address.ask(ctx, question{method: http.MethodPost, path: v.path(name, id), media: media, body: body})
}

func (v *visit) path(name, id string) string {
	return "/v1/" + v.m.ID + "/" + v.token + "/" + name + "?" + v.id + "=" + id
}

func (v *visit) shown(name string) string {
	return "POST " + shownURL(v.d.address.base, v.m.ID, v.token, name)
}

// wrongToken checks that a stranger cannot tell a wrong token from a path that is none.
func (v *visit) wrongToken(ctx context.Context) {
	const check = "wrong token"
	names := []string{"address-update", "country-change", "shipping-option-update", "validation", "push", "notification"}
	looked := fmt.Sprintf("POST %s/v1/%s/0000…/… of %d callbacks", v.d.address.base, v.m.ID, len(names))
	for _, name := range names {
		r := v.d.address.ask(ctx, question{method: http.MethodPost, path: "/v1/" + v.m.ID + "/" + strangers + "/" + name, media: jsonMedia, body: noOrder})
		if !r.same(v.unknown) {
			v.at.note(isFailed, check, looked, name+": "+r.String()+"; a path that is none: "+v.unknown.String(),
				"both must be the same 404: let the proxy pass on all of /v1/ and no answer of its own")
			return
		}
	}
	v.at.note(isFine, check, looked, "the same 404 as a path that is none", "")
}

// bad takes a line about an answer that is not the one of Kvitto.
func (v *visit) bad(check, looked string, r *reply) {
	do := "Kvitto answers 200, 303 or 400 here: does the path get to it unchanged, and does nothing else answer?"
	switch {
	case r.redirects():
		do = noRedirect
	case r.nothing():
		do = "the token does not open: does the running service use this configuration, and does the path get to it unchanged?"
	case r.status == http.StatusForbidden:
		do = "a firewall of web applications blocks it: take these paths out of it, by path, not by address"
	case r.err == nil && r.status >= 500:
		do = "the proxy does not reach Kvitto: is it serving at " + v.d.cfg.Listen + "?"
	}
	v.at.note(isFailed, check, looked, r.String(), do)
}

// cart has an empty cart priced. It reports whether it was.
func (v *visit) cart(ctx context.Context, name string) bool {
	looked := v.shown(name) + " of an empty cart"
	switch r := v.ask(ctx, name, nobodysID, jsonMedia, emptyCart); {
	case r.priced():
		v.at.note(isFine, name, looked, "200 with the cart", "")
	case r.refused():
		v.at.note(isWarned, name, looked, "Kvitto answers, and refuses an empty cart", "the log of the service says why; a plug-in that refuses empty carts is fine")
		return false
	default:
		v.bad(name, looked, r)
		return false
	}
	return true
}

// validation sends what is no order.
func (v *visit) validation(ctx context.Context) {
	const name = "validation"
	looked := v.shown(name) + " of what is no order"
	if r := v.ask(ctx, name, nobodysID, jsonMedia, noOrder); r.refused() {
		v.at.note(isFine, name, looked, "400 with a text for the buyer", "")
	} else {
		v.bad(name, looked, r)
	}
}

// notices sends push and notification with an id that is none.
func (v *visit) notices(ctx context.Context) {
	for _, name := range []string{"push", "notification"} {
		looked := v.shown(name) + " with an id that is none"
		if v.m.Mode != "full" {
			v.at.skip(name, looked, "in mode pricing it stays with the shop's own plug-in")
			continue
		}
		media, body := "", ""
		if name == "notification" {
			media, body = jsonMedia, noOrder
		}
		r := v.ask(ctx, name, malformedID, media, body)
		switch said := r.problem(); {
		case r.status == http.StatusBadRequest && strings.HasPrefix(said, "the order id must be 1 to 64"):
			v.at.note(isFine, name, looked, "400, nothing recorded", "")
		case r.status == http.StatusBadRequest && strings.HasPrefix(said, "the order id is missing"):
			v.at.note(isFailed, name, looked, "the order id did not arrive", "let the proxy pass on the query: without it no order is ever taken over")
		default:
			v.bad(name, looked, r)
		}
	}
}

// query checks that the order id arrives.
func (v *visit) query(ctx context.Context) {
	const check = "query"
	looked := v.shown("address-update") + " with an id that is none"
	switch r := v.ask(ctx, "address-update", malformedID, jsonMedia, emptyCart); {
	case r.refused():
		v.at.note(isFine, check, looked, "400: the query arrives", "")
	case r.priced():
		v.at.note(isFailed, check, looked, "200: the query does not arrive", "let the proxy pass on the query: it holds the order id")
	default:
		v.bad(check, looked, r)
	}
}

// header checks that a header arrives as it was sent.
func (v *visit) header(ctx context.Context) {
	const check = "header"
	looked := v.shown("address-update") + " as text/plain"
	switch r := v.ask(ctx, "address-update", nobodysID, "text/plain", emptyCart); {
	case r.refused():
		v.at.note(isFine, check, looked, "400: Content-Type arrives as it was sent", "")
	case r.priced():
		v.at.note(isWarned, check, looked, "200: the Content-Type was changed on the way", "let the proxy pass on headers as they are")
	default:
		v.bad(check, looked, r)
	}
}

// paths checks that only one spelling of a path is a hit.
func (v *visit) paths(ctx context.Context) {
	const check = "path"
	const end = "/address-update"
	head, query := "/v1/"+v.m.ID+"/"+v.token, "?"+v.id+"="+nobodysID
	variants := []struct{ name, path string }{
		{"a slash at the end", head + end + "/"},
		{"//", "/v1//" + v.m.ID + "/" + v.token + end},
		{"/./", "/v1/./" + v.m.ID + "/" + v.token + end},
		{"/../", "/v1/x/../" + v.m.ID + "/" + v.token + end},
		{"%2F", "/v1/" + v.m.ID + "%2F" + v.token + end},
	}
	looked := v.shown("address-update") + " in other spellings"
	var hits []string
	for _, p := range variants {
		r := v.d.address.ask(ctx, question{method: http.MethodPost, path: p.path + query, media: jsonMedia, body: emptyCart})
		switch {
		case r.redirects():
			v.at.note(isFailed, check, looked, p.name+": "+r.String(), noRedirect)
			return
		case r.priced() || r.refused():
			hits = append(hits, p.name)
		}
	}
	if len(hits) > 0 {
		v.at.note(isWarned, check, looked, "the proxy makes a hit of "+strings.Join(hits, ", "), "let it pass on the path unchanged (nginx: merge_slashes off, and proxy_pass without a path)")
		return
	}
	v.at.note(isFine, check, looked, "none is a hit: the path arrives unchanged", "")
}

// methods checks that nothing but POST is answered.
func (v *visit) methods(ctx context.Context) {
	const check = "methods"
	methods := []string{http.MethodGet, http.MethodPut, http.MethodOptions}
	looked := strings.Join(methods, ", ") + strings.TrimPrefix(v.shown("address-update"), "POST")
	var odd []string
	for _, method := range methods {
		r := v.d.address.ask(ctx, question{method: method, path: v.path("address-update", nobodysID)})
		switch {
		case r.redirects():
			v.at.note(isFailed, check, looked, method+": "+r.String(), noRedirect)
			return
		case !r.same(v.unknown):
			odd = append(odd, method+": "+r.String())
		}
	}
	if len(odd) > 0 {
		v.at.note(isWarned, check, looked, strings.Join(odd, "; "), "the proxy answers itself: harmless, but it shows a stranger which paths exist")
		return
	}
	v.at.note(isFine, check, looked, "the same 404 as a path that is none", "")
}

// body sends the largest body that is taken: an empty cart with blanks behind it.
func (v *visit) body(ctx context.Context) {
	const check = "body size"
	size := int(v.d.cfg.Limits.Body)
	looked := fmt.Sprintf("%s of %d bytes", v.shown("address-update"), size)
	r := v.ask(ctx, "address-update", nobodysID, jsonMedia, emptyCart+strings.Repeat(" ", max(size-len(emptyCart), 0)))
	switch {
	case r.priced():
		v.at.note(isFine, check, looked, "200: it arrives whole", "")
	case r.refused():
		v.at.note(isWarned, check, looked, "Kvitto refuses it", "it did not arrive within deadlines.update, or limits.body of the running service is smaller: the log says which")
	case r.err != nil || r.status == http.StatusRequestEntityTooLarge || r.status == http.StatusBadRequest:
		v.at.note(isFailed, check, looked, r.String()+", not by Kvitto", fmt.Sprintf("let the proxy take bodies of %d bytes (nginx: client_max_body_size 5m): "+
			"large carts fail at it, and on validation that probably approves", size))
	default:
		v.bad(check, looked, r)
	}
}

// latency takes the middle of five answers.
func (v *visit) latency(ctx context.Context) {
	const check = "latency"
	var took []time.Duration
	for range asksLatency {
		r := v.ask(ctx, "address-update", nobodysID, jsonMedia, emptyCart)
		if r.err != nil {
			v.bad(check, v.shown("address-update"), r)
			return
		}
		took = append(took, r.when.got.Sub(r.when.sent))
	}
	slices.Sort(took)
	median, deadline := took[asksLatency/2], v.m.UpdateDeadline
	looked := fmt.Sprintf("%s, %d times, from here", v.shown("address-update"), asksLatency)
	found := fmt.Sprintf("median %v, deadline %v", median.Round(100*time.Microsecond), deadline)
	const do = "look at kvitto_callback_duration_seconds: what is not spent there is spent on the way"
	switch {
	case median > deadline:
		v.at.note(isFailed, check, looked, found, do)
	case median > deadline/2:
		v.at.note(isWarned, check, looked, found, do)
	default:
		v.at.note(isFine, check, looked, found, "")
	}
}
