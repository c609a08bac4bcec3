package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/decisions"
)

// stopWithin is how long requests in flight may take after a stop was asked for.
const stopWithin = 10 * time.Second

// service is a running Kvitto: newService checks everything, start listens, stop drains.
type service struct {
	now      func() time.Time
	log      zerolog.Logger
	cfg      *configs.Config // as started
	current  *configs.Config // as last taken over
	metrics  *serviceMetrics
	server   *callbacks.Server
	loader   *loader
	books    *publishing // nil: nothing can be published
	taking   *taking     // nil: no merchant is in mode full
	draining atomic.Bool
	serving  atomic.Pointer[[]*callbacks.Merchant]
	folders  atomic.Pointer[map[string]servedFolder]
	kept     *decisions.Store // nil: no decisions are kept
	public   *http.Server
	admin    *http.Server
	publicAt net.Addr
	adminAt  net.Addr
	failed   chan error // a listener that stopped by itself
}

// newService loads all rulebooks and builds the server; it starts nothing. It fails where no merchant can be served.
func (p *Program) newService(ctx context.Context, cfg *configs.Config, src *source, log zerolog.Logger) (*service, error) {
	now := p.Now
	gin.SetMode(gin.ReleaseMode)
	registry := prometheus.NewRegistry()
	stamped := log.Hook(stamp{now})
	s := &service{now: now, log: stamped, cfg: cfg, current: cfg, metrics: newServiceMetrics(registry), failed: make(chan error, 2)}
	s.loader = newLoader(src, stamped, now, s.metrics)
	var err error
	if s.books, err = newPublishing(ctx, cfg, s.metrics, stamped, now); err != nil {
		return nil, err
	}
	s.loader.published = s.books
	merchants, err := s.loader.load(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, s.books.stop())
	}
	if s.taking, err = newTaking(ctx, cfg, p.WrapStore, stamped, now, registry); err != nil {
		s.loader.close()
		return nil, errors.Join(err, s.books.stop())
	}
	if err := s.books.keepAudit(cfg, s.taking != nil); err != nil {
		return nil, errors.Join(err, s.abandon())
	}
	s.books.reloaded(cfg)
	if err := s.taking.attach(cfg, s.loader.tenants, merchants); err != nil {
		return nil, errors.Join(err, s.abandon())
	}
	if s.taking != nil && len(s.taking.accounts) == 0 {
		return nil, errors.Join(errNobodyTaken, s.abandon())
	}
	o := callbacks.Options{Merchants: merchants, Now: now, Log: log, Registerer: registry,
		BodyLimit: cfg.Limits.Body, InFlightLimit: cfg.Limits.InFlight, TrustedProxies: cfg.TrustedProxies, Texts: cfg.Texts}
	if s.kept = newDecisions(cfg, p.Epoch, registry); s.kept != nil {
		o.Decisions = s.kept
	}
	s.server, err = callbacks.New(o)
	if err != nil {
		return nil, errors.Join(err, s.abandon())
	}
	if inClear(cfg) {
		stamped.Info().Msg(whatInClear)
	}
	s.serves(cfg, merchants)
	s.public = s.server.HTTP()
	s.public.Handler = s.drained(s.public.Handler)
	s.admin = s.adminServer(registry)
	s.admin.ErrorLog = s.public.ErrorLog
	return s, nil
}

// abandon closes what newService has opened.
func (s *service) abandon() error {
	s.loader.close()
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	return errors.Join(s.books.stop(), s.taking.stop(ctx))
}

// start opens both listeners, serves, and goes on with the orders that wait.
func (s *service) start(ctx context.Context) error {
	public, err := listen(ctx, "listen", s.cfg.Listen)
	if err != nil {
		return err
	}
	admin, err := listen(ctx, "admin", s.cfg.Admin)
	if err != nil {
		return errors.Join(err, public.Close())
	}
	s.publicAt, s.adminAt = public.Addr(), admin.Addr()
	debug.FreeOSMemory() // what loading needed is not needed to serve
	s.taking.start()
	s.books.start()
	for server, l := range map[*http.Server]net.Listener{s.public: public, s.admin: admin} {
		go func() {
			if err := server.Serve(callbacks.Limit(l, maxConnections(callbacks.MaxConnections))); !errors.Is(err, http.ErrServerClosed) {
				s.failed <- fmt.Errorf("listener %s: %w", l.Addr(), err)
			}
		}()
	}
	return nil
}

func listen(ctx context.Context, key, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %s cannot be opened: %w", key, addr, err)
	}
	return l, nil
}

// reload takes over what changed in the configuration and the rulebooks; what is broken stays as it was.
func (s *service) reload(ctx context.Context, cfg *configs.Config) {
	defer func() { s.books.reloaded(s.current) }()
	s.books.adopt(ctx, cfg)
	merchants, err := s.loader.load(ctx, cfg)
	if err != nil {
		s.log.Error().Err(err).Msg("reload refused, nothing changed")
		return
	}
	if err := s.taking.attach(cfg, s.loader.tenants, merchants); err != nil {
		s.log.Error().Err(err).Msg("reload refused for taking orders over, which goes on as before")
	}
	if err := s.server.SetMerchants(merchants); err != nil {
		s.log.Error().Err(err).Msg("reload refused, nothing changed")
		return
	}
	s.serves(cfg, merchants)
	if !reflect.DeepEqual(cfg, s.current) {
		s.current = cfg
		s.log.Info().Int("merchants", len(cfg.Merchants)).Msg("configuration in use")
	}
	if !sameStart(cfg, s.cfg) {
		s.log.Warn().Msg("listen, admin, admin_token, trusted_proxies, log, limits, store, confirm, audit, decisions, publish.dir, publish.poll and the first merchant in mode full take effect at the next start")
	}
}

// sameStart reports whether two configurations agree in what is used at the start only.
func sameStart(a, b *configs.Config) bool {
	return a.Listen == b.Listen && a.Admin == b.Admin && a.AdminToken.Reveal() == b.AdminToken.Reveal() &&
		slices.Equal(a.TrustedProxies, b.TrustedProxies) && a.Limits == b.Limits && a.Log == b.Log &&
		reflect.DeepEqual(a.Store, b.Store) && reflect.DeepEqual(a.Confirm, b.Confirm) && a.Audit == b.Audit && a.Decisions == b.Decisions &&
		a.Publish.Dir == b.Publish.Dir && a.Publish.Poll == b.Publish.Poll && full(a) == full(b)
}

// drained asks clients to let go of their connections once a stop was asked for, so that none of them sends the next
// request into a connection that is being closed.
func (s *service) drained(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header()["Connection"] = []string{"close"}
		}
		next.ServeHTTP(w, r)
	})
}

// stop turns readiness off, waits delay so that balancers see it, lets requests in flight finish, and closes.
func (s *service) stop(delay time.Duration, again <-chan os.Signal) error {
	s.draining.Store(true)
	s.log.Info().Dur("delay", delay).Msg("stopping")
	select {
	case <-time.After(delay):
	case <-again: // asked twice: do not wait
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	err := errors.Join(s.public.Shutdown(ctx), s.admin.Shutdown(ctx), s.taking.stop(ctx), s.books.stop())
	s.loader.close()
	s.log.Info().Msg("stopped")
	return err
}
