package cmd

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// watchTests runs the tests whenever something in the folder changes, until it is interrupted. A rulebook that cannot be read is
// told and waited for.
func (p *Program) watchTests(ctx context.Context, registry *rules.Registry, dir string, f *testFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	if err := folderOf(dir); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	w, err := newWatcher()
	if err != nil {
		return err
	}
	changed := make(chan struct{}, 1)
	failed := make(chan error, 1)
	if err := w.watch(nil, []string{dir}); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.run(ctx, func() { offer(changed, struct{}{}) }, func(err error) { offer(failed, err) })
	}()
	defer func() { stop(); <-done }()
	for {
		if err := p.testOnce(registry, dir, f); err != nil {
			return err
		}
		if err := p.waitForChange(ctx, changed, failed); err != nil || ctx.Err() != nil {
			return err
		}
		if err := w.watch(nil, []string{dir}); err != nil { // folders may be new
			p.tell("kvitto: watching %s: %v\n", dir, err)
		}
	}
}

// offer hands a value over unless one waits already.
func offer[T any](to chan<- T, v T) {
	select {
	case to <- v:
	default:
	}
}

// testOnce tells one run; what cannot be read is told too, as it may be so only while it is written.
func (p *Program) testOnce(registry *rules.Registry, dir string, f *testFlags) error {
	run, err := p.tested(registry, dir)
	if err != nil {
		p.tell("kvitto: %v\n", err)
		return nil
	}
	if err := p.tellTests(run, f.format); err != nil {
		return err
	}
	if f.format == "text" {
		_, err = fmt.Fprintf(p.Stdout, "%s  waiting for a change in %s\n\n", p.Now().Format(time.TimeOnly), dir)
	}
	return err
}

// waitForChange returns when something changed or ctx ended.
func (p *Program) waitForChange(ctx context.Context, changed <-chan struct{}, failed <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
			return nil
		case err := <-failed:
			p.tell("kvitto: watching: %v\n", err)
		}
	}
}
