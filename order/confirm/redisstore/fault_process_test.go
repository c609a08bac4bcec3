package redisstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
)

func TestRow21DownAtStart(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	server.Kill()
	s := at(t, server.Addr())
	isDown(t, push(t, s, key("a")), "refused")
	_, err := s.Epoch(t.Context(), "shop")
	isDown(t, err, "refused")
	server.MustRestart(t)
	eventually(t, func() error { return push(t, s, key("a")) })
	e, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	if !e.New {
		t.Fatal("the first epoch is not new")
	}
}

func TestRow22KilledAtRunTime(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--appendfsync", "always")
	s := at(t, server.Addr())
	enqueue(t, s, key("a"))
	first := claim(t, s, key("a"), "x")
	server.Kill()
	_, _, err := s.Claim(t.Context(), key("a"), "x", lease)
	isDown(t, err, "refused", "reset")
	server.MustRestart(t)
	eventually(t, func() error { _, err := s.Get(t.Context(), key("a")); return err })
	if again := claim(t, s, key("a"), "x"); again.Token != first.Token || again.LeaseUntil != first.LeaseUntil {
		t.Fatalf("the attempt got %+v, and had %+v", again, first)
	}
}

func TestRow23TruncatedTail(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--appendfsync", "always")
	s := at(t, server.Addr())
	epoch, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	enqueue(t, s, key("a"))
	enqueue(t, s, key("b"))
	ok(t, s.Acked(t.Context(), key("b")))
	server.Kill()
	files, err := filepath.Glob(filepath.Join(server.Dir(), "appendonlydir", "*.incr.aof"))
	ok(t, err)
	if len(files) != 1 {
		t.Fatalf("append-only files: %v", files)
	}
	info, err := os.Stat(files[0])
	ok(t, err)
	ok(t, os.Truncate(files[0], info.Size()-3)) // in the middle of what the last script wrote
	server.MustRestart(t)
	eventually(t, func() error { _, err := s.Get(t.Context(), key("a")); return err })
	if r := get(t, s, key("b")); r.State != confirm.Pending {
		t.Fatalf("state %s: half of a script came back", r.State)
	}
	again, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	if again.ID != epoch.ID || again.New {
		t.Fatalf("epoch %+v, was %+v: a lost second is no lost data", again, epoch)
	}
	ok(t, s.Acked(t.Context(), key("b"))) // the repetition
}

func TestRow24RestartEmpty(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	epoch, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	enqueue(t, s, key("a"))
	claim(t, s, key("a"), "x")
	server.Must(t, "FLUSHALL")
	if _, err := s.Get(t.Context(), key("a")); !errors.Is(err, confirm.ErrNotFound) {
		t.Fatalf("error %v", err)
	}
	again, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	if !again.New || again.ID == epoch.ID {
		t.Fatalf("epoch %+v after the data was lost, was %+v", again, epoch)
	}
	ok(t, s.Handed(t.Context(), key("a"), "s1", confirm.Receipt{})) // by the attempt that never heard of it
	if r := enqueue(t, s, key("a")); r.State != confirm.Handed {
		t.Fatalf("state %s", r.State)
	}
}

func TestRow25Hung(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, patient := hasty(t, server.Addr()), at(t, server.Addr())
	enqueue(t, patient, key("a"))
	eventually(t, func() error { return push(t, s, key("a")) })
	server.MustPause(t)
	ctx, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
	defer cancel()
	_, _, err := s.Claim(ctx, key("a"), "x", lease)
	isDown(t, err, "timeout")
	isDown(t, push(t, s, key("b")), "timeout") // without a deadline of the caller, the store has its own
	server.MustResume(t)
	eventually(t, func() error { return push(t, s, key("b")) })
	if r := claim(t, patient, key("a"), "x"); r.Token != 1 {
		t.Fatalf("token %d: the same attempt claimed twice", r.Token)
	}
}

func TestRow34Busy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		busy    []any
		free    []any
		classes []string
	}{
		{"debug sleep", []any{"DEBUG", "SLEEP", "1"}, []any{"PING"}, []string{"timeout"}},
		{"long script", []any{"EVAL", "while true do end", "0"}, []any{"SCRIPT", "KILL"}, []string{"busy"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.New(t, "--busy-reply-threshold", "20")
			s := hasty(t, server.Addr())
			eventually(t, func() error { return push(t, s, key("a")) })
			ended := make(chan bool)
			go func() {
				defer close(ended)
				_, _ = server.Do(context.WithoutCancel(t.Context()), c.busy...) // a script that is killed is an error
			}()
			server.Await(t, "it is busy", func() bool {
				err := push(t, s, key("a"))
				if err == nil {
					return false
				}
				if c.classes[0] == "busy" && errors.Is(err, context.DeadlineExceeded) {
					return false // not yet told
				}
				isDown(t, err, append(c.classes, "timeout")...)
				return err != nil
			})
			server.Must(t, c.free...)
			<-ended
			eventually(t, func() error { return push(t, s, key("a")) })
		})
	}
}

func TestRow36Loading(t *testing.T) {
	t.Parallel()
	server := redistest.NewWith(t, redistest.Options{Loading: true, Settings: []string{"--appendonly", "no"}})
	s := at(t, server.Addr())
	enqueue(t, s, key("a"))
	server.Must(t, "DEBUG", "POPULATE", "20000")
	server.Must(t, "SAVE")
	server.Kill()
	server.Set("--key-load-delay", "100", "--loading-process-events-interval-bytes", "1024")
	server.MustRestart(t)
	isDown(t, push(t, hasty(t, server.Addr()), key("b")), "loading", "timeout")
	eventually(t, func() error { return push(t, s, key("b")) })
	get(t, s, key("a"))
}
