package scenario

import (
	"context"
	"errors"

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

// faults are set by kind of call; none switches all off.
type faults map[fakeprovider.Kind][]fakeprovider.Fault

func (a faults) do(_ context.Context, p *play) error {
	provider := p.w.Sim.Provider()
	if len(a) == 0 {
		provider.ClearFaults()
		return nil
	}
	var errs []error
	for kind, list := range a {
		errs = append(errs, provider.SetFault(kind, list...))
	}
	return errors.Join(errs...)
}

// service unplugs the service under test, or plugs it in again.
type service struct{ up bool }

var errNoSwitch = errors.New("the service was not started here, so it cannot be stopped and started: leave --url out")

func (a service) do(ctx context.Context, p *play) error {
	if p.w.Switch == nil {
		return errNoSwitch
	}
	return p.w.Switch(ctx, a.up)
}
