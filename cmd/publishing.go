package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/internal/publication/inredis"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// Times of publishing.
const (
	firstSync    = 1500 * time.Millisecond // for Redis, before the start goes on with what the folder knows
	syncTime     = 20 * time.Second        // for one look at Redis
	redisPatient = 5 * time.Second         // for a step: files are larger than orders
	readAgain    = time.Minute             // until what could not be read is tried again
)

// publishing is what people have published, and the look after what others publish. A nil one has nothing.
type publishing struct {
	library *publication.Library
	metrics *serviceMetrics
	log     zerolog.Logger
	now     func() time.Time
	poll    time.Duration
	close   func() error
	audit   *audit                         // nil: none is kept here
	conf    atomic.Pointer[configs.Config] // as in use
	asked   chan struct{}                  // holds one: what is in force is to be read
	work    sync.WaitGroup
	end     context.CancelFunc
	one     sync.Mutex // one publication is looked at at a time: each takes memory

	mu      sync.Mutex
	reads   map[string]bookRead
	done    chan struct{}     // closed after each reload
	folders map[string]string // fingerprints that were told
	known   map[string]bool   // rulebooks that were looked for
}

// bookRead is the publication of a rulebook that was read last.
type bookRead struct {
	id    string
	fault error
	again time.Time // where there was a fault
	over  bool      // the reload that read it
}

// newPublishing opens what was published; nil where nobody can publish. It waits a moment for Redis and goes on without.
func newPublishing(ctx context.Context, cfg *configs.Config, m *serviceMetrics, log zerolog.Logger, now func() time.Time) (*publishing, error) {
	if cfg.Publish.Dir == "" {
		return nil, nil //nolint:nilnil // publishing may be off, which is no fault
	}
	p := &publishing{metrics: m, log: log, now: now, poll: cfg.Publish.Poll, close: func() error { return nil }, end: func() {},
		asked: make(chan struct{}, 1), reads: map[string]bookRead{}, done: make(chan struct{}), folders: map[string]string{}, known: map[string]bool{}}
	o := publication.Options{Dir: cfg.Publish.Dir, Now: now, Tell: p.tell}
	if r := cfg.Store.Redis; r != nil {
		way := redisOptions(r)
		way.Patience, way.PoolSize = redisPatient, 2
		client, err := way.Client()
		if err != nil {
			return nil, err
		}
		p.close = client.Close
		o.Remote = inredis.New(client)
	}
	p.library = publication.NewLibrary(o)
	m.polled.Set(float64(now().Unix())) // so long nothing is late
	p.adopt(ctx, cfg)
	return p, nil
}

// adopt learns what was published of rulebooks that a configuration brings, before they are read for the first time.
func (p *publishing) adopt(ctx context.Context, cfg *configs.Config) {
	if p == nil {
		return
	}
	fresh := false
	p.mu.Lock()
	for _, b := range rulebooks(cfg) {
		fresh = fresh || !p.known[b]
		p.known[b] = true
	}
	p.mu.Unlock()
	if !fresh {
		return
	}
	p.conf.Store(cfg)
	ctx, cancel := context.WithTimeout(ctx, firstSync)
	defer cancel()
	p.sync(ctx)
}

// keepAudit opens the audit where nobody else in this process does.
func (p *publishing) keepAudit(cfg *configs.Config, others bool) (err error) {
	if p == nil || others || cfg.Audit.File == "" {
		return nil
	}
	p.audit, err = openAudit(cfg.Audit.File, "kvitto serve", p.now())
	return err
}

// rulebooks are the names of all rulebooks that are configured, each once.
func rulebooks(cfg *configs.Config) []string {
	var names []string
	for i := range cfg.Merchants {
		names = append(names, cfg.Merchants[i].Rulebook)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sync looks what others have published and reports whether there is anything new.
func (p *publishing) sync(ctx context.Context) bool {
	books := rulebooks(p.conf.Load())
	changed, err := p.library.Sync(ctx, books)
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		p.log.Warn().Err(err).Msg("what others have published cannot be seen; what is known serves")
	}
	if t := p.library.Synced(); !t.IsZero() {
		p.metrics.polled.Set(float64(t.UnixMilli()) / 1000)
	}
	for _, b := range books {
		p.metrics.newest.WithLabelValues(b).Set(float64(p.library.History(b).Newest().Number))
	}
	return changed
}

// start begins to look after what others publish, and after starts that come.
func (p *publishing) start() {
	if p == nil {
		return
	}
	ctx, end := context.WithCancel(context.Background())
	p.end = end
	p.work.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(p.wait()):
			}
			look, cancel := context.WithTimeout(ctx, syncTime)
			p.sync(look)
			cancel()
			if p.due() {
				p.ask()
			}
		}
	})
}

// wait is the time until the next look: replicas do not look all at once, and nobody misses a start.
func (p *publishing) wait() time.Duration {
	wait := p.poll + rand.N(p.poll/2+1)
	now := p.now()
	for _, b := range rulebooks(p.conf.Load()) {
		if next, ok := p.library.History(b).Next(now); ok {
			wait = min(wait, max(next.Sub(now), time.Millisecond))
		}
	}
	return wait
}

// due reports whether something else is in force than what was read last.
func (p *publishing) due() bool {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(rulebooks(p.conf.Load()), func(b string) bool {
		e, _ := p.library.History(b).InForce(now)
		last := p.reads[b]
		return e.ID != last.id || last.fault != nil && now.After(last.again)
	})
}

