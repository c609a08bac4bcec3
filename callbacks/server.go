// Package callbacks answers the provider's callbacks over HTTP, one gin handler a file: decode, decide, recompute, gate,
// encode.
//
// Its one rule: with a valid token a priced callback answers 200, 303 or 400 and nothing else.
package callbacks

import (
	"errors"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// Options of New.
type Options struct {
	Merchants      []*Merchant           // mandatory
	Now            func() time.Time      // mandatory
	Log            zerolog.Logger        // one line per request
	Registerer     prometheus.Registerer // mandatory
	BodyLimit      int64                 // bytes of a priced body, mandatory
	InFlightLimit  int64                 // bytes of all bodies in flight, mandatory
	TrustedProxies []netip.Prefix
	Texts          map[string]map[string]string // key → language → text; "fault" is mandatory
}

// Merchant is one tenant. Everything but Rules is fixed.
type Merchant struct {
	ID                 string
	Tokens             []Token
	Rules              *Rules
	OrderIDParameters  []string
	UpdateDeadline     time.Duration
	ValidationDeadline time.Duration
	ApproveOnDeadline  bool          // validation that cannot be decided
	Grace              time.Duration // of validation
}

// Token opens the callbacks of a merchant until a time; the zero time is for ever.
type Token struct {
	Hash  [32]byte // SHA-256 of the token
	Until time.Time
}

// Rules holds the engine in use and the earlier ones that validation may still judge by.
type Rules struct{ current atomic.Pointer[snapshot] }

type snapshot struct {
	engine  *rules.Engine
	earlier []retired
}

type retired struct {
	engine *rules.Engine
	until  time.Time
}

// NewRules starts with one engine.
func NewRules(e *rules.Engine) *Rules { return nil }

// Swap puts e in use; the engine before it stays known to validation for keep.
func (r *Rules) Swap(e *rules.Engine, now time.Time, keep time.Duration) {}

// Engine returns the engine in use.
func (r *Rules) Engine() *rules.Engine { return nil }

// Server answers the public listener. It is safe for concurrent use.
type Server struct {
	o         Options
	merchants atomic.Pointer[map[string]*Merchant]
}

// New checks the options.
func New(o Options) (*Server, error) { return nil, errors.New("not yet") }

// Handler is the public surface.
func (s *Server) Handler() http.Handler { return nil }

// HTTP returns a server for it with all time-outs and caps set.
func (s *Server) HTTP() *http.Server { return nil }

// SetMerchants replaces all merchants at once.
func (s *Server) SetMerchants(ms []*Merchant) error { return nil }

// SetLimits exists so that the linter sees order used until the decoder is called.
var _ order.Limits
