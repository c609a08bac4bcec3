package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/rules"
)

// errNobodyTaken is a start at which no order would be taken over although orders are to be: every push would be refused.
var errNobodyTaken = errors.New("no merchant in mode full can take orders over, the log says why: the provider's pushes would all be refused")

// errNoTaking is a service that takes no orders over.
var errNoTaking = errors.New("no merchant of this service is in mode full: it keeps no orders")

// taking takes confirmed orders over: one store and one machine for all merchants in mode full.
type taking struct {
	log      zerolog.Logger
	now      func() time.Time
	store    confirm.Store
	close    func() error
	audit    *audit
	metrics  *orderMetrics
	settings *storeSettings // nil: the store has none that could be wrong
	machine  *confirm.Machine
	accounts map[string]*account
	meant    []string // the merchants in mode full
	ids      atomic.Pointer[[]string]
}

// full reports whether any merchant's orders are taken over.
func full(cfg *configs.Config) bool {
	return slices.ContainsFunc(cfg.Merchants, func(m configs.Merchant) bool { return m.Mode == "full" })
}

// newTaking opens the store and makes the machine; merchants come with update. It returns nil where no merchant is in mode
// full.
func newTaking(ctx context.Context, cfg *configs.Config, wrap func(confirm.Store) confirm.Store, log zerolog.Logger, now func() time.Time, r prometheus.Registerer) (*taking, error) {
	if !full(cfg) {
		return nil, nil //nolint:nilnil // no taking is a state of the service, not a fault
	}
	t := &taking{log: log, now: now, accounts: map[string]*account{}}
	t.ids.Store(&[]string{})
	seal, err := sealOf(cfg)
	if err != nil {
		return nil, err
	}
	if t.store, t.close, err = openStore(cfg, now); err != nil {
		return nil, err
	}
	t.metrics = newOrderMetrics(r, t.store)
	t.settings = settingsOf(t.store, log)
	if err := t.settings.look(ctx, takenIDs(cfg)); err != nil {
		return nil, errors.Join(err, t.close())
	}
	if wrap != nil {
		t.store = wrap(t.store)
	}
	if cfg.Audit.File != "" {
		if t.audit, err = openAudit(cfg.Audit.File, "kvitto serve", now()); err != nil {
			return nil, errors.Join(err, t.close())
		}
	}
	observer := &orderLog{log: log, metrics: t.metrics, audit: t.audit, required: cfg.Audit.Required}
	t.machine, err = confirm.New(confirm.Options{Store: t.store, Now: now, Observe: observer.observe, Seal: seal,
		Lease: leaseOf(cfg.Confirm), Poll: cfg.Confirm.Poll, Backoff: cfg.Confirm.Backoff, Horizon: cfg.Confirm.Horizon})
	if err != nil {
		return nil, errors.Join(err, t.closeAll())
	}
	return t, nil
}

