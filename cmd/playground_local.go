package cmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/faults"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
	"github.com/kvitto/kvitto/order/confirm"
)

var _ scenario.Local = (*playground)(nil)

// mostQuoted is the most that is read of a quote, in bytes.
const mostQuoted = 8 << 20

// shopToken is that of quote and ensure.
func (x *playground) shopToken(m *configs.Merchant) configs.Token {
	plain := m.ID + "-shop-" + x.token
	return configs.Token{Hash: sha256.Sum256([]byte(plain)), Plain: configs.NewSecret(plain)}
}

// Reload implements scenario.Local. The demo's rulebooks are compiled in, so there it fails.
func (x *playground) Reload(ctx context.Context, dir string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.service == nil:
		return errUnplugged
	case x.src.demo != nil:
		return errors.New("the rulebooks of the demo are compiled in: play with --rules or --config")
	}
	if err := folderOf(dir); err != nil {
		return err
	}
	next, id := *x.cfg, x.played[0].ID
	next.Merchants = slices.Clone(x.cfg.Merchants)
	i := slices.IndexFunc(next.Merchants, func(m configs.Merchant) bool { return m.ID == id })
	next.Merchants[i].Rules = dir
	before := x.service.loader.tenants[id]
	x.service.reload(ctx, &next)
	if x.service.loader.tenants[id] == before {
		return fmt.Errorf("rules %s: they are not taken\n%s", dir, strings.TrimSpace(x.log.String()))
	}
	return nil
}

// Pass implements scenario.Local.
func (x *playground) Pass(d time.Duration) error {
	x.skipped.Add(int64(d))
	return x.provider.Advance(0) // what is due by now
}

// Quote implements scenario.Local.
func (x *playground) Quote(ctx context.Context, draft []byte) ([]byte, error) {
	status, body, err := x.asShop(ctx, "quote", draft)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d: %s", status, bytes.TrimSpace(body))
	}
	return body, err
}

// Ensure implements scenario.Local.
func (x *playground) Ensure(ctx context.Context, order string) error {
	status, body, err := x.asShop(ctx, "ensure?wait=5000&"+x.played[0].OrderIDParameters[0]+"="+order, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("ensure: status %d: %s", status, bytes.TrimSpace(body))
	}
	return err
}

// asShop asks the service as the shop does.
func (x *playground) asShop(ctx context.Context, what string, body []byte) (status int, answer []byte, err error) {
	m := x.played[0]
	target := "http://" + x.cfg.Listen + "/v1/" + m.ID + "/" + x.shopToken(m).Plain.Reveal() + "/" + what
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, errors.New(strings.ReplaceAll(err.Error(), target, "…")) // it holds the token
	}
	answer, err = io.ReadAll(io.LimitReader(resp.Body, mostQuoted))
	return resp.StatusCode, answer, errors.Join(err, resp.Body.Close())
}

// Office implements scenario.Local.
func (x *playground) Office(ctx context.Context, what, order string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.service == nil || x.service.taking == nil {
		return errUnplugged
	}
	machine, key := x.service.taking.machine, confirm.Key{Merchant: x.played[0].ID, Order: order}
	if what == scenario.Release {
		_, err := machine.Release(ctx, key, "scenario")
		return err
	}
	_, err := machine.Reconcile(ctx, key)
	return err
}

// Shop implements scenario.Local.
func (x *playground) Shop(a scenario.ShopAnswer) { x.around.answer.Store(&a) }

// Sink implements scenario.Local.
func (x *playground) Sink(list ...faults.Fault) error { return x.around.sink.SetFault(list...) }
