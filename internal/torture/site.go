package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/faults"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/internal/torture/verdict"
)

// site is one run: the fakes, a Redis and the replicas.
type site struct {
	s        settings
	p        phase
	dir      string
	secrets  secrets
	redis    *redistest.Server
	kills    int // of Redis
	wipes    int // of them, with the data gone
	provider *fakeprovider.Provider
	sink     *fakesink.Sink
	replicas []*replica
	orders   []string
	servers  []*http.Server
	trap     string       // where redirects lead to
	strayed  atomic.Int64 // requests that followed one
}

// outcome is what a run came to.
type outcome struct {
	verdict      *verdict.Verdict
	deaths       int                     // of replicas
	leaks        []string                // personal data and secrets that are where they must not be
	strayed      int64                   // requests that followed a redirect
	provider     map[faults.Mode]int     // requests that met a fault of the provider
	sink         map[faults.Mode]int     // and of the sink
	struck       map[failpoint.Place]int // of them, by failpoints
	kills, wipes int                     // of Redis, and of its data
}

// runSite runs one phase with a binary. mutant is "" for the service as it is.
func runSite(ctx context.Context, s settings, dir, binary, mutant string, p phase) (out *outcome, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	t := &site{s: s, p: p, dir: dir, secrets: newSecrets()}
	if t.redis, err = redistest.Start(ctx, redistest.Options{}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if err := t.prepare(binary, mutant); err != nil {
		return nil, err
	}
	if err := t.play(ctx); err != nil {
		return nil, err
	}
	out = &outcome{strayed: t.strayed.Load(), kills: t.kills, wipes: t.wipes}
	if out.struck, err = t.struck(); err != nil {
		return nil, err
	}
	if out.leaks, err = t.leaks(); err != nil {
		return nil, err
	}
	for _, r := range t.replicas {
		out.deaths += r.deaths
	}
	run := &verdict.Run{Orders: t.orders, Excused: t.excused(), Provider: t.provider.History().Entries(fakeprovider.Filter{}), Sink: t.sink.Deliveries()}
	out.verdict = verdict.Judge(run)
	out.provider, out.sink = map[faults.Mode]int{}, map[faults.Mode]int{}
	for i := range run.Provider {
		out.provider[run.Provider[i].Fault]++
	}
	for i := range run.Sink {
		out.sink[run.Sink[i].Fault]++
	}
	return out, nil
}

// prepare starts the fakes and writes what the replicas need.
func (t *site) prepare(binary, mutant string) (err error) {
	var sequence atomic.Int64
	next := func() int64 { return sequence.Add(1) }
	keys, err := standardwebhooks.NewKeys(t.secrets.sink)
	if err != nil {
		return err
	}
	verify := func(h http.Header, body []byte) error {
		_, err := keys.Verify(h, body, t.s.now(), standardwebhooks.Tolerance)
		return err
	}
	if t.sink, err = fakesink.New(fakesink.Options{Now: t.s.now, Sequence: next, Seed: t.s.seed, Verify: verify}); err != nil {
		return err
	}
	sink, err := t.listen(t.sink.Handler())
	if err != nil {
		return err
	}
	var pushes []string
	for i := range t.s.replicas {
		listen, err := freeAddress()
		if err != nil {
			return err
		}
		pushes = append(pushes, "http://"+listen+t.secrets.path())
		t.replicas = append(t.replicas, &replica{binary: binary, listen: listen, log: filepath.Join(t.dir, fmt.Sprintf("replica-%d.log", i)), env: t.environ(mutant)})
	}
	t.provider, err = fakeprovider.New(fakeprovider.Options{
		Now: t.s.now, Sequence: next, Seed: t.s.seed, Restless: true, PushURLs: pushes, Burst: burst, Parallel: 1024,
		Schedule:    t.schedule(),
		Credentials: []fakeprovider.Credential{{User: t.secrets.user, Password: t.secrets.password}},
	})
	if err != nil {
		return err
	}
	api, err := t.listen(t.provider.Handler())
	if err != nil {
		return err
	}
	trap := func(w http.ResponseWriter, _ *http.Request) {
		t.strayed.Add(1)
		w.WriteHeader(http.StatusNoContent)
	}
	if t.trap, err = t.listen(http.HandlerFunc(trap)); err != nil {
		return err
	}
	for i, r := range t.replicas {
		if r.config, err = writeConfig(t.dir, i, t.redis.Addr(), api, sink+"/orders", &t.secrets); err != nil {
			return err
		}
	}
	return errors.Join(t.sink.SetFault(t.p.sink...), t.provider.SetFault(fakeprovider.Any, t.p.provider...))
}

func (t *site) schedule() fakeprovider.Schedule {
	s := fakeprovider.Schedule{First: []time.Duration{0}, Every: pushEvery, Until: time.Hour}
	if t.p.single {
		s.Every = 0
	}
	return s
}

func (t *site) deathLog() string { return filepath.Join(t.dir, "deaths") }

func (t *site) environ(mutant string) []string {
	return append(t.secrets.environ(),
		"KVITTO_TORTURE_LEASE="+t.s.lease.String(), "KVITTO_FAILPOINTS="+t.p.failpoints, "KVITTO_FAILPOINT_LOG="+t.deathLog(), mutantVariable+"="+mutant)
}

// listen serves a fake on a free port and returns its URL.
func (t *site) listen(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	t.servers = append(t.servers, server)
	go func() { _ = server.Serve(l) }() // it ends with close
	return "http://" + l.Addr().String(), nil
}

// close ends everything that is left.
func (t *site) close() error {
	if t.provider != nil {
		t.provider.Close()
	}
	if t.sink != nil {
		t.sink.Close()
	}
	var err error
	for _, s := range t.servers {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, t.redis.Close())
}

// play lets the orders come and waits until they are through, or nothing moves any more.
func (t *site) play(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	lives, stop := context.WithCancel(ctx)
	errs := make([]error, len(t.replicas)+1)
	for i, r := range t.replicas {
		running.Go(func() {
			if errs[i] = r.supervise(lives); errs[i] != nil {
				cancel(errs[i])
			}
		})
	}
	err := t.story(ctx)
	stop()
	running.Wait()
	if cause := context.Cause(ctx); cause != nil {
		err = errors.Join(cause, err)
	}
	return errors.Join(append(errs, err)...)
}

func (t *site) story(ctx context.Context) error {
	for _, r := range t.replicas {
		if err := r.ready(ctx); err != nil {
			return err
		}
	}
	tormented, calm := context.WithCancel(ctx)
	defer calm()
	var running sync.WaitGroup
	errs := make([]error, len(t.p.torments))
	for i, torment := range t.p.torments {
		running.Go(func() { errs[i] = torment(tormented, t) })
	}
	err := t.bring(ctx)
	if err == nil {
		t.await(ctx)
	}
	calm()
	running.Wait()
	return errors.Join(append(errs, err, ctx.Err())...)
}

// bring completes the orders, some each second.
func (t *site) bring(ctx context.Context) error {
	pace := time.Second / time.Duration(t.s.perSec)
	if t.p.slowly {
		pace *= 2
	}
	for n := range t.s.orders {
		id := uuid.NewString()
		if _, err := t.provider.AddOrder(orderJSON(id, n), fakeprovider.Completion{}); err != nil {
			return err
		}
		t.orders = append(t.orders, id)
		if !rest(ctx, pace) {
			return nil
		}
	}
	return nil
}

// await waits until all orders are acknowledged and, where nothing may come twice, a lease more, since what comes twice comes
// late. It gives up where nothing was acknowledged for as long as patience lasts.
func (t *site) await(ctx context.Context) {
	before, since := -1, t.s.now()
	for {
		open := t.open()
		if open == 0 {
			if t.p.goals.Once {
				rest(ctx, t.s.lease+pushEvery)
			}
			return
		}
		if open != before {
			before, since = open, t.s.now()
		}
		if t.s.now().Sub(since) > t.s.patience || !rest(ctx, 100*time.Millisecond) {
			return
		}
	}
}

// open is the number of orders that must be acknowledged and are not.
func (t *site) open() int {
	acked := map[string]bool{}
	for _, o := range t.provider.Standings() {
		acked[o.Order] = o.Acknowledged
	}
	for _, id := range t.excused() {
		acked[id] = true
	}
	n := 0
	for _, id := range t.orders {
		if !acked[id] {
			n++
		}
	}
	return n
}

// excused are the orders that nobody has to take over: with single pushes, those of which no replica has said that it has
// them.
func (t *site) excused() []string {
	if !t.p.single {
		return nil
	}
	accepted := map[string]bool{}
	for _, e := range t.provider.History().Entries(fakeprovider.Filter{Kinds: []fakeprovider.Kind{fakeprovider.Push}}) {
		accepted[e.Order] = accepted[e.Order] || e.Status == http.StatusOK || e.Status == http.StatusAccepted
	}
	return slices.DeleteFunc(slices.Clone(t.orders), func(id string) bool { return accepted[id] })
}

// struck is how often each failpoint struck.
func (t *site) struck() (map[failpoint.Place]int, error) {
	data, err := os.ReadFile(t.deathLog())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	places := map[failpoint.Place]int{}
	for line := range strings.Lines(string(data)) {
		places[failpoint.Place(strings.TrimSpace(line))]++
	}
	return places, err
}
