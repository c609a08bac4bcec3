package rules

import (
	"context"
	"fmt"
	"io"
	"time"
)

// How long a plug-in may take before it serves, and when it has to end. Beyond it nobody waits any more.
const (
	provisionWithin = 30 * time.Second
	closeWithin     = 5 * time.Second
)

// Provisioner prepares what serving needs (clients, caches). It may fail and block until ctx ends, which is at the end of
// the call: what lives on needs a context of its own, ended by Close.
type Provisioner interface {
	Provision(ctx context.Context) error
}

// Provision provisions a plug-in that asks for it, with a context that ends with this call, 30 seconds at most. A
// panic is an error. A plug-in that does not return when its context ends is given up: its goroutine is left behind.
func Provision(ctx context.Context, impl any) error {
	p, ok := impl.(Provisioner)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, provisionWithin)
	defer cancel()
	return within(ctx, func() error { return p.Provision(ctx) })
}

// Close closes a plug-in that asks for it and waits for it for 5 seconds; a panic is an error.
func Close(impl any) error {
	c, ok := impl.(io.Closer)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	return within(ctx, c.Close)
}

// within calls f in a goroutine of its own, so that a plug-in that blocks stops neither a reload nor the end of the
// process, and turns a panic into an error.
func within(ctx context.Context, f func() error) error {
	back := make(chan error, 1) // holds the answer of a goroutine that nobody waits for any more
	go func() {
		err := errExited
		defer func() {
			if v := recover(); v != nil {
				err = newPanic(v)
			}
			back <- err
		}()
		err = f()
	}()
	select {
	case err := <-back:
		return err
	case <-ctx.Done():
		return fmt.Errorf("it did not return in time: %w", ctx.Err())
	}
}
