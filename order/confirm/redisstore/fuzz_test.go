package redisstore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
	"github.com/kvitto/kvitto/rules"
)

// facts is what the state machine of the specification says of an order: what is true only grows.
type facts struct {
	there, parked bool
	level         int // 0 pending, 1 handed, 2 acked
	sha           string
}

func (f *facts) state() confirm.State {
	return []confirm.State{confirm.Pending, confirm.Handed, confirm.Acked}[f.level]
}

// play is a server, a store and what must be true.
type play struct {
	t      testing.TB
	server *miniredis.Miniredis
	store  *redisstore.Store
	now    time.Time
	orders map[string]*facts
}

// step runs one operation: which of them, of which order, with which argument.
func (p *play) step(ctx context.Context, op, order, arg byte) error {
	k := key(string("ab"[order%2]))
	f := p.orders[k.Order]
	attempt, sha, w := string("xy"[arg%2]), string("st"[arg/2%2]), confirm.AllWork()[arg%4]
	e := &rules.Event{ID: "evt_1", Type: rules.OrderConfirmed, Body: []byte("{}")}
	switch op % 15 {
	case 0, 1:
		f.there = true
		n := confirm.Nudge{Hurry: arg&8 != 0, Vouched: arg&16 != 0}
		if arg&4 != 0 {
			n.Work = []confirm.Work{w}
		}
		_, _, err := p.store.Enqueue(ctx, k, n)
		return err
	case 2, 3:
		_, _, err := p.store.Claim(ctx, k, attempt, lease)
		return err
	case 4:
		return p.store.Renew(ctx, k, attempt, lease)
	case 5:
		return p.store.Fail(ctx, k, attempt, confirm.Why{Reason: []string{"later", "unknown_order"}[arg>>1&1], Known: arg&64 != 0}, time.Duration(arg)*time.Second)
	case 6:
		return p.store.Yield(ctx, k, attempt)
	case 7, 8:
		_, err := p.store.Prepare(ctx, k, attempt, confirm.Prepared{SHA: sha, Body: []byte(sha), Work: []confirm.Work{w}})
		return err
	case 9:
		return p.handed(f, sha, p.store.Handed(ctx, k, sha, confirm.Receipt{Reference1: strings.Repeat("r", int(arg>>3&1))}))
	case 10:
		return p.handed(f, sha, p.store.Stream(ctx, k, sha, e))
	case 11:
		f.there, f.level = true, 2
		return p.store.Acked(ctx, k)
	case 12:
		if arg&4 != 0 {
			return p.store.StreamWork(ctx, k, w, e)
		}
		return p.store.Finish(ctx, k, w, []confirm.Outcome{confirm.Did, confirm.Refuse, confirm.Dropped}[(arg>>4)%3])
	case 13:
		return p.shelve(ctx, k, f, arg)
	}
	err := p.store.Forget(ctx, k, attempt)
	if arg&4 != 0 {
		err = p.store.Discard(ctx, k)
	}
	if err == nil {
		*f = facts{}
	}
	return err
}

// handed tells what Handed or Stream must have said.
func (p *play) handed(f *facts, sha string, err error) error {
	f.there = true
	conflict := f.level > 0 && f.sha != "" && f.sha != sha
	if conflict != errors.Is(err, confirm.ErrConflict) {
		p.t.Fatalf("handed over with %q at level %d with %q: %v", sha, f.level, f.sha, err)
	}
	if !conflict {
		f.sha, f.level = sha, max(f.level, 1)
	}
	return err
}

func (p *play) shelve(ctx context.Context, k confirm.Key, f *facts, arg byte) error {
	if arg&1 != 0 {
		f.parked = false
		return p.store.Release(ctx, k)
	}
	err := p.store.Park(ctx, k, confirm.Why{Reason: "horizon"})
	if err == nil {
		f.parked = true
	}
	return err
}

// check compares a record with the facts, and the indexes with the records.
func (p *play) check() {
	p.t.Helper()
	want := map[string][]string{}
	for _, id := range []string{"a", "b"} {
		f := p.orders[id]
		r, err := p.store.Get(p.t.Context(), key(id))
		if errors.Is(err, confirm.ErrNotFound) {
			if f.there {
				p.t.Fatalf("%s is gone", id)
			}
			continue
		}
		ok(p.t, err)
		level := r.State
		if r.State == confirm.Parked {
			level = r.Prev
		}
		if level != f.state() || (r.State == confirm.Parked) != f.parked || f.level > 0 && f.sha != "" && r.SHA != f.sha {
			p.t.Fatalf("%s is %s (%s) with %q, want %+v", id, r.State, r.Prev, r.SHA, *f)
		}
		p.indexed(want, r, level)
	}
	for _, set := range []string{"due", "others", "park", "age", "unknown", "in:PENDING", "in:HANDED", "in:ACKED", "in:PARKED"} {
		got, err := p.server.ZMembers("kco:{shop}:" + set)
		if err != nil && !errors.Is(err, miniredis.ErrKeyNotFound) {
			p.t.Fatal(err)
		}
		slices.Sort(got)
		if !slices.Equal(got, want[set]) {
			p.t.Fatalf("%s holds %v, want %v\n%s", set, got, want[set], p.server.Dump())
		}
	}
}

