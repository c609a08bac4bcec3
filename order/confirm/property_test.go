package confirm_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// weather is a random week: how often calls fail in each of its parts, and when processes die.
type weather struct {
	seed   uint64
	spells []spell
	orders []time.Duration // when each is completed
	odd    []int           // what is odd about each
}

// spell is a time in which calls fail, in parts of a hundred.
type spell struct {
	lasts                 time.Duration
	store, provider, sink int
	lost                  int // of those that fail: how many had their effect
	dies                  int // calls at which the process dies
}

func drawWeather(t *rapid.T) weather {
	share := rapid.SampledFrom([]int{0, 0, 0, 5, 30, 80, 100})
	minutes := func(most int) *rapid.Generator[time.Duration] {
		return rapid.Map(rapid.IntRange(1, most), func(n int) time.Duration { return time.Duration(n) * time.Minute })
	}
	return weather{
		seed: rapid.Uint64().Draw(t, "seed"),
		spells: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) spell {
			return spell{
				lasts: minutes(8*60).Draw(t, "lasts"),
				store: share.Draw(t, "store"), provider: share.Draw(t, "provider"), sink: share.Draw(t, "sink"),
				lost: rapid.SampledFrom([]int{0, 50, 100}).Draw(t, "lost"), dies: rapid.SampledFrom([]int{0, 0, 3, 20}).Draw(t, "dies"),
			}
		}), 1, 10).Draw(t, "spells"),
		orders: rapid.SliceOfN(minutes(24*60), 1, 6).Draw(t, "orders"),
		odd:    rapid.SliceOfN(rapid.IntRange(0, 3), 6, 6).Draw(t, "odd"),
	}
}

// sky makes calls fail as the spell says.
type sky struct {
	mu   sync.Mutex
	now  spell
	rand *rand.Rand
}

func (s *sky) set(to spell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = to
}

func (s *sky) chance(percent int) bool { return s.rand.IntN(100) < percent }

func (s *sky) disturb(op string, _ int) fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	err, percent := error(status(503)), s.now.provider
	switch {
	case op == "Take":
		err, percent = errors.New("sink down"), s.now.sink
	case storeOp(op):
		err, percent = errDown, s.now.store
	}
	switch {
	case s.chance(s.now.dies):
		err = errCut
	case !s.chance(percent):
		return fault{}
	}
	if s.chance(s.now.lost) {
		return fault{after: err}
	}
	return fault{before: err}
}

// take takes its time, and sometimes too much.
func (s *sky) take(ctx context.Context) error {
	s.mu.Lock()
	d := time.Duration(s.rand.Int64N(int64(11 * time.Second)))
	s.mu.Unlock()
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Whatever fails and dies within a week: no order that was answered for is lost, none is acknowledged before the sink has it, one
// body per event, and nothing is captured twice.
func TestWeek(t *testing.T) {
	t.Parallel()
	n, most := 0, 25
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "rapid.checks" {
			most = math.MaxInt
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > most {
			return // enough, but for whoever asks for more
		}
		x := drawWeather(rt)
		if !t.Run(fmt.Sprint(n), func(t *testing.T) { run(t, func(w *world) { newWeek(w, x).play() }) }) {
			rt.Fatalf("weather %+v", x)
		}
	})
}

// week is a weather under way.
type week struct {
	*world
	x        weather
	sky      *sky
	mu       sync.Mutex
	replicas []*process
	answered map[string]bool // orders of which a push was answered with success
}

func newWeek(w *world, x weather) *week {
	return &week{world: w, x: x, sky: &sky{rand: rand.New(rand.NewPCG(x.seed, 1))}, answered: map[string]bool{}} //nolint:gosec // a test
}

func (k *week) play() {
	k.options = func(o *confirm.Options) { o.Poll = 5 * time.Minute }
	k.capturing()
	k.sinks(func(ctx context.Context, _ *rules.Event) (rules.Taken, error) { return k.taken, k.sky.take(ctx) })
	k.replicas = []*process{k.startWith(k.sky.disturb), k.startWith(k.sky.disturb)}
	var pushes sync.WaitGroup
	for i, at := range k.x.orders {
		id := fmt.Sprintf("order-%d", i)
		pushes.Go(func() {
			time.Sleep(at)
			k.office.add(id, oddity(k.x.odd[i]))
			k.pushes(id)
		})
	}
	for _, s := range k.x.spells {
		k.sky.set(s)
		for left := s.lasts; left > 0; left -= 10 * time.Minute {
			k.pass(min(left, 10*time.Minute))
			k.revive()
		}
	}
	k.sky.set(spell{})
	pushes.Wait()
	k.revive()
	k.pass(72 * time.Hour)
	for i := range k.x.orders {
		k.judge(fmt.Sprintf("order-%d", i))
	}
}

// revive starts processes in place of those that died.
func (k *week) revive() {
	for i, p := range k.replicas {
		if p.cut.Load() {
			p.kill()
			next := k.startWith(k.sky.disturb)
			k.mu.Lock()
			k.replicas[i] = next
			k.mu.Unlock()
		}
	}
}

// pushes pushes an order as the provider does: after 2 min, then after 5, 15, 30, 60 min and every 4 h, until it is acknowledged
// or 48 h are over.
func (k *week) pushes(id string) {
	wait := []time.Duration{2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute}
	began := time.Now()
	for n := 0; time.Since(began) < 48*time.Hour; n++ {
		if n < len(wait) {
			time.Sleep(wait[n])
		} else {
			time.Sleep(4 * time.Hour)
		}
		if k.office.look(id).acked {
			return
		}
		k.mu.Lock()
		p := k.replicas[n%len(k.replicas)]
		k.mu.Unlock()
		if _, err := p.Push(context.Background(), key(id), confirm.ByPush); err == nil {
			k.mu.Lock()
			k.answered[id] = true
			k.mu.Unlock()
		}
	}
}

// oddity is what may be odd about an order.
func oddity(n int) func(*managed) {
	return func(m *managed) {
		switch n {
		case 1:
			m.fraud = management.FraudPending
			m.later(9*time.Hour, func() { m.fraud = management.FraudAccepted })
		case 2:
			m.shownFrom = m.created.Add(10 * time.Minute)
		case 3:
			m.later(3*time.Hour, func() {
				if m.captured == 0 {
					m.status = management.Cancelled
				}
			})
		}
	}
}

// judge looks at an order after all has calmed down; what was parked is released first.
func (k *week) judge(id string) {
	k.Helper()
	if !k.answered[id] && !k.office.look(id).acked {
		return // never taken on: the provider was told so
	}
	if r := k.record(id); r.State == confirm.Parked {
		if r.Reason != string(confirm.ReasonHorizon) {
			k.Errorf("order %s is parked for %s", id, r.Reason)
		}
		if _, err := k.replicas[0].Release(k.Context(), key(id), "test"); err != nil {
			k.Fatal(err)
		}
		k.pass(2 * time.Hour)
	}
	k.wantDone(id)
	o := k.office.look(id)
	if !o.acked || o.captures > 1 || o.captures == 0 && o.status != management.Cancelled {
		k.Errorf("order %s: acknowledged %v, captured %d times, %s", id, o.acked, o.captures, o.status)
	}
	if takes := k.takes(id); len(takes) == 0 {
		k.Errorf("order %s: the sink never took it", id)
	}
}
