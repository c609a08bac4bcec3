package cmd

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/rules"
)

// playground is a service in this process whose provider is played. Store, sink, audit, tokens and provider are its own,
// whatever the configuration says, so that a scenario touches nothing that is real; rules, plug-ins, checks and deadlines are
// the configured ones.
type playground struct {
	p       *Program     // with the clock of the scenario
	skipped atomic.Int64 // nanoseconds that this clock was moved on by
	src     *source
	cfg     *configs.Config
	played  []*configs.Merchant // whose shops are played with; scenarios play with the first
	token   string
	dir     string
	log     syncBuffer
	logs    io.Writer // of the service

	provider *fakeprovider.Provider
	api      *http.Server
	apiAt    net.Addr
	sim      *simulator.Simulator
	around   around

	mu      sync.Mutex
	service *service // nil: unplugged
}

// ground is what a playground is made of.
type ground struct {
	cfg      *configs.Config
	demo     fs.FS                          // rules of the demo shops; nil: folders
	merchant string                         // "": all of several, or the only one
	several  bool                           // all merchants may be played with
	plays    scenario.Plays                 // what else is played
	at       time.Time                      // when it plays; zero: now
	serve    string                         // address of the service; "": any of loopback
	admin    string                         // of its admin listener; "": any of loopback
	known    bool                           // its configured tokens open it too: the demo's, which everybody knows
	provider string                         // address of the provider; "": any of loopback
	speed    int64                          // of the provider's clock; 0 means 1
	logs     io.Writer                      // where the service logs to; nil: kept, and told where it does not start
	pages    func(*playground) http.Handler // beside the provider's APIs; nil: none
}

// keptByProvider is how many orders, and calls and pushes, the played provider remembers: more than the pages show.
const keptByProvider = 10_000

// anywhere is a free port of loopback.
const anywhere = "127.0.0.1:0"

// syncBuffer is a buffer for several writers.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// String returns all that was written.
func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newPlayground starts provider and service on loopback.
func (p *Program) newPlayground(ctx context.Context, registry *rules.Registry, g ground) (*playground, error) {
	shops, err := g.shops()
	if err != nil {
		return nil, err
	}
	x := &playground{src: &source{registry: registry, demo: g.demo}, cfg: g.cfg, played: shops, token: rand.Text() + rand.Text(), logs: g.logs}
	x.p = p.at(g.at, &x.skipped)
	if x.logs == nil {
		x.logs = &x.log
	}
	if x.dir, err = os.MkdirTemp("", "kvitto-simulator-"); err != nil {
		return nil, err
	}
	if err := x.open(ctx, &g); err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

// shops are the merchants that are played with.
func (g *ground) shops() ([]*configs.Merchant, error) {
	if g.merchant != "" || !g.several {
		m, err := findMerchant(g.cfg, g.merchant)
		return []*configs.Merchant{m}, err
	}
	var all []*configs.Merchant
	for i := range g.cfg.Merchants {
		all = append(all, &g.cfg.Merchants[i])
	}
	return all, nil
}

// at is the program with a clock that shows t now, the time where t is zero, and then runs on; what is skipped is added to it.
func (p *Program) at(t time.Time, skipped *atomic.Int64) *Program {
	q, began := *p, p.Now()
	if t.IsZero() {
		t = began
	}
	q.Now = func() time.Time { return t.Add(p.Now().Sub(began) + time.Duration(skipped.Load())) }
	return &q
}

func (x *playground) open(ctx context.Context, g *ground) (err error) {
	if x.provider, err = fakeprovider.New(fakeprovider.Options{Now: x.p.Now, Speed: g.speed, Control: true, Keep: keptByProvider}); err != nil {
		return err
	}
	if x.sim, err = simulator.New(simulator.Options{Now: x.p.Now, Provider: x.provider, Seed: 1}); err != nil {
		return err
	}
	l, err := listen(ctx, "provider", cmp.Or(g.provider, anywhere))
	if err != nil {
		return err
	}
	x.apiAt = l.Addr()
	if err := x.openAround(ctx, g.plays); err != nil {
		return errors.Join(err, l.Close())
	}
	x.apart("http://"+x.apiAt.String(), cmp.Or(g.serve, anywhere), cmp.Or(g.admin, anywhere), g.known)
	if err := x.Plug(ctx, true); err != nil {
		return errors.Join(err, l.Close())
	}
	var pages http.Handler
	if g.pages != nil {
		pages = g.pages(x)
	}
	x.api = serveProvider(l, simulator.Site(x.provider, pages))
	return nil
}

// serveProvider serves what the provider's clients call.
func serveProvider(l net.Listener, h http.Handler) *http.Server {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // it ends with the server
	return s
}

// apart replaces everything that is real.
func (x *playground) apart(provider, serve, admin string, known bool) {
	c := x.cfg
	c.Listen, c.Admin, c.AdminToken, c.TrustedProxies, c.PublicURL = serve, admin, configs.Secret{}, nil, ""
	c.Ephemeral, c.Audit, c.Publish = true, configs.Audit{}, configs.Publish{} // nothing is published from here
	c.Store = configs.Store{File: filepath.Join(x.dir, "kvitto.db")}
	c.Confirm.Poll, c.Confirm.Backoff = 100*time.Millisecond, []time.Duration{100 * time.Millisecond}
	c.Egress = append(c.Egress, netip.MustParsePrefix("127.0.0.0/8"))
	for i := range c.Merchants {
		m := &c.Merchants[i]
		played := configs.Token{Hash: sha256.Sum256([]byte(m.ID + x.token)), Plain: configs.NewSecret(m.ID + x.token)}
		if !known {
			m.Tokens = nil
		}
		m.Tokens = append([]configs.Token{played}, m.Tokens...)
		m.ShopTokens = append([]configs.Token{x.shopToken(m)}, m.ShopTokens...)
		m.Webhook, m.Provider = nil, &configs.Provider{BaseURL: provider, User: configs.NewSecret("simulator"), Password: configs.NewSecret(x.token), PerSecond: 200, Checkout: true}
		m.Sink = configs.Sink{SpoolDir: filepath.Join(x.dir, "orders", m.ID)}
		x.around.stand(m, x.token)
	}
}

// Plugged reports whether the service runs.
func (x *playground) Plugged() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.service != nil
}

