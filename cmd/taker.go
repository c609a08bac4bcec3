package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/order/confirm"
)

// taker is the machine as the callbacks of one merchant see it.
type taker struct {
	machine  *confirm.Machine
	merchant string
}

var _ callbacks.Taker = taker{}

func (t taker) key(id string) confirm.Key { return confirm.Key{Merchant: t.merchant, Order: id} }

// Push implements callbacks.Taker.
func (t taker) Push(ctx context.Context, id string) (callbacks.Standing, error) {
	rec, err := t.machine.Push(ctx, t.key(id), confirm.ByPush)
	return standing(rec), takerError(err)
}

// Notify implements callbacks.Taker.
func (t taker) Notify(ctx context.Context, id string, e callbacks.FraudEvent) error {
	_, err := t.machine.Notify(ctx, t.key(id), e != callbacks.FraudRiskAccepted)
	return takerError(err)
}

// Ensure implements callbacks.Taker.
func (t taker) Ensure(ctx context.Context, id string) (callbacks.Standing, error) {
	rec, err := t.machine.Ensure(ctx, t.key(id))
	return standing(rec), takerError(err)
}

// takerError is what the callbacks branch on.
func takerError(err error) error {
	if errors.Is(err, confirm.ErrDown) {
		return fmt.Errorf("%w: %w", callbacks.ErrStoreDown, err)
	}
	return err
}

func standing(r confirm.Record) callbacks.Standing {
	return callbacks.Standing{State: callbacks.State(r.State), Done: r.Done(), Reference1: r.Reference1, Reference2: r.Reference2, Receipt: r.Receipt}
}
