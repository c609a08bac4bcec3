package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

const (
	restartAfter = 50 * time.Millisecond // what a supervisor needs
	readyWithin  = 20 * time.Second
	stopWithin   = 30 * time.Second
)

// replica is a process of the service that a supervisor starts again whenever it was killed.
type replica struct {
	binary, config, listen string
	env                    []string
	log                    string

	mu      sync.Mutex
	process *os.Process // that runs now, if any
	rolling bool        // it was asked to end, to be started again
	deaths  int         // by SIGKILL
}

// freeAddress finds an address that nobody listens on at this moment.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// supervise keeps the replica running until ctx ends, then stops it in order. A process that ends by itself, or does not
// stop, is an error.
func (r *replica) supervise(ctx context.Context) error {
	log, err := os.OpenFile(r.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err = r.life(ctx, log); err != nil {
			break
		}
		rest(ctx, restartAfter)
	}
	return errors.Join(err, log.Close())
}

// life is that of one process.
func (r *replica) life(ctx context.Context, log *os.File) error {
	c := exec.CommandContext(ctx, r.binary, "serve", "--config", r.config, "--listen", r.listen)
	c.Env = append(os.Environ(), r.env...)
	c.Stdout, c.Stderr = log, log
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = stopWithin
	c.SysProcAttr = withParent()
	err := r.run(c)
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		if status, ok := ended.Sys().(syscall.WaitStatus); ok && status.Signaled() && (status.Signal() == syscall.SIGKILL || status.Signal() == syscall.SIGTERM) {
			err = nil // a failpoint or a torment; SIGTERM before the process listened to signals
			r.died(status.Signal())
		}
	}
	switch {
	case errors.Is(err, exec.ErrWaitDelay):
		return fmt.Errorf("replica %s did not stop within %v; see %s", r.listen, stopWithin, r.log)
	case err != nil && !errors.Is(err, context.Canceled):
		return fmt.Errorf("replica %s ended: %w; see %s", r.listen, err, r.log)
	case !r.rolled() && err == nil && c.ProcessState != nil && c.ProcessState.Success() && ctx.Err() == nil:
		return fmt.Errorf("replica %s ended by itself; see %s", r.listen, r.log)
	}
	return nil
}

// run runs a process and makes it known to signal.
func (r *replica) run(c *exec.Cmd) error {
	r.mu.Lock()
	err := c.Start()
	r.process = c.Process
	r.mu.Unlock()
	if err != nil {
		return err
	}
	err = c.Wait()
	r.mu.Lock()
	r.process = nil
	r.mu.Unlock()
	return err
}

// signal sends a signal to the process that runs, if any. SIGTERM means that another takes its place.
func (r *replica) signal(sig syscall.Signal) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process == nil {
		return nil
	}
	r.rolling = r.rolling || sig == syscall.SIGTERM
	if err := r.process.Signal(sig); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

func (r *replica) died(of syscall.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if of == syscall.SIGKILL {
		r.deaths++
	}
}

// rolled reports once that the process was asked to end.
func (r *replica) rolled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rolled := r.rolling
	r.rolling = false
	return rolled
}

// ready waits until the replica listens.
func (r *replica) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.listen)
		if err == nil {
			return c.Close()
		}
		if !rest(ctx, 20*time.Millisecond) {
			return fmt.Errorf("replica %s does not listen; see %s", r.listen, r.log)
		}
	}
}

// rest waits; false where ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