// Plug starts the service where it was before, or stops it.
func (x *playground) Plug(ctx context.Context, up bool) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case up == (x.service != nil):
		return nil
	case !up:
		err := x.service.stop(0, nil)
		x.service = nil
		return err
	}
	s, err := x.p.newService(ctx, x.cfg, x.src, zerolog.New(x.logs))
	if err != nil {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(x.log.String()))
	}
	if err := s.start(ctx); err != nil {
		return errors.Join(err, s.abandon())
	}
	x.service, x.cfg.Listen = s, s.publicAt.String()
	for _, m := range x.played {
		if m.Mode == "full" && !slices.Contains(s.taking.merchants(), m.ID) {
			return fmt.Errorf("merchant %s: its orders would not be taken over\n%s", m.ID, strings.TrimSpace(x.log.String()))
		}
	}
	return nil
}

// world is the playground as scenarios see it.
func (x *playground) world(patience time.Duration) *scenario.World {
	return &scenario.World{Sim: x.sim, URLs: x.urls(x.played[0]), Patience: patience,
		Local: x, Explain: x.why, Record: x.record, Events: x.events}
}

// urls are the merchant_urls of a merchant's orders.
func (x *playground) urls(m *configs.Merchant) map[string]string {
	return playedURLs("http://"+x.cfg.Listen, m, m.ID+x.token)
}

// playedURLs are the merchant_urls of a played order; the pages of the shop are nobody's.
func playedURLs(base string, m *configs.Merchant, token string) map[string]string {
	const shop = "https://shop.example/"
	prefix, id := base+"/v1/"+m.ID+"/"+token+"/", "?"+m.OrderIDParameters[0]+"={checkout.order.id}"
	urls := map[string]string{"terms": shop + "terms", "checkout": shop + "checkout", "confirmation": shop + "confirmation"}
	for _, name := range []string{"validation", "address_update", "country_change", "shipping_option_update", "push", "notification"} {
		if m.Mode == "full" || name != "push" && name != "notification" {
			urls[name] = prefix + strings.ReplaceAll(name, "_", "-") + id
		}
	}
	if m.ShippingLine == "provider" {
		delete(urls, "shipping_option_update")
	}
	return urls
}

// get reads the service's record of an order; the zero Record where it has none.
func (x *playground) get(ctx context.Context, order string) (confirm.Record, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.service == nil || x.service.taking == nil {
		return confirm.Record{}, fmt.Errorf("merchant %s: the service is down, or takes no orders over in mode %s", x.played[0].ID, x.played[0].Mode)
	}
	for _, m := range x.played {
		rec, err := x.service.taking.machine.Store().Get(ctx, confirm.Key{Merchant: m.ID, Order: order})
		if !errors.Is(err, confirm.ErrNotFound) {
			return rec, err
		}
	}
	return confirm.Record{}, nil
}

// record is the same for scenarios.
func (x *playground) record(ctx context.Context, order string) (scenario.Record, error) {
	rec, err := x.get(ctx, order)
	return scenario.Record{State: string(rec.State), Done: err == nil && rec.Done()}, err
}

// events counts the events of an order where it was handed to.
func (x *playground) events(order string) int {
	if x.around.sink != nil {
		return x.around.events(order)
	}
	files, err := filepath.Glob(filepath.Join(x.dir, "orders", "*", "evt_*.json"))
	if err != nil {
		return 0
	}
	n := 0
	for _, f := range files {
		if body, err := os.ReadFile(f); err == nil && bytes.Contains(body, []byte(order)) {
			n++
		}
	}
	return n
}

// close stops all of it and removes what it wrote.
func (x *playground) close() error {
	errs := []error{x.Plug(context.Background(), false)}
	if x.sim != nil {
		x.sim.Close()
	}
	if x.provider != nil {
		x.provider.Close()
	}
	if x.api != nil {
		errs = append(errs, x.api.Close())
	}
	errs = append(errs, x.around.close())
	return errors.Join(append(errs, os.RemoveAll(x.dir))...)
}
