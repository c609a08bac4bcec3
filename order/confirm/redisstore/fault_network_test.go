package redisstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/faultproxy"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
	"github.com/kvitto/kvitto/rules"
)

func TestRow26Latency(t *testing.T) {
	t.Parallel()
	s, well, proxy := behind(t, redistest.New(t))
	enqueue(t, well, key("a"))
	proxy.Set(faultproxy.Fault{Latency: 800 * time.Millisecond})
	_, _, err := s.Claim(t.Context(), key("a"), "x", lease)
	isDown(t, err, "timeout")
	isDown(t, push(t, s, key("b")), "timeout")
	proxy.Set(faultproxy.Fault{})
	if r := claim(t, well, key("a"), "x"); r.Token != 1 {
		t.Fatalf("token %d: the client's retry had a second effect", r.Token)
	}
	eventually(t, func() error { return push(t, s, key("b")) })
	if r := get(t, well, key("b")); r.State != confirm.Pending || r.Token != 0 {
		t.Fatalf("record %+v", r)
	}
}

func TestRow27Bandwidth(t *testing.T) {
	t.Parallel()
	s, well, proxy := behind(t, redistest.New(t))
	enqueue(t, well, key("a"))
	claim(t, well, key("a"), "x")
	p := confirm.Prepared{SHA: "s1", Body: bytes.Repeat([]byte("x"), 4000), Revision: 1}
	_, err := well.Prepare(t.Context(), key("a"), "x", p)
	ok(t, err)
	proxy.Set(faultproxy.Fault{Rate: 1000})
	_, err = s.Prepare(t.Context(), key("a"), "x", p) // now with the body in the answer
	isDown(t, err, "timeout")
	proxy.Set(faultproxy.Fault{})
	var got confirm.Prepared
	eventually(t, func() (err error) {
		got, err = s.Prepare(t.Context(), key("a"), "x", p)
		return err
	})
	if !bytes.Equal(got.Body, p.Body) {
		t.Fatalf("a body of %d bytes, want %d", len(got.Body), len(p.Body))
	}
}

// operations are all that change an order, in an order in which each has something to do. again is what a repetition may
// answer.
func operations() []struct {
	name  string
	run   func(context.Context, *redisstore.Store, confirm.Key) error
	again error
} {
	event := rules.Event{ID: "evt_1", Type: rules.OrderConfirmed, Body: []byte("{}")}
	return []struct {
		name  string
		run   func(context.Context, *redisstore.Store, confirm.Key) error
		again error
	}{
		{"enqueue", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			_, _, err := s.Enqueue(ctx, k, confirm.Nudge{Work: []confirm.Work{confirm.Fraud}})
			return err
		}, nil},
		{"claim", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			_, _, err := s.Claim(ctx, k, "x", lease)
			return err
		}, nil},
		{"fail", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.Fail(ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour)
		}, confirm.ErrStale},
		{"claim after", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			_, _, err := s.Claim(ctx, k, "y", lease)
			return err
		}, nil},
		{"renew", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.Renew(ctx, k, "y", lease)
		}, nil},
		{"prepare", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			_, err := s.Prepare(ctx, k, "y", confirm.Prepared{SHA: "s1", Body: []byte("b"), Revision: 1})
			return err
		}, nil},
		{"stream", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.Stream(ctx, k, "s1", &event)
		}, nil},
		{"handed", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.Handed(ctx, k, "s1", confirm.Receipt{})
		}, nil},
		{"yield", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error { return s.Yield(ctx, k, "y") }, confirm.ErrStale},
		{"acked", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error { return s.Acked(ctx, k) }, nil},
		{"park", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.Park(ctx, k, confirm.Why{Reason: "horizon"})
		}, nil},
		{"release", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error { return s.Release(ctx, k) }, nil},
		{"stream work", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.StreamWork(ctx, k, confirm.Fraud, &event)
		}, nil},
		{"finish", func(ctx context.Context, s *redisstore.Store, k confirm.Key) error {
			return s.Finish(ctx, k, confirm.Fraud, confirm.Did)
		}, nil},
	}
}

// outcome is all of a record that does not depend on when things happened.
func outcome(r confirm.Record) string {
	return fmt.Sprint(r.State, r.Prev, r.Reason, r.Token, r.Attempts, r.Known, r.SHA, r.Revision, r.Receipt, r.Open, r.Closed,
		r.LeaseUntil.IsZero(), r.Due.IsZero(), r.AckedAt.IsZero())
}

func TestRow28ResetBetweenRequestAndReply(t *testing.T) {
	t.Parallel()
	for _, cut := range []struct {
		name    string
		answers int
		after   int
	}{{"before the answer", 1, 0}, {"in the answer", 1, 3}, {"both tries", 2, 0}} {
		t.Run(cut.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.New(t)
			proxy := proxy(t, server)
			s, well := at(t, proxy.Addr()), at(t, server.Addr())
			for _, op := range operations() {
				ok(t, op.run(t.Context(), well, key("well")))
				get(t, s, key("well")) // the connection is there, and only the operation's answer is lost
				proxy.Cut(cut.answers, cut.after)
				err := op.run(t.Context(), s, key("cut"))
				lost := proxy.WasCut()
				proxy.Cut(0, 0)
				if cut.answers > 1 {
					isDown(t, err, "reset")
					err = op.run(t.Context(), s, key("cut"))
				}
				if err != nil && !errors.Is(err, op.again) {
					t.Fatalf("%s: error %v, want none or %v", op.name, err, op.again)
				}
				if lost == 0 {
					t.Fatalf("%s: no answer was cut", op.name)
				}
				if got, want := outcome(get(t, s, key("cut"))), outcome(get(t, s, key("well"))); got != want {
					t.Fatalf("%s: %s, want %s", op.name, got, want)
				}
			}
			if n := server.Must(t, "XLEN", "kco:{shop}:out"); n != int64(4) {
				t.Fatalf("%v entries of two orders with two events each", n)
			}
		})
	}
}

func TestRow29PoolExhausted(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := open(t, redisstore.Options{Addrs: []string{server.Addr()}, PoolSize: 1})
	eventually(t, func() error { return push(t, s, key("a")) })
	server.MustPause(t)
	const pushes = 200
	errs := make(chan error, pushes)
	for i := range pushes {
		go func() {
			_, _, err := s.Enqueue(t.Context(), key(fmt.Sprintf("o%d", i)), confirm.Nudge{})
			errs <- err
		}()
	}
	for range pushes {
		isDown(t, <-errs, "pool", "timeout")
	}
	server.MustResume(t)
	eventually(t, func() error { return push(t, s, key("a")) })
}
