package cmd

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// orderView is a record as the API and the commands show it. Times are UTC; what is zero is left out.
type orderView struct {
	Merchant   string         `json:"merchant"`
	OrderID    string         `json:"order_id"`
	State      confirm.State  `json:"state"`
	Done       bool           `json:"done"`
	Prev       confirm.State  `json:"before_parked,omitempty"`
	Reason     string         `json:"reason,omitempty"`        // why it is parked, or why it failed last since it got further
	Fault      string         `json:"provider_said,omitempty"` // with that: status, code, correlation id
	Attempts   int64          `json:"failed_attempts"`
	Releases   int64          `json:"released,omitempty"` // how often
	Seen       time.Time      `json:"first_seen"`
	First      *time.Time     `json:"age_counts_from,omitempty"` // where that is later: a release, or new work
	Due        *time.Time     `json:"due,omitempty"`
	LeaseUntil *time.Time     `json:"worked_on_until,omitempty"`
	AckedAt    *time.Time     `json:"acknowledged_at,omitempty"`
	Known      bool           `json:"provider_showed_it"`
	SHA        string         `json:"body_sha256,omitempty"`
	Revision   int            `json:"body_revision,omitempty"`
	Receipt    string         `json:"receipt,omitempty"`
	Reference1 string         `json:"merchant_reference1,omitempty"`
	Reference2 string         `json:"merchant_reference2,omitempty"`
	Open       []confirm.Work `json:"left_to_do,omitempty"`
	Closed     []confirm.Work `json:"was_done,omitempty"`
	Refused    []confirm.Work `json:"was_refused,omitempty"` // the order does not allow it: it is not done
	Outcome    string         `json:"outcome,omitempty"`     // of a change by hand: what came of it

	forgotten bool // there is no such record any more
}

func viewOf(r *confirm.Record) orderView {
	v := orderView{Merchant: r.Merchant, OrderID: r.Order, State: r.State, Done: r.Done(), Prev: r.Prev,
		Attempts: r.Attempts, Releases: r.Releases, Seen: r.Seen.UTC(), Due: given(r.Due), LeaseUntil: given(r.LeaseUntil), AckedAt: given(r.AckedAt),
		Known: r.Known, SHA: r.SHA, Revision: r.Revision, Receipt: r.Receipt, Reference1: r.Reference1, Reference2: r.Reference2,
		Open: r.Open, Refused: r.Refused}
	if r.First.After(r.Seen) {
		v.First = given(r.First)
	}
	if r.State == confirm.Parked || r.Attempts > 0 && !r.Done() { // a release, or what it brought about, made it history
		v.Reason, v.Fault = r.Reason, r.Fault
	}
	for _, w := range r.Closed {
		if !slices.Contains(r.Refused, w) {
			v.Closed = append(v.Closed, w)
		}
	}
	return v
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

// ordersPage is an answer with several records; Next is what ?after= takes for the page behind, where there is one merchant.
type ordersPage struct {
	Orders []orderView `json:"orders"`
	More   bool        `json:"more,omitempty"` // there are others
	Next   string      `json:"next,omitempty"`
	Error  *told       `json:"error,omitempty"` // of a command: why it ended there
}

// Limits of the API.
const (
	defaultPage  = 100
	maxPage      = 1000
	maxReconcile = 500     // ids in one request: each may cost a write to the disk
	maxAPIBody   = 1 << 20 // bytes
	maxBy        = 100     // characters of a person's name
)

// cleanID is what an order id looks like, reliability I17.
var cleanID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)

// ordersAPI answers for records. Changes ask for JSON and refuse what a page of another site sends.
func (s *service) ordersAPI(mux *http.ServeMux) {
	guard := http.NewCrossOriginProtection()
	change := func(f func(http.ResponseWriter, *http.Request)) http.Handler {
		return guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); media != "application/json" {
				problem(w, http.StatusUnsupportedMediaType, "send application/json")
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxAPIBody)
			f(w, r)
		}))
	}
	mux.HandleFunc("GET /api/orders", s.apiOrders)
	mux.HandleFunc("GET /api/orders/merchants", s.apiTaken)
	mux.HandleFunc("GET /api/orders/{merchant}/{id}", s.apiOrder)
	for what, f := range byHand() {
		mux.Handle("POST /api/orders/{merchant}/{id}/"+what, change(s.apiChange(what, f)))
	}
	mux.Handle("POST /api/orders/{merchant}/reconcile", change(s.apiReconcile))
}

