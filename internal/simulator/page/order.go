package page

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
)

type orderPage struct {
	ID      string
	View    simulator.View
	State   state
	Live    livePage
	Speeds  []int64
	Speed   int64
	Pending bool // a decision about fraud is due
}

// livePage is what of an order changes by itself.
type livePage struct {
	ID       string
	Mark     string // changes with it
	Standing fakeprovider.Standing
	Steps    []milestone
	Events   []event
	Earlier  int // events that are not shown
	Kept     *Kept
	KeptSays string // why it is not known how the service has the order
	Said     string // the order's state in a sentence, read out when it changes
	Faults   []faultRow
	Other    []string // faults that were set elsewhere
	Chips    chips
}

// milestone is a step on an order's way.
type milestone struct {
	Name string
	Tone string // done, now, todo, bad
	Word string // the same in a word
	Text string
}

// eventsShown is how many events of an order a page shows.
const eventsShown = 60

func (p *pages) order(w http.ResponseWriter, r *http.Request) {
	x, ok := p.sim.Session(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	p.orderWith(w, r, x, http.StatusOK, "")
}

func (p *pages) orderWith(w http.ResponseWriter, r *http.Request, x *simulator.Session, status int, problem string) {
	v := x.View()
	if v.Stage != simulator.Bought {
		http.Redirect(w, r, "/checkouts/"+x.ID(), http.StatusSeeOther)
		return
	}
	o := orderPage{ID: x.ID(), View: v, State: stateOf(&v), Live: p.live(r.Context(), x), Speeds: speeds(), Speed: p.sim.Provider().Speed(),
		Pending: v.Standing.FraudStatus == "PENDING"}
	p.show(w, r, status, "order.html", layout{Title: "Order " + short(x.ID()), Section: "checkouts", Here: "/orders/" + x.ID(), Problem: problem, Content: o})
}

// orderLive answers what changed, for a page that is open.
func (p *pages) orderLive(w http.ResponseWriter, r *http.Request) {
	x, ok := p.sim.Session(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	l := p.live(r.Context(), x)
	if r.URL.Query().Get("seen") == l.Mark {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	p.write(w, http.StatusOK, "live.html", l)
}

// orderJSON answers the order as Order Management has it: whole, or for htmx as a part of the page.
func (p *pages) orderJSON(w http.ResponseWriter, r *http.Request) {
	raw, ok := p.sim.Provider().ManagedJSON(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	checkout, _ := p.sim.Provider().CheckoutJSON(r.PathValue("id"))
	m := newMask(merchantURLs(checkout)...)
	if quick(r) {
		p.write(w, http.StatusOK, "managed.html", managedView{Body: pretty(raw, m), Path: r.URL.Path})
		return
	}
	text, _ := indented(raw, m)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text)) // where that fails nobody is there any more
}

// managedView is an order of Order Management in a page.
type managedView struct {
	Body body
	Path string
}

func (p *pages) live(ctx context.Context, x *simulator.Session) livePage {
	v := x.View()
	l := livePage{ID: x.ID(), Standing: v.Standing, Chips: p.chips()}
	l.Faults, l.Other = p.faultRows()
	if p.o.Keeper != nil {
		if k, err := p.o.Keeper.Kept(ctx, x.ID()); err != nil {
			l.KeptSays = newMask(merchantURLs(v.JSON)...).text(err.Error())
		} else {
			l.Kept = &k
		}
	}
	entries := p.sim.Provider().History().Entries(fakeprovider.Filter{Order: x.ID()})
	l.Events = eventsOf(entries, newMask(merchantURLs(v.JSON)...))
	if n := len(l.Events); n > eventsShown {
		l.Earlier, l.Events = n-eventsShown, l.Events[n-eventsShown:]
	}
	l.Steps, l.Said = milestones(&v.Standing, l.Kept, l.KeptSays, entries)
	h := fnv.New64a()
	_, _ = fmt.Fprintln(h, len(entries), l.Standing, l.KeptSays, l.Said, l.Faults, l.Other, l.Chips.Plug != nil && *l.Chips.Plug) // a hash never fails
	if l.Kept != nil {
		_, _ = fmt.Fprintln(h, *l.Kept)
	}
	l.Mark = strconv.FormatUint(h.Sum64(), 36)
	return l
}

// milestones are the order's way, and where it is on it in a sentence.
func milestones(s *fakeprovider.Standing, k *Kept, says string, entries []fakeprovider.Entry) ([]milestone, string) {
	done := func(name, text string) milestone { return milestone{name, "done", "done", text} }
	todo := func(name, text string) milestone { return milestone{name, "todo", "to come", text} }
	steps := []milestone{done("Completed", "bought at "+s.Created.Format("15:04:05"))}
	pushed, answered := pushesOf(entries)
	switch {
	case answered:
		steps = append(steps, done("Pushed", plural(s.Pushes, "push", "pushes")+", answered"))
	case s.Acknowledged:
		steps = append(steps, done("Pushed", "was not needed"))
	case pushed:
		steps = append(steps, milestone{"Pushed", "bad", "failing", plural(s.Pushes, "push", "pushes") + ", none was answered well"})
	case s.Next.IsZero():
		steps = append(steps, milestone{"Pushed", "bad", "never", "no push will come"})
	default:
		steps = append(steps, milestone{"Pushed", "now", "waiting", "the first one is due at " + s.Next.Format("15:04:05")})
	}
	steps = append(steps, handed(s, k, says, answered))
	said := "The order is bought and waits to be pushed."
	switch {
	case s.Acknowledged:
		steps, said = append(steps, done("Acknowledged", "no push comes any more")), "The order is acknowledged."
	case steps[2].Tone == "done":
		steps = append(steps, milestone{"Acknowledged", "now", "waiting", "the provider was not told yet"})
		said = "The order is handed over and waits to be acknowledged."
	default:
		steps = append(steps, todo("Acknowledged", "after it is handed over"))
		if pushed {
			said = "The order was pushed and waits to be handed over."
		}
	}
	return steps, said
}

// handed is the step in which the merchant gets the order.
func handed(s *fakeprovider.Standing, k *Kept, says string, pushed bool) milestone {
	m := milestone{"Handed over", "todo", "to come", "after a push"}
	switch {
	case k != nil && k.State == "PARKED":
		return milestone{m.Name, "bad", "parked", "the service waits for a person"}
	case k != nil && (k.State == "HANDED" || k.State == "ACKED"):
		m.Tone, m.Word, m.Text = "done", "done", "the shop has it"
		if k.Receipt != "" {
			m.Text += ", as " + k.Receipt
		} else if k.Handovers > 0 {
			m.Text += ", " + plural(k.Handovers, "event", "events")
		}
	case s.Acknowledged:
		m.Tone, m.Word, m.Text = "done", "done", "only what the shop has is acknowledged"
	case k != nil && k.State == "PENDING":
		m.Tone, m.Word, m.Text = "now", "under way", "the service has written it down"
	case says != "":
		m.Tone, m.Word, m.Text = "now", "not known", says
	case pushed:
		m.Tone, m.Word, m.Text = "now", "under way", "the service has taken the push"
	}
	return m
}

func pushesOf(entries []fakeprovider.Entry) (sent, answered bool) {
	for i := range entries {
		if e := &entries[i]; e.Kind == fakeprovider.Push {
			sent = sent || e.Fault != fakeprovider.Dropped
			answered = answered || e.Status >= 200 && e.Status < 300
		}
	}
	return sent, answered
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// orderStep turns what belongs to one order.
func (p *pages) orderStep(w http.ResponseWriter, r *http.Request) {
	x, ok := p.sim.Session(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	var err error
	provider := p.sim.Provider()
	switch r.PathValue("step") {
	case "push":
		err = provider.PushNow(x.ID())
	case "jump":
		err = p.jump(x)
	case "decide":
		err = decide(provider, x.ID(), r.PostFormValue("decision"))
	default:
		p.notFound(w, r)
		return
	}
	if err != nil {
		p.orderWith(w, r, x, http.StatusUnprocessableEntity, problemOf(x, err))
		return
	}
	http.Redirect(w, r, "/orders/"+x.ID(), http.StatusSeeOther)
}

// jump moves the clock to the next push.
func (p *pages) jump(x *simulator.Session) error {
	s, _ := p.sim.Provider().Standing(x.ID())
	if s.Next.IsZero() {
		return errors.New("no push is due any more")
	}
	return p.sim.Provider().Advance(max(s.Next.Sub(p.sim.Provider().Now()), 0))
}

// decide tells the shop what became of a pending order.
func decide(p *fakeprovider.Provider, id, decision string) error {
	switch decision {
	case "ACCEPTED":
		return p.Decide(id, "ACCEPTED", "FRAUD_RISK_ACCEPTED")
	case "REJECTED":
		return p.Decide(id, "REJECTED", "FRAUD_RISK_REJECTED")
	case "STOPPED":
		return p.Decide(id, "REJECTED", "FRAUD_RISK_STOPPED")
	}
	return fmt.Errorf("decision %q: want ACCEPTED, REJECTED or STOPPED", decision)
}