// takenIDs are the merchants in mode full.
func takenIDs(cfg *configs.Config) []string {
	var ids []string
	for i := range cfg.Merchants {
		if m := &cfg.Merchants[i]; m.Mode == "full" {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func sealOf(cfg *configs.Config) (confirm.Seal, error) {
	var secrets []string
	for _, s := range cfg.Confirm.Seal {
		secrets = append(secrets, s.Reveal())
	}
	s, err := confirm.NewSeal(secrets...)
	if err != nil {
		return s, fmt.Errorf("confirm.seal: %w", err)
	}
	return s, nil
}

// merchants are the ids of those whose orders are taken over, sorted.
func (t *taking) merchants() []string { return *t.ids.Load() }

// update takes over the merchants of a configuration. One that cannot be made keeps its last account, where it has one.
func (t *taking) update(cfg *configs.Config, tenants map[string]*tenant) error {
	accounts := map[string]*account{}
	var all []*confirm.Merchant
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		loaded := tenants[m.ID]
		if m.Mode != "full" || loaded == nil {
			continue
		}
		a, err := t.account(m, loaded)
		if err != nil {
			t.log.Error().Str("merchant", m.ID).Bool("taking", a != nil).Err(err).Msg(notChanged(a))
		}
		if a != nil {
			accounts[m.ID] = a
			all = append(all, a.merchant)
		}
	}
	if err := t.machine.SetMerchants(all); err != nil {
		return err
	}
	t.swap(accounts, all)
	return nil
}

// notChanged says what an account that could not be made means; last is the one that is used on.
func notChanged(last *account) string {
	if last == nil {
		return "orders of this merchant are not taken over: its pushes are refused until this is put right"
	}
	return "how orders are taken over was not changed"
}

// swap makes accounts those in use and lets go of what is no longer needed.
func (t *taking) swap(accounts map[string]*account, all []*confirm.Merchant) {
	var ids []string
	watched := make([]watched, 0, len(all))
	for _, x := range all {
		ids = append(ids, x.ID)
		watched = append(watched, watch(x.ID, x.Stream, t.machine))
	}
	slices.Sort(ids)
	last := t.accounts
	t.accounts = accounts
	t.ids.Store(&ids)
	t.metrics.watch(t.machine.Store(), watched)
	for id, old := range last {
		if next := accounts[id]; next == nil || next.way != old.way {
			old.way.CloseIdleConnections()
		}
		if accounts[id] == nil {
			t.metrics.forget(id)
			t.log.Warn().Str("merchant", id).Msg("orders of this merchant are no longer taken over; those under way stay in the store")
		}
	}
}

// account is the merchant's next one; with an error it is the last good one, nil where there never was one.
func (t *taking) account(m *configs.Merchant, loaded *tenant) (*account, error) {
	last := t.accounts[m.ID]
	from := accountSource{conf: *m, guard: loaded.guard, members: loaded.members, book: loaded.revision}
	if last != nil && last.from.same(from) {
		return last, nil
	}
	next, err := newAccount(from, last, loaded, t.now, t.odd)
	if err != nil {
		return last, err
	}
	return next, nil
}

// odd tells of a sink that took an order and said something with it that cannot be used.
func (t *taking) odd(e *rules.Event, why error) {
	t.log.Warn().Str("merchant", e.Merchant).Str("order_id", e.OrderID).Err(why).Msg("the sink took the order; its answer is not used")
}

// attach takes over the merchants of a configuration and lets their callbacks hand orders over.
func (t *taking) attach(cfg *configs.Config, tenants map[string]*tenant, serving []*callbacks.Merchant) error {
	meant := takenIDs(cfg)
	if t == nil {
		for _, m := range serving {
			m.Untaken = slices.Contains(meant, m.ID)
		}
		return nil
	}
	err := t.update(cfg, tenants)
	t.gauge(meant)
	for _, m := range serving {
		a := t.accounts[m.ID]
		if a == nil {
			m.Untaken = slices.Contains(meant, m.ID)
			continue
		}
		m.Taker = taker{machine: t.machine, merchant: m.ID}
		m.Seen = func(id string) { t.machine.Expect(confirm.Key{Merchant: m.ID, Order: id}) }
	}
	return err
}

// gauge tells the metrics whose orders are taken over, of those whose are to be.
func (t *taking) gauge(meant []string) {
	for _, id := range t.meant {
		if !slices.Contains(meant, id) {
			t.metrics.notMeant(id)
		}
	}
	t.meant = meant
	for _, id := range meant {
		t.metrics.takenOver(id, t.accounts[id] != nil)
	}
}

// start goes on with the orders that wait.
func (t *taking) start() {
	if t != nil {
		t.machine.Start()
		t.settings.start(t.merchants)
	}
}

// stop ends the machine, giving attempts in flight until ctx ends, and closes the store.
func (t *taking) stop(ctx context.Context) error {
	if t == nil {
		return nil
	}
	err := t.machine.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		t.log.Warn().Msg("orders in work were given back: another process goes on with them")
		err = nil
	}
	return errors.Join(err, t.closeAll())
}

func (t *taking) closeAll() error {
	for _, a := range t.accounts {
		a.way.CloseIdleConnections()
	}
	t.settings.stop()
	var err error
	if t.audit != nil {
		err = t.audit.close()
	}
	return errors.Join(err, t.close())
}
