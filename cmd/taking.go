package cmd

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/rules"
)

// errNoTaking is a service that takes no orders over.
var errNoTaking = errors.New("no merchant of this service is in mode full: it keeps no orders")

// taking takes confirmed orders over: one store and one machine for all merchants in mode full.
type taking struct {
	log      zerolog.Logger
	now      func() time.Time
	store    confirm.Store
	close    func() error
	audit    *audit
	machine  *confirm.Machine
	accounts map[string]*account
	ids      atomic.Pointer[[]string]
}

// account is a merchant's way to the provider and the sink, kept as long as what it was made from stays: a pause of the
// provider's then outlives a reload.
type account struct {
	from     accountSource
	merchant *confirm.Merchant
	close    func()
}

// accountSource is all that an account is made from.
type accountSource struct {
	conf    configs.Merchant
	guard   egress.Guard
	members []rules.Member
	book    string // revision
}

// full reports whether any merchant's orders are taken over.
func full(cfg *configs.Config) bool {
	return slices.ContainsFunc(cfg.Merchants, func(m configs.Merchant) bool { return m.Mode == "full" })
}

// newTaking opens the store and makes the machine; merchants come with update. It returns nil where no merchant is in mode
// full.
func newTaking(cfg *configs.Config, wrap func(confirm.Store) confirm.Store, log zerolog.Logger, now func() time.Time, r prometheus.Registerer) (*taking, error) {
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
	if wrap != nil {
		t.store = wrap(t.store)
	}
	if cfg.Audit.File != "" {
		if t.audit, err = openAudit(cfg.Audit.File, cfg.Audit.Required); err != nil {
			return nil, errors.Join(err, t.close())
		}
	}
	metrics := newOrderMetrics(r, func() (*confirm.Machine, []string) { return t.machine, t.merchants() })
	observer := &orderLog{log: log, metrics: metrics, audit: t.audit}
	t.machine, err = confirm.New(confirm.Options{Store: t.store, Now: now, Observe: observer.observe, Seal: seal,
		Lease: leaseOf(cfg.Confirm), Poll: cfg.Confirm.Poll, Backoff: cfg.Confirm.Backoff, Horizon: cfg.Confirm.Horizon})
	if err != nil {
		return nil, errors.Join(err, t.closeAll())
	}
	return t, nil
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
			t.log.Error().Str("merchant", m.ID).Bool("serving", a != nil).Err(err).Msg("how orders are taken over was not changed")
		}
		if a != nil {
			accounts[m.ID] = a
			all = append(all, a.merchant)
		}
	}
	if err := t.machine.SetMerchants(all); err != nil {
		return err
	}
	for id, old := range t.accounts {
		if accounts[id] != old {
			old.close()
		}
	}
	t.accounts = accounts
	ids := make([]string, 0, len(all))
	for _, x := range all {
		ids = append(ids, x.ID)
	}
	slices.Sort(ids)
	t.ids.Store(&ids)
	return nil
}

// account is the merchant's next one; with an error it is the last good one, nil where there never was one.
func (t *taking) account(m *configs.Merchant, loaded *tenant) (*account, error) {
	last := t.accounts[m.ID]
	from := accountSource{conf: *m, guard: loaded.guard, members: loaded.members, book: loaded.revision}
	if last != nil && last.from.same(from) {
		return last, nil
	}
	transport := egress.Transport(from.guard)
	x, err := takenMerchant(from, transport, loaded, t.now, t.odd)
	if err != nil {
		return last, err
	}
	if last != nil && reflect.DeepEqual(last.from.conf.Provider, m.Provider) && reflect.DeepEqual(last.from.guard, from.guard) {
		x.Provider, x.Checkout = last.merchant.Provider, last.merchant.Checkout // a pause of the provider's goes on
	}
	return &account{from: from, merchant: x, close: transport.CloseIdleConnections}, nil
}

// odd tells of a sink that took an order and said something with it that cannot be used.
func (t *taking) odd(e *rules.Event, why error) {
	t.log.Warn().Str("merchant", e.Merchant).Str("order_id", e.OrderID).Err(why).Msg("the sink took the order; its answer is not used")
}

// same reports whether an account would come out the same.
func (s accountSource) same(o accountSource) bool {
	return reflect.DeepEqual(s.conf, o.conf) && reflect.DeepEqual(s.guard, o.guard) && sameMembers(s.members, o.members) && s.book == o.book
}

// attach takes over the merchants of a configuration and lets their callbacks hand orders over.
func (t *taking) attach(cfg *configs.Config, tenants map[string]*tenant, serving []*callbacks.Merchant) error {
	if t == nil {
		return nil
	}
	err := t.update(cfg, tenants)
	for _, m := range serving {
		a := t.accounts[m.ID]
		if a == nil {
			continue
		}
		m.Taker = taker{machine: t.machine, merchant: m.ID}
		if a.merchant.Expect > 0 {
			m.Seen = func(id string) { t.machine.Expect(confirm.Key{Merchant: m.ID, Order: id}) }
		}
	}
	return err
}

// start goes on with the orders that wait.
func (t *taking) start() {
	if t != nil {
		t.machine.Start()
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
		a.close()
	}
	var err error
	if t.audit != nil {
		err = t.audit.close()
	}
	return errors.Join(err, t.close())
}