// refresh looks what others have published for somebody who asks, and waits for that a moment at most.
func (p *publishing) refresh(ctx context.Context) {
	if p.library.Alone() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, firstSync)
	defer cancel()
	if p.sync(ctx) {
		p.ask()
	}
}

// ask asks for a reload.
func (p *publishing) ask() {
	select {
	case p.asked <- struct{}{}:
	default: // one is due already
	}
}

// reloads tells that a reload is due; it blocks for ever where nothing can be published.
func (p *publishing) reloads() <-chan struct{} {
	if p == nil {
		return nil
	}
	return p.asked
}

// reloaded tells those who wait that a reload is over. cfg is in use from here on.
func (p *publishing) reloaded(cfg *configs.Config) {
	if p == nil {
		return
	}
	p.conf.Store(cfg)
	p.mu.Lock()
	defer p.mu.Unlock()
	for book, read := range p.reads {
		read.over = true
		p.reads[book] = read
	}
	close(p.done)
	p.done = make(chan struct{})
}

// inForce is the publication that serves a rulebook now; false: its folder does.
func (p *publishing) inForce(book string) (publication.Entry, bool) {
	if p == nil {
		return publication.Entry{}, false
	}
	return p.library.History(book).InForce(p.now())
}

// wasRead notes what came of reading a publication.
func (p *publishing) wasRead(e *publication.Entry, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads[e.Rulebook] = bookRead{id: e.ID, fault: err, again: p.now().Add(readAgain)}
}

// taken waits until a reload has read a publication, and says what came of it; false: ctx ended first.
func (p *publishing) taken(ctx context.Context, e *publication.Entry) (bool, error) {
	for {
		p.mu.Lock()
		read, done := p.reads[e.Rulebook], p.done
		p.mu.Unlock()
		if read.id == e.ID && read.over {
			return true, read.fault
		}
		select {
		case <-done:
		case <-ctx.Done():
			return false, nil
		}
	}
}

// compareFolder tells, once for each state of the folder, that it is not what serves.
func (p *publishing) compareFolder(ctx context.Context, m *configs.Merchant, e *publication.Entry) {
	fsys, closeDir, ok := rulebook.Open(m.Rules, new(diag.Report))
	if !ok {
		return // there is nothing that could be mistaken for what serves
	}
	defer closeDir()
	here, err := publication.Fingerprint(fsys)
	if err != nil {
		return // it is not served either
	}
	p.mu.Lock()
	last, known := p.folders[m.Rulebook]
	p.folders[m.Rulebook] = here
	p.mu.Unlock()
	if known && last == here {
		return
	}
	if there, err := p.fingerprint(ctx, e); err == nil && there == here {
		return
	}
	level := zerolog.InfoLevel
	if known {
		level = zerolog.WarnLevel
	}
	p.log.WithLevel(level).Str("rules", m.Rulebook).Int64("publication", e.Number).Str("by", e.By).
		Msg("the folder is not what serves: a publication does. `kvitto rules rollback --to folder` goes back to the folder, `kvitto rules publish` publishes it")
}

func (p *publishing) fingerprint(ctx context.Context, e *publication.Entry) (string, error) {
	archive, err := p.library.Archive(ctx, e)
	if err != nil {
		return "", err
	}
	fsys, err := publication.Open(archive)
	if err != nil {
		return "", err
	}
	return publication.Fingerprint(fsys)
}

// loadPublished reads the files of a publication as load reads a folder. Tests that fail were known to whoever published it
// despite them.
func (s *source) loadPublished(ctx context.Context, l *publication.Library, e *publication.Entry, r *diag.Report) (*book, error) {
	if s.loading != nil {
		defer s.loading()()
	}
	archive, err := l.Archive(ctx, e)
	if err != nil {
		return nil, err
	}
	var fsys fs.FS
	if fsys, err = publication.Open(archive); err != nil {
		return nil, err
	}
	b, failed, err := s.tested(fsys, r)
	if err != nil {
		return nil, err
	}
	if failed != nil && e.FailedTests == 0 {
		return nil, failed
	}
	b.publication = e.Number
	return b, nil
}

// tell writes what happened to publications into the log.
func (p *publishing) tell(e publication.Event) {
	level, text := zerolog.ErrorLevel, ""
	switch e.Kind {
	case publication.Refilled:
		level, text = zerolog.WarnLevel, "Redis had lost a publication: it was brought back from this replica's copy"
	case publication.Outdone:
		text = "two publications have the same number, because Redis had lost its data: this one no longer counts, publish it again if it should"
	case publication.NotKept:
		text = "the copy of what was published cannot be written: a start without Redis would not know it"
	case publication.NotRead:
		text = "a file of what was published cannot be read"
	case publication.NotFound:
		text = "the files of a publication are not there: what was in use stays"
	}
	p.log.WithLevel(level).Func(func(line *zerolog.Event) {
		if e.Entry.Number > 0 {
			line.Str("rules", e.Entry.Rulebook).Int64("publication", e.Entry.Number).Str("by", e.Entry.By)
		}
	}).Err(e.Err).Msg(text)
}

// stop ends looking.
func (p *publishing) stop() error {
	if p == nil {
		return nil
	}
	p.end()
	p.work.Wait()
	err := p.close()
	if p.audit != nil {
		err = errors.Join(err, p.audit.close())
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// errNotPublishing is a service to which nobody can publish.
var errNotPublishing = errors.New("this service takes no publications: write publish: {dir: var/rules, people: [{name: anna, token: {env: KVITTO_ANNA_TOKEN}}]} " +
	"into its configuration and restart it")
