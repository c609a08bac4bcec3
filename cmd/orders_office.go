package cmd

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order/confirm"
)

// office is who looks after records: a running service, or its store.
type office interface {
	// one is the merchant that is meant, which is then the only one that is listed.
	one(ctx context.Context) (string, error)
	list(ctx context.Context, p confirm.Page) (list []orderView, more bool, err error)
	show(ctx context.Context, id string) (orderView, error)
	change(ctx context.Context, id, what, by string) (orderView, error)
	reconcile(ctx context.Context, ids []string) ([]orderView, error)
}

// withOffice runs a command on the running service, or on the store with --offline.
func (p *Program) withOffice(ctx context.Context, f *ordersFlags, run func(context.Context, office) error) (err error) {
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format %q: right is text or json", f.format)
	}
	defer func() { err = p.failed(f.format, err, toldOf) }()
	if !f.offline {
		a, err := p.adminClient(f.adminFlags)
		if err != nil {
			return err
		}
		return run(ctx, &remoteOffice{client: a, merchant: f.merchant})
	}
	if f.config == "" {
		return errors.New("--offline needs --config: the configuration names the store")
	}
	cfg, err := p.loadConfig(f.config)
	if err != nil {
		return err
	}
	if !full(cfg) {
		return errNoTaking
	}
	store, closeStore, err := p.openStoreNow(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	o := &storeOffice{store: store, cfg: cfg, now: p.Now, merchant: f.merchant}
	defer func() { err = errors.Join(err, o.close()) }()
	return run(ctx, o)
}

// orderID is an id as records have it: UUIDs in lower case.
func orderID(id string) (string, error) {
	if !cleanID.MatchString(id) {
		return "", fmt.Errorf("%q is no order id", id)
	}
	if len(id) == 36 && uuid.Validate(id) == nil {
		id = strings.ToLower(id)
	}
	return id, nil
}

// remoteOffice is a running service.
type remoteOffice struct {
	client   *adminClient
	merchant string
}

func (o *remoteOffice) list(ctx context.Context, p confirm.Page) ([]orderView, bool, error) {
	q := url.Values{"limit": {strconv.Itoa(p.Limit)}}
	for key, value := range map[string]string{"merchant": o.merchant, "state": string(p.State), "shown": p.Shown, "reason": p.Why,
		"after": p.After} {
		if value != "" {
			q.Set(key, value)
		}
	}
	var page ordersPage
	err := o.client.get(ctx, "/api/orders", q, &page)
	return page.Orders, page.More, err
}

// one is the merchant that is meant.
func (o *remoteOffice) one(ctx context.Context) (string, error) {
	if o.merchant != "" {
		return o.merchant, nil
	}
	var all struct{ Merchants []string }
	if err := o.client.get(ctx, "/api/orders/merchants", nil, &all); err != nil {
		return "", err
	}
	if len(all.Merchants) == 0 {
		return "", errNoTaking
	}
	if len(all.Merchants) > 1 {
		return "", fmt.Errorf("--merchant is needed: the service takes orders over for %s", strings.Join(all.Merchants, ", "))
	}
	o.merchant = all.Merchants[0]
	return o.merchant, nil
}

func (o *remoteOffice) at(ctx context.Context, id, rest string) (string, error) {
	id, err := orderID(id)
	if err != nil {
		return "", err
	}
	m, err := o.one(ctx)
	return "/api/orders/" + url.PathEscape(m) + "/" + id + rest, err
}

func (o *remoteOffice) show(ctx context.Context, id string) (v orderView, err error) {
	path, err := o.at(ctx, id, "")
	if err != nil {
		return v, err
	}
	err = o.client.get(ctx, path, nil, &v)
	return v, err
}

func (o *remoteOffice) change(ctx context.Context, id, what, by string) (v orderView, err error) {
	path, err := o.at(ctx, id, "/"+what)
	if err != nil {
		return v, err
	}
	err = o.client.post(ctx, path, changeRequest{By: by}, &v)
	v.forgotten = what == "forget"
	return v, err
}

func (o *remoteOffice) reconcile(ctx context.Context, ids []string) ([]orderView, error) {
	m, err := o.one(ctx)
	if err != nil {
		return nil, err
	}
	var taken []orderView
	for batch := range slices.Chunk(ids, maxReconcile) {
		var page ordersPage
		if err := o.client.post(ctx, "/api/orders/"+url.PathEscape(m)+"/reconcile", reconcileRequest{IDs: batch}, &page); err != nil {
			return taken, fmt.Errorf("from %s on: %w", batch[0], err)
		}
		taken = append(taken, page.Orders...)
	}
	return taken, nil
}

// offlineNote is what is said of an order that goes on, where no service was asked.
const offlineNote = "as soon as a service runs on this store"

// storeOffice is a store without a service.
type storeOffice struct {
	store    confirm.Store
	cfg      *configs.Config
	audit    *audit // nil: none is kept
	now      func() time.Time
	merchant string
}

