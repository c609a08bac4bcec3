package cmd

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/decisions"
	"github.com/kvitto/kvitto/rules"
)

// newDecisions is the store of decisions, with its metrics; nil where none are kept.
func newDecisions(cfg *configs.Config, epoch string, r prometheus.Registerer) *decisions.Store {
	if cfg.Decisions.Keep == 0 {
		return nil
	}
	if epoch == "" {
		var random [4]byte
		_, _ = rand.Read(random[:]) // never fails
		epoch = hex.EncodeToString(random[:])
	}
	s := decisions.New(cfg.Decisions.Keep, cfg.Decisions.Bytes, epoch)
	gauge := func(name, help string, read func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "kvitto", Name: name, Help: help}, read)
	}
	r.MustRegister(
		gauge("decisions_kept", "Priced callbacks that are kept for rules explain.", func() float64 { n, _ := s.Held(); return float64(n) }),
		gauge("decisions_bytes", "Memory that they take.", func() float64 { _, b := s.Held(); return float64(b) }))
	return s
}

// servedFolder is where a merchant's tables are, as absolute paths; both are empty for the embedded demo shops.
type servedFolder struct {
	Rules    string `json:"rules,omitempty"`
	Products string `json:"products,omitempty"` // "": no list of products
}

// servedRules is what a merchant is served by.
type servedRules struct {
	ID       string `json:"id"`
	Revision string `json:"revision"`
	servedFolder
}

// serves notes what is served from now on.
func (s *service) serves(cfg *configs.Config, merchants []*callbacks.Merchant) {
	folders := map[string]servedFolder{}
	for i := range cfg.Merchants {
		if m := &cfg.Merchants[i]; s.loader.src.demo == nil {
			folders[m.ID] = servedFolder{absolute(m.Rules), absolute(m.Products)}
		}
	}
	s.folders.Store(&folders)
	s.serving.Store(&merchants)
}

func absolute(path string) string {
	if path == "" {
		return ""
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return path // as good as it gets: there is no working directory
	}
	return full
}

// decisionsPage is an answer with several decisions, the youngest first.
type decisionsPage struct {
	Decisions []decisions.Decision `json:"decisions"`
	More      bool                 `json:"more,omitempty"` // there are others
}

const (
	noDecisions = "this service keeps no decisions: decisions.keep is 0 in its configuration"
	notKept     = "this decision is not kept: it is too old, of another process, or never was"
)

func (s *service) decisionsAPI(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/decisions", s.apiDecisions)
	mux.HandleFunc("GET /api/decisions/{id}", s.apiDecision)
}

// apiDecisions lists decisions: ?merchant=, ?order_id=, ?callback=, ?kind=, ?since= (a time, or how long ago), ?limit=.
func (s *service) apiDecisions(w http.ResponseWriter, r *http.Request) {
	if s.kept == nil {
		problem(w, http.StatusNotFound, noDecisions)
		return
	}
	f, wrong := decisionFilter(r.URL.Query(), s.now())
	if wrong != "" {
		problem(w, http.StatusBadRequest, wrong)
		return
	}
	page := decisionsPage{Decisions: []decisions.Decision{}}
	list, more := s.kept.List(f)
	page.Decisions, page.More = append(page.Decisions, list...), more
	answer(w, page)
}

// pricedCallbacks are those whose decisions are kept.
func pricedCallbacks() []string {
	return []string{string(rules.AddressUpdate), string(rules.CountryChange), string(rules.ShippingOptionUpdate), string(rules.Validation), string(rules.Quote)}
}

// decisionKinds are how a priced callback ends.
func decisionKinds() []string {
	return []string{"priced", "approved", "rejected", "redirected", "refused", "gate", "fault", "deadline", "panic", "gone"}
}

// decisionFilter reads what is asked for, or says what is wrong with it.
func decisionFilter(q url.Values, now time.Time) (f decisions.Filter, wrong string) {
	f = decisions.Filter{Merchant: q.Get("merchant"), Callback: strings.ReplaceAll(q.Get("callback"), "-", "_"), Kind: q.Get("kind"), Limit: defaultPage}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxPage {
			return f, "limit is 1 to " + strconv.Itoa(maxPage)
		}
		f.Limit = n
	}
	if text := q.Get("order_id"); text != "" {
		var err error
		if f.OrderID, err = orderID(text); err != nil {
			return f, "order_id is no order id"
		}
	}
	if text := q.Get("since"); text != "" {
		ago, errAgo := time.ParseDuration(text)
		at, errAt := time.Parse(time.RFC3339, text)
		switch {
		case errAgo == nil && ago >= 0:
			f.Since = now.Add(-ago)
		case errAt == nil:
			f.Since = at
		default:
			return f, "since is how long ago, such as 15m, or a time such as 2026-11-23T10:00:00Z"
		}
	}
	switch {
	case f.Callback != "" && !slices.Contains(pricedCallbacks(), f.Callback):
		return f, "callback is one of " + listed(pricedCallbacks())
	case f.Kind != "" && !slices.Contains(decisionKinds(), f.Kind):
		return f, "kind is one of " + listed(decisionKinds())
	default:
		return f, ""
	}
}

// listed writes words as "a, b and c".
func listed(words []string) string {
	text := words[0]
	for i, w := range words[1:] {
		if i == len(words)-2 {
			text += " and " + w
		} else {
			text += ", " + w
		}
	}
	return text
}

func (s *service) apiDecision(w http.ResponseWriter, r *http.Request) {
	if s.kept == nil {
		problem(w, http.StatusNotFound, noDecisions)
		return
	}
	d, ok := s.kept.Get(r.PathValue("id"))
	if !ok {
		problem(w, http.StatusNotFound, notKept)
		return
	}
	answer(w, d)
}
