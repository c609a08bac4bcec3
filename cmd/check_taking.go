package cmd

import (
	"context"
	"errors"
	"os"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// checkTaken makes what takes the orders of a merchant over, but for folders, and adds to r what cannot be used. engine is that
// of the merchant's tables.
func (p *Program) checkTaken(config string, m *configs.Merchant, g egress.Guard, members []rules.Member, b *book, engine *rules.Engine, r *diag.Report) error {
	_, err := verifierOf(m)
	if m.Mode == "full" {
		from := accountSource{conf: *m, guard: g, members: members}
		if m.Sink.SpoolDir != "" { // the service that runs may be writing there
			from.conf.Sink.SpoolDir, from.conf.Sink.Stream = "", true
		}
		_, errAccount := newAccount(from, nil, &tenant{book: b, rules: callbacks.NewRules(engine)}, p.Now, nil)
		err = errors.Join(err, errAccount)
	}
	return placed(config, m.ID, err, r)
}

// placed adds errors to r at the place that they come from, and returns those that have none.
func placed(config, merchant string, err error, r *diag.Report) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // of the error itself: what is within has its turn
		var left error
		for _, one := range joined.Unwrap() {
			left = errors.Join(left, placed(config, merchant, one, r))
		}
		return left
	}
	var found *findingsError
	var fault *keyFault
	switch {
	case errors.As(err, &found):
		sourced(config, r)
		r.Add(found.report, diag.Place{}, "")
		return nil
	case errors.As(err, &fault):
		at := nodeOf(sourced(config, r), merchant, fault.keys)
		if at == nil {
			return err
		}
		r.Errorf(fault.code, at.Place, "%v", fault).Path = at.Path
		return nil
	default:
		return err
	}
}

// sourced parses the configuration once more, to find places in it and to show them; nil where that cannot be.
func sourced(config string, r *diag.Report) *diag.Node {
	data, err := os.ReadFile(config)
	if err != nil {
		return nil
	}
	r.AddSource(config, data)
	return diag.Parse(config, data, new(diag.Report)) // its findings were told when it was loaded
}

// nodeOf follows keys in a merchant as far as they go.
func nodeOf(root *diag.Node, merchant string, keys []string) *diag.Node {
	list := root.Get("merchants")
	if list == nil {
		return nil
	}
	for _, n := range list.Items {
		if id := n.Get("id"); id == nil || id.Text != merchant {
			continue
		}
		for _, k := range keys {
			next := n.Get(k)
			if next == nil {
				break
			}
			n = next
		}
		return n
	}
	return nil
}

// inClear says that orders with their buyers will lie in the store as they are.
func inClear(cfg *configs.Config) bool { return full(cfg) && len(cfg.Confirm.Seal) == 0 }

// whatInClear is what that means.
const whatInClear = "orders with their buyers lie in the store, and in its backups, as they are: confirm.seal seals them"

// checkRedis looks at the settings of a Redis that keeps orders, where it answers. It reports whether it may be used.
func (p *Program) checkRedis(ctx context.Context, cfg *configs.Config) bool {
	if cfg.Store.Redis == nil || !full(cfg) {
		return true
	}
	store, closeStore, err := openStore(cfg, p.Now)
	if err != nil {
		p.tell("store.redis: %v\n", err)
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, settingsTime)
	defer cancel()
	found, err := redisFindings(ctx, store, takenIDs(cfg))
	fine := true
	switch {
	case redisstore.Class(err) == "noauth", redisstore.Class(err) == "noperm":
		fine = false
		p.tell("store.redis: it refuses the user and password of the configuration, or what they may do: %v\n", err)
	case err != nil: // this may not be the machine that serves
		p.tell("store.redis: it does not answer here, so its settings were not looked at: %v\n", err)
	}
	for _, f := range found {
		p.tell("store.redis: %v\n", f)
		fine = fine && !f.Fatal
	}
	if err := closeStore(); err != nil {
		p.tell("store.redis: %v\n", err)
	}
	return fine
}

// redisFindings are none for another store.
func redisFindings(ctx context.Context, s confirm.Store, merchants []string) ([]redisstore.Finding, error) {
	r, ok := s.(*redisstore.Store)
	if !ok {
		return nil, nil
	}
	return r.Check(ctx, merchants...)
}
