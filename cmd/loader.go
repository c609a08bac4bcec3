package cmd

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// loader turns configuration and rulebooks into merchants, and keeps the last good of each. One call at a time.
type loader struct {
	src     *source
	log     zerolog.Logger
	now     func() time.Time
	metrics *serviceMetrics
	tenants map[string]*tenant
	leaving leaving

	published *publishing // nil: nothing can be published
}

// tenant is a merchant as it serves now.
type tenant struct {
	conf     configs.Merchant
	guard    egress.Guard
	revision string
	book     *book
	rules    *callbacks.Rules
	members  []rules.Member
	close    func() error
	refused  bool // the last load was: the next good one is told even where it brings back the same tables
}

func newLoader(src *source, log zerolog.Logger, now func() time.Time, m *serviceMetrics) *loader {
	return &loader{src: src, log: log, now: now, metrics: m, tenants: map[string]*tenant{}}
}

// read is a rulebook folder as it was read in one load: merchants may share it.
type read struct {
	book *book
	err  error
}

// load builds all merchants of cfg. A merchant whose rulebook or plug-ins are broken keeps its last good tables, yet has
// its new tokens, deadlines and texts; one that never had tables is left out. It fails where nobody could be served.
func (l *loader) load(ctx context.Context, cfg *configs.Config) ([]*callbacks.Merchant, error) {
	folders := map[string]read{}
	tenants := map[string]*tenant{}
	var merchants []*callbacks.Merchant
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		name := m.Rulebook + "\x00" + m.Rules // one folder may be written in two ways
		if _, ok := folders[name]; !ok {
			folders[name] = l.inForce(ctx, m)
		}
		t, err := l.tenant(ctx, m, l.src.guard(cfg), folders[name])
		l.metrics.reloaded(m.ID, err == nil, l.now())
		if err != nil {
			if t != nil {
				t.refused = true
			}
			l.log.Error().Str("merchant", m.ID).Str("rules", m.Rules).Bool("serving", t != nil).Err(err).Msg("rules not taken over")
		}
		if t == nil {
			continue
		}
		if !m.Reachable(l.now()) {
			l.log.Warn().Str("merchant", m.ID).Err(errUnreachable).Msg("nobody can call this merchant")
		}
		tenants[m.ID] = t
		l.metrics.revision(m.ID, t.revision)
		l.metrics.inForce(m.ID, t.book.publication)
		o, err := merchantOptions(cfg, m, t.rules)
		if err != nil {
			l.log.Error().Str("merchant", m.ID).Err(err).Msg("quotes or signed webhooks are not as configured")
		}
		merchants = append(merchants, o)
	}
	if len(merchants) == 0 {
		return nil, errors.New("no merchant has a rulebook that can be used")
	}
	l.retire(tenants)
	return merchants, nil
}

// inForce reads what serves a merchant now: what was published, or the folder.
func (l *loader) inForce(ctx context.Context, m *configs.Merchant) read {
	e, ok := l.published.inForce(m.Rulebook)
	if !ok {
		return l.read(m.Rules)
	}
	var out read
	if e.Folder {
		if out = l.read(m.Rules); out.err == nil {
			out.book.publication = e.Number
		}
	} else {
		out = l.readPublished(ctx, m, &e)
	}
	l.published.wasRead(&e, out.err)
	return out
}

// readPublished reads the files of a publication, and tells where the folder holds others.
func (l *loader) readPublished(ctx context.Context, m *configs.Merchant, e *publication.Entry) read {
	r := new(diag.Report)
	b, err := l.src.loadPublished(ctx, l.published.library, e, r)
	l.tellFindings(m.Rulebook, r)
	if err != nil {
		return read{nil, fmt.Errorf("publication %d: %w", e.Number, err)}
	}
	l.published.compareFolder(ctx, m, e)
	return read{b, nil}
}

// read reads a folder and tells its findings, one log line each.
func (l *loader) read(dir string) read {
	r := new(diag.Report)
	b, err := l.src.load(dir, r)
	l.tellFindings(dir, r)
	return read{b, err}
}

func (l *loader) tellFindings(dir string, r *diag.Report) {
	for _, f := range r.Findings() {
		level := zerolog.WarnLevel
		if f.Severity == diag.Error {
			level = zerolog.ErrorLevel
		}
		l.log.WithLevel(level).Str("rules", dir).Str("code", f.Code).Str("at", f.Place.String()).Str("help", f.Help).Msg(f.Message)
	}
}

