package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// callbacksShown is how many callbacks a page lists.
const callbacksShown = 50

type callbacksPage struct {
	Rows   []callbackRow
	Order  string // only this one's; "": all
	Show   string // all, stopped
	Counts map[string]int
	Pages  paging
}

// callbackRow is a callback in a list; its bodies are not looked at.
type callbackRow struct {
	Seq        int64
	At         time.Time
	Order      string
	Callback   string
	Title      string
	Status     int
	Took       string
	TookMS     int64
	Deadline   string
	DeadlineMS int64
	Outcome    outcome
	Why        string
}

func (p *pages) callbacks(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c := callbacksPage{Order: q.Get("order"), Show: "all"}
	list := p.sim.Exchanges(c.Order, 0)
	stopped := slices.DeleteFunc(slices.Clone(list), func(e *simulator.Exchange) bool { return e.Verdict.GoesOn() })
	c.Counts = map[string]int{"all": len(list), "stopped": len(stopped)}
	if q.Get("show") == "stopped" {
		c.Show, list = "stopped", stopped
	}
	slices.Reverse(list)
	c.Pages = pagesOf(r, len(list), callbacksShown, "/callbacks")
	for _, e := range list[c.Pages.From:c.Pages.To] {
		m := newMask(e.URL)
		c.Rows = append(c.Rows, callbackRow{Seq: e.Seq, At: e.At, Order: e.Order, Callback: string(e.Callback), Title: title(e), Status: e.Status,
			Took: took(e.Took), TookMS: e.Took.Milliseconds(), Deadline: took(e.Deadline), DeadlineMS: e.Deadline.Milliseconds(),
			Outcome: outcomeOf(e.Verdict.Outcome), Why: m.text(summary(e))})
	}
	p.show(w, r, http.StatusOK, "callbacks.html", layout{Title: "Callbacks", Section: "callbacks", Content: c})
}

// summary is the shortest that can be said of an answer.
func summary(e *simulator.Exchange) string {
	switch {
	case len(e.Verdict.Faults) > 0:
		return e.Verdict.Faults[0].String()
	case e.Verdict.ErrorText != "":
		return e.Verdict.ErrorText
	case e.Verdict.Location != "":
		return e.Verdict.Location
	case e.Trouble != "":
		return e.Trouble
	case e.Verdict.Outcome == judge.Applied:
		if a, ok := readPriced(e.Answer); ok {
			return price(a.Amount, a.Currency) + " to pay, freight " + money(sumsOf(&a).freight, a.Currency) + ", " + plural(len(a.Options), "option", "options")
		}
	}
	return sentence(e.Verdict.Why)
}

// Link is the path of the list with another choice.
func (c callbacksPage) Link(show string) string {
	q := url.Values{"show": {show}}
	if c.Order != "" {
		q.Set("order", c.Order)
	}
	return "/callbacks?" + q.Encode()
}

// find returns the exchange that a path names.
func (p *pages) find(r *http.Request) (*simulator.Exchange, bool) {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return nil, false
	}
	list := p.sim.Exchanges("", seq-1)
	if len(list) == 0 || list[0].Seq != seq {
		return nil, false
	}
	return list[0], true
}

type callbackPage struct {
	exchangeView
	Reason reason
}

// reason is why the rules answered so.
type reason struct {
	*rulestest.Explanation
	Problem string // why it is not known
	Seq     int64
}

func (p *pages) callback(w http.ResponseWriter, r *http.Request) {
	e, ok := p.find(r)
	if !ok {
		p.fail(w, r, http.StatusNotFound, "There is no such callback; the last 1,000 are kept.")
		return
	}
	all := p.sim.Exchanges(e.Order, 0)
	c := callbackPage{exchangeView: p.viewOf(e, takenBefore(all)[e.Seq]), Reason: p.reasonOf(r, e)}
	c.Open = true
	p.show(w, r, http.StatusOK, "callback.html", layout{Title: "Callback " + strconv.FormatInt(e.Seq, 10), Section: "callbacks", Content: c})
}

// reasonOf asks the rules again.
func (p *pages) reasonOf(r *http.Request, e *simulator.Exchange) reason {
	why := reason{Seq: e.Seq}
	if p.o.Explainer == nil {
		why.Problem = "The rules are not in this process: ask them with kvitto rules explain DIR --order FILE."
		return why
	}
	x, err := p.o.Explainer.Explain(r.Context(), e)
	switch {
	case err != nil:
		why.Problem = maskOf(e.URL, e.Request).text(err.Error())
	case x == nil:
		why.Problem = "The rules have nothing to say of this callback."
	default:
		why.Explanation = x
	}
	return why
}

// callbackPart answers a part of a callback: why the rules answered so, or a body whole.
func (p *pages) callbackPart(w http.ResponseWriter, r *http.Request) {
	e, ok := p.find(r)
	if !ok {
		p.fail(w, r, http.StatusNotFound, "There is no such callback; the last 1,000 are kept.")
		return
	}
	raw := e.Request
	switch r.PathValue("part") {
	case "why":
		if !quick(r) {
			http.Redirect(w, r, "/callbacks/"+strconv.FormatInt(e.Seq, 10)+"#why", http.StatusSeeOther)
			return
		}
		p.write(w, http.StatusOK, "why.html", p.reasonOf(r, e))
		return
	case "request":
	case "answer":
		raw = e.Answer
	default:
		p.notFound(w, r)
		return
	}
	text, _ := indented(raw, maskOf(e.URL, e.Request))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(text)) // where that fails nobody is there any more
}
