package redisstore

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/order/confirm"
)

// Store keeps records in Redis. It is safe for concurrent use, by any number of processes.
type Store struct {
	client  redis.UniversalClient
	scripts scripts
	whole   time.Duration // for an operation with its retry
}

var (
	_ confirm.Store    = (*Store)(nil)
	_ confirm.Streamer = (*Store)(nil)
	_ confirm.Mover    = (*Store)(nil)
)

// New makes a store. It does not wait for Redis, so that one that is down at the start keeps nobody from starting; the error is
// one of the options. The client's own log, which would write into that of the process, is switched off: what it
// has to say comes as errors.
func New(o Options) (*Store, error) {
	all, err := loadScripts()
	if err != nil {
		return nil, err
	}
	client, err := o.Client()
	if err != nil {
		return nil, err
	}
	return &Store{client: client, scripts: all, whole: 2 * o.patience()}, nil
}

// Close closes the connections. Operations after it fail with confirm.ErrDown.
func (s *Store) Close() error {
	if err := s.client.Close(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}

// run runs a script within the time that an operation has: what it answers, or an error that wraps confirm.ErrDown.
func (s *Store) run(ctx context.Context, name string, keys []string, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, s.whole)
	defer cancel()
	v, err := s.scripts[name].Run(ctx, s.client, keys, args...).Result()
	if err != nil {
		s.lookAgain(ctx)
		return nil, down(name, err)
	}
	return v, nil
}

// lookAgain makes a client of a cluster learn, without waiting, who holds what: of a server that is dead it would not ask
// for ten seconds.
func (s *Store) lookAgain(ctx context.Context) {
	if c, ok := s.client.(*redis.ClusterClient); ok {
		c.ReloadState(ctx)
	}
}

// order runs a script of an order: its answer from the second member on, or the fault that its word stands for.
func (s *Store) order(ctx context.Context, name string, k confirm.Key, args ...any) ([]string, error) {
	return s.worded(ctx, name, orderKeys(k), append([]any{k.Order}, args...))
}

func (s *Store) worded(ctx context.Context, name string, keys []string, args []any) ([]string, error) {
	v, err := s.run(ctx, name, keys, args...)
	if err != nil {
		return nil, err
	}
	words, err := texts(name, v)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, odd(name, v)
	}
	return answer(name, words)
}

// answer tells what a word of a script means.
func answer(name string, words []string) ([]string, error) {
	switch words[0] {
	case "OK", "NEW", "SAME", "LAPSED":
		return words[1:], nil
	case "USE", "SHA":
		return words, nil
	case "GONE":
		return nil, confirm.ErrNotFound
	case "BUSY":
		return nil, confirm.ErrBusy
	case "STALE":
		return nil, confirm.ErrStale
	case "PARKED":
		return nil, confirm.ErrParked
	case "SHOWN":
		return nil, confirm.ErrShown
	case "DONE":
		return nil, confirm.ErrDone
	case "CONFLICT":
		return nil, confirm.ErrConflict
	case "EXISTS":
		return nil, confirm.ErrExists
	}
	return nil, odd(name, words[0])
}

// texts turns a list that a script answered into strings.
func texts(name string, v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, odd(name, v)
	}
	out := make([]string, len(list))
	for i, m := range list {
		if out[i], ok = m.(string); !ok {
			return nil, odd(name, m)
		}
	}
	return out, nil
}

func works(w []confirm.Work) []any {
	out := make([]any, len(w))
	for i := range w {
		out[i] = string(w[i])
	}
	return out
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func millis(d time.Duration) int64 { return d.Milliseconds() }
