package fakeprovider

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// controlPath begins what steers the fake from another process.
//
//	GET    /_control/faults               all faults, by kind
//	PUT    /_control/faults/{kind}        replaces a kind's: a list of Fault
//	DELETE /_control/faults               switches all off
//	GET    /_control/history?order=&kind=&after=
//	GET    /_control/orders               how all orders stand
//	POST   /_control/orders?fraud=        a completed order of the JSON of a checkout order: {"order_id": …}
//	POST   /_control/orders/{id}/complete?fraud=
//	POST   /_control/orders/{id}/push     one push outside the schedule
//	POST   /_control/orders/{id}/decide?fraud_status=&event=
//	PUT    /_control/speed/{n}            of the clock
const controlPath = "/_control/"

func newID() string { return uuid.NewString() }

func (p *Provider) control(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		write(w, problem(err))
		return
	}
	a := p.controlled(r, strings.Split(strings.TrimPrefix(r.URL.Path, controlPath), "/"), body)
	write(w, &a)
}

func (p *Provider) controlled(r *http.Request, words []string, body []byte) reply {
	switch r.Method + " " + words[0] {
	case "GET faults":
		return answer(http.StatusOK, p.Faults())
	case "PUT faults":
		var list []Fault
		if err := json.Unmarshal(body, &list, json.RejectUnknownMembers(true)); err != nil {
			return *problem(err)
		}
		return outcome(p.SetFault(Kind(strings.Join(words[1:], "/")), list...))
	case "DELETE faults":
		p.ClearFaults()
		return outcome(nil)
	case "GET history":
		return p.controlHistory(r)
	case "GET orders":
		return answer(http.StatusOK, p.Standings())
	case "POST orders":
		return p.controlOrder(r, words[1:], body)
	case "PUT speed":
		n, err := strconv.ParseInt(strings.Join(words[1:], "/"), 10, 64)
		if err != nil {
			return *problem(err)
		}
		return outcome(p.SetSpeed(n))
	}
	return refuse(http.StatusNotFound, "NOT_FOUND", "no such switch: "+r.Method+" "+r.URL.Path)
}

func (p *Provider) controlHistory(r *http.Request) reply {
	q := r.URL.Query()
	f := Filter{Order: q.Get("order")}
	for _, k := range q["kind"] {
		f.Kinds = append(f.Kinds, Kind(k))
	}
	if after := q.Get("after"); after != "" {
		n, err := strconv.ParseInt(after, 10, 64)
		if err != nil {
			return *problem(err)
		}
		f.After = n
	}
	entries := p.history.Entries(f)
	if entries == nil {
		entries = []Entry{}
	}
	return answer(http.StatusOK, entries)
}

func (p *Provider) controlOrder(r *http.Request, words []string, body []byte) reply {
	q := r.URL.Query()
	if len(words) == 0 {
		id, err := p.AddOrder(body, Completion{Fraud: q.Get("fraud")})
		if err != nil {
			return *problem(err)
		}
		return answer(http.StatusCreated, map[string]string{"order_id": id})
	}
	switch strings.Join(words[1:], "/") {
	case "complete":
		return outcome(p.Complete(words[0], Completion{Fraud: q.Get("fraud")}))
	case "push":
		return outcome(p.PushNow(words[0]))
	case "decide":
		return outcome(p.Decide(words[0], q.Get("fraud_status"), q.Get("event")))
	}
	return refuse(http.StatusNotFound, "NOT_FOUND", "no such switch: "+r.URL.Path)
}

func problem(err error) *reply {
	r := refuse(http.StatusBadRequest, "BAD_VALUE", err.Error())
	return &r
}

func outcome(err error) reply {
	if err != nil {
		return *problem(err)
	}
	return reply{status: http.StatusNoContent, header: http.Header{}}
}
