package callbacks_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// priced is an engine of one option at a price.
func priced(t testing.TB, revision string, price int64) *rules.Engine {
	return newEngine(t, &tables{offers: func(context.Context, *rules.Query) (rules.Offers, error) {
		return rules.Offers{Options: []rules.Offer{{ID: "shop", Name: "Parcel shop", Price: order.Amount(price)}}}, nil
	}}, func(o *rules.Options) { o.Revision = revision })
}

// TestReload changes the price: what was answered before stays valid for its time of grace and no longer.
func TestReload(t *testing.T) {
	t.Parallel()
	r := callbacks.NewRules(priced(t, "old", 4900))
	s := newServer(t, func(o *callbacks.Options) {
		m := newMerchant("demo", r.Engine())
		m.Rules, m.Grace = r, time.Hour
		o.Merchants = []*callbacks.Merchant{m}
	})
	old := orderJSON("")
	if got := s.call(base+"/validation", old); got.status != 200 {
		t.Fatalf("before the reload: got %v, want 200", got)
	}
	r.Swap(priced(t, "new", 5900), noon(), time.Hour)
	if got := r.Engine().Revision(); got != "new" {
		t.Errorf("got revision %q, want new", got)
	}
	steps := []struct {
		after time.Duration
		want  int
	}{{time.Minute, 200}, {time.Hour - time.Second, 200}, {time.Hour, 400}}
	for _, st := range steps {
		s.now = func() time.Time { return noon().Add(st.after) }
		if got := s.call(base+"/validation", old); got.status != st.want {
			t.Errorf("%v after the reload: got %v, want %d", st.after, got, st.want)
		}
	}
	if line := lastLine(s); field(line, "revision") != "new" || field(line, "outcome") != "rejected" {
		t.Errorf("got %s, want a rejection by the new tables", line)
	}
}

func TestSwapBounds(t *testing.T) {
	t.Parallel()
	r := callbacks.NewRules(priced(t, "0", 1))
	for i := range 100 {
		r.Swap(priced(t, fmt.Sprint(i+1), 1), noon(), time.Hour)
	}
	if got := r.EarlierCount(); got != 32 {
		t.Errorf("100 revisions: got %d kept, want 32", got)
	}
	for range 100 {
		r.Swap(priced(t, "same", 1), noon().Add(2*time.Hour), time.Hour)
	}
	if got := r.EarlierCount(); got != 2 {
		t.Errorf("100 times the same, the others expired: got %d kept, want it and the last of the others", got)
	}
	r.Swap(priced(t, "none", 1), noon().Add(2*time.Hour), 0)
	if got := r.EarlierCount(); got != 2 {
		t.Errorf("kept for no time: got %d, want no more than before", got)
	}
	e := r.Engine()
	r.Swap(e, noon().Add(2*time.Hour), time.Hour)
	if got := r.EarlierCount(); got != 2 || r.Engine() != e {
		t.Errorf("the same engine again: got %d, want no more than before", got)
	}
}

// TestSwapUnderLoad reloads while orders are priced; each answer is that of one revision.
func TestSwapUnderLoad(t *testing.T) {
	t.Parallel()
	engines := []*rules.Engine{priced(t, "a", 4900), priced(t, "b", 9900)}
	r := callbacks.NewRules(engines[0])
	s := newServer(t, func(o *callbacks.Options) {
		m := newMerchant("demo", engines[0])
		m.Rules = r
		o.Merchants = []*callbacks.Merchant{m}
	})
	want := map[string]bool{s.call(base+"/address-update", cartJSON("")).body: true}
	r.Swap(engines[1], noon(), time.Hour)
	want[s.call(base+"/address-update", cartJSON("")).body] = true
	if len(want) != 2 {
		t.Fatal("the revisions answer the same")
	}
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for i := range 50 {
				if w == 0 {
					r.Swap(engines[i%2], noon(), time.Hour)
					continue
				}
				if got := s.call(base+"/address-update", cartJSON("")); !want[got.body] {
					t.Errorf("got %v, want the answer of one revision", got)
				}
			}
		})
	}
	wait.Wait()
}
