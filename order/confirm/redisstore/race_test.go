package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
	"github.com/kvitto/kvitto/rules"
)

// ledger is what all workers of a race saw.
type ledger struct {
	mu     sync.Mutex
	bodies map[string]map[string]bool // order: bodies that were to be used
	tokens map[string]map[int64]string
	twice  []string
}

func (l *ledger) claimed(order string, token int64, attempt string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tokens[order] == nil {
		l.tokens[order] = map[int64]string{}
	}
	if by, taken := l.tokens[order][token]; taken && by != attempt {
		l.twice = append(l.twice, fmt.Sprintf("%s: token %d of %s and %s", order, token, by, attempt))
	}
	l.tokens[order][token] = attempt
}

func (l *ledger) used(order, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bodies[order] == nil {
		l.bodies[order] = map[string]bool{}
	}
	l.bodies[order][body] = true
}

// work takes an order through as far as it gets, as one attempt, and gives up at once on purpose now and then.
func (l *ledger) work(ctx context.Context, s *redisstore.Store, k confirm.Key, attempt string, quit bool) error {
	r, _, err := s.Claim(ctx, k, attempt, lease)
	if errors.Is(err, confirm.ErrBusy) || errors.Is(err, confirm.ErrDone) {
		return nil
	}
	if err != nil {
		return err
	}
	l.claimed(k.Order, r.Token, attempt)
	if r.State == confirm.Pending {
		p, err := s.Prepare(ctx, k, attempt, confirm.Prepared{SHA: "by " + attempt, Body: []byte(attempt), Revision: 1})
		if err != nil {
			return err
		}
		if quit {
			return s.Yield(ctx, k, attempt)
		}
		l.used(k.Order, string(p.Body))
		e := &rules.Event{ID: "evt_" + k.Order, Type: rules.OrderConfirmed, Body: p.Body, Attempt: r.Token}
		if err := s.Stream(ctx, k, p.SHA, e); err != nil {
			return err
		}
	}
	return s.Acked(ctx, k)
}

func TestTwoClientsRace(t *testing.T) {
	t.Parallel()
	const orders, workers, rounds = 20, 4, 6
	server := redistest.New(t)
	clients := []*redisstore.Store{at(t, server.Addr()), at(t, server.Addr())}
	l := &ledger{bodies: map[string]map[string]bool{}, tokens: map[string]map[int64]string{}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for c, s := range clients {
		for w := range workers {
			wg.Go(func() {
				for i := range orders * rounds {
					k := key(fmt.Sprintf("o%d", (i*7+w)%orders))
					if _, _, err := s.Enqueue(ctx, k, confirm.Nudge{Hurry: true}); err != nil {
						t.Error(err)
						return
					}
					quit := i < orders && i%3 == 0
					if err := l.work(ctx, s, k, fmt.Sprintf("%d.%d.%d", c, w, i), quit); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
	if len(l.twice) > 0 {
		t.Errorf("one token for two attempts: %v", l.twice)
	}
	for order, bodies := range l.bodies {
		if len(bodies) != 1 {
			t.Errorf("%s: %d different bodies", order, len(bodies))
		}
	}
	for i := range orders {
		if r := get(t, clients[0], key(fmt.Sprintf("o%d", i))); !r.Done() {
			t.Errorf("%s is %s", r.Order, r.State)
		}
	}
	if n := server.Must(t, "XLEN", out); n != int64(orders) {
		t.Errorf("%v entries, want %d", n, orders)
	}
	stats, err := clients[1].Stats(t.Context(), "shop")
	ok(t, err)
	if len(stats.States) != 0 || stats.Oldest != 0 {
		t.Errorf("stats %+v of nothing", stats)
	}
}
