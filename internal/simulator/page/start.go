package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/kvitto/kvitto/internal/simulator"
)

// checkoutsShown is how many checkouts a page lists.
const checkoutsShown = 25

type startPage struct {
	Shops     []shopView
	Here      shopView // whose carts are shown
	Checkouts []checkoutRow
	Pages     paging
}

// shopView is a shop with the carts that it sells.
type shopView struct {
	ID, Name, Market string
	Path             string
	Carts            []cartCard
}

// checkoutRow is a checkout in a list.
type checkoutRow struct {
	View  simulator.View
	State state
	Calls int
	Path  string
}

// state is how far an order is, in a word, with a sign that is no colour.
type state struct{ Tone, Sign, Word string }

func stateOf(v *simulator.View) state {
	switch {
	case v.Out != "":
		return state{"info", "…", "waiting for an answer"}
	case v.Stage == simulator.Left:
		return state{"warn", "→", "left for the shop"}
	case v.Stage == simulator.Held:
		return state{"warn", "!", "held at the checkout"}
	case v.Stage == simulator.Open:
		return state{"info", "○", "at the checkout"}
	case v.Standing.Acknowledged:
		return state{"good", "✓", "acknowledged"}
	case v.Standing.FraudStatus == "REJECTED":
		return state{"warn", "!", "bought, fraud rejected"}
	}
	return state{"info", "…", "bought, not acknowledged"}
}

// start shows the carts of the shop in the query, and all checkouts.
func (p *pages) start(w http.ResponseWriter, r *http.Request) { p.startWith(w, r, http.StatusOK, "") }

func (p *pages) startWith(w http.ResponseWriter, r *http.Request, status int, problem string) {
	var content startPage
	for _, s := range p.o.Shops {
		content.Shops = append(content.Shops, p.shopView(&s))
	}
	if here, ok := p.shop(r.FormValue("shop")); ok {
		content.Here = p.shopView(&here)
	}
	all := p.sim.Sessions()
	content.Pages = pagesOf(r, len(all), checkoutsShown, "/")
	calls := map[string]int{}
	for _, e := range p.sim.Exchanges("", 0) {
		calls[e.Order]++
	}
	for _, x := range all[content.Pages.From:content.Pages.To] {
		row := checkoutRow{View: x.View(), Calls: calls[x.ID()], Path: "/checkouts/" + x.ID()}
		row.State = stateOf(&row.View)
		if row.View.Stage == simulator.Bought {
			row.Path = "/orders/" + x.ID()
		}
		content.Checkouts = append(content.Checkouts, row)
	}
	p.show(w, r, status, "start.html", layout{Title: "Checkouts", Section: "checkouts", Here: "/", Problem: problem, Content: content})
}

func (p *pages) shopView(s *Shop) shopView {
	v := shopView{ID: s.ID, Name: s.name(), Market: s.Market, Path: "/?" + url.Values{"shop": {s.ID}}.Encode()}
	for _, c := range p.o.Carts {
		if s.Carts == nil || slices.Contains(s.Carts, c.Name) {
			v.Carts = append(v.Carts, cardOf(c))
		}
	}
	return v
}

// open creates an order of a ready-made cart and opens its checkout.
func (p *pages) open(w http.ResponseWriter, r *http.Request) {
	shop, ok := p.shop(r.PostFormValue("shop"))
	if !ok {
		p.startWith(w, r, http.StatusConflict, "No shop is known: start the simulator with one.")
		return
	}
	i := slices.IndexFunc(p.o.Carts, func(c simulator.Cart) bool { return c.Name == r.PostFormValue("cart") })
	if i < 0 {
		p.startWith(w, r, http.StatusBadRequest, "There is no such cart.")
		return
	}
	m := newMask(valuesOf(shop.URLs)...)
	x, err := p.sim.Start(p.o.Carts[i].Body, shop.URLs)
	if err != nil {
		p.startWith(w, r, http.StatusUnprocessableEntity, m.text(err.Error()))
		return
	}
	ctx, end := stepContext(r)
	defer end()
	if err := x.Enter(ctx); err != nil {
		p.checkoutWith(w, r, x, http.StatusUnprocessableEntity, m.text(err.Error()))
		return
	}
	leave(w, r, "/checkouts/"+x.ID())
}

func valuesOf(m map[string]string) []string {
	var list []string
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// paging is a window on a list.
type paging struct {
	From, To, All int // the window, from 0; To is not in it
	Newer, Older  string
}

// First is the number of the first that is shown, from 1.
func (p paging) First() int { return min(p.From+1, p.All) }

// pagesOf reads the query's page, from 1; one that is out of range is the nearest. path may have a query.
func pagesOf(r *http.Request, all, size int, path string) paging {
	last := max((all+size-1)/size, 1)
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		n = 1
	}
	n = min(max(n, 1), last)
	g := paging{From: (n - 1) * size, To: min(n*size, all), All: all}
	link := func(n int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(n))
		return path + "?" + q.Encode()
	}
	if n > 1 {
		g.Newer = link(n - 1)
	}
	if n < last {
		g.Older = link(n + 1)
	}
	return g
}
