package rules_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// lifecycle is a plug-in of func fields; a nil field returns at once.
type lifecycle struct {
	fakeValidator
	provision func(ctx context.Context) error
	close     func() error
}

func (l *lifecycle) Provision(ctx context.Context) error { return l.provision(ctx) }
func (l *lifecycle) Close() error                        { return l.close() }

var (
	_ rules.Provisioner = (*lifecycle)(nil)
	_ io.Closer         = (*lifecycle)(nil)
)

func TestProvisionAndClose(t *testing.T) {
	t.Parallel()
	p := &plugin{}
	if err := errors.Join(rules.Provision(t.Context(), p), rules.Close(p)); err != nil || !p.provisioned || !p.closed {
		t.Errorf("got %+v, %v", p, err)
	}
	if err := errors.Join(rules.Provision(t.Context(), 1), rules.Close(1)); err != nil {
		t.Errorf("a value without them: got %v", err)
	}
	bad := &plugin{fail: "Anna"}
	for _, err := range []error{rules.Provision(t.Context(), bad), rules.Close(bad)} {
		p, ok := errors.AsType[*rules.PanicError](err)
		if !ok || strings.Contains(p.Error(), "Anna") {
			t.Fatalf("got %v, want a panic without its text", err)
		}
		if !strings.Contains(p.Where, "(*plugin).") || !strings.Contains(p.Error(), p.Where) {
			t.Errorf("got %q at %q, want the method that panicked", p, p.Where)
		}
	}
}

// TestLifeIsBounded: a plug-in that does not come back stops neither a reload nor the end of the process.
func TestLifeIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		heeds := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		ignores := func(context.Context) error { <-free; return nil }
		hangs := func() error { <-free; return nil }
		tests := []struct {
			name  string
			call  func() error
			want  error
			after time.Duration
		}{
			{"provision that heeds its context", func() error { return rules.Provision(t.Context(), &lifecycle{provision: heeds}) }, context.DeadlineExceeded, 30 * time.Second},
			{"provision that ignores it", func() error { return rules.Provision(t.Context(), &lifecycle{provision: ignores}) }, context.DeadlineExceeded, 30 * time.Second},
			{"close that hangs", func() error { return rules.Close(&lifecycle{close: hangs}) }, context.DeadlineExceeded, 5 * time.Second},
		}
		for _, tt := range tests {
			began := time.Now()
			if err := tt.call(); !errors.Is(err, tt.want) {
				t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
			}
			if got := time.Since(began); got != tt.after {
				t.Errorf("%s: returned after %s, want %s", tt.name, got, tt.after)
			}
		}
		close(free)
	})
}
