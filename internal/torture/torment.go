package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// torment does something to a site again and again until ctx ends.
type torment func(ctx context.Context, t *site) error

// How often, and for how long.
const (
	redisKilled   = 1900 * time.Millisecond
	replicaKilled = 300 * time.Millisecond
	replicaPaused = time.Second
	replicaRolled = 700 * time.Millisecond
)

func (t *site) dice(n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(t.s.seed, n)) //nolint:gosec // no secret
}

// killRedis kills Redis, and deletes its data one time in three (rows 22 and 24).
func killRedis(ctx context.Context, t *site) error {
	for rest(ctx, redisKilled) {
		t.redis.Kill()
		t.kills++
		if t.kills%3 == 2 {
			t.wipes++
			if err := os.RemoveAll(filepath.Join(t.redis.Dir(), "appendonlydir")); err != nil {
				return err
			}
		}
		if err := t.redis.Restart(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// killReplicas kills one replica after the other, whatever it does (rows 1, 2 and 11).
func killReplicas(ctx context.Context, t *site) error {
	dice := t.dice(3)
	for rest(ctx, replicaKilled) {
		if err := t.replicas[dice.IntN(len(t.replicas))].signal(syscall.SIGKILL); err != nil {
			return err
		}
	}
	return nil
}

// pauseReplicas stops a replica in its tracks, in turn for longer than a lease and for less than one (rows 13 and 14).
func pauseReplicas(ctx context.Context, t *site) error {
	dice := t.dice(4)
	for long := true; rest(ctx, replicaPaused); long = !long {
		r, pause := t.replicas[dice.IntN(len(t.replicas))], t.s.lease/3
		if long {
			pause = 2 * t.s.lease
		}
		if err := r.signal(syscall.SIGSTOP); err != nil {
			return err
		}
		rest(ctx, pause)
		if err := r.signal(syscall.SIGCONT); err != nil {
			return err
		}
	}
	return nil
}

// rollReplicas asks one replica after the other to end; another takes its place (row 12).
func rollReplicas(ctx context.Context, t *site) error {
	for n := 0; rest(ctx, replicaRolled); n++ {
		if err := t.replicas[n%len(t.replicas)].signal(syscall.SIGTERM); err != nil {
			return err
		}
	}
	return nil
}
