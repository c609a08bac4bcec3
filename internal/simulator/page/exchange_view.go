package page

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// exchangeView is a recorded callback as pages show it.
type exchangeView struct {
	Seq         int64
	Order       string
	Callback    string // as the contract names it
	Title       string
	At          time.Time
	Status      string // with its name; "" where nothing came
	Took        string
	Deadline    string
	TookMS      int64
	DeadlineMS  int64
	Slow        bool // more than half of the deadline
	Outcome     outcome
	Why         string
	Buyer       string
	ErrorType   string
	ErrorText   string
	Location    string
	Trouble     string
	Faults      []judge.Fault
	Notes       []string
	URL         string
	Request     body
	Answer      body
	Money       *breakdown
	Options     []simulator.Option // of the answer
	HasOptions  bool
	Gone        []simulator.Option // that the answer before offered and this one does not
	Currency    string
	Explainable bool
	Open        bool // the money is unfolded
}

// outcome is how an answer was taken, in a word, with a sign that is no colour.
type outcome struct{ Tone, Sign, Word string }

func outcomeOf(o judge.Outcome) outcome {
	switch o {
	case judge.Applied:
		return outcome{"good", "✓", "taken over"}
	case judge.Approved:
		return outcome{"good", "✓", "approved"}
	case judge.Refused:
		return outcome{"warn", "!", "refused"}
	case judge.Redirected:
		return outcome{"warn", "→", "redirected"}
	case judge.Denied:
		return outcome{"warn", "!", "denied"}
	case judge.Unusable:
		return outcome{"bad", "✕", "not usable"}
	case judge.Silent:
		return outcome{"bad", "✕", "no answer"}
	}
	return outcome{"info", "…", string(o)}
}

// title is what a callback is called on pages.
func title(e *simulator.Exchange) string {
	switch e.Callback {
	case simulator.AddressUpdate:
		return "Address"
	case simulator.CountryChange:
		return "Country"
	case simulator.ShippingOptionUpdate:
		return "Shipping option"
	case simulator.Validation:
		if e.Repeat > 0 {
			return "Validation after 3-D Secure"
		}
		return "Validation"
	}
	return string(e.Callback)
}

// viewOf makes an exchange ready for a page. before is the exchange of the same order that was taken over last; nil: none.
func (p *pages) viewOf(e, before *simulator.Exchange) exchangeView {
	m := maskOf(e.URL, e.Request)
	v := exchangeView{
		Seq: e.Seq, Order: e.Order, Callback: string(e.Callback), Title: title(e), At: e.At, Took: took(e.Took), Deadline: took(e.Deadline),
		TookMS: e.Took.Milliseconds(), DeadlineMS: e.Deadline.Milliseconds(), Slow: e.Took*2 > e.Deadline, Outcome: outcomeOf(e.Verdict.Outcome),
		Why: sentence(m.text(e.Verdict.Why)), Buyer: m.text(e.Verdict.Buyer), ErrorType: m.text(e.Verdict.ErrorType), ErrorText: m.text(e.Verdict.ErrorText),
		Location: m.text(e.Verdict.Location), Trouble: m.text(e.Trouble), URL: m.text(e.URL), Request: pretty(e.Request, m), Answer: pretty(e.Answer, m),
		Explainable: p.o.Explainer != nil,
	}
	if e.Status != 0 {
		v.Status = strconv.Itoa(e.Status) + " " + http.StatusText(e.Status)
	}
	for _, f := range e.Verdict.Faults {
		v.Faults = append(v.Faults, judge.Fault{Pointer: m.text(f.Pointer), Found: m.text(f.Found), Want: m.text(f.Want), Rule: f.Rule})
	}
	for _, n := range e.Verdict.Notes {
		v.Notes = append(v.Notes, m.text(n))
	}
	p.moneyOf(&v, e, before)
	return v
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if s == "" || strings.HasPrefix(s, "require_") {
		return s
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// moneyOf reads the sums of an exchange, and what it did to the options.
func (p *pages) moneyOf(v *exchangeView, e, before *simulator.Exchange) {
	asked, ok := readPriced(e.Request)
	if !ok {
		return
	}
	v.Currency = asked.Currency
	answered := asked
	if e.Verdict.Outcome == judge.Applied {
		if a, ok := readPriced(e.Answer); ok {
			answered = a
			_, v.HasOptions = e.Verdict.Answer.Members["shipping_options"]
			v.Options, v.Currency = a.Options, a.Currency
		}
	}
	v.Money = stepsOf(&asked, &answered)
	if before == nil || !v.HasOptions {
		return
	}
	if was, ok := readPriced(before.Answer); ok {
		v.Gone = gone(was.Options, v.Options)
	}
}

// viewsOf makes a list of exchanges ready, the newest first; all holds those of the same orders, oldest first.
func (p *pages) viewsOf(list, all []*simulator.Exchange) []exchangeView {
	before := takenBefore(all)
	views := make([]exchangeView, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		views = append(views, p.viewOf(list[i], before[list[i].Seq]))
	}
	return views
}

// takenBefore tells of each exchange which one of its order was taken over last before it.
func takenBefore(all []*simulator.Exchange) map[int64]*simulator.Exchange {
	before, last := map[int64]*simulator.Exchange{}, map[string]*simulator.Exchange{}
	for _, e := range all {
		before[e.Seq] = last[e.Order]
		if e.Verdict.Outcome == judge.Applied {
			if _, ok := e.Verdict.Answer.Members["shipping_options"]; ok {
				last[e.Order] = e
			}
		}
	}
	return before
}