func (o *storeOffice) ids() ([]string, error) {
	var all []string
	for i := range o.cfg.Merchants {
		if m := &o.cfg.Merchants[i]; m.Mode == "full" && (o.merchant == "" || o.merchant == m.ID) {
			all = append(all, m.ID)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("--merchant %q: there is no such merchant in mode full", o.merchant)
	}
	return all, nil
}

func (o *storeOffice) list(ctx context.Context, p confirm.Page) ([]orderView, bool, error) {
	ids, err := o.ids()
	if err != nil {
		return nil, false, err
	}
	var out []orderView
	more := false
	for _, id := range ids {
		list, err := o.store.List(ctx, id, p)
		if err != nil {
			return out, false, err
		}
		for i := range list {
			out = append(out, viewOf(&list[i]))
		}
		more = more || len(list) == p.Limit
	}
	return out, more, nil
}

func (o *storeOffice) one(context.Context) (string, error) {
	ids, err := o.ids()
	if err != nil {
		return "", err
	}
	if len(ids) > 1 {
		return "", fmt.Errorf("--merchant is needed: the configuration has %s", strings.Join(ids, ", "))
	}
	return ids[0], nil
}

func (o *storeOffice) key(ctx context.Context, id string) (confirm.Key, error) {
	id, err := orderID(id)
	if err != nil {
		return confirm.Key{}, err
	}
	merchant, err := o.one(ctx)
	return confirm.Key{Merchant: merchant, Order: id}, err
}

func (o *storeOffice) show(ctx context.Context, id string) (orderView, error) {
	k, err := o.key(ctx, id)
	if err != nil {
		return orderView{}, err
	}
	rec, err := o.store.Get(ctx, k)
	if errors.Is(err, confirm.ErrNotFound) {
		err = errNoOrder
	}
	return viewOf(&rec), err
}

// change writes into the audit before it changes anything: what cannot be recorded is not done by hand. What is so already is
// left as it is.
func (o *storeOffice) change(ctx context.Context, id, what, by string) (orderView, error) {
	if len([]rune(by)) > maxBy {
		return orderView{}, fmt.Errorf("--by has more than %d characters", maxBy)
	}
	k, err := o.key(ctx, id)
	if err != nil {
		return orderView{}, err
	}
	before, err := o.store.Get(ctx, k)
	if errors.Is(err, confirm.ErrNotFound) {
		return orderView{}, errNoOrder
	}
	if err != nil {
		return orderView{}, err
	}
	c, apply, err := o.changing(ctx, &before, what)
	if err != nil {
		return orderView{}, byHandError(err)
	}
	if apply == nil {
		return outcome(what, &before, &before, offlineNote), nil
	}
	c.Key, c.By = k, by
	if err := o.record(c); err != nil {
		return orderView{}, err
	}
	if err := apply(); err != nil {
		return orderView{}, byHandError(err)
	}
	if what == "forget" {
		v := outcome(what, &before, &before, "")
		v.forgotten = true
		return v, nil
	}
	rec, err := o.store.Get(ctx, k)
	return outcome(what, &before, &rec, offlineNote), err
}

// changing is a change of a record, and how it is made; nil where it is so already.
func (o *storeOffice) changing(ctx context.Context, before *confirm.Record, what string) (c confirm.Change, apply func() error, err error) {
	k, parked := before.Key, before.State == confirm.Parked
	switch {
	case what == "release" && !parked, what == "park" && parked:
		return c, nil, nil
	case what == "release":
		c = confirm.Change{Step: confirm.StepReleased, From: confirm.Parked, To: before.Prev, Reason: confirm.Reason(before.Reason)}
		return c, func() error { return o.store.Release(ctx, k) }, nil
	case what == "forget":
		if before.Known {
			return c, nil, confirm.ErrShown
		}
		c = confirm.Change{Step: confirm.StepForgotten, From: before.State, Reason: confirm.Reason(before.Reason)}
		return c, func() error { return o.store.Discard(ctx, k) }, nil
	case before.Done():
		return c, nil, confirm.ErrDone
	case what == "park":
		c = confirm.Change{Step: confirm.StepParked, From: before.State, To: confirm.Parked, Reason: confirm.ReasonPerson}
		return c, func() error { return o.store.Park(ctx, k, confirm.Why{Reason: string(confirm.ReasonPerson)}) }, nil
	case parked:
		return c, nil, confirm.ErrParked
	default:
		c = confirm.Change{Step: confirm.StepRetried, From: before.State, To: before.State, Reason: confirm.Reason(before.Reason)}
		return c, func() error {
			_, _, err := o.store.Enqueue(ctx, k, confirm.Nudge{Hurry: true})
			return err
		}, nil
	}
}

// record writes a change into the audit, which is opened for the first one.
func (o *storeOffice) record(c confirm.Change) error {
	if o.cfg.Audit.File == "" {
		return nil
	}
	c.At = o.now()
	if o.audit == nil {
		var err error
		if o.audit, err = openAudit(o.cfg.Audit.File, "kvitto orders --offline", c.At); err != nil {
			return err
		}
	}
	return o.audit.write(c)
}

func (o *storeOffice) close() error {
	if o.audit == nil {
		return nil
	}
	return o.audit.close()
}

// reconcile records orders; a service that runs later, or meanwhile on the same Redis, works on them.
func (o *storeOffice) reconcile(ctx context.Context, ids []string) ([]orderView, error) {
	var out []orderView
	for _, id := range ids {
		v, err := o.reconcileOne(ctx, id)
		if err != nil {
			return out, fmt.Errorf("from %s on: %w", id, err)
		}
		out = append(out, v)
	}
	return out, nil
}

func (o *storeOffice) reconcileOne(ctx context.Context, id string) (v orderView, err error) {
	k, err := o.key(ctx, id)
	if err != nil {
		return v, err
	}
	before, err := recordOf(ctx, o.store, k)
	if err != nil {
		return v, err
	}
	rec, made, err := o.store.Enqueue(ctx, k, confirm.Nudge{Hurry: true, Vouched: true})
	if err == nil && made {
		err = o.record(confirm.Change{Key: k, Step: confirm.StepEnqueued, To: rec.State, Token: rec.Token, By: confirm.ByReconcile})
	}
	if err != nil {
		return v, err
	}
	return outcome("reconcile", before, &rec, offlineNote), nil
}