// tenant is the merchant's next state; with an error it is the last good one, nil where there never was one.
func (l *loader) tenant(ctx context.Context, m *configs.Merchant, g egress.Guard, r read) (*tenant, error) {
	last := l.tenants[m.ID]
	if r.err != nil {
		return last, r.err
	}
	var err error
	if r.book, err = l.listed(m, r.book); err != nil {
		return last, err
	}
	if last != nil && last.revision == r.book.Revision && reflect.DeepEqual(last.conf, *m) && reflect.DeepEqual(last.guard, g) {
		if last.refused || last.book.publication != r.book.publication {
			last.refused, last.book = false, r.book
			l.inUse(last, r.book.tests)
		}
		return last, nil
	}
	t := &tenant{conf: *m, guard: g, revision: r.book.Revision, book: r.book, close: func() error { return nil }}
	if last != nil && last.keepsMembers(m, g) {
		t.members, t.close = last.members, last.close
	} else {
		rep := new(diag.Report)
		members, closeAll, err := l.src.members(ctx, m, g, rep)
		if err != nil {
			return last, errors.Join(append([]error{err}, asErrors(rep)...)...)
		}
		t.members, t.close = members, closeAll
	}
	e, err := r.book.Engine(engineOptions(m, t.members, l.onFault(m.ID)))
	if err != nil {
		if last == nil || !sameMembers(t.members, last.members) {
			err = errors.Join(err, t.close())
		}
		return last, err
	}
	l.swap(t, last, e)
	l.inUse(t, r.book.tests)
	return t, nil
}

func (l *loader) inUse(t *tenant, tests int) {
	l.log.Info().Str("merchant", t.conf.ID).Str("revision", t.revision).Func(func(e *zerolog.Event) {
		if n := t.book.publication; n > 0 {
			e.Int64("publication", n)
		}
	}).Int("tests", tests).Msg("rules in use")
}

// keepsMembers reports whether everything that members are made from is as it was, wherever it stands in the file.
func (t *tenant) keepsMembers(m *configs.Merchant, g egress.Guard) bool {
	return slices.EqualFunc(t.conf.Plugins, m.Plugins, samePlugin) && reflect.DeepEqual(t.conf.ShopCheck, m.ShopCheck) &&
		t.conf.DenyURL == m.DenyURL && reflect.DeepEqual(t.guard, g)
}

// samePlugin compares two plug-ins but for their places.
func samePlugin(a, b configs.Plugin) bool {
	return a.Name == b.Name && a.Deadline == b.Deadline && a.OnFault == b.OnFault && sameNode(a.Config, b.Config)
}

// sameNode compares what is written, not where. A plug-in that keeps places goes on telling those it was made from.
func sameNode(a, b *diag.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && a.Text == b.Text && a.Quoted == b.Quoted && a.Block == b.Block && a.Null == b.Null && a.Flow == b.Flow &&
		slices.EqualFunc(a.Items, b.Items, sameNode) && slices.EqualFunc(a.Keys, b.Keys, sameNode) &&
		slices.EqualFunc(a.Values, b.Values, sameNode)
}

func (l *loader) swap(t, last *tenant, e *rules.Engine) {
	if last == nil {
		t.rules = callbacks.NewRules(e)
		return
	}
	t.rules = last.rules
	t.rules.Swap(e, l.now(), t.conf.Grace)
}

func asErrors(r *diag.Report) []error {
	var errs []error
	for _, f := range r.Findings() {
		errs = append(errs, fmt.Errorf("%v: %s [%s]", f.Place, f.Message, f.Code))
	}
	return errs
}

// onFault tells the log and the metrics of a plug-in that did not answer as it should.
func (l *loader) onFault(merchant string) func(rules.Fault) {
	return func(f rules.Fault) {
		l.metrics.fallback(merchant, f.Member, f.Hook, f.Fallback)
		l.log.Warn().Str("merchant", merchant).Str("plugin", f.Member).Str("hook", f.Hook).Str("served", f.Fallback).Err(f.Cause).Msg("plug-in fault")
	}
}

// retire replaces the tenants; plug-ins that are no longer in use are closed once their last requests are done.
func (l *loader) retire(tenants map[string]*tenant) {
	for id, old := range l.tenants {
		if next := tenants[id]; next != nil && sameMembers(next.members, old.members) {
			continue
		}
		if len(old.members) > 0 {
			l.leaving.later(old.conf.Grace+stopWithin, func() { l.closed(id, old.close()) }) // earlier engines may ask them until the grace of validation ends
		}
		if tenants[id] == nil {
			l.metrics.forget(id)
		}
	}
	l.tenants = tenants
}

// sameMembers reports whether both are the same plug-in values.
func sameMembers(a, b []rules.Member) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// close releases all plug-ins, those too whose last requests may still come.
func (l *loader) close() {
	l.leaving.now()
	for id, t := range l.tenants {
		l.closed(id, t.close())
	}
}

func (l *loader) closed(merchant string, err error) {
	if err != nil {
		l.log.Warn().Str("merchant", merchant).Err(err).Msg("a plug-in did not close")
	}
}