// indexed adds the sets in which an order belongs, and looks at its body and its end of life.
func (p *play) indexed(want map[string][]string, r confirm.Record, level confirm.State) {
	p.t.Helper()
	add := func(set string, is bool) {
		if is {
			want[set] = append(want[set], r.Order)
		}
	}
	add("due", r.State != confirm.Parked && !r.Done() && r.Trusted())
	add("others", r.State != confirm.Parked && !r.Done() && !r.Trusted())
	add("park", r.State == confirm.Parked)
	add("age", level != confirm.Acked && !r.Unknown())
	add("unknown", level != confirm.Acked && r.Unknown())
	add("in:"+string(r.State), !r.Done())
	if due := !r.Due.IsZero(); due != slices.Contains(append(want["due"], want["others"]...), r.Order) {
		p.t.Fatalf("%s is %s and due at %v", r.Order, r.State, r.Due)
	}
	if level == confirm.Acked && p.server.Exists("kco:{shop}:s:"+r.Order) {
		p.t.Fatalf("%s is acknowledged and its body is still there", r.Order)
	}
	if ends := p.server.TTL("kco:{shop}:o:"+r.Order) > 0; ends != r.Done() {
		p.t.Fatalf("%s: done %t, with an end of life %t", r.Order, r.Done(), ends)
	}
}

// FuzzLuaScripts plays random operations: facts only grow, every index agrees with the records after each, and an operation
// sent a second time changes nothing.
func FuzzLuaScripts(f *testing.F) {
	f.Add([]byte{0, 0, 4, 2, 0, 0, 7, 0, 0, 9, 0, 0, 11, 0, 0, 12, 0, 0})
	f.Add([]byte{0, 0, 0, 2, 0, 0, 5, 0, 9, 13, 0, 0, 9, 0, 8, 11, 0, 0, 13, 0, 1})
	f.Add([]byte{11, 1, 0, 9, 1, 8, 0, 1, 7, 12, 1, 4, 10, 0, 2, 10, 0, 0})
	f.Add([]byte{0, 0, 0, 2, 0, 0, 14, 0, 1, 14, 0, 0, 15, 0, 200, 2, 0, 1, 8, 0, 3})
	p := newPlay(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p.t = t
		p.run(data)
	})
}

// TestRandomOperations is FuzzLuaScripts with what chance brings, since the scripts show a fuzzer no coverage.
func TestRandomOperations(t *testing.T) {
	t.Parallel()
	p := newPlay(t)
	for seed := range uint64(30) {
		data := make([]byte, 180)
		random := rand.New(rand.NewPCG(seed, 1))
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		p.run(data)
	}
}

func newPlay(t testing.TB) *play {
	p := &play{t: t, server: miniredis.RunT(t)}
	p.server.ClockTTL(true)
	p.store = at(t, p.server.Addr())
	return p
}

// run begins with an empty server and plays at most 100 operations.
func (p *play) run(data []byte) {
	p.t.Helper()
	p.now = time.UnixMilli(1_764_000_000_000)
	p.server.SetTime(p.now)
	p.server.FlushAll()
	p.orders = map[string]*facts{"a": {}, "b": {}}
	for i := 0; i+2 < len(data) && i < 300; i += 3 {
		p.twice(data[i], data[i+1], data[i+2])
	}
}

// twice runs an operation twice, as a client does that did not hear the answer, and then lets time pass.
func (p *play) twice(op, order, arg byte) {
	p.t.Helper()
	if op >= 200 {
		p.now = p.now.Add(time.Duration(arg) * time.Second)
		p.server.SetTime(p.now)
		return
	}
	first := p.step(p.t.Context(), op, order, arg)
	p.check()
	before := p.server.Dump()
	second := p.step(p.t.Context(), op, order, arg)
	ended := first == nil && errors.Is(second, confirm.ErrStale) || first == nil && errors.Is(second, confirm.ErrDone)
	if !errors.Is(second, first) && !ended {
		p.t.Fatalf("operation %d: %v, and the second time %v", op%15, first, second)
	}
	if after := p.server.Dump(); after != before {
		p.t.Fatalf("operation %d changed something the second time: before\n%s\nafter\n%s", op%15, before, after)
	}
}
