package scenario

import (
	"context"
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
)

// action is what a step does. An error stops the scenario, unless the step expects to be blocked.
type action interface {
	do(ctx context.Context, p *play) error
}

type open struct{}

func (open) do(ctx context.Context, p *play) error { return p.x.Enter(ctx) }

type country struct{ code string }

func (a country) do(ctx context.Context, p *play) error { return p.x.Country(ctx, a.code) }

type address struct{ billing, shipping map[string]string }

func (a address) do(ctx context.Context, p *play) error {
	return p.x.Address(ctx, a.billing, a.shipping)
}

type choose struct{ id string }

func (a choose) do(ctx context.Context, p *play) error { return p.x.Choose(ctx, a.id) }

// fill sets members of the order.
type fill struct{ members []byte }

func (a fill) do(_ context.Context, p *play) error { return p.x.Fill(a.members) }

// recart is the shop that changes the cart while the checkout is open.
type recart struct{ order []byte }

func (a recart) do(_ context.Context, p *play) error { return p.x.Change(a.order) }

type buy struct{ how simulator.Purchase }

func (a buy) do(ctx context.Context, p *play) error { return p.x.Buy(ctx, a.how) }

// decide is the provider's decision about a pending order.
type decide struct{ fraud, event string }

func (a decide) do(_ context.Context, p *play) error {
	return p.w.Sim.Provider().Decide(p.x.ID(), a.fraud, a.event)
}

type pushNow struct{}

func (pushNow) do(_ context.Context, p *play) error { return p.w.Sim.Provider().PushNow(p.x.ID()) }

// goWrong sets faults by kind of call; none switches all off.
type goWrong map[fakeprovider.Kind][]fakeprovider.Fault

// sinkCalls is the kind of the calls to where orders are handed to, beside those of the provider.
const sinkCalls fakeprovider.Kind = "sink"

func (a goWrong) do(_ context.Context, p *play) error {
	if len(a) == 0 {
		p.w.Sim.Provider().ClearFaults()
		if p.plays.Sink && p.w.Local != nil {
			return p.w.Local.Sink()
		}
		return nil
	}
	var errs []error
	for kind, list := range a {
		switch {
		case kind != sinkCalls:
			errs = append(errs, p.w.Sim.Provider().SetFault(kind, list...))
		case p.w.Local == nil:
			errs = append(errs, errNotLocal)
		default:
			errs = append(errs, p.w.Local.Sink(list...))
		}
	}
	return errors.Join(errs...)
}

var errNotLocal = errors.New("the service was not started here, so nothing can be done to it: leave --url out")

// toService is a step that something is done to a service that was started here.
type toService func(ctx context.Context, l Local, p *play) error

func (a toService) do(ctx context.Context, p *play) error {
	if p.w.Local == nil {
		return errNotLocal
	}
	return a(ctx, p.w.Local, p)
}

// manage is a call of Order Management that the merchant makes by itself.
type manage struct{ kind fakeprovider.Kind }

func (a manage) do(_ context.Context, p *play) error {
	body := ""
	if a.kind == fakeprovider.Capture {
		body = fmt.Sprintf(`{"captured_amount":%d}`, p.x.View().Total)
	}
	return p.w.Sim.Provider().Manage(a.kind, p.x.ID(), []byte(body))
}
