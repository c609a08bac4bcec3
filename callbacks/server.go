package callbacks

import (
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/net/netutil"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// The callbacks that are no question to the rules.
const (
	push         rules.Callback = "push"
	notification rules.Callback = "notification"
	webhook      rules.Callback = "webhook"
	ensure       rules.Callback = "ensure"
)

const (
	// maxURL is the longest request target that is looked at.
	maxURL = 2048
	// MaxConnections is how many connections Limit keeps open at once.
	MaxConnections = 4096
	// noticeDeadline bounds push, notification and webhook; the provider gives up after a few seconds and comes again.
	noticeDeadline = 2 * time.Second
)

// Server answers the public listener. It is safe for concurrent use.
type Server struct {
	o           Options
	texts       texts
	members     members
	orderLimits order.Limits
	limits      *limits
	metrics     *metrics
	headers     headers
	exchanges   sync.Pool // of *exchange
	reload      sync.Mutex
	tenants     atomic.Pointer[tenants]
	handler     http.Handler
}

// headers are values that all answers share; nothing writes to them.
type headers struct{ json, text, problem, noStore, retryAfter, closed []string }

// New checks the options and registers the metrics. gin writes to standard output unless the program has called
// gin.SetMode(gin.ReleaseMode) before; that switch is the program's, not this package's.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
	}
	s := &Server{
		o:           o,
		texts:       o.Texts,
		members:     contractMembers(),
		orderLimits: order.DefaultLimits(),
		limits:      newLimits(o.Concurrency, o.InFlightLimit, o.BodyLimit),
		exchanges:   sync.Pool{New: func() any { return &exchange{} }},
		headers: headers{
			json:       []string{"application/json"},
			text:       []string{"text/plain; charset=utf-8"},
			problem:    []string{"application/problem+json"},
			noStore:    []string{"no-store"},
			retryAfter: []string{retryAfter},
			closed:     []string{"close"},
		},
	}
	s.orderLimits.Bytes = int(o.BodyLimit)
	m, err := newMetrics(o.Registerer, s.limits)
	if err != nil {
		return nil, err
	}
	s.metrics = m
	if err := s.SetMerchants(o.Merchants); err != nil {
		return nil, err
	}
	s.handler, err = s.routes()
	return s, err
}

// SetMerchants replaces all merchants at once. Requests in flight end with the merchant they began with. A merchant
// that stays keeps its share of the limits.
func (s *Server) SetMerchants(ms []*Merchant) error {
	if err := checkMerchants(ms); err != nil {
		return err
	}
	s.reload.Lock()
	defer s.reload.Unlock()
	before := s.tenants.Load()
	now := newTenants(ms, before)
	s.tenants.Store(now)
	s.limits.setMerchants(len(ms))
	if before != nil {
		for id := range before.byID {
			if now.byID[id] == nil {
				s.metrics.forget(id)
			}
		}
	}
	return nil
}

// Handler is the public surface.
func (s *Server) Handler() http.Handler { return s.handler }

// routes makes the gin engine. All its redirects are off: the provider takes a redirect for a decision.
func (s *Server) routes() (http.Handler, error) {
	g := gin.New()
	g.RedirectTrailingSlash = false
	g.RedirectFixedPath = false
	g.HandleMethodNotAllowed = false
	g.RemoveExtraSlash = false
	g.UseRawPath = false
	if err := g.SetTrustedProxies(s.proxies()); err != nil {
		return nil, err
	}
	at := func(path string, cb rules.Callback, h func(*exchange) error) {
		g.POST("/v1/:merchant/:token/"+path, s.callback(cb, h))
	}
	at("address-update", rules.AddressUpdate, s.addressUpdate)
	at("country-change", rules.CountryChange, s.countryChange)
	at("shipping-option-update", rules.ShippingOptionUpdate, s.shippingOptionUpdate)
	at("validation", rules.Validation, s.validation)
	at("push", push, s.push)
	at("notification", notification, s.notification)
	at("webhook", webhook, s.webhook)
	at("ensure", ensure, s.ensure)
	at("quote", rules.Quote, s.quote)
	at("freight-from", rules.FreightFrom, s.freightFrom)
	g.NoRoute(func(c *gin.Context) { s.nothing(c.Writer, c.Request) })
	return s.front(g), nil
}

func (s *Server) proxies() []string {
	var all []string
	for _, p := range s.o.TrustedProxies {
		all = append(all, p.String())
	}
	return all
}

// front lets only one spelling of a path through to the router: gin matches the decoded path, and %2f in it would
// move a segment.
func (s *Server) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		plain := r.URL.RawPath == "" && r.URL.EscapedPath() == r.URL.Path
		if !plain || len(r.RequestURI) > maxURL {
			s.nothing(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// callback makes the gin handler of a callback.
func (s *Server) callback(cb rules.Callback, h func(*exchange) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		x := s.begin(c.Writer, c.Request, cb)
		defer x.end()
		merchant := c.Param("merchant")
		t, age := s.tenants.Load().open(merchant, c.Param("token"), x.begun, x.ofShop())
		x.tenant = t
		s.metrics.token(t, age)
		switch {
		case t != nil && cb == webhook && t.Webhook == nil:
			x.notFound(classRoute)
		case t != nil:
			x.serve(h)
		case age == tokenExpired:
			x.notFound(classExpiredToken)
		default:
			x.notFound(classToken)
		}
	}
}

// nothing answers what is no callback, with the work of a wrong token.
func (s *Server) nothing(w http.ResponseWriter, r *http.Request) {
	x := s.begin(w, r, "")
	defer x.end()
	_, age := s.tenants.Load().open("", r.URL.Path, x.begun, false)
	s.metrics.token(nil, age)
	x.notFound(classRoute)
}

// HTTP returns a server for the handler with all time-outs and caps set. It speaks HTTP/1 only; the address and the
// listener are the caller's, see Limit. The read time-out is for what nobody waits for, such as the body of a request
// that was refused: a callback sets its own.
func (s *Server) HTTP() *http.Server {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler:                      s.handler,
		DisableGeneralOptionsHandler: true,
		ReadHeaderTimeout:            2 * time.Second,
		ReadTimeout:                  4 * time.Second,
		WriteTimeout:                 MaxDeadline + 5*time.Second,
		IdleTimeout:                  90 * time.Second,
		MaxHeaderBytes:               8 << 10,
		Protocols:                    protocols,
		ErrorLog:                     log.New(&serverLog{s: s}, "", 0),
	}
}

// Limit caps the connections that a listener keeps open at once, at most MaxConnections; further ones wait to be accepted.
func Limit(l net.Listener, most int) net.Listener {
	return netutil.LimitListener(l, min(most, MaxConnections))
}
