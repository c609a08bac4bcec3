package cmd

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
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
	p        *Program // with the clock of the scenario
	src      *source
	cfg      *configs.Config
	merchant *configs.Merchant
	token    string
	dir      string
	log      syncBuffer

	provider *fakeprovider.Provider
	api      *http.Server
	sim      *simulator.Simulator
	service  *service // nil: unplugged
}

// ground is what a playground is made of.
type ground struct {
	cfg      *configs.Config
	demo     fs.FS // rules of the demo shop; nil: folders
	merchant string
	at       time.Time // when it plays; zero: now
}

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
	m, err := findMerchant(g.cfg, g.merchant)
	if err != nil {
		return nil, err
	}
	x := &playground{p: p.at(g.at), src: &source{registry: registry, demo: g.demo}, cfg: g.cfg, merchant: m, token: rand.Text() + rand.Text()}
	if x.dir, err = os.MkdirTemp("", "kvitto-simulator-"); err != nil {
		return nil, err
	}
	if err := x.open(ctx); err != nil {
		return nil, errors.Join(err, x.close())
	}
	return x, nil
}

// at is the program with a clock that shows t now and then runs on; p itself where t is zero.
func (p *Program) at(t time.Time) *Program {
	if t.IsZero() {
		return p
	}
	q, began := *p, p.Now()
	q.Now = func() time.Time { return t.Add(p.Now().Sub(began)) }
	return &q
}

func (x *playground) open(ctx context.Context) (err error) {
	if x.provider, err = fakeprovider.New(fakeprovider.Options{Now: x.p.Now, Control: true}); err != nil {
		return err
	}
	l, err := listen(ctx, "provider", "127.0.0.1:0")
	if err != nil {
		return err
	}
	x.api = serveProvider(l, simulator.Site(x.provider, nil))
	if x.sim, err = simulator.New(simulator.Options{Now: x.p.Now, Provider: x.provider}); err != nil {
		return err
	}
	x.apart("http://" + l.Addr().String())
	return x.plug(ctx, true)
}

// serveProvider serves what the provider's clients call.
func serveProvider(l net.Listener, h http.Handler) *http.Server {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // it ends with the server
	return s
}

// apart replaces everything that is real.
func (x *playground) apart(provider string) {
	c := x.cfg
	c.Listen, c.Admin, c.AdminToken, c.TrustedProxies = "127.0.0.1:0", "127.0.0.1:0", configs.Secret{}, nil
	c.Ephemeral, c.Audit = true, configs.Audit{}
	c.Store = configs.Store{File: filepath.Join(x.dir, "kvitto.db")}
	c.Confirm.Poll, c.Confirm.Backoff = 100*time.Millisecond, []time.Duration{100 * time.Millisecond}
	c.Egress = append(c.Egress, netip.MustParsePrefix("127.0.0.0/8"))
	for i := range c.Merchants {
		m := &c.Merchants[i]
		m.Tokens = []configs.Token{{Hash: sha256.Sum256([]byte(m.ID + x.token)), Plain: configs.NewSecret(m.ID + x.token)}}
		m.Webhook, m.Provider = nil, &configs.Provider{BaseURL: provider, User: configs.NewSecret("simulator"), Password: configs.NewSecret(x.token), PerSecond: 200, Checkout: true}
		m.Sink = configs.Sink{SpoolDir: filepath.Join(x.dir, "orders", m.ID)}
	}
}

// plug starts the service where it was before, or stops it.
func (x *playground) plug(ctx context.Context, up bool) error {
	switch {
	case up == (x.service != nil):
		return nil
	case !up:
		err := x.service.stop(0, nil)
		x.service = nil
		return err
	}
	s, err := x.p.newService(ctx, x.cfg, x.src, zerolog.New(&x.log))
	if err != nil {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(x.log.String()))
	}
	if err := s.start(ctx); err != nil {
		return errors.Join(err, s.abandon())
	}
	x.service, x.cfg.Listen = s, s.publicAt.String()
	return nil
}

// world is the playground as scenarios see it.
func (x *playground) world(patience time.Duration) *scenario.World {
	return &scenario.World{Sim: x.sim, URLs: playedURLs("http://"+x.cfg.Listen, x.merchant, x.merchant.ID+x.token), Patience: patience,
		Switch: x.plug, Record: x.record, Events: x.events}
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

// record is how the service has an order.
func (x *playground) record(ctx context.Context, order string) (scenario.Record, error) {
	if x.service == nil || x.service.taking == nil {
		return scenario.Record{}, fmt.Errorf("merchant %s: the service is down, or takes no orders over in mode %s", x.merchant.ID, x.merchant.Mode)
	}
	rec, err := x.service.taking.machine.Store().Get(ctx, confirm.Key{Merchant: x.merchant.ID, Order: order})
	if errors.Is(err, confirm.ErrNotFound) {
		return scenario.Record{}, nil
	}
	return scenario.Record{State: string(rec.State), Done: err == nil && rec.Done()}, err
}

// events counts the events of an order in the spool.
func (x *playground) events(order string) int {
	files, err := filepath.Glob(filepath.Join(x.dir, "orders", x.merchant.ID, "evt_*.json"))
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
	var errs []error
	if x.service != nil {
		errs = append(errs, x.service.stop(0, nil))
	}
	if x.sim != nil {
		x.sim.Close()
	}
	if x.provider != nil {
		x.provider.Close()
	}
	if x.api != nil {
		errs = append(errs, x.api.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(x.dir))...)
}