// apiOrders lists orders that are not done: ?merchant= (all where it is missing), ?state=, ?shown= (yes or no), ?reason=, ?after=,
// ?limit=.
func (s *service) apiOrders(w http.ResponseWriter, r *http.Request) {
	if s.taking == nil {
		problem(w, http.StatusNotFound, errNoTaking.Error())
		return
	}
	q := r.URL.Query()
	p, wrong := pageOf(q)
	if wrong != "" {
		problem(w, http.StatusBadRequest, wrong)
		return
	}
	merchants := s.taking.merchants()
	if id := q.Get("merchant"); id != "" {
		if !s.takes(w, id) {
			return
		}
		merchants = []string{id}
	} else if len(merchants) > 1 && p.After != "" {
		problem(w, http.StatusBadRequest, "after needs merchant")
		return
	}
	page := ordersPage{Orders: []orderView{}}
	for _, id := range merchants {
		list, err := s.taking.machine.Store().List(r.Context(), id, p)
		if err != nil {
			storeProblem(w, err)
			return
		}
		for i := range list {
			page.Orders = append(page.Orders, viewOf(&list[i]))
		}
		if len(list) == p.Limit {
			page.More = true
			if len(merchants) == 1 {
				page.Next = list[len(list)-1].Order
			}
		}
	}
	answer(w, page)
}

// pageOf reads a page from a query, or says what is wrong with it.
func pageOf(q url.Values) (p confirm.Page, wrong string) {
	p = confirm.Page{State: confirm.State(strings.ToUpper(q.Get("state"))), Shown: q.Get("shown"), Why: q.Get("reason"),
		After: q.Get("after"), Limit: defaultPage}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxPage {
			return p, "limit is 1 to " + strconv.Itoa(maxPage)
		}
		p.Limit = n
	}
	switch {
	case !knownState(p.State):
		return p, "state is one of PENDING, HANDED, ACKED and PARKED"
	case p.Shown != "" && p.Shown != confirm.Yes && p.Shown != confirm.No:
		return p, "shown is yes or no"
	case p.After != "" && !cleanID.MatchString(p.After):
		return p, "after is an order id"
	default:
		return p, ""
	}
}

func knownState(s confirm.State) bool {
	switch s {
	case "", confirm.Pending, confirm.Handed, confirm.Acked, confirm.Parked:
		return true
	default:
		return false
	}
}

func (s *service) apiOrder(w http.ResponseWriter, r *http.Request) {
	k, ok := s.orderKey(w, r)
	if !ok {
		return
	}
	rec, err := s.taking.machine.Store().Get(r.Context(), k)
	if err != nil {
		storeProblem(w, err)
		return
	}
	answer(w, viewOf(&rec))
}

// apiTaken lists the merchants whose orders are taken over.
func (s *service) apiTaken(w http.ResponseWriter, _ *http.Request) {
	list := []string{}
	if s.taking != nil {
		list = append(list, s.taking.merchants()...)
	}
	answer(w, map[string]any{"merchants": list})
}

// takes answers for a merchant whose orders are not taken over.
func (s *service) takes(w http.ResponseWriter, merchant string) bool {
	switch {
	case s.taking == nil:
		problem(w, http.StatusNotFound, errNoTaking.Error())
	case !slices.Contains(s.taking.merchants(), merchant):
		problem(w, http.StatusNotFound, "there is no such merchant in mode full")
	default:
		return true
	}
	return false
}

func (s *service) orderKey(w http.ResponseWriter, r *http.Request) (confirm.Key, bool) {
	k := confirm.Key{Merchant: r.PathValue("merchant")}
	if !s.takes(w, k.Merchant) {
		return k, false
	}
	var err error
	if k.Order, err = orderID(r.PathValue("id")); err != nil {
		problem(w, http.StatusBadRequest, "this is no order id")
		return k, false
	}
	return k, true
}

// decodeRequest reads a body that is one JSON value with no member but those of v.
func decodeRequest(w http.ResponseWriter, r *http.Request, v any) bool {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more behind it")
		}
	}
	var long *http.MaxBytesError
	switch {
	case err == nil:
		return true
	case errors.As(err, &long):
		problem(w, http.StatusRequestEntityTooLarge, "the body has more than "+strconv.Itoa(maxAPIBody)+" bytes")
	default:
		problem(w, http.StatusBadRequest, "the body is not the JSON that is asked for here")
	}
	return false
}

// storeProblem answers for a store.
func storeProblem(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, confirm.ErrNotFound):
		problem(w, http.StatusNotFound, confirm.ErrNotFound.Error())
	case errors.Is(err, confirm.ErrDone), errors.Is(err, confirm.ErrParked), errors.Is(err, confirm.ErrShown), errors.Is(err, confirm.ErrBusy):
		problem(w, http.StatusConflict, byHandError(err).Error())
	case errors.Is(err, confirm.ErrDown):
		w.Header().Set("Retry-After", "5")
		problem(w, http.StatusServiceUnavailable, err.Error())
	default:
		problem(w, http.StatusInternalServerError, err.Error())
	}
}

// problem answers with a problem document (RFC 9457). detail is ours.
func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail}) // the client is gone: nobody to tell
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client is gone: nobody to tell
}
